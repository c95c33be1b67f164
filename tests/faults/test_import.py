"""F20: a tracker of 2,000 rows is brought in while others save: nobody waits longer than two seconds."""

import threading
import time

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.models import Element, TrackerImport
from actions.tracker.compare import versions
from tests import factories
from tests.conftest import hold
from tests.numbers import tried

ROWS = 2000
LONGEST_WAIT = 2  # seconds
ROWS_AN_ACTION = 4


@pytest.fixture
def tracker(board, partnership, olivia):
    """An import that says of each of 2,000 elements that work on it goes on."""
    resolution = factories.ResolutionFactory(item__meeting__board=board)
    elements = []
    for number in range(1, ROWS // ROWS_AN_ACTION + 1):
        action = factories.ActionFactory(
            resolution=resolution, addressee=partnership, number=number, reference=f"SB-CF 22/23-{number:03}"
        )
        elements += [
            factories.ElementFactory(action=action, number=each) for each in range(1, ROWS_AN_ACTION + 1)
        ]
    now = versions(board)
    rows = [
        {
            "row": number,
            "element": element.pk,
            "version": now[element.pk],
            "values": {"reported": f"Row {number} of the old tracker.", "says": "in_progress"},
            "changes": [],
            "errors": [],
            "named": str(element),
            "result": "",
        }
        for number, element in enumerate(elements, start=2)
    ]
    return TrackerImport.objects.create(board=board, name="tracker.xlsx", rows=rows, created_by=olivia)


@pytest.mark.verify
@pytest.mark.django_db(transaction=True)
def test_f20_others_save_while_a_large_tracker_is_brought_in(tracker, olivia):
    colleague = hold(factories.UserFactory(), "officer")
    element = factories.ElementFactory(action__board=tracker.board)
    waits, stopped = [], threading.Event()

    def save():
        client = Client()
        client.force_login(colleague)
        sent = {
            "text": "Meanwhile.",
            "owner_progress": "in_progress",
            "reported_by": "Service manager",
            "on_behalf_of": element.action.addressee_id,
            "received_on_day": "3",
            "received_on_month": "6",
            "received_on_year": "2024",
            "source": "By e-mail",
        }
        try:
            while not stopped.is_set():
                begun = time.monotonic()
                answer = client.post(reverse("element-progress", args=[element.pk]), sent)
                waits.append(time.monotonic() - begun)
                assert answer.status_code == 302
                time.sleep(0.05)
        finally:
            connections.close_all()

    other = threading.Thread(target=save)
    other.start()
    client, url = Client(), reverse("tracker-import-apply", args=[tracker.pk])
    client.force_login(olivia)
    begun = time.monotonic()
    try:
        while tracker.state == TrackerImport.State.TO_CONFIRM:
            client.post(url)
            tracker.refresh_from_db()
    finally:
        stopped.set()
        other.join()
    took = time.monotonic() - begun
    applied = sum(row["result"] == "Applied" for row in tracker.rows)
    tried(
        f"rows brought in in {took:.0f} s; {len(waits)} saves of others waited {max(waits):.2f} s at most",
        applied,
    )
    assert applied == ROWS
    assert Element.objects.filter(last_word_on=timezone.localdate()).count() >= ROWS
    assert max(waits) <= LONGEST_WAIT
