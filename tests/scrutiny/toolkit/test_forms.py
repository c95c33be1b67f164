from datetime import date, datetime

import pytest
from bs4 import BeautifulSoup
from crispy_forms.bootstrap import FormActions
from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Column, Div, Fieldset, Layout, Row, Submit
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_errors, as_crispy_form
from crispy_forms.utils import render_crispy_form
from django import forms
from django.core.exceptions import ValidationError
from django.forms import formset_factory
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.models import Board
from scrutiny.toolkit.forms import ChoiceOfRecords, DateField, FilterForm, Form, HouseStyle, in_sentence

pytestmark = pytest.mark.urls(__name__)  # these forms know none of our pages
urlpatterns = []
STATES = [("", "---------"), ("open", "Open"), ("closed", "Closed")]


class Update(Form):
    title = forms.CharField(label="Title", max_length=10, help_text="As it stands in the minutes")
    received = DateField(label="Date received")
    agreed = forms.DateField(label="Agreed on", required=False)
    text = forms.CharField(label="What was reported", widget=forms.Textarea, required=False)
    state = forms.ChoiceField(choices=STATES)
    grade = forms.ChoiceField(choices=STATES[1:], widget=forms.RadioSelect)
    themes = forms.MultipleChoiceField(choices=STATES[1:], widget=forms.CheckboxSelectMultiple)
    checked = forms.BooleanField(label="This names no child")
    paper = forms.FileField(label="Minutes", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def soup(html):
    return BeautifulSoup(html, "html.parser")


def page_of(form):
    return soup(render_crispy_form(form))


def summary_of(**context):
    return soup(render_to_string("includes/error_summary.html", context))


def cleaned(*typed, **options):
    return DateField(label="The date", **options).clean(list(typed))


def refusal(*typed):
    with pytest.raises(ValidationError) as caught:
        cleaned(*typed)
    return caught.value.messages


# Dates


@given(st.dates(), st.sampled_from(["%m", "%B", "%b"]))
def test_every_date_comes_back_however_its_month_is_written(day, month):
    assert cleaned(str(day.day), day.strftime(month), f"{day.year:04}") == day


@given(st.dates())
def test_every_date_shown_in_the_boxes_is_read_back_and_counts_as_unchanged(day):
    field = DateField()
    shown = [str(part) for part in field.widget.decompress(day)]
    assert field.clean(shown) == day
    assert not field.has_changed(day, shown)


@given(st.lists(st.text() | st.none(), min_size=3, max_size=3) | st.text() | st.none())
def test_whatever_is_typed_is_a_date_nothing_or_a_sentence(typed):
    try:
        found = DateField(required=False).clean(typed)
    except ValidationError as error:
        found = error.messages
    assert found is None or isinstance(found, date) or all(message.endswith(".") for message in found)


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", "MAR.", " march "])
def test_a_month_may_be_a_number_or_a_word(month):
    assert cleaned("8", month, "2023") == date(2023, 3, 8)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (("31", "2", "2023"), "31 February 2023 does not exist. Check the day and month."),
        (("8", "", "2023"), "The date must include a month."),
        (("", "3", ""), "The date must include a day and a year."),
        (("0", "3", "2023"), "The day must be a number from 1 to 31."),
        (("8", "Ma", "2023"), "The month must be a number from 1 to 12 or a name like March."),
        (("8", "13", "2023"), "The month must be a number from 1 to 12 or a name like March."),
        (("8", "3", "23"), "The year must have 4 numbers, for example 2023."),
        (("٨", "3", "2023"), "The day must be a number from 1 to 31."),
    ],
)
def test_a_date_that_cannot_be_read_says_what_to_do(typed, sentence):
    assert refusal(*typed) == [sentence]


def test_every_wrong_box_is_named():
    assert len(refusal("x", "y", "z")) == 3


def test_an_empty_date_is_nothing_unless_it_is_required():
    assert cleaned("", " ", None, required=False) is None
    assert Update({}).errors["received"] == ["Enter the date received."]


def test_a_date_may_start_from_a_date_a_moment_or_iso_text():
    for initial in (date(2023, 3, 8), datetime(2023, 3, 8, 10, 30), "2023-03-08"):
        assert DateField().widget.decompress(initial) == [8, 3, "2023"]
        assert not DateField().has_changed(initial, ["8", "3", "2023"])
    assert DateField().has_changed(None, ["8", "3", "2023"])
    assert not DateField().has_changed(None, ["", "", ""])


