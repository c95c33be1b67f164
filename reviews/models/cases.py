"""Review cases of the partnership: where each stands, by which stages it came there, and what was decided.

No field holds anything about a child (D-1). A case that is not published exists only for those who work on it (D-2).
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from reviews.models.clocks import GuidanceVersion
from reviews.models.oversight import Presentation
from reviews.models.themes import ThemeTag, each_theme_once
from reviews.stages import DECISIONS, LADDERS, STAGE_CHOICES, Kind, rules_of
from scrutiny.toolkit.access import EVERYWHERE, NOWHERE, can
from scrutiny.toolkit.history import tracked

NEUTRAL = RegexValidator(
    r"^[A-Z]{2,8}(-[A-Z]{1,6})?[-/ ](19|20)\d\d[-/ ]\d{1,4}$",
    "Enter the partnership's neutral reference: letters, the year and a number, for example ESCP-2026-04.",
)


def visible_cases(user, path=""):
    """The Q of cases a user may see; `path` leads to the case from the queried model."""
    if can(user, "view_cases"):
        return EVERYWHERE
    if not can(user, "view_record"):
        return NOWHERE
    return Q(**{f"{path}published_on__isnull": False})


class ReviewCaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(visible_cases(user))

    def open(self):
        return self.filter(ended_on=None)

    def ended(self):
        return self.exclude(ended_on=None)

    def published(self):
        return self.exclude(published_on=None)


class ReviewCase(models.Model):
    class PracticeChange(models.TextChoices):
        """Whether practice improved since the audit before (A.7)."""

        BETTER = "better", "Better"
        SAME = "same", "The same"
        WORSE = "worse", "Worse"
        NOT_MEASURED = "not_measured", "Not measured"

    Kind = Kind

    reference = models.CharField(
        max_length=30,
        unique=True,
        validators=[NEUTRAL],
        error_messages={"unique": "There is a case with this reference already."},
        help_text="The neutral reference the partnership issues, for example ESCP-2026-04",
    )
    kind = models.CharField(max_length=20, choices=Kind)
    guidance = models.ForeignKey(
        GuidanceVersion,
        on_delete=models.PROTECT,
        related_name="cases",
        help_text="In force when the case began; it keeps these time limits",
    )
    origin = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="following", editable=False
    )
    reviewer = models.CharField(max_length=160, blank=True, help_text="The reviewer's name and public role")
    independence = models.CharField(
        "how the reviewer is independent",
        max_length=300,
        blank=True,
        help_text="From the case and the agencies",
    )
    planned_publication = models.DateField("planned date of publication", null=True, blank=True)
    agreed_due = models.DateField(
        "date agreed for the findings", null=True, blank=True, help_text="Empty: 16 weeks after it was agreed"
    )
    sample_size = models.PositiveSmallIntegerField("cases in the sample", null=True, blank=True)
    re_audit_on = models.DateField("date of the re-audit", null=True, blank=True)
    practice_change = models.CharField(
        "practice since the audit before", max_length=20, choices=PracticeChange, blank=True
    )
    title = models.CharField("public title", max_length=300, blank=True, help_text="As it is published")
    link = models.URLField(blank=True, help_text="Where it is published")

    # Summed up from the stages by reviews.services, so that lists and access rules read one table.
    stage = models.CharField(max_length=30, choices=STAGE_CHOICES, editable=False)
    began_on = models.DateField(editable=False)
    published_on = models.DateField(null=True, blank=True, editable=False)
    ended_on = models.DateField(null=True, blank=True, editable=False)

    DERIVED = ("stage", "began_on", "published_on", "ended_on")

    HISTORY_NEEDS = "view_cases"

    history = tracked()
    objects = ReviewCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-began_on", "reference"]
        constraints = [
            models.CheckConstraint(
                condition=Q(title="") | Q(published_on__isnull=False),
                name="review_case_title_only_published",
                violation_error_message="A public title is recorded only once the case is published (D-1).",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="review_case_ends_after_start",
                violation_error_message="A case cannot end before it began.",
            ),
        ]

    def __str__(self):
        return f"{self.reference}: {self.title}" if self.title else self.reference

    def get_absolute_url(self):
        return reverse("case-detail", args=[self.pk])

    @property
    def is_published(self):
        return self.published_on is not None

    @property
    def rule(self):
        """The `StageRule` of where the case stands."""
        return rules_of(self.kind)[self.stage]


class PartOfCaseQuerySet(models.QuerySet):
    """Rows seen by those who see their case; the model's `CASE` is the way there."""

    def visible_to(self, user):
        return self.filter(visible_cases(user, f"{self.model.CASE}__"))


class WorkingQuerySet(PartOfCaseQuerySet):
    """Rows that stay with those who work on the case when it is published."""

    def visible_to(self, user):
        return self if can(user, "view_cases") else self.filter(NOWHERE)


