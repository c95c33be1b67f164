"""The triggers by which the database keeps the tallies in step with actions and elements.

It counts itself, whoever changes a row: each change adds rows in its own transaction, so that tallies are right
whatever happens at the same time. `actions.tallies` checks that they are.
"""

from django.db import connections

from actions import tallies
from actions.models import Action, Element, Tally

TABLE = Tally._meta.db_table
STEPS = {"INSERT": [("NEW", 1)], "UPDATE": [("OLD", -1), ("NEW", 1)], "DELETE": [("OLD", -1)]}


def _share_of_element(row):
    """{column: SQL} of where an element counts, and {column: SQL} of what it adds there."""
    timing = (
        f"CASE WHEN {row}.closed_on IS NOT NULL THEN 'closed' "
        f"WHEN {row}.condition_state = 'not_met_lapsed' THEN 'lapsed' "
        f"WHEN {row}.condition_state = 'waiting' THEN 'waiting' "
        f"WHEN {row}.answered_on IS NOT NULL AND ({row}.judged_on IS NULL OR {row}.judged_on < {row}.answered_on) "
        "THEN 'answered' ELSE '' END"
    )
    days = {day: f"CASE WHEN {timing} = '' THEN {row}.{day} END" for day in Tally.DAYS}
    answered = f"CASE WHEN {row}.answered_on IS NULL THEN 0 ELSE 1 END"
    where = {"item_id": f"{row}.item_id", "board_id": f"{row}.board_id", "timing": timing, **days}
    return where, {"open_actions": "0", "elements": "1", "answered": answered}


def _share_of_action(row):
    is_open = f"CASE WHEN {row}.closed_on IS NULL THEN 1 ELSE 0 END"
    where = {"item_id": f"{row}.item_id", "board_id": f"{row}.board_id", "timing": "''"}
    return where, {"open_actions": is_open, "elements": "0", "answered": "0"}


SHARES = {Element._meta.db_table: _share_of_element, Action._meta.db_table: _share_of_action}


def _added(share, row, sign):
    """SQL that adds the share of a row, or takes it off; nothing where there is none."""
    where, numbers = share(row)
    values = [*where.values(), *(f"{sign} * ({number})" for number in numbers.values()), "false"]
    counts = " OR ".join(f"({number}) <> 0" for number in numbers.values())
    columns = ", ".join([*where, *numbers, "is_in_sum"])
    return f"INSERT INTO {TABLE} ({columns}) SELECT {', '.join(values)} WHERE {counts};"


def _changes(share, differ):
    """SQL that is true where a changed row counts otherwise than before."""
    old, new = ([*where.values(), *numbers.values()] for where, numbers in map(share, ("OLD", "NEW")))
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
        tallies.rebuild()


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
