"""Questions that are written down as SQL once. Django does so each time they are asked, which for
seven subqueries took a tenth of all the work of recording progress, and for the search of a member a third.
"""

import json
from functools import cache, lru_cache, partial, wraps

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, F, Func


class Kept:
    """`rows` is a queryset of `values_list` without an order or a limit; `of` gives the row of one key, or None."""

    def __init__(self, rows):
        self.rows = rows
        self._written = cache(self._written)

    def of(self, key):
        using = self.rows.db
        sql, params, columns = self._written(using)
        with connections[using].cursor() as cursor:
            cursor.execute(sql, [*params, key])
            row = cursor.fetchone()
        return row and tuple(next(_as_python([row], columns, self.rows.query.get_compiler(using))))

    def _written(self, using):
        sql, params, compiler = _for_a_key(self.rows, using)
        return sql, params, _columns(compiler)


class _OfItsKey(Func):
    """What is true of a row by its `key`, the name of a field."""

    output_field = BooleanField()

    def __init__(self, key):
        super().__init__(F(key))

    def _name(self, compiler):
        (key,) = self.get_source_expressions()
        return compiler.compile(key)[0]


class IsAmong(_OfItsKey):
    """True where a row's `key`, the name of a field, is that of one of the `model`'s records for which `rule`, a Q,
    holds. That record is looked for by its key, row by row: as only the first rows in their order are wanted, a
    hundred thousand records would otherwise be gone through for a page of twenty.
    """

    def __init__(self, key, model, rule):
        self.model, self.rule = model, rule
        super().__init__(key)

    def __repr__(self):
        return f"IsAmong({self.model.__name__}, {self.rule!r})"

    def as_sql(self, compiler, connection):
        before, after, params = _among(self.model, self.rule, connection.alias)
        return f"({before}{self._name(compiler)}{after}) IS NOT NULL", params


class IsGiven(_OfItsKey):
    """True where a row's `key`, the name of a field, is among the keys `given` to a statement that is kept."""

    def as_postgresql(self, compiler, connection):
        return f"{self._name(compiler)} = ANY(%s)", [list]

    def as_sqlite(self, compiler, connection):
        return f"{self._name(compiler)} IN (SELECT value FROM json_each(%s))", [json.dumps]


@lru_cache(maxsize=1_000)  # rules: each differs by the boards and bodies somebody's roles are for
def _among(model, rule, using):
    rows = model.objects.filter(rule).order_by().values("pk")
    sql, params, _ = _for_a_key(rows, using)
    before, _, after = sql.rpartition("%s")
    return before, f"{after} LIMIT 1", params


def kept_for_each(model):
    """For a function that makes a queryset of `values` and is told, by what can be hashed, all that it depends on:
    the `Reader`, days, keys. It answers with the rows, from where the model is read, and its SQL is kept for each
    that was asked. What is hardly asked twice stands in no SQL: it is `given`, and a parameter that is a function
    makes a value of it.
    """

    def decorate(ask):
        written = lru_cache(maxsize=1_000)(partial(_written, ask))

        @wraps(ask)
        def asked(*told, given=None):
            using = model.objects.db
            found = written(using, *told)
            return list(_rows(model, using, *found, given)) if found else []

        return asked

    return decorate


def _written(ask, using, *told):
    query = ask(*told).query
    compiler = query.get_compiler(using)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    return sql, params, list(query.selected), _columns(compiler)


def _rows(model, using, sql, params, names, columns, given):
    with connections[using].cursor() as cursor:
        cursor.execute(sql, [param(given) if callable(param) else param for param in params])
        rows = cursor.fetchall()
    for row in _as_python(rows, columns, model.objects.all().query.get_compiler(using)):
        yield dict(zip(names, row, strict=True))


def _for_a_key(rows, using):
    """SQL whose last parameter is the key of a record, the parameters before it, and what wrote it."""
    compiler = rows.filter(pk=0).query.get_compiler(using)
    sql, (*params, _) = compiler.as_sql()
    return sql, params, compiler


def _columns(compiler):
    return [column for column, *_ in compiler.select]


def _as_python(rows, columns, compiler):
    """SQLite gives days as texts."""
    return compiler.apply_converters(rows, compiler.get_converters(columns))
