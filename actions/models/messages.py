"""Messages to people outside the page: written down first, then sent (see actions.outbox)."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from scrutiny.models import Board
from scrutiny.toolkit.access import within

CLAIM_HOLDS = timedelta(minutes=10)  # an unsent claim older than this was left by a process that died


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within(user, "chase", "board"))

    def waiting(self, now):
        """Those to be sent: not sent, not refused, with an address, and claimed by nobody who is still alive."""
        unclaimed = Q(claimed_at=None) | Q(claimed_at__lt=now - CLAIM_HOLDS)
        return self.filter(unclaimed, sent_at=None, refused="").exclude(to="")


class Message(models.Model):
    """One e-mail. `key` says what it is about, so that the same thing is never written twice.

    link      a value that becomes a signed address where `{link}` stands in the text, only as it is sent: what is
              stored opens nothing (scrutiny.toolkit.links)
    refused   what the mail server said when it would not take it
    """

    key = models.CharField(max_length=200, unique=True)
    board = models.ForeignKey(Board, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_name = models.CharField("to", max_length=300)
    to = models.EmailField("e-mail address", blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    refused = models.TextField(blank=True)
    returned_on = models.DateField("came back undelivered on", null=True, blank=True)

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
