"""A board's work programme for a municipal year, and what each open action proposes for it.

What an action proposes is reckoned from its window and the meetings to come, and never stored: an officer places it.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.utils.formats import date_format

from actions.models import Action, Element, ProgrammeItem
from scrutiny.models import Meeting, MunicipalYear

NEXT_MEETING = re.compile(r"\bnext\b.*\bmeeting\b", re.IGNORECASE)
NO_MEETING_COMING = "No meeting to come is in the calendar."


@dataclass(frozen=True)
class Window:
    """When something is due; each end may be unknown."""

    start: date | None = None
    end: date | None = None

    @property
    def is_known(self):
        return bool(self.start or self.end)

    def holds(self, day):
        return (self.start or day) <= day <= (self.end or day)

    def __str__(self):
        if self.start and self.end and self.start != self.end:
            return f"{in_full(self.start)} to {in_full(self.end)}"
        if self.end:
            return f"{'' if self.start else 'until '}{in_full(self.end)}"
        return f"from {in_full(self.start)}" if self.start else ""


@dataclass
class Ask:
    """An open action with elements that no report has answered yet, and what it proposes.

    window      of the element that is due first
    suggestion  the meeting it proposes, None where no meeting is to come
    warning     why that is second best, empty where it lies in the window
    next_meeting  the one its words mean where they say "next meeting" and nobody has put dates to that (Q-4)
    """

    action: Action
    window: Window
    elements: int
    suggestion: Meeting | None = None
    warning: str = ""
    next_meeting: Meeting | None = None


@dataclass
class Row:
    """One line of the programme: an item that was put there, or what an action proposes (`item` is None)."""

    item: ProgrammeItem | None = None
    ask: Ask | None = None
    warning: str = ""

    @property
    def action(self):
        return self.item.action if self.item else self.ask.action

    @property
    def title(self):
        return self.item.title if self.item else self.ask.action.title


@dataclass
class Section:
    """A meeting of the year with its items in order, those deferred from it, and the windows that end before it."""

    meeting: Meeting
    is_coming: bool
    rows: list = field(default_factory=list)
    deferred: list = field(default_factory=list)
    ending: list = field(default_factory=list)


@dataclass
class Programme:
    """`without_meeting` counts the asks shown whose window is known and holds no meeting that takes them."""

    board: object
    year: MunicipalYear
    sections: list
    unplaced: list
    without_meeting: int

    @property
    def coming(self):
        return [section for section in self.sections if section.is_coming]

    @property
    def told(self):
        """The meetings with something to tell; one that was held and took nothing of the programme is only named."""
        return [each for each in self.sections if each.is_coming or each.rows or each.deferred]

    @property
    def held_without(self):
        return [each.meeting for each in self.sections if each not in self.told]

    @property
    def placed(self):
        return sum(len(section.rows) for section in self.coming)

    @property
    def taken(self):
        rows = (row for section in self.sections for row in section.rows)
        return sum(row.item.state == ProgrammeItem.State.TAKEN for row in rows)


def programme_of(board, year, user, today):
    """The `Programme` as this person may see it, with as many queries for three actions as for three hundred."""
    meetings = list(
        Meeting.objects.filter(board=board).select_related("board", "year").order_by("date", "pk")
    )
    asks = asks_of(board, user, today, meetings)
    items = ProgrammeItem.objects.visible_to(user).filter(board=board)
    items = items.select_related("action__addressee", "meeting", "deferred_from")
    rows = [_row(item, asks, today) for item in items.order_by("pk")]
    sections = [Section(meeting, meeting.date >= today) for meeting in meetings if meeting.year_id == year.pk]
    for section in sections:
        _fill(section, rows)
    _add_endings([section for section in sections if section.is_coming], asks.values())
    unplaced = _unplaced(rows, asks, year, today)
    shown = [row for section in sections for row in section.rows] + unplaced
    without = [row for row in shown if row.warning and row.ask and row.ask.window.is_known]
    return Programme(board, year, sections, unplaced, len(without))


def asks_of(board, user, today, meetings):
    """{key of the action: its `Ask`} of the open actions of a board that somebody still has to bring to a meeting."""
    elements = Element.objects.visible_to(user).filter(board=board, action__closed_on=None).to_come()
    elements = elements.select_related("action__addressee", "action__resolution__item__meeting")
    grouped = groupby(elements.order_by("action", "number"), key=lambda element: element.action_id)
    return {key: _ask(list(of_action), today, meetings) for key, of_action in grouped}


def _ask(elements, today, meetings):
    action = elements[0].action
    windows = [Window(element.window_from, element.window_to) for element in elements]
    window = min(windows, key=lambda each: (each.end or date.max, each.start or date.max))
    ask = Ask(action, window, len(elements))
    coming = [meeting for meeting in meetings if meeting.date >= today and meeting.takes_decisions]
    ask.suggestion, ask.warning = suggestion(window, coming, today)
    if NEXT_MEETING.search(action.due_words) and not (action.due_from or action.due_to):
        asked = action.resolution.item.meeting.date
        ask.next_meeting = next((meeting for meeting in meetings if meeting.date > asked), None)
    return ask


def suggestion(window, coming, today):
    """(meeting, warning): the meeting inside the window, or second best the first one after it, and why.

    Of several the first is taken, so that there is time left; where it is known only until when, the last.
    """
    if not coming:
        return None, NO_MEETING_COMING
    if not window.is_known:
        return coming[0], "The minutes give no date."
    inside = [meeting for meeting in coming if window.holds(meeting.date)]
    if inside:
        return inside[0] if window.start else inside[-1], ""
    if window.end and window.end < today:
        return coming[0], f"Its window ended on {in_full(window.end)}."
    after = next((meeting for meeting in coming if window.end and meeting.date > window.end), None)
    return after, f"No meeting falls in its window, {window}."


def _row(item, asks, today):
    """An item that is still to come, with its ask; what was taken or dropped asks for nothing any more."""
    if not item.is_to_come:
        return Row(item)
    ask = asks.get(item.action_id)
    return Row(item, ask, _warning(item, ask, today))


def _warning(item, ask, today):
    if item.meeting is None:
        return (
            "Deferred, and no meeting is found yet." if item.deferred_from_id else "No meeting is found yet."
        )
    if item.meeting.date < today:
        return "This meeting was held. Say whether it was taken."
    end = ask.window.end if ask else None
    if end and item.meeting.date > end:
        what = "Deferred beyond" if item.deferred_from_id else "Planned for after"
        return f"{what} its window, {ask.window}."
    if ask and ask.window.start and item.meeting.date < ask.window.start:
        return f"Planned for before its window, {ask.window}."
    return ""


def _fill(section, rows):
    key, dropped = section.meeting.pk, ProgrammeItem.State.DROPPED
    section.rows = [row for row in rows if row.item.meeting_id == key and row.item.state != dropped]
    section.deferred = [
        row
        for row in rows
        if (row.item.deferred_from_id == key and row.item.meeting_id != key)
        or (row.item.meeting_id == key and row.item.state == dropped)
    ]


def _add_endings(sections, asks):
    """Each window at the first meeting to come after its end."""
    for ask in sorted(asks, key=lambda ask: (ask.window.end or date.max, ask.action.pk)):
        after = (section for section in sections if ask.window.end and section.meeting.date > ask.window.end)
        if section := next(after, None):
            section.ending.append(ask)


def _unplaced(rows, asks, year, today):
    """Items without a meeting and what actions propose, those with a warning first; none for a year gone by."""
    if year.end < today:
        return []
    placed = {row.item.action_id for row in rows if row.item.is_to_come}
    waiting = [row for row in rows if row.item.is_to_come and row.item.meeting is None]
    proposed = [Row(ask=ask, warning=ask.warning) for key, ask in asks.items() if key not in placed]
    found = [row for row in waiting if _is_now(year, today)]
    found += [row for row in proposed if _belongs(row.ask, year, today)]
    return sorted(found, key=_by_urgency)


def _is_now(year, today):
    return year.start <= today <= year.end


def _belongs(ask, year, today):
    """To the year of the meeting it proposes; to the one that runs where it proposes none."""
    return ask.suggestion.year_id == year.pk if ask.suggestion else _is_now(year, today)


def _by_urgency(row):
    end = row.ask.window.end if row.ask else None
    return not row.warning, end or date.max, row.action.pk if row.action else 0


def in_full(day):
    return date_format(day, "j F Y")
