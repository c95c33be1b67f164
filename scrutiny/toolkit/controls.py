"""The controls that pages are full of, written here and not by Django's templates, which take ten times as long.

What comes out is the same, to the letter: tests/scrutiny/toolkit/test_controls.py compares.
"""

from functools import lru_cache

from django import forms
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

WIDGETS = "django/forms/widgets"


def attributes(widget):
    return "".join(_attribute(name, value) for name, value in widget["attrs"].items() if value is not False)


def _attribute(name, value):
    name = conditional_escape(name)
    return f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'


def one_line(widget):
    value = widget["value"]
    held = "" if value is None else f' value="{conditional_escape(str(value))}"'
    kind, name = conditional_escape(widget["type"]), conditional_escape(widget["name"])
    return f'<input type="{kind}" name="{name}"{held}{attributes(widget)}>'


def textarea(widget):
    text = conditional_escape(str(widget["value"])) if widget["value"] else ""
    return f'<textarea name="{conditional_escape(widget["name"])}"{attributes(widget)}>\n{text}</textarea>'


def select(widget):
    groups = "".join(_group(name, options) for name, options, _ in widget["optgroups"])
    return f'<select name="{conditional_escape(widget["name"])}"{attributes(widget)}>{groups}\n</select>'


def _group(name, options):
    written = "".join(f"\n  {_option(option)}" for option in options)
    if not name:
        return written
    return f'\n  <optgroup label="{conditional_escape(name)}">{written}\n  </optgroup>'


def _option(option):
    value, label = conditional_escape(str(option["value"])), conditional_escape(option["label"])
    return f'<option value="{value}"{attributes(option)}>{label}</option>\n'


class KnownSelect(forms.Select):
    """For keys and names, each key once and without groups. Django makes a dictionary of each, which takes two thirds
    of the time.
    """

    def render(self, name, value, attrs=None, renderer=None):
        chosen = self.format_value(value)
        options = "".join(_known(str(key), label, str(key) in chosen) for key, label in self.choices)
        written = attributes({"attrs": self.build_attrs(self.attrs, attrs)})
        # Every value is escaped: here, in `attributes` or in `_known`.
        return mark_safe(f'<select name="{conditional_escape(name)}"{written}>{options}\n</select>')


@lru_cache(maxsize=2_000, typed=True)  # of boards, years and bodies; what is safe already differs by its type
def _known(key, name, is_chosen):
    option = {"value": key, "label": name, "attrs": {"selected": True} if is_chosen else {}}
    return f"\n  {_option(option)}"


WRITTEN = {
    f"{WIDGETS}/{name}.html": write
    for names, write in (
        (("text", "number", "email", "password", "hidden", "input", "checkbox"), one_line),
        (("textarea",), textarea),
        (("select",), select),
    )
    for name in names
}


def written(template, context):
    """The control that a template of Django's would write; None for any other template."""
    write = WRITTEN.get(template)
    return write and mark_safe(write(context["widget"]))  # every value was escaped above
