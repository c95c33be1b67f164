"""Carries out redactions that two people decided on the page, where the web account may not change histories."""

from django.core.management.base import BaseCommand

from scrutiny.governance.redaction import carry_out
from scrutiny.models import Redaction


class Command(BaseCommand):
    help = "Takes out of the record the words that one person asked to be taken out and another one approved."

    def handle(self, **options):
        waiting = list(Redaction.objects.approved())
        for redaction in waiting:
            self.stdout.write(f"{redaction}: {carry_out(redaction).counts}")
        if not waiting:
            self.stdout.write("Nothing is approved and still to be carried out.")
