"""What is typed turns up neither in log lines nor in sessions, also where pages break (safety notes W14)."""

import io
import logging

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from scrutiny.toolkit.logs import JsonLines, Lines
from scrutiny.toolkit.middleware import AtomicWrites
from tests.forms import forms_of
from tests.numbers import tried
from tests.test_access import POLICY, URLS, address, client_of
from tests.test_access import world as world_of_every_page

world = world_of_every_page
CANARIES = ["943 476 5919", "Zebediah Canaryname", "canary-pass-phrase-77", "QQ123456C", "canary@example.org"]
TYPED = " ".join(CANARIES)


@pytest.fixture
def log():
    """Everything that is logged, written as on a real site, in both formats."""
    written, handlers = io.StringIO(), []
    for formatter in (Lines(), JsonLines()):
        handler = logging.StreamHandler(written)
        handler.setFormatter(formatter)
        handlers.append(handler)
        logging.getLogger().addHandler(handler)
    yield written
    for handler in handlers:
        logging.getLogger().removeHandler(handler)


def found_in(text):
    return [canary for canary in CANARIES if canary in text or canary.replace(" ", "+") in text]


def in_sessions():
    return [found for session in Session.objects.all() for found in found_in(str(session.get_decoded()))]


@pytest.fixture
def broken(monkeypatch):
    """Every view fails, with what was sent in the words of the error, as databases and parsers do it."""

    def fail(self, request, view, args, kwargs):
        raise ValueError(f"{request.get_full_path()} {dict(request.POST)} {TYPED}")

    monkeypatch.setattr(AtomicWrites, "process_view", fail)


def quiet(client):
    client.raise_request_exception = False
    return client


@pytest.mark.django_db
def test_signing_in_leaves_nothing(log):
    for data in (
        {"username": CANARIES[1], "password": CANARIES[2]},
        {"login": CANARIES[4], "password": TYPED},
    ):
        Client().post(reverse("sign-in"), data)
    assert found_in(log.getvalue()) == []


@pytest.mark.slow
def test_a_page_that_breaks_leaves_nothing(world, log, broken):
    client, names = quiet(client_of(world, "o")), sorted(POLICY.keys() & URLS.keys())
    for name in names:
        answer = client.post(
            f"{address(name, world)}?q={TYPED}", {"text": TYPED, "title": TYPED, "name": TYPED}
        )
        assert answer.status_code >= 400, name
    said = log.getvalue()
    assert found_in(said) == []
    assert in_sessions() == []
    assert said.count("ValueError at tests/test_canaries.py") > 100
    for secret in (address("round-answer", world), address("calendar-feed", world)):
        assert secret not in said
    tried("pages made to fail with canaries in them", len(names))


@pytest.mark.verify
def test_what_is_typed_into_every_form_leaves_nothing(world, log):
    forms = forms_of(world)
    for found in forms:
        quiet(client_of(world, found.letter)).post(found.url, dict.fromkeys(found.typed, TYPED))
    assert found_in(log.getvalue()) == []
    assert in_sessions() == []
    tried("forms with canaries in every field", len(forms))


def test_a_canary_would_be_found():
    assert found_in("/search/?q=Zebediah+Canaryname") == [CANARIES[1]]
