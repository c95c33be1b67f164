"""The event log: what the histories do not see."""

import logging

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from scrutiny import events
from scrutiny.events import log, log_reading
from scrutiny.models import Event

pytestmark = pytest.mark.django_db


def test_an_event_says_who_in_which_role_from_where_to_which_record_and_why(olivia, board):
    request = RequestFactory(REMOTE_ADDR="192.0.2.7").get("/")
    request.user = olivia
    event = log("exported", request=request, on=board, reason="For the auditor")
    assert (event.by, event.roles, event.address) == (olivia, "officer", "192.0.2.7")
    assert (event.noun, event.key, event.label) == ("board", board.pk, str(board))
    assert event.reason == "For the auditor"


def test_only_kinds_that_the_table_explains_are_kept(olivia):
    with pytest.raises(KeyError):
        log("something else", by=olivia)


def test_the_auditor_reads_every_event_and_others_their_own(olivia, mary, arun):
    log("exported", by=olivia)
    log("refused", by=mary)
    assert set(Event.objects.visible_to(arun)) == set(Event.objects.all())
    assert [event.by for event in Event.objects.visible_to(mary)] == [mary]


def test_a_page_that_only_reads_answers_although_its_event_cannot_be_kept(olivia, monkeypatch, caplog):
    def fail(**values):
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(events.Event.objects, "create", fail)
    with caplog.at_level(logging.WARNING):
        log_reading("exported", by=olivia)
    assert "could not be kept: exported" in caplog.text
