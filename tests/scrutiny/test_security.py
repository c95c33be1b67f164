"""Where to report a security problem: the page, the file for programs and the settings agree."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


def lines():
    answer = Client().get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in answer.content.decode().splitlines())


def test_the_file_has_what_the_standard_wants(settings):
    settings.SECURITY_CONTACT = "security@example.gov.uk"
    said = lines()
    assert said["Contact"] == "mailto:security@example.gov.uk"
    assert said["Canonical"] == f"{settings.SITE_ADDRESS}/.well-known/security.txt"
    assert said["Policy"] == f"{settings.SITE_ADDRESS}{reverse('security')}"


def test_it_is_valid_for_less_than_a_year_from_any_day_on():
    expires = datetime.strptime(lines()["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=30) < expires - datetime.now(UTC) < timedelta(days=365)


@pytest.mark.parametrize("place", ["security@example.gov.uk", "https://example.gov.uk/report"])
def test_the_page_names_the_same_place(settings, place):
    settings.SECURITY_CONTACT = place
    assert f'href="{lines()["Contact"]}"' in Client().get(reverse("security")).content.decode()


def test_there_is_a_place_also_where_nothing_was_set(settings):
    assert settings.SECURITY_CONTACT == settings.DEFAULT_FROM_EMAIL


def test_every_page_leads_there():
    assert f'href="{reverse("security")}"' in Client().get(reverse("sign-in")).content.decode()
