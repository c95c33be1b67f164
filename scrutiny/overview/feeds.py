"""Calendar feeds (RFC 5545): meetings, due windows and time limits of reviews, as far as a person may see them.

Days are all-day events, whose DTEND is the day after the last. Times are those of a clock on the wall in London, with
the time zone's own rules beside them, so that summer time is right in every calendar.
"""

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from icalendar import Calendar, Event, Timezone

from actions.models import Action, Element
from reviews.models import ReviewCase
from reviews.timekeeping import WITH_CLOCKS, Timekeeper
from scrutiny.models import Board, Meeting
from scrutiny.toolkit.links import absolute

KINDS = {
    "meetings": "Meetings",
    "windows": "When something is due",
    "clocks": "Time limits of reviews",
}
DAY = timedelta(days=1)
KEPT = timedelta(days=366)  # meetings further back are left out
MEETING_TAKES = timedelta(hours=2)  # calendars need an end, and agendas give none
LONDON = ZoneInfo("Europe/London")
SUMMER_TIME = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
DTSTART:19810329T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE"""


def feed(user, today, kinds=tuple(KINDS)):
    """The calendar as bytes. It stays the same as long as nothing in it changes."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.PRODUCT_NAME}//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, ": ".join([settings.PRODUCT_NAME, *_only(kinds)]))
    calendar.add("x-wr-timezone", LONDON.key)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    calendar.add_component(Timezone.from_ical(SUMMER_TIME))
    for kind in kinds:
        for event in EVENTS[kind](user, today):
            calendar.add_component(event)
    return calendar.to_ical()


def _only(kinds):
    return [] if len(kinds) == len(KINDS) else [", ".join(KINDS[kind].lower() for kind in kinds)]


def meetings(user, today):
    """Every meeting's date, as on the pages of the boards: that it takes place is public before its minutes are."""
    found = Meeting.objects.filter(board__in=Board.objects.visible_to(user), date__gte=today - KEPT)
    readable = set(found.visible_to(user).values_list("pk", flat=True))
    for meeting in found.select_related("board").order_by("date", "pk"):
        kind = "" if meeting.kind == Meeting.Kind.ORDINARY else f" ({meeting.get_kind_display().lower()})"
        programme = f"{reverse('programme')}?board={meeting.board_id}&year={meeting.year_id}"
        event = _event(
            f"meeting-{meeting.pk}",
            f"{meeting.board.name}{kind}",
            meeting.date,
            kind="meetings",
            text="How long it takes is not known; two hours are kept." if meeting.starts_at else "",
            path=meeting.get_absolute_url() if meeting.pk in readable else programme,
        )
        if meeting.venue:
            event.add("location", meeting.venue)
        if meeting.starts_at:
            event.add("dtstart", in_london(meeting.date, meeting.starts_at))
            event.add("duration", MEETING_TAKES)
        else:
            add_days(event, meeting.date, meeting.date)
        yield event


def in_london(day, hour):
    """The moment as a time that was on the clock: calendars disagree about the hour that spring leaves out.

    Of an hour that comes twice it is the first.
    """
    return datetime.combine(day, hour, LONDON).astimezone(UTC).astimezone(LONDON)


def windows(user, today):
    """When open actions are due, and elements with a date of their own that somebody still has to answer."""
    actions = Action.objects.visible_to(user).open().filter(_dated())
    elements = Element.objects.visible_to(user).filter(_dated(), action__closed_on=None).to_come()
    for action in actions.select_related("addressee").order_by("pk"):
        words = f"Due {action.due_words}. " if action.due_words else ""
        yield _window(
            f"action-{action.pk}",
            f"Due: {action.reference} {action.title}",
            action,
            f"{words}Asked of {action.addressee}.",
        )
    for element in elements.select_related("action").order_by("pk"):
        yield _window(f"element-{element.pk}", f"Due: {element}", element, element.text)


def _dated():
    return Q(due_from__isnull=False) | Q(due_to__isnull=False)


def _window(key, summary, row, text):
    first = row.due_from or row.due_to
    event = _event(key, summary, first, kind="windows", text=text, path=row.get_absolute_url())
    add_days(event, first, row.due_to or row.due_from)
    return event


def clocks(user, today):
    """The clocks that run. A review is named by its neutral reference only, published or not."""
    cases = ReviewCase.objects.visible_to(user).open()
    timekeeper = Timekeeper(today)
    for case in cases.prefetch_related(*WITH_CLOCKS).order_by("pk"):
        for clock in (each.clock for each in timekeeper.clocks_of(case) if each.is_running):
            event = _event(
                f"clock-{case.pk}-{clock.rule.code}",
                f"{case.reference}: {clock.rule.name}",
                clock.due,
                kind="clocks",
                text=clock.in_words,
                path=case.get_absolute_url(),
            )
            add_days(event, clock.due, clock.due)
            yield event


EVENTS = {"meetings": meetings, "windows": windows, "clocks": clocks}


def _event(key, summary, day, *, kind, text, path):
    """Its stamp is its own day: when and how often a record changed tells of changes that a reader may not see."""
    event = Event()
    event.add("uid", f"{key}@{urlsplit(settings.SITE_ADDRESS).hostname}")
    event.add("dtstamp", datetime.combine(day, time.min, UTC))
    event.add("summary", summary)
    event.add("description", f"{text}\n{absolute(path)}".strip())
    event.add("url", absolute(path))
    event.add("categories", [KINDS[kind]])
    if kind != "meetings":
        event.add("transp", "TRANSPARENT")
    return event


def add_days(event, first, last):
    """DTEND is the day after; the last day there is has none, and an event without an end takes one day."""
    event.add("dtstart", first)
    if last < date.max:
        event.add("dtend", last + DAY)
