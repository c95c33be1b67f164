"""Finds words wherever the database holds them, histories included, and puts a mark in their place.

Words are found in any case and however their line is broken. Texts of models with `KEEPS_LENGTH = True` stay as
long as they were, because places in them are counted. Past the histories on purpose: that is what it is for.
"""

import re
from contextlib import suppress
from dataclasses import dataclass

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection, models, transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from scrutiny.toolkit.append_only import is_append_only, maintenance
from scrutiny.toolkit.history import because

SHORTEST = 3  # letters and figures; fewer stand everywhere
AROUND = 40  # characters shown on each side of what was found
SHORT_MARK = "[redacted]"


@dataclass(frozen=True)
class Found:
    """A row in which the words stand. `excerpts` are {field name: the text around them}."""

    model: type
    pk: object
    excerpts: dict


@dataclass(frozen=True)
class Changed:
    """A row that was changed; the digests are of all its columns."""

    table: str
    pk: object
    before: str
    after: str


def pattern_of(words):
    return re.compile(r"\s+".join(re.escape(word) for word in words.split()), re.IGNORECASE)


def too_short(words):
    return sum(letter.isalnum() for letter in words) < SHORTEST


def find(words, leave=()):
    """Every row in which the words stand, apart from those of the models to `leave`."""
    pattern = pattern_of(words)
    for model in apps.get_models():
        if model is not Session and model not in leave and model._meta.managed and not model._meta.proxy:
            yield from find_in(model._base_manager.all(), pattern, words)


def find_in(rows, pattern, words):
    names = [field.name for field in text_fields(rows.model)]
    if not names:
        return
    for pk, *values in _likely(rows, names, words).values_list("pk", *names).iterator():
        hits = ((name, _first_hit(value, pattern)) for name, value in zip(names, values, strict=True))
        if excerpts := {name: hit for name, hit in hits if hit}:
            yield Found(rows.model, pk, excerpts)


def text_fields(model):
    kinds = models.CharField | models.TextField | models.JSONField
    found = [field for field in model._meta.concrete_fields if isinstance(field, kinds)]
    return [field for field in found if not field.choices and not field.primary_key]


def _likely(rows, names, words):
    """Asks the database for the longest plain word: databases differ in how they compare other letters."""
    plain = max(re.findall("[A-Za-z0-9]+", words), key=len, default="")
    if not plain:
        return rows.order_by()
    likely = Q()
    for name in names:
        field = rows.model._meta.get_field(name)
        if isinstance(field, models.JSONField):
            rows, name = rows.alias(**{f"{name}_as_text": Cast(name, TextField())}), f"{name}_as_text"
        likely |= Q(**{f"{name}__icontains": plain})
    return rows.filter(likely).order_by()


def _first_hit(value, pattern):
    """The text around the first place in a text or in what stands in JSON; empty where there is none."""
    for text in texts_in(value):
        if hit := pattern.search(text):
            start, end = max(hit.start() - AROUND, 0), hit.end() + AROUND
            return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
    return ""


def texts_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inside in value.items():
            yield from texts_in(key)
            yield from texts_in(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from texts_in(inside)


def sessions_with(words):
    """Sessions of people whose browser would bring the words back."""
    pattern = pattern_of(words)
    return [row for row in Session.objects.iterator() if _first_hit(row.get_decoded(), pattern)]


def redact(words, mark, *, by, reason, before, after, leave=()):
    """Puts `mark` in place of the words in every row; the rows that changed. Live rows get a line in their history.

    `before` and `after` give the digests of a row, (model, key) → text.
    """
    pattern = pattern_of(words)
    with maintenance(), transaction.atomic():
        overwrite_what_is_freed()
        changed = []
        for found in list(find(words, leave)):
            digest = before(found.model, found.pk)
            _redact_row(found, pattern, mark, by, reason)
            changed.append(
                Changed(found.model._meta.db_table, found.pk, digest, after(found.model, found.pk))
            )
        return changed


def overwrite_what_is_freed():
    """SQLite would leave the words in parts of its file that it does not use any more, and in its journal."""
    _tell_sqlite("PRAGMA secure_delete = ON")
    transaction.on_commit(_empty_the_journal)


def _empty_the_journal():
    """Where somebody reads just then, SQLite does it the next time."""
    with suppress(OperationalError):
        _tell_sqlite("PRAGMA wal_checkpoint(TRUNCATE)")


def merge_search_table(name):
    """A search table of SQLite keeps the words of deleted entries until its parts are merged."""
    _tell_sqlite(f"INSERT INTO {name} ({name}) VALUES ('optimize')")


def _tell_sqlite(statement):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(statement)


def _redact_row(found, pattern, mark, by, reason):
    row = found.model._base_manager.select_for_update().get(pk=found.pk)
    values = {name: _redacted(row, name, pattern, mark) for name in found.excerpts}
    if hasattr(found.model, "history") and not is_append_only(found.model):
        for name, value in values.items():
            setattr(row, name, value)
        with because(row, reason, by):
            row.save()
    else:
        found.model._base_manager.filter(pk=found.pk).update(**values)


def _redacted(row, name, pattern, mark):
    field, value = row._meta.get_field(name), getattr(row, name)
    if getattr(row, "KEEPS_LENGTH", False):
        return replaced(value, lambda text: pattern.sub(lambda hit: as_long(hit[0], SHORT_MARK), text))
    for each in (mark, SHORT_MARK):
        new = replaced(value, lambda text, each=each: pattern.sub(lambda _: each, text))
        if field.max_length is None or len(new) <= field.max_length:
            return new
    return new[: field.max_length]


def as_long(words, mark):
    """The mark, made as long as the words it stands for."""
    return f"{mark:█<{len(words)}}" if len(words) >= len(mark) else "█" * len(words)


def replaced(value, replace):
    if isinstance(value, str):
        return replace(value)
    if isinstance(value, dict):
        return {replaced(key, replace): replaced(inside, replace) for key, inside in value.items()}
    if isinstance(value, list):
        return [replaced(inside, replace) for inside in value]
    return value
