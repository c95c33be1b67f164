"""Words taken out of the record for good: who asked, who approved, and which rows changed. Never the words (D-4)."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from scrutiny.models.two_people import Decided, Step
from scrutiny.toolkit.access import NOWHERE, can


class RedactionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of them for those who approve, and for auditors; for others the ones they asked for."""
        if can(user, "redact") or can(user, "audit"):
            return self
        return self.filter(asked_by=user.pk) if user.is_authenticated else self.filter(NOWHERE)

    def waiting(self):
        """Asked for, and neither approved nor refused."""
        return self.filter(steps=None)

    def approved(self):
        """Approved and still to be carried out."""
        return self.filter(steps__kind="approved").exclude(steps__kind="carried_out")


class Redaction(Decided, models.Model):
    """That somebody asked to take words out. `noun` (as in addresses of history pages) and `key` name the record they
    were seen in, if one was named.

    What became of it are its steps. The words wait in `RedactionPassage` until then, and are kept nowhere after.
    """

    class Category(models.TextChoices):
        CHILD = "child", "a child could be identified"
        PERSON = "person", "personal data of somebody else"
        CONFIDENTIAL = "confidential", "confidential or exempt information"
        MISPLACED = "misplaced", "put into the wrong record"

    noun = models.CharField(max_length=60, blank=True)
    key = models.BigIntegerField(null=True, blank=True)
    category = models.CharField("why", max_length=20, choices=Category)
    reason = models.TextField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)

    APPEND_ONLY = True

    objects = RedactionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"Redaction {self.pk}"

    def get_absolute_url(self):
        return reverse("redaction-detail", args=[self.pk])

    def mark(self, day):
        """What stands where the words stood."""
        return f"[redacted on {day:%-d %B %Y}: {self.get_category_display()}]"


class RedactionPassage(models.Model):
    """The words to take out, as long as that waits."""

    redaction = models.OneToOneField(Redaction, on_delete=models.PROTECT, related_name="passage")
    text = models.TextField()

    def __str__(self):
        return f"Words of {self.redaction}"


class RedactionStep(Step):
    """`counts` says in words how much was changed."""

    redaction = models.ForeignKey(Redaction, on_delete=models.PROTECT, related_name="steps")
    counts = models.TextField(blank=True)

    class Meta(Step.Meta):
        constraints = [
            models.UniqueConstraint(fields=["redaction", "kind"], name="redaction_step_once"),
        ]

    def __str__(self):
        return f"{self.redaction}: {self.get_kind_display()}"


class RedactedRow(models.Model):
    """A row that was changed, with the digest it was sealed with, if it was, and the one it has now: so a seal tells a
    redaction from tampering."""

    redaction = models.ForeignKey(Redaction, on_delete=models.PROTECT, related_name="rows")
    table = models.CharField(max_length=80)
    row_id = models.CharField(max_length=60)
    digest_before = models.CharField(max_length=64)
    digest_after = models.CharField(max_length=64)

    APPEND_ONLY = True

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["table", "row_id"], name="redacted_row_of_table")]

    def __str__(self):
        return f"{self.table} {self.row_id}"
