"""The council's own directory, by OpenID Connect, against a real provider in a process of its own."""

import json
import re
import socket
import subprocess
import sys
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount

import scrutiny.urls
from scrutiny.models import Event, User
from scrutiny.sign_in.urls import directory
from tests import factories
from tests.conftest import hold
from tests.scrutiny.sign_in.conftest import PASSWORD, browser, is_signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.urls(__name__)]

urlpatterns = [*directory, *scrutiny.urls.urlpatterns]
handler403, handler404 = scrutiny.urls.handler403, scrutiny.urls.handler404

PEOPLE = {
    "d-1": {"email": "femi@exampleton.example", "email_verified": True},
    "d-2": {"email": "femi@exampleton.example", "email_verified": False},
    "d-3": {"email": "stranger@exampleton.example", "email_verified": True},
}


@pytest.fixture(scope="module")
def provider():
    """The address of the directory."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    claims = [json.dumps({"sub": sub, **more}) for sub, more in PEOPLE.items()]
    options = [part for claim in claims for part in ("--user-claims", claim)]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/.well-known/openid-configuration")
        yield address
    finally:
        process.terminate()
        process.wait(10)


def wait_for(address):
    for _ in range(120):
        try:
            return requests.get(address, timeout=5).raise_for_status()
        except requests.ConnectionError:
            time.sleep(0.25)
    raise AssertionError("The provider did not start")


@pytest.fixture(autouse=True)
def joined_to(provider, settings):
    settings.OIDC_SERVER, settings.OIDC_NAME = provider, "Exampleton account"
    app = {
        "provider_id": "directory",
        "name": "Exampleton account",
        "client_id": "scrutiny",
        "secret": "secret",
        "settings": {"server_url": provider},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}


@pytest.fixture
def femi(db):
    """Invited, and has not chosen a password."""
    user = factories.UserFactory(username="femi", email="femi@exampleton.example")
    user.set_unusable_password()
    user.save()
    return hold(user, "officer")


def come_from_directory(subject, client=None):
    """The client after the whole way there and back as `subject`, and the last answer."""
    client = client or browser()
    there = client.post("/sign-in/directory/")["Location"]
    asked = parse_qs(urlsplit(there).query)
    assert asked["code_challenge_method"] == ["S256"]
    back = requests.post(there, data={"sub": subject}, allow_redirects=False, timeout=10).headers["Location"]
    return client, client.get(back.removeprefix("http://testserver"), follow=True)


def test_somebody_invited_is_joined_by_the_address_the_directory_has_checked(femi):
    client, _ = come_from_directory("d-1")
    assert is_signed_in(client)
    assert SocialAccount.objects.get().user == femi
    assert Event.objects.get(kind="sign_in").detail == "directory"


def test_once_joined_the_directory_s_own_identifier_counts(femi):
    come_from_directory("d-1")
    femi.email = "married.name@exampleton.example"
    femi.save()
    client, _ = come_from_directory("d-1")
    assert is_signed_in(client)


def test_an_address_the_directory_has_not_checked_joins_nobody(femi):
    client, answer = come_from_directory("d-2")
    assert "You have no account here yet" in answer.content.decode()
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()


def test_an_identifier_given_with_the_invitation_joins_whatever_the_address(femi):
    SocialAccount.objects.create(user=femi, provider="directory", uid="d-2")
    client, _ = come_from_directory("d-2")
    assert is_signed_in(client)


def test_a_stranger_gets_no_account(femi):
    users = User.objects.count()
    client, answer = come_from_directory("d-3")
    assert "You have no account here yet" in answer.content.decode()
    assert not is_signed_in(client)
    assert User.objects.count() == users
    assert Event.objects.exclude(kind="role_changed").get().kind == "sign_in_refused"


def test_somebody_deactivated_does_not_come_in(femi):
    femi.is_active = False
    femi.save()
    client, _ = come_from_directory("d-1")
    assert not is_signed_in(client)


def test_the_directory_takes_the_second_step(femi, settings):
    """An officer: with a password alone they would be sent to set one up."""
    settings.SECOND_STEP = True
    client, _ = come_from_directory("d-1")
    assert is_signed_in(client)
    femi.set_password(PASSWORD)
    femi.save()
    other = browser()
    other.post("/sign-in/", {"username": "femi", "password": PASSWORD})
    assert not is_signed_in(other)


def test_the_policy_names_the_directory_for_forms_and_nothing_else(provider):
    headers = browser().get("/sign-in/").headers
    assert f"form-action 'self' {provider};" in headers["Content-Security-Policy"]
    assert provider not in browser().get("/accessibility/").headers["Content-Security-Policy"]
    assert re.search("Sign in with\\s+Exampleton account", browser().get("/sign-in/").content.decode())


def test_nobody_connects_their_account_to_somebody_in_the_directory(femi, norma):
    client = browser()
    client.force_login(norma)
    assert client.post("/sign-in/directory/?process=connect").status_code == 400


def test_an_answer_that_was_not_asked_for_signs_nobody_in(femi):
    client = browser()
    assert client.get("/sign-in/directory/back/?code=x&state=y").status_code in (200, 401, 403)
    assert not is_signed_in(client)


def test_the_directory_asks_before_it_is_gone_to_and_says_when_it_was_cancelled(provider):
    client = browser()
    assert "Exampleton account" in client.get("/sign-in/directory/").content.decode()
    assert client.get("/sign-in/directory/cancelled/").status_code == 200
