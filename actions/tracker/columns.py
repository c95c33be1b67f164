"""The tracker's columns: what the spreadsheet holds, and what of it is read back. The headers are the contract."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from actions.models import Element


class Use(StrEnum):
    """What becomes of a column when the sheet comes back; it stands in the header."""

    CHANGES = ""
    NEW_ROWS = "new rows only"
    READ_ONLY = "read only"


@dataclass(frozen=True)
class TrackerColumn:
    """`value` takes a Row and the day; `width` is in characters; drafts are for those who may see them (P-2)."""

    key: str
    title: str
    value: Callable
    width: int = 14
    use: Use = Use.READ_ONLY
    is_draft: bool = False

    @property
    def header(self):
        return f"{self.title} ({self.use})" if self.use else self.title


def _of_original(name):
    return lambda row, on: getattr(row.original_window, name) if row.original_window else None


def _of_update(name):
    return lambda row, on: getattr(row.update, name) if row.update else None


def evidence(row, on=None):
    return str(Element.Grade(row.evidence_grade).label) if row.evidence_grade else ""


def answered(row, on=None):
    if not row.answer:
        return ""
    where = f", paragraph {row.answer.paragraph}" if row.answer.paragraph else ""
    received = row.answer.report.item.meeting.date
    return f"{row.answer.get_coverage_display()}, in {row.answer.report}, {received:%-d %B %Y}{where}"


def suggested(row, on=None):
    return str(row.suggestion.category) if row.suggestion else ""


SEALED_ON = "Record sealed on"  # begins the line at the foot of a tracker
KEYS = ("reference", "element")
COLUMNS = [
    TrackerColumn("reference", "Reference", lambda row, on: row.action.reference, 17, Use.CHANGES),
    TrackerColumn("element", "Element", lambda row, on: row.element.number, 9, Use.CHANGES),
    TrackerColumn("asked_on", "Asked on", lambda row, on: row.asked_at.date, 17, Use.NEW_ROWS),
    TrackerColumn("minute", "Minute", lambda row, on: str(row.action.resolution.item), 28, Use.NEW_ROWS),
    TrackerColumn("resolution", "Resolution", lambda row, on: row.action.resolution.text, 45, Use.NEW_ROWS),
    TrackerColumn("words", "Words of the minutes", lambda row, on: row.element.text, 45, Use.NEW_ROWS),
    TrackerColumn(
        "waiting_for", "Waiting for", lambda row, on: row.element.condition if row.is_waiting else "", 28
    ),
    TrackerColumn(
        "check_on",
        "Look at the condition again on",
        lambda row, on: row.element.check_condition_on,
        17,
        Use.CHANGES,
    ),
    TrackerColumn("addressee", "Addressee", lambda row, on: row.action.addressee.name, 28, Use.CHANGES),
    TrackerColumn("due_words", "Due, in words", lambda row, on: row.window.words, 24, Use.CHANGES),
    TrackerColumn("due_from", "Due from", lambda row, on: row.window.start, 17, Use.CHANGES),
    TrackerColumn("due_to", "Due until", lambda row, on: row.window.end, 17, Use.CHANGES),
    TrackerColumn("first_words", "Originally due, in words", _of_original("words"), 24),
    TrackerColumn("first_from", "Originally due from", _of_original("start"), 17),
    TrackerColumn("first_to", "Originally due until", _of_original("end"), 17),
    TrackerColumn("own_words", "Own date, in words", lambda row, on: row.element.due_words, 24),
    TrackerColumn("timing", "How it stands", lambda row, on: str(row.timing(on).label), 20),
    TrackerColumn(
        "says",
        "The owner says",
        lambda row, on: str(row.owner_progress.label) if row.update else "",
        22,
        Use.CHANGES,
    ),
    TrackerColumn("reported", "What was reported", _of_update("text"), 45, Use.CHANGES),
    TrackerColumn("reported_by", "Reported by", _of_update("reported_by"), 24, Use.CHANGES),
    TrackerColumn("received_on", "Received on", _of_update("received_on"), 17, Use.CHANGES),
    TrackerColumn("evidence", "Evidence shows", evidence, 24),
    TrackerColumn("answered", "Answered", answered, 30),
    TrackerColumn(
        "judged", "The Board judged", lambda row, on: str(row.judgement.category) if row.judgement else "", 30
    ),
    TrackerColumn("judged_on", "Judged on", lambda row, on: row.judged_on, 17),
    TrackerColumn("suggested", "Suggested judgement", suggested, 30, is_draft=True),
    TrackerColumn(
        "suggested_why",
        "Why it is suggested",
        lambda row, on: row.suggestion.reason if row.suggestion else "",
        30,
        is_draft=True,
    ),
    TrackerColumn("board", "The Board's judgement", lambda row, on: "", 24),
]
COLUMN = {column.key: column for column in COLUMNS}
DAYS = {"asked_on", "check_on", "due_from", "due_to", "received_on"}
NEEDED_FOR_NEW = ("asked_on", "resolution", "words", "addressee")
WINDOW = ("due_words", "due_from", "due_to")
WORD = ("says", "reported", "reported_by", "received_on")
