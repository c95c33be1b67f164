"""What happened since the last meeting. Each event falls between two meetings of the board, so it is told once.

What came into the record later than it happened counts from the day it came: an e-mail of the week before a meeting,
typed in the week after it, is told at the next one and not lost.
"""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest, TruncDate

from actions.models import Answer, DueRevision, Element, Judgement, ProgressUpdate
from actions.tracker.rows import CLOSES
from scrutiny.models import Meeting

WITHOUT_TRACKER = (Meeting.Kind.CALL_IN, Meeting.Kind.WORKING_GROUP)


class Kind(models.TextChoices):
    NEW = "new", "New"
    MOVED = "moved", "Moved"
    ANSWERED = "answered", "Answered"
    JUDGED = "judged", "Judged"
    COMPLETED = "completed", "Completed"


@dataclass(frozen=True)
class Period:
    """From the day of the board's last meeting to the day before this one; `start` is None at its first."""

    start: date | None
    end: date

    def holds(self, day):
        return (self.start is None or self.start <= day) and day < self.end

    def of(self, rows, day):
        """Those of `rows` to be told in this period; `day` is the path to the day on which each happened."""
        told = rows.annotate(told_on=_told_on(rows.model, day)).filter(told_on__lt=self.end)
        return told if self.start is None else told.filter(told_on__gte=self.start)


def _told_on(model, day):
    """The day on which a row came into the record, if that is later than the day on which it happened."""
    first = model.history.filter(id=OuterRef("pk"), history_type="+").order_by("history_id")
    recorded = TruncDate(Subquery(first.values("history_date")[:1]))
    return Greatest(F(day), Coalesce(recorded, F(day)))


@dataclass(frozen=True)
class Event:
    kind: Kind
    day: date
    element: Element
    what: str


def meeting_before(meeting):
    """The board's last meeting with a tracker before this one: call-ins and working groups are passed over."""
    same_board = Meeting.objects.filter(board=meeting.board_id).exclude(kind__in=WITHOUT_TRACKER)
    earlier = Q(date__lt=meeting.date) | Q(date=meeting.date, pk__lt=meeting.pk)
    return same_board.filter(earlier).order_by("-date", "-pk").first()


def period_of(meeting):
    """What happens at a meeting, or on its day, is told to the next one: it stood in no paper before.

    Of two meetings on one day the first has the whole period, and the second an empty one.
    """
    last = meeting_before(meeting)
    return Period(last.date if last else None, meeting.date)


def events(board, user, period, known=()):
    """The events of a period that somebody may see, the kinds in order and the oldest first.

    `known` are elements with their actions that were fetched already: most events tell of what is open.
    """
    found = [
        *_new(board, user, period),
        *_updates(board, user, period),
        *_windows(board, user, period),
        *_answers(board, user, period),
        *_judgements(board, user, period),
    ]
    kinds = list(Kind)
    found.sort(key=lambda event: (kinds.index(event[0]), event[1]))
    elements = {element.pk: element for element in known}
    others = {key for _, _, key, _ in found} - elements.keys()
    elements |= Element.objects.prefetch_related("action").in_bulk(others)
    return [Event(kind, day, elements[key], what) for kind, day, key, what in found]


# Each of these yields kind, day, key of the element, and what happened.


def _new(board, user, period):
    held, addressee = "action__resolution__item__meeting__date", "action__addressee__name"
    elements = period.of(Element.objects.visible_to(user).filter(action__board=board), held)
    asked = elements.order_by("action__number", "number").values_list(held, "pk", addressee)
    for day, key, name in asked:
        yield Kind.NEW, day, key, f"Asked of {name}"


def _updates(board, user, period):
    updates = _of(ProgressUpdate, board, user, period, "received_on")
    told = updates.values_list("received_on", "element", "owner_progress", "reported_by", "text")
    for day, key, progress, reporter, text in told:
        yield Kind.MOVED, day, key, f"{Element.OwnerProgress(progress).label} ({reporter}): {text}"


def _windows(board, user, period):
    """A new window of an action, told once, at its first element."""
    changes = period.of(DueRevision.objects.visible_to(user).filter(action__board=board), "changed_on")
    changes = changes.select_related("action").prefetch_related("action__elements")
    for change in changes.order_by("pk"):
        before = change.old_words or (f"{change.old_to:%-d %B %Y}" if change.old_to else "no date")
        first = min(change.action.elements.all(), key=lambda element: element.number)
        yield Kind.MOVED, change.changed_on, first.pk, f"Due no longer {before}: {change.reason}"


def _answers(board, user, period):
    for answer in _of(Answer, board, user, period, "report__item__meeting__date", "report__item__meeting"):
        where = f", paragraph {answer.paragraph}" if answer.paragraph else ""
        said = f"{answer.get_coverage_display()}, in {answer.report}{where}"
        yield Kind.ANSWERED, answer.report.item.meeting.date, answer.element_id, said


def _judgements(board, user, period):
    for judgement in _of(Judgement, board, user, period, "item__meeting__date", "category", "item__meeting"):
        kind = Kind.COMPLETED if judgement.category.effect == CLOSES else Kind.JUDGED
        said = "\n".join(filter(None, (str(judgement.category), judgement.comment)))
        yield kind, judgement.item.meeting.date, judgement.element_id, said


def _of(model, board, user, period, day, *links):
    rows = period.of(model.objects.visible_to(user).filter(element__action__board=board), day)
    return (rows.select_related(*links) if links else rows).order_by("pk")
