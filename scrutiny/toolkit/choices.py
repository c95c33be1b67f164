"""Choosing among a few records, in filters and other forms."""

import django_filters
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django_filters.fields import ModelChoiceField, ModelChoiceIterator


class _KnownChoices(ModelChoiceIterator):
    def __iter__(self):
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from (self.choice(row) for row in self.field.rows)


class KnownChoiceField(ModelChoiceField):
    iterator = _KnownChoices

    @cached_property
    def rows(self):
        """Those of the queryset, or what a form puts here."""
        return list(self.queryset)

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

    field_class = KnownChoiceField
