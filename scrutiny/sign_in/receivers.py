"""What signing in leaves in the event log and in the session. allauth and Django offer no other hook than signals."""

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.mfa import signals as second_step
from django.contrib.auth import signals as auth

from scrutiny.events import log
from scrutiny.sign_in.second_step import forget_step, remember_step
from scrutiny.toolkit.sessions import remember_start

HOW = {
    "password": "password",
    "socialaccount": "directory",
    "totp": "code",
    "webauthn": "passkey",
    "recovery_codes": "recovery code",
}


def connect():
    auth.user_logged_in.connect(remember_start)
    auth.user_logged_out.connect(signed_out)
    account.user_logged_in.connect(signed_in)
    for signal in (account.password_changed, account.password_set, account.password_reset):
        signal.connect(password_changed)
    second_step.authenticator_used.connect(remember_step)
    second_step.authenticator_added.connect(remember_step)
    second_step.authenticator_removed.connect(forget_step)
    second_step.authenticator_added.connect(step_added)
    second_step.authenticator_removed.connect(step_removed)
    second_step.authenticator_reset.connect(step_added)
    second_step.authentication_failed.connect(step_failed)


def signed_in(sender, request, user, **kwargs):
    records = get_authentication_records(request, user)
    how = [HOW[record.get("type", record["method"])] for record in records]
    log("sign_in", by=user, request=request, detail=", ".join(how))


def signed_out(sender, request, user, **kwargs):
    if user and user.is_authenticated:
        log("sign_out", by=user, request=request)


def password_changed(sender, request, user, **kwargs):
    log("password_changed", by=user, request=request, on=user)


def step_added(sender, request, user, authenticator, **kwargs):
    log("second_step_added", by=user, request=request, on=user, detail=HOW[authenticator.type])


def step_removed(sender, request, user, authenticator, **kwargs):
    log("second_step_removed", by=user, request=request, on=user, detail=HOW[authenticator.type])


def step_failed(sender, request, user, authenticator, **kwargs):
    log("sign_in_refused", request=request, on=user, detail=HOW[authenticator.type])
