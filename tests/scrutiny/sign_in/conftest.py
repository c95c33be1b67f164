"""Real passwords, a real second step, and clients that sign in as people do."""

import time
from functools import partial
from types import SimpleNamespace

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client

from scrutiny.models import Event

PASSWORD = "lantern otter gravel seventeen"


@pytest.fixture(autouse=True)
def second_step_required(settings, db):
    settings.SECOND_STEP = True
    cache.clear()


@pytest.fixture
def officer(olivia):
    """The officer, with a password and an address."""
    olivia.email = "olivia.marsh@exampleton.example"
    olivia.set_password(PASSWORD)
    olivia.save()
    return olivia


@pytest.fixture
def step(officer):
    """The officer's second step: `code()` of a moment, and the recovery codes."""
    secret = generate_totp_secret()
    TOTP.activate(officer, secret)
    codes = RecoveryCodes.activate(officer).generate_codes()

    return SimpleNamespace(code=partial(code_of, secret), recovery_codes=codes, secret=secret)


def code_of(secret, steps_away=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps_away))


def sign_in(client, name, password=PASSWORD, code=None, **options):
    """The last answer: to the password, or to the code if one is given."""
    answer = client.post("/sign-in/", {"username": name, "password": password}, **options)
    return client.post("/sign-in/code/", {"code": code}) if code else answer


def kinds():
    """What the event log tells of signing in; the roles of the cast are given before."""
    return list(Event.objects.exclude(kind="role_changed").order_by("pk").values_list("kind", flat=True))


def is_signed_in(client):
    return client.get("/").status_code == 200


def browser(address="127.0.0.1", **options):
    return Client(REMOTE_ADDR=address, **options)