def test_a_date_works_in_a_formset():
    class Line(Form):
        due = DateField(required=False)

    data = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"}
    data |= {"form-0-due_day": "8", "form-0-due_month": "3", "form-0-due_year": "2023"}
    formset = formset_factory(Line)(data)
    assert formset.is_valid()
    assert formset.cleaned_data == [{"due": date(2023, 3, 8)}]


def test_djangos_own_date_fields_become_three_boxes():
    assert isinstance(Update().fields["agreed"], DateField)
    assert not Update().fields["agreed"].required


# Words


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\x7f", "\x85", "\ud800"])
def test_characters_that_cannot_be_printed_are_refused_with_their_place(character):
    form = Update({"text": f"The Board asked{character}for more"})
    assert form.errors["text"] == ["Remove the characters that cannot be printed after “The Board asked”."]


def test_line_ends_tabs_accents_and_emoji_are_kept():
    form = Update({"text": "Zoë\r\n\tsaid “yes” 👍"})
    assert "text" not in form.errors
    assert form.cleaned_data["text"] == "Zoë\r\n\tsaid “yes” 👍"


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["9" * 19, "-" + "9" * 30, "9" * 5000, "none", ""])
def test_a_key_that_no_table_can_hold_is_no_choice(key):
    with pytest.raises(ValidationError, match="valid"):
        ChoiceOfRecords(Board.objects.all()).clean([key])


def test_what_is_missing_is_asked_for_by_its_name():
    errors = {name: messages[0] for name, messages in Update({}).errors.items()}
    assert errors == {
        "title": "Enter the title.",
        "received": "Enter the date received.",
        "state": "Select the state.",
        "grade": "Select the grade.",
        "themes": "Select the themes.",
        "checked": "Tick “This names no child” to go on.",
    }


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("Due date", "the due date"),
        ("What was said", "what was said"),
        ("LSCP lead", "the LSCP lead"),
        ("Your name", "your name"),
        ("Chair’s letter", "chair’s letter"),
    ],
)
def test_labels_are_put_into_a_sentence(label, sentence):
    assert in_sentence(label) == sentence


def test_a_form_may_have_its_own_sentence():
    class Own(Form):
        name = forms.CharField(error_messages={"required": "Who said it?"})
        why = forms.CharField(label="Why is this changed?")

    assert Own({}).errors == {"name": ["Who said it?"], "why": ["Answer “Why is this changed?”."]}


def test_a_text_that_is_too_long_says_by_how_much():
    assert Update({"title": "x" * 12}).errors["title"] == ["Title must be 10 characters or fewer. It has 12."]


# What the page shows


def test_every_control_has_its_label_its_hint_and_its_error():
    page = page_of(Update({"received_day": "3"}))
    for control in page.select("input:not([type=hidden]), select, textarea"):
        assert page.select_one(f'label[for="{control["id"]}"]'), control
    for described in page.select("[aria-describedby]"):
        assert all(page.find(id=name) for name in described["aria-describedby"].split()), described


def test_ids_are_unique():
    ids = [tag["id"] for tag in page_of(Update({})).select("[id]")]
    assert len(ids) == len(set(ids))


def test_errors_are_marked_on_the_control_that_is_wrong():
    page = page_of(Update({"received_day": "31", "received_month": "2", "received_year": "2023"}))
    assert "govuk-select--error" in page.select_one("#id_state")["class"]
    assert "govuk-input--error" in page.select_one("#id_title")["class"]
    assert "govuk-input--error" in page.select_one("#id_received_0")["class"]
    assert "govuk-input--error" not in page.select_one("#id_received_2")["class"]
    assert page.select_one("#id_received_0")["value"] == "31"
    assert page.select_one("p.govuk-error-message > .govuk-visually-hidden").text == "Error:"


def test_the_error_summary_leads_to_the_control():
    form = Update({"received_day": "8", "received_month": "", "received_year": "2023"})
    page, links = page_of(form), [link["href"] for link in summary_of(form=form).select("a")]
    assert links == ["#id_title", "#id_received_1", "#id_state", "#id_grade_0", "#id_themes_0", "#id_checked"]
    assert all(page.select_one(link).name in ("input", "select") for link in links)


