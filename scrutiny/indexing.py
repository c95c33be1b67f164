"""Keeps the entries of the search in step with the records: as each is saved, and all of them on request."""

from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models.signals import post_delete, post_save

from scrutiny.models.search import SEARCHABLE, Entry
from scrutiny.toolkit.history import changed_only
from scrutiny.toolkit.search import words_of

DERIVED = (
    "reference",
    "title",
    "body",
    "url",
    "guard",
    "guard_key",
    "board_id",
    "day",
    "title_words",
    "body_words",
)
AT_ONCE = 500

POSTGRESQL = [
    """
    ALTER TABLE scrutiny_entry ADD COLUMN IF NOT EXISTS vector tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple'::regconfig, title_words), 'A')
        || setweight(to_tsvector('simple'::regconfig, body_words), 'B')
    ) STORED
    """,
    "CREATE INDEX IF NOT EXISTS scrutiny_entry_vector ON scrutiny_entry USING gin (vector)",
    "CREATE INDEX IF NOT EXISTS scrutiny_entry_titles ON scrutiny_entry USING gin (ts_filter(vector, '{a}'))",
    "CREATE INDEX IF NOT EXISTS scrutiny_entry_newest "
    "ON scrutiny_entry (day DESC NULLS LAST, noun, object_id)",
]
FORGET = "INSERT INTO scrutiny_entry_fts (scrutiny_entry_fts, rowid, title_words, body_words) " + (
    "VALUES ('delete', old.id, old.title_words, old.body_words);"
)
KEEP = "INSERT INTO scrutiny_entry_fts (rowid, title_words, body_words) " + (
    "VALUES (new.id, new.title_words, new.body_words);"
)
SQLITE = [  # triggers and index are made anew: they are lost whenever Django rebuilds the table
    "CREATE INDEX IF NOT EXISTS scrutiny_entry_newest ON scrutiny_entry (day DESC, noun, object_id)",
    """
    CREATE VIRTUAL TABLE IF NOT EXISTS scrutiny_entry_fts USING fts5(
        title_words, body_words, content='scrutiny_entry', content_rowid='id', tokenize='ascii'
    )
    """,
    "DROP TRIGGER IF EXISTS scrutiny_entry_added",
    "DROP TRIGGER IF EXISTS scrutiny_entry_deleted",
    "DROP TRIGGER IF EXISTS scrutiny_entry_changed",
    f"CREATE TRIGGER scrutiny_entry_added AFTER INSERT ON scrutiny_entry BEGIN {KEEP} END",
    f"CREATE TRIGGER scrutiny_entry_deleted AFTER DELETE ON scrutiny_entry BEGIN {FORGET} END",
    "CREATE TRIGGER scrutiny_entry_changed AFTER UPDATE OF id, title_words, body_words ON scrutiny_entry "
    f"BEGIN {FORGET} {KEEP} END",
    "INSERT INTO scrutiny_entry_fts (scrutiny_entry_fts) VALUES ('rebuild')",
]
VENDOR = {"postgresql": POSTGRESQL, "sqlite": SQLITE}


def search_in(*searchables):
    """Called by each room as it starts: its records are searched from now on."""
    for searchable in searchables:
        SEARCHABLE[searchable.noun] = searchable
        post_save.connect(_saved, sender=searchable.model, dispatch_uid=f"search {searchable.noun}")
        post_delete.connect(_deleted, sender=searchable.model, dispatch_uid=f"search {searchable.noun}")


def _saved(sender, instance, raw=False, created=False, **kwargs):
    if raw:  # in a fixture, what it belongs to may not be there yet
        return
    if created:
        _index_new(instance)
    elif not changed_only(instance, SEARCHABLE[sender._meta.model_name].without):
        index(instance)


def _deleted(sender, instance, **kwargs):
    Entry.objects.filter(noun=sender._meta.model_name, object_id=instance.pk).delete()


def _index_new(record):
    """Nothing can be there yet of a record that was just added, and nothing can repeat it."""
    if new := entry_for(_with_meeting(record)):
        _write([new])


