"""Files of minutes become text, or a sentence that tells the officer what to do."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from pypdf import PdfWriter

from actions.minutes.pages import html_text
from actions.minutes.text import MOST_ENTRIES, UnreadableFile, main, normalise, text_of

CORPUS = Path(__file__).parent / "corpus"


def word_file(*paragraphs, style=None):
    document, out = docx.Document(), io.BytesIO()
    for words in paragraphs:
        document.add_paragraph(words, style=style)
    document.save(out)
    return out.getvalue()


def archive(**entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def empty_pdf(pages=1, password=None):
    writer, out = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    if password:
        writer.encrypt(password)
    writer.write(out)
    return out.getvalue()


def refusal(data, name=""):
    with pytest.raises(UnreadableFile) as caught:
        text_of(data, name)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    return sentence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_any_usual_encoding(encoding):
    assert text_of("RESOLVED – it’s £5".encode(encoding), "m.txt") == "RESOLVED – it’s £5"


def test_text_is_normalised():
    assert normalise("a\r\nb\rc\x00d e\u0301 co\u00adop z\u200bero\tt") == "a\nb\ncd é coop zero\tt"


def test_symbol_font_bullets_become_bullets():
    assert normalise("\uf0b7 first") == "• first"


def test_word_files_keep_their_list_numbers():
    text = text_of(word_file("First.", "Second.", style="List Number"), "m.docx")
    assert text.splitlines()[0] == "1. First."
    assert "2. Second." in text


def test_a_web_page_loses_its_navigation_and_keeps_its_lists():
    page = """<!DOCTYPE html><html><head><title>x</title><style>p{}</style></head><body>
    <nav>Home</nav><header>Logo</header>
    <div id="content"><p>RESOLVED:</p><ol type="a"><li>That it be noted</li><li><p>That it end</p></li></ol>
    <ul><li>dot</li></ul></div>
    <script>alert(1)</script><footer>Contact us</footer></body></html>"""
    text = text_of(page.encode(), "page.html")
    assert [line for line in text.splitlines() if line] == [
        "RESOLVED:",
        "a. That it be noted",
        "b. That it end",
        "• dot",
    ]


def test_a_web_page_may_be_nested_deeper_than_pythons_stack():
    assert html_text("<div>" * 3000 + "deep" + "</div>" * 3000) == "deep"


def test_what_a_file_is_is_told_by_its_content():
    assert "Hello" in text_of(b"<html><body><p>Hello world</p></body></html>", "m.txt")


def test_a_file_that_is_not_what_its_name_says_is_refused():
    assert "name" in refusal(b"only words", "minutes.pdf")
    assert "name" in refusal(empty_pdf(), "minutes.docx")


def test_an_empty_file_is_refused():
    assert "empty" in refusal(b" \n ")


def test_a_file_over_twenty_megabytes_is_refused():
    assert "20 MB" in refusal(b"x" * (20 * 1024 * 1024 + 1))


def test_a_pdf_without_text_may_be_a_scan():
    sentence = refusal(empty_pdf())
    assert sentence.startswith("There is no text in this file. It may be a scan")
    assert "paste the text instead" in sentence


def test_a_pdf_with_a_password_is_refused():
    assert "password" in refusal(empty_pdf(password="secret"))


def test_a_pdf_of_too_many_pages_is_refused():
    assert "pages" in refusal(empty_pdf(pages=1001))


def test_a_broken_pdf_is_refused():
    assert "PDF" in refusal(b"%PDF-1.7\nnonsense")


def test_a_broken_word_file_is_refused():
    assert "damaged" in refusal(word_file("x")[:-200])


def test_an_archive_that_is_no_word_file_is_refused():
    assert "Word" in refusal(archive(notes_dot_txt="hello"))


def test_an_archive_that_unpacks_to_too_much_is_refused_before_it_is_opened():
    bomb = archive(word__document_dot_xml=b"0" * (101 * 1024 * 1024))
    assert len(bomb) < 1024 * 1024
    assert "unpacks" in refusal(bomb)


def test_an_archive_of_too_many_entries_is_refused():
    assert "unpacks" in refusal(archive(**{f"f{n}": "" for n in range(MOST_ENTRIES + 1)}))


def test_a_word_file_that_declares_entities_is_refused():
    evil = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><w:document/>'
    data = archive(**{"[Content_Types]_dot_xml": "<x/>", "word__document_dot_xml": evil})
    assert "not opened" in refusal(data)


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n123", b"\xd0\xcf\x11\xe0old", b"{\\rtf1 x}", b"ab\x00\x01cd" * 40]
)
def test_other_kinds_of_file_are_refused(data):
    refusal(data)


def test_progress_is_told_page_by_page():
    told = []
    with pytest.raises(UnreadableFile):
        text_of(empty_pdf(pages=3), progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def in_a_process(source, folder):
    return subprocess.run(
        [sys.executable, "-m", "actions.minutes.text", str(source), str(folder)], timeout=60, check=False
    )


def test_a_process_of_its_own_leaves_the_text_in_the_folder(tmp_path):
    source = tmp_path / "minutes.txt"
    source.write_text("RESOLVED – That it be noted.", encoding="utf-8")
    assert in_a_process(source, tmp_path).returncode == 0
    assert (tmp_path / "text.txt").read_text(encoding="utf-8") == "RESOLVED – That it be noted."
    assert json.loads((tmp_path / "progress.json").read_text()) == {"done": 1, "total": 1}
    assert not (tmp_path / "error.txt").exists()


def test_a_process_of_its_own_leaves_a_sentence_when_it_cannot_read(tmp_path):
    source = tmp_path / "scan.pdf"
    source.write_bytes(empty_pdf())
    assert in_a_process(source, tmp_path).returncode == 1
    assert "scan" in (tmp_path / "error.txt").read_text(encoding="utf-8")
    assert not (tmp_path / "text.txt").exists()


def test_an_unforeseen_error_becomes_a_plain_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr("actions.minutes.text._limit", lambda: None)
    monkeypatch.setattr("actions.minutes.text.text_of", lambda *_: 1 / 0)
    source = tmp_path / "minutes.txt"
    source.write_text("x")
    assert main(str(source), str(tmp_path)) == 1
    assert (tmp_path / "error.txt").read_text(encoding="utf-8").startswith("This file could not be read.")


def test_reading_needs_no_django(tmp_path):
    code = (
        "import sys, actions.minutes.reader, actions.minutes.text as t; t.text_of(b'x'); sys.exit"
        "('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0
