"""Words that need explaining, and letters that mean more than one thing (domain E). Reference data."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse

from scrutiny.models.people import RecordQuerySet
from scrutiny.toolkit.history import tracked


def lines_of(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


class TermQuerySet(RecordQuerySet):
    def explained(self):
        return self.filter(explain=True)


class Term(models.Model):
    name = models.CharField("term", max_length=120, unique=True, help_text="In full, not as letters")
    meaning = models.TextField(help_text="One sentence that a new member of the Board understands")
    also_called = models.TextField(
        blank=True, help_text="Letters and other spellings, one to a line, for example DCS"
    )
    explain = models.BooleanField(
        "explain this term where it first stands on a page",
        default=True,
        help_text="Not for everyday words, and not for words that often mean something else",
    )

    history = tracked()
    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(meaning=""),
                name="term_has_meaning",
                violation_error_message="Enter the meaning.",
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('term-list')}#term-{self.pk}"

    def clean(self):
        """A spelling belongs to one term: a reader is never shown the wrong meaning."""
        ours = {spelling.casefold() for spelling in self.spellings}
        for other in Term.objects.exclude(pk=self.pk):
            if shared := [spelling for spelling in other.spellings if spelling.casefold() in ours]:
                raise ValidationError(f"Take out “{shared[0]}”: it is explained as “{other}” already.")

    @property
    def spellings(self):
        return [self.name, *self.other_spellings]

    @property
    def other_spellings(self):
        return lines_of(self.also_called)


class Clash(models.Model):
    """Letters, or a word, that stand for different things in different places."""

    letters = models.CharField("letters or word", max_length=40, unique=True)
    meanings = models.TextField(help_text="One to a line")

    history = tracked()
    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["letters"]
        verbose_name_plural = "clashes"
        constraints = [
            models.CheckConstraint(
                condition=~Q(meanings=""),
                name="clash_has_meanings",
                violation_error_message="Enter the meanings, one to a line.",
            )
        ]

    def __str__(self):
        return self.letters

    @property
    def each_meaning(self):
        return lines_of(self.meanings)
