"""Makes a backup of everything: the database and what was uploaded. The site may go on meanwhile."""

import time
import tomllib
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from scrutiny.toolkit import backups
from scrutiny.toolkit.dumps import Refused, database_of


def product():
    """The name and version of the product, as pyproject.toml has them."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return f"{project['name']} {project['version']}"


class Command(BaseCommand):
    help = "Writes the database and all uploaded files into one checked file. The site may go on meanwhile."

    def add_arguments(self, parser):
        parser.add_argument(
            "directory", nargs="?", type=Path, help="where the file goes (backups, below DATA_DIR)"
        )

    def handle(self, *, directory, **options):
        start = time.monotonic()
        try:
            path = backups.write(
                directory or settings.DATA_DIR / "backups",
                database=database_of(connection.settings_dict),
                data_dir=settings.DATA_DIR,
                product=product(),
                now=timezone.now(),
            )
        except (Refused, OSError) as error:
            raise CommandError(f"No backup was made. {error}") from error
        size = path.stat().st_size / 1_000_000
        self.stdout.write(f"{path} ({size:,.1f} MB, {time.monotonic() - start:.1f} s, read back and right)")
