"""How an element stands, summed up from the rows beneath it. The only writer of `Element.DERIVED`.

The sums are kept on the element so that lists read one table. They can always be reckoned again: `standing`
is the definition, and `refresh` stores what it says.
"""

from django.db.models import Max, OuterRef, Subquery

from actions.models import Answer, Element, Evidence, Judgement, ProgressUpdate
from scrutiny.models import TrackingCategory
from scrutiny.toolkit.history import record
from scrutiny.toolkit.kept import Kept

Effect = TrackingCategory.Effect


def standing(element):
    """{attribute: value} for every field of `Element.DERIVED`, read in one statement."""
    *reported, category, effect, judged_on = BENEATH.of(element.pk)
    progress, last_word_on, grade, answered_on = reported
    return {
        "owner_progress": progress or Element.OwnerProgress.NOT_STARTED,
        "last_word_on": last_word_on,
        "evidence_grade": grade or "",
        "answered_on": answered_on,
        "category_id": category,
        "judged_on": judged_on,
        "closed_on": judged_on if effect == Effect.CLOSES else None,
    }


def _last(rows, *order):
    """The first of `rows` beneath the element in this order."""
    return lambda name: Subquery(rows.order_by(*order).values(name)[:1])


_update = _last(ProgressUpdate.objects.filter(element=OuterRef("pk")), "-received_on", "-pk")
_judgement = _last(
    Judgement.objects.filter(element=OuterRef("pk")).exclude(category__effect=Effect.NOT_REVIEWED),
    "-item__meeting__date",
    "-pk",
)
_evidence = _last(Evidence.objects.filter(update__element=OuterRef("pk")), "-grade")
_answer = _last(Answer.objects.answering().filter(element=OuterRef("pk")), "-report__item__meeting__date")
BENEATH = Kept(
    Element.objects.order_by().values_list(
        _update("owner_progress"),
        _update("received_on"),
        _evidence("grade"),
        _answer("report__item__meeting__date"),
        _judgement("category"),
        _judgement("category__effect"),
        _judgement("item__meeting__date"),
    )
)


def refresh(element, *, by, reason):
    """Stores how `element` stands now, and whether that closes or reopens its action. Call inside a transaction.

    The rows are read again under a lock: what the caller holds may be older than what somebody else just saved. The
    action is locked first, as everywhere.
    """
    rows = Element.objects.select_related("action").select_for_update(of=("action", "self"))
    element = rows.order_by("pk").get(pk=element.pk)
    now = standing(element)
    changed = [name for name, value in now.items() if getattr(element, name) != value]
    if not changed:
        return
    for name in changed:
        setattr(element, name, now[name])
    record(element, by=by, reason=reason, changed=[Element._meta.get_field(name).name for name in changed])
    if "closed_on" in changed:
        refresh_action(element.action, by=by, reason=reason)


def refresh_action(action, *, by, reason):
    """An action closes when the Board's judgement has closed its elements; lapsed ones are not waited for.

    Where all of them lapsed it takes a judgement on one: only the Board closes. `action` is a row read under a lock.
    """
    left = action.elements.open().exclude(condition_state=Element.ConditionState.LAPSED)
    closed_on = None if left.exists() else action.elements.aggregate(last=Max("closed_on"))["last"]
    if action.closed_on == closed_on:
        return
    action.closed_on = closed_on
    record(action, by=by, reason=reason, changed=["closed_on"])
