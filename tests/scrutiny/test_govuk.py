"""What {% load govuk %} writes."""

import pytest
from django import forms
from django.template import Context, Template

from scrutiny.toolkit.forms import Form


class Asked(Form):
    day = forms.CharField(label="<b>Day</b>", required=False)
    place = forms.CharField(label="<b>Place</b>")


def written(template, **context):
    return Template(f"{{% load govuk %}}{template}").render(Context(context))


@pytest.mark.parametrize(
    ("text", "tone", "expected"),
    [
        ("3 late", "red", '<strong class="govuk-tag govuk-tag--red">3 late</strong>'),
        ("<b>", "", '<strong class="govuk-tag">&lt;b&gt;</strong>'),
        ("New", '"><b>', '<strong class="govuk-tag govuk-tag--&quot;&gt;&lt;b&gt;">New</strong>'),
    ],
)
def test_a_tag_has_a_tone_where_one_is_given_and_is_escaped(text, tone, expected):
    assert written("{% tag text tone %}", text=text, tone=tone) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("day", "&lt;b&gt;Day&lt;/b&gt; (optional)"), ("place", "&lt;b&gt;Place&lt;/b&gt;")],
)
def test_a_label_says_what_may_be_left_empty_and_is_escaped(name, expected):
    assert written("{{ field|label_text }}", field=Asked()[name]) == expected
