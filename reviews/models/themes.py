"""Themes: reusable tags with a definition, and what they are put on (T-1 to T-5, T-11)."""

from django.db import models
from django.db.models import Max
from django.urls import reverse

from reviews.models.reports import Report
from scrutiny.models import Point
from scrutiny.models.people import RecordQuerySet
from scrutiny.toolkit.history import tracked


class ThemeQuerySet(RecordQuerySet):
    def next_position(self):
        return (self.aggregate(last=Max("position"))["last"] or 0) + 1


class Theme(models.Model):
    """Minutes stay word for word; only the tag shows the preferred label (T-3)."""

    class Group(models.IntegerChoices):
        CHILD = 1, "Child at the centre"
        THINKING = 2, "Thinking and judgement"
        TOGETHER = 3, "Working together"
        HARM = 4, "Types of harm"
        FAMILY = 5, "Family circumstances"
        SYSTEM = 6, "System and workforce"

    code = models.CharField(max_length=8, help_text="A few capital letters, for example CUR")
    label = models.CharField("preferred label", max_length=120)
    group = models.PositiveSmallIntegerField(choices=Group)
    also_called = models.TextField(
        "also called",
        blank=True,
        help_text="One to a line. Where such words stand in a text, the theme is suggested for it.",
    )
    plain_english = models.TextField("meaning in plain English", help_text="For somebody new to it")
    caution = models.TextField(
        "note of caution", blank=True, help_text="For a term that is contested: what to say instead, and why"
    )
    position = models.PositiveSmallIntegerField("place in order", default=0)
    review_on = models.DateField("look at the definition again on", null=True, blank=True)

    history = tracked()
    objects = ThemeQuerySet.as_manager()

    class Meta:
        ordering = ["group", "position", "label"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="theme_unique_code",
                violation_error_message="Another theme has this code. Choose a different one.",
            ),
            models.UniqueConstraint(
                fields=["label"],
                name="theme_unique_label",
                violation_error_message="There is a theme of this label already. Change that one, or choose another.",
            ),
        ]

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        return reverse("theme-detail", args=[self.pk])

    @property
    def other_names(self):
        return [line.strip() for line in self.also_called.splitlines() if line.strip()]


class ThemeTagQuerySet(models.QuerySet):
    """Tags are seen by those who see the record they are on."""

    def visible_to(self, user):
        name = self.model.GOES_WITH
        records = self.model._meta.get_field(name).related_model
        return self.filter(**{f"{name}__in": records.objects.visible_to(user)})


class ThemeTag(models.Model):
    """A theme on a record. `GOES_WITH` names the link to that record, whose tags are its `tags`."""

    GOES_WITH = ""
    NAMED_THROUGH = ("theme",)

    theme = models.ForeignKey(Theme, on_delete=models.PROTECT)

    objects = ThemeTagQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["theme"]

    def __str__(self):
        return str(self.theme)

    @property
    def record(self):
        return getattr(self, self.GOES_WITH)

    @property
    def board_id(self):
        return self.record.board_id


def each_theme_once(link):
    return models.UniqueConstraint(
        fields=[link, "theme"],
        name=f"{link}_theme_once",
        violation_error_message="This theme is on it already.",
    )


class PointTheme(ThemeTag):
    """No part of the minutes, so approved minutes do not lock it (T-3)."""

    GOES_WITH = "point"

    point = models.ForeignKey(Point, on_delete=models.PROTECT, related_name="tags")

    history = tracked()

    class Meta(ThemeTag.Meta):
        verbose_name = "theme of a point"
        verbose_name_plural = "themes of points"
        constraints = [each_theme_once("point")]


class ReportTheme(ThemeTag):
    GOES_WITH = "report"

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="tags")

    history = tracked()

    class Meta(ThemeTag.Meta):
        verbose_name = "theme of a report"
        verbose_name_plural = "themes of reports"
        constraints = [each_theme_once("report")]
