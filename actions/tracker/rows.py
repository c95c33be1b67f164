"""The tracker's rows: each open element of a board as somebody may see it, as things stood before a day.

Everything is told from dated rows the reader may see, not from the sums kept on the element: these know of
judgements in minutes that are still a draft. One row builder feeds every paper, so that they cannot disagree.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import Prefetch, Q

from actions.models import Action, Answer, DueRevision, Element, Judgement, ProgressUpdate, Suggestion
from actions.models.asks import Timing
from scrutiny.models import AgendaItem, TrackingCategory

ENDLESS = date.max
CLOSES, NOT_REVIEWED = TrackingCategory.Effect.CLOSES, TrackingCategory.Effect.NOT_REVIEWED
STATES = Element.ConditionState


@dataclass(frozen=True)
class Window:
    """When something is due: the minutes' words, and the first and last day derived from them."""

    words: str
    start: date | None
    end: date | None

    def __str__(self):
        return "\n".join(filter(None, (self.words, self.span)))

    @property
    def span(self):
        if self.start and self.end:
            return f"{self.start:%-d %B %Y} to {self.end:%-d %B %Y}"
        if self.end:
            return f"until {self.end:%-d %B %Y}"
        return f"from {self.start:%-d %B %Y}" if self.start else ""


@dataclass
class Row:
    """An element as it stood before the day `before`; lists hold only what the reader may see, the oldest first."""

    element: Element
    before: date
    updates: list = field(default_factory=list)
    answers: list = field(default_factory=list)
    judgements: list = field(default_factory=list)
    suggestion: Suggestion | None = None

    @property
    def action(self):
        return self.element.action

    @property
    def asked_at(self):
        return self.action.resolution.item.meeting

    @property
    def update(self):
        return self.updates[-1] if self.updates else None

    @property
    def owner_progress(self):
        return Element.OwnerProgress(self.update.owner_progress if self.update else "not_started")

    @property
    def answer(self):
        return self.answers[-1] if self.answers else None

    @cached_property
    def judgement(self):
        """The last one that says something: "not for review this session" leaves the one before standing."""
        said = [judgement for judgement in self.judgements if judgement.category.effect != NOT_REVIEWED]
        return said[-1] if said else None

    @property
    def judged_on(self):
        return self.judgement.item.meeting.date if self.judgement else None

    @property
    def closed_on(self):
        return self.judged_on if self.judgement and self.judgement.category.effect == CLOSES else None

    @cached_property
    def evidence_grade(self):
        """The best grade shown, empty where there is no evidence."""
        return max((piece.grade for update in self.updates for piece in update.seen_evidence), default="")

    @cached_property
    def window(self):
        """The action's window on the day: what a later change moved it from, or what it is."""
        later = [change for change in self._changes if change.changed_on >= self.before]
        if later:
            return _old_window(later[0])
        return Window(self.action.due_words, self.action.due_from, self.action.due_to)

    @cached_property
    def original_window(self):
        """The window that was agreed first; None where it was never changed."""
        earlier = [change for change in self._changes if change.changed_on < self.before]
        return _old_window(earlier[0]) if earlier else None

    @property
    def _changes(self):
        return self.action.seen_changes

    @property
    def window_from(self):
        return max(filter(None, (self.element.due_from, self.window.start)), default=None)

    @property
    def window_to(self):
        """Of the element's own date and the action's the later, as in `ElementQuerySet.with_timing`."""
        return max(filter(None, (self.element.due_to, self.window.end)), default=None)

    @property
    def is_waiting(self):
        return self.element.condition_state == STATES.WAITING

    def timing(self, on):
        """How it stands against the calendar: the rules of `ElementQuerySet.with_timing`, from what is seen."""
        answering = [answer for answer in self.answers if answer.coverage in Answer.ANSWERING]
        answered = answering[-1].report.item.meeting.date if answering else None
        if self.closed_on:
            return Timing.CLOSED
        if self.element.condition_state == STATES.LAPSED:
            return Timing.LAPSED
        if self.is_waiting:
            return Timing.WAITING
        if answered and (self.judged_on is None or self.judged_on < answered):
            return Timing.ANSWERED
        if self.window_to is None:
            return Timing.NO_DATE
        if self.window_to < on and not self.element.is_lifted(on):
            return Timing.LATE
        if self.window_to < on:
            return Timing.DUE_NOW
        return Timing.DUE_NOW if self.window_from and self.window_from <= on else Timing.NOT_YET_DUE


