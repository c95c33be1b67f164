"""A file of minutes → its text, or a sentence telling the officer what to do instead.

What a file is, is told from its content; the name only has to agree. Files come from outside and may be hostile:
totals of an archive are checked before it is opened, names inside it are never used, entities never resolved.
`python -m actions.minutes.text SOURCE FOLDER [NAME]` does the work in a process of its own, under limits of memory
and time, and leaves progress.json and then text.txt or error.txt in FOLDER.
"""

import io
import json
import os
import re
import sys
import unicodedata
import zipfile
from pathlib import Path

from actions.minutes.pages import html_text

MEGABYTE = 1024 * 1024
MOST_BYTES = 20 * MEGABYTE
MOST_UNPACKED = 100 * MEGABYTE
MOST_ENTRIES = 2000
MOST_PAGES = 1000
MEMORY_LIMIT = 1536 * MEGABYTE
SECONDS_LIMIT = 120
PASTE = "Copy the minutes and paste the text instead."
KIND_OF_ENDING = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
    ".text": "text",
}
KIND_NAMES = {"pdf": "a PDF", "docx": "a Word document", "html": "a web page", "text": "plain text"}
UNKNOWN_SIGNS = [
    (
        b"\xd0\xcf\x11\xe0",
        "This is a Word document in the old format. Open it in Word, save it as .docx and choose that file.",
    ),
    (b"{\\rtf", "This is a Rich Text file. Open it in Word, save it as .docx and choose that file."),
    (b"\x89PNG", f"This is a picture, not a document. {PASTE}"),
    (b"\xff\xd8\xff", f"This is a picture, not a document. {PASTE}"),
    (b"GIF8", f"This is a picture, not a document. {PASTE}"),
]
REMOVED = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f\x80-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
LINE_ENDS = re.compile("\r\n|[\r\x0c\x85\u2028\u2029]")
SYMBOL_BULLETS = dict.fromkeys(map(ord, "\uf0b7\uf0a7\uf0d8\uf0fc\uf06f\uf0a8\uf076"), "•")


class UnreadableFile(ValueError):
    """The message is a sentence for the officer."""


def text_of(data: bytes, name: str = "", progress=lambda done, total: None) -> str:
    """The normalised text of a file's bytes; `progress(done, total)` is called as pages are read."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile(f"This file is larger than 20 MB. {PASTE}")
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise UnreadableFile("This file is empty. Choose the file that holds the minutes.")
    kind = kind_of(data)
    _check_name(kind, name)
    reader = {"pdf": _pdf, "docx": _docx, "html": _html_file, "text": _decoded}[kind]
    text = normalise(reader(data, progress) if kind == "pdf" else reader(data))
    if not text.strip():
        raise UnreadableFile(f"There is no text in this file. {PASTE}")
    progress(1, 1) if kind != "pdf" else None
    return text


def kind_of(data: bytes) -> str:
    """pdf, docx, html or text, told from the first bytes."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK"):
        return "docx"
    for sign, sentence in UNKNOWN_SIGNS:
        if data.startswith(sign):
            raise UnreadableFile(sentence)
    start = _decoded(data[:4096], strict=False).lstrip("\ufeff \t\r\n").lower()
    if "multipart/related" in start and "mime-version" in start:
        raise UnreadableFile(
            "This is a web archive. Save the page as “Web page, HTML only” and choose that file, or "
            f"{PASTE[0].lower()}{PASTE[1:]}"
        )
    if start.startswith(
        ("<!doctype html", "<html", "<head", "<body", "<!--", "<div", "<p>", "<p ", "<?xml")
    ) and re.search(r"<(?:html|head|body|div|p|table)\b", start):
        return "html"
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(
            "This is not a document we can read. Choose a Word document (.docx), a PDF, a web page or a text file."
        )
    return "text"


def normalise(text: str) -> str:
    """NFC, newlines as \\n, no control, zero-width or soft-hyphen characters, symbol-font bullets as bullets."""
    text = REMOVED.sub("", LINE_ENDS.sub("\n", text)).translate(SYMBOL_BULLETS)
    return unicodedata.normalize("NFC", text)


def _check_name(kind, name):
    promised = KIND_OF_ENDING.get(Path(name).suffix.lower())
    if promised and promised != kind and not {promised, kind} <= {"text", "html"}:
        raise UnreadableFile(
            f"The name of this file says that it is {KIND_NAMES[promised]}, but it holds {KIND_NAMES[kind]}. "
            "Check that it is the right file, or save it again under its proper name."
        )


def _decoded(data, strict=True):
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        if not strict and problem.start > len(data) - 4:
            return data[: problem.start].decode("utf-8-sig")
        return data.decode("cp1252", errors="replace")


