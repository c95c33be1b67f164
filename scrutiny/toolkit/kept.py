"""A question about one record that is written down as SQL once. Django does so each time it is asked, which for seven
subqueries took a tenth of all the work of recording progress.
"""

from functools import cache

from django.db import connections


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
        return row and self._as_python(row, columns, using)

    def _written(self, using):
        compiler = self.rows.filter(pk=0).query.get_compiler(using)
        sql, (*params, _) = compiler.as_sql()
        return sql, params, [column for column, *_ in compiler.select]

    def _as_python(self, row, columns, using):
        """SQLite gives days as texts."""
        compiler = self.rows.query.get_compiler(using)
        return tuple(next(compiler.apply_converters([row], compiler.get_converters(columns))))
