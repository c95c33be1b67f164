"""F18: the last migration of each room there, back and there again, with the demonstration's rows in the tables."""

import hashlib
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.numbers import tried

OURS = ("scrutiny", "reviews", "actions")


def tables():
    """{table: its columns} as the database has them now."""
    ours = {model._meta.db_table for name in OURS for model in apps.get_app_config(name).get_models()}
    with connection.cursor() as cursor:
        return {
            table: sorted(
                column.name for column in connection.introspection.get_table_description(cursor, table)
            )
            for table in ours & set(connection.introspection.table_names(cursor))
        }


def digest_of(table, columns):
    """(number of rows, digest of them) in those columns, whatever order they lie in."""
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(table)}")
        rows = sorted(map(repr, cursor.fetchall()))
    return len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()


def digests(columns):
    return {table: digest_of(table, names) for table, names in columns.items()}


def last_of(app):
    """The name of the last migration of a room, and of the one before."""
    names = sorted(name for label, name in MigrationLoader(connection).disk_migrations if label == app)
    return names[-1], names[-2]


@pytest.mark.verify
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("app", OURS)
def test_f18_the_last_migration_goes_back_and_forward_again_without_a_change(app):
    if app not in MigrationLoader(connection).migrated_apps:
        pytest.skip("The tables were made without migrations: leave --nomigrations out.")
    call_command("demo", stdout=StringIO())
    full = digests(everywhere := tables())
    last, before = last_of(app)
    call_command("migrate", app, before, verbosity=0)
    kept = {table: names for table, names in tables().items() if names == everywhere[table]}
    while_back = digests(kept)
    call_command("migrate", verbosity=0)
    again = digests(kept)
    tried(
        f"rows in {len(kept)} tables while {last} of {app} went back and forward",
        sum(n for n, _ in again.values()),
    )
    assert {table for table in kept if again[table] != full[table]} == set()
    assert {table for table in kept if while_back[table] != full[table]} == set()
