"""Nothing typed is lost: sessions that never spoil an answer, writes that happen completely and once, and
pages with the text of somebody who was signed out.

Where they stand in MIDDLEWARE matters. `process_view` runs from the top of the list to the bottom: the CSRF
and sign-in checks above have passed before `AtomicWrites`, the last, calls the view.
"""

import logging
import time

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import Error, transaction
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin

from scrutiny.toolkit.errors import signed_out
from scrutiny.toolkit.receipts import SentBefore, answered_before, once
from scrutiny.toolkit.replicas import primary

logger = logging.getLogger(__name__)

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
TOUCH_EVERY = 5 * 60  # seconds


class TolerantSessions(SessionMiddleware):
    """Sessions slide: using the site puts their end off, written down at most every five minutes.

    The view has committed by the time a session is saved. So a failure here must not turn a stored record
    into an error page, and must not stop anybody from reading while the database is read-only.
    """

    def process_response(self, request, response):
        try:
            if response.status_code < 500:
                touch(request.session)
            return super().process_response(request, response)
        except (SessionInterrupted, UpdateError, Error):
            logger.warning("The session could not be saved: %s", request.path, exc_info=True)
            patch_vary_headers(response, ("Cookie",))
            return response


def touch(session):
    if not session.accessed or session.is_empty() or primary.is_away:
        return
    now = int(time.time())
    if now - session.get("touched", 0) >= TOUCH_EVERY:
        session["touched"] = now


class KeepTypedText(LoginRequiredMiddleware):
    """Sends readers to the sign-in page, and shows writers their text."""

    def handle_no_permission(self, request, view_func):
        if request.method in SAFE_METHODS:
            return super().handle_no_permission(request, view_func)
        return signed_out(request)


class AtomicWrites(MiddlewareMixin):
    """One write, one transaction: the record, its history and the receipt of the form stand or fall together.

    Not ATOMIC_REQUESTS: on SQLite a transaction takes the write lock, and reading must not wait for it. The
    answer is rendered inside, so that a broken template stores nothing. A view under
    `transaction.non_atomic_requests` looks after itself. No `process_exception` hook is called for writes.
    """

    def process_view(self, request, view, args, kwargs):
        if request.method in SAFE_METHODS or getattr(view, "_non_atomic_requests", None):
            return None
        try:
            with transaction.atomic():
                return once(request, lambda: self.answer(view(request, *args, **kwargs)))
        except SentBefore:
            return answered_before(request)

    def answer(self, response):
        if hasattr(response, "render"):
            response.render()
        if response.status_code >= 500:
            transaction.set_rollback(True)
        return response
