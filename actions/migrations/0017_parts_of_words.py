"""Indexes in which PostgreSQL finds parts of words, by its extension pg_trgm: without, it looks through all.

The extension has a schema of its own: a backup holds the schema of the tables, and one that is restored takes its place.
"""

from django.db import migrations

INDEXES = {
    "action_words": (
        "actions_action USING gin "
        "(UPPER(title::text) trigrams.gin_trgm_ops, UPPER(reference::text) trigrams.gin_trgm_ops)"
    ),
    "element_words": "actions_element USING gin (UPPER(text::text) trigrams.gin_trgm_ops)",
}
USABLE = """
SELECT 1 FROM pg_available_extensions a LEFT JOIN pg_extension e ON e.extname = a.name
LEFT JOIN pg_namespace n ON n.oid = e.extnamespace WHERE a.name = 'pg_trgm' AND (n.nspname IS NULL OR n.nspname = 'trigrams')
"""


def make(apps, schema_editor):
    if not _is_usable(schema_editor.connection):
        return
    schema_editor.execute("CREATE SCHEMA IF NOT EXISTS trigrams")
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA trigrams")
    for name, what in INDEXES.items():
        schema_editor.execute(f"CREATE INDEX {name} ON {what}")


def take_away(apps, schema_editor):
    """The extension stays: what was kept aside when a backup was restored may use it."""
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


def _is_usable(connection):
    """Where somebody has put the extension elsewhere, it is left alone."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute(USABLE)
        return cursor.fetchone() is not None


class Migration(migrations.Migration):
    dependencies = [("actions", "0016_place_and_numbers")]
    operations = [migrations.RunPython(make, take_away)]
