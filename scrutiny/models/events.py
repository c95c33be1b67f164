"""The event log: what the histories do not see, such as sign-ins, refusals, exports and views (K-4, K-6)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from scrutiny.toolkit.access import NOWHERE, can


class EventQuerySet(models.QuerySet):
    def of(self, record):
        return self.filter(noun=record._meta.model_name, key=record.pk)

    def visible_to(self, user):
        """Auditors read all of it, everybody else with an account what they did themselves (D.7)."""
        if can(user, "audit"):
            return self
        return self.filter(Q(by=user) if user.is_authenticated else NOWHERE)


class Event(models.Model):
    """Something that happened: what, who did it in which roles, from where, to which record, and why.

    `noun` and `key` say which record, without a link that would keep it from being deleted; `label` is how people
    knew it then. What was typed does not belong here.
    """

    at = models.DateTimeField("when", default=timezone.now)
    kind = models.CharField("what", max_length=40)
    by = models.ForeignKey(
        "scrutiny.User", on_delete=models.PROTECT, null=True, blank=True, related_name="events"
    )
    roles = models.CharField("as", max_length=200, blank=True)
    address = models.GenericIPAddressField("from", null=True, blank=True)
    noun = models.CharField(max_length=60, blank=True)
    key = models.BigIntegerField(null=True, blank=True)
    label = models.CharField("record", max_length=200, blank=True)
    reason = models.TextField(blank=True)
    detail = models.TextField(blank=True)

    APPEND_ONLY = True

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["kind", "-id"], name="event_kind"),
            models.Index(fields=["noun", "key"], name="event_record"),
        ]

    shown = url = ""  # the record as far as a reader may see it, and where it is: filled in for a page

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}"

    @property
    def who(self):
        if self.by:
            return str(self.by)
        return "somebody not signed in" if self.address else "the system"
