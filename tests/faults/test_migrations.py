"""F18: every migration there, back and there again, with the demonstration's rows in the tables."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import ProtectedError

from tests.numbers import tried

OURS = ("scrutiny", "reviews", "actions")
# Made anew after each migration; brought in and taken away by a migration.
APART = {"scrutiny_entry", "actions_ladderstep", "actions_historicalladderstep"}
STOPS = ("reviews", "0007_starter_themes", "0006_themes")


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
    """Back to the migration that brought in the starter themes: records use them, so it is refused as a whole."""
    if "scrutiny" not in MigrationExecutor(connection).loader.migrated_apps:
        pytest.skip("The tables were made without migrations: leave --nomigrations out.")
    call_command("demo", stdout=StringIO())
    way, at_first = list(steps()), columns()
    way = way[way.index(STOPS) + 1 :]
    known, stood = at_first, contents(at_first)
    tried(f"rows in {len(stood)} tables, taken through {len(way)} migrations", sum(map(len, stood.values())))
    changed = []
    for app, name, before in reversed(way):
        call_command("migrate", app, before, verbosity=0)
        kept = left(known, columns())
        stood = {table: narrowed(stood[table], known[table], kept[table]) for table in kept}
        now = contents(kept)
        changed += [(name, "back", table) for table in kept if now[table] != stood[table]]
        known, stood = kept, now
    with pytest.raises(ProtectedError):
        call_command("migrate", STOPS[0], STOPS[2], verbosity=0)
    assert contents(known) == stood
    for app, name, _ in way:
        call_command("migrate", app, name, verbosity=0)
        now = contents(known)
        changed += [(name, "forward", table) for table in known if now[table] != stood[table]]
        stood = now
    assert columns() == at_first
    assert changed == []
