"""Bodies that oversee the partnership's work, and what was presented to them (A.8, Y-5)."""

from django.db import models

from reviews.models.reports import PaperQuerySet, Report
from scrutiny.models.people import RecordQuerySet
from scrutiny.toolkit.history import tracked


class OversightBody(models.Model):
    """Reference data: a body that reports and reviews are presented to."""

    name = models.CharField(max_length=120, unique=True)
    position = models.PositiveSmallIntegerField("number in order", default=0)

    history = tracked()
    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "oversight bodies"

    def __str__(self):
        return self.name


class Presentation(models.Model):
    """That something was presented to a body on a day, or is to be: a day to come is a plan."""

    body = models.ForeignKey(
        OversightBody, on_delete=models.PROTECT, related_name="+", verbose_name="presented to"
    )
    on = models.DateField("date", help_text="A day to come if it is planned")
    outcome = models.TextField("what came of it", blank=True)
    link = models.URLField(blank=True, help_text="Where the papers or minutes are published")

    NAMED_THROUGH = ("body",)

    class Meta:
        abstract = True
        ordering = ["body__position", "body__name", "on"]

    def __str__(self):
        return f"{self.body}, {self.on:%-d %B %Y}"

    @staticmethod
    def history_label(row):
        return f"on {row.on:%-d %B %Y}"


class ReportPresentation(Presentation):
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="presentations")

    history = tracked()
    objects = PaperQuerySet.as_manager()

    class Meta(Presentation.Meta):
        verbose_name = "presentation"
        constraints = [
            models.UniqueConstraint(
                fields=["report", "body", "on"],
                name="report_presentation_once_a_day",
                violation_error_message="This presentation is recorded already. Change it, or enter another day.",
            )
        ]

    @property
    def board_id(self):
        return self.report.board_id
