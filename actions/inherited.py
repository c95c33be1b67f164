"""What an action takes over from its resolution, the item it was asked under, and its place among references; and what
an element takes over from its action: that item, the board that follows it, its window, and the day it was asked.

They are kept on action and element, and not in their histories, so that lists and numbers read one table in the order
of an index, and so that who may see them is told from the item itself. This is the only writer: both take them over as
they are saved, and what changes later on the action, its resolution or its meeting is handed down. They can always be
reckoned again: `RIGHT_ITEM`, `RIGHT_PLACE` and `right` are the definitions.
"""

from datetime import date

from django.db.models import CharField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, Greatest, Length, LPad, Substr
from django.db.models.lookups import Exact
from django.db.models.signals import post_save, pre_save

from actions.models import Action, Element
from scrutiny.models import Meeting, Resolution
from scrutiny.toolkit.history import changed_only

ITEM = "resolution__item"
MEETING = f"{ITEM}__meeting"


DIGITS = 5  # in a place
WRITTEN_NUMBER = Cast("number", CharField())
LENGTH_OF_SERIES = Length("reference") - Greatest(Value(2), Length(WRITTEN_NUMBER))

RIGHT_ITEM = Subquery(Resolution.objects.filter(pk=OuterRef("resolution")).order_by().values("item"))
RIGHT_PLACE = Concat(Substr("reference", 1, LENGTH_OF_SERIES), LPad(WRITTEN_NUMBER, DIGITS, Value("0")))


def connect():
    pre_save.connect(_take_over_item, sender=Action, dispatch_uid="inherited by an action")
    pre_save.connect(_take_over, sender=Element, dispatch_uid="inherited by an element")
    post_save.connect(_hand_down, sender=Action, dispatch_uid="inherited from an action")
    post_save.connect(_hand_down_item, sender=Resolution, dispatch_uid="inherited from a resolution")
    post_save.connect(_hand_down_day, sender=Meeting, dispatch_uid="inherited from a meeting")


def inherit_item(action, resolution):
    """Sets on `action` the item of its resolution, and its place: "SB-CF 22/23-07" stands at "SB-CF 22/23-00007"."""
    action.item_id = resolution.item_id
    series = action.reference[: -len(f"{action.number:02}")]
    action.place = f"{series}{action.number:0{DIGITS}}"


def inherit(element, action):
    """Sets on `element` what it takes over. Its window begins and ends on the later of its own day and the action's."""
    element.item_id = action.item_id
    element.board_id = action.board_id
    element.window_from = _later_day(element.due_from, action.due_from)
    element.window_to = _later_day(element.due_to, action.due_to)
    element.asked_on = action.resolution.item.meeting.date


def _later_day(*days):
    return max(filter(None, days), default=None)


def _take_over_item(sender, instance, raw=False, **kwargs):
    if not (raw or changed_only(instance, Action.DERIVED)):
        inherit_item(instance, _resolution_of(instance))


def _resolution_of(action):
    """As it is in the record now: of an action that was there, the resolution it holds may be older."""
    if action._state.adding:
        return action.resolution
    return Resolution.objects.only("item").get(pk=action.resolution_id)


def _take_over(sender, instance, raw=False, **kwargs):
    """In a fixture, the action may not be there yet; and where sums alone changed, there is nothing to take over."""
    if not (raw or changed_only(instance, Element.DERIVED)):
        inherit(instance, _action_of(instance))


def _action_of(element):
    """As it is in the record now: of an element that was there, the action it holds may be older."""
    is_held = Element._meta.get_field("action").is_cached(element)
    if is_held and element._state.adding:
        return element.action
    action = Action.objects.select_related(MEETING).get(pk=element.action_id)
    if not is_held:
        element.action = action  # the search goes the same way to the meeting
    return action


def _hand_down(sender, instance, created, raw=False, **kwargs):
    """To all its elements, whatever they hold: one that somebody else just saves may hold less than is seen here."""
    if not (created or raw):
        Element.objects.filter(action=instance).update(**right(_looked_up))


def _hand_down_item(sender, instance, created, raw=False, **kwargs):
    if not (created or raw):
        Action.objects.filter(resolution=instance).exclude(item=instance.item_id).update(item=RIGHT_ITEM)
        asked = Element.objects.filter(action__resolution=instance).exclude(item=instance.item_id)
        asked.update(**right(_looked_up))


def _hand_down_day(sender, instance, created, raw=False, **kwargs):
    if not (created or raw):
        asked = Element.objects.filter(**{f"action__{MEETING}": instance})
        asked.exclude(asked_on=instance.date).update(asked_on=instance.date)


def right(of_action):
    """{name of a field: what it should be}; `of_action` leads from an element to what its action says."""
    return {
        "item": of_action(ITEM),
        "board": of_action("board"),
        "window_from": _later("due_from", of_action("due_from")),
        "window_to": _later("due_to", of_action("due_to")),
        "asked_on": of_action(f"{MEETING}__date"),
    }


def _later(one, other):
    """The later of two dates in the database; the one that is there if the other is not."""
    return Greatest(Coalesce(one, other), Coalesce(other, one))


def _joined(name):
    return F(f"action__{name}")


def _looked_up(name):
    """Where rows are updated nothing can be joined."""
    return Subquery(Action.objects.filter(pk=OuterRef("action")).order_by().values(name))


def wrong_actions():
    """The actions that do not hold the item and the place they should."""
    return Action.objects.exclude(item=F(ITEM), place=RIGHT_PLACE).order_by("pk")


def wrong_elements():
    """The elements that do not hold what they should."""
    differs = Q()
    for name, value in right(_joined).items():
        differs |= ~Q(Exact(_or_none(name, F(name)), _or_none(name, value)))
    return Element.objects.filter(differs).order_by("pk")


def _or_none(name, value):
    """A value that can be compared: databases take two empty dates for neither equal nor different."""
    return value if name in ("item", "board") else Coalesce(value, Value(date.min))


def mend():
    """Gives every action and element what it should hold; the numbers of those that were wrong."""
    actions = wrong_actions().order_by().update(item=RIGHT_ITEM, place=RIGHT_PLACE)
    return actions, wrong_elements().order_by().update(**right(_looked_up))
