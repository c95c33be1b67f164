"""Says what the accounts of the PostgreSQL server may do. See docs/deploy.md."""

from django.core.management.base import BaseCommand
from django.db import connection

from scrutiny.toolkit.database_roles import statements


class Command(BaseCommand):
    help = (
        "Prints the SQL by which the application can work with rows but never change or delete history, and the "
        "auditor can only read. With --apply, as the owner, after each migrate, it is run."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--application", default="scrutiny_app", help="the site's account (scrutiny_app)")
        parser.add_argument("--auditor", default="scrutiny_auditor", help="who only reads (scrutiny_auditor)")
        parser.add_argument("--apply", action="store_true", help="run it instead of printing it")

    def handle(self, *, application, auditor, apply, **options):
        found = statements(
            database=connection.settings_dict["NAME"],
            application=application,
            auditor=auditor,
            quote=lambda name: '"{}"'.format(name.replace('"', '""')),
        )
        script = "".join(f"{statement};\n" for statement in found)
        if not apply:
            self.stdout.write(script, ending="")
            return
        with connection.cursor() as cursor:
            cursor.execute(script)
        self.stdout.write(f"{application} works with rows and adds to histories; {auditor} reads.")
