"""Seals: the digests that prove that histories and the event log are still what they were."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from scrutiny.toolkit.access import NOWHERE, can


class SealQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self if can(user, "view_seals") else self.filter(NOWHERE)

    def newest(self):
        return self.order_by("number").last()


class Seal(models.Model):
    """Seal `number` covers the rows that were new then, and the seal before by its digest.

    Whoever keeps a digest outside the database can tell later whether the rows up to that seal are still the same.
    """

    number = models.PositiveIntegerField()
    at = models.DateTimeField("sealed on", default=timezone.now)
    rows = models.PositiveIntegerField("rows sealed")
    previous = models.CharField("digest of the seal before", max_length=64, blank=True)
    digest = models.CharField(max_length=64)

    APPEND_ONLY = True

    objects = SealQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["number"], name="seal_unique_number")]

    def __str__(self):
        return f"Seal {self.number}"

    @property
    def grouped_digest(self):
        """For people who compare it by eye."""
        return " ".join(self.digest[start : start + 8] for start in range(0, len(self.digest), 8))


class SealedBlock(models.Model):
    """Up to a thousand rows of one table, each with its digest over `columns`, in the order of `ids`.

    `columns` are names with commas between, so that columns which come later do not spoil old digests. `ids` are
    ranges such as "1-1000,1003". `digests` and `salts` hold 32 and 16 bytes for each id; a salt of zeros was erased.
    """

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="blocks")
    table = models.CharField(max_length=80)
    columns = models.TextField()
    ids = models.TextField()
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    digests = models.BinaryField()
    salts = models.BinaryField()

    APPEND_ONLY = True

    class Meta:
        ordering = ["table", "first"]
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="sealed_block_in_order")
        ]
        indexes = [models.Index(fields=["table", "last"], name="sealed_block_table")]

    def __str__(self):
        return f"{self.table} {self.ids}"
