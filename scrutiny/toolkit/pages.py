"""The one form page, and trying a step whose rules may refuse it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import render


def form_page(request, form, *, title, back, lead="", button="Save", caption="", **context):
    """A page that asks with one form. `back` is where "Cancel" leads."""
    context |= {
        "form": form,
        "page_title": title,
        "caption": caption,
        "lead": lead,
        "back": back,
        "button": button,
    }
    return render(request, "scrutiny/form_page.html", context)


def attempt(form, step):
    """Runs `step`; what the rules of the record refuse becomes an error of the form. True if it went through."""
    try:
        with transaction.atomic():
            step()
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True


def add_errors(form, error):
    """Adds a model's errors, those about fields the form does not show among the general ones."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
