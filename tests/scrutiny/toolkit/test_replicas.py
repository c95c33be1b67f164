"""Which database a request reads from. How real servers behave is tried in tests/test_replica.py."""

import pytest
from django.db import OperationalError, connections, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from scrutiny.models import Organisation
from scrutiny.toolkit import replicas
from scrutiny.toolkit.replicas import PRIMARY, REPLICA, Replica, Router, reads_from_replica, written_by


@pytest.fixture(autouse=True)
def read_afterwards_from_the_primary():
    yield
    replicas.finished()


class Up:
    """A replica that has come far enough, or has not."""

    def __init__(self, is_up):
        self.is_up, self.asked_for = is_up, []

    def has_come_to(self, place):
        self.asked_for.append(place)
        return self.is_up


@pytest.fixture
def read_from(monkeypatch):
    """A function that sends a request and gives the database that its view would read from."""

    def send(method="get", is_up=True, cookie="", status=200):
        monkeypatch.setattr(replicas, "replica", Up(is_up))
        monkeypatch.setattr(
            replicas, "keep_place", lambda response: response.headers.setdefault("kept", "yes")
        )
        request = getattr(RequestFactory(), method)("/")
        request.COOKIES["written"] = cookie
        found = []

        def view(request):
            found.append(Router().db_for_read(Organisation))
            return HttpResponse(status=status)

        response = reads_from_replica(view)(request)
        return found[0], "kept" in response.headers

    return send


def test_pages_are_read_from_the_replica(read_from):
    assert read_from() == (REPLICA, False)


def test_a_replica_that_is_behind_or_away_is_passed_by(read_from):
    assert read_from(is_up=False) == (PRIMARY, False)


def test_a_request_that_writes_reads_from_the_primary_and_its_place_is_kept(read_from):
    assert read_from("post") == (PRIMARY, True)


def test_of_a_write_that_failed_no_place_is_kept(read_from):
    assert read_from("post", status=503) == (PRIMARY, False)


def test_the_replica_must_have_come_to_what_this_browser_wrote(read_from):
    read_from(cookie="0/3000148")
    assert replicas.replica.asked_for == ["0/3000148"]


@pytest.mark.parametrize("cookie", ["", "nonsense", "0/1'; DROP TABLE x", "FFFFFFFFF/0", "0/3000148\n"])
def test_a_cookie_that_is_none_of_ours_says_nothing(cookie):
    request = RequestFactory().get("/")
    request.COOKIES["written"] = cookie
    assert written_by(request) == "0/0"


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_everything_is_read_from_the_primary():
    replicas.reading.set(REPLICA)
    assert Router().db_for_read(Organisation) == REPLICA
    with transaction.atomic():
        assert Router().db_for_read(Organisation) == PRIMARY


def test_writes_and_migrations_go_to_the_primary_only():
    assert Router().db_for_write(Organisation) == PRIMARY
    assert Router().allow_migrate(PRIMARY, "scrutiny")
    assert not Router().allow_migrate(REPLICA, "scrutiny")
    assert Router().allow_relation(None, None)


def test_a_replica_that_does_not_answer_is_left_alone_for_a_while(monkeypatch):
    class Away(dict):
        tries = 0

        def __getitem__(self, alias):
            Away.tries += 1
            raise OperationalError("away")

    class Quiet:
        def place_a_moment_ago(self):
            return "0/0"

    monkeypatch.setattr(replicas, "connections", Away())
    replica = Replica(Quiet())
    assert not replica.has_come_to("0/0")
    assert not replica.has_come_to("0/0")
    assert Away.tries == 1


def test_where_the_primary_is_is_asked_once_a_second(monkeypatch):
    asked = []
    primary = replicas.Primary()
    monkeypatch.setattr(primary, "_ask", lambda: asked.append(1) or setattr(primary, "asked", 1e12))
    for _ in range(3):
        primary.place_a_moment_ago()
    assert asked == [1]


def test_a_primary_that_was_away_is_asked_again_before_old_pages_are_shown(monkeypatch):
    primary = replicas.Primary()
    assert not primary.is_still_away()
    primary.is_away = True
    monkeypatch.setattr(primary, "_ask", lambda: setattr(primary, "is_away", False))
    assert not primary.is_still_away()


def test_without_a_replica_there_is_no_router(settings):
    if REPLICA not in connections.databases:
        assert settings.DATABASE_ROUTERS == []
