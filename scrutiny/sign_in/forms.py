"""allauth's forms in our words and looks, and the two of our own."""

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as second_step
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError

from scrutiny.models import RoleAssignment, User
from scrutiny.toolkit.forms import Form, HouseStyle

LABELS = {
    "login": "User name or e-mail address",
    "oldpassword": "Present password",
    "password1": "New password",
    "password2": "New password again",
    "email": "E-mail address",
    "code": "Code",
}


class Plain(HouseStyle):
    """Labels above the boxes, no words inside them, no page that is told to jump to a box."""

    mark_optional = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = LABELS.get(name, field.label)
            field.widget.attrs.pop("placeholder", None)
        for name in {"password", "password1"} & self.fields.keys():
            self.fields[name].help_text = new_password_hint() if name == "password1" else ""


def new_password_hint():
    return " ".join(password_validators_help_texts())


class SignInForm(Plain, account.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {"autocomplete": "username", "spellcheck": "false"}
        self.fields["login"].error_messages["required"] = "Enter your user name or your e-mail address."
        self.fields["password"].error_messages["required"] = "Enter your password."

    def add_prefix(self, field_name):
        """By the name under which browsers keep it."""
        return super().add_prefix("username" if field_name == "login" else field_name)

    def user_credentials(self):
        """A name or an address, tried as both and checked once, so that both take the same time (S6)."""
        return {
            name: self.cleaned_data[field]
            for name, field in (("username", "login"), ("password", "password"))
        }


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    pass


class ForgottenPasswordForm(Plain, account.ResetPasswordForm):
    def save(self, request, **kwargs):
        """A message goes out in any case, so that the time it takes tells nothing."""
        if self.users:
            return super().save(request, **kwargs)
        email = self.cleaned_data["email"]
        get_adapter().send_mail("account/email/unknown_account", email, {})
        return email


class NewPasswordForm(Plain, account.ResetPasswordKeyForm):
    pass


class PasswordAgainForm(Plain, account.ReauthenticateForm):
    pass


class CodeForm(Plain, second_step.AuthenticateForm):
    pass


class CodeAgainForm(Plain, second_step.ReauthenticateForm):
    pass


class ActivateCodesForm(Plain, totp.ActivateTOTPForm):
    pass


class AddPasskeyForm(Plain, webauthn.AddWebAuthnForm):
    """One that checks who holds it is enough alone; the browser is asked for one wherever it can."""

    passwordless = forms.BooleanField(
        label="Use it to sign in without a password",
        help_text="Your device then asks for your face, a finger or a PIN each time.",
        required=False,
        initial=True,
    )


class EditPasskeyForm(Plain, webauthn.EditWebAuthnForm):
    pass


class InvitationForm(HouseStyle, forms.ModelForm):
    """The person and what they will do here, in one page."""

    role = RoleAssignment._meta.get_field("role").formfield()
    board = RoleAssignment._meta.get_field("board").formfield(help_text="Leave empty for every board.")
    organisation = RoleAssignment._meta.get_field("organisation").formfield()
    subject = forms.CharField(
        label="Their identifier in the directory",
        help_text="Only needed if the directory does not say that their e-mail address is theirs.",
        max_length=191,
        required=False,
    )

    class Meta:
        model = User
        fields = ["first_name", "last_name", "email", "username"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name", "email"):
            self.fields[name].required = True
        self.fields["email"].label = "E-mail address"
        self.fields["username"].label = "User name"
        self.fields["username"].help_text = "Letters, numbers and @ . + - _ only."
        if not settings.OIDC_SERVER:
            del self.fields["subject"]

    def clean_email(self):
        email = self.cleaned_data["email"]
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError("Somebody with this e-mail address has an account already.")
        return email


class ChosenPasswordForm(Form):
    mark_optional = False
    password = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "spellcheck": "false"})
    )

    def __init__(self, user, *args, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = new_password_hint()

    def clean_password(self):
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password
