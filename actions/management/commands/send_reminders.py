"""Writes down what is due to be sent, and sends what waits. Run it every few minutes.

Safe to run twice, at once and after a crash: each message is written once and claimed before it is sent.
"""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from actions import outbox
from actions.chasing.digest import write_digests
from actions.chasing.reminders import write_reminders
from actions.models import Message
from scrutiny.toolkit.words import counted


def day(text):
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is no day. Write it like 2023-10-31.") from error


class Command(BaseCommand):
    help = "Sends the reminders and digests that are due, and every other message that waits. Safe to repeat."

    def add_arguments(self, parser):
        parser.add_argument("--on", type=day, help="as if it were this day, for example 2023-10-31")
        parser.add_argument(
            "--dry-run", action="store_true", help="print what would be sent, send and change nothing"
        )

    def handle(self, *, on, dry_run, **options):
        on = on or timezone.localdate()
        if dry_run:
            self._show(on)
            return
        self._tell_of(*_write(on))
        sent = outbox.send_waiting()
        self.stdout.write(f"{counted(sent, 'message')} sent.")

    def _show(self, on):
        """Everything is written down as it would be, shown, and taken back."""
        with transaction.atomic():
            self._tell_of(*_write(on))
            for message in Message.objects.waiting(timezone.now()).order_by("created_at", "pk"):
                self.stdout.write(
                    f"\nTo {message.to_name} <{message.to}>\n{message.subject}\n\n{message.text}"
                )
            transaction.set_rollback(True)
        self.stdout.write("Nothing was sent or changed.")

    def _tell_of(self, written, digests):
        reminders = counted(len(written.messages), "reminder")
        self.stdout.write(f"{reminders} and {counted(len(digests), 'digest')} written.")
        for name in written.without_address:
            self.stdout.write(f"No address is known for {name}: their reminder waits until there is one.")


def _write(on):
    return write_reminders(on), write_digests(on)
