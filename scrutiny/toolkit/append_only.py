"""Rows that can be added, but neither changed nor taken away: the histories, and models with `APPEND_ONLY = True`.

The database itself refuses, by triggers, whoever asks: a queryset, raw SQL, another program. They are put in after
each `migrate`, since SQLite loses them whenever a table is rebuilt. Inside `maintenance()` this connection is let
through: migrating, emptying a test database, and removing text that must not be kept need it.

The owner of a PostgreSQL database, and whoever can write an SQLite file, can drop a trigger: seals find that out.
"""

import time
from contextlib import contextmanager

from django.apps import apps
from django.core.checks import Tags, Warning, register
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from simple_history.models import HistoricalChanges

REFUSAL = "History is append-only: rows are neither changed nor deleted."
SETTING = "history.maintenance"
FUNCTION = "refuse_change_of_history"

ON_POSTGRESQL = {
    "append_only_row": "CREATE OR REPLACE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON {table} "
    "FOR EACH ROW EXECUTE FUNCTION "
    + FUNCTION
    + "(); ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only_row",
    "append_only_all": "CREATE OR REPLACE TRIGGER append_only_all BEFORE TRUNCATE ON {table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION "
    + FUNCTION
    + "(); ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only_all",
}
ON_SQLITE = {
    "append_only_update": "CREATE TRIGGER {name} BEFORE UPDATE ON {table} "
    "WHEN NOT history_maintenance() BEGIN SELECT RAISE(ABORT, '" + REFUSAL + "'); END",
    "append_only_delete": "CREATE TRIGGER {name} BEFORE DELETE ON {table} "
    "WHEN NOT history_maintenance() BEGIN SELECT RAISE(ABORT, '" + REFUSAL + "'); END",
}
POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('{SETTING}', true) = 'on' THEN
        RETURN CASE TG_OP WHEN 'UPDATE' THEN NEW ELSE OLD END;
    END IF;
    RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
# Which triggers of ours stand on which table, and do their work: one that is switched off counts as missing.
STANDING_ON_POSTGRESQL = f"""
SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE c.relnamespace = current_schema()::regnamespace AND p.proname = '{FUNCTION}' AND t.tgenabled = 'A'
"""
STANDING_ON_SQLITE = (
    "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'append_only_%'"
)

# Transactions that have added a row and not ended yet.
WRITERS = """
SELECT DISTINCT l.virtualtransaction FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
WHERE l.mode = 'RowExclusiveLock' AND l.pid <> pg_backend_pid() AND c.relname = ANY(%s)
AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class StillWriting(Exception):
    """A transaction that was writing has not ended in time."""


def is_append_only(model):
    return issubclass(model, HistoricalChanges) or getattr(model, "APPEND_ONLY", False)


def append_only_tables():
    """The names of the tables whose rows stay as they are, in order."""
    models = [model for model in apps.get_models() if is_append_only(model) and model._meta.managed]
    return sorted(model._meta.db_table for model in models)


def missing_triggers(using="default"):
    """["trigger on table"] for each that should stand in the database and does not."""
    connection = connections[using]
    tables, standing = connection.introspection.table_names(), _standing(connection)
    return [
        f"{trigger} on {table}"
        for table, trigger, _ in _expected(connection)
        if table in tables and (table, trigger) not in standing
    ]


@contextmanager
def maintenance(using="default"):
    """Lets this connection change and delete rows of histories. Nobody else's is let through meanwhile."""
    connection = connections[using]
    _let_through(connection, True)
    try:
        yield
    finally:
        _let_through(connection, False)


def wait_for_writers(tables, seconds, using="default"):
    """Returns when the transactions that write to these tables now have ended: whoever comes later gets higher
    numbers for their rows. StillWriting if they take longer."""
    waiting, until = _writers(connections[using], tables), time.monotonic() + seconds
    while waiting:
        if time.monotonic() > until:
            raise StillWriting
        time.sleep(0.05)
        waiting &= _writers(connections[using], tables)


def _writers(connection, tables):
    """On SQLite there is one writer, whose numbers are in the order of its commits."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute(WRITERS, [tables])
        return {row[0] for row in cursor.fetchall()}


def _let_through(connection, is_open):
    connection.is_in_history_maintenance = is_open
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, "on" if is_open else "off"])


def _expected(connection):
    """[(table, trigger, the statement that makes it)]."""
    return [
        (table, _trigger_name(connection, trigger, table), statement)
        for table in append_only_tables()
        for trigger, statement in _statements(connection).items()
    ]


def _statements(connection):
    return ON_POSTGRESQL if connection.vendor == "postgresql" else ON_SQLITE


def _trigger_name(connection, trigger, table):
    """On SQLite the name of a trigger is unique in the file, on PostgreSQL on its table."""
    return trigger if connection.vendor == "postgresql" else f"{trigger}_{table}"


def _standing(connection):
    with connection.cursor() as cursor:
        cursor.execute(STANDING_ON_POSTGRESQL if connection.vendor == "postgresql" else STANDING_ON_SQLITE)
        return set(cursor.fetchall())


def install(using="default"):
    """Puts in the triggers that are missing."""
    connection = connections[using]
    standing = _standing(connection)
    missing = [row for row in _expected(connection) if row[:2] not in standing]
    if not missing:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        existing = set(connection.introspection.table_names(cursor))
        for table, name, statement in missing:
            if table in existing:
                cursor.execute(statement.format(table=connection.ops.quote_name(table), name=name))


def before_migrating(using, **kwargs):
    _let_through(connections[using], True)


def after_migrating(using, **kwargs):
    _let_through(connections[using], False)
    install(using)


def add_sqlite_function(connection, **kwargs):
    """The triggers of SQLite ask it. A program without it cannot change a row either: it fails at the trigger."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            "history_maintenance", 0, lambda: getattr(connection, "is_in_history_maintenance", False)
        )


@register(Tags.database)
def all_triggers_stand(databases=None, **kwargs):
    """For `check --database default`. A warning only: `migrate` asks too, and it is what puts them in."""
    return [
        Warning(
            f"Histories can be changed in the database: {len(missing)} triggers are missing, {missing[0]} for one.",
            hint="Run: python manage.py migrate",
            id="append_only.W001",
        )
        for using in databases or []
        if (missing := missing_triggers(using))
    ]


def keep_append_only(sender):
    """Called once, when the app `sender` is ready."""
    connection_created.connect(add_sqlite_function)
    pre_migrate.connect(before_migrating, sender=sender)
    post_migrate.connect(after_migrating, sender=sender)
