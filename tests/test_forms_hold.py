"""Whatever is sent to whichever form: no page breaks, and nothing is half written (safety notes W12)."""

import os

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from simple_history.utils import get_history_manager_for_model

from tests.forms import forms_of
from tests.numbers import tried
from tests.test_access import client_of
from tests.test_access import world as world_of_every_page

world = world_of_every_page
ODD = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\x1b[31m",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "𠜎" * 50,
    "e\u0301" * 200,
    "9" * 400,
    "-1",
    "0",
    "1e309",
    "NaN",
    "Infinity",
    "18446744073709551616",
    "9223372036854775808",
    "٣",
    "²",
    "31",
    "29",
    "2",
    "2023",
    "0000",
    "10000",
    "on",
    "true",
    "None",
    "[]",
    '{"a": {"b": []}}',
    "'; DROP TABLE scrutiny_user; --",
    "%s %d {0.__class__} {{ 7|add:7 }} {% debug %}",
    "../../../etc/passwd",
    "http://[::1",
    "javascript:alert(1)",
    "https://example.org/" + "a" * 3000,
    "a@b",
    "=1+1",
    "x" * 70_000,
    "\r\nSet-Cookie: a=b",
]
values = st.one_of(
    st.sampled_from(ODD),
    st.text(max_size=60),
    st.integers(-(2**70), 2**70).map(str),
    st.integers(1, 40).map(str),
    st.dates().map(str),
)
files = st.one_of(
    st.binary(max_size=200),
    st.sampled_from([b"%PDF-1.7", b"PK\x03\x04", b"words", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"]),
)
endings = st.sampled_from([".pdf", ".docx", ".xlsx", ".csv", ".txt", ".png", ".jpg", ".html", ""])


@st.composite
def submissions(draw, found):
    """What a browser would send, with some of it replaced, repeated, left out or added."""
    sent = {name: list(standing) for name, standing in found.values.items()}
    for name in draw(st.sets(st.sampled_from(found.typed), max_size=6)) if found.typed else ():
        sent[name] = draw(st.lists(values, max_size=3))
    if draw(st.integers(0, 9)) == 0:
        sent[draw(st.sampled_from(["id", "pk", "is_superuser", "board", "form_token", "_method"]))] = [
            draw(values)
        ]
    for name in found.files:
        if draw(st.booleans()):
            sent[name] = [SimpleUploadedFile(f"x{draw(endings)}", draw(files))]
    return sent


def without_history():
    """How many rows of each tracked model have no history row: one question for all of them."""
    asked = []
    for model in apps.get_models():
        if hasattr(model, "history"):
            table = model._meta.db_table
            history = get_history_manager_for_model(model).model._meta.db_table
            key = model._meta.pk.column
            asked.append(
                f"SELECT '{table}', COUNT(*) FROM {table} r WHERE NOT EXISTS "
                f"(SELECT 1 FROM {history} h WHERE h.{key} = r.{key})"
            )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return {name: count for name, count in cursor.fetchall() if count}


def outcome(clients, found, sent, before):
    """What went wrong with a submission, in words; nothing if all is well. It leaves no trace."""
    with transaction.atomic():
        answer = clients[found.letter].post(found.url, sent)
        left = without_history() if answer.status_code < 500 else before
        transaction.set_rollback(True)
    if answer.status_code >= 500:
        return f"{answer.status_code} from {found.url}"
    return f"{found.url} left rows without history: {left}" if left != before else ""


def try_out(world, many):
    forms, before = forms_of(world), without_history()
    clients = {found.letter: client_of(world, found.letter) for found in forms}
    for client in clients.values():
        client.raise_request_exception = False
    counts = dict.fromkeys((found.name for found in forms), 0)

    @settings(max_examples=many, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.data())
    def check(data):
        found = forms[data.draw(st.integers(0, len(forms) - 1))]
        sent = data.draw(submissions(found))
        assert outcome(clients, found, sent, before) == ""
        counts[found.name] += 1

    check()
    tried(f"generated submissions to {len(forms)} forms", sum(counts.values()))
    return forms


@pytest.mark.slow
def test_no_generated_submission_breaks_a_page_or_leaves_something_half_written(world):
    forms = try_out(world, 150)
    assert len({found.name for found in forms}) > 80
    assert sum(len(found.typed) for found in forms) > 300


@pytest.mark.verify
def test_ten_thousand_generated_submissions(world):
    try_out(world, int(os.environ.get("SUBMISSIONS", 10_000)))
