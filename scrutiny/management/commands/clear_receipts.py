"""Clears old receipts of sent forms. Run it daily."""

from django.core.management.base import BaseCommand

from scrutiny.models import FormReceipt


class Command(BaseCommand):
    help = "Deletes the receipts of forms sent more than --days ago. The records themselves are not touched."

    def add_arguments(self, parser):
        parser.add_argument("--days", type=int, default=30, help="how long receipts are kept (30)")

    def handle(self, *, days, **options):
        count, _ = FormReceipt.objects.older_than(days).delete()
        self.stdout.write(f"{count} receipts older than {days} days deleted.")
