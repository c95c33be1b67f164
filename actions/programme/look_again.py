"""Undertakings and parked elements, each with the day on which somebody looks at it again (Q-8, Q-5)."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from actions.models import Element, Undertaking


@dataclass(frozen=True)
class ToLookAt:
    """One line. `day` is None where nobody has set one; `follow_up` is the page on which an officer does."""

    noun: str
    words: str
    source: str
    url: str
    day: date | None
    is_due: bool
    record: object
    follow_up: str


def look_again(user, today):
    """What is due first, then what has no day yet, then the rest by day."""
    rows = [*_undertakings(user, today), *_parked(user, today)]
    return sorted(rows, key=lambda row: (0 if row.is_due else 2 if row.day else 1, row.day or today))


def _undertakings(user, today):
    found = Undertaking.objects.visible_to(user).open().select_related("item__meeting__board").order_by("pk")
    for undertaking in found:
        yield ToLookAt(
            noun="Undertaking",
            words=undertaking.text,
            source=str(undertaking.item.meeting),
            url=undertaking.item.get_absolute_url(),
            day=undertaking.look_on,
            is_due=_is_due(undertaking.look_on, today),
            record=undertaking,
            follow_up=reverse("undertaking-update", args=[undertaking.pk]),
        )


def _parked(user, today):
    for element in Element.objects.visible_to(user).waiting().select_related("action").order_by("pk"):
        yield ToLookAt(
            noun="Parked element",
            words=_with_condition(element),
            source=str(element),
            url=element.get_absolute_url(),
            day=element.check_condition_on,
            is_due=_is_due(element.check_condition_on, today),
            record=element,
            follow_up=reverse("element-condition", args=[element.pk]),
        )


def _with_condition(element):
    """The words of the minutes, and the condition where it does not stand in them."""
    return element.text if element.condition in element.text else f"{element.text} ({element.condition})"


def _is_due(day, today):
    return bool(day) and day <= today
