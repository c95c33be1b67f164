"""The two addresses that load balancers ask."""

from unittest import mock

import pytest
from django.db import OperationalError
from django.test import Client

from scrutiny.toolkit import health


@pytest.fixture
def load_balancer():
    """It asks by number, without HTTPS."""
    return Client(headers={"host": "10.0.0.7:8000"})


@pytest.fixture(autouse=True)
def fresh():
    """What the last migrations are is kept, and may have been asked for before a database was made without any."""
    health.newest_migrations.cache_clear()


@pytest.fixture
def real_site(settings):
    settings.ALLOWED_HOSTS = ["scrutiny.example.gov.uk"]
    settings.SECURE_SSL_REDIRECT = True


def test_a_process_that_answers_is_healthy_and_no_database_is_asked(load_balancer, real_site):
    answer = load_balancer.get("/healthz")  # without the mark django_db, a query would be an error
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.django_db
def test_a_site_with_its_database_is_ready(load_balancer, real_site, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        answer = load_balancer.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_a_migration_that_was_not_applied_is_not_ready_and_nothing_more_is_said(load_balancer, monkeypatch):
    monkeypatch.setattr(health, "newest_migrations", lambda: {("scrutiny", "9999_later")})
    answer = load_balancer.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not ready\n")


def test_without_a_database_it_is_alive_but_not_ready_and_the_log_stays_quiet(load_balancer, caplog):
    with mock.patch.object(health, "MigrationRecorder", side_effect=OperationalError("secret host")):
        answer = load_balancer.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"not ready\n")
    assert load_balancer.get("/healthz").status_code == 200
    assert caplog.records == []


def test_head_is_answered_and_other_methods_are_not(load_balancer):
    assert load_balancer.head("/healthz").status_code == 200
    assert load_balancer.post("/healthz").status_code == 405


def test_other_addresses_are_none_of_its_business(load_balancer, real_site):
    assert load_balancer.get("/healthz/").status_code == 400  # a host this site does not answer to
