"""Linked rows that a record seldom has: one question whether any are there, and none further for those that are not."""

from django.db.models import Exists, QuerySet, Value


class Nothing(QuerySet):
    """Rows that are known not to be there. `none()` asks nothing either, but puts the question into words first."""

    def _fetch_all(self):
        self._result_cache = []


class Seldom:
    """`paths` lead from the record to rows that may be there: Seldom(action, "elements__parts", "chases")."""

    def __init__(self, record, *paths):
        model = type(record)._base_manager
        asked = {path: Exists(model.filter(pk=record.pk, **{f"{path}__isnull": False})) for path in paths}
        found = model.filter(pk=record.pk).order_by().values_list(Value(1), *asked.values()).first() or ()
        self.there = dict(zip(paths, found[1:], strict=False))

    def rows(self, path, rows):
        """`rows` to prefetch, or nothing."""
        return rows if self.there.get(path) else Nothing(rows.model)
