"""Keeps the tallies in step with actions and elements: with each change, and all of them on request.

The database counts itself, by triggers, whoever changes a row: each change adds rows in its own transaction, so that
tallies are right whatever happens at the same time. They can always be reckoned again: `reckoned` is the definition.
"""

from collections import Counter
from contextlib import contextmanager
from typing import NamedTuple

from django.db import connection, connections, models, transaction
from django.db.models import Case, Count, F, Value, When

from actions.models import Action, Element, Tally
from actions.models.asks import BY_STATE

AT_ONCE = 1_000
TABLE = Tally._meta.db_table
STEPS = {"INSERT": [("NEW", 1)], "UPDATE": [("OLD", -1), ("NEW", 1)], "DELETE": [("OLD", -1)]}


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


# The triggers.


def _share_of_element(row):
    """[(column, SQL)]: where an element counts."""
    timing = (
        f"CASE WHEN {row}.closed_on IS NOT NULL THEN 'closed' "
        f"WHEN {row}.condition_state = 'not_met_lapsed' THEN 'lapsed' "
        f"WHEN {row}.condition_state = 'waiting' THEN 'waiting' "
        f"WHEN {row}.answered_on IS NOT NULL AND ({row}.judged_on IS NULL OR {row}.judged_on < {row}.answered_on) "
        "THEN 'answered' ELSE '' END"
    )
    days = [(day, f"CASE WHEN {timing} = '' THEN {row}.{day} END") for day in Tally.DAYS]
    answered = f"CASE WHEN {row}.answered_on IS NULL THEN 0 ELSE 1 END"
    whose = [("item_id", f"{row}.item_id"), ("board_id", f"{row}.board_id"), ("timing", timing), *days]
    return whose, {"open_actions": "0", "elements": "1", "answered": answered}


def _share_of_action(row):
    is_open = f"CASE WHEN {row}.closed_on IS NULL THEN 1 ELSE 0 END"
    whose = [("item_id", f"{row}.item_id"), ("board_id", f"{row}.board_id"), ("timing", "''")]
    return whose, {"open_actions": is_open, "elements": "0", "answered": "0"}


SHARES = {Element._meta.db_table: _share_of_element, Action._meta.db_table: _share_of_action}


def _added(share, row, sign):
    whose, numbers = share(row)
    columns = ", ".join([*dict(whose), *numbers, "is_in_sum"])
    values = ", ".join(
        [*dict(whose).values(), *(f"{sign} * ({number})" for number in numbers.values()), "false"]
    )
    counts = " OR ".join(f"({number}) <> 0" for number in numbers.values())
    return f"INSERT INTO {TABLE} ({columns}) SELECT {values} WHERE {counts};"


def _changes(share, differ):
    """SQL that is true where a changed row counts otherwise than before."""
    old, new = ([*dict(whose).values(), *numbers.values()] for whose, numbers in map(share, ("OLD", "NEW")))
    return f"({', '.join(old)}) {differ} ({', '.join(new)})"


def _names():
    return [(table, step, f"tally_{table}_{step.lower()}") for table in SHARES for step in STEPS]


def _on_postgresql(table, step, name):
    body = " ".join(_added(SHARES[table], *each) for each in STEPS[step])
    when = f"WHEN ({_changes(SHARES[table], 'IS DISTINCT FROM')})" if step == "UPDATE" else ""
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$",
        f"CREATE TRIGGER {name} AFTER {step} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION {name}()",
    ]


def _on_sqlite(table, step, name):
    body = " ".join(_added(SHARES[table], *each) for each in STEPS[step])
    when = f"WHEN {_changes(SHARES[table], 'IS NOT')}" if step == "UPDATE" else ""
    return [f"CREATE TRIGGER {name} AFTER {step} ON {table} {when} BEGIN {body} END"]


MADE = {"postgresql": _on_postgresql, "sqlite": _on_sqlite}


def before_migrating(sender, using, **kwargs):
    """Half way through migrations the tables are others than those the triggers know."""
    tables = connections[using].introspection.table_names()
    _execute(using, [_taken_away(using, *each) for each in _names() if each[0] in tables])


def after_migrating(sender, using, plan=(), **kwargs):
    """Triggers again, and everything counted that migrations changed; not on the way back, before there were any."""
    if not _has_tallies(using):
        return
    make = MADE[connections[using].vendor]
    _execute(using, [each for names in _names() for each in (_taken_away(using, *names), *make(*names))])
    if plan and using == "default":
        rebuild()


def _taken_away(using, table, step, name):
    on_table = f" ON {table}" if connections[using].vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {name}{on_table}"


def _has_tallies(using):
    with connections[using].cursor() as cursor:
        if TABLE not in connections[using].introspection.table_names(cursor):
            return False
        columns = connections[using].introspection.get_table_description(cursor, TABLE)
    return "is_in_sum" in {column.name for column in columns}


def _execute(using, statements):
    with connections[using].schema_editor() as editor:
        for statement in statements:
            editor.execute(statement)


# Checked, and made anew.


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
        right, said = reckoned(), kept() | kept_sums()
    right |= _sum(right)
    pairs = ((key, said.get(key, Counter()), right.get(key, Counter())) for key in right.keys() | said.keys())
    return sorted((each for each in pairs if each[1] != each[2]), key=lambda each: tuple(map(str, each[0])))


def rebuild():
    """Writes every tally anew; gives the number of those that were wrong.

    What others write meanwhile is counted in rows of their own, which stay.
    """
    with _one_moment():
        wrong = len(differences())
        Tally.objects.all().delete()
        right = reckoned()
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
