"""Lists: one queryset, filtered by the address, sorted by link, paged, counted and exported; they cannot disagree.

They stay as fast when they are long (docs/performance.md): counted no further than needed, the keys of a page found
before its rows are fetched, and exported as values from a cursor of the server.
"""

from collections.abc import Callable
from dataclasses import dataclass

import django_filters
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.utils.functional import cached_property
from django.views.generic import ListView
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from scrutiny.toolkit.access import Permitted
from scrutiny.toolkit.exports import csv_response, exported

COUNTED = 1_000  # records beyond the page somebody is on
AT_ONCE = 2_000  # rows of an export


@dataclass(frozen=True)
class Shown:
    """A cell of an export made of stored values: `paths` lead to them, `say` takes them."""

    paths: tuple
    say: Callable


class _KnownChoices(ModelChoiceIterator):
    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from (self.choice(row) for row in self.field.rows)


class _KnownChoiceField(ModelChoiceField):
    iterator = _KnownChoices

    @property
    def rows(self):
        if "_rows" not in self.__dict__:
            self._rows = list(self.queryset)
        return self._rows

    def to_python(self, value):
        if value in self.empty_values:
            return None
        for row in self.rows:
            if str(row.pk) == str(value):
                return row
        raise ValidationError(
            self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value}
        )


class KnownChoiceFilter(django_filters.ModelChoiceFilter):
    """For a few records to choose from: fetched once for a page, not each time they are looked at."""

    field_class = _KnownChoiceField


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
        """Whether they may be seen and match was asked when their keys were found."""
        return self.shown(self.records(self.model.objects.filter(pk__in=keys))).order_by(*self.order())

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
