"""What was promised at a meeting and not resolved (Q-8)."""

from django.db import models
from django.db.models import Q

from scrutiny.models import AgendaItem
from scrutiny.models.meetings import PartOfMeetingQuerySet
from scrutiny.toolkit.history import tracked


class UndertakingQuerySet(PartOfMeetingQuerySet):
    def open(self):
        return self.filter(settled_on=None)

    def to_look_at(self, on):
        """Those whose day has come, and those that nobody gave a day yet."""
        return self.open().filter(Q(look_on=None) | Q(look_on__lte=on))


class Undertaking(models.Model):
    """Something a witness said they would do, not resolved (Q-8). Its own light list, so it is not lost.

    Its words belong to the minutes and are locked with them (I-9); what became of it does not.
    """

    MEETING = "item__meeting"

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="undertakings")
    text = models.TextField("words of the minutes")
    look_on = models.DateField("look at it again on", null=True, blank=True)
    settled_on = models.DateField("settled on", null=True, blank=True)
    settled_how = models.CharField(
        "how it was settled",
        max_length=300,
        blank=True,
        help_text="For example: circulated to members by e-mail",
    )

    history = tracked()
    objects = UndertakingQuerySet.as_manager()

    class Meta:
        ordering = ["item", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="undertaking_has_words"),
            models.CheckConstraint(
                condition=Q(settled_on=None, settled_how="")
                | (Q(settled_on__isnull=False) & ~Q(settled_how="")),
                name="undertaking_settled_with_words",
                violation_error_message="Enter both when and how it was settled, or neither.",
            ),
        ]

    def __str__(self):
        return self.text[:80]

    @property
    def board_id(self):
        return self.item.board_id
