"""What is searched of what was asked, and of what became of it. References of actions never change."""

from actions.models import (
    Action,
    Answer,
    DueRevision,
    Element,
    ElementPart,
    Evidence,
    Judgement,
    ProgressUpdate,
    Undertaking,
)
from actions.models.asks import visible_actions
from actions.models.progress import visible_answers, visible_judgements
from scrutiny.models.search import Guard, Searchable
from scrutiny.search import WITH_THE_ITEM

ASKED_AT = "resolution__item__meeting"

WITH_THE_ACTION = Guard("action", Action, visible_actions)
AS_AN_ANSWER = Guard("answer", Answer, visible_answers)
AS_A_JUDGEMENT = Guard("judgement", Judgement, visible_judgements)


def on_update(update):
    return f"{update.element.get_absolute_url()}#update-{update.pk}"


RECORD = [
    Searchable(
        Action,
        "action",
        WITH_THE_ACTION,
        body=("due_words",),
        meeting=ASKED_AT,
        reference="reference",
        without=Action.DERIVED,
    ),
    Searchable(
        DueRevision,
        "action",
        WITH_THE_ACTION,
        "action_id",
        titled=False,
        body=("reason", "agreed_by", "old_words"),
        board="action__board_id",
        day="changed_on",
        url=lambda revision: revision.action.get_absolute_url(),
        needs=("action",),
    ),
    Searchable(
        Element,
        "element",
        WITH_THE_ACTION,
        "action_id",
        name=lambda element: f"Element {element.number} of {element.action.reference}",
        body=("text", "condition", "due_words"),
        meeting=f"action__{ASKED_AT}",
        without=Element.DERIVED,
    ),
    Searchable(
        ElementPart,
        "element",
        WITH_THE_ACTION,
        "element__action_id",
        name=lambda part: f"Part {part} of {part.element.action.reference}",
        body=("text",),
        meeting=f"element__action__{ASKED_AT}",
        url=lambda part: part.element.get_absolute_url(),
    ),
    Searchable(
        Undertaking,
        "undertaking",
        WITH_THE_ITEM,
        "item_id",
        name=lambda undertaking: f"{undertaking.item.title}: undertaking",
        titled=False,
        body=("text",),
        meeting="item__meeting",
        repeats=("item",),
        url=lambda undertaking: undertaking.item.get_absolute_url(),
    ),
    Searchable(
        ProgressUpdate,
        "update",
        WITH_THE_ACTION,
        "element__action_id",
        titled=False,
        body=("text", "reported_by", "source"),
        board="element__action__board_id",
        day="received_on",
        needs=("element__action",),
        url=on_update,
    ),
    Searchable(
        Evidence,
        "update",
        WITH_THE_ACTION,
        "update__element__action_id",
        board="update__element__action__board_id",
        day="update__received_on",
        repeats=("update",),
        needs=("update__element__action",),
        url=lambda evidence: on_update(evidence.update),
    ),
    Searchable(
        Answer,
        "report",
        AS_AN_ANSWER,
        name=lambda answer: f"Answer to {answer.element}",
        titled=False,
        body=("note",),
        meeting="report__item__meeting",
        needs=("element__action",),
        url=lambda answer: answer.element.get_absolute_url(),
    ),
    Searchable(
        Judgement,
        "judgement",
        AS_A_JUDGEMENT,
        name=lambda judgement: f"Judgement on {judgement.element}",
        titled=False,
        body=("comment",),
        meeting="item__meeting",
        needs=("element__action",),
        url=lambda judgement: judgement.element.get_absolute_url(),
    ),
]
