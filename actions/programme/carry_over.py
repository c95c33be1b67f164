"""At the end of a municipal year open actions go over to the board of the new year (Q-6, I-14).

A board that goes on needs nothing: its actions stand on the next tracker by themselves. Where another board comes
after it, the actions are moved there; what was asked, by whom and under which reference never changes.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.models import Action, CarryOver, Judgement, ProgrammeItem
from scrutiny.models import Board, MunicipalYear
from scrutiny.toolkit.history import record


@dataclass(frozen=True)
class YearEnd:
    """`ending` is the year that ends and `following` the one after it, None where that is not in the record yet."""

    ending: MunicipalYear
    following: MunicipalYear | None

    @property
    def name_of_following(self):
        return self.following.label if self.following else "the next year"


def year_end_nearest(day):
    """The `YearEnd` that is nearest to a day; None without any municipal year in the record."""
    years = list(MunicipalYear.objects.order_by("start"))
    if not years:
        return None
    ending = min(years, key=lambda year: abs((year.end - day).days))
    return YearEnd(ending, next((year for year in years if year.start > ending.end), None))


def going_over(board, end, user):
    """The open actions a board still follows at the end of a year, the oldest first."""
    asked = Action.objects.visible_to(user).open().filter(board=board)
    return (
        asked.filter(resolution__item__meeting__date__lte=end.ending.end)
        .with_counts()
        .select_related("addressee", "year", "resolution__item__meeting__board")
        .order_by("resolution__item__meeting__date", "number", "pk")
    )


@transaction.atomic
def carry_over(board, successor, actions, *, on, by):
    """Moves open `actions` from `board` to the one after it, from the day `on`. What has moved already stays."""
    Board.objects.select_for_update(no_key=True).get(pk=board.pk)
    rows = Action.objects.select_for_update().order_by("pk").filter(board=board, closed_on=None)
    moving = list(rows.filter(pk__in=[action.pk for action in actions]))
    _refuse_if_judged_since(moving, board, on)
    reason = f"Went over from {board} to {successor} on {on:%-d %B %Y}"
    for action in moving:
        step = CarryOver(action=action, from_board=board, to_board=successor, on=on)
        record(step, by=by, reason=reason)
        action.board = successor
        record(action, by=by, reason=reason)
    for item in ProgrammeItem.objects.to_come().filter(action__in=moving, board=board):
        _unplace(item, successor, reason, by)
    return moving


def _refuse_if_judged_since(actions, board, on):
    judged = Judgement.objects.filter(
        element__action__in=actions, item__meeting__board=board, item__meeting__date__gte=on
    )
    last = judged.select_related("item__meeting").order_by("-item__meeting__date").first()
    if last:
        raise ValidationError(
            f"{board} judged one of these on {last.item.meeting.date:%-d %B %Y}. Choose a later day."
        )


def _unplace(item, successor, reason, by):
    """The old board takes it no more; the new one finds a meeting for it."""
    item.board, item.meeting, item.deferred_from = successor, None, item.meeting
    item.state, item.why = ProgrammeItem.State.DEFERRED, reason
    record(item, by=by, reason=reason)
