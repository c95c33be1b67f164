"""How many actions are open and how many elements closed, kept so that no page goes through all there ever were."""

from django.db import models
from django.db.models import Q

from actions.models.asks import visible_asks
from scrutiny.models import AgendaItem, Board
from scrutiny.toolkit.access import NOWHERE, can


class TallyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Of what a user may see of all that was asked. What they see as the body that was asked is not in it."""
        seen = visible_asks(user, "item__", "board") if can(user, "view_record") else NOWHERE
        return self.filter(seen)

    def summed(self, *by):
        """One row for each group, with the three numbers."""
        sums = {name: models.Sum(name) for name in self.model.NUMBERS}
        return self.order_by().values(*by).annotate(**{f"{name}_sum": value for name, value in sums.items()})


class Tally(models.Model):
    """So many more, or fewer, of what was asked under an item and is followed by a board.

    Rows are only added, and summed up by the reader: nobody who writes waits for somebody else's row. It is kept for
    each item because the item says who may see it. `actions.tallies` is the only writer.
    """

    NUMBERS = ("open_actions", "closed", "answered")

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="+")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="+")
    open_actions = models.IntegerField(default=0)
    closed = models.IntegerField("closed elements", default=0)
    answered = models.IntegerField("closed elements that a report answered", default=0)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [
            models.CheckConstraint(
                condition=~Q(open_actions=0, closed=0, answered=0), name="tally_counts_something"
            )
        ]

    def __str__(self):
        return f"{self.item}: {self.open_actions:+} open actions, {self.closed:+} closed elements"
