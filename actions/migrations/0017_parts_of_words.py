"""Indexes in which PostgreSQL finds parts of words, where its extension pg_trgm is there: without, it looks through all."""

from django.db import migrations

INDEXES = {
    "action_words": "actions_action USING gin (UPPER(title::text) gin_trgm_ops, UPPER(reference::text) gin_trgm_ops)",
    "element_words": "actions_element USING gin (UPPER(text::text) gin_trgm_ops)",
}


def make(apps, schema_editor):
    if not _is_there(schema_editor.connection):
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for name, what in INDEXES.items():
        schema_editor.execute(f"CREATE INDEX {name} ON {what}")


def take_away(apps, schema_editor):
    """The extension stays: others may use it."""
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


def _is_there(connection):
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        return cursor.fetchone() is not None


class Migration(migrations.Migration):
    dependencies = [("actions", "0016_place_and_numbers")]
    operations = [migrations.RunPython(make, take_away)]
