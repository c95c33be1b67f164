"""Messages to people outside the page: written down first, then sent (see actions.outbox)."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from scrutiny.models import Board, Organisation, Post
from scrutiny.toolkit.access import within

CLAIM_HOLDS = timedelta(minutes=10)  # an unsent claim older than this was left by a process that died


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within(user, "chase", "board"))

    def waiting(self, now):
        """Those to be sent: not sent, not refused, with an address, and claimed by nobody who is still alive."""
        unclaimed = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_HOLDS)
        return self.filter(unclaimed, sent_at=None, refused="", left_on=None).exclude(to="")

    def in_state(self, state):
        return self.filter(STATES[state])

    def reached_nobody(self):
        """Those that somebody has to see to: not sent again since, and not left as they are."""
        failed = Q()
        for state in FAILED:
            failed |= STATES[state]
        return self.filter(failed, left_on=None, sent_again=None)


class Message(models.Model):
    """One e-mail. `key` says what it is about, so that the same thing is never written twice.

    organisation, post   whom it was for, so that the address can be read again after it was mended
    again_of             the message that reached nobody, of which this is the second try
    left_on              when somebody decided that nothing more is done about it
    link      a value that becomes a signed address where `{link}` stands in the text, only as it is sent: what is
              stored opens nothing (scrutiny.toolkit.links)
    refused   what the mail server said when it would not take it
    """

    key = models.CharField(max_length=200, unique=True)
    board = models.ForeignKey(Board, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_name = models.CharField("to", max_length=300)
    to = models.EmailField("e-mail address", blank=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=300)
    text = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    refused = models.TextField(blank=True)
    returned_on = models.DateField("came back undelivered on", null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    again_of = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="sent_again"
    )

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting to be sent"
        SENT = "sent", "Sent"
        NO_ADDRESS = "no_address", "No address"
        REFUSED = "refused", "Refused"
        RETURNED = "returned", "Came back"

    TONES = {State.SENT: "green", State.WAITING: "blue"}

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None) | (~Q(to="") & Q(claimed_at__isnull=False)),
                name="message_claimed_before_it_is_sent",
            ),
        ]
        indexes = [models.Index(fields=["created_at"], condition=Q(sent_at=None), name="message_unsent")]

    def __str__(self):
        return f"{self.subject}, to {self.to_name}"

    def get_absolute_url(self):
        return reverse("message-detail", args=[self.pk])

    @property
    def state(self):
        if self.returned_on:
            return self.State.RETURNED
        if self.refused:
            return self.State.REFUSED
        if self.sent_at:
            return self.State.SENT
        return self.State.WAITING if self.to else self.State.NO_ADDRESS

    @property
    def tone(self):
        return self.TONES.get(self.state, "red")

    @property
    def reached_nobody(self):
        return self.state in FAILED

    @property
    def is_seen_to(self):
        """True where it was sent again, or left as it is."""
        return bool(self.left_on or hasattr(self, "sent_again"))


FAILED = [Message.State.NO_ADDRESS, Message.State.REFUSED, Message.State.RETURNED]
STATES = {  # what `state` says, asked of the database
    Message.State.WAITING: Q(sent_at=None, refused="") & ~Q(to=""),
    Message.State.SENT: Q(sent_at__isnull=False, returned_on=None),
    Message.State.NO_ADDRESS: Q(sent_at=None, refused="", to=""),
    Message.State.REFUSED: ~Q(refused="") & Q(returned_on=None),
    Message.State.RETURNED: Q(returned_on__isnull=False),
}
