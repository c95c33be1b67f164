"""Tables that leave the site."""

import csv
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.db.models import QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.dispatch import Signal
from django.http import StreamingHttpResponse

exported = Signal()  # with the request, what left in words of ours, and the record it is about or None
AT_ONCE = 2_000  # rows
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Echo:
    def write(self, line):
        return line


def safe_cell(value):
    """Text that a spreadsheet will not run as a formula. Only text can be one; numbers and dates stay as they are."""
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return "'" + value
    return "" if value is None else value


def csv_response(name, header, rows):
    """Streams `rows` as a CSV file that Excel reads as UTF-8."""
    writer = csv.writer(_Echo())

    def lines():
        yield "\ufeff" + writer.writerow(header)
        for row in rows:
            yield writer.writerow([safe_cell(value) for value in row])

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


@dataclass(frozen=True)
class Shown:
    """A cell of an export made of stored values: `paths` lead to them, `say` takes them."""

    paths: tuple
    say: Callable


def rows_of(found, columns):
    """Rows of cells. Where every column is stored they are read as values: instances take ten times as long."""
    shown = [
        column if isinstance(column, Shown) else Shown((column.replace(".", LOOKUP_SEP),), _as_it_is)
        for column in columns
    ]
    paths = list(dict.fromkeys(path for column in shown for path in column.paths))
    if not isinstance(found, QuerySet) or not all(_is_stored(found, path) for path in paths):
        for record in found:
            yield [_value(record, path) for path in columns]
        return
    places = [(column.say, [paths.index(path) for path in column.paths]) for column in shown]
    for row in found.values_list(*paths).iterator(AT_ONCE):
        yield [say(*[row[place] for place in of_cell]) for say, of_cell in places]


def _as_it_is(value):
    return value


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
