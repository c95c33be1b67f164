"""What an administrator does about somebody's signing in."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db import transaction

from scrutiny.events import log
from scrutiny.sign_in import lockout
from scrutiny.sign_in.second_step import needs_second_step

WORDS = {"totp": "authenticator app", "webauthn": "passkey", "recovery_codes": "recovery codes"}


def standing_of(user):
    """How somebody can sign in at present, for the page about their account."""
    return {
        "has_password": user.has_usable_password(),
        "second_steps": [WORDS[each.type] for each in Authenticator.objects.filter(user=user).order_by("pk")],
        "needs_second_step": needs_second_step(user),
        "in_directory": SocialAccount.objects.filter(user=user).exists(),
        "sessions": len(UserSession.objects.purge_and_list(user)),
        "locked_from": lockout.locked_from(user),
    }


@transaction.atomic
def unlock(user, *, by):
    lockout.unlock(user)
    log("unlocked", by=by, on=user)


@transaction.atomic
def end_sessions(user, *, by):
    for session in UserSession.objects.filter(user=user):
        session.end()
    log("sessions_ended", by=by, on=user)


@transaction.atomic
def remove_second_step(user, *, by):
    """For somebody who lost their phone and their recovery codes: at the next sign-in they set one up again."""
    Authenticator.objects.filter(user=user).delete()
    log("second_step_removed", by=by, on=user, detail="all of them")
    end_sessions(user, by=by)
