"""What is found wrong with a record is what Django's own full_clean finds."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from actions.models import Element, ProgressUpdate
from scrutiny.toolkit.checking import check
from tests import factories

pytestmark = pytest.mark.django_db


def said(step):
    try:
        step()
    except ValidationError as error:
        return error.message_dict
    return {}


def broken(obj):
    """What both say of it, which must be the same."""
    ours = said(lambda: check(obj))
    assert ours == said(obj.full_clean)
    return ours


def element(**values):
    return factories.ElementFactory.build(action=factories.ActionFactory(), **values)


def test_a_record_that_keeps_the_rules_passes():
    assert broken(element()) == {}
    assert broken(factories.ElementFactory()) == {}


def test_each_broken_rule_of_the_table_is_named():
    backwards = {"due_from": date(2024, 2, 1), "due_to": date(2024, 1, 1)}
    assert len(broken(element(**backwards))["__all__"]) == 1
    assert len(broken(element(condition="If there is money"))["__all__"]) == 1
    assert len(broken(element(condition="If there is money", **backwards))["__all__"]) == 2


def test_what_is_there_already_is_refused():
    there = factories.ElementFactory()
    assert broken(Element(action=there.action, number=there.number, text="Again"))


def test_a_value_that_is_missing_or_unknown_is_named_beside_its_field():
    assert set(broken(element(text="", condition_state="flying"))) >= {"text", "condition_state"}
    assert "action" in broken(Element(number=1, text="Of nothing"))


def test_a_link_that_was_not_read_is_looked_for():
    update = factories.UpdateFactory()
    assert "element" in broken(
        ProgressUpdate(element_id=10**9, text="Of nothing", on_behalf_of=update.on_behalf_of)
    )


def test_a_record_costs_one_question_however_many_rules_its_table_has(django_assert_max_num_queries):
    new = element()
    with django_assert_max_num_queries(4):  # a savepoint, the rules, its release; whether the number is taken
        check(new)
