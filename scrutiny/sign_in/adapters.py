"""Where allauth asks us: who may sign in, what messages say, how secrets are kept, and whom the directory names."""

import time

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from scrutiny.events import log
from scrutiny.sign_in.lockout import Try
from scrutiny.toolkit.limits import client_address
from scrutiny.toolkit.links import absolute

WRONG = "The user name or the password is wrong. Check both and try again."
LOCKED = "There were too many failed tries. Wait 15 minutes, or ask an administrator to unlock your account."
RECENTLY = 5 * 60  # seconds

NOTICES = {  # what allauth tells people about their own account, by the name of its template
    "account/email/password_changed": "Your password was changed.",
    "account/email/password_reset": "Your password was set anew, by a link in a message to this address.",
    "account/email/password_set": "A password was set for your account.",
    "socialaccount/email/account_connected": "Your account was joined to your account in the directory.",
    "mfa/email/totp_activated": "An authenticator app was added to your account.",
    "mfa/email/totp_deactivated": "The authenticator app was taken off your account.",
    "mfa/email/webauthn_added": "A passkey was added to your account.",
    "mfa/email/webauthn_removed": "A passkey was taken off your account.",
    "mfa/email/recovery_codes_generated": "New recovery codes were made. Those from before no longer work.",
}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "email_password_mismatch": WRONG,
        "too_many_login_attempts": LOCKED,
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your present password.",
        "rate_limited": "Wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request):
        """A closed system: an administrator invites."""
        return False

    def get_client_ip(self, request):
        """As everywhere else here: one way to tell, whatever a proxy says."""
        return client_address(request) or super().get_client_ip(request)

    def pre_authenticate(self, request, **credentials):
        self.tried = Try(credentials.get("username", ""), self.get_client_ip(request))
        if not self.tried.may_go_on():
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request, **credentials):
        """Whoever was deactivated is told no more than a stranger."""
        user = super().authenticate(request, **credentials)
        if user and user.is_active:
            self.tried.succeeded()
            return user
        locked = self.tried.failed()
        log(
            "locked_out" if locked else "sign_in_refused",
            request=request,
            on=self.tried.user,
            detail="password",
        )
        return None

    def is_reauthentication_required(self, *, app, **options):
        """Whoever signed in a moment ago is not asked again."""
        records = get_authentication_records(context.request, context.request.user)
        return not any(time.time() - record["at"] < RECENTLY for record in records)

    def get_password_change_redirect_url(self, request):
        return reverse("password-changed")

    def add_message(
        self, request, level, message_template=None, message_context=None, extra_tags="", message=None
    ):
        """Pages say themselves what happened: only what went wrong needs a banner."""
        if message:
            super().add_message(request, level, extra_tags=extra_tags, message=message)

    def get_reset_password_from_key_url(self, key):
        """Not from the Host header: whoever asks for the message must not choose where its link leads."""
        user, _, token = key.partition("-")
        return absolute(reverse("account_reset_password_from_key", kwargs={"uidb36": user, "key": token}))

    def format_email_subject(self, subject):
        return f"{settings.PRODUCT_NAME}: {subject}"

    def send_mail(self, template_prefix, email, context):
        message = self.render_mail(template_prefix, email, context)
        transaction.on_commit(message.send, robust=True)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        if not user.email:
            return
        sentence = NOTICES[template_prefix]
        text = render_to_string(
            "emails/account_notice.txt", {"sentence": sentence, "person": user}, self.request
        )
        message = EmailMessage(self.format_email_subject(sentence), text, to=[user.email])
        transaction.on_commit(message.send, robust=True)


class DirectoryAdapter(DefaultSocialAccountAdapter):
    """The council's own directory says who somebody is. Whether they may come in was said by an invitation."""

    def is_open_for_signup(self, request, sociallogin):
        log("sign_in_refused", request=request, detail="known to the directory, not invited")
        return False


class SecondStepAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right, or was used already. Enter the newest one.",
    }

    def encrypt(self, text):
        return keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return keys().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user, type):
        number = user.authenticator_set.filter(type=type).count() + 1
        return f"Passkey {number}"


def keys():
    """The first key encrypts, all of them decrypt: a new one is put before the old ones."""
    return MultiFernet([Fernet(key) for key in settings.TOTP_KEY])