def index(record):
    """Brings the entry of one record up to date, and those of records that repeat its reference or its date."""
    noun = record._meta.model_name
    new = entry_for(_with_meeting(record))
    old = Entry.objects.filter(noun=noun, object_id=record.pk).first()
    if _values(old) == _values(new):
        return
    if new:
        _write([new])
    else:
        old.delete()
    if old:
        for searchable in SEARCHABLE.values():
            for path in searchable.follows:
                if _target(searchable.model, path) is type(record):
                    for follower in searchable.records().filter(**{path: record}):
                        index(follower)


def _with_meeting(record):
    """The record, with the way to its meeting read in one query where following it takes one for each step."""
    *steps, _ = SEARCHABLE[record._meta.model_name].meeting.split("__")
    if not steps or record._meta.get_field(steps[0]).is_cached(record):
        return record
    return SEARCHABLE[record._meta.model_name].records().get(pk=record.pk)


def entry_for(record):
    """The entry as it should be; None for a record that says nothing in words."""
    values = values_for(record)
    return values and Entry(**values)


def values_for(record):
    """{field: value} of its entry; None without one. Apart, because making instances takes as long as all else."""
    searchable = SEARCHABLE[record._meta.model_name]
    name, body = searchable.name(record), _text(record, searchable.body)
    title = _joined([name if searchable.titled else "", _text(record, searchable.title)])
    if not title and not body:
        return None
    meeting = _get(record, searchable.meeting)
    return {
        "noun": searchable.noun,
        "object_id": record.pk,
        "reference": _get(record, searchable.reference) or "",
        "title": name,
        "body": body,
        "url": searchable.url(record),
        "guard": searchable.guard.name,
        "guard_key": _get(record, searchable.key),
        "board_id": meeting.board_id if meeting else _get(record, searchable.board),
        "day": _get(record, searchable.day) or (meeting and meeting.date),
        "title_words": " ".join(words_of(title)),
        "body_words": " ".join(words_of(body)),
    }


def differences():
    """(what is wrong, noun, key, the entry as it should be or None) for each entry that is not as it should be."""
    for noun, searchable in SEARCHABLE.items():
        there = {entry.object_id: entry for entry in Entry.objects.filter(noun=noun)}
        for record in searchable.records().iterator(AT_ONCE):
            new, old = entry_for(record), there.pop(record.pk, None)
            if _values(new) != _values(old):
                wrong = "missing" if old is None else "different" if new else "not wanted"
                yield wrong, noun, record.pk, new
        yield from (("not wanted", noun, key, None) for key in there)
    for noun, key in Entry.objects.exclude(noun__in=SEARCHABLE).values_list("noun", "object_id"):
        yield "not wanted", noun, key, None


def rebuild():
    """Mends every difference; gives their number."""
    found = list(differences())
    _write([new for *_, new in found if new])
    for _, noun, key, new in found:
        if new is None:
            Entry.objects.filter(noun=noun, object_id=key).delete()
    return len(found)


def install(using):
    """What each database needs to look words up, wherever the table is there."""
    connection = connections[using]
    if Entry._meta.db_table in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            for statement in VENDOR[connection.vendor]:
                editor.execute(statement)


def after_migrating(sender, using, plan=(), **kwargs):
    """Migrations write rows without signals; half way through them the records cannot be read yet."""
    install(using)
    executor = MigrationExecutor(connections[using]) if plan else None
    if executor and not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        rebuild()


def _write(entries):
    Entry.objects.bulk_create(
        entries,
        batch_size=AT_ONCE,
        update_conflicts=True,
        unique_fields=["noun", "object_id"],
        update_fields=[name.removesuffix("_id") for name in DERIVED],
    )


def _values(entry):
    return entry and [getattr(entry, name) for name in DERIVED]


def _text(record, paths):
    return _joined(_get(record, path) for path in paths)


def _joined(texts):
    return " · ".join(filter(None, texts))


def _get(record, path):
    if not path:
        return None
    for name in path.split("__"):
        record = record and getattr(record, name)
    return record


def _target(model, path):
    for name in path.split("__"):
        model = model._meta.get_field(name).related_model
    return model
