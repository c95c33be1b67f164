from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as Flush

from scrutiny.toolkit.append_only import maintenance


class Command(Flush):
    """Django's, which empties every table: for trials and tests, whose histories go with them."""

    def handle(self, **options):
        if not settings.DEVELOPMENT:
            raise CommandError("This would delete the record and its histories. Restore a backup instead.")
        with maintenance(options["database"]):
            super().handle(**options)
