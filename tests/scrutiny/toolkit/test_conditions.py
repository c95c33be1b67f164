"""A rule that is reckoned without the database is kept there too, whatever a record says."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.db.models import CheckConstraint, F, Q, Value
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from actions.models import Action, Element
from scrutiny.toolkit.conditions import is_certain

RULES = [
    (model, constraint)
    for model in apps.get_models()
    for constraint in model._meta.constraints
    if isinstance(constraint, CheckConstraint)
]
DAYS = st.dates(date(2023, 1, 1), date(2023, 1, 3))
NUMBERS = st.integers(-1, 3)


def value_of(field):
    empty = st.none() if field.null else st.nothing()
    if field.choices:
        return empty | st.sampled_from([value for value, _ in field.flatchoices])
    kind = field.target_field.get_internal_type() if field.remote_field else field.get_internal_type()
    if kind == "DateField":
        return empty | DAYS
    if kind in ("CharField", "TextField"):
        return empty | st.sampled_from(["", "a", "A", "a ", "ä"])
    return empty | (NUMBERS if "Integer" in kind or "AutoField" in kind else st.none())


@st.composite
def records(draw):
    """A record of some table, full of anything its columns can hold, and one of the table's rules."""
    model, constraint = draw(st.sampled_from(RULES))
    obj = model()
    for field in model._meta.concrete_fields:
        strategy = value_of(field)
        if not strategy.is_empty:
            setattr(obj, field.attname, draw(strategy))
    return obj, constraint.condition


class WhatIsCertainIsTrue(TestCase):
    @given(records())
    def test_the_database_says_so_too(self, drawn):
        obj, condition = drawn
        if is_certain(condition, obj):
            assert Q(condition).check(obj._get_field_expression_map(meta=obj._meta))


@pytest.mark.parametrize(
    "condition",
    [
        Q(text="a"),
        ~Q(text=""),
        ~Q(text="A"),
        Q(text__in=["b", "a"]),
        Q(due_to__isnull=True),
        Q(due_to=None),
        Q(due_from__lte=F("number")) | Q(number__range=(1, 3)),
        Q(due_from__gt=date(2023, 1, 1)) & Q(due_from=date(2023, 1, 2)),
        Q(due_from__lt=date(2023, 1, 3), due_from__gte=date(2023, 1, 2)),
        ~(Q(text="b") | ~Q(number=2)),
    ],
)
def test_what_a_record_plainly_keeps_is_certain(condition):
    assert is_certain(condition, Element(text="a", number=2, due_from=date(2023, 1, 2)))


@pytest.mark.parametrize(
    "condition",
    [
        Q(text=""),
        ~Q(text="a"),
        Q(due_to=date(2023, 1, 1)),
        ~Q(due_to=date(2023, 1, 1)),
        Q(text__lt="b"),
        Q(text__startswith="a"),
        Q(text=Value("a")),
        Q(text="a") ^ Q(number=3),
        Q(number="2"),
        ~Q(number="2"),
        Q(number=Decimal(2)),
        Q(due_from=datetime(2023, 1, 2)),
        ~Q(due_from=datetime(2023, 1, 3)),
        Q(text="a") & Q(text__regex="a"),
        Q(F("text")),
    ],
)
def test_what_is_broken_unknown_or_seen_differently_is_left_to_the_database(condition):
    assert not is_certain(condition, Element(text="a", number=2, due_from=date(2023, 1, 2)))


def test_a_value_only_the_database_knows_is_left_to_it():
    reckoned = Element(text=F("condition"))
    assert not is_certain(Q(text__isnull=False), reckoned)
    assert not is_certain(~Q(text=""), reckoned)


def test_links_are_compared_by_their_keys():
    assert is_certain(Q(board=F("year")), Action(board_id=3, year_id=3))
    assert not is_certain(Q(board=F("year")), Action(board_id=3, year_id=4))
