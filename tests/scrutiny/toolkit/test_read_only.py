"""The pages say that nothing can be saved, for as long as that is so."""

import os

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from scrutiny.toolkit.read_only import is_read_only

SAYS_SO = "The site can only be read just now"


@pytest.fixture
def read_only(db, monkeypatch):
    """PostgreSQL tells it for this session; for SQLite the file is one that may not be written."""
    if connection.vendor == "postgresql":
        connection.ensure_connection()
        connection.cursor().execute("SET default_transaction_read_only = on")
    else:
        monkeypatch.setattr(os, "access", lambda path, mode: False)
    yield
    if connection.vendor == "postgresql":
        connection.cursor().execute("SET default_transaction_read_only = off")


def test_an_ordinary_database_takes_changes(db):
    connection.ensure_connection()
    assert not is_read_only()


def test_a_read_only_database_is_noticed_without_a_query(read_only, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert is_read_only()


def test_pages_can_be_read_and_say_that_nothing_can_be_saved(read_only, olivia):
    client = Client()
    client.force_login(olivia)
    answer = client.get(reverse("action-list"))
    assert answer.status_code == 200
    assert SAYS_SO in answer.content.decode()


def test_pages_say_nothing_of_it_on_ordinary_days(olivia):
    client = Client()
    client.force_login(olivia)
    assert SAYS_SO not in client.get(reverse("action-list")).content.decode()


def test_a_database_that_is_not_asked_yet_is_not_opened_for_this(db, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite tells it from the file.")
    with monkeypatch.context() as meanwhile:  # on the connection itself: its proxy cannot be put back
        meanwhile.setattr(connections[connection.alias], "connection", None)
        assert not is_read_only()
