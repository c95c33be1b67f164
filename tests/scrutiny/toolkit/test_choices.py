"""Choosing among a few records that are known."""

import pytest
from django import forms

from scrutiny.toolkit.choices import Choice, KnownChoiceField

ARK, MOOR = Choice(3, "Ark"), Choice(5, "Moor")


class BoardForm(forms.Form):
    board = KnownChoiceField(required=False, empty_label="Any")

    def __init__(self, *args, rows):
        super().__init__(*args)
        self.fields["board"].rows = rows


def test_each_form_offers_its_own_rows():
    one, other = BoardForm(rows=[ARK, MOOR]), BoardForm(rows=[MOOR])
    assert list(one.fields["board"].widget.choices) == [("", "Any"), (3, "Ark"), (5, "Moor")]
    assert list(other.fields["board"].widget.choices) == [("", "Any"), (5, "Moor")]


@pytest.mark.parametrize(("sent", "chosen"), [("5", MOOR), ("", None)])
def test_what_is_sent_is_the_row_with_that_key(sent, chosen):
    form = BoardForm({"board": sent}, rows=[ARK, MOOR])
    assert form.is_valid()
    assert form.cleaned_data["board"] is chosen


@pytest.mark.parametrize("sent", ["4", "Ark", "5 or 1=1"])
def test_what_is_not_among_the_rows_is_refused(sent):
    form = BoardForm({"board": sent}, rows=[ARK, MOOR])
    assert form.errors == {
        "board": ["Select a valid choice. That choice is not one of the available choices."]
    }
