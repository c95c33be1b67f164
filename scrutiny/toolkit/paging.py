"""Pages of long lists."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property

COUNTED = 1_000  # records beyond the page somebody is on


class LongPaginator(Paginator):
    """Counts no further than `COUNTED` records beyond the page that is asked for; a shorter list is counted exactly.

    rows      (keys) → the rows of a page, in the order of the list
    is_more   there are more than were counted
    """

    def __init__(self, found, per_page, *args, page=1, rows, **kwargs):
        super().__init__(found, per_page, *args, **kwargs)
        self.most, self.rows = page * per_page + COUNTED, rows

    @cached_property
    def _keys(self):
        """Of the page, of those before it and of some after it, so that one query both counts and finds.

        Apart from the rows: with what these are joined to, a database no longer sees that it needs only a few.
        """
        return list(self.object_list.values_list("pk", flat=True)[: self.most + 1])

    @property
    def count(self):
        return min(len(self._keys), self.most)

    @property
    def is_more(self):
        return len(self._keys) > self.most

    def _get_page(self, rows, number, paginator):
        first = (number - 1) * self.per_page
        keys = self._keys[first : first + self.per_page]
        return super()._get_page(self.rows(keys), number, paginator)
