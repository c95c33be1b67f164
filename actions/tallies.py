"""Keeps the tallies in step with actions and elements: with each change, and all of them on request.

A tally can always be reckoned again: `reckoned` is the definition. Each change adds a row in its own transaction, so
that tallies are right whatever happens at the same time.
"""

from collections import Counter
from contextlib import contextmanager

from django.db import connection, models, transaction

from actions.models import Action, Element, Tally

ITEM = "resolution__item"
AT_ONCE = 1_000


def share_of(element):
    """What an element adds to the tally as it stands: only closed ones count."""
    if element.closed_on is None:
        return Counter()
    return Counter(closed=1, answered=int(element.answered_on is not None))


def add(action, more, less=(), *, board=None):
    """Counts `more` for an action's item and board, and `less` no more: {name of a number: how many}."""
    change = Counter(more)
    change.subtract(less)
    if any(change.values()):
        board_id = board.pk if board else action.board_id
        Tally.objects.create(item_id=action.resolution.item_id, board_id=board_id, **change)


def move(action, source, target):
    """An open action goes over from one board to another with what is closed of it already."""
    shares = map(share_of, action.elements.closed())
    moving = sum(shares, Counter(open_actions=1))
    add(action, {}, moving, board=source)
    add(action, moving, board=target)


def reckoned():
    """{(item, board): {name of a number: how many}} from the records themselves."""
    found = {}
    of_action = Action.objects.open().order_by().values_list(ITEM, "board")
    for item, board, number in of_action.annotate(number=models.Count("pk")):
        found.setdefault((item, board), Counter())["open_actions"] = number
    of_element = Element.objects.closed().order_by().values_list(f"action__{ITEM}", "action__board")
    for item, board, closed, answered in of_element.annotate(models.Count("pk"), models.Count("answered_on")):
        found.setdefault((item, board), Counter()).update(closed=closed, answered=answered)
    return found


def kept():
    """{(item, board): {name of a number: how many}} as the tallies say."""
    rows = Tally.objects.summed("item", "board")
    return {
        (row["item"], row["board"]): Counter({name: row[f"{name}_sum"] for name in Tally.NUMBERS})
        for row in rows
    }


def differences():
    """(item, board, what is kept, what is right) of each that differs, in order."""
    with _one_moment():
        right, said = reckoned(), kept()
    keys = sorted(right.keys() | said.keys())
    pairs = ((key, said.get(key, Counter()), right.get(key, Counter())) for key in keys)
    return [(*key, old, new) for key, old, new in pairs if old != new]


def rebuild():
    """Writes every tally anew, one row for each item and board; gives the number of those that were wrong.

    What others write meanwhile is counted in rows of their own, which stay.
    """
    with _one_moment():
        wrong = len(differences())
        Tally.objects.all().delete()
        rows = [Tally(item_id=item, board_id=board, **counts) for (item, board), counts in reckoned().items()]
        Tally.objects.bulk_create(rows, batch_size=AT_ONCE)
    return wrong


@contextmanager
def _one_moment():
    """Everything inside is read as it stood at one moment, whatever others commit."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield
