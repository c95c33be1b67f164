"""Calendar feeds, read back by a parser that is not ours: what they hold, for whom, and on which day and hour."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar as Written
from icalendar import Event
from ics import Calendar

from scrutiny.overview.calendars import address_of, owner_of, renew_address
from scrutiny.overview.feeds import KINDS, add_days, feed
from scrutiny.toolkit.history import record
from scrutiny.toolkit.links import signed
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2023, 6, 1)
SIGNED_BY_ANOTHER = "feed-1-1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


def text_of(user, *kinds, on=TODAY):
    return feed(user, on, kinds or tuple(KINDS)).decode()


def events(user, *kinds, on=TODAY):
    """The events as the independent parser has them, in the order of their days."""
    return sorted(Calendar(text_of(user, *kinds, on=on)).events)


def only(user, *kinds, on=TODAY):
    (event,) = events(user, *kinds, on=on)
    return event


def days_of(event):
    """First and last day of an all-day event; the parser's end is the day after."""
    return event.begin.date(), event.end.date() - timedelta(days=1)


@pytest.fixture
def meeting(board):
    return factories.MeetingFactory(
        board=board, date=date(2023, 4, 5), minutes_state="drafting", venue="Guildhall"
    )


def at(meeting, day, hour):
    meeting.date, meeting.starts_at = day, hour
    meeting.save()
    return meeting


# Meetings


def test_a_meeting_without_a_time_takes_its_day(meeting, mary):
    event = only(mary, "meetings")
    assert (event.name, event.location, event.all_day) == (meeting.board.name, "Guildhall", True)
    assert days_of(event) == (meeting.date, meeting.date)


@pytest.mark.parametrize(
    ("day", "hour", "utc"),
    [
        (date(2026, 1, 14), time(10), datetime(2026, 1, 14, 10, tzinfo=UTC)),
        (date(2026, 7, 15), time(10), datetime(2026, 7, 15, 9, tzinfo=UTC)),
        (date(2026, 3, 28), time(23, 30), datetime(2026, 3, 28, 23, 30, tzinfo=UTC)),
        (date(2026, 3, 29), time(2), datetime(2026, 3, 29, 1, tzinfo=UTC)),
        (
            date(2026, 3, 29),
            time(1, 30),
            datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        ),  # the hour that is not there
        (date(2026, 10, 25), time(1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the first of the two
        (date(2026, 10, 25), time(2), datetime(2026, 10, 25, 2, tzinfo=UTC)),
        (date(2028, 2, 29), time(14), datetime(2028, 2, 29, 14, tzinfo=UTC)),
    ],
)
def test_a_meeting_starts_when_the_clock_on_the_wall_in_london_says_so(meeting, mary, day, hour, utc):
    at(meeting, day, hour)
    event = only(mary, "meetings", on=day)
    assert (event.begin.datetime.astimezone(UTC), event.all_day) == (utc, False)
    assert event.end - event.begin == timedelta(hours=2)


def test_the_time_zone_s_own_rules_stand_beside_the_times(meeting, mary):
    at(meeting, date(2026, 7, 15), time(10))
    lines = text_of(mary, on=date(2026, 7, 1)).splitlines()
    assert "DTSTART;TZID=Europe/London:20260715T100000" in lines
    assert lines.count("BEGIN:VTIMEZONE") == 1
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in lines
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10" in lines


def test_the_date_of_a_meeting_is_public_and_its_minutes_are_not(meeting, mary, olivia):
    assert f"/meetings/{meeting.pk}/" in only(olivia, "meetings").url
    assert "/programme/" in only(mary, "meetings").url


def test_meetings_of_more_than_a_year_ago_are_left_out(meeting, mary):
    assert events(mary, "meetings", on=meeting.date + timedelta(days=366))
    assert not events(mary, "meetings", on=meeting.date + timedelta(days=367))


@pytest.mark.parametrize(
    "words", ["Town Hall, Room 1; upstairs", "One\nTwo", "Caffè 🏛️ Zürich", "x" * 190, "🏛️" * 60]
)
def test_any_words_come_back_as_they_were(meeting, mary, words):
    meeting.venue = words
    meeting.save()
    assert only(mary, "meetings").location == words


def test_a_backslash_is_doubled_as_the_format_wants_it(meeting, mary):
    meeting.venue = "C:\\rooms"
    meeting.save()
    assert "LOCATION:C:\\\\rooms" in text_of(mary, "meetings").splitlines()


def test_lines_are_folded_as_the_format_wants_it(meeting, mary):
    meeting.venue = "Zürich 🏛️ " * 18
    meeting.save()
    body = feed(mary, TODAY)
    assert body.endswith(b"\r\n")
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    assert b"\n" not in body.replace(b"\r\n", b"")


# Windows


def test_a_window_takes_its_days_and_its_last_day_too(ask, mary):
    event = only(mary, "windows")
    assert event.name == "Due: SB-CF 22/23-01 A further report"
    assert (event.all_day, days_of(event)) == (True, (date(2023, 9, 1), date(2023, 10, 31)))
    assert event.transparent


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, date(2024, 2, 29), (date(2024, 2, 29), date(2024, 2, 29))),
        (date(2024, 2, 29), None, (date(2024, 2, 29), date(2024, 2, 29))),
        (date(2024, 2, 28), date(2024, 3, 1), (date(2024, 2, 28), date(2024, 3, 1))),
        (date(2026, 3, 28), date(2026, 3, 29), (date(2026, 3, 28), date(2026, 3, 29))),
    ],
)
def test_a_window_with_one_end_takes_that_day(ask, mary, start, end, expected):
    ask.action.due_from, ask.action.due_to = start, end
    ask.action.save()
    assert days_of(only(mary, "windows")) == expected


def test_without_a_window_nothing_is_invented(ask, mary):
    ask.action.due_from = ask.action.due_to = None
    ask.action.save()
    assert events(mary, "windows") == []


def test_what_is_closed_is_gone(ask, mary):
    ask.action.closed_on = TODAY
    ask.action.save()
    assert events(mary, "windows") == []


def test_an_element_with_a_date_of_its_own_stands_beside_its_action(ask, mary):
    ask.elements[1].due_to = date(2023, 12, 24)
    ask.elements[1].save()
    assert [event.name for event in events(mary, "windows")][1] == "Due: SB-CF 22/23-01, element 2"


def test_one_sees_the_windows_of_what_one_may_see(ask, lena, mary, ada):
    factories.ActionFactory(resolution=ask.resolution)
    assert len(events(mary, "windows")) == 2
    assert len(events(lena, "windows")) == 1
    assert events(ada, "windows") == []
    ask.meeting.minutes_state = "drafting"
    ask.meeting.save()
    assert events(mary, "windows") == []


@given(st.dates(min_value=date(1, 1, 2)), st.integers(0, 400))
def test_any_days_come_back_as_they_were(first, length):
    last = first + timedelta(days=min(length, (date.max - first).days))
    event = Event()
    event.add("uid", "1")
    add_days(event, first, last)
    calendar = Written()
    calendar.add("prodid", "x")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    if last < date.max:
        (found,) = Calendar(calendar.to_ical().decode()).events
        assert (found.all_day, days_of(found)) == (True, (first, last))
    else:
        assert "dtend" not in event  # there is no day after


# Clocks


@pytest.fixture
def hidden(db):
    case = factories.CaseFactory(began_on=date(2026, 9, 1), reviewer="Zqxfog Reviewer")
    factories.StageFactory(case=case, code="aware", on=case.began_on)
    return case


def test_a_clock_names_the_review_by_its_reference_only(hidden, bea):
    hidden.published_on, hidden.title = date(2026, 9, 2), "Learning from practice"
    hidden.save()
    found = events(bea, "clocks", on=date(2026, 9, 3))
    assert found
    assert all(event.name.startswith(f"{hidden.reference}: ") for event in found)
    assert "Learning from practice" not in text_of(bea, "clocks", on=date(2026, 9, 3))


@pytest.mark.parametrize("name", ["olivia", "chidi", "mary", "lena", "arun", "ada"])
def test_a_hidden_review_leaves_no_trace_in_the_feed_of_others(hidden, cast, name):
    with_it = feed(getattr(cast, name), date(2026, 9, 3))
    hidden.stages.all().delete()
    hidden.delete()
    assert feed(getattr(cast, name), date(2026, 9, 3)) == with_it


def test_those_who_work_on_reviews_find_it(hidden, bea):
    """Otherwise the test above could not fail."""
    assert hidden.reference in text_of(bea, on=date(2026, 9, 3))


def test_a_clock_that_has_stopped_is_gone(hidden, bea):
    before = len(events(bea, "clocks", on=date(2026, 9, 3)))
    hidden.ended_on = date(2026, 9, 3)
    hidden.save()
    assert before > len(events(bea, "clocks", on=date(2026, 9, 3))) == 0


# What every event has


def test_the_feed_stays_the_same_until_something_changes(ask, meeting, mary, olivia):
    before = feed(mary, TODAY)
    assert feed(mary, TODAY) == before
    uids = {event.uid for event in events(mary)}
    ask.action.title = "Another report"
    record(ask.action, by=olivia)
    assert feed(mary, TODAY) != before
    assert {event.uid for event in events(mary)} == uids


