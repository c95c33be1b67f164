from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as Flush
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal

from scrutiny.toolkit.append_only import maintenance


class Command(Flush):
    """Django's, which empties every table: for trials and tests, whose histories go with them.

    As before a migration, what the database itself keeps in step is put aside: rows would be counted as they go, under
    items that are gone already.
    """

    def handle(self, **options):
        if not settings.DEVELOPMENT:
            raise CommandError("This would delete the record and its histories. Restore a backup instead.")
        using = options["database"]
        with maintenance(using):
            emit_pre_migrate_signal(verbosity=0, interactive=False, db=using)
            try:
                super().handle(**options | {"inhibit_post_migrate": True})
            finally:
                emit_post_migrate_signal(verbosity=0, interactive=False, db=using)
