"""What one person asks for or prepares and another decides: its steps, and how it stands."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Step(models.Model):
    """What became of it, once of each kind."""

    class Kind(models.TextChoices):
        APPROVED = "approved", "Approved, to be carried out"
        REFUSED = "refused", "Not done"
        CARRIED_OUT = "carried_out", "Carried out"

    kind = models.CharField(max_length=20, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(blank=True)

    APPEND_ONLY = True

    class Meta:
        abstract = True
        ordering = ["pk"]


TONES = {Step.Kind.APPROVED: "blue", Step.Kind.REFUSED: "grey", Step.Kind.CARRIED_OUT: "green"}


class Decided:
    """For a model whose `steps` are rows of `Step`."""

    @property
    def newest(self):
        """Its last step, None while it waits."""
        return max(self.steps.all(), key=lambda step: step.pk, default=None)

    @property
    def state(self):
        return self.newest.get_kind_display() if self.newest else "Waiting for approval"

    @property
    def tone(self):
        return TONES[self.newest.kind] if self.newest else "yellow"
