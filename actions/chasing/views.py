"""Pages about following up: the steps that are due, recording one, its letter, and lifting a wrong "late"."""

from collections import defaultdict

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect

from actions import services
from actions.chasing.askings import Kind, asking_of, due
from actions.chasing.filters import ChasingFilter
from actions.chasing.forms import ChaseForm, LateAgainForm, NotLateForm, ReasonForm
from actions.chasing.letters import OPENINGS, WORD, letter, sent_to
from actions.chasing.reminders import chase_of, record_chase, take_back_chase
from actions.models import Action, Chase, Element, LadderStep
from scrutiny.models.people import contact_of
from scrutiny.toolkit.access import fetch
from scrutiny.toolkit.careful import sentences
from scrutiny.toolkit.editing import lock
from scrutiny.toolkit.files import attachment
from scrutiny.toolkit.lists import RecordList
from scrutiny.toolkit.pages import attempt, form_page


class ChasingList(RecordList):
    """The actions of which a step is due. Which one is worked out, so it is joined to the rows of the page."""

    permission = "chase"
    model = Action
    filterset_class = ChasingFilter
    template_name = "actions/chasing_list.html"
    sorts = {"due": ["due_to", "pk"]}

    def get_queryset(self):
        followed = Action.objects.chased_by(self.request.user).open()
        self.request.due_steps = due(followed, self.request.today)
        return super().get_queryset()

    def records(self, visible):
        return visible.filter(pk__in=[asking.action.pk for asking in self.request.due_steps])

    def shown(self, records):
        return records.select_related("board", "addressee", "post")

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        of_action = defaultdict(list)
        for asking in self.request.due_steps:
            of_action[asking.action.pk].append(asking)
        for action in context["object_list"]:
            action.askings = of_action[action.pk]
        return context


def named_asking(request, action):
    """What the page is about: the address may name an element of it."""
    number = request.GET.get("element", "")
    return asking_of(action, request.today, int(number) if number.isdecimal() else None)


def action_chase(request, pk):
    """Records that a step was taken: any that fits, the next one first."""
    action = fetch(Action.objects, request.user, "chase", pk=pk)
    asking = named_asking(request, action)
    if asking is None:
        messages.info(request, "Nothing that was asked is left to follow up.")
        return redirect(action)
    chase = chase_of(asking, asking.step.kind if asking.step else "", request.today)
    chase.sent_to = ", ".join(sent_to(asking, chase.kind, request.today))
    contact = written_to(chase, request.today)
    form = ChaseForm(request.POST or None, instance=chase, contact=contact, today=request.today)
    if form.is_valid():
        chosen = contact if form.cleaned_data.get("send") else None
        chase.note = sentences(chase.note, form.decision)
        if attempt(form, lambda: record_chase(chase, by=request.user, asking=asking, contact=chosen)):
            messages.success(request, f"Recorded: {chase.get_kind_display()}, {chase.on:%-d %B %Y}.")
            return redirect(action)
    return form_page(
        request,
        form,
        title="Record a step of chasing",
        caption=str(action),
        lead=asking.sentence,
        back=action.get_absolute_url(),
    )


def written_to(chase, on):
    """Whom the site can write to for an officer; None for steps that take a letter, and without an address."""
    contact = contact_of(chase.action.addressee, chase.action.post, on)
    return contact if contact.email and chase.kind in LadderStep.WRITTEN_BY_OFFICERS else None


def action_letter(request, pk, kind):
    """The letter of a step as a Word file, about what is unanswered today."""
    action = fetch(Action.objects, request.user, "chase", pk=pk)
    if kind not in OPENINGS:
        raise Http404
    asking = named_asking(request, action)
    if asking is None:
        messages.info(request, "Nothing that was asked is left unanswered, so there is no letter to write.")
        return redirect(action)
    name = f"{action.reference} {Kind(kind).label}.docx".replace("/", "-")
    return attachment(letter(asking, kind, request.today), name, WORD)


def chase_take_back(request, pk):
    lock(request, Chase, pk)
    chase = fetch(Chase.objects, request.user, "chase", pk=pk)
    action = chase.action
    if chase.message_id:
        messages.info(request, "The site wrote a message for this step: it cannot be taken back.")
        return redirect(action)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = sentences(form.cleaned_data["reason"], form.decision)
        if attempt(form, lambda: take_back_chase(chase, reason=reason, by=request.user)):
            messages.success(request, "The step was taken back. The history keeps it, with your reason.")
            return redirect(action)
    return form_page(
        request,
        form,
        title="Take this step back",
        caption=str(action),
        lead=f"{chase.get_kind_display()} of {chase.on:%-d %B %Y}: it was recorded by mistake.",
        back=action.get_absolute_url(),
    )


def element_not_late(request, pk):
    lock(request, Element, pk)
    element = fetch(Element.objects, request.user, "chase", pk=pk)
    now = {"until": element.not_late_until, "because": element.not_late_because}
    form = NotLateForm(request.POST or None, initial=now, today=request.today, stored=now.values())
    if form.is_valid():
        because = sentences(form.cleaned_data["because"], form.decision)
        until = form.cleaned_data["until"]
        if attempt(form, lambda: services.lift_late(element, until=until, because=because, by=request.user)):
            messages.success(
                request, f"Element {element.number} is not counted late until {until:%-d %B %Y}."
            )
            return redirect(element)
    return form_page(
        request,
        form,
        title="It is not late",
        caption=str(element),
        quote=element.text,
        lead="The window stays as it was agreed. Until the day you enter it counts as due, and nobody is chased.",
        back=element.get_absolute_url(),
    )


def element_late_again(request, pk):
    lock(request, Element, pk)
    element = fetch(Element.objects, request.user, "chase", pk=pk)
    if not element.not_late_until:
        return redirect(element)
    form = LateAgainForm(request.POST or None, stored=[element.not_late_until, element.not_late_because])
    if form.is_valid():
        reason = sentences(form.cleaned_data["reason"], form.decision)
        if attempt(form, lambda: services.count_late_again(element, reason=reason, by=request.user)):
            messages.success(request, f"Element {element.number} counts by its window again.")
            return redirect(element)
    return form_page(
        request,
        form,
        title="Count it by its window again",
        caption=str(element),
        quote=element.text,
        back=element.get_absolute_url(),
    )
