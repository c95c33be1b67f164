"""Following up: the ladder of steps, as data, and the steps that were taken."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from actions.models.asks import Action, PartOfActionQuerySet
from actions.models.messages import Message
from scrutiny.models import Board
from scrutiny.toolkit.history import tracked

LONGEST = 1000  # days


class LadderStep(models.Model):
    """One step of a board's ladder (Q-7). The steps without a board are the ladder of every board without its own.

    A ladder may leave kinds out; it climbs those it has in the order of `Kind`.
    """

    class Kind(models.TextChoices):
        REMINDER = "reminder", "Reminder"
        OFFICER_CHASE = "officer_chase", "Officer's chase"
        CHAIR_LETTER = "chair_letter", "Chair's letter"
        CHIEF_EXECUTIVE = "chief_executive", "Letter to the chief executive"
        INVITED = "invited_to_attend", "Invitation to attend"
        PUBLIC_NOTE = "public_note", "Note in the public report"

    class From(models.TextChoices):
        START = "window_start", "The first day of the window"
        END = "window_end", "The last day of the window"

    class Means(models.TextChoices):
        MESSAGE = "message", "The site sends a message by itself"
        LETTER = "letter", "An officer sends a letter, written by the site"
        OFFICER = "officer", "An officer does it"

    RANK = {kind: rank for rank, kind in enumerate(Kind.values)}
    WRITTEN_BY_OFFICERS = (Kind.REMINDER, Kind.OFFICER_CHASE)

    board = models.ForeignKey(
        Board,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ladder_steps",
        help_text="Empty: for every board that has no ladder of its own",
    )
    kind = models.CharField(max_length=20, choices=Kind)
    counts_from = models.CharField(max_length=20, choices=From, default=From.END)
    days = models.SmallIntegerField("days after it", help_text="Below zero: days before it")
    means = models.CharField("how it is done", max_length=10, choices=Means, default=Means.OFFICER)

    history = tracked()

    class Meta:
        ordering = ["board", "counts_from", "days"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "kind"],
                name="ladder_step_once_for_board",
                violation_error_message="The board's ladder has this step already.",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(board__isnull=True),
                name="ladder_step_once_for_every_board",
                violation_error_message="The ladder of every board has this step already.",
            ),
            models.CheckConstraint(
                condition=Q(days__range=(-LONGEST, LONGEST)),
                name="ladder_step_days_can_be_counted",
                violation_error_message=f"Enter a number of days from -{LONGEST} to {LONGEST}.",
            ),
            models.CheckConstraint(
                condition=(~Q(means="message") | Q(kind__in=["reminder", "officer_chase"]))
                & ~Q(means="letter", kind="public_note"),
                name="ladder_step_means_fit_kind",
                violation_error_message=(
                    "The site sends only reminders and chases by itself, and there is no letter for a note."
                ),
            ),
        ]

    def __str__(self):
        whose = self.board or "Every board without its own ladder"
        return f"{self.get_kind_display()}: {whose}"

    @property
    def rank(self):
        return self.RANK[self.kind]


def _or_nothing(name):
    """A date a unique rule can compare: databases take two empty ones for different."""
    return Coalesce(name, Value(date.min), output_field=models.DateField())


class ChaseQuerySet(PartOfActionQuerySet):
    def for_window(self, window):
        return self.filter(due_from=window.start, due_to=window.end)


class Chase(models.Model):
    """A step that was taken for an action, and for which window: after an extension the ladder starts again.

    done_by   None where the site did it by itself
    sent_to   whom a letter was sent to, in words
    """

    ACTION = "action"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="chases")
    kind = models.CharField("step", max_length=20, choices=LadderStep.Kind)
    due_from = models.DateField("for what is due from", null=True, blank=True, editable=False)
    due_to = models.DateField("for what is due until", null=True, blank=True, editable=False)
    on = models.DateField("taken on")
    sent_to = models.CharField("to whom", max_length=300, blank=True)
    note = models.TextField("how, and what was said", blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="chases"
    )

    NAMED_THROUGH = ("action",)

    history = tracked()
    objects = ChaseQuerySet.as_manager()

    class Meta:
        ordering = ["action", "on", "pk"]
        constraints = [
            models.UniqueConstraint(
                "action",
                "kind",
                _or_nothing("due_from"),
                _or_nothing("due_to"),
                condition=Q(done_by__isnull=True),
                name="chase_by_the_site_once_for_window",
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()} of {self.on:%-d %B %Y} on {self.action.reference}"

    @staticmethod
    def history_label(row):
        return f"{row.get_kind_display()}, {row.on:%-d %B %Y}"

    @property
    def board_id(self):
        return self.action.board_id

    def clean(self):
        if self.done_by_id and self.on and self.on > timezone.localdate():
            raise ValidationError({"on": "The day it was taken cannot be in the future."})
