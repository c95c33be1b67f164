"""The headers of every answer: pages, downloads, redirects, errors, static files and the administration.

`PageHeaders` is the first of MIDDLEWARE, so that no answer leaves without passing it.
"""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.utils.deprecation import MiddlewareMixin
from whitenoise.middleware import WhiteNoiseFileResponse

NONE, OURS = "'none'", "'self'"
PAGE = {  # what is not listed is refused by default-src
    "default-src": [NONE],
    "script-src": [OURS],
    "style-src": [OURS],
    "img-src": [OURS],
    "connect-src": [OURS],
    "form-action": [OURS],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
FILE = {  # what somebody sent us never runs, whatever a browser takes it for
    "default-src": [NONE],
    "form-action": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
    "sandbox": [],
}
ALWAYS = {  # beside those of Django's own middleware
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class PageHeaders(MiddlewareMixin):
    """Only our own scripts and styles run, and no browser or proxy keeps a copy of what is not public."""

    def process_response(self, request, response):
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", policy(page()))
        if not isinstance(response, WhiteNoiseFileResponse):
            response.headers["Cache-Control"] = "no-store"
        return response


def page():
    """The table of a page, with the places that a form may lead to when people sign in with a directory."""
    return PAGE | {"form-action": [*PAGE["form-action"], *settings.CSP_FORM_ACTION]}


def policy(table):
    """>>> policy({"default-src": ["'none'"], "sandbox": []})
    "default-src 'none'; sandbox"
    """
    return "; ".join(" ".join([directive, *sources]) for directive, sources in table.items())


class MessageCookie(CookieStorage):
    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class Messages(FallbackStorage):
    """Django's own storage of messages, in a cookie named as the others are."""

    storage_classes = (MessageCookie, SessionStorage)
