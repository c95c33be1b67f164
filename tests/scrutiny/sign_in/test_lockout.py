"""Locked out after failures, without letting anybody lock an officer out: S4 and S5."""

import pytest
import time_machine
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import connection

from scrutiny.sign_in import lockout
from scrutiny.toolkit.attempts import Limit, give_back, take
from tests.numbers import tried
from tests.scrutiny.sign_in.conftest import browser, is_signed_in, kinds, sign_in

pytestmark = pytest.mark.django_db
ATTACKER, OFFICE = "198.51.100.7", "192.0.2.10"


@pytest.fixture(autouse=True)
def only_passwords(settings, officer):
    settings.SECOND_STEP = False


def fail(times, address=ATTACKER, name="olivia", **options):
    return [sign_in(browser(address), name, "wrong", **options).status_code for _ in range(times)]


def test_S4_after_five_failures_even_the_right_password_is_refused():
    assert fail(5) == [200] * 5
    client = browser(ATTACKER)
    answer = sign_in(client, "olivia")
    assert answer.status_code == 429
    assert "too many failed tries" in answer.content.decode()
    assert not is_signed_in(client)


@pytest.mark.parametrize("name", ["olivia", "OLIVIA", "olivia.marsh@exampleton.example"])
def test_S4_the_failures_of_one_account_count_together_whatever_was_typed(name):
    fail(3, name="olivia")
    fail(2, name="olivia.marsh@exampleton.example")
    assert fail(1, name=name) == [429]


def test_S4_a_forged_header_resets_nothing():
    for number in range(5):
        fail(1, headers={"x-forwarded-for": f"203.0.113.{number}"})
    assert fail(1, headers={"x-forwarded-for": "203.0.113.99"}) == [429]


def test_S4_behind_a_proxy_the_last_address_counts_and_those_before_are_hearsay(settings):
    settings.TRUSTED_PROXIES = 1
    for number in range(5):
        fail(1, "10.0.0.1", headers={"x-forwarded-for": f"203.0.113.{number}, {ATTACKER}"})
    assert fail(1, "10.0.0.1", headers={"x-forwarded-for": ATTACKER}) == [429]
    client = browser("10.0.0.1")
    assert sign_in(client, "olivia", headers={"x-forwarded-for": OFFICE}).status_code == 302


def test_S5_an_attacker_cannot_lock_the_officer_out_elsewhere():
    assert fail(60).count(429) == 55
    client = browser(OFFICE)
    sign_in(client, "olivia")
    assert is_signed_in(client)


def test_S5_many_attackers_together_are_stopped_and_the_officer_s_own_place_is_not():
    sign_in(browser(OFFICE), "olivia")
    answers = [fail(1, f"203.0.113.{number}")[0] for number in range(60)]
    tried("addresses guessing together", len(answers))
    assert answers.count(429) == 10
    assert sign_in(browser(OFFICE), "olivia").status_code == 302
    assert sign_in(browser("192.0.2.77"), "olivia").status_code == 429


def test_S5_one_network_of_the_newer_kind_counts_as_one_place():
    for number in range(5):
        fail(1, f"2001:db8:1:2::{number}")
    assert fail(1, "2001:db8:1:2:ffff::1") == [429]
    assert fail(1, "2001:db8:1:3::1") == [200]


def test_one_address_cannot_try_many_names():
    answers = [fail(1, name=f"name{number}")[0] for number in range(103)]
    assert answers == [200] * 100 + [429] * 3


def test_a_lock_ends_after_a_quarter_of_an_hour():
    with time_machine.travel("2026-03-02 09:00", tick=False) as clock:
        fail(5)
        clock.shift(lockout.WHILE - 1)
        assert fail(1) == [429]
        clock.shift(2)
        assert sign_in(browser(ATTACKER), "olivia").status_code == 302


def test_signing_in_forgets_the_failures_before():
    fail(4)
    sign_in(browser(ATTACKER), "olivia")
    assert fail(4) == [200] * 4


def test_an_administrator_unlocks(officer, ada, client):
    fail(5)
    client.force_login(ada)
    assert f"Locked out from {ATTACKER}" in client.get(f"/users/{officer.pk}/").content.decode()
    client.post(f"/users/{officer.pk}/unlock/")
    assert sign_in(browser(ATTACKER), "olivia").status_code == 302
    assert kinds() == ["sign_in_refused"] * 4 + ["locked_out", "unlocked", "sign_in"]


def test_whoever_goes_on_trying_fills_no_log():
    fail(20)
    assert len(kinds()) == 5


def test_a_password_asked_again_counts_too(officer):
    client = browser(OFFICE)
    client.force_login(officer)
    for _ in range(5):
        client.post("/sign-in/again/", {"password": "wrong"})
    assert "too many failed tries" in client.post("/sign-in/again/", {"password": "wrong"}).content.decode()


def test_all_processes_share_what_is_counted():
    place = take(Limit("a-test", 1, 60), "key")
    table = django_settings.CACHES["default"]["LOCATION"]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT cache_key FROM {table}")
        assert any(place in key for (key,) in cursor.fetchall())
    assert take(Limit("a-test", 1, 60), "key") is None
    give_back(place)
    assert cache.get(place) is None
