"""When sessions end, exact to the second: S3. And a text that was being typed then."""

import re
from html import unescape

import pytest
import time_machine
from django.test import Client

from actions.models import ProgressUpdate
from scrutiny.toolkit.sessions import seen_cookie
from tests.scrutiny.sign_in.conftest import PASSWORD, browser, is_signed_in

pytestmark = pytest.mark.django_db
IDLE, ABSOLUTE = 30 * 60, 12 * 60 * 60


@pytest.fixture
def clock():
    with time_machine.travel("2026-03-02 08:00:00", tick=False) as clock:
        yield clock


@pytest.fixture
def client(clock, norma):
    client = Client()
    client.force_login(norma)
    return client


@pytest.mark.parametrize(("seconds", "lives"), [(IDLE - 1, True), (IDLE, False), (IDLE + 1, False)])
def test_S3_without_use_a_session_ends_to_the_second(clock, client, seconds, lives):
    client.get("/")
    clock.shift(seconds)
    assert is_signed_in(client) is lives


@pytest.mark.parametrize("used_after", [1, 60, 299, 300, 301, 1799])
def test_S3_the_last_use_counts_although_it_is_seldom_written_down(clock, client, used_after):
    client.get("/")
    clock.shift(used_after)
    client.get("/")
    clock.shift(IDLE - 1)
    assert is_signed_in(client)
    clock.shift(IDLE)
    assert not is_signed_in(client)


@pytest.mark.parametrize(("seconds", "lives"), [(ABSOLUTE - 1, True), (ABSOLUTE, False)])
def test_S3_after_twelve_hours_a_session_ends_however_much_it_is_used(clock, client, seconds, lives):
    for _ in range(35):  # every 20 minutes
        clock.shift(1200)
        assert client.get("/").status_code == 200
    clock.shift(seconds - 35 * 1200)
    assert is_signed_in(client) is lives


def test_the_limits_are_settings(clock, client, settings):
    settings.SESSION_IDLE_MINUTES = 5
    client.get("/")
    clock.shift(5 * 60)
    assert not is_signed_in(client)


def test_a_forged_or_foreign_time_of_last_use_counts_for_nothing(clock, client, norma):
    client.get("/")
    other = Client()
    other.force_login(norma)
    clock.shift(IDLE - 1)
    other.get("/")
    clock.shift(1)
    for value in ("9999999999", other.cookies[seen_cookie()].value, ""):
        client.cookies[seen_cookie()] = value
        assert not is_signed_in(client)


def test_a_session_that_has_ended_is_gone_for_good(clock, client):
    session = client.cookies["sessionid"].value
    clock.shift(IDLE)
    client.get("/")
    clock.shift(-IDLE)
    again = Client()
    again.cookies["sessionid"] = session
    assert not is_signed_in(again)


TEXT = "Nine of ten agencies confirmed “the training” & sent their registers.\r\n\r\nThe tenth follows."


def token(page):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]


def typed(page):
    text = page.content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', text))
    boxes = dict(re.findall(r'name="([\w-]+)"[^>]*readonly>\r?\n(.*?)</textarea>', text, re.DOTALL))
    return {name: unescape(value) for name, value in (fields | boxes).items()}


def test_a_text_typed_when_the_session_ends_is_saved_after_a_password_and_a_code(clock, ask, officer, step):
    client = browser(enforce_csrf_checks=True, HTTP_ORIGIN="http://testserver")
    page = client.get("/sign-in/")
    client.post("/sign-in/", {"username": "olivia", "password": PASSWORD, "csrfmiddlewaretoken": token(page)})
    page = client.get("/sign-in/code/")
    client.post("/sign-in/code/", {"code": step.code(), "csrfmiddlewaretoken": token(page)})
    address = f"/elements/{ask.elements[0].pk}/progress/"
    page = client.get(address)
    form = {
        "text": TEXT,
        "received_on_day": "1",
        "received_on_month": "3",
        "received_on_year": "2026",
        "owner_progress": "in_progress",
        "reported_by": "Business Manager",
        "on_behalf_of": str(ask.action.addressee_id),
        "source": "E-mail of 1 March 2026",
        "csrfmiddlewaretoken": token(page),
    }
    clock.shift(IDLE)
    held = client.post(address, form)
    assert (held.status_code, "You have been signed out" in held.content.decode()) == (403, True)
    assert typed(held)["text"] == TEXT.replace("\r\n", "\n") or typed(held)["text"] == TEXT

    # In another tab: the password, then sent too early, then the code.
    tab = client.get("/sign-in/")
    client.post("/sign-in/", {"username": "olivia", "password": PASSWORD, "csrfmiddlewaretoken": token(tab)})
    early = client.post(address, typed(held))
    assert early.status_code == 403
    assert typed(early)["text"] == typed(held)["text"]
    client.post(
        "/sign-in/code/", {"code": step.code(), "csrfmiddlewaretoken": token(client.get("/sign-in/code/"))}
    )

    once_more = client.post(address, typed(early))
    assert "Send this once more" in once_more.content.decode()
    answer = client.post(address, typed(once_more))
    assert answer.status_code == 302, answer.content.decode()
    assert ProgressUpdate.objects.get().text.replace("\r\n", "\n") == TEXT.replace("\r\n", "\n")
