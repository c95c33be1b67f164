"""Brings what is kept for lists and the home page up to date. Never needed in daily work."""

from django.core.management.base import BaseCommand, CommandError

from actions import inherited
from actions.models import Tally
from actions.tallies import differences, rebuild


class Command(BaseCommand):
    help = (
        "Counts open actions and elements anew and reads again what actions and elements take over, "
        "and mends what is kept of them."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="only say what differs; fail if anything does"
        )

    def handle(self, *, check, **options):
        if not check:
            tallies, (actions, elements) = rebuild(), inherited.mend()
            self.stdout.write(f"{tallies} tallies, {actions} actions and {elements} elements were put right.")
            return
        found = differences()
        actions, elements = (
            wrong.values_list("pk", flat=True)
            for wrong in (inherited.wrong_actions(), inherited.wrong_elements())
        )
        for key, kept, right in found:
            numbers = (f"{name} {kept[name]}, should be {right[name]}" for name in Tally.NUMBERS)
            self.stdout.write(f"{key.about}: {'; '.join(numbers)}")
        for action in actions:
            self.stdout.write(f"action {action}: its agenda item or its place is not the right one")
        for element in elements:
            self.stdout.write(
                f"element {element}: board, window or day of asking are not those of its action"
            )
        if found or actions or elements:
            raise CommandError(
                f"{len(found)} tallies, {len(actions)} actions and {len(elements)} elements are not right. "
                "Mend them with: manage.py rebuild_tallies"
            )
        self.stdout.write("The tallies, the actions and the elements agree with the records.")
