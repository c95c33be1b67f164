"""F18: every migration there, back and there again, with the demonstration's rows in the tables."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import ProtectedError

from actions import tallies
from tests.numbers import tried

OURS = ("scrutiny", "reviews", "actions")
APART = {
    "scrutiny_entry",  # made anew after each migration
    "actions_tally",  # likewise
    "actions_ladderstep",  # from here on brought in, or added to, by a migration that takes away what it brought
    "actions_historicalladderstep",
    "scrutiny_historicaltrackingcategory",
}
BROUGHT_BACK = {"scrutiny_clash", "scrutiny_term"}  # likewise, and the same in the end
FIRST_REFUSED = "0007_starter_themes"


def columns():
    """{table of ours: its columns} as the database has them now."""
    ours = {model._meta.db_table for name in OURS for model in apps.get_app_config(name).get_models()} - APART
    with connection.cursor() as cursor:
        return {
            table: [column.name for column in connection.introspection.get_table_description(cursor, table)]
            for table in ours & set(connection.introspection.table_names(cursor))
        }


def contents(wanted):
    """{table: its rows}, each row with the wanted columns, in whatever order the rows lie."""
    found = {}
    with connection.cursor() as cursor:
        for table, names in wanted.items():
            quoted = ", ".join(map(connection.ops.quote_name, names))
            cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(table)}")
            found[table] = sorted(cursor.fetchall(), key=repr)
    return found


def left(before, now):
    """The tables and columns of `before` that are there still."""
    return {
        table: [name for name in names if name in now[table]]
        for table, names in before.items()
        if table in now
    }


def narrowed(rows, names, kept):
    places = [names.index(name) for name in kept]
    return sorted((tuple(row[place] for place in places) for row in rows), key=repr)


def steps():
    """(room, migration, the one before it in its room), in the order in which they are applied.

    The first of each room is left out: there is no row before it.
    """
    executor = MigrationExecutor(connection)
    latest = {}
    for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True):
        app, name = migration.app_label, migration.name
        if app in latest:
            yield app, name, latest[app]
        if app in OURS:
            latest[app] = name


@pytest.mark.verify
@pytest.mark.django_db(transaction=True)
def test_f18_every_migration_goes_back_and_forward_again_without_a_change():
    """Those that brought in what records use are refused, as a whole, and so are those before them."""
    if "scrutiny" not in MigrationExecutor(connection).loader.migrated_apps:
        pytest.skip("The tables were made without migrations: leave --nomigrations out.")
    call_command("demo", stdout=StringIO())
    at_first = known = columns()
    first = stood = contents(at_first)
    gone_back, refused, changed = [], [], []
    for app, name, before in reversed(list(steps())):
        try:
            call_command("migrate", app, before, verbosity=0)
        except ProtectedError:
            refused.append(name)
        else:
            gone_back.insert(0, (app, name))
        kept = left(known, columns())
        stood = {table: narrowed(stood[table], known[table], kept[table]) for table in kept}
        now = contents(kept)
        changed += [(name, table) for table in kept.keys() - BROUGHT_BACK if now[table] != stood[table]]
        known, stood = kept, now
    for app, name in gone_back:
        call_command("migrate", app, name, verbosity=0)
    number = sum(map(len, first.values()))
    tried(f"rows, taken through {len(gone_back)} migrations; refused: {', '.join(refused)}", number)
    assert columns() == at_first
    assert contents(known) == {t: narrowed(first[t], at_first[t], known[t]) for t in known}
    assert changed == []
    assert tallies.differences() == []
    assert refused[0] == FIRST_REFUSED
