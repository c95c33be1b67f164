"""Forms that look like GOV.UK, say what to do about an error, and refuse what a database cannot keep."""

import re
import unicodedata
from datetime import date, datetime

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db.models import BigIntegerField
from django.forms.models import construct_instance
from django.forms.renderers import TemplatesSetting
from django.utils.dates import MONTHS

from scrutiny.toolkit.checking import check
from scrutiny.toolkit.controls import written

PARTS = ("day", "month", "year")
LARGEST_KEY = BigIntegerField.MAX_BIGINT
DJANGO_BLANK = "---------"


class Renderer(TemplatesSetting):
    """Forms outside crispy, Django's own among them, use the same field template."""

    form_template_name = "govuk/uni_form.html"
    field_template_name = "govuk/field.html"

    def render(self, template_name, context, request=None):
        control = written(template_name, context)
        return super().render(template_name, context, request) if control is None else control


class DateWidget(forms.MultiWidget):
    template_name = "govuk/date_input.html"

    def __init__(self, attrs=None):
        boxes = {part: forms.TextInput(attrs={"inputmode": "numeric"}) for part in PARTS}
        super().__init__(boxes, attrs)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for part, box in zip(PARTS, context["widget"]["subwidgets"], strict=True):
            width = 4 if part == "year" else 2
            box["label"] = part.capitalize()
            box["attrs"]["class"] = f"govuk-input govuk-date-input__input govuk-input--width-{width}"
        return context

    def decompress(self, value):
        found = as_date(value)
        return [found.day, found.month, f"{found.year:04}"] if found else [None, None, None]


class ChoiceOfRecord(forms.ModelChoiceField):
    """One of all records of a kind. `known`, which was just read, need not be looked for again."""

    known = None

    def to_python(self, value):
        return self.known if self._is_known(value) else super().to_python(value)

    def _is_known(self, value):
        query = self.queryset.query
        if (
            self.known is None
            or self.known._state.adding
            or query.where
            or query.combinator
            or query.is_sliced
        ):
            return False
        key = getattr(self.known, self.to_field_name or "pk")
        return isinstance(self.known, query.model) and value == str(key)


class ChoiceOfRecords(forms.ModelMultipleChoiceField):
    """Several records to tick. A key that no table can hold is no choice; SQLite would break off at it."""

    def clean(self, value):
        for key in value or []:
            if _is_beyond_any_table(key):
                raise ValidationError(self.error_messages["invalid_choice"], params={"value": key})
        return super().clean(value)


def _is_beyond_any_table(key):
    try:
        return abs(int(key)) > LARGEST_KEY
    except ValueError:
        return False


class HintedCheckboxes(forms.CheckboxSelectMultiple):
    """Boxes to tick, with a hint below those that have one. `hints` is {value: text}."""

    def __init__(self, attrs=None, choices=(), *, hints):
        super().__init__(attrs, choices)
        self.hints = hints

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        option["hint"] = self.hints.get(value, "")
        if option["hint"] and "id" in option["attrs"]:
            option["attrs"]["aria-describedby"] = f"{option['attrs']['id']}_hint"
        return option


class DateField(forms.Field):
    """A date typed as day, month and year. The month may be a word. What was typed stays when it is wrong."""

    widget = DateWidget
    default_error_messages = {
        "invalid": "Enter the day, the month and the year, for example 27 3 2023.",
        "incomplete": "%(label)s must include a %(missing)s.",
        "no_day": "The day must be a number from 1 to 31.",
        "no_month": "The month must be a number from 1 to 12 or a name like March.",
        "no_year": "The year must have 4 numbers, for example 2023.",
        "no_such_date": "%(date)s does not exist. Check the day and month.",
    }

    def to_python(self, value):
        if not isinstance(value, list | tuple):
            return self._from_one_value(value)
        typed = [str(part or "").strip() for part in value]
        if not any(typed):
            return None
        self._refuse_gaps(typed)
        return self._existing(*self._numbers(typed))

    def has_changed(self, initial, data):
        return super().has_changed(as_date(initial), data)

    def parts_in_error(self, error):
        """The positions of the boxes an error is about: all three unless the error says otherwise."""
        return (error.params or {}).get("parts", (0, 1, 2))

    def _from_one_value(self, value):
        found = as_date(value)
        if found is None and str(value or "").strip():
            raise self._error("invalid", [0, 1, 2])
        return found

    def _refuse_gaps(self, typed):
        gaps = [part for part, text in zip(PARTS, typed, strict=True) if not text]
        if gaps:
            label = str(self.label or "The date")
            label = "The date" if label.endswith("?") else label
            parts = [PARTS.index(gap) for gap in gaps]
            raise self._error("incomplete", parts, label=label, missing=" and a ".join(gaps))

    def _numbers(self, typed):
        numbers = day_number(typed[0]), month_number(typed[1]), year_number(typed[2])
        errors = [
            self._error(f"no_{part}", [position])
            for position, (part, number) in enumerate(zip(PARTS, numbers, strict=True))
            if number is None
        ]
        if errors:
            raise ValidationError(errors)
        return numbers

    def _existing(self, day, month, year):
        try:
            return date(year, month, day)
        except ValueError as error:
            raise self._error("no_such_date", [0, 1], date=f"{day} {MONTHS[month]} {year}") from error

    def _error(self, code, parts, **params):
        return ValidationError(self.error_messages[code], code=code, params=params | {"parts": parts})


