"""The work schedule: the meetings of the municipal year with what was on them, and what falls due before each."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from actions.tracker.rows import open_rows
from scrutiny.models import AgendaItem, Meeting
from scrutiny.overview.papers import Field, Paper, counted, table_of
from scrutiny.overview.papers.visible import with_papers
from scrutiny.toolkit.documents import Document, Section

TITLE = "Work schedule"
LATER, UNDATED = "After this municipal year", "Without a date"


@dataclass(frozen=True)
class Line:
    when: str
    kind: str
    what: str
    whom: str = ""
    due: str = ""


FIELDS = [
    Field("when", "Meeting", lambda line: line.when, 20),
    Field("kind", "Kind of item", lambda line: line.kind, 22),
    Field("what", "Item", lambda line: line.what, 60),
    Field("whom", "From", lambda line: line.whom, 28),
    Field("due", "Due", lambda line: line.due, 28),
]


def work_schedule(meeting, user, today):
    of_year = Meeting.objects.filter(board=meeting.board_id, year=meeting.year_id)
    meetings = list(with_papers(of_year, user, today).order_by("date", "pk"))
    day = min(meeting.date, today)
    lines = [
        *_held(meetings, user),
        *planned_for([each for each in meetings if each.date >= day], meeting.board, user, meeting),
    ]
    order = [*(_when(each) for each in meetings), LATER, UNDATED]
    empty = [Line(when, "", "Nothing is planned yet") for when in order[:-2] if when not in _whens(lines)]
    lines = sorted([*lines, *empty], key=lambda line: order.index(line.when))
    document = Document(
        title=f"{TITLE} {meeting.year}",
        caption=str(meeting.board),
        text=[f"{counted(len(meetings), 'meeting')} in the municipal year {meeting.year}."],
        sections=[Section("Meetings and what falls due", table=table_of(TITLE, FIELDS, lines))]
        if lines
        else [],
    )
    return Paper(document, FIELDS, lines)


def _whens(lines):
    return {line.when for line in lines}


def planned_for(meetings, board, user, meeting):
    """Lines for the meetings to come: each open action at the last meeting inside its window, or the next one."""
    rows = open_rows(board, user, before=meeting.date, meeting=meeting)
    for _, group in groupby(rows, lambda row: row.action.pk):
        row = next(group)
        yield Line(
            _when_due(row.window, meetings),
            "Recommendation tracking",
            f"{row.action.reference}: {row.action.title}",
            row.action.addressee.name,
            str(row.window),
        )


def _when_due(window, meetings):
    if window.end is None:
        return UNDATED
    inside = [each for each in meetings if (window.start or date.min) <= each.date <= window.end]
    after = [each for each in meetings if each.date > window.end]
    if inside:
        return _when(inside[-1])
    return _when(after[0]) if after else LATER


def _held(meetings, user):
    items = AgendaItem.objects.visible_to(user).filter(meeting__in=meetings).select_related("meeting")
    for item in items.order_by("meeting__date", "position"):
        yield Line(_when(item.meeting), "On the agenda", str(item))


def _when(meeting):
    kind = "" if meeting.kind == Meeting.Kind.ORDINARY else f", {meeting.get_kind_display().lower()}"
    return f"{meeting.date:%-d %B %Y}{kind}"
