"""One-off bank holidays, added as data: a package cannot know today what is proclaimed tomorrow (C-2)."""

from django.db import models

from scrutiny.models.people import RecordQuerySet
from scrutiny.toolkit.dates import Calendar
from scrutiny.toolkit.history import tracked


class BankHolidayQuerySet(RecordQuerySet):
    def calendar(self):
        """England's calendar, these days included."""
        return Calendar(self.values_list("day", "name"))


class BankHoliday(models.Model):
    day = models.DateField(unique=True)
    name = models.CharField(max_length=120, help_text="For example Coronation of the King")

    history = tracked()
    objects = BankHolidayQuerySet.as_manager()

    class Meta:
        ordering = ["-day"]

    def __str__(self):
        return f"{self.name}, {self.day:%-d %B %Y}"
