"""How somebody who finds a security problem reaches the council: a page, and a file for programs (RFC 9116)."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from scrutiny.toolkit.links import absolute

VALID_FOR = timedelta(days=90)  # looked at again by then; the standard wants less than a year


def contact():
    """As an address that can be opened: mailto: for an e-mail address, https: for a page."""
    place = settings.SECURITY_CONTACT
    return place if place.startswith(("https:", "mailto:")) else f"mailto:{place}"


@require_safe
@login_not_required
def security_txt(request):
    lines = [
        f"Contact: {contact()}",
        f"Expires: {timezone.localdate() + VALID_FOR:%Y-%m-%d}T00:00:00Z",
        "Preferred-Languages: en",
        f"Canonical: {absolute(request.path)}",
        f"Policy: {absolute(reverse('security'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
def security(request):
    return render(request, "security.html", {"contact": contact(), "place": settings.SECURITY_CONTACT})
