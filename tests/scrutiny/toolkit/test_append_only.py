"""The database refuses to change or delete a row of a history, whoever asks and however."""

import sqlite3

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction

from scrutiny.events import log
from scrutiny.models import Event, Organisation
from scrutiny.toolkit.append_only import (
    all_triggers_stand,
    append_only_tables,
    install,
    maintenance,
    missing_triggers,
)
from scrutiny.toolkit.history import record
from tests import factories

pytestmark = pytest.mark.django_db
HISTORY = Organisation.history.model


@pytest.fixture
def history_row(olivia):
    organisation = factories.OrganisationFactory(name="Exampleton Council")
    organisation.name = "Exampleton Borough Council"
    record(organisation, by=olivia, reason="The full name")
    return HISTORY.objects.filter(id=organisation.pk).latest("history_id")


def refused(do):
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        do()


def raw(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


CHANGES = {
    "a queryset changes": lambda row: HISTORY.objects.filter(pk=row.pk).update(name="Another"),
    "a queryset deletes": lambda row: HISTORY.objects.filter(pk=row.pk).delete(),
    "a row saves itself": lambda row: row.save(),
    "a row deletes itself": lambda row: row.delete(),
    "raw SQL changes": lambda row: raw(f"UPDATE {HISTORY._meta.db_table} SET name = 'Another'"),
    "raw SQL deletes": lambda row: raw(f"DELETE FROM {HISTORY._meta.db_table}"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_row_of_a_history_stays_as_it_is_when(change, history_row):
    refused(lambda: change(history_row))
    assert HISTORY.objects.get(pk=history_row.pk).name == "Exampleton Borough Council"


def test_the_old_histories_are_not_cleaned_away(history_row):
    refused(lambda: call_command("clean_old_history", "--auto", "--days=-1", verbosity=0))


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no TRUNCATE")
def test_a_history_is_not_emptied(history_row):
    refused(lambda: raw(f"TRUNCATE {HISTORY._meta.db_table}"))


def test_an_event_stays_as_it_is(olivia):
    log("exported", by=olivia)
    refused(lambda: Event.objects.update(reason="Another"))
    refused(lambda: Event.objects.all().delete())


def test_every_history_and_the_event_log_are_guarded():
    assert "scrutiny_event" in append_only_tables()
    assert HISTORY._meta.db_table in append_only_tables()
    assert missing_triggers() == []
    assert all_triggers_stand(databases=["default"]) == []


def test_a_trigger_that_was_taken_away_is_named_and_put_in_again():
    table = HISTORY._meta.db_table
    name = f"append_only_delete_{table}" if connection.vendor == "sqlite" else "append_only_row"
    raw(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else f" ON {table}"))
    assert missing_triggers() == [f"{name} on {table}"]
    assert [error.id for error in all_triggers_stand(databases=["default"])] == ["append_only.W001"]
    install()
    assert missing_triggers() == []


def test_a_table_that_is_not_there_yet_needs_no_guard(monkeypatch):
    monkeypatch.setattr("scrutiny.toolkit.append_only.append_only_tables", lambda: ["not_yet_migrated"])
    assert missing_triggers() == []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite cannot switch a trigger off")
def test_a_trigger_that_was_switched_off_counts_as_missing():
    table = HISTORY._meta.db_table
    raw(f"ALTER TABLE {table} DISABLE TRIGGER append_only_row")
    assert missing_triggers() == [f"append_only_row on {table}"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="another program reaches PostgreSQL as a role")
@pytest.mark.django_db(transaction=True)
def test_another_program_cannot_change_an_sqlite_file_s_history(history_row):
    file = sqlite3.connect(connection.settings_dict["NAME"])
    with pytest.raises(sqlite3.OperationalError, match="history_maintenance"):
        file.execute(f"DELETE FROM {HISTORY._meta.db_table}")
    file.close()


def test_maintenance_lets_this_connection_through_and_ends(history_row):
    with maintenance():
        HISTORY.objects.filter(pk=history_row.pk).update(name="Another")
    assert HISTORY.objects.get(pk=history_row.pk).name == "Another"
    refused(lambda: history_row.delete())


def test_maintenance_ends_also_when_something_fails(history_row):
    with pytest.raises(ZeroDivisionError), maintenance():
        1 / 0  # noqa: B018
    refused(lambda: history_row.delete())


def test_a_real_site_is_not_emptied(settings):
    settings.DEVELOPMENT = False
    with pytest.raises(CommandError, match="Restore a backup instead"):
        call_command("flush", interactive=False)
