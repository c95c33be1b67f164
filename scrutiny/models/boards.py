"""Boards, who sits on them, the council's years, and the scheme in which a board judges."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from scrutiny.models.people import Organisation, Person, RecordQuerySet
from scrutiny.toolkit.history import tracked


class MunicipalYearQuerySet(RecordQuerySet):
    def containing(self, day):
        return self.filter(start__lte=day, end__gte=day)


class MunicipalYear(models.Model):
    """From one annual council meeting to the day before the next (M-18); never reckoned from January or April."""

    label = models.CharField(max_length=7, unique=True, help_text="For example 2022/23")
    start = models.DateField("first day")
    end = models.DateField("last day")

    history = tracked()
    objects = MunicipalYearQuerySet.as_manager()

    class Meta:
        ordering = ["-start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")),
                name="municipal_year_ends_after_start",
                violation_error_message="The last day must be after the first day.",
            )
        ]

    def __str__(self):
        return self.label

    @property
    def short(self):
        """2022/23 → 22/23, as it stands in references."""
        return self.label[2:]


class TrackingScheme(models.Model):
    """A board's words for judging (domain Q-1), as data."""

    name = models.CharField(max_length=60, unique=True)

    history = tracked()
    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class TrackingCategory(models.Model):
    class Effect(models.TextChoices):
        CLOSES = "closes", "Closes the element"
        CONTINUES = "continues", "The element stays open"
        NOT_REVIEWED = "not_reviewed", "Not reviewed this time"

    class Tone(models.TextChoices):
        GREEN = "green"
        YELLOW = "yellow"
        RED = "red"
        GREY = "grey"
        BLUE = "blue"

    scheme = models.ForeignKey(TrackingScheme, on_delete=models.PROTECT, related_name="categories")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=120)
    effect = models.CharField(max_length=20, choices=Effect)
    achieved = models.BooleanField("means that the element was achieved", default=False)
    tone = models.CharField("colour", max_length=10, choices=Tone, default=Tone.GREY)
    position = models.PositiveSmallIntegerField(default=0)

    history = tracked()
    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["scheme", "position"]
        verbose_name_plural = "tracking categories"
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="tracking_category_unique_in_scheme")
        ]

    def __str__(self):
        return self.called(self.code, self.name)

    @staticmethod
    def called(code, name):
        """ "2. Achieved", or "Amber: acceptable progress": a code that is a number stands before the name."""
        return f"{code}. {name}" if code and code.isdigit() else name

    @property
    def short(self):
        """What fits on a tag; the name stands beside it."""
        return f"Category {self.code}" if self.code.isdigit() else self.code


class Board(models.Model):
    name = models.CharField(max_length=120, unique=True)
    code = models.CharField(
        max_length=8, unique=True, help_text="Stands in references: CF gives SB-CF 22/23-04"
    )
    council = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="boards")
    predecessor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors"
    )
    tracking_scheme = models.ForeignKey(TrackingScheme, on_delete=models.PROTECT, related_name="boards")

    history = tracked()
    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def board_id(self):
        """A board belongs to itself, so that one question is asked of boards and of what is theirs."""
        return self.pk

    def get_absolute_url(self):
        return reverse("board-detail", args=[self.pk])


class BoardMembershipQuerySet(RecordQuerySet):
    def current(self, on):
        return self.filter(Q(start__lte=on), Q(end__isnull=True) | Q(end__gte=on))


class BoardMembership(models.Model):
    class Role(models.TextChoices):
        CHAIR = "chair", "Chair"
        MEMBER = "member", "Member"
        COOPTED_VOTING = "coopted_voting", "Co-opted member (voting on education only)"
        COOPTED_NON_VOTING = "coopted_non_voting", "Co-opted member (non-voting)"

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role, default=Role.MEMBER)
    start = models.DateField("from")
    end = models.DateField("until", null=True, blank=True)

    NAMED_THROUGH = ("person",)

    history = tracked()
    objects = BoardMembershipQuerySet.as_manager()

    class Meta:
        ordering = ["board", "role", "person__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="board_membership_ends_after_start",
                violation_error_message="The last day must not be before the first day.",
            ),
            models.UniqueConstraint(
                fields=["board", "person", "start"],
                name="board_membership_unique_start",
                violation_error_message="This person's membership from that day is recorded already.",
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.get_role_display()}"
