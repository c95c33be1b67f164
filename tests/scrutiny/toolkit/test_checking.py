"""What is found wrong with a record is what Django's own full_clean finds."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.forms import modelform_factory

from actions.models import Element, ProgressUpdate
from scrutiny.models import Organisation
from scrutiny.toolkit.checking import check
from scrutiny.toolkit.forms import DateField, ModelForm
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
    with django_assert_max_num_queries(1):  # whether the number is taken
        check(new)


def test_of_a_stored_record_only_what_changed_is_asked(django_assert_num_queries):
    there = factories.ElementFactory()
    there.text, there.last_word_on = "Said anew", date(2024, 1, 1)
    with django_assert_num_queries(0):
        check(there, changed=["text", "last_word_on"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"condition": "If there is money"},
        {"due_from": date(2024, 2, 1), "due_to": date(2024, 1, 1)},
        {"condition_state": "flying"},
        {"category_id": 10**9},
        {"number": 2},
    ],
)
def test_what_a_change_breaks_is_named_as_ever(wrong):
    there = factories.ElementFactory(number=1)
    factories.ElementFactory(action=there.action, number=2)
    for name, value in wrong.items():
        setattr(there, name, value)
    changed = [Element._meta.get_field(name).name for name in wrong]
    found = said(lambda: check(there, changed=changed))
    assert found
    assert found == said(there.full_clean)


def test_a_reference_that_is_taken_is_named_when_it_changes():
    one, other = factories.ActionFactory(), factories.ActionFactory()
    other.reference = one.reference
    assert set(said(lambda: check(other, changed=["reference"]))) == {"reference"}


FIELDS = ["text", "due_from", "due_to", "condition", "condition_state"]
Ours = modelform_factory(Element, ModelForm, FIELDS)
Django = modelform_factory(Element, fields=FIELDS, field_classes={"due_from": DateField, "due_to": DateField})


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"text": ""},
        {"condition_state": "flying", "due_to_year": "2023"},
        {"due_to_year": "2023"},
        {"condition": "If there is money"},
        {"condition": "If there is money", "due_to_year": "2023"},
    ],
)
def test_a_form_says_what_django_says_of_the_record_it_fills(sent):
    window = {"due_from_day": 1, "due_from_month": 2, "due_to_day": 1, "due_to_month": 3}
    years = {"due_from_year": 2024, "due_to_year": 2024}
    sent = {"text": "Words", "condition_state": "unconditional"} | window | years | sent
    ours, django = (form(sent, instance=element()) for form in (Ours, Django))
    assert ours.errors.keys() == django.errors.keys()
    assert ours.errors.get("__all__") == django.errors.get("__all__")


# A choice that was read with the record.


class Body(ModelForm):
    class Meta:
        model = ProgressUpdate
        fields = ["on_behalf_of"]


def body(sent, instance):
    form = Body({"on_behalf_of": sent}, instance=instance)
    return form.fields["on_behalf_of"].clean(str(sent))


def test_the_choice_that_the_record_has_is_not_looked_for_again(django_assert_num_queries):
    organisation = factories.OrganisationFactory()
    with django_assert_num_queries(0):
        assert body(organisation.pk, ProgressUpdate(on_behalf_of=organisation)) is organisation


def test_another_choice_is_looked_for(django_assert_num_queries):
    one, other = factories.OrganisationFactory(), factories.OrganisationFactory()
    with django_assert_num_queries(1):
        assert body(other.pk, ProgressUpdate(on_behalf_of=one)) == other
    with pytest.raises(ValidationError):
        body(10**9, ProgressUpdate(on_behalf_of=one))


def test_a_choice_that_is_not_offered_is_refused_although_the_record_has_it():
    organisation = factories.OrganisationFactory()
    form = Body({"on_behalf_of": str(organisation.pk)}, instance=ProgressUpdate(on_behalf_of=organisation))
    form.fields["on_behalf_of"].queryset = Organisation.objects.exclude(pk=organisation.pk)
    assert "on_behalf_of" in form.errors
    form = Body({"on_behalf_of": str(organisation.pk)}, instance=ProgressUpdate(on_behalf_of=organisation))
    form.fields["on_behalf_of"].queryset = Organisation.objects.none()
    assert "on_behalf_of" in form.errors
