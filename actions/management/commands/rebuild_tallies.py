"""Brings the kept numbers of open actions and closed elements up to date. Never needed in daily work."""

from django.core.management.base import BaseCommand, CommandError

from actions.models import Tally
from actions.tallies import differences, rebuild


class Command(BaseCommand):
    help = "Counts open actions and closed elements anew, and mends the numbers that are kept of them."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="only say what differs; fail if anything does"
        )

    def handle(self, *, check, **options):
        if not check:
            self.stdout.write(f"{rebuild()} tallies were put right.")
            return
        found = differences()
        for item, board, kept, right in found:
            numbers = (f"{name} {kept[name]}, should be {right[name]}" for name in Tally.NUMBERS)
            self.stdout.write(f"agenda item {item}, board {board}: {'; '.join(numbers)}")
        if found:
            raise CommandError(
                f"{len(found)} tallies are not right. Mend them with: manage.py rebuild_tallies"
            )
        self.stdout.write("The tallies agree with the records.")
