"""How somebody gets an account: an administrator invites, a link in a message lets them choose their password.

The link carries a mark of the present password, so it ends when one is chosen, and when a new link is made.
"""

import time

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse

from scrutiny.events import log
from scrutiny.models import User
from scrutiny.toolkit.history import record
from scrutiny.toolkit.links import absolute, signed, unsigned

DAYS = 7
DIRECTORY = "directory"  # allauth's name for the council's own


@transaction.atomic
def invite(user, role, *, by, subject=""):
    """`role` is an assignment without its user yet; `subject` is what the directory calls this person."""
    user.set_unusable_password()
    record(user, by=by, reason="Invited")
    role.user = user
    record(role, by=by, reason="Invited")
    if subject:
        SocialAccount.objects.create(user=user, provider=DIRECTORY, uid=subject)
    send_link(user, by=by)


@transaction.atomic
def invite_again(user, *, by):
    """Takes the link from before back."""
    user.set_unusable_password()
    record(user, by=by, reason="Invited again")
    send_link(user, by=by)


def send_link(user, *, by):
    log("invited", by=by, on=user)
    context = {
        "person": user,
        "by": by,
        "days": DAYS,
        "link": link_for(user),
        "product": settings.PRODUCT_NAME,
        "council": settings.COUNCIL_NAME,
        "directory": settings.OIDC_NAME if settings.OIDC_SERVER else "",
        "site": settings.SITE_ADDRESS,
    }
    text = render_to_string("emails/invitation.txt", context)
    subject = f"{settings.PRODUCT_NAME}: choose your password"
    transaction.on_commit(lambda: send_mail(subject, text, None, [user.email]), robust=True)


def link_for(user):
    value = f"{user.pk}-{int(time.time())}-{mark_of(user)}"
    return absolute(reverse("invitation", args=[signed(value)]))


def invited_by(token):
    """The user a link was made for. Raises Http404 if it has ended."""
    key, made, mark = unsigned(token).split("-")
    is_old = time.time() - int(made) > DAYS * 24 * 60 * 60
    user = User.objects.filter(pk=key, is_active=True).first()
    if is_old or user is None or mark != mark_of(user):
        raise Http404
    return user


@transaction.atomic
def choose_password(user, password):
    user.set_password(password)
    record(user, by=user, reason="Chose a password")
    log("password_changed", by=user, on=user, detail="by invitation")


def mark_of(user):
    return user.get_session_auth_hash()[:32]
