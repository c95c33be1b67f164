"""The history of an action with everything beneath it, and the action as it once was."""

from dataclasses import dataclass

from actions.models import (
    Action,
    Answer,
    CarryOver,
    Chase,
    DueRevision,
    Element,
    ElementLearning,
    ElementPart,
    ElementTheme,
    Evidence,
    Judgement,
    ProgrammeItem,
    ProgressUpdate,
)
from reviews.models import LearningPoint, Report
from scrutiny.models import AgendaItem
from scrutiny.models.problems import without_hidden_words
from scrutiny.toolkit.dates import end_of


def trail_of_action(pk, user):
    """History querysets of an action, its windows, its elements and all that hangs on them, deleted ones too.

    What a report or minutes that are still a draft say of them is told to those only who may read these.
    """
    elements = Element.history.filter(action_id=pk)
    of_action = [
        Action.history.filter(id=pk),
        DueRevision.history.filter(action_id=pk),
        CarryOver.history.filter(action_id=pk),
        Chase.history.filter(action_id=pk),
        ProgrammeItem.history.filter(action_id=pk),
    ]
    return [*of_action, elements, *_under(elements.values("id"), user)]


def trail_of_element(pk, user):
    return [Element.history.filter(id=pk), *_under([pk], user)]


def trail_of_link(pk, user):
    """Of a link to learning; none for those who may not see the learning, also where the link is gone."""
    return [_told_to(user, ElementLearning.history.filter(id=pk))]


def _told_to(user, links):
    return links.filter(learning_id__in=LearningPoint.objects.visible_to(user).values("pk"))


def _under(elements, user):
    updates = ProgressUpdate.history.filter(element_id__in=elements)
    answers = Answer.history.filter(element_id__in=elements)
    judgements = Judgement.history.filter(element_id__in=elements)
    return [
        _told_to(user, ElementLearning.history.filter(element_id__in=elements)),
        ElementPart.history.filter(element_id__in=elements),
        ElementTheme.history.filter(element_id__in=elements),
        updates,
        Evidence.history.filter(update_id__in=updates.values("id")),
        answers.filter(report_id__in=Report.objects.visible_to(user).values("pk")),
        judgements.filter(item_id__in=AgendaItem.objects.visible_to(user).values("pk")),
    ]


@dataclass(frozen=True)
class Past:
    """An action as it stood at the end of a day. `action` is None where it was not in the record yet."""

    action: object
    elements: list


def as_it_was(action, day):
    moment = end_of(day)
    then = Action.history.as_of(moment).filter(pk=action.pk).select_related("addressee").first()
    elements = Element.history.as_of(moment).filter(action_id=action.pk).select_related("category")
    return Past(
        next(iter(without_hidden_words("action", [then] if then else [])), None),
        sorted(without_hidden_words("element", elements), key=lambda element: element.number),
    )
