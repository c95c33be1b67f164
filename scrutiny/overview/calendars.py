"""The page about one's calendar feed, and the feed itself behind a secret address that can be renewed."""

import re
from hashlib import sha256

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from scrutiny.models import User
from scrutiny.overview.feeds import KINDS, feed
from scrutiny.toolkit.access import can, permitted
from scrutiny.toolkit.history import because
from scrutiny.toolkit.links import absolute, signed, unsigned

OWNER = re.compile(r"feed-(?P<pk>\d+)-(?P<feed_issue>[1-9]\d*)")


@permitted("view_record")
def calendar(request):
    address = address_of(request.user)
    context = {
        "address": address,
        "single": [(title, f"{address}?show={kind}") for kind, title in KINDS.items()] if address else [],
        "sees_hidden_reviews": can(request.user, "view_cases"),
    }
    return render(request, "scrutiny/calendar.html", context)


def address_of(user):
    """The secret address of a person's feed; empty where none was made yet."""
    if not user.feed_issue:
        return ""
    return absolute(reverse("calendar-feed", args=[signed(f"feed-{user.pk}-{user.feed_issue}")]))


@permitted("view_record")
def calendar_renew(request):
    if request.method == "POST":
        renew_address(request.user)
        messages.success(request, "This is your new address. One that you used before stops working.")
    return redirect("calendar")


@transaction.atomic
def renew_address(user):
    now = User.objects.select_for_update().get(pk=user.pk)
    now.feed_issue += 1
    with because(now, "A new address of the calendar feed", user):
        now.save()
    return now


@require_safe
@login_not_required
def calendar_feed(request, token):
    """Whoever holds the address sees what its owner may see today. Everything that is wrong is simply not there."""
    user = owner_of(token)
    kinds = tuple(kind for kind in KINDS if kind in request.GET.getlist("show")) or tuple(KINDS)
    body = feed(user, request.today, kinds)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="scrutiny.ics"'
    response["ETag"] = quote_etag(sha256(body).hexdigest())
    return get_conditional_response(request, etag=response["ETag"], response=response)


def owner_of(token):
    found = OWNER.fullmatch(unsigned(token))
    user = User.objects.filter(is_active=True, **found.groupdict()).first() if found else None
    if user is None or not can(user, "view_record"):
        raise Http404
    return user
