"""Seals what is new in the histories and the event log. Run it every night, and keep what it prints elsewhere."""

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from scrutiny.models import Seal
from scrutiny.seals import seal_all
from scrutiny.toolkit.append_only import StillWriting
from scrutiny.toolkit.words import counted


class Command(BaseCommand):
    help = "Seals every new row of the histories and the event log, and prints the digest to keep elsewhere."

    def add_arguments(self, parser):
        parser.add_argument(
            "--wait", type=int, default=60, help="seconds to wait for whoever is writing now (60)"
        )

    def handle(self, *, wait, **options):
        try:
            for seal in seal_all(wait):
                self.stdout.write(f"Seal {seal.number}: {counted(seal.rows, 'row')} sealed.")
        except StillWriting as error:
            raise CommandError(
                f"Somebody has been writing for more than {wait} seconds. What is sealed stays sealed. Try again."
            ) from error
        except IntegrityError as error:
            raise CommandError("Another seal was made at the same time. Try again.") from error
        self._show(Seal.objects.newest())

    def _show(self, seal):
        if seal is None:
            self.stdout.write("There is nothing to seal yet.")
            return
        self.stdout.write("Keep this line where nobody who can write to the database can change it:")
        self.stdout.write(f"{seal.number}:{seal.digest}")
