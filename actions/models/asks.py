"""What was asked: actions and their elements, with the words and the window of the asking.

Four things are kept apart (design 1): what the owner *says*, what the evidence *shows*, what the Board *judged*,
and whether it is *late*. The first three are summed up on the element by `actions.standing`; lateness is reckoned
from dates and today, and never stored.
"""

import re
from datetime import timedelta
from functools import cache, lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from reviews.models.learning import ACTIVITY_ONLY, Grade
from scrutiny.models import (
    AgendaItem,
    Board,
    MunicipalYear,
    Organisation,
    Post,
    PostHolding,
    Resolution,
    TrackingCategory,
)
from scrutiny.models.meetings import PUBLISHED, visible_items, visible_meetings
from scrutiny.toolkit.access import NOWHERE, all_of, any_of, by_grants, can, within
from scrutiny.toolkit.history import tracked

SILENT_AFTER = timedelta(days=90)
OUTCOMES = re.compile(r"\b(outcomes?|impacts?|difference|improv\w+)\b", re.IGNORECASE)

DUE_WINDOW = Q(due_from__isnull=True) | Q(due_to__isnull=True) | Q(due_from__lte=F("due_to"))
AWAITING_JUDGEMENT = Q(answered_on__isnull=False) & (Q(judged_on=None) | Q(judged_on__lt=F("answered_on")))
IN_FORCE = ~Q(condition_state__in=["waiting", "not_met_lapsed"])
# What somebody still has to bring, of open elements: the timings TO_COME, in words that the database can estimate.
OUTSTANDING = IN_FORCE & (Q(answered_on=None) | Q(judged_on__gte=F("answered_on")))
# Stands in the indexes of open elements, so that which of them are late is read from the index alone.
SAYS_IF_LATE = ["not_late_until", "condition_state", "answered_on", "judged_on"]
WINDOW_BACKWARDS = "The window ends before it starts. Check both dates."


class Timing(models.TextChoices):
    """Reckoned from dates and the day, never stored."""

    CLOSED = "closed", "Closed by the Board"
    LAPSED = "lapsed", "Lapsed with its condition"
    WAITING = "waiting", "Waiting for a condition"
    ANSWERED = "answered", "Answered, to be judged"
    LATE = "late", "Late"
    DUE_NOW = "due_now", "Due now"
    NOT_YET_DUE = "not_yet_due", "Not yet due"
    NO_DATE = "no_date", "No date"

    @property
    def tone(self):
        tones = {"closed": "green", "answered": "blue", "late": "red", "due_now": "yellow"}
        return tones.get(self.value, "grey")


TO_COME = [Timing.LATE, Timing.DUE_NOW, Timing.NOT_YET_DUE, Timing.NO_DATE]


def visible_actions(user, path=""):
    """The Q of actions a user may see; `path` leads to the action from the queried model.

    What was asked under an exempt item is seen by those entitled to the item, by those who keep the papers of the
    board that follows it now, and by the body it was asked of.
    """
    return _visible(user, f"{path}item__", f"{path}board", f"{path}addressee")


def visible_elements(user, path=""):
    """The Q of elements a user may see: with their action, and as near to the item as that."""
    return _visible(user, f"{path}item__", f"{path}board", f"{path}action__addressee")


@by_grants
def _visible(user, item, board, addressee):
    if not can(user, "view_record"):
        return NOWHERE
    published = visible_meetings(user, f"{item}meeting__")
    of_own_body = within(user, "view_own_actions", addressee, scope="organisation_id")
    return any_of(visible_asks(user, item, board), all_of(published, of_own_body))


def visible_asks(user, item, board):
    """The Q of what a user may see of all that was asked, whoever it was asked of; for those who answer for a body
    there is more. `item` leads to the agenda item and `board` to the board that follows it now."""
    return all_of(within(user, "view_actions", board), entitled_to(user, item, board))


def entitled_to(user, item, board):
    """The Q of what was asked under items a user may see, or may see as a board of theirs follows it."""
    published = visible_meetings(user, f"{item}meeting__")
    return any_of(visible_items(user, item), all_of(published, within(user, "view_exempt", board)))


class ActionQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(visible_actions(user))

    def open(self):
        return self.filter(closed_on=None)

    def closed(self):
        return self.exclude(closed_on=None)

    def late(self, on):
        late = Element.objects.late(on).filter(action=OuterRef("pk")).order_by()
        one = models.Subquery(late.values("pk")[:1])  # looked for row by row, in the order of the list
        return self.open().alias(late_element=one).filter(late_element__isnull=False)

    def followed_by(self, board, day):
        """Those that `board` followed on a day: asked by it or gone over to it by then, and not gone on from it."""
        steps = CarryOver.objects.filter(action=OuterRef("pk"))
        came = Q(resolution__item__meeting__board=board) | Exists(steps.filter(to_board=board, on__lte=day))
        stayed = Q(board=board) | Exists(steps.filter(from_board=board, on__gt=day))
        return self.filter(came, stayed)

    def awaiting(self, report):
        """Open ones that `report` may answer: asked before the board that followed them received the report."""
        meeting = report.item.meeting
        followed = self.open().followed_by(meeting.board_id, meeting.date)
        return followed.filter(resolution__item__meeting__date__lt=meeting.date)

    def with_counts(self):
        """Adds the numbers of elements and of those answered.

        By a subquery for each row that is shown: joined and grouped, all rows would be put together first.
        """
        return self.annotate(**_counts())

    def without_holder(self, on):
        """Open ones that nobody answers for: no post is named, or nobody holds it on that day."""
        held = PostHolding.objects.current(on).values("post")
        return self.open().filter(Q(post=None) | ~Q(post__in=held))

    def chased_by(self, user):
        """Those somebody follows up: of boards for which they may chase."""
        return self.visible_to(user).filter(within(user, "chase", "board"))

    def with_late_count(self, on):
        return self.annotate(late_count=_late_count(on))


@cache
def _counts():
    """Put together once: a page that shows them would spend as long on it as on asking."""
    elements = Element.objects.all()
    return {
        "element_count": _number_of(elements),
        "answered_count": _number_of(elements.exclude(answered_on=None)),
    }


@lru_cache(maxsize=4)
def _late_count(on):
    return _number_of(Element.objects.late(on))


def _number_of(elements):
    """How many of these elements an action has."""
    of_action = elements.filter(action=OuterRef("pk")).order_by().values("action")
    return Coalesce(models.Subquery(of_action.annotate(count=models.Count("pk")).values("count")), 0)


class Action(models.Model):
    """What a resolution asks somebody to do.

    `board` is the one that follows it now, at first the one that asked; which one asked stays in the resolution.
    Number and reference count what that board asked in its municipal year, and never change.
    """

    class LegalForce(models.TextChoices):
        """What binds the addressee (S-15)."""

        REQUEST_REPORT = "REQ_REPORT", "Request for a report"
        REQUEST_INFORMATION = "REQ_INFO", "Request for information"
        RECOMMENDATION = "REC_OTHER", "Recommendation to a partner or government"
        STATUTORY = "STAT_REC", "Recommendation to the council's executive (two months to answer)"
        HEALTH = "HEALTH_REC", "Recommendation to an NHS body (28 days to answer)"
        REFERRAL = "REFER", "Referred to another body"

    resolution = models.ForeignKey(Resolution, on_delete=models.PROTECT, related_name="actions")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="actions")
    year = models.ForeignKey(MunicipalYear, on_delete=models.PROTECT, verbose_name="municipal year")
    number = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=30, unique=True)
    title = models.CharField(max_length=200)
    addressee = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="actions")
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, verbose_name="post that answers"
    )
    legal_force = models.CharField(max_length=12, choices=LegalForce, default=LegalForce.REQUEST_REPORT)
    due_words = models.CharField("due, in the minutes' words", max_length=200, blank=True)
    due_from = models.DateField("due from", null=True, blank=True)
    due_to = models.DateField("due until", null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True, editable=False)

    # Kept by actions.inherited: who may see it is told from the item, and the place sorts as references are counted.
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, blank=True, editable=False, db_index=False, related_name="+"
    )
    place = models.CharField(max_length=40, blank=True, editable=False)

    DERIVED = ("closed_on",)
    INHERITED = ("item", "place")

    history = tracked(excluded_fields=INHERITED)
    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["-year__start", "board", "-number"]
        constraints = [
            models.CheckConstraint(
                condition=DUE_WINDOW, name="action_window_forwards", violation_error_message=WINDOW_BACKWARDS
            ),
        ]
        indexes = [  # in the order of the list: a page reads its 25 rows and nothing else (docs/performance.md)
            models.Index(fields=["due_to", "id"], name="action_due"),
            models.Index(fields=["board", "due_to", "id"], name="action_board_due"),
            models.Index(fields=["year", "due_to", "id"], name="action_year_due"),
            models.Index(fields=["addressee", "due_to", "id"], name="action_addressee_due"),
            models.Index(fields=["place", "id"], name="action_place"),
            models.Index(fields=["board", "due_to"], condition=Q(closed_on=None), name="action_open"),
            models.Index(fields=["due_to", "id"], condition=Q(closed_on=None), name="action_open_due"),
        ]

    def __str__(self):
        return f"{self.reference} {self.title}"

    def get_absolute_url(self):
        return reverse("action-detail", args=[self.pk])

    @property
    def owner_id(self):
        """The body that answers for it, and so does not judge it."""
        return self.addressee_id

    def clean_fields(self, exclude=None):
        """Apart from what it takes over as it is saved."""
        super().clean_fields({*(exclude or ()), *self.INHERITED})

    def clean(self):
        if self.resolution_id and self.resolution.kind == Resolution.Kind.NOTE:
            raise ValidationError("A limb that only notes asks nothing of anybody: it has no action (I-1).")

    def terms(self):
        """[(key of the board, first day, day before which it ended or None)]: who followed it when, in order."""
        asked = self.resolution.item.meeting
        board, start, found = asked.board_id, asked.date, []
        for step in sorted(self.carry_overs.all(), key=lambda each: each.on):
            found.append((board, start, step.on))
            board, start = step.to_board_id, step.on
        return [*found, (board, start, None)]

    def follower_on(self, day):
        """The key of the board that followed it on a day; that of the asking board for days before."""
        return next(board for board, _, end in self.terms() if end is None or day < end)

    def in_meetings(self, path=""):
        """The Q of meetings since it was asked of the boards that followed it then; `path` leads to the meeting."""
        found = NOWHERE
        for board, start, end in self.terms():
            of_term = Q(**{f"{path}board": board, f"{path}date__gte": start})
            found |= of_term & Q(**{f"{path}date__lt": end}) if end else of_term
        return found


