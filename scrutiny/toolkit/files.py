"""What may be uploaded: told by its content, not by its name."""

import uuid
import zipfile
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404

from scrutiny.toolkit.headers import FILE, policy

LARGEST = 20 * 1024 * 1024
OFFICE = {".docx": "word/", ".xlsx": "xl/", ".pptx": "ppt/"}
FIRST_BYTES = {".pdf": b"%PDF-", ".png": b"\x89PNG\r\n", ".jpg": b"\xff\xd8\xff", ".jpeg": b"\xff\xd8\xff"}
TEXT = {".txt", ".csv"}
ACCEPTED = sorted([*OFFICE, *FIRST_BYTES, *TEXT])


def random_name(_instance, file_name):
    """Stored names say nothing and cannot be guessed."""
    return f"evidence/{uuid.uuid4().hex}{PurePath(file_name).suffix.lower()}"


def download(file, name):
    """A file as it was received: always downloaded, never shown inside the site. Http404 where there is none."""
    if not file:
        raise Http404
    answer = FileResponse(file.open(), as_attachment=True, filename=name)
    answer["Content-Security-Policy"] = policy(FILE)
    return answer


def check_upload(upload):
    """Refuses what is too large, of another kind than its name says, or of a kind nobody needs here."""
    ending = PurePath(upload.name).suffix.lower()
    if ending not in ACCEPTED:
        raise ValidationError(f"Choose a file of one of these kinds: {', '.join(ACCEPTED)}.")
    if upload.size > LARGEST:
        raise ValidationError("This file is larger than 20 MB. Give a link to it instead.")
    if upload.size == 0:
        raise ValidationError("This file is empty. Choose another one.")
    if not _is_what_it_says(upload, ending):
        raise ValidationError(f"This is not a {ending} file, whatever its name says. Choose another one.")
    upload.seek(0)


def _is_what_it_says(upload, ending):
    upload.seek(0)
    if ending in FIRST_BYTES:
        return upload.read(8).startswith(FIRST_BYTES[ending])
    if ending in OFFICE:
        return _is_office_file(upload, OFFICE[ending])
    return _is_text(upload.read())


def _is_office_file(upload, folder):
    try:
        names = zipfile.ZipFile(upload).namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        return False
    has_macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    return "[Content_Types].xml" in names and any(n.startswith(folder) for n in names) and not has_macros


def _is_text(content):
    if b"\0" in content:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return not content.startswith((b"MZ", b"PK", b"\x7fELF"))
    return True
