"""The tracker report: every open element with what was asked, said, shown and judged, and room for the judgement."""

from collections import Counter
from itertools import groupby

from django.utils.timezone import localtime

from actions.models.asks import Timing
from actions.tracker.columns import COLUMNS, SEALED_ON, answered, evidence, suggested
from actions.tracker.rows import open_rows
from actions.tracker.since import Kind, events, period_of
from scrutiny.models import Seal
from scrutiny.overview.papers import Field, Paper, table_of
from scrutiny.toolkit.access import can
from scrutiny.toolkit.documents import Document, Section
from scrutiny.toolkit.words import counted

TITLE = "Tracker report"
TOLD = {  # in this order
    Timing.LATE: "late",
    Timing.ANSWERED: "answered and to be judged",
    Timing.DUE_NOW: "due now",
    Timing.WAITING: "waiting for a condition",
    Timing.LAPSED: "lapsed with a condition",
    Timing.NOT_YET_DUE: "not yet due",
    Timing.NO_DATE: "without a date",
}
OF_EVENTS = [
    Field("day", "Day", lambda event: event.day, 14),
    Field("element", "Element", lambda event: str(event.element), 20),
    Field("words", "Words of the minutes", lambda event: event.element.text, 45, words=True),
    Field("what", "What happened", lambda event: event.what, 45),
]


def tracker(meeting, user, today):
    """Told as things stood the day before the meeting, or stand today for a meeting to come."""
    day = min(meeting.date, today)
    sees_drafts = can(user, "view_drafts", meeting)
    rows = open_rows(meeting.board, user, before=meeting.date, meeting=meeting)
    period = period_of(meeting)
    found = events(meeting.board, user, period, known=[row.element for row in rows])
    document = Document(
        title=f"{TITLE} for {meeting.date:%-d %B %Y}",
        caption=str(meeting.board),
        text=_sentences(rows, day),
        sections=[
            *_since(found, period),
            *(
                _of_action(list(group), day, sees_drafts)
                for _, group in groupby(rows, lambda row: row.action.pk)
            ),
        ],
        foot=_sealed(),
    )
    fields = [
        Field(column.key, column.header, lambda row, value=column.value: value(row, day), column.width)
        for column in COLUMNS
        if sees_drafts or not column.is_draft
    ]
    return Paper(document, fields, rows)


def _sealed():
    """The newest seal over all histories: who keeps this paper can prove later that nothing before was changed."""
    seal = Seal.objects.newest()
    if seal is None:
        return ""
    return f"{SEALED_ON} {localtime(seal.at):%-d %B %Y}: number {seal.number}, digest {seal.grouped_digest}"


def _sentences(rows, day):
    if not rows:
        return ["Nothing is open: the Board has closed all that it asked for."]
    actions = len({row.action.pk for row in rows})
    timings = Counter(row.timing(day) for row in rows)
    parts = [f"{timings[timing]} {words}" for timing, words in TOLD.items() if timings[timing]]
    are = "is" if len(rows) == 1 else "are"
    return [
        f"{counted(len(rows), 'element')} of {counted(actions, 'action')} {are} open: {', '.join(parts)}.",
        f"This is how things stood on {day:%-d %B %Y}. The Board's judgement is written into the last column.",
    ]


def _since(found, period):
    """One section for each kind of event there is. None at the first meeting that has nothing before it."""
    if period.start is None and not found:
        return []
    since = f"since the meeting of {period.start:%-d %B %Y}" if period.start else "until this meeting"
    if not found:
        return [Section(f"What happened {since}", ["Nothing has happened."])]
    sections = []
    for kind, group in groupby(found, lambda event: event.kind):
        lines = list(group)
        title = f"{Kind(kind).label} {since}"
        sections.append(Section(title, table=table_of(title, OF_EVENTS, lines)))
    return sections


def _of_action(rows, day, sees_drafts):
    action, window = rows[0].action, rows[0].window
    item, asked = action.resolution.item, rows[0].asked_at.date
    where = f"minute {item}" if item.minute_number else f"“{item}”"
    label = f", resolution {action.resolution.label}" if action.resolution.label else ""
    text = [
        f"Asked of {action.addressee} on {asked:%-d %B %Y}, {where}{label}.",
        f"Due: {_due(window)}.{_originally(rows[0])}",
    ]
    title = f"{action.reference}: {action.title}"
    return Section(
        title,
        text,
        quote=action.resolution.text,
        table=table_of(title, _reading_fields(day, sees_drafts), rows),
        link=action.get_absolute_url(),
    )


def _originally(row):
    if row.original_window is None:
        return ""
    return f" Originally: {_due(row.original_window)}."


def _due(window):
    if window.words and window.span:
        return f"{window.words} ({window.span})"
    return window.words or window.span or "no date"


def _reading_fields(day, sees_drafts):
    """Nine columns fit on paper: what belongs together stands in one cell, line by line."""
    return [
        Field("number", "No.", lambda row: row.element.number, 6),
        Field("words", "Words of the minutes", _words, 36, words=True),
        Field("timing", "How it stands", lambda row: _stands(row, day), 15),
        Field("says", "The owner says", _said, 34),
        Field("evidence", "Evidence shows", lambda row: evidence(row) or "No evidence yet", 15),
        Field("answered", "A report answers", lambda row: answered(row) or "Not yet", 20),
        Field("judged", "The Board judged last", _judged, 20),
        *([Field("suggested", "Suggested judgement", _suggested, 20)] if sees_drafts else []),
        Field("board", "The Board's judgement", lambda row: "", 22),
    ]


def _words(row):
    return row.element.text


def _stands(row, day):
    """Q-5: an element that waits says for what, and when somebody looks again. Its own date stands here too."""
    element = row.element
    lines = [str(row.timing(day).label)]
    if row.is_waiting:
        lines.append(f"Waiting for: {element.condition}")
    if row.is_waiting and element.check_condition_on:
        lines.append(f"To be looked at on {element.check_condition_on:%-d %B %Y}")
    if element.due_words:
        lines.append(f"Own date: {element.due_words}")
    return "\n".join(lines)


def _said(row):
    if row.update is None:
        return "Nothing reported yet"
    update = row.update
    return f"{row.owner_progress.label}, {update.received_on:%-d %B %Y} ({update.reported_by})\n{update.text}"


def _judged(row):
    if row.judgement is None:
        return "Not judged yet"
    lines = [f"{row.judgement.category}, {row.judged_on:%-d %B %Y}", row.judgement.comment]
    return "\n".join(filter(None, lines))


def _suggested(row):
    return "\n".join(filter(None, (suggested(row), row.suggestion.reason))) if row.suggestion else ""