class Stage(models.Model):
    """A stage a case reached, or an event beside: who, when, the decision if one was taken, and a working note."""

    CASE = "case"

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="stages")
    code = models.CharField("stage", max_length=30, choices=STAGE_CHOICES, editable=False)
    on = models.DateField("date")
    taken_by = models.CharField("who", max_length=200, blank=True, help_text="A body or a post, not a name")
    decision = models.CharField(max_length=40, choices=DECISIONS, blank=True)
    note = models.TextField("note", blank=True, help_text="Stays with those who work on the case")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )

    NAMED_THROUGH = ("case",)

    HISTORY_NEEDS = "view_cases"

    history = tracked()
    objects = PartOfCaseQuerySet.as_manager()

    class Meta:
        ordering = ["case", "pk"]

    def __str__(self):
        return f"{self.rule.label}, {self.on:%-d %B %Y}"

    @staticmethod
    def history_label(row):
        return f"“{row.get_code_display()}”"

    def get_absolute_url(self):
        return self.case.get_absolute_url()

    @property
    def rule(self):
        return rules_of(self.case.kind)[self.code]

    def clean(self):
        if self.on and self.on > timezone.localdate():
            raise ValidationError({"on": "This date is in the future. Record a stage once it is reached."})
        if self.on:
            self._refuse_out_of_order()
        if self.rule.decisions and self.decision not in dict(self.rule.decisions):
            raise ValidationError({"decision": "Select what was decided."})
        if self.rule.needs_note and not self.note:
            raise ValidationError({"note": "Enter the reason."})

    def _refuse_out_of_order(self):
        """A case climbs its ladder in time; events beside it may have happened on any day."""
        ladder = LADDERS[self.case.kind]
        if self.code not in ladder:
            return
        others = [stage for stage in self.case.stages.all() if stage.code in ladder and stage.pk != self.pk]
        before = [stage for stage in others if self.pk is None or stage.pk < self.pk]
        after = [stage for stage in others if self.pk and stage.pk > self.pk]
        if before and self.on < before[-1].on:
            raise ValidationError({"on": f"This is before “{before[-1]}”. Check the date."})
        if after and self.on > after[0].on:
            raise ValidationError({"on": f"This is after “{after[0]}”. Check the date."})


class PartnerView(models.Model):
    """What one safeguarding partner thought of a decision, kept apart from the decision itself (N-4)."""

    class Partner(models.TextChoices):
        LOCAL_AUTHORITY = "local_authority", "Local authority"
        HEALTH = "health", "Integrated care board"
        POLICE = "police", "Police"

    class View(models.TextChoices):
        AGREES = "agrees", "Agrees"
        DISAGREES = "disagrees", "Disagrees"

    CASE = "stage__case"

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="views")
    partner = models.CharField(max_length=20, choices=Partner)
    view = models.CharField(max_length=20, choices=View)
    note = models.TextField(blank=True)

    NAMED_THROUGH = ("stage__case",)

    HISTORY_NEEDS = "view_cases"

    history = tracked()
    objects = WorkingQuerySet.as_manager()

    class Meta:
        ordering = ["stage", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "partner"],
                name="partner_view_once_for_stage",
                violation_error_message="The view of this partner is recorded already.",
            )
        ]

    def __str__(self):
        return f"{self.get_partner_display()}: {self.get_view_display()}"


class LateReason(models.Model):
    """Why a time limit was missed or, for copies of a report, why the shorter legal limit was used."""

    CASE = "case"

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="late_reasons")
    clock = models.CharField(max_length=10, editable=False)
    reason = models.TextField("why")

    NAMED_THROUGH = ("case",)

    HISTORY_NEEDS = "view_cases"

    history = tracked()
    objects = WorkingQuerySet.as_manager()

    class Meta:
        ordering = ["case", "clock"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "clock"],
                name="late_reason_once_for_clock",
                violation_error_message="A reason is recorded for this clock already: change that one.",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="late_reason_has_words"),
        ]

    def __str__(self):
        return f"{self.clock} of {self.case.reference}"

    def get_absolute_url(self):
        return self.case.get_absolute_url()


class CaseTheme(ThemeTag):
    GOES_WITH = "case"

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="tags")

    HISTORY_NEEDS = "view_cases"

    history = tracked()

    class Meta(ThemeTag.Meta):
        verbose_name = "theme of a review case"
        verbose_name_plural = "themes of review cases"
        constraints = [each_theme_once("case")]


class CasePresentation(Presentation):
    """Which body saw the case, when, and with what outcome: a rung of its oversight."""

    CASE = "case"

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="presentations")

    HISTORY_NEEDS = "view_cases"

    history = tracked()
    objects = PartOfCaseQuerySet.as_manager()

    class Meta(Presentation.Meta):
        verbose_name = "presentation of a review case"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "body", "on"],
                name="case_presentation_once_a_day",
                violation_error_message="This presentation is recorded already. Change it, or enter another day.",
            )
        ]

    def get_absolute_url(self):
        return self.case.get_absolute_url()