def test_the_error_summary_speaks_for_formsets_too():
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "2", "form-0-state": "open"}
    links = [link["href"] for link in summary_of(formset=formset_factory(Update)(data)).select("a")]
    assert "#id_form-0-title" in links
    assert "#id_form-1-state" in links


def test_there_is_no_error_summary_without_errors():
    assert summary_of(form=Update()).text.strip() == ""
    assert summary_of().text.strip() == ""


def test_optional_fields_say_so_and_filters_do_not():
    class Filter(FilterForm):
        q = forms.CharField(label="Words", required=False)
        state = forms.ChoiceField(choices=STATES, required=False)

    assert "Agreed on (optional)" in page_of(Update()).text
    assert "(optional)" not in page_of(Filter()).text
    assert page_of(Filter()).select_one("option").text == "Any"
    assert page_of(Update()).select_one("option").text == "Choose one"


def test_labels_hints_and_choices_are_escaped():
    class Nasty(Form):
        name = forms.CharField(label="<b>n</b>", help_text="<i>h</i>")
        pick = forms.ChoiceField(label="<b>p</b>", choices=[("a", "<u>a</u>")], widget=forms.RadioSelect)

    page = page_of(Nasty({}))
    assert not page.select("b, i, u")
    assert "<u>a</u>" in page.text


def test_crispy_and_django_render_the_same_fields():
    crispy, django = page_of(Update()), soup(str(Update()))
    names = [tag["name"] for tag in crispy.select("[name]")]
    assert names == [tag["name"] for tag in django.select("[name]")]
    assert "govuk-textarea" in django.select_one("textarea")["class"]
    assert django.select_one("textarea")["rows"] == "5"


def test_a_layout_keeps_hidden_fields_and_writes_govuk_buttons():
    form = Update()
    form.helper.layout = Layout(Fieldset("Who & when", "title"), Div("received"), Submit("save", "Save"))
    page = page_of(form)
    assert page.select_one("input[name=token]")
    assert page.select_one("legend").text == "Who & when"
    assert page.select_one("button[type=submit]")["class"] == ["govuk-button"]
    assert not page.select("form")


def test_a_form_of_somebody_else_can_be_brought_into_line():
    class Foreign(forms.Form):
        name = forms.CharField()

    class Ours(HouseStyle, Foreign):
        page_heading = "name"

    assert Ours({}).errors["name"] == ["Enter the name."]
    assert page_of(Ours()).select_one("h1 label").text.strip() == "Name"


def test_nothing_is_required_by_the_browser_and_nothing_has_inline_style_or_script():
    page = page_of(Update({}))
    assert not page.select("[required], [style], script, [autofocus]")


# What crispy-forms may ask of its template pack although no page of ours does yet


class Named(Form):
    name = forms.CharField(label="Name")


def test_crispy_s_rows_and_buttons_have_the_markup_of_the_pack():
    form = Named()
    form.helper = FormHelper()
    form.helper.layout = Layout(
        Row(Column("name")), FormActions(Submit("save", "Save")), ButtonHolder(Submit("go", "Go"))
    )
    page = soup(render_crispy_form(form))
    assert page.select_one(".govuk-grid-row [name=name]")
    assert [button["name"] for button in page.select(".govuk-button-group [type=submit], .govuk-button")] == [
        "save",
        "go",
    ]


def test_crispy_s_sets_of_forms_hold_every_form_and_their_errors_in_words():
    names = formset_factory(Named, extra=2)
    page = soup(render_crispy_form(names()))
    assert len(page.select("input[type=text]")) == 2
    assert len(soup(as_crispy_form(names(), "govuk", "", "")).select("input[type=text]")) == 2
    sent = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0, "form-0-name": ""}
    wrong = formset_factory(Named, min_num=1, validate_min=True, extra=0)(sent)
    assert not wrong.is_valid()
    assert soup(as_crispy_errors(wrong)).select_one(".govuk-error-summary")


def test_crispy_s_errors_of_one_form_are_a_summary():
    form = Named({"name": ""})
    assert not form.is_valid()
    assert "Enter the name." in soup(as_crispy_errors(form)).select_one(".govuk-error-summary").text