class PartOfActionQuerySet(models.QuerySet):
    """Rows seen by those who see their action; the model's `ACTION` is the way there."""

    def visible_to(self, user):
        return self.filter(visible_actions(user, f"{self.model.ACTION}__"))


class DueRevision(models.Model):
    """The window as it was before it was changed, and why (I-12). The first one holds the original."""

    ACTION = "action"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="due_revisions")
    old_words = models.CharField("words before", max_length=200, blank=True)
    old_from = models.DateField("due from, before", null=True, blank=True)
    old_to = models.DateField("due until, before", null=True, blank=True)
    reason = models.TextField()
    agreed_by = models.CharField(
        max_length=200, blank=True, help_text="For example the Chair, 3 October 2023"
    )
    changed_on = models.DateField()

    NAMED_THROUGH = ("action",)

    history = tracked()
    objects = PartOfActionQuerySet.as_manager()

    class Meta:
        ordering = ["action", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="due_revision_has_reason")]

    def __str__(self):
        return f"Window of {self.action.reference} before {self.changed_on:%-d %B %Y}"

    @property
    def board_id(self):
        return self.action.board_id


class CarryOver(models.Model):
    """That an action went over from a board to the one after it at the end of a year (Q-6)."""

    ACTION = "action"

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="carry_overs")
    from_board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="+")
    to_board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("followed by the board after it from")

    NAMED_THROUGH = ("action",)

    history = tracked()
    objects = PartOfActionQuerySet.as_manager()

    class Meta:
        ordering = ["action", "on"]
        constraints = [
            models.CheckConstraint(condition=~Q(from_board=F("to_board")), name="carry_over_changes_board"),
            models.UniqueConstraint(fields=["action", "on"], name="carry_over_once_a_day"),
        ]

    def __str__(self):
        return f"{self.action.reference} gone over on {self.on:%-d %B %Y}"

    @property
    def board_id(self):
        return self.to_board_id

    def clean(self):
        if self.on > timezone.localdate():
            raise ValidationError("They go over on the day itself or later, not before.")
        if self.to_board.predecessor_id != self.from_board_id:
            raise ValidationError("Actions go over only to the board that came after this one.")
        if self.on <= self.action.terms()[-1][1]:
            raise ValidationError(
                f"{self.action.reference} came to this board only later: choose a later day."
            )


