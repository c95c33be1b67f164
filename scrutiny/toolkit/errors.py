"""Answers for when something goes wrong. Whatever was typed stands on the page, to send again or to copy.

Text is shown again only if the request came from a page of our own: otherwise a foreign page could make ours
show a form that somebody else filled in.
"""

import re
import sys
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.http import escape_leading_slashes
from django.views import defaults
from django.views.debug import SafeExceptionReporterFilter

DATABASE_TROUBLE = (OperationalError, InterfaceError, InternalError)
OURS = {"csrfmiddlewaretoken", "form_token"}
PRIVATE = re.compile(r"password|passwd|token|(^|[-_])(secret|otp)($|[-_])", re.IGNORECASE)
MACHINERY = re.compile(r"(.*-)?(version|id|identifying_seen|(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS)|next|_.*")


@dataclass(frozen=True)
class TypedField:
    name: str
    value: str

    @property
    def label(self):
        return re.sub(r"[-_]+", " ", self.name).strip().capitalize()


@dataclass(frozen=True)
class Typed:
    """What somebody sent: `shown` to them, `carried` along unseen, and the names of what cannot be kept."""

    shown: list = field(default_factory=list)
    carried: list = field(default_factory=list)
    files: list = field(default_factory=list)
    withheld: list = field(default_factory=list)
    token: str = ""


def typed_in(request):
    if not from_our_page(request):
        return Typed()
    try:
        posted, files = request.POST, request.FILES
    except (OSError, SuspiciousOperation, MultiPartParserError):  # the upload was broken off or is too large
        return Typed()
    typed = Typed(
        files=[file.name for _, sent in files.lists() for file in sent], token=posted.get("form_token", "")
    )
    for name, values in posted.lists():
        for value in values:
            _sort_in(typed, TypedField(name, value))
    return typed


def _sort_in(typed, item):
    if item.name in OURS:
        return
    if PRIVATE.search(item.name):
        typed.withheld.append(item.label)
    elif not item.value.strip() or MACHINERY.fullmatch(item.name):
        typed.carried.append(item)
    else:
        typed.shown.append(item)


def from_our_page(request):
    """True if Origin, or else Referer, names this very site."""
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        sent_from = urlsplit(source)
        return (sent_from.scheme, sent_from.netloc) == (request.scheme, request.get_host())
    except (ValueError, DisallowedHost):
        return False


def held(request, *, title, sentence, status, send=False, way_on=()):
    """A page with what was typed: as a form that sends it again to the same address, or only to copy it.

    `way_on` is the address and the text of a link to what has to be done before.
    """
    context = {
        "title": title,
        "sentence": sentence,
        "typed": typed_in(request),
        "action": escape_leading_slashes(request.get_full_path()) if send else "",
        "way_on": way_on,
    }
    response = render(request, "scrutiny/held.html", context, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def signed_out(request):
    """For somebody who sent a form after their session had ended."""
    if not from_our_page(request):
        return defaults.permission_denied(request, None)
    return held(
        request,
        title="You have been signed out",
        sentence="This has not been saved yet, and nothing you typed is lost. "
        "Sign in, come back to this page and send it again.",
        status=403,
        send=True,
        way_on=(resolve_url(settings.LOGIN_URL), "Sign in (opens in a new tab)"),
    )


def csrf_failure(request, reason=""):
    """settings.CSRF_FAILURE_VIEW. Cleared cookies lead here, and signing in again in a second tab."""
    is_known = request.user.is_authenticated
    if not is_known and needs_account(request):
        return signed_out(request)
    if not from_our_page(request):
        return defaults.permission_denied(request, None)
    why = "you signed in again after the page was opened" if is_known else "your browser has lost its cookies"
    return held(
        request,
        title="Send this once more",
        sentence=f"This has not been saved yet, because {why}. Nothing you typed is lost. Check it and send it again.",
        status=403,
        send=True,
    )


def needs_account(request):
    """False for the pages that say they are open to everybody."""
    return getattr(request.resolver_match.func, "login_required", True)


def no_permission(request, exception=None):
    """handler403."""
    if not typed_in(request).shown:
        return defaults.permission_denied(request, exception)
    return held(
        request,
        title="You are not allowed to do this",
        sentence="This has not been saved. What you typed is below, so that you can copy it.",
        status=403,
    )


def not_found(request, exception):
    """handler404. It is the same for a record that was deleted, never existed or may not be seen."""
    if not typed_in(request).shown:
        return defaults.page_not_found(request, exception)
    return held(
        request,
        title="This record is not there",
        sentence="It was deleted meanwhile, or you are not allowed to see it any more. "
        "This has not been saved. What you typed is below, so that you can copy it.",
        status=404,
    )


def server_error(request):
    """handler500. It asks neither the database nor the context processors for anything."""
    if not is_database_trouble(sys.exc_info()[1]):
        return _standalone(request, "500.html", status=500)
    response = _standalone(request, "503.html", status=503, csrf_token=get_token(request))
    response.headers["Retry-After"] = "10"
    return response


def is_database_trouble(error):
    """True if `error`, or what led to it, says that the database is away, full or read-only."""
    seen = set()
    while error is not None and id(error) not in seen:
        if isinstance(error, DATABASE_TROUBLE):
            return True
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return False


def _standalone(request, template, *, status, **context):
    context |= {
        "typed": typed_in(request),
        "action": escape_leading_slashes(request.get_full_path()),
        "is_write": request.method not in ("GET", "HEAD"),
        "product": settings.PRODUCT_NAME,
        "static_url": settings.STATIC_URL,
    }
    response = HttpResponse(render_to_string(template, context), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


class PrivateReports(SafeExceptionReporterFilter):
    """Error reports name the place of an error, never what somebody typed about a child."""

    def get_post_parameters(self, request):
        return {} if self.is_active(request) else super().get_post_parameters(request)

    def get_traceback_frame_variables(self, request, tb_frame):
        return [] if self.is_active(request) else super().get_traceback_frame_variables(request, tb_frame)
