"""What a rule proposes that the Board judge, and what the officer suggests. Only what is saved is a suggestion.

The questions are asked in the order of Q-1: still relevant, achieved, time passed, obstacle, progress acceptable?
Which category answers each is told from what the categories of the board's scheme do, not from their codes.
"""

from dataclasses import dataclass

from django.db import transaction

from actions.models import Answer, Element, Suggestion
from actions.models.asks import Timing
from scrutiny.models import TrackingCategory
from scrutiny.toolkit.history import record, remove

EFFECT = TrackingCategory.Effect
BEST_FIRST = ["green", "blue", "grey", "yellow", "red"]  # tones of those that go on, the contented ones first
SAYS = Element.OwnerProgress


class Scheme:
    """The categories of a scheme by what they say; None where a scheme has no word for it."""

    def __init__(self, categories):
        goes_on = [category for category in categories if category.effect == EFFECT.CONTINUES]
        goes_on.sort(key=lambda category: BEST_FIRST.index(category.tone))
        closes = [category for category in categories if category.effect == EFFECT.CLOSES]
        self.achieved = next((category for category in closes if category.achieved), None)
        self.no_longer = next((category for category in closes if not category.achieved), None)
        self.later = next((c for c in categories if c.effect == EFFECT.NOT_REVIEWED), None)
        self.acceptable = goes_on[0] if goes_on else None
        self.obstacle = goes_on[len(goes_on) // 2] if goes_on else None
        self.not_acceptable = goes_on[-1] if goes_on else None


@dataclass(frozen=True)
class Proposal:
    category: TrackingCategory | None
    why: str


def propose(row, scheme, on):
    """What a Row of the tracker speaks for, with the reason in a few words."""
    name, why = _reading(row, row.timing(on))
    category = getattr(scheme, name)
    return Proposal(category, why if category else "")


def _reading(row, timing):
    says, answer = row.owner_progress, row.answer
    if timing == Timing.LAPSED:
        return "no_longer", "Its condition did not come about."
    if timing == Timing.WAITING:
        return "later", "It still waits for its condition."
    if answer and timing == Timing.ANSWERED and answer.coverage == Answer.Coverage.FULLY:
        return "achieved", "A report answers it fully."
    if says in (SAYS.BLOCKED, SAYS.CANNOT_DO):
        return "obstacle", f"The owner says: {says.label.lower()}."
    if timing == Timing.LATE:
        return "not_acceptable", "Its time has passed, and no report answers it."
    if answer and timing == Timing.ANSWERED:
        return "acceptable", "A report answers it partly."
    if says == SAYS.COMPLETE:
        return "acceptable", "The owner says it is complete; no report shows it yet."
    if timing == Timing.NOT_YET_DUE and not row.update:
        return "later", "It is not due yet."
    if says == SAYS.IN_PROGRESS:
        return "acceptable", "It is in progress, and in time."
    return "later", "Nothing has been reported yet, and it is not late."


def suggestions_for(meeting, rows, on):
    """For each row its suggestion as saved, or a new one that holds what the rules propose."""
    scheme = Scheme(list(meeting.board.tracking_scheme.categories.order_by("position")))
    return [row.suggestion or _proposed(meeting, row, scheme, on) for row in rows]


def _proposed(meeting, row, scheme, on):
    proposal = propose(row, scheme, on)
    return Suggestion(element=row.element, meeting=meeting, category=proposal.category, reason=proposal.why)


@transaction.atomic
def suggest(given, withdrawn=(), *, by):
    """Saves what the officer suggests for a meeting, and takes back what is empty now."""
    for suggestion in given:
        record(suggestion, by=by, reason=f"Tracker for {suggestion.meeting}")
    for suggestion in withdrawn:
        remove(Suggestion.objects.get(pk=suggestion.pk), by=by, reason="Taken back")
