"""A real site does not start on a database that may lose what it has acknowledged."""

import pytest
from django.db import connection

from scrutiny.toolkit.durability import unsafe_settings, what_is_saved_stays_saved

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_careless_database_is_named_with_what_to_do(settings):
    settings.DEVELOPMENT = False
    with connection.cursor() as cursor:
        cursor.execute(
            "SET synchronous_commit TO off"
            if connection.vendor == "postgresql"
            else "PRAGMA synchronous=NORMAL"
        )
    found = dict(unsafe_settings(connection))
    name = "synchronous_commit" if connection.vendor == "postgresql" else "synchronous"
    assert name in found
    assert any(name in error.msg for error in what_is_saved_stays_saved(databases=["default"]))
    connection.close()


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the PostgreSQL of the tests is careless on purpose"
)
def test_our_own_settings_of_sqlite_are_careful(settings):
    settings.DEVELOPMENT = False
    connection.close()
    assert what_is_saved_stays_saved(databases=["default"]) == []


def test_a_trial_may_be_careless(settings):
    settings.DEVELOPMENT = True
    assert what_is_saved_stays_saved(databases=["default"]) == []
