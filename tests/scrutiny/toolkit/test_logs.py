"""Log lines say what happened, and neither who is written about nor what opens a page."""

import json
import logging
import sys
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.toolkit.access_log import Log
from scrutiny.toolkit.logs import JsonLines, Lines, safe_path, safe_text

TOKEN = "12-1:Qx9_secret-Signature0"


def line(message, *args, name="scrutiny", formatter=Lines, error=None, **extra):
    try:
        if error:
            raise error
    except Exception:
        exc_info = sys.exc_info()
    else:
        exc_info = None
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, message, args, exc_info)
    vars(record).update(extra)
    return formatter().format(record)


@pytest.mark.parametrize(
    ("path", "safe"),
    [
        ("/actions/12/edit/", "/actions/12/edit/"),
        (f"/answer/{TOKEN}/", "/answer/…/"),
        (f"/calendar/feed-{TOKEN}.ics?show=meetings", "/calendar/…"),
        ("/account/reset/3k-c9x8-12ab/", "/account/reset/…/"),
        ("/search/?q=Alex+Quill", "/search/"),
        ("/people/Alex%20Quill/", "/people/…/"),
        ("/", "/"),
    ],
)
def test_what_stands_of_an_address(path, safe):
    assert safe_path(path) == safe
    assert line("Not Found: %s", path).endswith(f"Not Found: {safe}")


def test_addresses_within_a_site_are_cut_too():
    assert (
        safe_text(f"see https://scrutiny.example/answer/{TOKEN}/ now")
        == "see https://scrutiny.example/answer/…/ now"
    )


def test_addresses_of_people_are_cut():
    assert "quill" not in line("Refused: alex.quill@example.org")


def test_the_words_of_an_error_are_left_out_and_its_place_stands():
    said = line("Internal Server Error: /", error=ValueError("Alex Quill was born in 2011"))
    assert "Quill" not in said
    assert "ValueError at tests/scrutiny/toolkit/test_logs.py:" in said


def test_the_errors_that_led_to_an_error_are_told_of():
    problem = ValueError("secret")
    problem.__cause__ = KeyError("secret")
    said = line("broken", error=problem)
    assert "ValueError" in said
    assert "KeyError" in said
    assert "secret" not in said


def test_what_django_quotes_of_an_attack_is_left_out():
    said = line("Invalid HTTP_HOST header: 'alex-quill.example'", name="django.security.DisallowedHost")
    assert said.endswith("A request was refused: DisallowedHost")


@given(st.text())
def test_whatever_is_logged_stays_one_line(text):
    for said in (line("%s", text), line("%s", text, formatter=JsonLines)):
        assert len(said.splitlines()) == 1


def test_a_json_line_has_what_machines_look_for():
    said = json.loads(line("Not Found: %s", "/x/", formatter=JsonLines, status_code=404, error=OSError("x")))
    assert said.keys() == {"at", "level", "logger", "message", "error", "status"}
    assert (said["level"], said["message"], said["status"]) == ("WARNING", "Not Found: /x/", 404)


def test_gunicorn_s_own_log_holds_no_secrets_either():
    log = Log.__new__(Log)
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"/answer/{TOKEN}/?q=Quill",
        "PATH_INFO": f"/answer/{TOKEN}/",
        "QUERY_STRING": "q=Quill",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://scrutiny.example/answer/{TOKEN}/",
        "HTTP_COOKIE": "sessionid=secretcookie",
        "HTTP_USER_AGENT": "Browser\nforged line",
    }
    request = SimpleNamespace(headers=[("REFERER", TOKEN), ("COOKIE", "secretcookie")])
    response = SimpleNamespace(status="200 OK", headers=[("Location", f"/answer/{TOKEN}/")], sent=1)
    atoms = log.atoms(response, request, environ, timedelta(0))
    everything = " ".join(map(str, atoms.values()))
    for secret in (TOKEN, "Quill", "secretcookie", "\n"):
        assert secret not in everything
    assert atoms["r"] == "GET /answer/…/ HTTP/1.1"
