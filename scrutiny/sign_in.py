"""Signing in with a local account."""

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView

from scrutiny.demonstration import accounts
from scrutiny.toolkit.forms import HouseStyle


class SignInForm(HouseStyle, AuthenticationForm):
    mark_optional = False


class SignIn(LoginView):
    template_name = "account/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"demonstration_accounts": demonstration_accounts()}


def demonstration_accounts():
    """The accounts of the demonstration council, shown in development only."""
    if not settings.DEVELOPMENT:
        return []
    return accounts()
