"""F18: every migration there and back and there again, with the demonstration's rows in the tables."""

import hashlib
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.numbers import tried

pytestmark = [pytest.mark.verify, pytest.mark.django_db(transaction=True)]
OURS = ("scrutiny", "reviews", "actions")
EMPTIED = {"django_session", "django_migrations"}


def checksums():
    """{table: digest of its rows} of what the migrations of ours make."""
    tables = [model._meta.db_table for name in OURS for model in apps.get_app_config(name).get_models()]
    return {table: digest_of(table) for table in tables if table not in EMPTIED}


def digest_of(table):
    names = sorted(column.name for column in columns_of(table))
    quoted = ", ".join(map(connection.ops.quote_name, names))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(table)}")
        rows = sorted(repr(row) for row in cursor.fetchall())
    return len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()


def columns_of(table):
    with connection.cursor() as cursor:
        return connection.introspection.get_table_description(cursor, table)


def last_of(app):
    return max(name for label, name in MigrationLoader(connection).graph.leaf_nodes() if label == app)


def migrate(app, name):
    call_command("migrate", app, name, verbosity=0)


@pytest.mark.parametrize("app", OURS)
def test_f18_the_last_migration_of_each_room_goes_back_and_forward_again_without_a_change(app):
    call_command("migrate", verbosity=0)
    call_command("demo", stdout=StringIO())
    graph, last = MigrationLoader(connection).graph, last_of(app)
    before = {key[1] for key in graph.node_map[app, last].parents if key[0] == app}
    untouched = checksums()
    migrate(app, max(before, default="zero"))
    migrate(app, last)
    call_command("migrate", verbosity=0)
    tried(f"tables compared after the last migration of {app} went back and forward", len(untouched))
    assert {table: rows for table, rows in checksums().items() if rows != untouched[table]} == {}
