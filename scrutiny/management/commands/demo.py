"""Loads the demonstration council, for trying the product on one's own machine."""

import os

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from scrutiny.demonstration import accounts
from scrutiny.governance import demo as governance
from scrutiny.models import Board, User
from scrutiny.overview import demo
from scrutiny.roles import ROLE

ADDRESS = f"http://127.0.0.1:{os.environ.get('PORT', 8000)}"


class Command(BaseCommand):
    help = "Loads the made-up Borough of Exampleton with its boards, minutes, actions and accounts. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument(
            "--first-time",
            action="store_true",
            help="do nothing where there is a board already, except to show the accounts",
        )

    def handle(self, *, first_time, **options):
        if not settings.DEVELOPMENT:
            raise CommandError(
                "The demonstration council has a password everybody knows, so it is loaded only on a trial machine. "
                "Set DEVELOPMENT=1 to try it."
            )
        self.stdout.write(self._load(first_time))
        self._show_accounts()

    @transaction.atomic
    def _load(self, first_time):
        if demo.is_loaded():
            return "The demonstration council is there already. Nothing was changed."
        if Board.objects.exists():
            if first_time:
                return "There are boards already. The demonstration council was not loaded."
            raise CommandError(
                "This database holds boards of its own. Load the demonstration council into an empty database: "
                "set DATA_DIR to a new directory."
            )
        if taken := ", ".join(sorted(self._accounts_there())):
            raise CommandError(
                f"There are users called {taken} already. Load the demonstration council into an empty database: "
                "set DATA_DIR to a new directory."
            )
        demo.load(timezone.localdate())
        governance.load()
        return "The demonstration council is ready. Everybody and everything in it is made up."

    def _accounts_there(self):
        names = [account["username"] for account in accounts()]
        return User.objects.filter(username__in=names).values_list("username", flat=True)

    def _show_accounts(self):
        there = set(self._accounts_there())
        rows = [account for account in accounts() if account["username"] in there]
        if not rows:
            return
        self.stdout.write(f"\nSign in at {ADDRESS} with one of these accounts:\n\n")
        self.stdout.write(f"  {'User name':<11}{'Password':<23}Role")
        for row in rows:
            role = ROLE[row["role"]].name
            self.stdout.write(f"  {row['username']:<11}{row['password']:<23}{role}")
