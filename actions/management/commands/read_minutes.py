"""manage.py read_minutes FILE [--meeting-date 2024-03-12] [--json]: what the reader finds in a file of minutes."""

import json
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from actions.minutes.reader import read
from actions.minutes.text import UnreadableFile, text_of


class Command(BaseCommand):
    help = "Reads the minutes in a file and prints what they say. Nothing is saved."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="minutes as .txt, .docx, .pdf or .html")
        parser.add_argument(
            "--meeting-date", type=date.fromisoformat, help="the date of the meeting, YYYY-MM-DD"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of a summary")

    def handle(self, *args, file, meeting_date, json: bool = False, **options):
        try:
            text = text_of(file.read_bytes(), file.name)
        except (OSError, UnreadableFile) as problem:
            raise CommandError(str(problem)) from problem
        minutes = read(text, meeting_date)
        self.stdout.write(_json(minutes) if json else _summary(minutes))


def _json(minutes):
    return json.dumps(minutes.as_json(), ensure_ascii=False, indent=1)


def _summary(minutes):
    lines = [f"{minutes.committee or 'Committee not named'}, {minutes.meeting_date or 'date not given'}"]
    lines += [minutes.item_title] if minutes.item_title else []
    for words, found in (
        ("in attendance", minutes.attendance),
        ("apologies", minutes.apologies),
        ("motions", minutes.motions),
        ("resolutions", minutes.resolutions),
        ("requests", minutes.requests),
        ("undertakings", minutes.undertakings),
    ):
        lines.append(f"{len(found)} {words}")
    lines += [f"  {r.label or '-'} [{r.kind}] {r.text}" for r in minutes.resolutions]
    lines += [
        f"  asked of {q.from_ or '?'}, due {q.due_text or '?'}: {len(q.elements)} elements"
        for q in minutes.requests
    ]
    return "\n".join(lines)
