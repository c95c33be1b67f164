"""Checks the tallies, and makes them anew. With each change the database counts itself (`actions.counting`).

They can always be reckoned again: `reckoned` is the definition.
"""

from collections import Counter
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, models, transaction
from django.db.models import Case, Count, F, Value, When

from actions.models import Action, Element, Tally
from actions.models.asks import BY_STATE

AT_ONCE = 1_000


class Key(NamedTuple):
    """What the numbers of a tally are about. `item` is None for the sum of all items."""

    item: int | None
    board: int
    timing: str
    window_from: object = None
    window_to: object = None
    not_late_until: object = None

    @property
    def about(self):
        """agenda item 7, board 1, closed"""
        item = f"agenda item {self.item}" if self.item else "all items"
        days = (f"{name} {day}" for name, day in zip(Tally.DAYS, self[3:], strict=True) if day)
        return ", ".join(filter(None, [item, f"board {self.board}", self.timing, *days]))


def reckoned():
    """{Key: {name of a number: how many}} of each item, from the records themselves."""
    found = {}
    of_action = Action.objects.open().order_by().values_list("item", "board")
    for item, board, number in of_action.annotate(Count("pk")):
        found[Key(item, board, "")] = Counter(open_actions=number)
    timing = Case(*BY_STATE, default=Value(""), output_field=models.CharField())
    days = {f"its_{day}": Case(When(timing="", then=F(day))) for day in Tally.DAYS}
    elements = Element.objects.order_by().annotate(timing=timing).annotate(**days)
    by = ("item", "board", "timing", *days)
    for *key, number, answered in elements.values_list(*by).annotate(Count("pk"), Count("answered_on")):
        found.setdefault(Key(*key), Counter()).update(elements=number, answered=answered)
    return found


def kept():
    """{Key: {name of a number: how many}} of each item, as the tallies say."""
    return _numbers(Tally.objects.exclude(item=None))


def kept_sums():
    """The same of all items together."""
    return _sum(_numbers(Tally.objects.filter(is_in_sum=False)))


def _numbers(rows):
    sums = [models.Sum(name) for name in Tally.NUMBERS]
    found = rows.order_by().values_list(*Key._fields).annotate(*sums)
    named = {Key(*row[:6]): Counter(dict(zip(Tally.NUMBERS, row[6:], strict=True))) for row in found}
    return {key: numbers for key, numbers in named.items() if any(numbers.values())}


def _sum(of_items):
    found = {}
    for key, numbers in of_items.items():
        found.setdefault(key._replace(item=None), Counter()).update(numbers)
    return {key: numbers for key, numbers in found.items() if any(numbers.values())}


def differences():
    """(Key, what is kept, what is right) of each that differs, in order."""
    with _one_moment():
        return _differing(reckoned())


def _differing(of_items):
    right, said = of_items | _sum(of_items), kept() | kept_sums()
    pairs = ((key, said.get(key, Counter()), right.get(key, Counter())) for key in right.keys() | said.keys())
    return sorted((each for each in pairs if each[1] != each[2]), key=lambda each: tuple(map(str, each[0])))


def rebuild():
    """Writes every tally anew; gives the number of those that were wrong.

    What others write meanwhile is counted in rows of their own, which stay.
    """
    with _one_moment():
        right = reckoned()
        wrong = len(_differing(right))
        Tally.objects.all().delete()
        Tally.objects.bulk_create(_rows(_sum(right)), batch_size=AT_ONCE)
        Tally.objects.bulk_create(_rows(right, is_in_sum=True), batch_size=AT_ONCE)
    return wrong


def _rows(found, **more):
    for key, numbers in found.items():
        item, board, *about = key
        about = dict(zip(Key._fields[2:], about, strict=True))
        yield Tally(item_id=item, board_id=board, **about, **numbers, **more)


@contextmanager
def _one_moment():
    """Everything inside is read as it stood at one moment, whatever others commit."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