COMING = [Timing.DUE_NOW, Timing.NOT_YET_DUE]


def opens_or_ends_by(day):
    return Q(window_to__lte=day) | Q(window_from__lte=day)


LAST_SIGN = Coalesce("last_word_on", "asked_on")  # the day of the last word, or of the meeting that asked


BY_STATE = [  # the timings that hold on any day, as steps of a Case
    When(closed_on__isnull=False, then=Value(Timing.CLOSED)),
    When(condition_state="not_met_lapsed", then=Value(Timing.LAPSED)),
    When(condition_state="waiting", then=Value(Timing.WAITING)),
    When(AWAITING_JUDGEMENT, then=Value(Timing.ANSWERED)),
]


def by_days(on):
    """The timings that depend on the day, as steps of a Case."""
    return [
        When(window_to__isnull=True, then=Value(Timing.NO_DATE)),
        When(window_to__lt=on, not_late_until__gte=on, then=Value(Timing.DUE_NOW)),
        When(window_to__lt=on, then=Value(Timing.LATE)),
        When(window_from__lte=on, then=Value(Timing.DUE_NOW)),
    ]


def told_by_days(on):
    """The timing of rows that keep it as `timing` unless it depends on the day."""
    return _first_of([When(~Q(timing=""), then=F("timing")), *by_days(on)])


def _first_of(steps):
    return Case(*steps, default=Value(Timing.NOT_YET_DUE), output_field=models.CharField())


def standing_on(on):
    """{Timing: the Q of open elements that `with_timing` calls so}, in words that a database can estimate."""
    past, lifted = Q(window_to__lt=on), Q(not_late_until__gte=on)
    not_lifted = Q(not_late_until=None) | Q(not_late_until__lt=on)
    not_begun = Q(window_from=None) | Q(window_from__gt=on)
    return {
        Timing.LAPSED: Q(condition_state="not_met_lapsed"),
        Timing.WAITING: Q(condition_state="waiting"),
        Timing.ANSWERED: IN_FORCE & AWAITING_JUDGEMENT,
        Timing.LATE: OUTSTANDING & past & not_lifted,
        Timing.DUE_NOW: OUTSTANDING & (past & lifted | Q(window_from__lte=on, window_to__gte=on)),
        Timing.NOT_YET_DUE: OUTSTANDING & Q(window_to__gte=on) & not_begun,
        Timing.NO_DATE: OUTSTANDING & Q(window_to=None),
    }


class ElementQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(visible_elements(user))

    def open(self):
        return self.filter(closed_on=None)

    def closed(self):
        return self.exclude(closed_on=None)

    def with_timing(self, on):
        """Adds `timing`, how each element stands against the calendar on a day.

        No index knows of it. Who looks for timings that only open elements have says `.open()` as well.

        A waiting element is never late (I-3). An answered one is not late while the Board has yet to judge it,
        and one whose "late" was lifted is due still, up to the day it was lifted for.
        """
        return self.annotate(timing=_first_of([*BY_STATE, *by_days(on)]))

    def published(self):
        """Those of minutes that are published: what a draft asks is not told to those it is asked of (P-3)."""
        return self.filter(item__meeting__minutes_state__in=PUBLISHED)

    def standing(self, timing, on):
        """Open ones that stand so on a day."""
        return self.open().filter(standing_on(on)[timing])

    def late(self, on):
        return self.standing(Timing.LATE, on)

    def waiting(self):
        return self.open().filter(condition_state=Element.ConditionState.WAITING)

    def answered(self, on):
        """Answered since the Board last looked, and to be judged."""
        return self.standing(Timing.ANSWERED, on)

    def reported_complete(self):
        """Complete, says the owner; no report has answered it."""
        return self.open().filter(owner_progress="complete", answered_on=None)

    def due_by(self, on, day):
        """Not late, and the window opens or ends by `day`."""
        return self.open().with_timing(on).filter(opens_or_ends_by(day), timing__in=COMING)

    def to_be_asked(self, on, day):
        """Late, or the window opens or ends by `day`: what a meeting on that day wants to hear about."""
        wanted = [Timing.LATE, *COMING]
        return self.open().with_timing(on).filter(opens_or_ends_by(day), timing__in=wanted)

    def silent(self, on):
        """No word for 90 days, or since it was agreed."""
        silent = self.open().alias(last_sign=LAST_SIGN).filter(last_sign__lt=on - SILENT_AFTER)
        return silent.exclude(condition_state="not_met_lapsed")

    def to_come(self):
        """Those that somebody still has to bring to a meeting."""
        return self.open().filter(OUTSTANDING)

    def condition_to_check(self, on):
        return self.open().filter(condition_state="waiting", check_condition_on__lte=on)

    def complete_without_evidence(self):
        """Complete, says the owner, and nothing shows it."""
        return self.open().filter(owner_progress=Element.OwnerProgress.COMPLETE, evidence_grade="")

    def judged_without_word(self):
        """Judged by the Board, though neither an update nor a report ever said anything of it."""
        return self.exclude(judged_on=None).filter(last_word_on=None, answered_on=None)

    def due_before_agreed(self):
        """The window ended before the Board asked."""
        return self.filter(window_to__lt=F("asked_on"))