def _old_window(change):
    return Window(change.old_words, change.old_from, change.old_to)


def open_rows(board, user, *, before=ENDLESS, meeting=None):
    """The rows of what was asked before a day and not closed by then, the oldest window first, by action.

    Reports on the agenda of `meeting` itself count as answers: they are in the same pack.
    """
    rows = _rows(_candidates(board, user, before), user, before, meeting)
    return sorted((row for row in rows if not row.closed_on), key=_oldest_window_first)


def rows_of(elements, user, *, before=ENDLESS, meeting=None):
    """The rows of given elements, open or not, in the same order."""
    return sorted(_rows(elements, user, before, meeting), key=_oldest_window_first)


def _oldest_window_first(row):
    end = row.window.end or ENDLESS
    return end, row.action.year.start, row.action.number, row.action.pk, row.element.number


def _candidates(board, user, before):
    """Those that may be open to this reader: a judgement they cannot see closes nothing for them."""
    seen = AgendaItem.objects.visible_to(user)
    unseen = Judgement.objects.filter(element__action__board=board).exclude(item__in=seen)
    elements = Element.objects.visible_to(user).filter(
        action__board=board, action__resolution__item__meeting__date__lt=before
    )
    is_open = Q(closed_on=None) | Q(closed_on__gte=before) | Q(pk__in=unseen.values("element"))
    lapsed_with_all = Q(condition_state=STATES.LAPSED, action__closed_on__lt=before)
    return elements.filter(is_open).exclude(lapsed_with_all)


def _rows(elements, user, before, meeting):
    """Actions are fetched apart from their elements, so that ten elements of one share it."""
    actions = Action.objects.select_related("addressee", "year", "resolution__item__meeting__board")
    changes = Prefetch("due_revisions", DueRevision.objects.order_by("pk"), to_attr="seen_changes")
    found = elements.prefetch_related(
        Prefetch("action", actions.prefetch_related(changes)), *_seen(user, before, meeting)
    )
    return [
        Row(
            element,
            before,
            element.seen_updates,
            element.seen_answers,
            element.seen_judgements,
            next(iter(element.seen_suggestions), None),
        )
        for element in found
    ]


def _seen(user, before, meeting):
    updates = ProgressUpdate.objects.visible_to(user).filter(received_on__lt=before)
    answers = Answer.objects.visible_to(user).filter(
        Q(report__item__meeting__date__lt=before) | Q(report__item__meeting=meeting)
    )
    judgements = Judgement.objects.visible_to(user).filter(item__meeting__date__lt=before)
    suggestions = Suggestion.objects.visible_to(user).filter(meeting=meeting).select_related("category")
    evidence = Prefetch("evidence", to_attr="seen_evidence")
    received, held = "report__item__meeting__date", "item__meeting__date"
    return [
        Prefetch(
            "updates",
            updates.order_by("received_on", "pk").prefetch_related(evidence),
            to_attr="seen_updates",
        ),
        Prefetch(
            "answers",
            answers.select_related("report__item__meeting").order_by(received, "pk"),
            to_attr="seen_answers",
        ),
        Prefetch(
            "judgements",
            judgements.select_related("category", "item__meeting").order_by(held, "pk"),
            to_attr="seen_judgements",
        ),
        Prefetch("suggestions", suggestions, to_attr="seen_suggestions"),
    ]
