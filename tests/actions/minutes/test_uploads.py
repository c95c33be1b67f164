"""Files and pasted text become text in a process of their own, and the officer is told what to do when they do not."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from actions.minutes import uploads

CORPUS = Path(__file__).parent / "corpus"


@pytest.fixture
def found(settings, tmp_path):
    """Something with a key, as the row of an import has."""
    settings.DATA_DIR = tmp_path
    return SimpleNamespace(pk=7)


def read_file(found, name, content):
    uploads.start_reading(found, SimpleUploadedFile(name, content))
    return uploads.wait_a_little(found, seconds=60)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("01-brackenfirth-children.txt", "Safeguarding Children Partnership"),
        ("docx-pellbrook.docx", "RESOLVED"),
        ("pdf-eastwold.pdf", "Eastwold"),
        ("html-hollenstow.html", "Hollenstow"),
    ],
)
def test_each_kind_of_file_becomes_text(found, name, words):
    reading = read_file(found, name, (CORPUS / name).read_bytes())
    assert reading.error is None
    assert words.lower() in reading.text.lower()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("scanned.pdf", (CORPUS / "scanned.pdf").read_bytes(), "paste"),
        ("minutes.doc", b"\xd0\xcf\x11\xe0" + b"x" * 99, "save it as .docx"),
        ("minutes.rtf", rb"{\rtf1 Minutes}", "Rich Text"),
        ("minutes.txt", b"\x89PNG\r\n" + b"x" * 99, "This is a picture"),
        ("minutes.txt", b" \n\n ", "This file is empty"),
        ("minutes.pdf", b"RESOLVED - That it be noted.", "The name of this file says that it is a PDF"),
        ("minutes.docx", b"PK\x03\x04 broken", ""),
        ("minutes.pdf", b"%PDF-1.7 broken", ""),
        ("tool.txt", b"MZ\x00\x01\x02", "not a document we can read"),
    ],
)
def test_a_file_that_cannot_be_read_is_answered_with_a_sentence(found, name, content, sentence):
    reading = read_file(found, name, content)
    assert reading.text is None
    assert sentence.lower() in reading.error.lower()
    assert reading.error[:1].isupper()
    assert reading.error.endswith(".")
    assert "Traceback" not in reading.error


@pytest.mark.slow
def test_a_scanned_file_is_told_from_an_empty_one(found):
    reading = read_file(found, "scanned.pdf", (CORPUS / "scanned.pdf").read_bytes())
    assert "empty" not in reading.error.lower()


def test_the_name_of_the_file_is_not_used_for_storing_it(found, monkeypatch):
    monkeypatch.setattr(uploads.subprocess, "Popen", lambda *args, **kwargs: None)
    uploads.start_reading(found, SimpleUploadedFile("../../../Secret name.TXT", b"words"))
    assert [path.name for path in uploads.folder_of(found.pk).iterdir()] == ["source.txt"]


def test_a_second_upload_leaves_nothing_of_the_first(found, monkeypatch):
    monkeypatch.setattr(uploads.subprocess, "Popen", lambda *args, **kwargs: None)
    folder = uploads.folder_of(found.pk)
    folder.mkdir(parents=True)
    (folder / "text.txt").write_text("of somebody else")
    uploads.start_reading(found, SimpleUploadedFile("minutes.txt", b"words"))
    assert not uploads.reading(found).is_finished


def test_progress_is_what_the_child_wrote_last(found):
    uploads.folder_of(found.pk).mkdir(parents=True)
    assert uploads.reading(found) == uploads.Reading()
    (uploads.folder_of(found.pk) / "progress.json").write_text(json.dumps({"done": 3, "total": 9}))
    assert uploads.reading(found) == uploads.Reading(done=3, total=9)


def test_an_error_ends_the_reading(found):
    uploads.folder_of(found.pk).mkdir(parents=True)
    (uploads.folder_of(found.pk) / "progress.json").write_text(json.dumps({"done": 3, "total": 9}))
    (uploads.folder_of(found.pk) / "error.txt").write_text("Do something else.")
    assert uploads.reading(found).error == "Do something else."
    assert uploads.reading(found).is_finished


def test_a_file_that_is_gone_is_asked_for_again(found):
    assert "Upload it again" in uploads.reading(found).error


def test_waiting_ends_though_the_reading_does_not(found):
    uploads.folder_of(found.pk).mkdir(parents=True)
    assert not uploads.wait_a_little(found, seconds=0.01).is_finished


def test_what_was_read_is_removed_afterwards(found):
    uploads.folder_of(found.pk).mkdir(parents=True)
    uploads.forget(found.pk)
    assert not uploads.folder_of(found.pk).exists()
    uploads.forget(found.pk)  # and once more without harm
