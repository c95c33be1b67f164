import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.toolkit.controls import KnownSelect
from scrutiny.toolkit.forms import Renderer

TEXT = st.text(max_size=12)
VALUES = st.none() | TEXT | st.integers()
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["class", "rows", "data-x", "disabled", "aria-label"]),
    TEXT | st.booleans() | st.integers(),
)
PAIRS = st.lists(st.tuples(TEXT, TEXT), max_size=4)
NAMED = st.dictionaries(TEXT, TEXT, max_size=5) | st.dictionaries(st.integers(), TEXT, max_size=5)
CHOICES = st.lists(st.tuples(TEXT, TEXT) | st.tuples(TEXT, PAIRS), max_size=5)
LINES = [
    forms.TextInput,
    forms.NumberInput,
    forms.EmailInput,
    forms.PasswordInput,
    forms.HiddenInput,
    forms.CheckboxInput,
    forms.Textarea,
]


def is_the_same(widget, value, attrs):
    ours, djangos = (
        widget.render("a<b", value, attrs, renderer) for renderer in (Renderer(), TemplatesSetting())
    )
    assert ours == djangos
    assert hasattr(ours, "__html__")


@pytest.mark.parametrize("widget", LINES)
@settings(max_examples=40, deadline=None)
@given(value=VALUES, attrs=ATTRIBUTES)
def test_a_control_is_what_django_writes(widget, value, attrs):
    is_the_same(widget(), value, attrs)


@settings(max_examples=60, deadline=None)
@given(choices=CHOICES, value=VALUES, attrs=ATTRIBUTES)
def test_a_select_is_what_django_writes(choices, value, attrs):
    is_the_same(forms.Select(choices=choices), value, attrs)


@settings(max_examples=60, deadline=None)
@given(choices=NAMED, chosen=VALUES, attrs=ATTRIBUTES)
def test_a_select_of_keys_and_names_is_what_django_writes(choices, chosen, attrs):
    pairs = list(choices.items())
    for value in [chosen, *choices]:
        ours = KnownSelect({"data-x": "<"}, pairs).render("a<b", value, attrs)
        assert ours == forms.Select({"data-x": "<"}, pairs).render("a<b", value, attrs, TemplatesSetting())
        assert hasattr(ours, "__html__")


def test_a_name_that_is_safe_is_another_than_the_same_that_is_not():
    for name in ("R&amp;D", mark_safe("R&amp;D"), "R&amp;D", lazystr("R&amp;D")):
        pairs = [(1, name)]
        ours, djangos = (
            each(choices=pairs).render("a", 1, {}, TemplatesSetting()) for each in (KnownSelect, forms.Select)
        )
        assert ours == djangos


@pytest.mark.parametrize("text", ["Any & <all>", mark_safe("Any &amp; all")])
def test_lazy_and_safe_texts_are_what_django_writes(text):
    later = lazystr(text)
    is_the_same(
        forms.Select(choices=[("a", text), ("b", later), (later, [(text, later)])]), later, {"title": later}
    )


def test_any_other_control_is_left_to_django():
    is_the_same(forms.CheckboxSelectMultiple(choices=[("a", "A")]), ["a"], {})
