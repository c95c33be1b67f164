"""Checks that the histories and the event log are what was sealed, and that the record is what they tell."""

import json
import re
from time import monotonic

from django.core.management.base import BaseCommand, CommandError

from scrutiny.events import log_reading
from scrutiny.toolkit.words import counted
from scrutiny.verifying import verify

ANCHOR = re.compile(r"([0-9]+):([0-9a-f]{16,64})")
SHOWN = 200  # findings on the screen; --json tells all
EVERY = 2  # seconds


def anchor(text):
    """(number, beginning of the digest) of a line that `seal_history` printed, or that stands under a report."""
    found = ANCHOR.fullmatch(re.sub(r"\s", "", text).lower())
    if not found:
        raise CommandError(
            f"{text} is no line of seal_history. Write it like 12:9f86d081…, with 16 to 64 characters of the digest."
        )
    return int(found[1]), found[2]


class Command(BaseCommand):
    help = "Names every row that was changed, put in, deleted or cut off since it was sealed. Fails if there is one."

    def add_arguments(self, parser):
        parser.add_argument(
            "--digest",
            action="append",
            default=[],
            metavar="NUMBER:DIGEST",
            help="a line of seal_history that was kept elsewhere; may be given several times",
        )
        parser.add_argument("--json", action="store_true", help="print everything for a program to read")

    def handle(self, *, digest, **options):
        self.next_word = monotonic() + EVERY
        self.is_quiet = options["json"] or options["verbosity"] == 0
        report = verify(dict(anchor(text) for text in digest), self._progress)
        log_reading("verified", detail=summary(report))
        self.stdout.write(as_json(report) if options["json"] else "\n".join(lines(report)))
        if not report.is_whole:
            raise CommandError(
                f"The history is not whole: {counted(len(report.findings), 'finding')}.", returncode=1
            )

    def _progress(self, report):
        if self.is_quiet or monotonic() < self.next_word:
            return
        self.next_word = monotonic() + EVERY
        self.stderr.write(f"{report.rows:,} rows and {report.records:,} records checked so far")


def summary(report):
    if not report.is_whole:
        return f"Not whole: {counted(len(report.findings), 'finding')}, {report.findings[0]}"
    seal = f"up to seal {report.newest.number}" if report.newest else "nothing is sealed yet"
    return f"Whole: {report.rows:,} sealed rows, {seal}, {against(report)}"


def against(report):
    if not report.anchors:
        return "compared with no digest from outside"
    return f"compared with digests kept of seal {', '.join(map(str, report.anchors))}"


def lines(report):
    yield from (str(finding) for finding in report.findings[:SHOWN])
    if len(report.findings) > SHOWN:
        yield f"and {len(report.findings) - SHOWN:,} more: see --json"
    yield from (f"Redacted with authority, {gap}" for gap in report.gaps)
    yield f"{report.rows:,} sealed rows and {report.records:,} records were checked."
    if report.unsealed:
        yield f"{report.unsealed:,} rows are newer than the last seal, and not proved yet. Seal them: seal_history"
    if report.newest is None:
        yield "Nothing is sealed yet, so only the records were compared with their histories."
    elif not report.anchors:
        yield (
            "No digest from outside was given (--digest): a cut end, and a history written anew together with its "
            "seals, would not be seen."
        )
    if report.is_whole:
        yield "All is well."


def as_json(report):
    return json.dumps(
        {
            "whole": report.is_whole,
            "findings": [vars(finding) | {"sentence": str(finding)} for finding in report.findings],
            "redacted": [vars(gap) for gap in report.gaps],
            "rows": report.rows,
            "records": report.records,
            "not_sealed_yet": report.unsealed,
            "newest_seal": report.newest.number if report.newest else None,
            "digests_from_outside": report.anchors,
        },
        indent=1,
    )
