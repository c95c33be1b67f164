"""When a session ends: after some minutes without use, and after some hours whatever happens. Exact to the second.

Sessions are written down at most every five minutes, so the last use is told by a signed cookie as well, which costs
the database nothing. It counts for its own session only, and cannot name a time that has not been.
"""

import logging
import time

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.db import Error
from django.utils.deprecation import MiddlewareMixin

logger = logging.getLogger(__name__)

STARTED = "started"  # in the session: when this person signed in


def remember_start(sender, request, **kwargs):
    """Receiver of Django's user_logged_in."""
    request.session[STARTED] = int(time.time())


def seen_cookie():
    return f"{settings.SESSION_COOKIE_NAME}_seen"


class SessionLimits(MiddlewareMixin):
    def process_request(self, request):
        if SESSION_KEY not in request.session:
            return
        if has_ended(request):
            end(request)
        else:
            request.session_lives = True

    def process_response(self, request, response):
        if getattr(request, "session_lives", False):
            response.set_signed_cookie(
                seen_cookie(),
                str(int(time.time())),
                salt=request.session.session_key or "",
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def has_ended(request):
    now = int(time.time())
    too_old = now - request.session.get(STARTED, 0) >= settings.SESSION_ABSOLUTE_MINUTES * 60
    return too_old or now - last_used(request) >= settings.SESSION_IDLE_MINUTES * 60


def last_used(request):
    seen = request.get_signed_cookie(seen_cookie(), default="0", salt=request.session.session_key)
    return max(int(seen), request.session.get("touched", 0), request.session.get(STARTED, 0))


def end(request):
    """Whoever comes too late is nobody any more, also while the database cannot be written."""
    request.user = AnonymousUser()
    try:
        request.session.flush()
    except Error:
        logger.warning("A session that has ended could not be deleted", exc_info=True)
