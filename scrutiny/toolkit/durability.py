"""Whether the database keeps what it says it has kept, also when the power goes: asked before the site starts.

python manage.py check --database default
"""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connections

# On SQLite, synchronous is a number: FULL is 2, EXTRA is 3.
SAFE = {
    "postgresql": {"fsync": {"on"}, "full_page_writes": {"on"}, "synchronous_commit": {"on", "remote_apply"}},
    "sqlite": {"synchronous": {"2", "3"}, "journal_mode": {"wal", "delete", "truncate", "persist"}},
}
ASKED = {"postgresql": "SHOW {}", "sqlite": "PRAGMA {}"}


@register(Tags.database)
def what_is_saved_stays_saved(databases=None, **kwargs):
    if settings.DEVELOPMENT:
        return []
    return [
        Error(
            f"The database may lose what it has acknowledged: {name} is {value}.",
            hint=f"Set {name} to {min(SAFE[connections[using].vendor][name])} on the database server.",
            id="durability.E001",
        )
        for using in databases or []
        for name, value in unsafe_settings(connections[using])
    ]


def unsafe_settings(connection):
    """(name, value) of each setting with which a power cut could take away what was saved."""
    with connection.cursor() as cursor:
        for name, safe in SAFE[connection.vendor].items():
            cursor.execute(ASKED[connection.vendor].format(name))
            value = str(cursor.fetchone()[0])
            if value not in safe:
                yield name, value
