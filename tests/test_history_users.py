"""Whatever is written in a request says who wrote it. The pages are found through the URL map and filled in as they
come, so a page that is added is asked too."""

import pytest
from bs4 import BeautifulSoup
from django.db import transaction
from simple_history.signals import post_create_historical_record

from actions.rounds.replying import BY_LINK
from tests import test_access
from tests.numbers import tried

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
world = test_access.world
WRITERS = "oblua"  # in this order: who keeps the record, the reviews, an answer, nothing, the accounts
ENOUGH = 60  # pages that write when they are filled in like this


def filled_in(form):
    """What a browser would send of a form, with something in every empty box."""
    data = {}
    for box in form.select("input[name]"):
        kind = box.get("type", "text")
        if kind in ("submit", "file") or (kind in ("radio", "checkbox") and box["name"] in data):
            continue
        data[box["name"]] = box.get("value") or _typed(box["name"])
    for box in form.select("textarea[name]"):
        data[box["name"]] = box.text.strip() or "Words that were typed"
    for box in form.select("select[name]"):
        options = [option.get("value", "") for option in box.select("option")]
        chosen = [option.get("value", "") for option in box.select("option[selected]")]
        data[box["name"]] = next(filter(None, [*chosen, *options]), "")
    for button in form.select("button[name]")[:1]:
        data[button["name"]] = button.get("value", "")
    return data


def _typed(name):
    ends = {"_day": "3", "_month": "2", "_year": "2026"}
    return next((value for end, value in ends.items() if name.endswith(end)), "1")


def written_by(client, url):
    """The history rows that sending the page's own forms leaves; afterwards nothing is there of it."""
    rows = []

    def keep(history_instance, **kwargs):
        rows.append(history_instance)

    page = client.get(url)
    if page.status_code != 200 or page.streaming:
        return rows
    forms = BeautifulSoup(page.content, "html.parser").select("main form[method=post]")
    post_create_historical_record.connect(keep)
    try:
        for form in forms:
            with transaction.atomic():
                client.post(form.get("action") or url, filled_in(form))
                transaction.set_rollback(True)
    finally:
        post_create_historical_record.disconnect(keep)
    return rows


def test_every_row_of_a_history_that_a_page_writes_has_its_user(world):
    nameless, pages, count = [], set(), 0
    for name in sorted(test_access.POLICY.keys() & test_access.URLS.keys()):
        letter = next((each for each in WRITERS if each in test_access.POLICY[name]), "x")
        client = test_access.client_of(world, "x" if name == "round-answer" else letter)
        client.raise_request_exception = False
        for row in written_by(client, test_access.address(name, world)):
            pages.add(name)
            count += 1
            is_through_link = (row.history_change_reason or "").startswith(BY_LINK)
            if not (row.history_user_id or is_through_link):
                nameless.append((name, row))
    assert nameless == []
    assert len(pages) >= ENOUGH, sorted(pages)
    tried(f"rows of histories written through {len(pages)} pages, each with its user", count)
