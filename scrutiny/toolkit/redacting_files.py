"""Finds words in files, and takes them out: texts are written anew, a file of another kind is removed.

Scans and pictures cannot be read: whoever approves looks at those of the record themselves.
"""

import html
import json
import re
import zipfile
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from scrutiny.toolkit.redacting import pattern_of, replaced, texts_in

PLAIN = {".txt", ".csv", ".md", ".html", ".htm"}
ZIPPED = {".docx", ".xlsx", ".pptx", ".odt"}
XML_TAG = re.compile(r"<[^>]+>")
BLOCK = re.compile(r"(?=<(?:w:p|a:p|row|c|si|text:p)[ >])")  # words of one block are not those of the next


def files_with(words, folders):
    """The paths of files that hold the words."""
    pattern = pattern_of(words)
    paths = sorted({path for folder in folders for path in Path(folder).rglob("*") if path.is_file()})
    return [path for path in paths if pattern.search(text_in(path))]


def text_in(path):
    """The words in a file as far as they can be read."""
    kind = path.suffix.lower()
    try:
        if kind == ".json":
            return "\n".join(texts_in(json.loads(path.read_text("utf-8"))))
        if kind == ".pdf":
            return "\n".join(page.extract_text() for page in PdfReader(path).pages)
        if kind in ZIPPED:
            return _text_in_zip(path)
        return path.read_text("utf-8", errors="replace")
    except (OSError, ValueError, zipfile.BadZipFile, PyPdfError):
        return ""


def _text_in_zip(path):
    with zipfile.ZipFile(path) as archive:
        parts = [
            archive.read(name).decode("utf-8", "replace")
            for name in archive.namelist()
            if name.endswith(".xml")
        ]
    return "\n".join(html.unescape(XML_TAG.sub("", BLOCK.sub(" ", part))) for part in parts)


def redact_files(words, mark, folders):
    """Texts are written anew; a file of another kind that holds the words is removed. The paths of both."""
    pattern, rewritten, removed = pattern_of(words), [], []
    for path in files_with(words, folders):
        kind = path.suffix.lower()
        if kind == ".json":
            content = replaced(
                json.loads(path.read_text("utf-8")), lambda text: pattern.sub(lambda _: mark, text)
            )
            path.write_text(json.dumps(content), "utf-8")
            rewritten.append(path)
        elif kind in PLAIN:
            path.write_text(pattern.sub(lambda _: mark, text_in(path)), "utf-8")
            rewritten.append(path)
        else:
            path.unlink()
            removed.append(path)
    return rewritten, removed
