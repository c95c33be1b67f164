"""What stands in every answer, whoever asks for whatever (safety notes W1, W2, W9).

Every page, as everybody, is looked at in tests/test_access.py, which opens them all.
"""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from scrutiny.toolkit import headers
from tests.headers import faults, inline
from tests.numbers import tried
from tests.test_access import admin_addresses, answer_to
from tests.test_access import world as world_of_every_page

world = world_of_every_page


@pytest.mark.verify
def test_the_administration_carries_the_headers_and_nothing_inline(world):
    wrong, asked = [], 0
    for url in admin_addresses():
        for letter in "xa":
            answer, asked = answer_to(world, letter, "get", url), asked + 1
            wrong += [f"{letter} {url}: {fault}" for fault in faults(answer) + inline(answer)]
    assert wrong == []
    tried("answers of the administration looked at for their headers", asked)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/no-such-page/", 404),
        ("get", "/actions", 301),
        ("get", "/static/no-such-file.css", 404),
        ("get", "/actions/?format=csv", 302),
        ("trace", "/", 302),
        ("post", "/sign-in/", 200),
        ("get", "/static/", 404),
    ],
)
def test_errors_and_redirects_carry_the_headers_too(method, path, status):
    answer = getattr(Client(), method)(path)
    assert answer.status_code == status
    assert faults(answer) == []


@pytest.mark.django_db
def test_a_wrong_host_gets_the_headers_and_an_error():
    answer = Client(headers={"host": "elsewhere.example"}).get("/sign-in/")
    assert answer.status_code == 400
    assert faults(answer) == []


def test_a_page_that_breaks_carries_the_headers(db, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("scrutiny.sign_in.views.SignIn.get_context_data", broken)
    answer = Client(raise_request_exception=False).get("/sign-in/")
    assert answer.status_code == 500
    assert faults(answer) == []


def test_the_redirect_to_https_carries_the_headers(db, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/sign-in/")
    assert (answer.status_code, faults(answer)) == (301, [])
    assert "Strict-Transport-Security" not in answer.headers


def test_browsers_are_told_to_stay_with_https_for_a_year(db, settings):
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    answer = Client().get("/sign-in/", secure=True)
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_public_files_may_be_kept_and_carry_the_rest():
    answer = Client().get("/static/council.css")
    assert answer.status_code == 200
    assert faults(answer, kept=True) == []
    assert "no-store" not in answer.headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_a_page_that_asks_to_be_kept_is_not_kept(rf):
    public = HttpResponse(headers={"Cache-Control": "public, max-age=60"})
    answer = headers.PageHeaders(lambda request: public)(rf.get("/"))
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<p style='color:red'>",
        "<style>p{}</style>",
        "<a onclick='x()'>",
        "<a href='JavaScript:x()'>",
    ],
)
def test_something_inline_would_be_found(body):
    assert inline(HttpResponse(body))


def test_cookies_of_a_real_site_come_from_that_very_site_only(tmp_path):
    """Looked up in a process of its own, with the settings of a real site."""
    program = (
        "import django; django.setup()\n"
        "from django.conf import settings as s\nfrom scrutiny.toolkit import headers\n"
        "for n in ('SESSION_COOKIE_', 'CSRF_COOKIE_'):\n"
        "    for e in ('NAME', 'SECURE', 'HTTPONLY', 'SAMESITE', 'PATH', 'DOMAIN'):\n"
        "        print(getattr(s, n + e))\n"
        "print(headers.MessageCookie.cookie_name)"
    )
    real = {
        "DJANGO_SETTINGS_MODULE": "scrutiny.settings",
        "SECRET_KEY": "long enough to be taken for a secret key of a real site, or so it is hoped",
        "ALLOWED_HOSTS": "scrutiny.example.gov.uk",
        "SITE_ADDRESS": "https://scrutiny.example.gov.uk",
        "EMAIL_URL": "smtp://mail.example.gov.uk",
        "EMAIL_FROM": "scrutiny@example.gov.uk",
        "TOTP_KEY": "bmV2ZXItdXNlLXRoaXMta2V5LWZvci1hbnl0aGluZyE=",
        "DATA_DIR": str(tmp_path),
        "PATH": os.environ["PATH"],
    }
    said = subprocess.run(
        [sys.executable, "-c", program],
        env=real,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    kept = "True True Lax / None"
    assert " ".join(said) == f"__Host-sessionid {kept} __Host-csrftoken {kept} __Host-messages"
