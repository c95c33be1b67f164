"""What is inside a file that somebody sent: told from its bytes, with limits, and without running or unpacking it.

Each check takes the bytes of a file and raises `Refused` with a sentence that says what to do. What comes after the
end marker of a format is refused: it is how one file is made to be two.
"""

import io
import re
import unicodedata
import warnings
import zipfile
import zlib
from pathlib import PurePath

from PIL import Image

MEGABYTE = 1024 * 1024
MOST_UNPACKED = 100 * MEGABYTE
MOST_ENTRIES = 2_000
MOST_RATIO = 100  # unpacked to packed; text of an office file reaches about 20
SMALL = MEGABYTE  # below this the ratio says nothing
MOST_PIXELS = 50_000_000  # a large photo has half of that
TOO_MANY_PIXELS = "This picture has more than 50 million points. Save a smaller copy."
LONGEST_NAME = 200

OFFICE = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
PICTURES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}
RUNS = re.compile(  # endings that some machine runs: none may stand in front of the real one
    r"\.(bat|cgi|cmd|com|exe|hta|html?|jar|jse?|lnk|mjs|msi|php\d?|phtml|pl|ps1|py|scr|sh|svg|vb[es]|wsf|xhtml)",
    re.I,
)
PROGRAMS = (b"MZ", b"PK", b"\x7fELF", b"#!", b"%PDF-", b"\xd0\xcf\x11\xe0", b"<?php")
TEST_VIRUS = b"".join(
    [b"X5O!P%@AP[4\\PZX54(P^)7CC)7}", b"$EICAR-STANDARD-", b"ANTIVIRUS-TEST-FILE!", b"$H+H*"]
)
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
ACTIVE = re.compile(
    rb"/(?:JavaScript|JS(?=[\s(<\[/])|Launch|EmbeddedFiles?|RichMedia|ImportData|GoToE|XFA(?=[\s\[\d<]))"
)
HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
STREAM = re.compile(rb"stream\r?\n")
ENTITIES = ("<!DOCTYPE", "<!ENTITY")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069/\\\\]")


class Refused(ValueError):
    """The message is a sentence for whoever sent the file."""


def check_name(name):
    if len(name) > LONGEST_NAME:
        raise Refused("The name of this file is longer than 200 characters. Give it a shorter one.")
    if CONTROL.search(name) or unicodedata.normalize("NFC", name).startswith("."):
        raise Refused("The name of this file holds characters that hide what it is. Give it another name.")
    if any(RUNS.fullmatch(ending) for ending in PurePath(name).suffixes[:-1]):
        raise Refused("The name of this file has the ending of a program in it. Give it another name.")


def check_content(content):
    """What is refused whatever the file is said to be. Told by the first bytes, not by the name."""
    if TEST_VIRUS in content:
        raise Refused("This file holds a virus. It was not taken.")
    if content.startswith(b"%PDF-"):
        check_pdf(content)
    elif content.startswith(b"PK"):
        check_archive(content)
    if not content.startswith(b"PK") and zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused("This file is two kinds of file in one. Print it to PDF and choose that file.")


def check_kind(content, ending):
    """That a file is what its ending says."""
    if ending in OFFICE and content.startswith(OLD_OFFICE):
        raise Refused(
            "This file is protected by a password, or in an old format. Save a copy without the password "
            f"as {ending} and choose that."
        )
    if not is_kind(content, ending):
        raise Refused(f"This is not a {ending} file, whatever its name says. Choose another one.")
    if ending in PICTURES:
        check_picture(content, PICTURES[ending])


def is_kind(content, ending):
    if ending == ".pdf":
        return content.startswith(b"%PDF-")
    if ending in PICTURES:
        return content.startswith({"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff"}[PICTURES[ending]])
    if ending in OFFICE:
        return is_office_file(content, OFFICE[ending])
    return is_text(content)


def is_text(content):
    """UTF-8, or the older encodings of Western Europe, which have a letter for any byte."""
    if content.startswith(PROGRAMS) or b"\0" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return not re.search(rb"[\x01-\x08\x0e-\x1f]", content)
    return True


# ---- PDF


def check_pdf(content):
    """No scripts, programs or files inside, and nothing behind the end."""
    end = content.rfind(b"%%EOF")
    if end < 0:
        raise Refused("This PDF is cut off. Download it again, or print it to PDF.")
    if content[end + 5 :].strip(b"\0 \t\r\n\x0c\x1a"):
        raise Refused("This PDF has something else behind its end. Print it to PDF and choose that file.")
    plain = with_plain_names(content)
    if re.search(rb"/Encrypt\b", plain):
        raise Refused("This PDF is protected. Print it to PDF, so that it can be looked at, and choose that.")
    if any(ACTIVE.search(part) for part in (plain, *packed_objects(content))):
        raise Refused("This PDF holds a script or another file. Print it to PDF and choose that file.")


