"""The messages the site wrote, what became of each, and how often a person wants a digest."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import DetailView

from actions import outbox
from actions.chasing.filters import MessageFilter
from actions.chasing.forms import DigestForm, ReturnedForm
from actions.models import Message
from scrutiny.models import User
from scrutiny.models.people import contact_of
from scrutiny.toolkit.access import Permitted, fetch
from scrutiny.toolkit.editing import lock
from scrutiny.toolkit.forms import Form
from scrutiny.toolkit.history import record
from scrutiny.toolkit.lists import RecordList
from scrutiny.toolkit.pages import attempt, form_page


class MessageList(RecordList):
    permission = "chase"
    model = Message
    filterset_class = MessageFilter
    sorts = {"written": ["-created_at", "-pk"], "to": ["to_name", "-created_at"]}

    def shown(self, records):
        return records.select_related("board", "sent_again")


class MessageDetail(Permitted, DetailView):
    permission = "chase"
    model = Message
    context_object_name = "mail"  # not "message", which a page has of its own

    def get_queryset(self):
        links = ("board", "sent_again", "again_of", "organisation", "post")
        return Message.objects.visible_to(self.request.user).select_related(*links)

    def get_context_data(self, **kwargs):
        """The signed address in a message opens a page to whoever holds it: it is shown on a trial machine only."""
        mail = self.object
        return super().get_context_data(**kwargs) | {
            "text": outbox.text_of(mail) if settings.DEVELOPMENT else mail.text,
            "contact": current_contact(mail, self.request.today),
            "chases": mail.chases.visible_to(self.request.user).select_related("action"),
        }


def current_contact(mail, on):
    """Whom it would go to now; None for what was written to a person's own account."""
    return mail.organisation and contact_of(mail.organisation, mail.post, on)


def message_returned(request, pk):
    lock(request, Message, pk)
    mail = fetch(Message.objects, request.user, "chase", pk=pk)
    if not mail.sent_at:
        messages.info(request, "It was not sent yet, so it cannot have come back.")
        return redirect(mail)
    form = ReturnedForm(
        request.POST or None, initial={"on": mail.returned_on or request.today}, today=request.today
    )
    if form.is_valid():
        mail.returned_on = form.cleaned_data["on"]
        mail.save()
        messages.success(request, "Recorded. Mend the address, then send it again.")
        return redirect(mail)
    return form_page(
        request,
        form,
        title="It came back undelivered",
        caption=str(mail),
        back=mail.get_absolute_url(),
    )


def message_again(request, pk):
    """A message that reached nobody, to the address as it is now."""
    lock(request, Message, pk)
    mail = fetch(Message.objects, request.user, "chase", pk=pk)
    contact = current_contact(mail, request.today)
    if not mail.reached_nobody or mail.is_seen_to or not contact or not contact.email:
        messages.info(request, "There is nothing to send again, or no address to send it to.")
        return redirect(mail)
    form = Form(request.POST or None)
    if request.method == "POST" and attempt(form, lambda: outbox.put_again(mail, to=contact)):
        messages.success(request, f"It goes to {contact.name} with the next messages.")
        return redirect(mail)
    return form_page(
        request,
        form,
        title="Send it again",
        caption=str(mail),
        lead=f"To {contact.name}, {contact.email}.",
        button="Send it again",
        back=mail.get_absolute_url(),
    )


def message_leave(request, pk):
    """Nothing more is done about it: it is not among those that need somebody any more."""
    lock(request, Message, pk)
    mail = fetch(Message.objects, request.user, "chase", pk=pk)
    if not mail.reached_nobody or mail.is_seen_to:
        messages.info(request, "There is nothing to leave: it was sent, or was seen to.")
        return redirect(mail)
    if request.method == "POST":
        mail.left_on = request.today
        mail.save()
        messages.success(request, "It is left as it is.")
        return redirect("message-list")
    return form_page(
        request,
        Form(),
        title="Leave it as it is",
        caption=str(mail),
        lead="It is not sent again, and no longer counts among the messages that reached nobody.",
        button="Leave it",
        back=mail.get_absolute_url(),
    )


def digest_settings(request):
    user = User.objects.get(pk=request.user.pk)
    form = DigestForm(request.POST or None, instance=user)
    if form.is_valid() and attempt(form, lambda: record(user, by=request.user)):
        messages.success(request, "Your choice was kept.")
        return redirect("digest-settings")
    to = (
        f"It goes to {user.email}."
        if user.email
        else "Your account has no e-mail address: ask an administrator."
    )
    return form_page(
        request,
        form,
        title="Your digest",
        lead=f"One message with what needs you, on days when something does. {to}",
        back=reverse("home"),
    )