def as_date(value):
    """A date from what forms use as initial values: a date, a datetime, ISO text or nothing."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            return None
    return value or None


def day_number(text):
    return _between(1, text, 31) if re.fullmatch("[0-9]{1,2}", text) else None


def month_number(text):
    """3 for "3", "03", "Mar", "mar." or "MARCH"."""
    if re.fullmatch("[0-9]{1,2}", text):
        return _between(1, text, 12)
    name = text.rstrip(".").lower()
    matching = [number for number, month in MONTHS.items() if month.lower().startswith(name)]
    return matching[0] if len(matching) == 1 and len(name) >= 3 else None


def year_number(text):
    return _between(1, text, 9999) if re.fullmatch("[0-9]{4}", text) else None


def _between(lowest, text, highest):
    return int(text) if lowest <= int(text) <= highest else None


def refuse_unprintable(text):
    """PostgreSQL cannot keep a NUL, and nobody can see or mend the other control characters later."""
    for position, character in enumerate(str(text)):
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\r\t":
            raise ValidationError(_unprintable_message(text[:position]), code="unprintable")


def _unprintable_message(before):
    words = " ".join(before.split())[-25:]
    where = f" after “{words}”" if words else " at the beginning"
    return f"Remove the characters that cannot be printed{where}."


class HouseStyle:
    """What every form here does; put it before a form class of somebody else to bring that into line.

    `page_heading` names the field whose label is the heading of the page (one question, one page).
    """

    use_required_attribute = False  # the server says what is missing, in words and beside the field
    mark_optional = True
    blank_label = "Choose one"
    page_heading = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = bare_helper()
        for name, field in self.fields.items():
            self.fields[name] = self._in_house_style(name, field)

    def _in_house_style(self, name, field):
        label = field.label or forms.utils.pretty_name(name)
        field = choice_of_record(three_boxes(field))
        give_blank_label(field, self.blank_label)
        if isinstance(field, DateField):
            field.label = label  # its messages name the field
        if isinstance(field, forms.CharField):
            refuse_control_characters(field)
            field.error_messages.setdefault("max_length", too_long(label))
        if type(field.widget) is forms.Textarea and field.widget.attrs.get("rows") == "10":
            field.widget.attrs["rows"] = "5"
        if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = required_message(field, str(label))
        return field


class Form(HouseStyle, forms.Form):
    pass


class ModelForm(HouseStyle, forms.ModelForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, ChoiceOfRecord):
                field.known = self.instance._state.fields_cache.get(name)

    def _post_clean(self):
        """As Django's, by a check that asks the database less."""
        exclude = self._get_validation_exclusions()
        try:
            self.instance = construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)
        except ValidationError as error:
            self._update_errors(error)
        try:
            check(self.instance, exclude=exclude, unique=False)
        except ValidationError as error:
            self._update_errors(error)
        if self._validate_unique:
            self.validate_unique()

    def _update_errors(self, errors):
        """A box that is wrong already says so once: what the model says of its emptiness is left out."""
        for name in self.fields.keys() & self.errors.keys():
            errors.error_dict.pop(name, None)
        super()._update_errors(errors)


class FilterForm(Form):
    """For lists: nothing is required, so nothing needs to say that it is optional."""

    mark_optional = False
    blank_label = "Any"


def bare_helper():
    """The template writes <form> and the token; crispy writes the fields."""
    helper = FormHelper()
    helper.form_tag, helper.disable_csrf, helper.include_media = False, True, False
    helper.render_hidden_fields = True  # a layout never loses a token it does not name
    return helper


def three_boxes(field):
    """Django's date field becomes ours; anything else stays as it is."""
    if type(field) is not forms.DateField or type(field.widget) is not forms.DateInput:
        return field
    same = ("required", "label", "initial", "help_text", "disabled")
    ours = DateField(**{name: getattr(field, name) for name in same})
    ours.error_messages["required"] = field.error_messages["required"]
    return ours


def choice_of_record(field):
    """Django's choice of one record becomes ours, which differs only in what it asks the database."""
    if type(field) is forms.ModelChoiceField:
        field.__class__ = ChoiceOfRecord
    return field


def give_blank_label(field, label):
    """Words in place of Django's row of dashes; radio buttons need neither."""
    if isinstance(field, forms.ModelChoiceField):
        field.empty_label = label if field.empty_label == DJANGO_BLANK else field.empty_label
        return
    choices = list(getattr(field, "choices", []))
    if choices[:1] == [("", DJANGO_BLANK)]:
        is_radio = isinstance(field.widget, forms.RadioSelect)
        field.choices = choices[1:] if is_radio else [("", label), *choices[1:]]


def refuse_control_characters(field):
    others = [each for each in field.validators if not isinstance(each, ProhibitNullCharactersValidator)]
    field.validators = [*others, refuse_unprintable]


def too_long(label):
    return f"{label} must be %(limit_value)d characters or fewer. It has %(show_value)d."


def required_message(field, label):
    """What to do about an empty field, from its label: "Enter the due date", "Select the owner"."""
    if label.endswith("?"):
        return f"Answer “{label}”."
    if isinstance(field, forms.BooleanField):
        return f"Tick “{label}” to go on."
    selects = isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.FileField)
    return f"{'Select' if selects else 'Enter'} {in_sentence(label)}."


def in_sentence(label):
    """ "Due date" → "the due date"; "What was said" → "what was said"; "LSCP lead" → "the LSCP lead"."""
    first, _, rest = label.partition(" ")
    word = first if first[1:2].isupper() else first[:1].lower() + first[1:]
    bare = {"a", "an", "the", "your", "any", "what", "who", "how", "why", "when", "where", "which", "whether"}
    article = "" if word in bare or word.endswith(("’s", "'s")) else "the "
    return f"{article}{word} {rest}".strip()
