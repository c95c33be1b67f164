"""Tables that leave the site."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from itertools import islice

from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.dispatch import Signal
from django.http import StreamingHttpResponse

exported = Signal()  # with the request, what left in words of ours, and the record it is about or None
AT_ONCE = 2_000  # rows
SENT_AT_ONCE = 200  # rows
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value):
    """Text that a spreadsheet will not run as a formula. Only text can be one; numbers and dates stay as they are."""
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return "'" + value
    return "" if value is None else value


def csv_response(name, header, rows):
    """Streams `rows` as a CSV file that Excel reads as UTF-8."""

    def parts():
        yield "\ufeff" + _written([header])
        left = iter(rows)
        while some := list(islice(left, SENT_AT_ONCE)):
            yield _written([safe_cell(value) for value in row] for row in some)

    return StreamingHttpResponse(
        parts(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def _written(rows):
    text = StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


@dataclass(frozen=True)
class Shown:
    """A cell of an export made of stored values: `paths` lead to them, `say` takes them; without it, the one value."""

    paths: tuple
    say: Callable | None = None


def rows_of(found, columns):
    """Rows of cells. Where every column is stored they are read as values: instances take ten times as long."""
    shown = [
        column if isinstance(column, Shown) else Shown((column.replace(".", LOOKUP_SEP),))
        for column in columns
    ]
    paths = list(dict.fromkeys(path for column in shown for path in column.paths))
    if not isinstance(found, QuerySet) or not all(_is_stored(found, path) for path in paths):
        for record in found:
            yield [_value(record, path) for path in columns]
        return
    stored = [paths.index(column.paths[0]) for column in shown]
    said = [
        (number, column.say, [paths.index(path) for path in column.paths])
        for number, column in enumerate(shown)
        if column.say
    ]
    for row in found.values_list(*paths).iterator(AT_ONCE):
        cells = [row[place] for place in stored]
        for number, say, places in said:
            cells[number] = say(*[row[place] for place in places])
        yield cells


def _is_stored(found, path):
    """Whether a path leads to a column, and not to a method, a property or a linked record."""
    if path in found.query.annotations:
        return True
    model, *names = found.model, *path.split(LOOKUP_SEP)
    for name in names[:-1]:
        field = _field(model, name)
        if field is None or not field.many_to_one:
            return False
        model = field.related_model
    field = _field(model, names[-1])
    return field is not None and field.concrete and not field.is_relation


def _field(model, name):
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _value(record, path):
    for name in path.split("."):
        record = getattr(record, name, None)
        if callable(record):
            record = record()
    return str(record) if hasattr(record, "pk") else record
