"""The history of an action with everything beneath it, and the action as it once was."""

from dataclasses import dataclass

from actions.models import (
    Action,
    Answer,
    DueRevision,
    Element,
    ElementPart,
    Evidence,
    Judgement,
    ProgressUpdate,
)
from scrutiny.toolkit.dates import end_of

UNDER_ELEMENT = (ElementPart, ProgressUpdate, Answer, Judgement)


def trail_of_action(pk):
    """History querysets of an action, its windows, its elements and all that hangs on them, deleted ones too."""
    elements = Element.history.filter(action_id=pk)
    of_action = [Action.history.filter(id=pk), DueRevision.history.filter(action_id=pk)]
    return [*of_action, elements, *_under(elements.values("id"))]


def trail_of_element(pk):
    return [Element.history.filter(id=pk), *_under([pk])]


def _under(elements):
    rows = [model.history.filter(element_id__in=elements) for model in UNDER_ELEMENT]
    updates = ProgressUpdate.history.filter(element_id__in=elements).values("id")
    return [*rows, Evidence.history.filter(update_id__in=updates)]


@dataclass(frozen=True)
class Past:
    """An action as it stood at the end of a day. `action` is None where it was not in the record yet."""

    action: object
    elements: list


def as_it_was(action, day):
    moment = end_of(day)
    then = Action.history.as_of(moment).filter(pk=action.pk).select_related("addressee").first()
    elements = Element.history.as_of(moment).filter(action_id=action.pk).select_related("category")
    return Past(then, sorted(elements, key=lambda element: element.number))