def test_a_change_that_is_not_shown_does_not_show_in_a_stamp_either(ask, meeting, mary, olivia):
    before = feed(mary, TODAY)
    record(ask.action, by=olivia, reason="Judged in minutes that are a draft")
    assert feed(mary, TODAY) == before


def test_every_event_has_one_address_of_its_own(ask, meeting, mary):
    found = events(mary)
    assert len({event.uid for event in found}) == len(found) == 3
    assert all(event.url.startswith(settings.SITE_ADDRESS) for event in found)


def test_many_take_as_many_queries_as_few(ask, meeting, mary, django_assert_num_queries):
    feed(mary, TODAY)

    def grow(count):
        for n in range(count):
            factories.ActionFactory(resolution=ask.resolution)
            factories.MeetingFactory(board=meeting.board, date=TODAY + timedelta(days=n + count))
            case = factories.CaseFactory(published_on=date(2026, 9, 1))
            factories.StageFactory(case=case)

    grow(2)
    with django_assert_num_queries(9):
        feed(mary, TODAY)
    grow(20)
    with django_assert_num_queries(9):
        feed(mary, TODAY)


# The address


@pytest.fixture
def address(mary):
    return address_of(renew_address(mary)).removeprefix(settings.SITE_ADDRESS)


def test_whoever_has_the_address_reads_it_without_signing_in(ask, address):
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert len(Calendar(answer.content.decode()).events) == 1


@pytest.mark.parametrize(
    ("query", "expected"), [("show=meetings", 1), ("show=windows&show=clocks", 1), ("show=x", 2)]
)
def test_one_may_ask_for_only_some_of_it(ask, address, query, expected):
    on = timezone.localdate()
    factories.MeetingFactory(board=ask.action.board, date=on, minutes_state="drafting", kind="themed")
    found = Calendar(Client().get(f"{address}?{query}").content.decode()).events
    assert len(found) == expected


def test_what_has_not_changed_is_not_sent_again(ask, address):
    tag = Client().get(address)["ETag"]
    answer = Client().get(address, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")


def test_it_is_only_read(address):
    assert Client().post(address).status_code == 405
    assert Client().head(address).status_code == 200


def test_a_new_address_ends_the_old_one(address, mary):
    mary.refresh_from_db()
    new = address_of(renew_address(mary)).removeprefix(settings.SITE_ADDRESS)
    assert Client().get(address).status_code == 404
    assert Client().get(new).status_code == 200


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "feed-1-1",
        SIGNED_BY_ANOTHER,
        signed("feed-1-0"),
        signed("feed--1"),
        signed("12-1"),
        signed("feed-999999-1"),
    ],
)
def test_everything_wrong_is_not_found(mary, token):
    assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_an_address_that_was_never_made_does_not_exist(mary):
    assert address_of(mary) == ""
    assert Client().get(f"/calendar/{signed(f'feed-{mary.pk}-0')}.ics").status_code == 404


@pytest.mark.parametrize("lost", ["account", "role"])
def test_it_is_gone_with_the_account_or_the_last_role(address, mary, lost):
    if lost == "account":
        mary.is_active = False
        mary.save()
    else:
        mary.role_assignments.all().delete()
    mary.refresh_from_db()
    assert Client().get(address).status_code == 404


def test_a_role_that_has_ended_opens_nothing_any_more(address, mary):
    role = mary.role_assignments.get()
    role.end = timezone.localdate() - timedelta(days=1)
    role.save()
    assert Client().get(address).status_code == 404


# The page


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_one_makes_an_address_and_sees_it(mary):
    client = client_of(mary)
    assert "You have no address yet" in client.get(reverse("calendar")).content.decode()
    page = client.post(reverse("calendar-renew"), follow=True).content.decode()
    mary.refresh_from_db()
    assert address_of(mary) in page
    assert owner_of(address_of(mary).rpartition("/")[2].removesuffix(".ics")) == mary


def test_the_history_of_the_account_says_that_an_address_was_made(address, mary):
    assert mary.history.first().history_change_reason == "A new address of the calendar feed"


def test_nobody_else_sees_it(address, mary, olivia):
    mary.refresh_from_db()
    assert address not in client_of(olivia).get(reverse("calendar")).content.decode()


def test_the_page_is_not_for_those_without_a_role(norma):
    assert client_of(norma).get(reverse("calendar")).status_code == 403


@pytest.mark.parametrize(("name", "told"), [("bea", True), ("mary", False)])
def test_those_who_see_hidden_reviews_are_told_to_ask_first(cast, name, told):
    client = client_of(getattr(cast, name))
    page = client.post(reverse("calendar-renew"), follow=True).content.decode()
    assert ("information governance officer" in page) == told
