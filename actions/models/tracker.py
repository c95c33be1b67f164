"""Working papers of the tracker: what the officer suggests to the Board, and trackers brought in as spreadsheets."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse

from actions.models.asks import PartOfElementQuerySet
from actions.models.progress import PartOfElement
from scrutiny.models import Board, Meeting, TrackingCategory
from scrutiny.toolkit.access import within
from scrutiny.toolkit.history import tracked


class SuggestionQuerySet(PartOfElementQuerySet):
    def visible_to(self, user):
        """Officers' drafts: a member is not shown them, nor seen to direct them (P-2)."""
        return super().visible_to(user).filter(within(user, "view_drafts", "element__board"))


class Suggestion(PartOfElement):
    """How the officer suggests that the Board judge an element at a meeting. The judgement itself is the Board's."""

    HISTORY_NEEDS = "view_drafts"

    element = models.ForeignKey("actions.Element", on_delete=models.PROTECT, related_name="suggestions")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="suggestions")
    category = models.ForeignKey(
        TrackingCategory, on_delete=models.PROTECT, related_name="+", verbose_name="suggested judgement"
    )
    reason = models.CharField(max_length=300, blank=True)

    NAMED_THROUGH = ("category", "element__action")

    history = tracked()
    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "element"]
        constraints = [
            models.UniqueConstraint(
                fields=["element", "meeting"],
                name="suggestion_once_for_a_meeting",
                violation_error_message="A judgement on this element is suggested for this meeting already.",
            )
        ]

    def __str__(self):
        return f"{self.category} suggested on {self.element}"

    def clean(self):
        if self.meeting.board_id != self.element.board_id:
            raise ValidationError("Only the Board that asked judges: choose one of its meetings.")
        if self.category.scheme_id != self.element.action.board.tracking_scheme_id:
            raise ValidationError("Use a category of the Board's own tracking scheme.")


class TrackerImportQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within(user, "import_minutes", "board"))


class TrackerImport(models.Model):
    """A spreadsheet brought in. `rows` are those that would change something (see actions.tracker.compare).

    unknown   headers of columns that are not the tracker's
    in_vain   titles of columns in which something was changed that is not read back
    """

    class State(models.TextChoices):
        TO_CONFIRM = "to_confirm", "To confirm"
        APPLIED = "applied", "Applied to the record"
        DROPPED = "dropped", "Dropped"

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("file", max_length=200)
    rows = models.JSONField(default=list, blank=True)
    unchanged = models.PositiveIntegerField("rows that change nothing", default=0)
    unknown = models.JSONField(default=list, blank=True)
    in_vain = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.TO_CONFIRM)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = TrackerImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("tracker-import-detail", args=[self.pk])

    @property
    def to_apply(self):
        return [row for row in self.rows if not row["errors"]]

    @property
    def waiting(self):
        """Rows still to be applied: many are applied in steps."""
        return [row for row in self.to_apply if not row["result"]]

    @property
    def in_error(self):
        return [row for row in self.rows if row["errors"]]
