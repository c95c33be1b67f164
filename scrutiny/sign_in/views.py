"""Pages of ours around signing in. What allauth's own pages do is not repeated here."""

from urllib.parse import urlsplit

from allauth.account.views import LoginView
from allauth.mfa.base.views import IndexView
from allauth.socialaccount.providers.openid_connect.views import login as openid_connect_login
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from scrutiny.demonstration import accounts as demonstration
from scrutiny.models import RoleAssignment, User
from scrutiny.sign_in import accounts, invitations
from scrutiny.sign_in.browsers import browser_named
from scrutiny.sign_in.forms import ChosenPasswordForm, InvitationForm
from scrutiny.sign_in.second_step import is_missing
from scrutiny.toolkit.access import permitted
from scrutiny.toolkit.middleware import CONTENT_SECURITY_POLICY
from scrutiny.toolkit.pages import attempt, form_page


class SignIn(LoginView):
    template_name = "account/sign_in.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "demonstration_accounts": demonstration() if settings.DEVELOPMENT else [],
            "directory": settings.OIDC_NAME if settings.OIDC_SERVER else "",
        }

    def form_invalid(self, form):
        response = super().form_invalid(form)
        if form.has_error("__all__", "too_many_login_attempts"):
            response.status_code = 429
        return response

    def render_to_response(self, context, **options):
        """Browsers follow the form of the directory's button over to the directory only if the page says so."""
        response = super().render_to_response(context, **options)
        if settings.OIDC_SERVER:
            response.headers["Content-Security-Policy"] = allowing_forms_to(settings.OIDC_SERVER)
        return response


def allowing_forms_to(address):
    place = urlsplit(address)
    return CONTENT_SECURITY_POLICY.replace(
        "form-action 'self'", f"form-action 'self' {place.scheme}://{place.netloc}"
    )


@login_not_required
def directory_login(request, provider_id):
    """To the directory. allauth would also connect somebody signed in to whoever they are there: not here."""
    if "process" in request.GET or "process" in request.POST:
        raise BadRequest
    return openid_connect_login(request, provider_id)


class SecondStepIndex(IndexView):
    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"is_missing": is_missing(self.request)}


class SessionList(ListUserSessionsView):
    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        for session in context["sessions"]:
            session.browser = browser_named(session.user_agent)
        return context

    def form_valid(self, form):
        messages.success(self.request, "You are signed out everywhere else.")
        return super().form_valid(form)


@login_not_required
@sensitive_post_parameters()
def invitation(request, token):
    try:
        user = invitations.invited_by(token)
    except Http404:
        return render(request, "account/link_has_ended.html", status=404)
    form = ChosenPasswordForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        invitations.choose_password(user, form.cleaned_data["password"])
        messages.success(request, "Your password is set. Sign in with it.")
        return redirect("sign-in")
    return render(request, "account/invitation.html", {"form": form, "invited": user})


@permitted("administer")
def user_invite(request):
    form = InvitationForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: invite(form, request)):
        return redirect("user-access", form.instance.pk)
    return form_page(
        request,
        form,
        title="Invite somebody",
        back=reverse("admin:scrutiny_user_changelist"),
        lead="They get a message with a link and choose their own password.",
        button="Send the invitation",
    )


def invite(form, request):
    given = form.cleaned_data
    role = RoleAssignment(
        role=given["role"], board=given["board"], organisation=given["organisation"], start=request.today
    )
    invitations.invite(form.instance, role, by=request.user, subject=given.get("subject", ""))
    messages.success(request, f"The invitation to {form.instance.email} is on its way.")


STEPS = {  # what an administrator may do about an account, and what is said then
    "invite": (invitations.invite_again, "A link to choose a password is on its way to {user.email}."),
    "unlock": (accounts.unlock, "{user} can sign in again."),
    "end-sessions": (accounts.end_sessions, "{user} is signed out everywhere."),
    "remove-second-step": (
        accounts.remove_second_step,
        "{user} sets up a new second step at the next sign-in.",
    ),
}


@permitted("administer")
def user_access(request, pk):
    user = get_object_or_404(User, pk=pk)
    context = accounts.standing_of(user) | {
        "person": user,
        "trial_link": invitations.link_for(user) if settings.DEVELOPMENT else "",
    }
    return render(request, "account/user_access.html", context)


@permitted("administer")
@require_POST
def user_step(request, pk, step):
    user = get_object_or_404(User, pk=pk)
    if step not in STEPS:
        raise Http404
    act, sentence = STEPS[step]
    act(user, by=request.user)
    messages.success(request, sentence.format(user=user))
    return redirect("user-access", user.pk)
