"""Writing the event log. Every kind of event is named here, with the sentence that people read."""

import logging

from django.db import Error

from scrutiny.models import Event
from scrutiny.toolkit.limits import client_address

logger = logging.getLogger(__name__)

KINDS = {
    "case_viewed": "Read a review case that is not published",
    "cases_opened": "Opened review cases that are not published",
    "data_problem": "Reported a data problem, and hid the words of a record",
    "data_problem_lifted": "Showed the words of a record again",
    "data_problem_read": "Looked at words that are hidden",
    "disposal_approved": "Approved a list of records to dispose of",
    "disposal_prepared": "Prepared a list of records to dispose of",
    "disposal_refused": "Decided that records are kept",
    "disposed": "Disposed of records that were kept long enough",
    "exempt_viewed": "Opened exempt and confidential items",
    "exported": "Took a list, a paper or a history out",
    "hold_began": "Put up a legal hold",
    "hold_lifted": "Lifted a legal hold",
    "invited": "Was invited to have an account",
    "limited": "Did something too often, and was asked to wait",
    "link_opened": "Opened the link to answer, for the first time",
    "link_used": "Answered through the link",
    "locked_out": "Was locked out after failed tries to sign in",
    "password_changed": "Changed their password",
    "redacted": "Took words out of the record for good",
    "redaction_approved": "Approved that words be taken out",
    "redaction_asked": "Asked that words be taken out",
    "redaction_read": "Looked at words that are to be taken out",
    "redaction_refused": "Decided that words stay",
    "refused": "Was turned away",
    "role_changed": "A role was given, changed or ended",
    "second_step_added": "Added a second step for signing in",
    "second_step_removed": "A second step for signing in was taken off",
    "sessions_ended": "Was signed out everywhere",
    "sign_in": "Signed in",
    "sign_in_refused": "Failed to sign in",
    "sign_out": "Signed out",
    "unlocked": "Was let in again after failed tries",
    "verified": "The history was checked",
}


def log(kind, *, by=None, request=None, on=None, reason="", detail=""):
    """Keeps an event, in the transaction of the caller. `by` is the person at the `request` if it is not given;
    `on` is the record it was done to. KeyError for a kind that is not in the table."""
    KINDS[kind]
    person = by or _person_at(request)
    return Event.objects.create(
        kind=kind,
        by=person,
        roles=", ".join(sorted({grant.role.code for grant in person.grants})) if person else "",
        address=client_address(request) or None if request else None,
        noun=on._meta.model_name if on else "",
        key=on.pk if on else None,
        label=str(on)[:200] if on else "",
        reason=reason,
        detail=detail,
    )


def log_reading(kind, **event):
    """As `log`, for pages that only read: they answer also while the database is read-only."""
    try:
        log(kind, **event)
    except Error:
        logger.warning("An event could not be kept: %s", kind, exc_info=True)


def _person_at(request):
    user = getattr(request, "user", None)
    return user if user and user.is_authenticated else None
