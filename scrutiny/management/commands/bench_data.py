"""Fills an empty database with made-up records in large numbers, for measuring."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from scrutiny.overview import bench


class Command(BaseCommand):
    help = (
        "Fills an empty database with so many made-up actions, each with elements, updates, answers, judgements and "
        "their history, for measuring. In a database it filled before it adds as many again."
    )

    def add_arguments(self, parser):
        parser.add_argument("--actions", type=int, required=True, help="how many, 1 to 1,000,000")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same data (1)")

    def handle(self, *, actions, seed, **options):
        if not 1 <= actions <= 1_000_000:
            raise CommandError("Enter a number of actions from 1 to 1,000,000.")
        try:
            self._fill(actions, seed)
        except bench.NotForBench as error:
            raise CommandError(str(error)) from error

    def _fill(self, actions, seed):
        bench.check_empty()
        today, start = timezone.localdate(), time.monotonic()
        bench.set_up(today)
        decade = bench.Decade(today, seed)
        for done in decade.fill(actions):
            self._say(done, actions, start)
        self._tell_planner()
        rows = sum(decade.book.written.values())
        self.stdout.write(f"\n{actions:,} actions, {rows:,} rows in {time.monotonic() - start:.0f} seconds.")

    def _say(self, done, actions, start):
        passed = time.monotonic() - start
        left = passed / done * (actions - done)
        self.stdout.write(f"\r{done:,} of {actions:,} actions, about {left:.0f} seconds left  ", ending="")
        self.stdout.flush()

    def _tell_planner(self):
        """What autovacuum would do in a while: statistics, and pages known to be visible to all."""
        may_vacuum = connection.vendor == "postgresql" and not connection.in_atomic_block
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if may_vacuum else "ANALYZE")
