"""Choosing among a few records, in filters and other forms."""

from typing import NamedTuple

import django_filters
from django.core.exceptions import ValidationError
from django.utils.functional import SimpleLazyObject
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from scrutiny.toolkit.controls import KnownSelect


class Choice(NamedTuple):
    """What a list to choose from needs of a record."""

    pk: int
    name: str


class _KnownChoices(ModelChoiceIterator):
    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from ((row.pk, row.name) for row in self.field.rows)

    def __len__(self):
        return len(self.field.rows) + (self.field.empty_label is not None)

    def __bool__(self):
        return len(self) > 0


class KnownChoiceField(ModelChoiceField):
    """`rows` are what to choose from, each with a `pk` and a `name`; whoever makes the form puts them here."""

    iterator = _KnownChoices
    widget = KnownSelect
    rows = ()

    def __init__(self, **kwargs):
        super().__init__(queryset=None, **kwargs)

    def __deepcopy__(self, memo):
        """Each form has a copy, whose control offers the copy's rows."""
        copied = super().__deepcopy__(memo)
        copied.widget.choices = copied.choices
        return copied

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
    """For a few records to choose from: fetched once for a page, not each time they are looked at.

    rows   request → what to choose from, each with a `pk` and a `name`
    """

    field_class = KnownChoiceField

    def __init__(self, *, rows, **kwargs):
        super().__init__(**kwargs)
        self.rows = rows

    def filter(self, queryset, chosen):
        return super().filter(queryset, chosen and chosen.pk)

    @property
    def field(self):
        field, request = super().field, self.get_request()
        field.rows = SimpleLazyObject(lambda: self.rows(request))
        return field
