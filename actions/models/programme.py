"""The work programme: which item is planned for which of a board's meetings (C.6)."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from actions.models.asks import Action
from scrutiny.models import Board, Meeting
from scrutiny.toolkit.access import NOWHERE, can
from scrutiny.toolkit.history import tracked

NOT_YET_TAKEN = ["planned", "deferred"]


class ProgrammeItemQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The programme is a public paper; an item that takes up an action goes with the action."""
        if not can(user, "view_record"):
            return self.filter(NOWHERE)
        return self.filter(Q(action=None) | Q(action__in=Action.objects.visible_to(user)))

    def to_come(self):
        return self.filter(state__in=NOT_YET_TAKEN)


class ProgrammeItem(models.Model):
    """Something a board means to take, at one of its meetings or at one still to be found.

    `meeting` is where it stands now, `deferred_from` the meeting it stood at before it was last deferred.
    """

    class Kind(models.TextChoices):
        INQUIRY = "inquiry", "Inquiry"
        POLICY_REVIEW = "policy_review", "Policy review"
        PERFORMANCE = "performance", "Performance"
        TRACKING = "tracking", "Recommendation tracking"
        PRE_DECISION = "pre_decision", "Pre-decision scrutiny"
        CALL_IN = "call_in", "Call-in"
        OTHER = "other", "Other"

    class State(models.TextChoices):
        PLANNED = "planned", "Planned"
        DEFERRED = "deferred", "Deferred"
        TAKEN = "taken", "Taken"
        DROPPED = "dropped", "Dropped"

        @property
        def tone(self):
            tones = {"planned": "blue", "deferred": "yellow", "taken": "green"}
            return tones.get(self.value, "grey")

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="programme_items")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="programme_items"
    )
    action = models.ForeignKey(
        Action, on_delete=models.PROTECT, null=True, blank=True, related_name="programme_items"
    )
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OTHER)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED, editable=False)
    deferred_from = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    why = models.TextField("why it was deferred or dropped", blank=True, editable=False)

    NAMED_THROUGH = ("board",)

    history = tracked()
    objects = ProgrammeItemQuerySet.as_manager()

    class Meta:
        ordering = ["board", "meeting__date", "pk"]
        verbose_name = "item of the work programme"
        verbose_name_plural = "items of the work programme"
        constraints = [
            models.UniqueConstraint(
                fields=["action"],
                condition=Q(state__in=NOT_YET_TAKEN),
                name="programme_item_action_once",
                violation_error_message="This action stands in the work programme already.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["deferred", "dropped"]) | ~Q(why=""),
                name="programme_item_moved_with_reason",
                violation_error_message="Enter why it is deferred or dropped.",
            ),
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(meeting__isnull=False),
                name="programme_item_taken_at_a_meeting",
                violation_error_message="Select the meeting that took it.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Where it stands in the programme; without a meeting among what is not placed yet."""
        year = f"&year={self.meeting.year_id}" if self.meeting else ""
        return f"{reverse('programme')}?board={self.board_id}{year}#item-{self.pk}"

    def clean(self):
        if self.meeting and self.meeting.board_id != self.board_id:
            raise ValidationError({"meeting": "Select a meeting of the same board."})

    @property
    def tone(self):
        return self.State(self.state).tone

    @property
    def is_to_come(self):
        return self.state in NOT_YET_TAKEN