def with_plain_names(content):
    """Names in a PDF may be spelled with numbers: /J#61vaScript."""
    return HEX.sub(lambda found: bytes([int(found[1], 16)]), content)


def packed_objects(content):
    """What stands in the object streams, where newer PDFs keep most of their objects."""
    room = MOST_UNPACKED
    for found in STREAM.finditer(content):
        head = with_plain_names(content[max(0, found.start() - 600) : found.start()].rpartition(b"obj")[2])
        if b"/ObjStm" not in head:
            continue
        unpacked = inflated(content[found.end() :], room)
        room -= len(unpacked)
        yield with_plain_names(unpacked)


def inflated(packed, room):
    try:
        worker = zlib.decompressobj()
        unpacked = worker.decompress(packed, room)
    except zlib.error as problem:
        raise Refused("This PDF is damaged. Print it to PDF and choose that file.") from problem
    if not worker.eof:
        raise Refused("This PDF unpacks to far more than a document. Print it to PDF and choose that file.")
    return unpacked


# ---- Pictures


def check_picture(content, kind):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            picture = Image.open(io.BytesIO(content), formats=[kind])
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(TOO_MANY_PIXELS)
            picture.load()
    except Refused:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as problem:
        raise Refused(TOO_MANY_PIXELS) from problem
    except (OSError, SyntaxError, ValueError, Warning) as problem:
        raise Refused("This picture is damaged. Open it, save it again and choose that file.") from problem
    end = {"PNG": end_of_png, "JPEG": end_of_jpeg}[kind](content)
    if content[end:].strip(b"\0"):
        raise Refused("This picture has something else behind its end. Open it and save it again.")


def end_of_png(content):
    """Where the chunk IEND ends: each is a length, four letters, that many bytes, and a sum of four bytes."""
    place = 8
    while place + 12 <= len(content):
        after = place + 12 + int.from_bytes(content[place : place + 4])
        if content[place + 4 : place + 8] == b"IEND":
            return after
        place = after
    return len(content)


def end_of_jpeg(content):
    """Where the picture's own end marker stands: small pictures within segments have markers of their own."""
    place = 2
    while place + 4 <= len(content):
        if content[place] != 0xFF:  # within the points, which hold FF only before 00 or a restart marker
            place = content.find(b"\xff", place)
            if place < 0:
                break
        marker = content[place + 1]
        if marker == 0xD9:
            return place + 2
        if marker == 0xFF:
            place += 1
        elif marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD7:
            place += 2
        else:
            place += 2 + int.from_bytes(content[place + 2 : place + 4])
    return len(content)


# ---- Office files and other archives


def is_office_file(content, folder):
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return False
    return "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)


def check_archive(content):
    """Totals first: an archive of a few kilobytes can unpack to terabytes. Only then is anything read, within them."""
    broken = (
        "This file is damaged and cannot be opened. Open it in the program it comes from and save it again."
    )
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
        check_totals(entries, len(content))
        check_edges(archive, content)
        for entry in entries:
            check_entry(archive, entry)
    except Refused:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
    ) as e:
        raise Refused(broken) from e


def check_totals(entries, size):
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > max(SMALL, min(MOST_UNPACKED, MOST_RATIO * size)):
        raise Refused("This file unpacks to far more than a document. Save it as PDF and choose that file.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(
            "This file is protected by a password. Save a copy without the password and choose that."
        )
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise Refused("This file holds two parts of one name. Open it, save it again and choose that file.")


def check_edges(archive, content):
    """The first entry begins the file, and the directory, which has no comment, ends it."""
    first = min((entry.header_offset for entry in archive.infolist()), default=0)
    if first or archive.comment or content[-22:-18] != b"PK\x05\x06":
        raise Refused("This file has something else around it. Open it, save it again and choose that file.")


def check_entry(archive, entry):
    name = entry.filename
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/") or "\0" in name:
        raise Refused("This file holds parts that lead out of it. It was not taken.")
    lower = name.lower()
    if lower.endswith(("vbaproject.bin", "vbadata.xml")) or "/activex/" in lower or "oleobject" in lower:
        raise Refused("This file holds macros or other programs. Save it without them, or as PDF.")
    if not lower.endswith((".xml", ".rels")):
        return
    with archive.open(entry) as part:
        text = part.read(entry.file_size + 1)
    if any(sign.encode(code) in text for sign in ENTITIES for code in ("utf-8", "utf-16-le", "utf-16-be")):
        raise Refused("This file holds instructions that no document needs. Save it again, or as PDF.")
    if b"macroEnabled" in text and lower == "[content_types].xml":
        raise Refused("This file holds macros or other programs. Save it without them, or as PDF.")
    if (
        lower.endswith(".rels")
        and b"External" in text
        and re.search(rb"/(attachedTemplate|oleObject|frame)\"", text)
    ):
        raise Refused("This file fetches others from elsewhere. Save it as PDF and choose that file.")
