"""The second step of signing in: who needs it is read from the permissions of their roles, K-2."""

from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.deprecation import MiddlewareMixin

from scrutiny.roles import PASSWORD_IS_ENOUGH
from scrutiny.toolkit.errors import held
from scrutiny.toolkit.middleware import SAFE_METHODS

DONE = "second_step"  # in the session: whose second step was taken in it
SETTING_UP = {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"}


def needs_second_step(user):
    """True for whoever can write, or see what is not published."""
    return any((grant.role.permissions | grant.role.own) - PASSWORD_IS_ENOUGH for grant in user.grants)


def took_second_step(request):
    return request.session.get(DONE) == request.user.pk or came_from_directory(request)


def came_from_directory(request):
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "socialaccount" for record in records)


def is_missing(request):
    return settings.SECOND_STEP and needs_second_step(request.user) and not took_second_step(request)


class SecondStep(MiddlewareMixin):
    """Somebody with a password alone reaches the pages where a second step is set up, and what is public."""

    def process_view(self, request, view, args, kwargs):
        is_open = not getattr(view, "login_required", True) or request.resolver_match.url_name in SETTING_UP
        if is_open or not request.user.is_authenticated or not is_missing(request):
            return None
        if request.method in SAFE_METHODS:
            return redirect(f"{reverse('mfa_index')}?{urlencode({'next': request.get_full_path()})}")
        return held(
            request,
            title="Set up your second step first",
            sentence="This has not been saved yet, and nothing you typed is lost. Set up a second step for "
            "signing in, come back to this page and send it again.",
            status=403,
            send=True,
            way_on=(reverse("mfa_index"), "Set up a second step (opens in a new tab)"),
        )


def remember_step(sender, request, user, **kwargs):
    """Receiver of allauth's authenticator_used and authenticator_added."""
    request.session[DONE] = user.pk


def forget_step(sender, request, user, **kwargs):
    """Receiver of allauth's authenticator_removed: whoever has none left sets one up again."""
    if not Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        request.session.pop(DONE, None)
