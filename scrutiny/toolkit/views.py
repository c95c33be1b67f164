"""What every page shows around its own content."""

from django.conf import settings
from django.urls import NoReverseMatch, reverse

from scrutiny.toolkit.access import can
from scrutiny.toolkit.read_only import is_read_only

NAVIGATION = [  # title, URL name, permission it needs or None
    ("Home", "home", None),
    ("Actions", "action-list", "view_record"),
    ("Elements", "element-list", "view_record"),
    ("Boards", "board-list", "view_record"),
    ("Meetings", "meeting-list", "view_record"),
    ("Programme", "programme", "view_record"),
    ("Chasing", "chasing-list", "chase"),
    ("Reports", "report-list", "view_record"),
    ("Reviews", "case-list", "view_record"),
    ("Themes", "theme-list", "view_record"),
    ("Audit trail", "seal-list", "view_seals"),
    ("Minutes in", "import-list", "import_minutes"),
    ("Data protection", "redaction-list", "redact"),
    ("Administration", "admin:index", "administer"),
]
BELOW = {  # what else stands under an entry
    "chasing-list": ("chase-", "round-", "request-", "reply-", "message-"),
    "redaction-list": ("data-problem-", "disposal-", "hold-"),
    "seal-list": ("event-",),
}


def page(request):
    """The context processor: names for header and footer, and where one can go from here."""
    return {
        "council_name": getattr(settings, "COUNCIL_NAME", ""),
        "product_name": getattr(settings, "PRODUCT_NAME", ""),
        "contact_email": getattr(settings, "CONTACT_EMAIL", ""),
        "navigation": navigation(request),
        "search_url": search_url(request),
        "read_only": is_read_only,
    }


def search_url(request):
    """Where the box in the header sends its words, for those who may search."""
    user = getattr(request, "user", None)
    return _url("search") if user and can(user, "view_record") else None


def navigation(request):
    """[{"title", "url", "active"}] of the pages that are there and that this person may see."""
    user = getattr(request, "user", None)  # missing when an early middleware answers
    if not user or not user.is_authenticated:
        return []
    here = getattr(request.resolver_match, "url_name", None) or ""
    return [
        {"title": title, "url": url, "active": _same_noun(here, name)}
        for title, name, permission in NAVIGATION
        if (url := _url(name)) and (permission is None or can(user, permission))
    ]


def _same_noun(here, name):
    """True on "action-detail" for "action-list", and on "programme-item-add" for "programme"."""
    return here == name or here.startswith((f"{name.removesuffix('-list')}-", *BELOW.get(name, ())))


def _url(name):
    try:
        return reverse(name)
    except NoReverseMatch:
        return None
