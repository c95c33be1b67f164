"""Pages about disposal: what is due, what a hold stops, the lists two people agree on, and their certificates."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from actions.models import Action
from scrutiny.events import log_reading
from scrutiny.governance import disposal as services
from scrutiny.governance.forms import Confirmation, HoldForm, ReasonForm
from scrutiny.governance.retention import RULE, report
from scrutiny.models import Disposal, DisposalStep, LegalHold
from scrutiny.toolkit.access import can, can_everywhere, fetch, permitted, require
from scrutiny.toolkit.documents.pdf import pdf
from scrutiny.toolkit.files import attachment
from scrutiny.toolkit.pages import attempt, form_page

Kind = DisposalStep.Kind


def may_prepare(user):
    return can(user, "redact") or can_everywhere(user, "edit_actions")


def due_for_disposal(request):
    """What is due by each rule, the holds that stand, and the lists made so far."""
    if not (may_prepare(request.user) or can(request.user, "audit")):
        raise PermissionDenied
    context = {
        "rows": report(request.today),
        "holds": LegalHold.objects.standing().select_related("board", "by"),
        "disposals": Disposal.objects.visible_to(request.user)
        .select_related("prepared_by")
        .prefetch_related("steps", "items"),
        "rules": RULE,
        "may_prepare": may_prepare(request.user),
    }
    return render(request, "governance/due_for_disposal.html", context)


def disposal_add(request):
    """Puts everything that is due and held by nothing on a list. So far that is done for actions."""
    if not may_prepare(request.user):
        raise PermissionDenied
    rule = RULE["actions"]
    found = services.to_dispose_of(rule, request.today)
    form = Confirmation(request.POST or None)
    form.fields["sure"].label = (
        f"Put these {len(found)} on a list" if len(found) != 1 else "Put this one on a list"
    )
    if form.is_valid():
        made = []
        if attempt(form, lambda: made.append(services.prepare(rule, by=request.user, today=request.today))):
            messages.success(request, "The list is ready. A second person is told, and approves it or not.")
            return redirect(made[0])
    return form_page(
        request,
        form,
        title="Prepare a list for disposal",
        caption=rule.record,
        lead="Nothing is deleted by this. " + told(found),
        back=reverse("disposal-list"),
        button="Prepare the list",
    )


def told(actions):
    references = ", ".join(action.reference for action in actions[:20])
    more = f" and {len(actions) - 20} more" if len(actions) > 20 else ""
    return f"Due, and held by nothing: {references}{more}." if actions else "Nothing is due that is not held."


def disposal_detail(request, pk):
    disposal = fetch(Disposal.objects, request.user, pk=pk)
    newest, items = disposal.newest, list(disposal.items.all())
    is_done = newest is not None and newest.kind == Kind.CARRIED_OUT
    context = {
        "disposal": disposal,
        "rule": RULE[disposal.rule],
        "steps": disposal.steps.select_related("by"),
        "items": items,
        "seen": Action.objects.visible_to(request.user).in_bulk([item.key for item in items]),
        "is_done": is_done,
        "is_approved": newest is not None and newest.kind == Kind.APPROVED,
        "is_mine": disposal.prepared_by == request.user,
        "certificate": services.certificate(disposal) if is_done else None,
    }
    return render(request, "governance/disposal_detail.html", context)


def disposal_approve(request, pk):
    disposal = fetch(Disposal.objects, request.user, "redact", pk=pk)
    form = Confirmation(request.POST or None)
    form.fields["sure"].label = "I have looked at every record on the list"
    if form.is_valid() and attempt(form, lambda: services.approve(disposal, by=request.user)):
        messages.success(request, "Approved. Deleting is a step of its own.")
        return redirect(disposal)
    return form_page(
        request,
        form,
        title="Approve this list",
        caption=str(disposal),
        back=disposal.get_absolute_url(),
        button="Approve",
    )


def disposal_refuse(request, pk):
    """By the one who would approve, or the one who prepared it."""
    disposal = fetch(Disposal.objects, request.user, pk=pk)
    if disposal.prepared_by != request.user:
        require(request.user, "redact")
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.refuse(disposal, by=request.user, reason=reason)):
            messages.success(request, "Everything on the list is kept.")
            return redirect(disposal)
    return form_page(
        request,
        form,
        title="Keep these records",
        caption=str(disposal),
        back=disposal.get_absolute_url(),
        button="Keep them",
    )


def disposal_carry_out(request, pk):
    disposal = fetch(Disposal.objects, request.user, "redact", pk=pk)
    form = Confirmation(request.POST or None)
    form.fields["sure"].label = "Nobody can bring them back: delete them"
    if form.is_valid() and attempt(
        form, lambda: services.carry_out(disposal, by=request.user, today=request.today)
    ):
        messages.success(request, "Deleted. This page is the certificate.")
        return redirect(disposal)
    return form_page(
        request,
        form,
        title="Delete the records on this list",
        caption=str(disposal),
        lead="With everything beneath them, their histories, their messages and their files.",
        back=disposal.get_absolute_url(),
        button="Delete for good",
        warning=True,
    )


def disposal_certificate(request, pk):
    disposal = fetch(Disposal.objects, request.user, pk=pk)
    get_object_or_404(disposal.steps, kind=Kind.CARRIED_OUT)
    log_reading("exported", request=request, on=disposal)
    return attachment(
        pdf(services.certificate(disposal)), f"Certificate of disposal {pk}.pdf", "application/pdf"
    )


@permitted("redact")
def hold_add(request):
    form = HoldForm(request.POST or None)
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("rule", "board", "reason")}
        services.hold(by=request.user, **values)
        messages.success(request, "The hold stands until somebody lifts it.")
        return redirect("disposal-list")
    return form_page(
        request,
        form,
        title="Put up a legal hold",
        lead="Nothing it covers is disposed of, whatever its age.",
        back=reverse("disposal-list"),
        button="Put it up",
    )


@permitted("redact")
def hold_lift(request, pk):
    legal_hold = get_object_or_404(LegalHold, pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.lift(legal_hold, reason=reason, by=request.user)):
            messages.success(request, "The hold is lifted.")
            return redirect("disposal-list")
    return form_page(
        request,
        form,
        title="Lift this legal hold",
        caption=str(legal_hold),
        quote=legal_hold.reason,
        back=reverse("disposal-list"),
        button="Lift it",
    )
