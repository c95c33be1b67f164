"""Brings what is kept for lists and the home page up to date. Never needed in daily work."""

from django.core.management.base import BaseCommand, CommandError

from actions import inherited
from actions.models import Tally
from actions.tallies import differences, rebuild


class Command(BaseCommand):
    help = (
        "Counts open actions and closed elements anew and reads again what elements take over from their actions, "
        "and mends what is kept of them."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="only say what differs; fail if anything does"
        )

    def handle(self, *, check, **options):
        if not check:
            self.stdout.write(f"{rebuild()} tallies and {inherited.mend()} elements were put right.")
            return
        found, elements = differences(), inherited.wrong().values_list("pk", flat=True)
        for item, board, kept, right in found:
            numbers = (f"{name} {kept[name]}, should be {right[name]}" for name in Tally.NUMBERS)
            self.stdout.write(f"agenda item {item}, board {board}: {'; '.join(numbers)}")
        for element in elements:
            self.stdout.write(
                f"element {element}: board, window or day of asking are not those of its action"
            )
        if found or elements:
            raise CommandError(
                f"{len(found)} tallies and {len(elements)} elements are not right. "
                "Mend them with: manage.py rebuild_tallies"
            )
        self.stdout.write("The tallies and the elements agree with the records.")
