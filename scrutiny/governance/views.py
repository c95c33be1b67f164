"""Pages for taking words out of the record: asking, looking at what it would change, approving or refusing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import ListView

from scrutiny.events import log_reading
from scrutiny.governance import redaction as services
from scrutiny.governance.forms import Confirmation, ReasonForm, RedactionForm
from scrutiny.models import DataProblem, Redaction
from scrutiny.overview.trails import NOUNS, may_put_right
from scrutiny.toolkit.access import can, fetch, require
from scrutiny.toolkit.pages import attempt, form_page

ASKS = ("edit_record", "edit_actions", "edit_cases", "redact")


def may_ask(user):
    return any(can(user, permission) for permission in ASKS)


class Overseen(ListView):
    """A list for those who may ask, those who approve, and auditors."""

    paginate_by = 25

    def dispatch(self, request, *args, **kwargs):
        if not (may_ask(request.user) or can(request.user, "audit")):
            require(request.user, "redact")
        return super().dispatch(request, *args, **kwargs)


class RedactionList(Overseen):
    """Those one may see: all for who approves, one's own for who asked."""

    template_name = "governance/redaction_list.html"

    def get_queryset(self):
        visible = Redaction.objects.visible_to(self.request.user)
        return visible.select_related("asked_by").prefetch_related("steps__by")


def seen_record(request):
    """(noun, key, record) that the address names; the record is None where it was deleted. Else ("", None, None)."""
    noun, key = request.GET.get("noun", ""), request.GET.get("key", "")
    if not noun:
        return "", None, None
    model = NOUNS.get(noun)
    if model is None or not key.isdecimal():
        raise Http404
    record = model.objects.visible_to(request.user).filter(pk=key).first()
    if record is None and not (can(request.user, "redact") and is_gone_or_reported(noun, model, key)):
        raise Http404
    if not may_put_right(request.user, model, record):
        raise PermissionDenied
    return noun, int(key), record


def is_gone_or_reported(noun, model, key):
    """Records that information governance names without seeing their page: deleted ones, and reported ones."""
    is_gone = not model.objects.filter(pk=key).exists() and model.history.filter(id=key).exists()
    return is_gone or DataProblem.objects.open().filter(noun=noun, key=key).exists()


def redaction_add(request):
    noun, key, record = seen_record(request)
    if not noun:
        require(request.user, "redact")
    form = RedactionForm(request.POST or None)
    if form.is_valid():
        values = form.cleaned_data
        words = {name: values[name] for name in ("words", "category", "reason")}
        made = []
        if attempt(form, lambda: made.append(asked(words, request.user, noun, key))):
            messages.success(request, "Asked. A second person is told, and looks at what it would change.")
            return redirect(made[0])
    return form_page(
        request,
        form,
        title="Take words out for good",
        caption=str(record or ""),
        lead="The words are replaced by a mark wherever they stand, also in histories. Nobody can bring them back, "
        "so a second person has to approve it.",
        back=reverse("history", args=[noun, key]) if record else reverse("redaction-list"),
        button="Ask for approval",
    )


def asked(words, by, noun, key):
    return services.ask(
        words["words"], category=words["category"], reason=words["reason"], by=by, noun=noun, key=key
    )


def may_read_words(user, redaction):
    asks_or_approves = can(user, "redact") or redaction.asked_by_id == user.pk
    return asks_or_approves and hasattr(redaction, "passage")


def sees_history(user, redaction):
    model = NOUNS.get(redaction.noun)
    may_read = model and can(user, getattr(model, "HISTORY_NEEDS", "view_history"))
    return may_read and model.objects.visible_to(user).filter(pk=redaction.key).exists()


def redaction_detail(request, pk):
    """With the words, as long as they are to be taken out: looking at them is written into the event log."""
    redaction = fetch(Redaction.objects, request.user, pk=pk)
    words = redaction.passage.text if may_read_words(request.user, redaction) else ""
    context = {"redaction": redaction, "steps": redaction.steps.select_related("by"), "words": words}
    if words:
        log_reading("redaction_read", request=request, on=redaction)
        files, sessions = services.elsewhere(words)
        context |= {"places": services.places(words), "files": files, "sessions": sessions}
    context |= {
        "is_mine": redaction.asked_by == request.user,
        "has_history": sees_history(request.user, redaction),
    }
    return render(request, "governance/redaction_detail.html", context)


def redaction_approve(request, pk):
    redaction = fetch(Redaction.objects, request.user, "redact", pk=pk)
    form = Confirmation(request.POST or None)
    if form.is_valid():
        done = []
        if attempt(form, lambda: done.append(services.approve(redaction, by=request.user))):
            tell_what_was_done(request, done[0])
            return redirect(redaction)
    return form_page(
        request,
        form,
        title="Approve, and take the words out",
        caption=str(redaction),
        lead="This cannot be undone, by anybody.",
        back=redaction.get_absolute_url(),
        button="Take the words out for good",
        warning=True,
    )


def tell_what_was_done(request, step):
    if step.kind == step.Kind.CARRIED_OUT:
        messages.success(request, f"Done: {step.counts}")
    else:
        messages.warning(
            request,
            "Approved. This site's web account may not change histories: "
            "ask your administrator to run “python manage.py redact”.",
        )


def redaction_refuse(request, pk):
    """For who approves, and for the one who asked."""
    redaction = fetch(Redaction.objects, request.user, pk=pk)
    if redaction.asked_by != request.user:
        require(request.user, "redact")
    form = ReasonForm(request.POST or None)
    if redaction.newest:
        messages.info(request, "This was decided already.")
        return redirect(redaction)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.refuse(redaction, by=request.user, reason=reason)):
            messages.success(request, "Nothing is taken out, and the words are forgotten here.")
            return redirect(redaction)
    return form_page(
        request,
        form,
        title="Do not take the words out",
        caption=str(redaction),
        back=redaction.get_absolute_url(),
        button="Leave the record as it is",
    )
