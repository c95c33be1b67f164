"""How an element stands, summed up from the rows beneath it. The only writer of `Element.DERIVED`.

The sums are kept on the element so that lists read one table. They can always be reckoned again: `standing`
is the definition, and `refresh` stores what it says.
"""

from django.db.models import Max

from actions import tallies
from actions.models import Action, Element
from scrutiny.models import TrackingCategory
from scrutiny.toolkit.history import record


def standing(element):
    """{field: value} for every field of `Element.DERIVED`."""
    update = element.updates.order_by("received_on", "pk").last()
    judgement = (
        element.judgements.exclude(category__effect=TrackingCategory.Effect.NOT_REVIEWED)
        .select_related("category", "item__meeting")
        .order_by("item__meeting__date", "pk")
        .last()
    )
    answered = element.answers.answering()
    judged_on = judgement.item.meeting.date if judgement else None
    closes = bool(judgement) and judgement.category.effect == TrackingCategory.Effect.CLOSES
    return {
        "owner_progress": update.owner_progress if update else Element.OwnerProgress.NOT_STARTED,
        "last_word_on": update.received_on if update else None,
        "evidence_grade": element.updates.aggregate(best=Max("evidence__grade"))["best"] or "",
        "answered_on": answered.aggregate(last=Max("report__item__meeting__date"))["last"],
        "category": judgement.category if judgement else None,
        "judged_on": judged_on,
        "closed_on": judged_on if closes else None,
    }


def refresh(element, *, by, reason):
    """Stores how `element` stands now, and whether that closes or reopens its action. Call inside a transaction.

    The rows are read again under a lock: what the caller holds may be older than what somebody else just saved.
    """
    action = Action.objects.select_for_update().get(pk=element.action_id)
    element = Element.objects.select_for_update().get(pk=element.pk)
    before, now = tallies.share_of(element), standing(element)
    if any(getattr(element, name) != value for name, value in now.items()):
        for name, value in now.items():
            setattr(element, name, value)
        record(element, by=by, reason=reason)
        tallies.add(action, tallies.share_of(element), before)
    refresh_action(action, by=by, reason=reason)


def refresh_action(action, *, by, reason):
    """An action closes when the Board's judgement has closed its elements; lapsed ones are not waited for.

    Where all of them lapsed it takes a judgement on one: only the Board closes. `action` is a row read under a lock.
    """
    left = action.elements.open().exclude(condition_state=Element.ConditionState.LAPSED)
    closed_on = None if left.exists() else action.elements.aggregate(last=Max("closed_on"))["last"]
    if action.closed_on == closed_on:
        return
    was_open, action.closed_on = action.closed_on is None, closed_on
    record(action, by=by, reason=reason)
    tallies.add(action, {"open_actions": closed_on is None}, {"open_actions": was_open})
