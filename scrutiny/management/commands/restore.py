"""Brings a backup back. What is wrong, damaged or too new is refused before anything is touched."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from scrutiny.toolkit import backups
from scrutiny.toolkit.dumps import Refused, database_of

AFTERWARDS = ["migrate", "rebuild_search"]  # in this order


class Command(BaseCommand):
    help = "Replaces the database and all uploaded files by those of a backup. Stop the site first."
    requires_system_checks = []  # the database may be gone

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="a file that the command backup has made")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *, file, yes, **options):
        database = database_of(connection.settings_dict)
        try:
            manifest = backups.check(file)
            backups.fits(manifest, database.engine, migrations_known())
            if not yes and not self._agreed(manifest, database):
                raise CommandError("Nothing was changed.")
            close_connections()
            aside = backups.restore(
                file,
                database=database,
                data_dir=settings.DATA_DIR,
                known=migrations_known(),
                now=timezone.now(),
            )
        except (Refused, OSError) as error:
            raise CommandError(f"{file} was not restored, and nothing was changed. {error}") from error
        self.stdout.write(
            f"Restored. What was there before is kept in {aside}, its database in {database.kept(aside)}. "
            "Delete both when you have seen that all is well."
        )
        for command in AFTERWARDS:
            call_command(command, verbosity=0, stdout=self.stdout)

    def _agreed(self, manifest, database):
        made = timezone.localtime(datetime.fromisoformat(manifest.made_at))
        rows, files = sum(manifest.rows.values()), len(manifest.members) - 1
        self.stdout.write(
            f"A backup of {made:%-d %B %Y, %H:%M}, made by {manifest.product}: {rows:,} rows in "
            f"{len(manifest.rows)} tables, {files:,} files. Every byte of it was checked.\n"
            f"It replaces the database {database.name} and the uploads in {settings.DATA_DIR}."
        )
        return input("Type yes to go on: ").strip().lower() == "yes"


def migrations_known():
    """A function that gives the names of the migrations of an app."""
    on_disk = MigrationLoader(None).disk_migrations
    return lambda app: {name for label, name in on_disk if label == app}


def close_connections():
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()
