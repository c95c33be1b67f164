"""How many actions are open and how elements stand, kept so that no page goes through all there ever were."""

from django.db import models
from django.db.models import Q, Sum, Value

from actions.models.asks import entitled_to, told_by_days
from scrutiny.models import AgendaItem, Board, Meeting
from scrutiny.models.meetings import PUBLISHED
from scrutiny.toolkit.access import EVERYWHERE, NOWHERE, reader_of, within
from scrutiny.toolkit.kept import kept_for_each

UNPUBLISHED = [state for state in Meeting.MinutesState.values if state not in PUBLISHED]


class TallyQuerySet(models.QuerySet):
    def summed(self, on, coming):
        """One row for each board and timing, with the numbers; of elements that are `coming` (a Q) apart."""
        named = self.annotate(stands=told_by_days(on)).order_by().values("board", "stands")
        sums = {f"{name}_sum": Sum(name) for name in self.model.NUMBERS}
        if coming != NOWHERE:
            sums["coming_sum"] = Sum("elements", filter=coming, default=0)
        return named.annotate(**sums)


class Tally(models.Model):
    """So many more, or fewer, of what was asked under an item and is followed by a board.

    Rows are only added, by the database itself with each change (`actions.counting`), and summed up by the reader:
    nobody who writes waits for somebody else's row. Made anew, there is a row for each item, and one without an item
    that holds the sum of all: rows that are in it are counted only where an item is not for everybody.

    How an open element stands may depend on the day: its days are kept instead.
    """

    NUMBERS = ("open_actions", "elements", "answered")
    DAYS = ("window_from", "window_to", "not_late_until")

    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    board = models.ForeignKey(Board, on_delete=models.PROTECT, db_index=False, related_name="+")
    timing = models.CharField("how its elements stand on any day; empty if that depends on it", max_length=20)
    window_from = models.DateField(null=True)
    window_to = models.DateField(null=True)
    not_late_until = models.DateField(null=True)
    open_actions = models.IntegerField(default=0)
    elements = models.IntegerField(default=0)
    answered = models.IntegerField("elements that a report answered", default=0)
    is_in_sum = models.BooleanField(default=False)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [
            models.CheckConstraint(
                condition=~Q(open_actions=0, elements=0, answered=0), name="tally_counts_something"
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=False) | Q(is_in_sum=False), name="tally_sum_is_not_in_a_sum"
            ),
        ]
        indexes = [
            models.Index(  # of all that is added up, so that nothing else is read
                fields=[
                    "board",
                    "timing",
                    "window_from",
                    "window_to",
                    "not_late_until",
                    "open_actions",
                    "elements",
                    "answered",
                ],
                condition=Q(is_in_sum=False),
                name="tally_counted",
            ),
            models.Index(fields=["item", "board"], name="tally_of_item"),
        ]

    def __str__(self):
        return f"{self.item or self.board}: {self.open_actions:+} open actions, {self.elements:+} elements"


def tallied(user, boards, on, coming):
    """Rows of `summed`, each with its `sign`, of what a user may see of all that boards with these keys follow. What
    they see as the body that was asked is not in it.
    """
    return _seen(reader_of(user), tuple(boards), on, coming)


@kept_for_each(Tally)
def _seen(reader, boards, on, coming):
    """All of the boards that are followed, less what may not be seen of it: that is little, and looked for from the
    items that are not for everybody as they stand now.
    """
    followed = within(reader, "view_actions", "board")
    summed = Tally.objects.filter(followed, board__in=boards).summed(on, coming)
    everything = summed.filter(is_in_sum=False).annotate(sign=Value(1))
    entitled = entitled_to(reader, "item__", "board")
    if entitled == EVERYWHERE:
        return everything
    kept_back = summed.annotate(sign=Value(-1)).exclude(entitled)
    drafts = kept_back.filter(item__meeting__minutes_state__in=UNPUBLISHED)
    exempt = kept_back.filter(
        item__restriction__in=AgendaItem.Restriction.values,
        item__meeting__minutes_state__in=PUBLISHED,
    )
    return everything.union(drafts, exempt, all=True)
