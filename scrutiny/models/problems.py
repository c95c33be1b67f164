"""Data problems: a record whose words are hidden at once, until somebody has looked at it (D-4).

Hiding is a change like any other: the record says so instead of its words, and so does every page, list, search,
paper, feed and export. The words wait in the record's history, which only those read who can put them right.
"""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

HIDDEN = "Hidden while a data problem is looked at"


class DataProblemQuerySet(models.QuerySet):
    def open(self):
        return self.filter(end=None)


class DataProblem(models.Model):
    """That somebody reported a record. `noun` is that of history pages; `version` the history row with the words."""

    noun = models.CharField(max_length=60)
    key = models.BigIntegerField()
    version = models.BigIntegerField()
    why = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    APPEND_ONLY = True

    objects = DataProblemQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["noun", "key"], name="data_problem_record")]

    def __str__(self):
        return f"Data problem {self.pk}"

    def get_absolute_url(self):
        return reverse("data-problem-detail", args=[self.pk])

    @property
    def is_open(self):
        return not hasattr(self, "end")


class DataProblemEnd(models.Model):
    """That the record is shown again, and why."""

    problem = models.OneToOneField(DataProblem, on_delete=models.PROTECT, related_name="end")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    APPEND_ONLY = True

    def __str__(self):
        return f"End of {self.problem}"


def free_text(model):
    """The names of fields in which people write sentences, and which need not be unique."""
    return [field.name for field in model._meta.concrete_fields if _is_free_text(field, model)]


def _is_free_text(field, model):
    unique = {name for each in model._meta.constraints for name in getattr(each, "fields", ())}
    fits = type(field) is models.TextField or (
        type(field) is models.CharField and field.max_length >= len(HIDDEN)
    )
    return fits and field.editable and not (field.choices or field.unique or field.name in unique)


def hide_words(row):
    """Puts HIDDEN in place of the words of a row that is not saved with them; the row."""
    for name in free_text(type(row)):
        if getattr(row, name):
            setattr(row, name, HIDDEN)
    return row


def without_hidden_words(noun, rows):
    """Rows as they once were, for pages: those that are reported now do not show their words there either."""
    reported = set(DataProblem.objects.open().filter(noun=noun).values_list("key", flat=True))
    return [hide_words(row) if row.pk in reported else row for row in rows]
