import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.toolkit.forms import Renderer

TEXT = st.text(max_size=12)
VALUES = st.none() | TEXT | st.integers()
ATTRIBUTES = st.dictionaries(
    st.sampled_from(["class", "rows", "data-x", "disabled", "aria-label"]),
    TEXT | st.booleans() | st.integers(),
)
PAIRS = st.lists(st.tuples(TEXT, TEXT), max_size=4)
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


@pytest.mark.parametrize("text", ["Any & <all>", mark_safe("Any &amp; all")])
def test_lazy_and_safe_texts_are_what_django_writes(text):
    later = lazystr(text)
    is_the_same(
        forms.Select(choices=[("a", text), ("b", later), (later, [(text, later)])]), later, {"title": later}
    )


def test_any_other_control_is_left_to_django():
    is_the_same(forms.CheckboxSelectMultiple(choices=[("a", "A")]), ["a"], {})
