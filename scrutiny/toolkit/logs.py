"""Log lines without personal data and secrets: what happened and where in the code, never what somebody typed.

Messages of exceptions are left out, since databases and parsers quote values in them. In addresses only words of our
own and keys of records stand; signed links, secret addresses and what was searched for are cut out. One event is one
line.
"""

import logging
import re
import traceback
from pathlib import Path

from django.conf import settings
from pythonjsonlogger.json import JsonFormatter

LONGEST = 2_000
HIDDEN = "…"
OURS = re.compile(r"[a-z][a-z-]{0,29}|\d{1,12}|")
ADDRESS = re.compile(r"""(?<![\w.…])(?:https?://[^\s/"']+)?/[^\s"']*""")
MAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def safe_path(path):
    """>>> safe_path("/answer/12-1:Qx9/?q=words")
    '/answer/…/'
    """
    parts = path.partition("?")[0].split("/")
    return "/".join(part if OURS.fullmatch(part) else HIDDEN for part in parts)


def safe_text(text):
    """One line without control characters, e-mail addresses, and what is secret in addresses."""
    text = ADDRESS.sub(lambda found: _safe_address(found[0]), CONTROL.sub(" ", text))
    return MAIL.sub(HIDDEN, text)[:LONGEST]


def _safe_address(found):
    site, slash, path = re.fullmatch(r"(https?://[^/]+)?(/)(.*)", found).groups()
    return f"{site or ''}{slash}{safe_path(path)}"


def safe_message(record):
    """Django's security log quotes what was sent, so of that only the kind of refusal stands."""
    if record.name.startswith("django.security."):
        return f"A request was refused: {record.name.rpartition('.')[2]}"
    return safe_text(record.getMessage())


def places(error):
    """ "ValueError at scrutiny/views.py:12 get" for an error, then for those that led to it."""
    seen = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or error.__context__
    return [f"{type(each).__name__} at {_place(each)}" for each in seen]


def _place(error):
    frames = traceback.extract_tb(error.__traceback__)
    chosen = [frame for frame in frames[:-1] if _is_ours(frame.filename)][-2:] + frames[-1:]
    return ", ".join(f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in chosen) or "?"


def _is_ours(file):
    return Path(file).is_relative_to(settings.BASE_DIR) and "site-packages" not in file


def _short(file):
    if _is_ours(file):
        return Path(file).relative_to(settings.BASE_DIR).as_posix()
    return file.rpartition("site-packages/")[2]


def _error_of(record):
    return record.exc_info[1] if record.exc_info else None


class Lines(logging.Formatter):
    """For people: time, level, logger, message and the places of an error, in one line."""

    def format(self, record):
        said = [self.formatTime(record), record.levelname, record.name, safe_message(record)]
        return " ".join([*said, *places(_error_of(record))])


class JsonLines(JsonFormatter):
    """For machines: one JSON object for each event."""

    def format(self, record):
        values = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": safe_message(record),
        }
        if error := _error_of(record):
            values["error"] = places(error)
        if status := getattr(record, "status_code", None):
            values["status"] = status
        return self.serialize_log_record(values)
