"""What a review taught: who is to spread it, how far it went, and whether anything changed (T-6 to T-9)."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from reviews.models.cases import ReviewCase, visible_cases
from reviews.models.themes import ThemeTag, each_theme_once
from reviews.stages import FOR_ASSURERS, LEARNING
from scrutiny.models import Organisation, Post
from scrutiny.toolkit.access import any_of, by_grants, within
from scrutiny.toolkit.history import tracked

LEARNING_CHOICES = [(rule.code, rule.label) for rule in LEARNING.values()]


class Grade(models.TextChoices):
    """The evidence ladder (T-6): how much, how well, what difference for children."""

    E1 = "E1", "E1 Output: something was produced"
    E2 = "E2", "E2 Reach: who received it"
    E3 = "E3", "E3 Understanding: it was understood"
    E4 = "E4", "E4 Practice: practice changed"
    E5 = "E5", "E5 Outcome: a difference for children"


ACTIVITY_ONLY = (Grade.E1, Grade.E2)
MORE_THAN_TARGET = "More people were reached than it was meant for. Check both numbers."


@by_grants
def visible_learning(user, path=""):
    """The Q of learning points a user may see: with their case, or owned by the body the user answers for."""
    own = within(user, "view_own_learning", f"{path}owner", scope="organisation_id")
    return any_of(visible_cases(user, f"{path}case__"), own)


class LearningPointQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(visible_learning(user))

    def open(self):
        return self.exclude(state__in=[rule.code for rule in LEARNING.values() if rule.ends])

    def late(self, on):
        """Past its date, and the owner has not said that it is done."""
        return self.open().filter(due_on__lt=on).exclude(state__in=["reported_complete", *FOR_ASSURERS])

    def with_spread(self):
        """Adds how many activities spread it, whom they reached, and how many agencies confirmed."""
        activities = Dissemination.objects.filter(learning=models.OuterRef("pk")).order_by()
        assurances = AgencyAssurance.objects.filter(learning=models.OuterRef("pk")).order_by()
        cascaded = assurances.filter(cascaded=AgencyAssurance.Cascaded.YES)
        return self.annotate(
            activity_count=_count_of(activities),
            agency_count=_count_of(assurances),
            cascaded_count=_count_of(cascaded),
        )


def _count_of(rows):
    counted = rows.values("learning").annotate(number=models.Count("pk")).values("number")
    return models.functions.Coalesce(models.Subquery(counted), 0)


class LearningPoint(models.Model):
    """Something a review taught that somebody must spread and evidence. It tells nothing of the case itself."""

    case = models.ForeignKey(ReviewCase, on_delete=models.PROTECT, related_name="learning")
    number = models.PositiveSmallIntegerField(editable=False)
    text = models.TextField("what was learned", help_text="What is to change in practice, without the case")
    owner = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="learning"
    )
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, verbose_name="post that answers"
    )
    due_on = models.DateField("due", null=True, blank=True)
    recheck_on = models.DateField("look at it again on", null=True, blank=True, editable=False)

    # Summed up from the steps and the evidence by reviews.services, so that lists read one table.
    state = models.CharField(max_length=20, choices=LEARNING_CHOICES, default="identified", editable=False)
    evidence_grade = models.CharField(max_length=2, choices=Grade, blank=True, editable=False)

    DERIVED = ("state", "evidence_grade")
    NAMED_THROUGH = ("case",)
    NOT_IN_HISTORY = ("case", "number")

    HISTORY_NEEDS = "view_cases"

    history = tracked()
    objects = LearningPointQuerySet.as_manager()

    class Meta:
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="learning_point_unique_number"),
            models.CheckConstraint(condition=~Q(text=""), name="learning_point_has_words"),
        ]

    def __str__(self):
        return f"Learning {self.pk}"

    def get_absolute_url(self):
        return reverse("learning-detail", args=[self.pk])

    @property
    def rule(self):
        """The `StageRule` of where it stands."""
        return LEARNING[self.state]

    @property
    def only_activity(self):
        return self.evidence_grade in ACTIVITY_ONLY


class PartOfLearningQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(visible_learning(user, "learning__"))


class PartOfLearning(models.Model):
    HISTORY_NEEDS = "view_cases"

    objects = PartOfLearningQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def owner_id(self):
        return self.learning.owner_id

    def get_absolute_url(self):
        return self.learning.get_absolute_url()


class LearningStep(PartOfLearning):
    """A state the learning reached: who said so, and when."""

    learning = models.ForeignKey(LearningPoint, on_delete=models.PROTECT, related_name="steps")
    code = models.CharField("state", max_length=20, choices=LEARNING_CHOICES, editable=False)
    on = models.DateField("date")
    taken_by = models.CharField("who", max_length=200, blank=True, help_text="A body or a post, not a name")
    note = models.TextField(blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )

    history = tracked()

    class Meta:
        ordering = ["learning", "pk"]

    def __str__(self):
        return f"{LEARNING[self.code].label}, {self.on:%-d %B %Y}"

    @staticmethod
    def history_label(row):
        return f"“{LEARNING[row.code].label}”"

    def clean(self):
        if self.on and self.on > timezone.localdate():
            raise ValidationError({"on": "This date is in the future. Record a step once it is taken."})
        if LEARNING[self.code].needs_note and not self.note:
            raise ValidationError({"note": "Enter the reason."})


class Dissemination(PartOfLearning):
    """One activity that spreads the learning, and whom it reached (T-7)."""

    class Kind(models.TextChoices):
        BRIEF = "brief", "Learning brief or one-page guide"
        TRAINING = "training", "Training or refresher"
        PRESENTATION = "presentation", "Presentation to a partnership or board"
        EVENT = "event", "Practitioner or learning event"
        MASTERCLASS = "masterclass", "Masterclass series"
        UNIVERSITY = "university", "Work with a university"
        SUPERVISION = "supervision", "Use of supervision"
        STANDARDS = "standards", "Practice standards"
        RESOURCES = "resources", "Shared resources with other boards"
        VIDEO = "video", "Video"
        POLICY = "policy", "Change of policy or protocol"
        WEBSITE = "website", "Website"
        BULLETIN = "bulletin", "Staff bulletin"

    learning = models.ForeignKey(LearningPoint, on_delete=models.PROTECT, related_name="dissemination")
    kind = models.CharField(max_length=20, choices=Kind)
    title = models.CharField("what it was", max_length=200)
    on = models.DateField("date")
    audience = models.CharField("whom it was for", max_length=200, blank=True)
    reached = models.PositiveIntegerField("people reached", null=True, blank=True)
    target = models.PositiveIntegerField("people it was meant for", null=True, blank=True)
    link = models.URLField(blank=True)

    NAMED_THROUGH = ("learning",)

    history = tracked()

    class Meta:
        ordering = ["learning", "on", "pk"]
        verbose_name = "dissemination activity"
        verbose_name_plural = "dissemination activities"
        constraints = [
            models.CheckConstraint(
                condition=Q(reached=None) | Q(target=None) | Q(reached__lte=F("target")),
                name="dissemination_reaches_no_more_than_target",
                violation_error_message=MORE_THAN_TARGET,
            )
        ]

    def __str__(self):
        return self.title

    def clean(self):
        """The constraint says the same, and knows no field to say it at."""
        if None not in (self.reached, self.target) and self.reached > self.target:
            raise ValidationError({"reached": MORE_THAN_TARGET})


class AgencyAssurance(PartOfLearning):
    """What one agency says of spreading the learning within it (T-8)."""

    class Cascaded(models.TextChoices):
        YES = "yes", "Yes"
        PARTLY = "partly", "Partly"
        NO = "no", "No"
        ASKED = "asked", "Asked, no answer yet"

    learning = models.ForeignKey(LearningPoint, on_delete=models.PROTECT, related_name="assurances")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    cascaded = models.CharField("was it passed on?", max_length=10, choices=Cascaded, default=Cascaded.ASKED)
    on = models.DateField("date", null=True, blank=True)
    method = models.CharField("how", max_length=200, blank=True)
    evidence = models.CharField("what shows it", max_length=300, blank=True)
    grade = models.CharField(max_length=2, choices=Grade, blank=True)
    confirmed_by = models.CharField("confirmed by", max_length=200, blank=True, help_text="The post")
    checked_on = models.DateField(
        "checked by the review group on", null=True, blank=True, help_text="Empty: not checked yet"
    )

    NAMED_THROUGH = ("agency",)

    history = tracked()

    class Meta:
        ordering = ["learning", "agency__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["learning", "agency"],
                name="agency_assurance_once",
                violation_error_message="This agency has a row already: change that one.",
            )
        ]

    def __str__(self):
        return f"{self.agency}: {self.get_cascaded_display()}"


class LearningEvidence(PartOfLearning):
    """What shows that the learning arrived, with its grade."""

    learning = models.ForeignKey(LearningPoint, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField("what it is", max_length=200)
    on = models.DateField("date", null=True, blank=True)
    grade = models.CharField(max_length=2, choices=Grade)
    link = models.URLField(blank=True)

    NAMED_THROUGH = ("learning",)

    history = tracked()

    class Meta:
        ordering = ["learning", "grade", "pk"]
        verbose_name = "evidence of learning"
        verbose_name_plural = "evidence of learning"

    def __str__(self):
        return self.title


class LearningTheme(ThemeTag):
    GOES_WITH = "learning"

    learning = models.ForeignKey(LearningPoint, on_delete=models.PROTECT, related_name="tags")

    HISTORY_NEEDS = "view_cases"

    history = tracked()

    class Meta(ThemeTag.Meta):
        verbose_name = "theme of a learning point"
        verbose_name_plural = "themes of learning points"
        constraints = [each_theme_once("learning")]
