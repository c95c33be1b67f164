"""What the templates need to write GOV.UK markup: {% load govuk %}."""

from functools import lru_cache

from django import forms, template
from django.forms.formsets import BaseFormSet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from scrutiny.toolkit.forms import PARTS, DateField

register = template.Library()

INPUT, SELECT, TEXTAREA, FILE = "govuk-input", "govuk-select", "govuk-textarea", "govuk-file-upload"
CLASSES = [(forms.Select, SELECT), (forms.Textarea, TEXTAREA), (forms.FileInput, FILE)]


@register.simple_tag
def govuk_control(field):
    """The control itself, with its classes; ids, aria-describedby and aria-invalid come from Django.

    Set here and not in the forms, so that forms of other packages are styled as well.
    """
    kind = govuk_kind(field)
    if kind in ("radios", "checkboxes"):
        context = {"kind": kind, "options": _options(field, kind), "field": field}
        return render_to_string("govuk/choices.html", context)
    if kind == "checkbox":
        return field.as_widget(attrs={"class": "govuk-checkboxes__input"})
    if kind == "date":
        return _date_input(field)
    base = _base_class(field.field.widget)
    classes = [base, f"{base}--error" if field.errors else "", field.field.widget.attrs.get("class", "")]
    # No autofocus: an error summary takes the focus itself, and without one a reader starts at the top.
    attrs = {"class": " ".join(filter(None, classes)), "autofocus": False, "cols": False}
    return field.as_widget(attrs=attrs)


@register.filter
def govuk_kind(field):
    """date, radios, checkboxes, checkbox or control: how a field is laid out."""
    widget = field.field.widget
    if isinstance(field.field, DateField):
        return "date"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    return "checkbox" if isinstance(widget, forms.CheckboxInput) else "control"


@register.filter
def label_text(field):
    """The label, and whether the field may be left empty."""
    return format_html("{} (optional)", field.label) if is_optional(field) else field.label


def is_optional(field):
    if govuk_kind(field) == "checkbox" or field.field.disabled:
        return False
    return not field.field.required and getattr(field.form, "mark_optional", True)


@register.filter
def is_page_heading(field):
    return getattr(field.form, "page_heading", None) == field.name


@register.simple_tag
def tag(text, tone=""):
    """A word in a coloured box; the colour only underlines what the word says."""
    return format_html('<strong class="govuk-tag{}">{}</strong>', f" govuk-tag--{tone}" if tone else "", text)


@register.filter
def button_classes(button):
    """A crispy button's own classes, without the Bootstrap ones it is born with."""
    return " ".join(name for name in button.field_classes.split() if not name.startswith("btn"))


@register.filter
def day(when):
    """ "2 March 2026", and nothing for no date."""
    return _written(when, "j F Y") if when else ""


@register.filter
def short_day(when):
    """ "2 Mar 2026", and nothing for no date."""
    return _written(when, "j M Y") if when else ""


@lru_cache(maxsize=10_000)
def _written(when, form):
    """A list writes fifty dates, and the same ones on every page."""
    return date_format(when, form)


@register.filter
def moment(when):
    """ "2 March 2026 at 10:30am", or only the day for a date without a time."""
    if not hasattr(when, "hour"):
        return _written(when, "j F Y")
    local = timezone.localtime(when) if timezone.is_aware(when) else when
    return f"{date_format(local, 'j F Y')} at {date_format(local, 'g:iA').lower()}"


@register.simple_tag
def error_links(*forms_and_formsets):
    """[{"text", "href"}] for the summary: every error of the forms, linked to the control it is about."""
    return [link for each in forms_and_formsets if each for link in _links(each)]


@register.simple_tag
def elided_pages(page):
    """Page numbers to offer, with None for gaps: 1 … 4 5 6 … 12."""
    pages = page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in pages]


@register.simple_tag(takes_context=True)
def selected_filters(context, form):
    """[{"title", "items": [{"text", "href"}]}]: what a list is filtered by, with links that undo it."""
    query = context["request"].GET
    groups = [{"title": field.label, "items": list(_filled(field, query))} for field in form.visible_fields()]
    return [group for group in groups if group["items"]]


def _base_class(widget):
    return next((name for kind, name in CLASSES if isinstance(widget, kind)), INPUT)


def _options(field, kind):
    attrs = {"class": f"govuk-{kind}__input"}
    if field.auto_id:
        attrs["id"] = field.auto_id
    if field.field.disabled:
        attrs["disabled"] = True
    return list(field.field.widget.subwidgets(field.html_name, field.value(), attrs))


def _date_input(field):
    """Marks only the boxes an error is about."""
    widget = field.field.widget
    attrs = {"id": field.auto_id or None, "disabled": field.field.disabled}
    context = widget.get_context(field.html_name, field.value(), attrs)
    wrong = {part for error in _errors(field) for part in field.field.parts_in_error(error)}
    for position in wrong:
        attrs = context["widget"]["subwidgets"][position]["attrs"]
        attrs |= {"class": f"{attrs['class']} govuk-input--error", "aria-invalid": "true"}
    return render_to_string(widget.template_name, context)


def _errors(field):
    return field.form.errors.as_data().get(field.name, [])


def _links(form):
    if isinstance(form, list):
        for each in form:
            yield from _links(each)
        return
    if isinstance(form, BaseFormSet):
        yield from ({"text": text, "href": None} for text in form.non_form_errors())
        for each in form.forms:
            yield from _links(each)
        return
    fields = {field.name: field for field in form}
    first = next((_target(field, None) for field in form.visible_fields()), None)
    for name, errors in form.errors.as_data().items():
        for error in errors:
            href = _target(fields[name], error) if name in fields else first
            yield from ({"text": text, "href": href} for text in error.messages)


def _target(field, error):
    """The id of the first control an error is about. Groups number their controls from 0."""
    if field.is_hidden or not field.auto_id:
        return None
    kind = govuk_kind(field)
    if kind == "date" and error:
        return f"#{field.auto_id}_{field.field.parts_in_error(error)[0]}"
    return f"#{field.auto_id}_0" if kind in ("date", "radios", "checkboxes") else f"#{field.id_for_label}"


def _filled(field, query):
    if govuk_kind(field) == "date":
        if value := field.form.is_valid() and field.form.cleaned_data.get(field.name):
            names = [f"{field.html_name}_{part}" for part in PARTS]
            yield {"text": date_format(value, "j F Y"), "href": _without(query, names)}
        return
    for value in query.getlist(field.html_name):
        if value.strip():
            yield {"text": _shown(field, value), "href": _without(query, [field.html_name], value)}


def _shown(field, value):
    if govuk_kind(field) == "checkbox":
        return "Yes"
    return dict(_flat(getattr(field.field, "choices", ()))).get(value, value)


def _flat(choices):
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), label


def _without(query, names, value=None):
    """The query as a link to page 1, without the named parameters, or without one value of them."""
    rest = query.copy()
    rest.pop("page", None)
    for name in names:
        rest.setlist(name, [other for other in rest.getlist(name) if value is not None and other != value])
    return f"?{rest.urlencode()}"