class Element(models.Model):
    """One agreed thing the action must cover, in the minutes' words."""

    class ConditionState(models.TextChoices):
        UNCONDITIONAL = "unconditional", "No condition"
        WAITING = "waiting", "Waiting for the condition"
        MET = "met", "Condition met"
        LAPSED = "not_met_lapsed", "Condition not met, lapsed"

    class OwnerProgress(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        IN_PROGRESS = "in_progress", "In progress"
        COMPLETE = "complete", "Complete, says the owner"
        BLOCKED = "blocked", "Blocked"
        CANNOT_DO = "cannot_do", "Cannot be done"

    Grade = Grade

    NOT_IN_HISTORY = ("action", "number")
    DERIVED = (
        "owner_progress",
        "last_word_on",
        "evidence_grade",
        "answered_on",
        "category",
        "judged_on",
        "closed_on",
    )
    INHERITED = ("item", "board", "window_from", "window_to", "asked_on")

    action = models.ForeignKey(Action, on_delete=models.PROTECT, related_name="elements")
    number = models.PositiveSmallIntegerField()
    text = models.TextField("words of the minutes")
    due_words = models.CharField("own date, in the minutes' words", max_length=200, blank=True)
    due_from = models.DateField("own date from", null=True, blank=True)
    due_to = models.DateField("own date until", null=True, blank=True)
    condition = models.TextField("condition, in the minutes' words", blank=True)
    condition_state = models.CharField(
        "state of the condition", max_length=20, choices=ConditionState, default=ConditionState.UNCONDITIONAL
    )
    check_condition_on = models.DateField("look at the condition again on", null=True, blank=True)
    not_late_until = models.DateField("not counted late until", null=True, blank=True)
    not_late_because = models.TextField("why it is not counted late", blank=True)

    # Summed up from updates, evidence, answers and judgements by actions.standing, so that lists stay fast.
    owner_progress = models.CharField(
        max_length=20, choices=OwnerProgress, default=OwnerProgress.NOT_STARTED, editable=False
    )
    last_word_on = models.DateField(null=True, editable=False)
    evidence_grade = models.CharField(max_length=2, choices=Grade, blank=True, editable=False)
    answered_on = models.DateField(null=True, editable=False)
    category = models.ForeignKey(TrackingCategory, on_delete=models.PROTECT, null=True, editable=False)
    judged_on = models.DateField(null=True, editable=False)
    closed_on = models.DateField(null=True, editable=False)

    # Taken over from the action by actions.inherited, so that an index holds the order of lists, and so that who may
    # see it is told without a walk through action and resolution.
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, blank=True, editable=False, db_index=False, related_name="+"
    )
    board = models.ForeignKey(
        Board, on_delete=models.PROTECT, blank=True, editable=False, db_index=False, related_name="+"
    )
    window_from = models.DateField(null=True, editable=False)
    window_to = models.DateField(null=True, editable=False)
    asked_on = models.DateField(blank=True, editable=False)

    NAMED_THROUGH = ("action",)

    history = tracked(excluded_fields=INHERITED)
    objects = ElementQuerySet.as_manager()

    class Meta:
        ordering = ["action", "number"]
        constraints = [
            models.UniqueConstraint(fields=["action", "number"], name="element_unique_number"),
            models.CheckConstraint(condition=~Q(text=""), name="element_has_words"),
            models.CheckConstraint(
                condition=DUE_WINDOW, name="element_window_forwards", violation_error_message=WINDOW_BACKWARDS
            ),
            models.CheckConstraint(
                condition=Q(condition="", condition_state="unconditional")
                | (~Q(condition="") & ~Q(condition_state="unconditional")),
                name="element_condition_has_words_and_state",
                violation_error_message=(
                    "An element with a condition needs its words and a state; one without has neither."
                ),
            ),
            models.CheckConstraint(
                condition=Q(not_late_until=None, not_late_because="")
                | Q(not_late_until__isnull=False) & ~Q(not_late_because=""),
                name="element_not_late_has_reason",
                violation_error_message="Say until when it is not counted late, and why.",
            ),
        ]
        indexes = [
            models.Index(  # with what says whether it is to be chased
                fields=[
                    "action",
                    "window_to",
                    "window_from",
                    *SAYS_IF_LATE,
                    "last_word_on",
                    "board",
                    "item",
                    "id",
                ],
                condition=Q(closed_on=None),
                name="element_open",
            ),
            models.Index(fields=["last_word_on", "id"], name="element_last_word"),
            models.Index(fields=["window_to", "id"], name="element_due"),
            models.Index(fields=["board", "window_to", "id"], name="element_board_due"),
            models.Index(
                fields=["window_to", "id", *SAYS_IF_LATE],
                condition=Q(closed_on=None),
                name="element_open_due",
            ),
            models.Index(
                fields=["board", "window_to", "id", *SAYS_IF_LATE],
                condition=Q(closed_on=None),
                name="element_open_board_due",
            ),
            models.Index(fields=["board", "last_word_on", "id"], name="element_board_last_word"),
            # What the home page counts, by an index alone.
            models.Index(
                LAST_SIGN,
                *("last_word_on", "asked_on", "board", "item", "id"),
                condition=Q(closed_on=None) & ~Q(condition_state="not_met_lapsed"),
                name="element_silent",
            ),
            models.Index(
                fields=["board", "item", "id"],
                condition=Q(closed_on=None, owner_progress="complete", answered_on=None),
                name="element_reported_complete",
            ),
            models.Index(
                fields=["check_condition_on", "board", "item", "id"],
                condition=Q(closed_on=None, condition_state="waiting"),
                name="element_waiting",
            ),
        ]

    def __str__(self):
        return f"{self.action.reference}, element {self.number}"

    def get_absolute_url(self):
        return reverse("element-detail", args=[self.pk])

    def clean_fields(self, exclude=None):
        """Apart from what it takes over: that comes from the action as it is saved."""
        super().clean_fields({*(exclude or ()), *self.INHERITED})

    @staticmethod
    def history_label(row):
        return str(row.number)

    @property
    def is_conditional(self):
        return self.condition_state != self.ConditionState.UNCONDITIONAL

    def is_lifted(self, on):
        """True where it is not counted late on a day, whatever its window says."""
        return self.not_late_until is not None and self.not_late_until >= on

    @property
    def is_about_outcomes(self):
        return bool(OUTCOMES.search(self.text))

    @property
    def only_activity(self):
        """True if it asks for a difference, and the best that is shown is output or reach (T-6).

        Needs `learned`, the links to learning that the reader may see.
        """
        grades = [self.evidence_grade, *(link.learning.evidence_grade for link in self.learned)]
        return self.is_about_outcomes and max(grades) in ACTIVITY_ONLY

    @property
    def timing_now(self):
        """The `Timing` that `with_timing` added."""
        return Timing(self.timing)


class PartOfElementQuerySet(models.QuerySet):
    """Rows seen by those who see their element; the model's `ELEMENT` is the way there."""

    def visible_to(self, user):
        return self.filter(visible_elements(user, f"{self.model.ELEMENT}__"))


class ElementPart(models.Model):
    """A part of a compound element, 3a, 3b, without touching the words of the element."""

    ELEMENT = "element"

    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="parts")
    letter = models.CharField(max_length=2)
    text = models.TextField()

    NAMED_THROUGH = ("element",)

    history = tracked()
    objects = PartOfElementQuerySet.as_manager()

    class Meta:
        ordering = ["element", "letter"]
        constraints = [
            models.UniqueConstraint(
                fields=["element", "letter"],
                name="element_part_unique_letter",
                violation_error_message="This element has a part of that letter already.",
            )
        ]

    def __str__(self):
        return f"{self.element.number}{self.letter}"

    @property
    def board_id(self):
        return self.element.board_id
