"""Hostile files are refused with a sentence; good ones come back byte for byte; nothing is left of what was refused."""

import socket
import threading
import zlib
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from actions.models import Evidence
from scrutiny.toolkit import contents
from scrutiny.toolkit.contents import Refused
from scrutiny.toolkit.files import check_upload
from tests import factories, samples
from tests.numbers import tried
from tests.test_access import client_of


@pytest.fixture
def folder(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    return tmp_path


def files_in(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


@pytest.mark.parametrize("what", samples.BAD)
def test_a_hostile_file_is_refused_with_a_sentence(what):
    name, content = samples.BAD[what]
    upload = SimpleUploadedFile(name, content)
    with pytest.raises(ValidationError) as refusal:
        check_upload(upload)
    (sentence,) = refusal.value.messages
    assert sentence.endswith(".")


def test_as_many_cases_as_the_safety_notes_ask_for():
    counts = len(samples.BAD), len(samples.GOOD), len(samples.HOSTILE_NAMES)
    assert all(count >= least for count, least in zip(counts, (27, 4, 8), strict=True))
    tried("bad, good and oddly named files", counts)


def send(cast, ask, upload):
    update = factories.UpdateFactory(element=ask.elements[0])
    data = {"title": "Names of staff", "grade": "E3", "file": upload}
    return client_of(cast, "o").post(reverse("evidence-add", args=[update.pk]), data)


@pytest.mark.parametrize("name", samples.GOOD)
def test_a_good_file_comes_back_byte_for_byte_and_never_opens_in_the_site(cast, ask, folder, name):
    answer = send(cast, ask, SimpleUploadedFile(name, samples.GOOD[name]))
    assert answer.status_code == 302, answer.context["form"].errors
    (kept,) = Evidence.objects.all()
    assert samples.SAFE_NAME.fullmatch(kept.file.name)
    back = client_of(cast, "o").get(reverse("evidence-file", args=[kept.pk]))
    assert b"".join(back) == samples.GOOD[name]
    assert back["Content-Disposition"].startswith("attachment")
    assert back["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in back["Content-Security-Policy"]


@pytest.mark.parametrize("what", ["a PDF with a script", "a web page", "a bomb of 60 MB", "empty"])
def test_nothing_is_left_of_what_was_refused(cast, ask, folder, what):
    before = files_in(django_settings.DATA_DIR)
    answer = send(cast, ask, SimpleUploadedFile(*samples.BAD[what]))
    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not Evidence.objects.exists()
    assert (files_in(folder), files_in(django_settings.DATA_DIR)) == ([], before)


@pytest.mark.parametrize("name", samples.HOSTILE_NAMES)
def test_a_hostile_name_is_refused_or_harmless(cast, ask, folder, name):
    upload = SimpleUploadedFile("x.txt", b"words")
    upload._name = name  # as a program of its own would send it, past what Python tidies up
    answer = send(cast, ask, upload)
    for kept in Evidence.objects.all():
        assert samples.SAFE_NAME.fullmatch(kept.file.name)
        back = client_of(cast, "o").get(reverse("evidence-file", args=[kept.pk]))
        assert back["Content-Disposition"].startswith("attachment")
        assert "Set-Cookie" not in back.headers
        assert (
            b"<img src=x"
            not in client_of(cast, "o").get(reverse("element-detail", args=[ask.elements[0].pk])).content
        )
    assert answer.status_code in (200, 302, 400)
    assert all(path.parent == Path(folder) / "evidence" for path in files_in(folder))


MINUTES = [
    "a PDF with a script",
    "the test virus",
    "a PDF with a web page behind it",
    "a workbook with macros",
]


@pytest.mark.parametrize("what", MINUTES)
def test_minutes_are_looked_at_too(cast, what):
    before = files_in(django_settings.DATA_DIR)
    answer = client_of(cast, "o").post(
        reverse("import-add"), {"file": SimpleUploadedFile(*samples.BAD[what])}
    )
    assert answer.context["form"].errors["file"]
    assert files_in(django_settings.DATA_DIR) == before


@pytest.mark.parametrize("what", ["entities in a workbook", "a bomb of 60 MB", "a workbook with macros"])
def test_trackers_are_looked_at_too(cast, board, what):
    data = {"board": board.pk, "file": SimpleUploadedFile("tracker.xlsx", samples.BAD[what][1])}
    answer = client_of(cast, "o").post(reverse("tracker-import-add"), data)
    assert answer.context["form"].errors["file"]


@given(st.sampled_from([*samples.GOOD.values()]), st.data())
def test_a_damaged_file_never_breaks_the_page(good, data):
    content = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    for name in samples.GOOD:
        with suppress(ValidationError):
            check_upload(SimpleUploadedFile(name, bytes(content)))


def test_a_stream_of_a_pdf_that_unpacks_without_end_is_refused():
    packed = zlib.compress(bytes(5000))
    with pytest.raises(Refused, match="far more"):
        contents.inflated(packed, 4000)


# ---- ClamAV


@contextmanager
def clamd(answer):
    """A small clamd: keeps what it was sent, and says `answer`."""
    server = socket.create_server(("127.0.0.1", 0))
    seen = bytearray()

    def serve():
        with suppress(OSError):
            line, _ = server.accept()
            with line:
                while not seen.endswith(bytes(4)):
                    seen.extend(line.recv(65536))
                line.sendall(answer)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.getsockname()[1]}", seen
    server.close()
    thread.join(2)


def test_a_file_that_clamav_finds_clean_is_taken(settings):
    with clamd(b"stream: OK\0") as (settings.CLAMD, seen):
        check_upload(SimpleUploadedFile("notes.txt", b"words"))
    assert bytes(seen) == b"zINSTREAM\0" + b"\0\0\0\x05words" + bytes(4)


def test_a_file_in_which_clamav_finds_something_is_refused(settings):
    with (
        clamd(b"stream: Win.Test.EICAR_HDB-1 FOUND\0") as (settings.CLAMD, _),
        pytest.raises(ValidationError, match="holds a virus"),
    ):
        check_upload(SimpleUploadedFile("notes.txt", b"words"))


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0"])
def test_a_file_that_clamav_did_not_look_at_is_refused(settings, answer):
    with clamd(answer) as (settings.CLAMD, _), pytest.raises(ValidationError, match="cannot be checked"):
        check_upload(SimpleUploadedFile("notes.txt", b"words"))


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/no/such/socket", "nonsense"])
def test_without_the_clamav_that_a_site_relies_on_nothing_is_taken(settings, address):
    settings.CLAMD = address
    with pytest.raises(ValidationError, match="Try again in a few minutes"):
        check_upload(SimpleUploadedFile("notes.txt", b"words"))
