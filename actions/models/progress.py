"""What became of an element: what was reported, what supports it, which report answers it, what the Board judged."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from actions.models.asks import Element, PartOfElementQuerySet, visible_elements
from reviews.models import LearningPoint, Report
from scrutiny.models import AgendaItem, Organisation, TrackingCategory
from scrutiny.models.meetings import visible_items
from scrutiny.toolkit.access import all_of, by_grants
from scrutiny.toolkit.files import check_upload, random_name
from scrutiny.toolkit.history import tracked

ACHIEVED_UNANSWERED = "No report or update answers this element yet. Say why the Board judged it achieved."


class PartOfElement(models.Model):
    ELEMENT = "element"

    objects = PartOfElementQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def board_id(self):
        return self.element.board_id


class ProgressUpdate(PartOfElement):
    """What was reported on an element: by whom, on whose behalf, when, from which source (P-5)."""

    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="updates")
    text = models.TextField("what is reported")
    reported_by = models.CharField(max_length=200, help_text="Name or post")
    on_behalf_of = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, verbose_name="on behalf of", related_name="+"
    )
    received_on = models.DateField("date it was received")
    source = models.CharField(
        max_length=200, help_text="For example: e-mail of 3 May from the Business Manager"
    )
    owner_progress = models.CharField("the owner says", max_length=20, choices=Element.OwnerProgress)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )

    NAMED_THROUGH = ("element__action",)

    history = tracked()

    class Meta:
        ordering = ["-received_on", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="progress_update_has_words")]
        indexes = [models.Index(fields=["received_on"], name="progress_update_received")]  # what moved lately

    def __str__(self):
        return f"Update of {self.received_on:%-d %B %Y} on {self.element}"

    @staticmethod
    def history_label(row):
        return f"received on {row.received_on:%-d %B %Y}"

    def clean(self):
        if self.received_on and self.received_on > timezone.localdate():
            raise ValidationError({"received_on": "The date it was received cannot be in the future."})


class Evidence(models.Model):
    """Something that supports an update, with a grade E1 to E5 (T-6): a file, a link, or where to find it."""

    ELEMENT = "update__element"

    update = models.ForeignKey(ProgressUpdate, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField("what it is", max_length=200)
    grade = models.CharField(max_length=2, choices=Element.Grade)
    link = models.URLField(blank=True)
    file = models.FileField(upload_to=random_name, blank=True, max_length=200, validators=[check_upload])
    file_name = models.CharField(max_length=200, blank=True, editable=False)

    history = tracked()
    objects = PartOfElementQuerySet.as_manager()

    class Meta:
        ordering = ["update", "pk"]
        verbose_name_plural = "evidence"

    def __str__(self):
        return self.title

    @property
    def board_id(self):
        return self.update.board_id


@by_grants
def visible_answers(user):
    """Those in reports one may open: minutes that are still a draft are not given away by their papers."""
    return all_of(visible_elements(user, "element__"), visible_items(user, "report__item__"))


class AnswerQuerySet(PartOfElementQuerySet):
    def answering(self):
        return self.filter(coverage__in=Answer.ANSWERING)

    def visible_to(self, user):
        return self.filter(visible_answers(user))


class Answer(PartOfElement):
    """How a later report covers an element, with the paragraph."""

    class Coverage(models.TextChoices):
        FULLY = "fully", "Fully"
        PARTLY = "partly", "Partly"
        NOT = "not", "Not"

    ANSWERING = [Coverage.FULLY, Coverage.PARTLY]
    TONES = {Coverage.FULLY: "green", Coverage.PARTLY: "yellow", Coverage.NOT: "red"}

    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="answers")
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="answers")
    coverage = models.CharField(max_length=10, choices=Coverage)
    paragraph = models.CharField(max_length=60, blank=True, help_text="For example 3.4 to 3.9")
    note = models.TextField(blank=True)

    NAMED_THROUGH = ("report", "element__action")

    history = tracked()
    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["element", "report"]
        constraints = [
            models.UniqueConstraint(
                fields=["element", "report"],
                name="answer_once_for_report",
                violation_error_message="How this report covers the element is recorded already.",
            )
        ]

    def __str__(self):
        return f"{self.report} on {self.element}"

    @property
    def tone(self):
        return self.TONES[self.coverage]


@by_grants
def visible_judgements(user):
    """Those in minutes one may read."""
    return all_of(visible_elements(user, "element__"), visible_items(user, "item__"))


class JudgementQuerySet(PartOfElementQuerySet):
    def visible_to(self, user):
        return self.filter(visible_judgements(user))


class Judgement(PartOfElement):
    """What the Board concluded on an element under an item of a meeting that was held (I-2, Q-2)."""

    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="judgements")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, related_name="judgements", verbose_name="considered under"
    )
    category = models.ForeignKey(TrackingCategory, on_delete=models.PROTECT, related_name="judgements")
    comment = models.TextField(blank=True)

    NAMED_THROUGH = ("category", "element__action")

    history = tracked()
    objects = JudgementQuerySet.as_manager()

    class Meta:
        ordering = ["-item__meeting__date", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["element", "item"],
                name="judgement_once_under_an_item",
                violation_error_message="The Board's judgement under this item is recorded already.",
            )
        ]

    def __str__(self):
        return f"{self.category} on {self.element}"

    def clean(self):
        meeting = self.item.meeting
        if meeting.board_id != self.element.action.follower_on(meeting.date):
            raise ValidationError(
                "Only the Board that asked, or the one it went over to, can judge: choose one of its meetings."
            )
        if meeting.date > timezone.localdate():
            raise ValidationError(
                "This meeting has not been held yet, so the Board has judged nothing there (I-2)."
            )
        if meeting.date < self.element.action.resolution.item.meeting.date:
            raise ValidationError("This meeting was before the Board asked: choose a later one.")
        if self.category.scheme_id != meeting.board.tracking_scheme_id:
            raise ValidationError("Use a category of the Board's own tracking scheme.")
        if self.lacks_reason:
            raise ValidationError({"comment": ACHIEVED_UNANSWERED})

    @property
    def lacks_reason(self):
        """True where it says "achieved" of an element that nothing answers, and not why."""
        if self.comment.strip() or not self.category.achieved:
            return False
        element = self.element
        return not (element.answers.answering().exists() or element.updates.exists())


class ElementLearningQuerySet(PartOfElementQuerySet):
    def visible_to(self, user):
        """Those to learning one may see: a review that is not published is not given away by what answers it."""
        return super().visible_to(user).filter(learning__in=LearningPoint.objects.visible_to(user))


class ElementLearning(PartOfElement):
    """That something a review taught stands behind an element, so that one can walk from either to the other."""

    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="learning_links")
    learning = models.ForeignKey(LearningPoint, on_delete=models.PROTECT, related_name="element_links")

    NAMED_THROUGH = ("element__action",)

    history = tracked()
    objects = ElementLearningQuerySet.as_manager()

    class Meta:
        ordering = ["element", "learning"]
        verbose_name = "link to learning"
        verbose_name_plural = "links to learning"
        constraints = [models.UniqueConstraint(fields=["element", "learning"], name="element_learning_once")]

    def __str__(self):
        return f"{self.element} and {self.learning}"
