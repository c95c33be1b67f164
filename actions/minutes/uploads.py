"""Turning an uploaded file into text, outside the web process.

A file from outside is read by a child process with limits on memory and time (`python -m actions.minutes.text`),
so that neither a huge nor a hostile one blocks or ends the server. The child leaves progress.json, and in the end
text.txt or error.txt, in a folder of its own; nothing else is shared, so any web process can look.
"""

import json
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

MOMENT = 0.05


@dataclass(frozen=True)
class Reading:
    """How far the child is. `text` and `error` are None until it has finished."""

    done: int = 0
    total: int = 0
    text: str | None = None
    error: str | None = None

    @property
    def is_finished(self):
        return self.text is not None or self.error is not None


def folder_of(pk):
    return Path(settings.DATA_DIR) / "imports" / str(pk)


def start_reading(minutes_import, upload):
    """Keeps the file for the child and starts it. The child goes on by itself."""
    folder = folder_of(minutes_import.pk)
    forget(minutes_import.pk)
    folder.mkdir(parents=True)
    source = folder / f"source{Path(upload.name).suffix.lower()}"
    with source.open("wb") as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
    subprocess.Popen(
        [sys.executable, "-m", "actions.minutes.text", str(source), str(folder)],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def reading(minutes_import):
    folder = folder_of(minutes_import.pk)
    if (folder / "error.txt").exists():
        return Reading(error=(folder / "error.txt").read_text("utf-8"))
    if (folder / "text.txt").exists():
        return Reading(text=(folder / "text.txt").read_text("utf-8"))
    if (folder / "progress.json").exists():
        return Reading(**json.loads((folder / "progress.json").read_text("utf-8")))
    if not folder.exists():
        return Reading(error="The file is no longer there. Upload it again.")
    return Reading()


def wait_a_little(minutes_import, seconds=2.0):
    """Most files are read in a moment; then nobody needs to see a waiting page."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if (found := reading(minutes_import)).is_finished:
            return found
        time.sleep(MOMENT)
    return reading(minutes_import)


def forget(pk):
    """Removes the file of the import with this key, and what was made of it."""
    shutil.rmtree(folder_of(pk), ignore_errors=True)
