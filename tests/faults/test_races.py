"""F12: whoever saves second is told, keeps their text, and overwrites nothing. On every page that edits."""

import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import count
from threading import Barrier

import pytest
from django.db import connections
from django.test import Client
from django.urls import get_resolver

from scrutiny.toolkit.editing import EditView
from tests.faults.forms import filled, form_of
from tests.faults.test_history import entering
from tests.numbers import tried
from tests.test_access import address, client_of, world  # noqa: F401

RACES = 1000
DAYS = count()
RACED_FOR = {  # a page of each kind that edits or replaces, and the box that both change
    "action-due-window": "words",
    "action-judge": "element-1-comment",
    "action-update": "title",
    "case-update": "title",
    "element-condition": "reason",
    "element-not-late": "because",
    "element-update": "text",
    "late-reason": "reason",
    "learning-update": "text",
    "organisation-update": "name",
    "programme-item-update": "note",
    "report-update": "title",
    "term-update": "meaning",
}


CHOSEN = ["element-1-category"]  # what the words of a box belong to


def edit_views():
    patterns = [get_resolver()]
    while patterns:
        each = patterns.pop()
        patterns += getattr(each, "url_patterns", [])
        view = getattr(getattr(each, "callback", None), "view_class", None)
        if view and issubclass(view, EditView):
            yield each.name


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(edit_views()))
def test_f12_every_edit_page_carries_the_version_it_was_opened_with(world, name):  # noqa: F811
    url = address(name, world)
    page = client_of(world, entering(name)).get(url)
    form = form_of(page.content, url)
    assert form is not None, page.status_code
    assert re.fullmatch("[0-9]+", form.select_one("[name=version]")["value"])


class Editor:
    """Somebody who opens a page, changes one box of it, and saves when the other does."""

    def __init__(self, who, url, box):
        self.url, self.box, self.text = url, box, f"Version {secrets.token_hex(8)}"
        self.client = Client(headers={"origin": "http://testserver"})
        self.client.force_login(who)
        form = form_of(self.client.get(url).content, url)
        if item := filled(form).get("item"):  # what is recorded already is shown once its item is chosen
            form = form_of(self.client.get(url, {"item": item}).content, url)
        self.sent = filled(form, also=CHOSEN) | {box: self.text} | {"form_token": secrets.token_urlsafe(24)}
        for name in {"until", "check_on"} & {box.removesuffix("_year") for box in self.sent}:
            day = date(2100, 1, 1) + timedelta(next(DAYS))  # no two say the same
            self.sent |= {f"{name}_{part}": getattr(day, part) for part in ("day", "month", "year")}

    def save(self, barrier):
        try:
            barrier.wait(60)
            self.answer = self.client.post(self.url, self.sent)
        finally:
            connections.close_all()

    @property
    def has_saved(self):
        return self.answer.status_code == 302

    @property
    def still_shows_my_text(self):
        return self.text in self.answer.content.decode()


@pytest.mark.verify
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", sorted(RACED_FOR))
def test_f12_of_two_who_save_at_once_one_is_told_and_keeps_the_text(world, name):  # noqa: F811
    url, letter = address(name, world), entering(name)
    others = {"o": world.cast.olivia, "b": world.cast.bea}
    rounds, overwritten, lost_text, saved = RACES // len(RACED_FOR) + 1, 0, 0, 0
    with ThreadPoolExecutor(2) as pool:
        for _ in range(rounds):
            editors = [Editor(others[letter], url, RACED_FOR[name]) for _ in range(2)]
            barrier = Barrier(2)
            list(pool.map(lambda editor, barrier=barrier: editor.save(barrier), editors))
            winners = [editor for editor in editors if editor.has_saved]
            saved += len(winners) == 1
            overwritten += len(winners) > 1
            lost_text += any(not (editor.has_saved or editor.still_shows_my_text) for editor in editors)
    tried(f"races on {name}: {overwritten} overwritten unawares, {lost_text} texts lost", rounds)
    assert (overwritten, lost_text) == (0, 0)
    assert saved == rounds
