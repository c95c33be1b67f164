"""Lists: one queryset, filtered by the address, sorted by link, paged, counted and exported; they cannot disagree.

They stay as fast when they are long (docs/performance.md): counted no further than needed, the keys of a page found
before its rows are fetched, and exported as values from a cursor of the server.
"""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.views.generic import ListView

from scrutiny.toolkit.access import Permitted
from scrutiny.toolkit.exports import csv_response, exported, rows_of
from scrutiny.toolkit.paging import LongPaginator


class RecordList(Permitted, ListView):
    """A list of the records of `model` that the person may see.

    filterset_class   a django-filter FilterSet, read from the address
    sorts             {name in the address: order_by fields}; the first is the default
    export            {CSV header: path from a record, or Shown}; without it there is no export
    """

    permission = "view_record"
    paginate_by = 25
    paginator_class = LongPaginator
    filterset_class = None
    sorts = {}
    export = {}
    empty_text = ""

    def get_queryset(self):
        visible = self.records(self.model.objects.visible_to(self.request.user))
        self.filterset = self.filterset_class(self.request.GET, queryset=visible, request=self.request)
        # Half a filter is worse than none: words the filter does not understand show nothing and say why.
        found = self.filterset.qs if self.filterset.is_valid() else visible.none()
        return found.order_by(*self.order())

    def records(self, visible):
        """The place for what filters and sorts need."""
        return visible

    def shown(self, records):
        """The place for what the rows need besides: it is fetched for those of one page only."""
        return records

    def rows(self, keys):
        """Whether they may be seen and match was asked when their keys were found, in their order."""
        found = self.shown(self.records(self.model.objects.order_by())).in_bulk(keys)
        return [found[key] for key in keys if key in found]

    def order(self):
        wanted = self.request.GET.get("sort", "")
        name = wanted.removeprefix("-")
        if name not in self.sorts:
            return next(iter(self.sorts.values()))
        fields = self.sorts[name]
        return [_turned(field) for field in fields] if wanted.startswith("-") else fields

    def get(self, request, *args, **kwargs):
        if self.export and request.GET.get("format") == "csv":
            return self.csv()
        return super().get(request, *args, **kwargs)

    def get_paginator(self, found, per_page, *args, **kwargs):
        page = self.request.GET.get(self.page_kwarg, "")
        if page == "last" or not isinstance(found, QuerySet) or found.query.distinct:
            return Paginator(self.shown(found), per_page, *args, **kwargs)
        page = int(page) if page.isdecimal() and len(page) < 10 else 1
        return super().get_paginator(found, per_page, *args, page=page, rows=self.rows, **kwargs)

    def csv(self):
        name = str(self.model._meta.verbose_name_plural)
        exported.send(type(self), request=self.request, what=f"The list of {name} as CSV", on=None)
        return csv_response(name, self.export.keys(), rows_of(self.exported_records(), self.export.values()))

    def exported_records(self):
        return self.shown(self.get_queryset())

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {
            "filter": self.filterset,
            "is_filtered": any(self.filterset.data.get(name) for name in self.filterset.filters),
            "sort": self.request.GET.get("sort", next(iter(self.sorts))),
            "can_export": bool(self.export),
        }


def _turned(field):
    return field.removeprefix("-") if field.startswith("-") else f"-{field}"
