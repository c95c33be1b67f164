"""Requests that no browser sends: wrong hosts, doors to elsewhere, huge ones (safety notes W7, W8, W11, W16)."""

import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.numbers import tried
from tests.test_access import client_of

pytestmark = pytest.mark.django_db

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example/",
    "\t//evil.example",
    "https:evil.example",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "javascript:alert(1)",
    "/%5cevil.example",
    "/%09/evil.example",
]


@pytest.mark.parametrize("place", ELSEWHERE)
def test_signing_in_leads_nowhere_else(cast, place):
    cast.olivia.set_password("a long pass phrase")
    cast.olivia.save()
    typed = {"username": "olivia", "login": "olivia", "password": "a long pass phrase", "next": place}
    answer = Client().post(reverse("sign-in"), typed)
    assert is_ours(answer.headers.get("Location", ""))


@pytest.mark.slow
@pytest.mark.parametrize("place", ELSEWHERE)
@pytest.mark.parametrize("name", ["sign-in", "sign-out", "admin:login", "home"])
def test_no_page_that_takes_a_place_to_go_on_to_leads_elsewhere(cast, name, place):
    for client in (Client(), client_of(cast, "a")):
        answer = client.get(reverse(name), {"next": place})
        assert is_ours(answer.headers.get("Location", ""))


def is_ours(location):
    """A browser reads a backslash as a slash and leaves tabs out. The place may stand in a query of our own page."""
    read = re.sub(r"[\t\r\n]", "", location.partition("?")[0].strip()).replace("\\", "/")
    return not location or (read.startswith("/") and not read.startswith("//"))


@pytest.mark.parametrize("place", ELSEWHERE[:8])
def test_what_leads_elsewhere_would_be_seen(place):
    assert not is_ours(place)


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "a b", ""]
)
def test_a_host_that_is_not_ours_is_refused(host):
    assert Client(headers={"host": host}).get(reverse("sign-in")).status_code == 400


@pytest.mark.parametrize("name", ["sign-in", "home", "security-txt", "security", "accessibility"])
def test_no_page_believes_a_host_that_was_passed_on(name):
    forged = {"x-forwarded-host": "evil.example", "x-host": "evil.example", "forwarded": "host=evil.example"}
    answer = Client(headers=forged).get(reverse(name))
    assert b"evil.example" not in answer.content
    assert "evil.example" not in answer.headers.get("Location", "")


def test_a_page_without_its_slash_leads_to_our_own(cast):
    answer = Client(headers={"x-forwarded-host": "evil.example"}).get("/actions")
    assert answer.headers["Location"] == "/actions/"


BIG = [
    ("2,000 parameters", lambda c: c.get("/sign-in/", {f"p{n}": n for n in range(2000)}), 200),
    ("an address of 9 KB", lambda c: c.get("/" + "a" * 9000 + "/"), 404),
    ("a parameter of 1 MB", lambda c: c.get("/search/", {"q": "a " * 500_000}), 200),
    ("the page 10^400", lambda c: c.get("/actions/", {"page": "9" * 400}), 404),
    ("a key of 400 digits", lambda c: c.get(f"/actions/{'9' * 400}/"), 404),
    ("26 MB in a form", lambda c: c.post("/people/add/", {"name": "x" * 26 * 1024 * 1024}), 400),
    ("10,001 fields", lambda c: c.post("/people/add/", {f"f{n}": "" for n in range(10_001)}), 400),
    (
        "101 files",
        lambda c: c.post("/minutes/add/", {f"f{n}": SimpleUploadedFile("a", b"a") for n in range(101)}),
        400,
    ),
    (
        "deep JSON",
        lambda c: c.post("/people/add/", "[" * 200_000, content_type="application/json"),
        200,
    ),
    (
        "a form that ends nowhere",
        lambda c: c.post("/people/add/", b"--x\r\n" * 1000, content_type="multipart/form-data; boundary=x"),
        200,
    ),
    (
        "a boundary that is none",
        lambda c: c.post("/people/add/", b"x", content_type="multipart/form-data"),
        400,
    ),
]


@pytest.mark.parametrize(("what", "ask", "status"), BIG, ids=[each[0] for each in BIG])
def test_something_huge_is_answered_soon_and_without_an_error_of_ours(cast, what, ask, status):
    client = client_of(cast, "o")
    client.raise_request_exception = False
    started = time.process_time()
    answer = ask(client)
    assert answer.status_code in (status, 302, 400, 404, 413)
    assert time.process_time() - started < 5
    tried(f"seconds for {what}", round(time.process_time() - started, 2))


TELLTALE = re.compile(
    rb"Traceback|site-packages|\.py\b|SELECT |django|gunicorn|psycopg|sqlite|Python/|/tmp/|/srv/",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/no-such-page/", 404),
        ("get", "/actions/99999999/", 404),
        ("post", "/no-such-page/", 404),
        ("post", "/action-list/", 404),
        ("post", "/healthz", 405),
        ("get", "/administration/login/", 403),
        ("post", "/minutes/add/", 200),
    ],
)
def test_an_error_tells_nothing_of_the_machinery(cast, method, path, status):
    answer = getattr(client_of(cast, "o"), method)(path)
    assert answer.status_code == status
    assert not TELLTALE.search(answer.content)


def test_a_broken_page_tells_nothing_of_the_machinery(monkeypatch, cast):
    def broken(*args, **kwargs):
        raise RuntimeError("SELECT secret FROM /srv/x.py")

    monkeypatch.setattr("scrutiny.overview.views.Home.get_context_data", broken)
    client = client_of(cast, "o")
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert not TELLTALE.search(answer.content)
    assert "Server" not in answer.headers
