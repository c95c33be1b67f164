"""Lists: one queryset, filtered by the address, sorted by link, paged, counted and exported; they cannot disagree."""

from django.views.generic import ListView

from scrutiny.toolkit.access import Permitted
from scrutiny.toolkit.exports import csv_response, exported


class RecordList(Permitted, ListView):
    """A list of the records of `model` that the person may see.

    filterset_class   a django-filter FilterSet, read from the address
    sorts             {name in the address: order_by fields}; the first is the default
    export            {CSV header: attribute path of a record}; without it there is no export
    """

    permission = "view_record"
    paginate_by = 25
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
        """The place for select_related and annotations."""
        return visible

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

    def csv(self):
        name = str(self.model._meta.verbose_name_plural)
        exported.send(type(self), request=self.request, what=f"The list of {name} as CSV", on=None)
        rows = ([_value(record, path) for path in self.export.values()] for record in self.exported_records())
        return csv_response(name, self.export.keys(), rows)

    def exported_records(self):
        return self.get_queryset()

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


def _value(record, path):
    for name in path.split("."):
        record = getattr(record, name, None)
        if callable(record):
            record = record()
    return str(record) if hasattr(record, "pk") else record
