"""What the site's own account may not do, tried on a real PostgreSQL: nothing in it can change history."""

import secrets
from io import StringIO

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from psycopg import sql

from scrutiny.events import log
from scrutiny.models import Organisation
from scrutiny.toolkit.append_only import append_only_tables
from scrutiny.toolkit.database_roles import rights
from scrutiny.toolkit.dumps import database_of
from scrutiny.toolkit.history import record, remove
from tests import factories
from tests.numbers import tried
from tests.scrutiny.test_views import fill

HISTORY = "scrutiny_historicalorganisation"
TAMPERING = {
    "change a row of history": f"UPDATE {HISTORY} SET name = 'forged'",
    "change it as maintenance does": f"SET history.maintenance = 'on'; UPDATE {HISTORY} SET name = 'forged'",
    "delete a row of history": f"DELETE FROM {HISTORY}",
    "delete it as maintenance does": f"SET history.maintenance = 'on'; DELETE FROM {HISTORY}",
    "empty a table of history": f"TRUNCATE {HISTORY}",
    "change the event log": "UPDATE scrutiny_event SET kind = 'forged'",
    "delete from the event log": "DELETE FROM scrutiny_event",
    "switch a trigger off": f"ALTER TABLE {HISTORY} DISABLE TRIGGER append_only_row",
    "drop a trigger": f"DROP TRIGGER append_only_row ON {HISTORY}",
    "drop the function of the triggers": "DROP FUNCTION refuse_change_of_history() CASCADE",
    "replace the function of the triggers": "CREATE OR REPLACE FUNCTION refuse_change_of_history() "
    "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "pass the triggers by as a replica does": "SET session_replication_role = replica",
    "drop a table of history": f"DROP TABLE {HISTORY}",
    "become the owner": "SET ROLE {owner}",
    "give itself the right to change it": f"GRANT UPDATE ON {HISTORY} TO {{me}}; UPDATE {HISTORY} SET name = 'forged'",
    "make a table": "CREATE TABLE forged (id integer)",
    "rename a table": f"ALTER TABLE {HISTORY} RENAME TO gone",
    "forget a migration": "DELETE FROM django_migrations",
    "run a program": "COPY (SELECT 1) TO PROGRAM 'true'",
    "read a file of the server": "SELECT pg_read_file('/etc/passwd')",
}


def test_histories_are_only_added_to_and_everything_else_is_worked_with():
    found = rights()
    assert {table for table, what in found.items() if what == "SELECT, INSERT"} == set(append_only_tables())
    assert found["scrutiny_organisation"] == "SELECT, INSERT, UPDATE, DELETE"
    assert found["django_migrations"] == "SELECT"


def test_tables_of_caches_are_worked_with_too(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_rows"}
    }
    assert rights()["cache_rows"] == "SELECT, INSERT, UPDATE, DELETE"


@pytest.fixture
def accounts(transactional_db):
    """{"app": ..., "auditor": ...}: how to connect as each. What the command prints was run, and then --apply."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no accounts")
    server = database_of(connection.settings_dict).parameters
    names = {kind: f"test_{kind}_{secrets.token_hex(4)}" for kind in ("app", "auditor")}
    said = StringIO()
    call_command("database_roles", application=names["app"], auditor=names["auditor"], stdout=said)
    with psycopg.connect(**server, autocommit=True) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS django_migrations (id integer, app text, name text)")
        password = secrets.token_hex(16)
        for name in names.values():
            owner.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                    sql.Identifier(name), sql.Literal(password)
                )
            )
        owner.execute(said.getvalue())
        call_command(
            "database_roles",
            application=names["app"],
            auditor=names["auditor"],
            apply=True,
            stdout=StringIO(),
        )
        yield {kind: server | {"user": name, "password": password} for kind, name in names.items()}
        for name in names.values():
            owner.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(name)))
            owner.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


@pytest.fixture
def as_the_application(accounts, monkeypatch):
    """A function after which the site itself works as its account."""

    def change():
        connection.close()
        connection.close_pool()
        monkeypatch.setitem(connection.settings_dict, "USER", accounts["app"]["user"])
        monkeypatch.setitem(connection.settings_dict, "PASSWORD", accounts["app"]["password"])

    yield change
    connection.close()
    connection.close_pool()
    monkeypatch.undo()


def can(connected, statement):
    try:
        connected.execute(statement)
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def test_the_site_s_account_cannot_tamper_with_history(accounts, olivia):
    record(Organisation(name="Exampleton Council"), by=olivia)
    log("exported", by=olivia)
    words = {"owner": connection.settings_dict["USER"], "me": accounts["app"]["user"]}
    with psycopg.connect(**accounts["app"], autocommit=True) as app:
        succeeded = [what for what, statement in TAMPERING.items() if can(app, statement.format(**words))]
    with psycopg.connect(**accounts["app"]) as app:
        assert app.execute(f"SELECT count(*) FROM {HISTORY}").fetchone() == (1,)
    assert succeeded == []
    tried("ways of tampering as the site's own account; let through 0", len(TAMPERING))


def test_the_auditor_reads_everything_and_writes_nothing(accounts):
    with psycopg.connect(**accounts["auditor"], autocommit=True) as auditor:
        for table, what in rights().items():
            assert what
            auditor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        for statement in ("INSERT INTO scrutiny_board DEFAULT VALUES", "DELETE FROM scrutiny_board"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                auditor.execute(statement)


def test_the_site_works_as_its_own_account(as_the_application, client, olivia):
    organisation = factories.OrganisationFactory(name="Exampleton Council")
    as_the_application()
    client.force_login(olivia)
    answer = fill(client, "organisation-update", organisation.pk, name="Exampleton Borough Council")
    assert answer.status_code == 302
    assert organisation.history.count() == 2
    added = record(Organisation(name="Exampleton Police"), by=olivia)
    with transaction.atomic():
        remove(added, by=olivia)
    log("exported", by=olivia)
    for command in ("send_reminders", "clear_receipts", "rebuild_search"):
        call_command(command, stdout=StringIO())
