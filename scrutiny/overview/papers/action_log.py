"""The action log: what was asked, and promised, at the last meeting, and whether it is done."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from actions.models import Element, Undertaking
from actions.models.asks import Timing
from actions.tracker.rows import rows_of
from actions.tracker.since import meeting_before
from scrutiny.overview.papers import Field, Paper, table_of
from scrutiny.toolkit.documents import Document, Section
from scrutiny.toolkit.words import counted

TITLE = "Action log"
FORCES_OF_INFORMATION = {"REQ_INFO"}


@dataclass(frozen=True)
class Line:
    kind: str
    reference: str
    words: str
    whom: str
    due: str
    done: str
    said: str


FIELDS = [
    Field("kind", "Kind", lambda line: line.kind, 18),
    Field("reference", "Reference", lambda line: line.reference, 17),
    Field("words", "Words of the minutes", lambda line: line.words, 50, words=True),
    Field("whom", "Whom", lambda line: line.whom, 24),
    Field("due", "Due", lambda line: line.due, 24),
    Field("done", "Done?", lambda line: line.done, 26),
    Field("said", "Last word", lambda line: line.said, 36),
]


def action_log(meeting, user, today):
    last = meeting_before(meeting)
    lines = _lines(last, meeting, user, min(meeting.date, today)) if last else []
    sections = []
    for kind, group in groupby(lines, lambda line: line.kind):
        sections.append(Section(f"{kind}s", table=table_of(f"{kind}s", FIELDS[1:], list(group))))
    document = Document(
        title=f"{TITLE} for {meeting.date:%-d %B %Y}",
        caption=str(meeting.board),
        text=[_sentence(last, lines)],
        sections=sections,
    )
    return Paper(document, FIELDS, lines)


def _sentence(last, lines):
    if last is None:
        return "No earlier meeting of this board is in the record."
    when = f"the meeting of {last.date:%-d %B %Y}"
    if not lines:
        return f"Nothing was asked or promised at {when}."
    asked = [line for line in lines if line.reference]
    done = sum(line.done.startswith("Done") for line in asked)
    promised = counted(len(lines) - len(asked), "promise")
    return f"From {when}: {counted(len(asked), 'action')}, {done} done, and {promised}."


def _lines(last, meeting, user, day):
    elements = Element.objects.visible_to(user).filter(action__resolution__item__meeting=last)
    rows = sorted(
        rows_of(elements, user, before=meeting.date, meeting=meeting),
        key=lambda row: (
            row.action.legal_force in FORCES_OF_INFORMATION,
            row.action.number,
            row.element.number,
        ),
    )
    actions = [_of_action(list(group), day) for _, group in groupby(rows, lambda row: row.action.pk)]
    promises = Undertaking.objects.visible_to(user).filter(item__meeting=last).order_by("item", "pk")
    return [
        *actions,
        *(
            Line("Promise", "", promise.text, "", "", "Not resolved, so not tracked", "")
            for promise in promises
        ),
    ]


def _of_action(rows, day):
    action = rows[0].action
    last = max(
        (row.update for row in rows if row.update), key=lambda update: update.received_on, default=None
    )
    return Line(
        kind="Request for information" if action.legal_force in FORCES_OF_INFORMATION else "Action",
        reference=action.reference,
        words=action.resolution.text,
        whom=action.addressee.name,
        due=str(rows[0].window),
        done=_done(rows, day),
        said=f"{last.received_on:%-d %B %Y}: {last.text}" if last else "",
    )


def _done(rows, day):
    """Done is what the Board closed; what the owner says, or a report answers, is told beside it."""
    timings = Counter(row.timing(day) for row in rows)
    total, closed = len(rows), timings[Timing.CLOSED]
    if closed == total:
        return "Done: closed by the Board"
    parts = [
        (closed, "closed"),
        (timings[Timing.ANSWERED], "answered, to be judged"),
        (timings[Timing.LATE], "late"),
        (timings[Timing.WAITING], "waiting"),
    ]
    told = [f"{number} of {total} {words}" for number, words in parts if number]
    return "\n".join(["Not done", *told])
