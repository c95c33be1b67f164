"""The auditor reads unpublished cases and exempt items by a reason, for an hour; whoever reads a case is logged."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from reviews.models import ReviewCase
from scrutiny.models import AgendaItem, Event, RoleAssignment
from tests import factories

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def case(db):
    return factories.CaseFactory()


@pytest.fixture
def exempt(ask):
    kept_back = {"restriction": "exempt", "exempt_paragraphs": "5", "public_interest_reason": "Advice."}
    return factories.ItemFactory(meeting=ask.meeting, position=7, title="Counsel", **kept_back)


def at_desk_of(user):
    client = Client()
    client.force_login(user)
    return client


def status(client, case):
    return client.get(case.get_absolute_url()).status_code


def open_kept_back(client, *what, reason="Audit plan 2026, item 4"):
    return client.post(reverse("kept-back"), {"what": what, "reason": reason})


def test_the_auditor_reads_no_unpublished_case_without_a_reason(arun, case):
    desk = at_desk_of(arun)
    assert status(desk, case) == 404
    assert "Enter why you need to read it." in open_kept_back(desk, "cases", reason="").content.decode()
    assert status(desk, case) == 404


def test_a_reason_opens_cases_for_an_hour_and_is_logged(arun, case):
    desk = at_desk_of(arun)
    now = timezone.now()
    open_kept_back(desk, "cases")
    assert status(desk, case) == 200
    assert desk.get(reverse("history", args=["case", case.pk])).status_code == 200
    event = Event.objects.get(kind="cases_opened")
    assert (event.by, event.reason) == (arun, "Audit plan 2026, item 4")
    for minutes in (25, 50, 59):  # in use, so that the session does not end
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            assert status(desk, case) == 200
    with time_machine.travel(now + HOUR + timedelta(minutes=1), tick=False):
        assert status(desk, case) == 404


def test_what_was_opened_is_open_in_this_session_only(arun, case):
    open_kept_back(at_desk_of(arun), "cases")
    assert status(at_desk_of(arun), case) == 404


def test_nothing_stays_open_to_an_auditor_whose_role_ended(arun, case):
    desk = at_desk_of(arun)
    open_kept_back(desk, "cases")
    RoleAssignment.objects.filter(user=arun).update(end=timezone.localdate() - timedelta(days=1))
    RoleAssignment.objects.create(user=arun, role="member", start=timezone.localdate())
    assert status(desk, case) == 404


def test_what_was_opened_lets_nobody_change_anything(arun, case):
    desk = at_desk_of(arun)
    open_kept_back(desk, "cases", "exempt")
    assert desk.post(reverse("case-update", args=[case.pk]), {"reviewer": "Me"}).status_code == 403


def test_each_opens_only_what_was_asked_for(arun, case, exempt):
    desk = at_desk_of(arun)
    meeting = exempt.meeting.get_absolute_url()
    assert "Counsel" not in desk.get(meeting).content.decode()
    open_kept_back(desk, "exempt")
    assert "Counsel" in desk.get(meeting).content.decode()
    assert status(desk, case) == 404
    opened = Event.objects.exclude(kind="role_changed").values_list("kind", "reason")
    assert list(opened) == [("exempt_viewed", "Audit plan 2026, item 4")]
    assert "Open to you now: exempt" in desk.get(reverse("kept-back")).content.decode()


def test_a_page_that_leads_to_what_is_open_holds_it_too(arun, exempt):
    desk = at_desk_of(arun)
    open_kept_back(desk, "exempt")
    assert "Counsel" in desk.get(reverse("history", args=["agenda-item", exempt.pk])).content.decode()
    assert not AgendaItem.objects.visible_to(arun).filter(pk=exempt.pk).exists()


# Who read which case


def views_of(case):
    return list(
        Event.objects.filter(kind="case_viewed", key=case.pk).order_by("pk").values_list("by__username")
    )


def test_whoever_reads_an_unpublished_case_is_logged_once_an_hour(bea, sunil, case):
    for user in (bea, bea, sunil):
        at_desk_of(user).get(case.get_absolute_url())
    assert views_of(case) == [("bea",), ("sunil",)]
    with time_machine.travel(timezone.now() + HOUR + timedelta(minutes=1), tick=False):
        at_desk_of(bea).get(reverse("history", args=["case", case.pk]))
    assert views_of(case) == [("bea",), ("sunil",), ("bea",)]


def test_reading_what_an_unpublished_case_taught_is_reading_the_case(bea, case):
    at_desk_of(bea).get(factories.LearningFactory(case=case).get_absolute_url())
    assert views_of(case) == [("bea",)]


def test_who_reads_a_published_case_or_may_not_read_it_is_not_logged(mary, case):
    published = factories.CaseFactory(published_on=timezone.localdate())
    assert (status(at_desk_of(mary), published), status(at_desk_of(mary), case)) == (200, 404)
    assert not Event.objects.filter(kind="case_viewed").exists()
    assert ReviewCase.objects.count() == 2
