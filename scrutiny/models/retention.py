"""Disposal of records that were kept long enough: legal holds that stop it, lists two people agree on, certificates.

Nothing is deleted by itself (D-10). What is kept of a disposal are references and counts, never what was written.
"""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from scrutiny.models.boards import Board
from scrutiny.models.two_people import Decided, Step
from scrutiny.toolkit.access import NOWHERE, can


class LegalHoldQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(end=None)


class LegalHold(models.Model):
    """That records must not be destroyed: those of a rule, a board or one record, or all of them where none is named.

    `noun` and `key` name one record as addresses of history pages do. Nobody put up the one the product ships with.
    """

    rule = models.CharField("kind of record", max_length=30, blank=True)
    board = models.ForeignKey(Board, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    noun = models.CharField(max_length=60, blank=True)
    key = models.BigIntegerField(null=True, blank=True)
    reason = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField("since", default=timezone.now)

    APPEND_ONLY = True

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"Legal hold {self.pk}"


class LegalHoldEnd(models.Model):
    """That a hold does not stand any more, and why."""

    hold = models.OneToOneField(LegalHold, on_delete=models.PROTECT, related_name="end")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    APPEND_ONLY = True

    def __str__(self):
        return f"End of {self.hold}"


class DisposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        sees = can(user, "redact") or can(user, "audit") or can(user, "edit_actions")
        return self if sees else self.filter(NOWHERE)


class Disposal(Decided, models.Model):
    """A list of records that are due, prepared by one person. What became of it are its steps."""

    rule = models.CharField(max_length=30)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=timezone.now)

    APPEND_ONLY = True

    objects = DisposalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self):
        return f"Disposal {self.pk}"

    def get_absolute_url(self):
        return reverse("disposal-detail", args=[self.pk])


class DisposalItem(models.Model):
    """A record on the list, by its reference, and since when it may go."""

    disposal = models.ForeignKey(Disposal, on_delete=models.PROTECT, related_name="items")
    key = models.BigIntegerField()
    reference = models.CharField(max_length=60)
    due_since = models.DateField()

    APPEND_ONLY = True

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.reference


class DisposalStep(Step):
    disposal = models.ForeignKey(Disposal, on_delete=models.PROTECT, related_name="steps")

    class Meta(Step.Meta):
        constraints = [models.UniqueConstraint(fields=["disposal", "kind"], name="disposal_step_once")]

    def __str__(self):
        return f"{self.disposal}: {self.get_kind_display()}"


class DisposedRow(models.Model):
    """A row that was deleted, with the digest it was sealed with, if any: so a seal tells disposal from tampering."""

    disposal = models.ForeignKey(Disposal, on_delete=models.PROTECT, related_name="rows")
    table = models.CharField(max_length=80)
    row_id = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)

    APPEND_ONLY = True

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["table", "row_id"], name="disposed_row_of_table")]

    def __str__(self):
        return f"{self.table} {self.row_id}"
