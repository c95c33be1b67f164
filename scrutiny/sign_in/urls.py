"""The addresses around signing in. allauth asks for its own by name; a few of these have a name of ours as well."""

from allauth.account import views as account
from allauth.mfa.base import views as second_step
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from allauth.socialaccount import views as socialaccount
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.db import transaction
from django.urls import path
from django.views.generic import TemplateView

from scrutiny.sign_in import views
from scrutiny.sign_in.invitations import DIRECTORY


def also(route, view, ours, of_allauth):
    return [path(route, view, name=ours), path(route, view, name=of_allauth)]


sign_in = transaction.non_atomic_requests(
    views.SignIn.as_view()
)  # checking a password takes long: no lock meanwhile
password_changed = TemplateView.as_view(template_name="account/password_changed.html")

signing_in = [
    *also("sign-in/", sign_in, "sign-in", "account_login"),
    *also("sign-out/", account.logout, "sign-out", "account_logout"),
    path("sign-in/code/", second_step.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("sign-in/deactivated/", account.account_inactive, name="account_inactive"),
    path("sign-in/again/", account.reauthenticate, name="account_reauthenticate"),
    path("sign-in/again/code/", second_step.reauthenticate, name="mfa_reauthenticate"),
    path("sign-in/again/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
]

passwords = [
    *also("password/", account.password_change, "password-change", "account_change_password"),
    path("password/changed/", password_changed, name="password-changed"),
    path("password/forgotten/", account.password_reset, name="account_reset_password"),
    path("password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    path(
        "password/new/<str:uidb36>/<str:key>/",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/new/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]

own_account = [
    path("second-step/", views.SecondStepIndex.as_view(), name="mfa_index"),
    path("second-step/app/add/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-step/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-step/codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-step/codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path(
        "second-step/codes/download/",
        recovery_codes.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("second-step/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("second-step/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("second-step/passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    path("second-step/passkeys/<int:pk>/edit/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("sessions/", views.SessionList.as_view(), name="usersessions_list"),
]

users = [
    path("users/invite/", views.user_invite, name="user-invite"),
    path("users/<int:pk>/", views.user_access, name="user-access"),
    path("users/<int:pk>/<slug:step>/", views.user_step, name="user-step"),
]

named = {"provider_id": DIRECTORY}
directory = [
    path("sign-in/directory/", views.directory_login, named, name="openid_connect_login"),
    path("sign-in/directory/back/", openid_connect.callback, named, name="openid_connect_callback"),
    path("sign-in/directory/cancelled/", socialaccount.login_cancelled, name="socialaccount_login_cancelled"),
    path("sign-in/directory/error/", socialaccount.login_error, name="socialaccount_login_error"),
]

urlpatterns = [*signing_in, *passwords, *own_account, *users]
