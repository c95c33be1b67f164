"""Uploads are told by their content."""

import re
from contextlib import suppress
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.toolkit import files
from scrutiny.toolkit.files import attachment, check_upload, random_name
from tests import samples
from tests.samples import office

ACCEPTED = {
    "report.pdf": samples.pdf(),
    "REPORT.PDF": samples.pdf(),
    "chart.png": samples.picture("PNG"),
    "photo.jpg": samples.picture("JPEG"),
    "photo.jpeg": samples.picture("JPEG"),
    "minutes.docx": office("word/"),
    "figures.xlsx": office("xl/"),
    "slides.pptx": office("ppt/"),
    "notes.txt": "Élodie said “yes” 小芳".encode(),
    "old notes.txt": "Caf\xe9".encode("latin-1"),
    "figures.csv": b"name,number\r\nAnn,3\r\n",
}
SAYS_SOMETHING_ELSE = {
    "report.pdf": b"MZ\x90\x00 a program",
    "late.pdf": b"words before %PDF-1.7",
    "chart.png": b"\xff\xd8\xff\xe0 a photo",
    "photo.jpg": b"\x89PNG\r\n\x1a\n a chart",
    "photo.jpeg": b"<svg onload='alert(1)'/>",
    "minutes.docx": office("xl/"),
    "plain.docx": b"not even a zip",
    "plain.xlsx": b"a;b;c",
    "archive.docx": office("word/", types="readme.txt"),
    "slides.pptx": office("word/"),
    "notes.txt": b"words \x00 words",
    "utf-16.txt": "words".encode("utf-16"),
    "program.txt": b"MZ\x90\xff",
    "archive.csv": b"PK\x03\x04\xff\xff",
    "linux.csv": b"\x7fELF\xff",
}
OTHER_KINDS = [
    "run.exe",
    "page.html",
    "picture.svg",
    "macros.docm",
    "report.pdf.exe",
    "archive.zip",
    "noending",
    ".pdf",
]


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_file_that_is_what_its_name_says_is_taken(name):
    upload = SimpleUploadedFile(name, ACCEPTED[name])
    check_upload(upload)
    assert upload.read() == ACCEPTED[name]


def test_there_is_an_example_of_every_kind_that_is_taken():
    endings = {f".{name.lower().rpartition('.')[2]}" for name in ACCEPTED}
    assert endings == set(files.ACCEPTED) == {f".{name.rpartition('.')[2]}" for name in SAYS_SOMETHING_ELSE}


@pytest.mark.parametrize("name", SAYS_SOMETHING_ELSE)
def test_a_file_that_is_not_what_its_name_says_is_refused(name):
    ending = re.escape(name[name.rindex(".") :])
    with pytest.raises(ValidationError, match=f"This is not a {ending} file, whatever its name says"):
        check_upload(SimpleUploadedFile(name, SAYS_SOMETHING_ELSE[name]))


@pytest.mark.parametrize("name", OTHER_KINDS)
def test_a_kind_nobody_needs_is_refused_with_the_kinds_that_are_taken(name):
    with pytest.raises(ValidationError, match=r"\.csv, \.docx, \.jpeg, \.jpg, \.pdf"):
        check_upload(SimpleUploadedFile(name, b"%PDF-1.7"))


def test_an_empty_file_is_refused():
    with pytest.raises(ValidationError, match="This file is empty"):
        check_upload(SimpleUploadedFile("notes.txt", b""))


def test_a_file_may_be_as_large_as_the_limit_and_no_larger():
    with mock.patch.object(files, "LARGEST", 8):
        check_upload(SimpleUploadedFile("notes.txt", b"8 bytes!"))
        with pytest.raises(ValidationError, match="larger than 20 MB"):
            check_upload(SimpleUploadedFile("notes.txt", b"9 bytes!!"))


def test_the_limit_is_the_one_the_sentence_names():
    assert files.LARGEST == 20 * 1024 * 1024


NEWER_THAN_PYTHON = office().replace(b"PK\x01\x02\x14\x03\x14\x00", b"PK\x01\x02\x14\x03\xff\x00")


def with_a_name_that_is_no_utf_8():
    """The first entry of the directory says that its name is UTF-8, and it is not."""
    content = bytearray(office())
    entry = content.index(b"PK\x01\x02")
    content[entry + 9] = 0x08
    content[entry + 46] = 0xFF
    return bytes(content)


@pytest.mark.parametrize(
    "content", [NEWER_THAN_PYTHON, with_a_name_that_is_no_utf_8()], ids=["newer", "names"]
)
def test_a_crafted_archive_is_refused_with_a_sentence(content):
    assert content != office()
    with pytest.raises(ValidationError, match=r"This is not a \.docx file|damaged"):
        check_upload(SimpleUploadedFile("minutes.docx", content))


@given(st.integers(0, len(office()) - 1), st.integers(0, 255))
def test_a_damaged_office_file_never_breaks_the_page(position, byte):
    content = bytearray(office())
    content[position] = byte
    with suppress(ValidationError):
        check_upload(SimpleUploadedFile("minutes.docx", bytes(content)))


def test_a_stored_name_says_nothing_but_the_kind():
    name = random_name(None, "Child A, sibling of B.PDF")
    assert re.fullmatch(r"evidence/[0-9a-f]{32}\.pdf", name)


def test_two_files_of_one_name_are_stored_apart():
    assert random_name(None, "a.pdf") != random_name(None, "a.pdf")


def test_a_name_cannot_lead_out_of_the_folder():
    assert re.fullmatch(r"evidence/[0-9a-f]{32}\.txt", random_name(None, "../../etc/passwd.txt"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("SB-CF 22-23-01 letter.docx", 'attachment; filename="SB-CF 22-23-01 letter.docx"'),
        ("one\r\nline\x01.docx", 'attachment; filename="one line .docx"'),
        ('so "called".docx', r'attachment; filename="so \"called\".docx"'),
        ("Café.docx", "attachment; filename*=utf-8''Caf%C3%A9.docx"),
    ],
)
def test_a_file_made_just_now_may_be_called_anything(name, said):
    answer = attachment(b"content", name, "text/plain")
    assert answer["Content-Disposition"] == said
    assert answer.content == b"content"
