"""What may be uploaded: told by its content, not by its name."""

import uuid
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.utils.http import content_disposition_header

from scrutiny.toolkit.antivirus import check_for_viruses
from scrutiny.toolkit.contents import OFFICE, PICTURES, Refused, check_content, check_kind, check_name
from scrutiny.toolkit.headers import FILE, policy
from scrutiny.toolkit.words import one_line

LARGEST = 20 * 1024 * 1024
ACCEPTED = sorted([*OFFICE, *PICTURES, ".pdf", ".txt", ".csv"])


def random_name(_instance, file_name):
    """Stored names say nothing and cannot be guessed."""
    return f"evidence/{uuid.uuid4().hex}{PurePath(file_name).suffix.lower()}"


def attachment(content, name, kind):
    """A file that was made just now, to be downloaded. `kind` is its content type; of the name any text will do."""
    header = {"Content-Disposition": content_disposition_header(True, one_line(name))}
    return HttpResponse(content, content_type=kind, headers=header)


def download(file, name):
    """A file as it was received: always downloaded, never shown inside the site. Http404 where there is none."""
    if not file:
        raise Http404
    answer = FileResponse(file.open(), as_attachment=True, filename=name)
    answer["Content-Security-Policy"] = policy(FILE)
    return answer


def check_upload(upload):
    """Refuses what is too large, of another kind than its name says, of a kind nobody needs here, or unsafe."""
    ending = PurePath(upload.name).suffix.lower()
    if ending not in ACCEPTED:
        raise ValidationError(f"Choose a file of one of these kinds: {', '.join(ACCEPTED)}.")
    _check(upload, lambda content: check_kind(content, ending))


def check_safe(upload):
    """Refuses what is unsafe, and leaves it to the reader of a file to say which kinds it can read."""
    _check(upload, lambda content: None)


def _check(upload, as_kind):
    if upload.size > LARGEST:
        raise ValidationError("This file is larger than 20 MB. Give a link to it instead.")
    if upload.size == 0:
        raise ValidationError("This file is empty. Choose another one.")
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    try:
        check_name(PurePath(upload.name).name)
        as_kind(content)
        check_content(content)
        check_for_viruses(content)
    except Refused as problem:
        raise ValidationError(str(problem)) from problem
