"""Answers for when something goes wrong. Whatever was typed stands on the page, to send again or to copy.

Text is shown again only if the request came from a page of our own: otherwise a foreign page could make ours
show a form that somebody else filled in.
"""

import errno
import re
import sys
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django import db
from django.conf import settings
from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.db import connection
from django.dispatch import Signal
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.middleware.csrf import get_token
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.utils.http import escape_leading_slashes
from django.views import defaults
from django.views.debug import SafeExceptionReporterFilter

refused = Signal()  # with the request of somebody who was turned away
DATABASE_TROUBLE = ("OperationalError", "InterfaceError", "InternalError")
AWAY = "The database cannot be reached or cannot save just now. It usually comes back within a minute."
READ_ONLY = "The site can only be read just now: the database takes no changes."
FULL = "There is no room left to save anything. Tell whoever looks after this site: it goes on once there is."
WHY = {  # the beginning of a code of PostgreSQL, of SQLite or of the operating system
    "25006": READ_ONLY,
    "SQLITE_READONLY": READ_ONLY,
    "EROFS": READ_ONLY,
    "53100": FULL,
    "SQLITE_FULL": FULL,
    "ENOSPC": FULL,
    "EDQUOT": FULL,
}
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
    return render(request, "scrutiny/held.html", context, status=status)


def signed_out(request):
    """For somebody who sent a form after their session had ended."""
    if not from_our_page(request):
        return defaults.permission_denied(request, "")
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
        return defaults.permission_denied(request, "")
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
    why = str(exception or "")
    refused.send(None, request=request)
    if not typed_in(request).shown:
        return defaults.permission_denied(request, why)
    return held(
        request,
        title="You are not allowed to do this",
        sentence=f"{why} This has not been saved. What you typed is below, so that you can copy it.".strip(),
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
    why = why_not_now(sys.exc_info()[1])
    if not why:
        return _standalone(request, "500.html", status=500)
    response = _standalone(request, "503.html", status=503, why=why, csrf_token=get_token(request))
    response.headers["Retry-After"] = "10"
    return response


def why_not_now(error):
    """A sentence if `error`, or what led to it, says that the database or a disk is away, full or read-only."""
    causes = list(causes_of(error))
    for cause in causes:
        for beginning, sentence in WHY.items():
            if code_of(cause).startswith(beginning):
                return sentence
    return AWAY if any(map(is_database_trouble, causes)) else ""


def is_database_trouble(error):
    """Of Django's own classes, or of the driver's: closing a cursor lets those through."""
    return any(
        isinstance(error, getattr(module, name))
        for module in (db, connection.Database)
        for name in DATABASE_TROUBLE
    )


def causes_of(error):
    seen = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or error.__context__


def code_of(error):
    """ "25006" of PostgreSQL, "SQLITE_FULL", "ENOSPC" of the operating system; empty for other errors."""
    if isinstance(error, OSError):
        return errno.errorcode.get(error.errno, "")
    return getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", "")


def _standalone(request, template, *, status, **context):
    context |= {
        "typed": typed_in(request),
        "action": escape_leading_slashes(request.get_full_path()),
        "is_write": request.method not in ("GET", "HEAD"),
        "product": settings.PRODUCT_NAME,
        "static_url": settings.STATIC_URL,
    }
    return HttpResponse(render_to_string(template, context), status=status)


class PrivateReports(SafeExceptionReporterFilter):
    """Error reports name the place of an error, never what somebody typed about a child."""

    def get_post_parameters(self, request):
        return {} if self.is_active(request) else super().get_post_parameters(request)

    def get_traceback_frame_variables(self, request, tb_frame):
        return [] if self.is_active(request) else super().get_traceback_frame_variables(request, tb_frame)
