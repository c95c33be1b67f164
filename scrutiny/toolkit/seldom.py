"""Linked rows that a record seldom has: one question whether any are there, and none further for those that are not."""

from functools import cache

from django.db.models import Exists, OuterRef, QuerySet, Value

from scrutiny.toolkit.kept import Kept


class Nothing(QuerySet):
    """Rows that are known not to be there. `none()` asks nothing either, but puts the question into words first."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.query.set_empty()  # for what is asked of them besides, how many they are or who has them

    def _fetch_all(self):
        self._result_cache = []


class Seldom:
    """`paths` lead from the record to rows that may be there: Seldom(action, "elements__parts", "chases")."""

    def __init__(self, record, *paths):
        found = _whether_there(type(record), paths).of(record.pk) or ()
        self.there = dict(zip(paths, found[1:], strict=False))

    def rows(self, path, rows):
        """`rows` to prefetch, or nothing."""
        return rows if self.there.get(path) else Nothing(rows.model)


@cache
def _whether_there(model, paths):
    rows = model._base_manager.order_by()
    asked = (Exists(rows.filter(pk=OuterRef("pk"), **{f"{path}__isnull": False})) for path in paths)
    return Kept(rows.values_list(Value(1), *asked))