def _pdf(data, progress):
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = _pages(PdfReader(io.BytesIO(data), strict=False))
        texts = []
        for number, page in enumerate(pages):
            texts.append(page.extract_text() or "")
            progress(number + 1, len(pages))
    except UnreadableFile:
        raise
    except (
        PyPdfError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        IndexError,
        OSError,
        NotImplementedError,
        RecursionError,
    ) as problem:
        raise UnreadableFile(
            f"This PDF is damaged and cannot be read. Download it again, or {PASTE[0].lower()}{PASTE[1:]}"
        ) from problem
    if sum(char.isalnum() for text in texts for char in text) < 20:
        raise UnreadableFile(
            f"There is no text in this file. It may be a scan: open it, {PASTE[0].lower()}{PASTE[1:]}"
        )
    return "\n".join(texts)


def _pages(reader):
    if reader.is_encrypted and not reader.decrypt(""):
        raise UnreadableFile(
            "This PDF is protected by a password. Save a copy without the password and choose that file."
        )
    if len(reader.pages) > MOST_PAGES:
        raise UnreadableFile(
            f"This PDF has more than {MOST_PAGES:,} pages. Choose the minutes of one meeting."
        )
    return reader.pages


def _docx(data):
    import mammoth

    _check_archive(data)
    try:
        html = mammoth.convert_to_html(
            io.BytesIO(data), convert_image=mammoth.images.img_element(lambda image: {})
        ).value
    except Exception as problem:
        raise UnreadableFile(
            "This Word document is damaged and cannot be read. Open it in Word and save it again, or "
            f"{PASTE[0].lower()}{PASTE[1:]}"
        ) from problem
    return html_text(html)


def _check_archive(data):
    """Totals first: an archive of a few kilobytes can unpack to terabytes."""
    broken = (
        "This file is damaged and cannot be opened. Download it again, or open it in Word and save "
        "it again as .docx."
    )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
        names = {entry.filename for entry in entries}
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise UnreadableFile(f"This file unpacks to far more than a set of minutes. {PASTE}")
        if any(entry.flag_bits & 1 for entry in entries):
            raise UnreadableFile(
                "This file is protected by a password. Save a copy without the password and choose that file."
            )
        if "[Content_Types].xml" not in names or "word/document.xml" not in names:
            raise UnreadableFile(
                "This is not a Word document. Choose the minutes as .docx, PDF, web page or text file."
            )
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels")) and _declares_entities(archive.read(entry)):
                raise UnreadableFile(
                    "This Word document contains instructions that minutes do not need, so it was not opened. "
                    "Open it in Word and save it again as .docx."
                )
    except (
        zipfile.BadZipFile,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        zipfile.zlib.error,
        KeyError,
    ) as problem:
        raise UnreadableFile(broken) from problem


def _declares_entities(xml):
    return (
        b"<!DOCTYPE" in xml
        or b"<!ENTITY" in xml
        or "<!DOCTYPE".encode("utf-16-le") in xml
        or "<!DOCTYPE".encode("utf-16-be") in xml
    )


def _html_file(data):
    return html_text(_decoded(data))


def main(source: str, folder: str, name: str = "") -> int:
    folder = Path(folder)
    _limit()
    try:
        if Path(source).stat().st_size > MOST_BYTES:
            raise UnreadableFile(f"This file is larger than 20 MB. {PASTE}")
        text = text_of(Path(source).read_bytes(), name or Path(source).name, _progress_into(folder))
        _write(folder / "text.txt", text)
    except UnreadableFile as problem:
        _write(folder / "error.txt", str(problem))
        return 1
    except TimeoutError:
        _write(folder / "error.txt", f"This file takes too long to read. {PASTE}")
        return 1
    except BaseException:
        _write(folder / "error.txt", f"This file could not be read. {PASTE}")
        return 1
    return 0


def _limit():
    import resource
    import signal

    def too_long(*_):
        raise TimeoutError

    signal.signal(signal.SIGXCPU, too_long)
    for kind, most, hard in (
        (resource.RLIMIT_AS, MEMORY_LIMIT, MEMORY_LIMIT),
        (resource.RLIMIT_CPU, SECONDS_LIMIT, SECONDS_LIMIT + 10),
    ):
        ceiling = resource.getrlimit(kind)[1]
        if ceiling != resource.RLIM_INFINITY:
            most, hard = min(most, ceiling), min(hard, ceiling)
        resource.setrlimit(kind, (most, hard))


def _progress_into(folder):
    def progress(done, total):
        if done % 5 == 0 or done in (1, total):
            _write(folder / "progress.json", json.dumps({"done": done, "total": total}))

    return progress


def _write(path, text):
    """All or nothing: whoever looks sees the old file or the new one."""
    waiting = path.with_name(path.name + ".part")
    waiting.write_text(text, encoding="utf-8", newline="\n")
    os.replace(waiting, path)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
