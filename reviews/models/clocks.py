"""Guidance and its time limits, as data: a case begun under one version keeps that version's clocks (G-1)."""

from django.db import models
from django.db.models import F, Q

from reviews.stages import Kind
from scrutiny.models.people import RecordQuerySet
from scrutiny.toolkit.history import tracked

LONGEST = 1000


class Unit(models.TextChoices):
    """How a length is counted, and whether from its start onwards or back from it (A.10, A.11)."""

    WORKING_DAYS = "WD", "Working days"
    WORKING_DAYS_UK = "WD_UK", "Working days, UK-wide bank holidays"
    CALENDAR_DAYS = "CD", "Calendar days"
    MONTHS = "M", "Months"
    MONTHS_BEGINNING = "MB", "Months beginning with the day"
    YEARS_AT_LEAST = "Y", "Years at least, beginning with the day"
    HOURS = "H", "Hours"
    CLEAR_DAYS_BEFORE = "CLR", "Clear working days before"
    WORKING_DAYS_BEFORE = "WD_BEFORE", "Working days before"
    CALENDAR_DAYS_BEFORE = "CD_BEFORE", "Calendar days before"
    HOURS_BEFORE = "H_BEFORE", "Hours before"

    def in_words(self, n):
        """ "5 working days", "2 months beginning with that day"."""
        one, more, rest = WORDS[self]
        return f"{n} {one if n == 1 else more}{rest}"


WORDS = {  # unit: one, more, and what follows
    Unit.WORKING_DAYS: ("working day", "working days", ""),
    Unit.WORKING_DAYS_UK: (
        "working day",
        "working days",
        " by the bank holidays of the whole United Kingdom",
    ),
    Unit.CALENDAR_DAYS: ("calendar day", "calendar days", ""),
    Unit.MONTHS: ("month", "months", ""),
    Unit.MONTHS_BEGINNING: ("month", "months", " beginning with that day"),
    Unit.YEARS_AT_LEAST: ("year", "years", " beginning with that day"),
    Unit.HOURS: ("hour", "hours", ""),
    Unit.CLEAR_DAYS_BEFORE: ("clear working day", "clear working days", " before"),
    Unit.WORKING_DAYS_BEFORE: ("working day", "working days", " before"),
    Unit.CALENDAR_DAYS_BEFORE: ("calendar day", "calendar days", " before"),
    Unit.HOURS_BEFORE: ("hour", "hours", " before"),
}


class Force(models.TextChoices):
    LAW = "law", "Law"
    GUIDANCE = "guidance", "Statutory guidance"
    LOCAL = "local", "Local"


class GuidanceVersionQuerySet(RecordQuerySet):
    def in_force(self, on):
        return self.filter(Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gte=on))


class GuidanceVersion(models.Model):
    """One edition of statutory guidance, and the days on which it was the one to follow."""

    code = models.CharField(max_length=20, unique=True, help_text="For example WT2023")
    title = models.CharField(max_length=200)
    valid_from = models.DateField("in force from")
    valid_to = models.DateField("in force until", null=True, blank=True)
    link = models.URLField(blank=True, help_text="Where it is published")

    history = tracked()
    objects = GuidanceVersionQuerySet.as_manager()

    class Meta:
        ordering = ["valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="guidance_version_ends_after_start",
                violation_error_message="The last day must not be before the first day.",
            )
        ]

    def __str__(self):
        return self.code


class ClockRuleQuerySet(RecordQuerySet):
    def under(self, guidance):
        """The rules of one version of the guidance, and those that hold whatever the guidance."""
        return self.filter(Q(guidance=guidance) | Q(guidance__isnull=True))


class ClockRule(models.Model):
    """A time limit: what starts it, how long it runs and what stops it.

    The codes of stages are those of a review case; they stay empty where a limit is about something else.
    """

    code = models.CharField(max_length=20, help_text="For example RR15")
    guidance = models.ForeignKey(
        GuidanceVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rules",
        help_text="Empty if the limit holds under every version",
    )
    name = models.CharField("what is to be done", max_length=200)
    kind = models.CharField("kind of review case", max_length=20, choices=Kind, blank=True)
    start_event = models.CharField(
        "what starts it", max_length=200, help_text="For example: the local authority became aware"
    )
    starts_at = models.CharField("stage that starts it", max_length=40, blank=True)
    length = models.PositiveSmallIntegerField()
    unit = models.CharField("counted in", max_length=10, choices=Unit)
    stop_event = models.CharField(
        "what stops it", max_length=200, blank=True, help_text="For example: the notification was sent"
    )
    stops_at = models.CharField("stage that stops it", max_length=40, blank=True)
    force = models.CharField("comes from", max_length=10, choices=Force)
    legal_length = models.PositiveSmallIntegerField(
        "length in law", null=True, blank=True, help_text="Only where guidance is stricter than the law"
    )
    legal_unit = models.CharField("counted in law in", max_length=10, choices=Unit, blank=True)
    warn_days = models.PositiveSmallIntegerField(
        "due soon, days before", default=3, help_text="Calendar days before the end at which it is due soon"
    )
    source = models.CharField(max_length=300, blank=True)

    NAMED_THROUGH = ("guidance",)

    history = tracked()
    objects = ClockRuleQuerySet.as_manager()

    class Meta:
        ordering = ["code", "guidance__valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "guidance"],
                name="clock_rule_unique_in_guidance",
                violation_error_message="This version of the guidance has a rule with that code already.",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(guidance__isnull=True),
                name="clock_rule_unique_whatever_the_guidance",
                violation_error_message="A rule with that code holds under every version already.",
            ),
            models.CheckConstraint(
                condition=Q(length__range=(1, LONGEST)),
                name="clock_rule_has_length",
                violation_error_message=f"Enter a length from 1 to {LONGEST}.",
            ),
            models.CheckConstraint(
                condition=Q(legal_length__isnull=True, legal_unit="")
                | Q(legal_length__isnull=False, legal_length__range=(1, LONGEST)) & ~Q(legal_unit=""),
                name="clock_rule_legal_length_has_unit",
                violation_error_message=(
                    f"Enter a length in law from 1 to {LONGEST} and what it is counted in, or leave both empty."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}" + (f" ({self.guidance})" if self.guidance_id else "")

    @property
    def length_in_words(self):
        return Unit(self.unit).in_words(self.length)

    @property
    def legal_length_in_words(self):
        return Unit(self.legal_unit).in_words(self.legal_length) if self.legal_unit else ""
