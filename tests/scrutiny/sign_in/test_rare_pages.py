"""Pages that few people come to: a passkey's, and that of too many tries."""

import pytest
from allauth.core.ratelimit import respond_429
from allauth.mfa.models import Authenticator
from django.urls import reverse

from tests.scrutiny.sign_in.conftest import PASSWORD, browser, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(norma):
    """Somebody who has just signed in, so that no page asks for it again."""
    norma.set_password(PASSWORD)
    norma.save()
    client = browser()
    sign_in(client, "norma")
    return client


@pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_a_passkey_has_a_page_for_its_name_and_one_to_take_it_off(client, name, norma):
    passkey = Authenticator.objects.create(user=norma, type="webauthn", data={"name": "Blue key"})
    answer = client.get(reverse(name, args=[passkey.pk]))
    assert answer.status_code == 200
    assert "Blue key" in answer.content.decode()


def test_somebody_who_signed_in_long_ago_shows_a_passkey_again(client, norma, monkeypatch):
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: [])
    Authenticator.objects.create(user=norma, type="webauthn", data={"name": "Blue key"})
    answer = client.get(reverse("mfa_reauthenticate_webauthn"))
    assert answer.status_code == 200
    assert "passkey" in answer.content.decode().lower()


def test_too_many_tries_are_told_in_the_look_of_the_site(rf, norma):
    request = rf.get("/")
    request.user = norma
    answer = respond_429(request)
    assert answer.status_code == 429
    assert "Wait a few minutes, then try again." in answer.content.decode()
