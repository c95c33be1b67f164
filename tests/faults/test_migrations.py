"""F18: every migration there, back and there again, with the demonstration's rows in the tables."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests.numbers import tried

OURS = ("scrutiny", "reviews", "actions")


def columns():
    """{table of ours: its columns} as the database has them now."""
    ours = {model._meta.db_table for name in OURS for model in apps.get_app_config(name).get_models()}
    with connection.cursor() as cursor:
        return {
            table: [column.name for column in connection.introspection.get_table_description(cursor, table)]
            for table in ours & set(connection.introspection.table_names(cursor))
        }


def rows_of(table, names):
    """What stands in some columns, whatever order the rows lie in."""
    quoted = ", ".join(map(connection.ops.quote_name, names))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(table)}")
        return sorted(map(repr, cursor.fetchall()))


def steps():
    """(room, migration, the one before it in the room) in the order they are applied. The first of a room has none
    before: it is where there is no row yet."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    before = {}
    for migration, _ in plan:
        if migration.app_label not in OURS:
            continue
        if migration.app_label in before:
            yield migration.app_label, migration.name, before[migration.app_label]
        before[migration.app_label] = migration.name


@pytest.mark.verify
@pytest.mark.django_db(transaction=True)
def test_f18_every_migration_goes_back_and_forward_again_without_a_change():
    if "scrutiny" not in MigrationExecutor(connection).loader.migrated_apps:
        pytest.skip("The tables were made without migrations: leave --nomigrations out.")
    call_command("demo", stdout=StringIO())
    at_first = columns()
    kept = dict(at_first)
    whole = {table: sum(1 for _ in rows_of(table, names[:1])) for table, names in kept.items()}
    found = {}
    for app, name, before in reversed(list(steps())):
        stood = {table: rows_of(table, names) for table, names in kept.items()}
        call_command("migrate", app, before, verbosity=0)
        there = columns()
        changed = {table for table, names in kept.items() if set(names) - set(there.get(table, []))}
        for table, rows in stood.items():
            if table not in changed and rows_of(table, kept[table]) != rows:
                found[name, table] = "back"
        kept = {
            table: [column for column in names if column in there[table]]
            for table, names in kept.items()
            if table in there
        }
    oldest = {table: rows_of(table, names) for table, names in kept.items()}
    for app, name, _ in steps():
        call_command("migrate", app, name, verbosity=0)
    for table, rows in oldest.items():
        if rows_of(table, kept[table]) != rows:
            found["all", table] = "forward"
    tried("migrations that went back and forward again", len(list(steps())))
    tried(f"rows in {len(whole)} tables meanwhile", sum(whole.values()))
    assert columns() == at_first
    assert found == {}
