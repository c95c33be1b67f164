"""Brings the search up to date with the records. Needed after restoring a backup, and never in daily work."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from scrutiny.indexing import differences, rebuild


class Command(BaseCommand):
    help = "Compares the entries of the search with the records and mends what differs."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="only say what differs; fail if anything does"
        )

    def handle(self, *, check, **options):
        if not check:
            with transaction.atomic():
                self.stdout.write(f"{rebuild()} entries of the search were put right.")
            return
        found = list(differences())
        for wrong, noun, key, _ in found:
            self.stdout.write(f"{noun} {key}: {wrong}")
        if found:
            raise CommandError(
                f"{len(found)} entries are not right. Mend them with: manage.py rebuild_search"
            )
        self.stdout.write("The search agrees with the records.")
