"""The work schedule: the meetings of the municipal year, what was on them, and what is planned or proposed for each.

It tells the same as the page of the work programme (actions.programme).
"""

from dataclasses import dataclass

from actions.models import ProgrammeItem
from actions.programme import programme_of
from scrutiny.models import AgendaItem, Meeting
from scrutiny.overview.papers import Field, Paper, table_of
from scrutiny.toolkit.documents import Document, Section
from scrutiny.toolkit.words import counted

TITLE = "Work schedule"
NOT_PLACED = "Not placed yet"


@dataclass(frozen=True)
class Line:
    when: str
    kind: str
    what: str
    whom: str = ""
    due: str = ""
    remark: str = ""


FIELDS = [
    Field("when", "Meeting", lambda line: line.when, 20),
    Field("kind", "Kind of item", lambda line: line.kind, 22),
    Field("what", "Item", lambda line: line.what, 60),
    Field("whom", "From", lambda line: line.whom, 28),
    Field("due", "Due", lambda line: line.due, 28),
    Field("remark", "Remark", lambda line: line.remark, 28),
]


def work_schedule(meeting, user, today):
    programme = programme_of(meeting.board, meeting.year, user, today)
    lines = list(_lines(programme, user))
    document = Document(
        title=f"{TITLE} {meeting.year}",
        caption=str(meeting.board),
        text=[_sentence(programme)],
        sections=[Section("Meetings and their items", table=table_of(TITLE, FIELDS, lines))] if lines else [],
    )
    return Paper(document, FIELDS, lines)


def _sentence(programme):
    meetings = counted(len(programme.sections), "meeting")
    coming = counted(len(programme.coming), "meeting")
    return (
        f"{meetings} in the municipal year {programme.year}, {coming} still to come with "
        f"{counted(programme.placed, 'item')} planned; {counted(len(programme.unplaced), 'item')} not placed yet."
    )


def _lines(programme, user):
    """For each meeting what was on its agenda and what is planned; then what still looks for a meeting."""
    held = _agendas([section.meeting for section in programme.sections], user)
    for section in programme.sections:
        when = _when(section.meeting)
        found = [
            *(Line(when, "On the agenda", str(item)) for item in held.get(section.meeting.pk, [])),
            *(_planned(row, when) for row in section.rows),
        ]
        yield from found or [Line(when, "", "Nothing is planned yet")]
    yield from (_planned(row, NOT_PLACED) for row in programme.unplaced)


def _agendas(meetings, user):
    found = {}
    items = AgendaItem.objects.visible_to(user).filter(meeting__in=meetings)
    for item in items.order_by("position"):
        found.setdefault(item.meeting_id, []).append(item)
    return found


def _planned(row, when):
    kind = row.item.get_kind_display() if row.item else ProgrammeItem.Kind.TRACKING.label
    return Line(
        when,
        str(kind),
        f"{row.action.reference}: {row.title}" if row.action else row.title,
        row.action.addressee.name if row.action else "",
        str(row.ask.window) if row.ask else "",
        _remark(row),
    )


def _remark(row):
    """What an action proposes until an officer places it, and what is wrong with where it stands."""
    proposed = row.ask.suggestion if row.item is None else None
    proposal = f"Proposes the meeting of {proposed.date:%-d %B %Y}." if proposed else ""
    return "\n".join(filter(None, (proposal, row.warning)))


def _when(meeting):
    kind = "" if meeting.kind == Meeting.Kind.ORDINARY else f", {meeting.get_kind_display().lower()}"
    return f"{meeting.date:%-d %B %Y}{kind}"
