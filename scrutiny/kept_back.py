"""What an auditor reads only by a reason that is logged (D.7): opened for one session, and for an hour."""

import time
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject

from scrutiny.events import log
from scrutiny.toolkit.access import Grant, Role, grants_of, permitted
from scrutiny.toolkit.forms import Form
from scrutiny.toolkit.pages import form_page

OPEN_FOR = 60 * 60  # seconds


@dataclass(frozen=True)
class Opening:
    label: str
    event: str
    role: Role  # what the reader holds besides for that hour


OPENINGS = {
    "cases": Opening(
        "Review cases that are not published",
        "cases_opened",
        Role(
            "reader_of_cases", "Auditor, by a reason", "Reads cases for an hour.", frozenset({"view_cases"})
        ),
    ),
    "exempt": Opening(
        "Exempt and confidential items",
        "exempt_viewed",
        Role(
            "reader_of_exempt", "Auditor, by a reason", "Reads items for an hour.", frozenset({"view_exempt"})
        ),
    ),
}


class KeptBack:
    """Middleware: whoever opened something in this session holds what that gives, until the hour is over."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        person = request.user
        request.user = SimpleLazyObject(lambda: _with_opened(person, request.session))
        return self.get_response(request)


def _with_opened(user, session):
    if opened := list(_open_now(session)):
        auditing = [grant for grant in grants_of(user) if "audit" in grant.role.permissions]
        given = [Grant(OPENINGS[what].role, grant.board_id) for what in opened for grant in auditing]
        user.grants = [*grants_of(user), *given]
    return user


def _open_now(session):
    now = time.time()
    return (what for what, until in session.get("opened", {}).items() if until > now and what in OPENINGS)


class OpeningForm(Form):
    what = forms.MultipleChoiceField(
        label="What do you need to read?",
        choices=[(what, opening.label) for what, opening in OPENINGS.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select what you need to read."},
    )
    reason = forms.CharField(
        label="Why?",
        help_text="Kept in the event log for good. Name the audit or the question, and no child or family.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Enter why you need to read it."},
    )


@permitted("audit")
def kept_back(request):
    form = OpeningForm(request.POST or None)
    if form.is_valid():
        until, reason = int(time.time()) + OPEN_FOR, form.cleaned_data["reason"]
        for what in form.cleaned_data["what"]:
            log(OPENINGS[what].event, request=request, reason=reason)
        opened = dict.fromkeys(form.cleaned_data["what"], until)
        request.session["opened"] = request.session.get("opened", {}) | opened
        messages.success(request, "It is open to you for an hour, or until you sign out.")
        return redirect("home")
    return form_page(
        request,
        form,
        title="Read what is kept back",
        lead=_lead(request.session),
        button="Open for an hour",
        back="/",
    )


def _lead(session):
    labels = " and ".join(OPENINGS[what].label.lower() for what in _open_now(session))
    now_open = f" Open to you now: {labels}." if labels else ""
    return f"Auditors read this only for a reason, which is logged with your name.{now_open}"
