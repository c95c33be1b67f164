"""F11: a crash between a row and its history leaves neither, on every page and in every command that writes."""

from contextlib import contextmanager
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from simple_history.models import HistoricalChanges
from simple_history.signals import pre_create_historical_record

from tests.faults.forms import changed, filled, form_of, text_boxes
from tests.numbers import tried
from tests.test_access import POLICY, URLS, address, client_of, world  # noqa: F401

LIKELIEST = "obalcsmupgnx"  # whom a page is tried as: the first of these who may enter it
NO_RECORD = {"sign-in", "sign-out", "password-change"}  # write no record
MORE = {  # what a page needs besides what its boxes suggest
    "element-not-late": {"until_year": str(timezone.localdate().year + 1)},
}


class Crash(Exception):
    pass


@contextmanager
def crash_at(number=1):
    """The process dies just before the history row of that number is written."""
    written = []

    def die(**kwargs):
        written.append(1)
        if len(written) >= number:
            raise Crash

    pre_create_historical_record.connect(die)
    try:
        yield written
    finally:
        pre_create_historical_record.disconnect(die)


def everything():
    """All rows of ours, by table."""
    models = [
        model
        for name in ("scrutiny", "reviews", "actions")
        for model in apps.get_app_config(name).get_models()
    ]
    return {model: list(model._base_manager.order_by("pk").values_list()) for model in models}


def history_rows():
    return sum(model.objects.count() for model in apps.get_models() if issubclass(model, HistoricalChanges))


def entering(name):
    return next(letter for letter in LIKELIEST if letter in POLICY[name])


def sent_to(client, name, url):
    page = client.get(url)
    form = form_of(page.content, url) if page.status_code == 200 and not page.streaming else None
    if form is None:
        return {}
    sent = filled(form)
    boxes = [box for box in text_boxes(form) if not box.startswith("evidence")]
    if boxes:
        sent[boxes[0]] = changed(form, boxes[0], sent[boxes[0]])
    return sent | MORE.get(name, {})


@pytest.mark.verify
def test_f11_no_page_leaves_a_row_without_its_history(world):  # noqa: F811
    reached, not_reached, left_behind = [], [], []
    for name in sorted(URLS.keys() - NO_RECORD):
        client, url = client_of(world, entering(name)), address(name, world)
        client.raise_request_exception = False
        before = everything()  # after the signing in, which is written down as well
        with transaction.atomic():
            sent = sent_to(client, name, url)
            count = history_rows()
            client.post(url, sent)
            wrote = history_rows() > count
            transaction.set_rollback(True)
        if not wrote:
            not_reached.append(name)
            continue
        reached.append(name)
        with transaction.atomic():
            with crash_at():
                status = client.post(url, sent).status_code
            if status != 500 or everything() != before:
                left_behind.append(f"{name}: {status}")
            transaction.set_rollback(True)
    tried(f"pages with a crash between row and history; not reached: {', '.join(not_reached)}", len(reached))
    assert left_behind == []
    assert len(reached) >= 60


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 100, 1000])
def test_f11_the_demonstration_is_loaded_whole_or_not_at_all(number):
    before = everything()
    with crash_at(number), pytest.raises(Crash):
        call_command("demo", stdout=StringIO())
    assert everything() == before
