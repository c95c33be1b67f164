"""Papers a board received. A paper is never corrected in place: an erratum stands beside it (V-8)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from scrutiny.models import AgendaItem, Meeting, Organisation, Point, Section
from scrutiny.models.meetings import visible_items
from scrutiny.toolkit.history import tracked

PERIOD_BACKWARDS = "The period ends before it starts. Check both dates."


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Reports received under an item one may see."""
        return self.filter(visible_items(user, "item__"))


class Report(models.Model):
    class Kind(models.TextChoices):
        UPDATE = "update", "Update report"
        ANNUAL = "annual", "Yearly report"
        OTHER = "other", "Other"

    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, related_name="reports", verbose_name="received under"
    )
    title = models.CharField(max_length=300)
    kind = models.CharField("kind of report", max_length=10, choices=Kind, default=Kind.UPDATE)
    author_body = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, verbose_name="report of"
    )
    author_post = models.CharField("author's post", max_length=200, blank=True)
    date = models.DateField("date of the report", null=True, blank=True)
    period_start = models.DateField("period it covers, from", null=True, blank=True)
    period_end = models.DateField("period it covers, until", null=True, blank=True)
    published_on = models.DateField("published on", null=True, blank=True)
    summary = models.TextField(blank=True)
    link = models.URLField(blank=True, help_text="Where it is published")

    history = tracked()
    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-item__meeting__date", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_start__isnull=True)
                | Q(period_end__isnull=True)
                | Q(period_start__lte=F("period_end")),
                name="report_period_forwards",
                violation_error_message=PERIOD_BACKWARDS,
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("report-detail", args=[self.pk])

    @property
    def board_id(self):
        return self.item.board_id

    def points(self):
        """What was said of it: under its whole item if it is the only report there, else where its appendices are."""
        of_item = Point.objects.filter(section__item=self.item_id).select_related("section__item")
        if not Report.objects.filter(item=self.item_id).exclude(pk=self.pk).exists():
            return of_item
        return of_item.filter(section__appendices__report=self).distinct()


class PaperQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(visible_items(user, "report__item__"))


class Appendix(models.Model):
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="appendices")
    number = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    author_body = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, verbose_name="report of"
    )
    date = models.DateField(null=True, blank=True)
    section = models.ForeignKey(
        Section, on_delete=models.PROTECT, null=True, blank=True, related_name="appendices"
    )

    history = tracked()
    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["report", "number"]
        verbose_name_plural = "appendices"
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"],
                name="appendix_unique_number",
                violation_error_message="This report has an appendix of that number already.",
            )
        ]

    def __str__(self):
        return f"Appendix {self.number}: {self.title}"

    @property
    def board_id(self):
        return self.report.board_id


class Erratum(models.Model):
    """A correction announced at a meeting. The wrong value may be unknown and then stays empty (I-17)."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="errata")
    appendix = models.ForeignKey(
        Appendix, on_delete=models.PROTECT, null=True, blank=True, related_name="errata"
    )
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, related_name="errata", verbose_name="announced at"
    )
    words = models.TextField("words of the minutes")
    subject = models.CharField("what is wrong", max_length=200, blank=True)
    wrong_value = models.CharField("as printed", max_length=200, blank=True)
    correct_value = models.CharField("should read", max_length=200, blank=True)
    announced_by = models.CharField(max_length=160, blank=True)

    NAMED_THROUGH = ("appendix", "report")

    history = tracked()
    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ["report", "pk"]
        verbose_name_plural = "errata"
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="erratum_has_words")]

    def __str__(self):
        return f"Correction to {self.appendix or self.report}"

    @property
    def board_id(self):
        return self.report.board_id


class SupportingDocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(visible_items(user, "item__"))


class SupportingDocument(models.Model):
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="supporting_documents")
    title = models.CharField(max_length=300)
    link = models.URLField(blank=True)

    history = tracked()
    objects = SupportingDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["item", "pk"]

    def __str__(self):
        return self.title

    @property
    def board_id(self):
        return self.item.board_id
