"""What in the record contradicts itself or was forgotten: each check with the list behind its number."""

from dataclasses import dataclass

from django.views.generic import TemplateView

from actions import inherited
from actions.filters import ACTION_STATES, ELEMENT_STATES, narrowed
from actions.models import Action, Element
from actions.tallies import differences
from scrutiny.overview.dashboard import list_of
from scrutiny.toolkit.access import Permitted

LISTS = {"element": (Element, ELEMENT_STATES), "action": (Action, ACTION_STATES)}

CHECKS = [  # noun, state of its list, title, what to do
    (
        "element",
        "no_evidence",
        "Complete, says the owner, and nothing shows it",
        "Ask what shows it, and add that to the update as evidence.",
    ),
    (
        "element",
        "no_word",
        "Judged, though nobody ever reported on it",
        "Record the update or the report that the Board had before it.",
    ),
    (
        "element",
        "backwards",
        "Due before it was agreed",
        "Look the window up in the minutes and change it. The one before is kept.",
    ),
    (
        "action",
        "no_holder",
        "Addressed to nobody in particular",
        "Choose the post that answers, and record who holds it, so that reminders reach somebody.",
    ),
    ("element", "silent", "No word for 90 days", "Open a round, or chase its owner."),
    ("element", "condition", "A condition to look at again", "Say where it stands and when to look next."),
]


@dataclass(frozen=True)
class Check:
    """`count` records of `noun` that are not as they should be, and the address of their list."""

    noun: str
    title: str
    what_to_do: str
    count: int
    url: str


def checks(user, today):
    return [_check(user, today, *check) for check in CHECKS]


def _check(user, today, noun, state, title, what_to_do):
    model, states = LISTS[noun]
    found = narrowed(model.objects.visible_to(user), states, state, today)
    return Check(noun, title, what_to_do, found.count(), list_of(f"{noun}-list", state=state))


class CheckList(Permitted, TemplateView):
    permission = "view_drafts"
    template_name = "scrutiny/check_list.html"

    def get_context_data(self, **kwargs):
        found = checks(self.request.user, self.request.today)
        to_look_at = [check for check in found if check.count]
        return super().get_context_data(**kwargs) | {
            "to_look_at": to_look_at,
            "clean": [check for check in found if not check.count],
            "count": sum(check.count for check in to_look_at),
            "tallies": len(differences()),
            "kept": inherited.wrong_actions().count() + inherited.wrong_elements().count(),
        }
