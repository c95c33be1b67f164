"""What was put to the Board and what it decided: proposals, recorded votes, resolutions."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from scrutiny.models.boards import BoardMembership
from scrutiny.models.meetings import AgendaItem, Attendance, PartOfMeeting
from scrutiny.models.people import Person
from scrutiny.toolkit.history import tracked


class DecisionMode(models.TextChoices):
    """How it was decided (V-1)."""

    CONSENSUS = "consensus", "Agreed without a vote"
    MAJORITY_VIEW = "majority_view", "The majority view, without a vote"
    SHOW_OF_HANDS = "vote_show_of_hands", "By a vote"
    RECORDED = "recorded_vote", "By a recorded vote"
    UNANIMOUS = "unanimous", "Unanimously"
    CASTING_VOTE = "chairs_casting_vote", "By the chair's casting vote"


class Decision(PartOfMeeting):
    """Something decided under an agenda item. A meeting that takes no decisions can hold none (I-16)."""

    MEETING = "item__meeting"

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        if not self.minutes_of.takes_decisions:
            raise ValidationError("A working group takes no decisions: nothing can be resolved there (I-16).")


class Proposal(Decision):
    """Anything put to the Board, carried or lost, in its exact words (V-2)."""

    class Kind(models.TextChoices):
        MOTION = "motion", "Motion"
        AMENDMENT = "amendment", "Amendment"
        ADDITIONAL = "additional_recommendation", "Additional recommendation"
        PROCEDURAL = "procedural", "Procedural motion"

    class Outcome(models.TextChoices):
        CARRIED = "carried", "Carried"
        LOST = "lost", "Lost"
        WITHDRAWN = "withdrawn", "Withdrawn"
        NOT_PUT = "not_put", "Not put to the vote"

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="proposals")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=30, choices=Kind, default=Kind.MOTION)
    text = models.TextField("words of the minutes")
    mover = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    seconder = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    decision_mode = models.CharField("how decided", max_length=20, choices=DecisionMode, blank=True)
    vote_requested_by = models.PositiveSmallIntegerField(
        "members who asked for the vote", null=True, blank=True
    )
    votes_for = models.PositiveSmallIntegerField("votes for", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("votes against", null=True, blank=True)
    votes_abstained = models.PositiveSmallIntegerField("abstentions", null=True, blank=True)
    on_education = models.BooleanField(
        "about education functions",
        null=True,
        blank=True,
        help_text="Co-opted voting members may vote only then",
    )

    history = tracked()

    class Meta:
        ordering = ["item", "position"]
        constraints = [models.UniqueConstraint(fields=["item", "position"], name="proposal_unique_position")]

    def __str__(self):
        return f"Proposal {self.position}"

    def get_absolute_url(self):
        return f"{self.minutes_of.get_absolute_url()}#proposal-{self.pk}"

    def clean(self):
        """I-4, from the other side: a tally is not put below the names that stand recorded."""
        super().clean()
        for side in RecordedVote.Side.values if self.pk else []:
            names = self.recorded_votes.filter(side=side).count()
            if self.tally(side) is not None and names > self.tally(side):
                raise ValidationError({f"votes_{side}": f"{names} names are recorded on this side already."})

    def tally(self, side):
        """The number minuted for a side; None where the minutes give none. Never counted from names (V-3)."""
        return getattr(self, f"votes_{side}")


class RecordedVote(PartOfMeeting):
    """How one named member voted, and the rule under which that was recorded (V-4)."""

    class Side(models.TextChoices):
        FOR = "for", "For"
        AGAINST = "against", "Against"
        ABSTAINED = "abstained", "Abstained"

    MEETING = "proposal__item__meeting"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="recorded_votes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="recorded_votes")
    side = models.CharField(max_length=10, choices=Side)
    rule = models.CharField(max_length=120, blank=True, help_text="For example Council Procedure Rule 16.5")

    NAMED_THROUGH = ("person",)

    history = tracked()

    class Meta:
        ordering = ["proposal", "side", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "person"],
                name="recorded_vote_once_each",
                violation_error_message="This member's vote on the proposal is recorded already.",
            )
        ]

    def __str__(self):
        return f"{self.person}: {self.get_side_display()}"

    def get_absolute_url(self):
        return self.proposal.get_absolute_url()

    def clean(self):
        super().clean()
        if not (self.person_id and self.side):
            return  # the form says that these are missing
        self._within_the_tally()
        if not self._may_vote():
            raise ValidationError({"person": f"{self.person} was not entitled to vote on this (I-5)."})

    def _within_the_tally(self):
        """I-4: not more names on a side than votes minuted for it."""
        tally = self.proposal.tally(self.side)
        same_side = self.proposal.recorded_votes.filter(side=self.side).exclude(pk=self.pk).count() + 1
        if tally is not None and same_side > tally:
            raise ValidationError(
                f"The minutes count {tally} votes on this side; that is fewer than the names."
            )

    def _may_vote(self):
        """I-5: a member, a substitute that day, or a voting co-optee on education."""
        meeting = self.minutes_of
        at_meeting = Attendance.objects.filter(meeting=meeting, person=self.person_id)
        if at_meeting.filter(status=Attendance.Status.APOLOGIES).exists():
            return False
        seats = BoardMembership.objects.filter(board=meeting.board_id, person=self.person_id)
        roles = set(seats.current(meeting.date).values_list("role", flat=True))
        return (
            at_meeting.filter(capacity__in=["chair", "member", "substitute"]).exists()
            or bool(roles & {"chair", "member"})
            or ("coopted_voting" in roles and self.proposal.on_education is True)
        )


class Resolution(Decision):
    """One limb of what was resolved, with its letter and its kind (V-5)."""

    class Kind(models.TextChoices):
        NOTE = "note", "Note"
        APPROVE = "approve", "Approve"
        AGREE = "agree", "Agree"
        REQUEST_REPORT = "request_report", "Request a report"
        RECOMMEND = "recommend", "Recommend"
        REFER = "refer", "Refer"
        OTHER = "other", "Other"

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="resolutions")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=10, blank=True, help_text="For example (a)")
    text = models.TextField("words of the minutes")
    kind = models.CharField(max_length=20, choices=Kind)
    decision_mode = models.CharField("how decided", max_length=20, choices=DecisionMode, blank=True)

    history = tracked()

    class Meta:
        ordering = ["item", "position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="resolution_unique_position"),
            models.CheckConstraint(condition=~Q(text=""), name="resolution_has_words"),
        ]

    def __str__(self):
        return f"Resolution {self.label or self.position}"

    def get_absolute_url(self):
        return f"{self.minutes_of.get_absolute_url()}#resolution-{self.pk}"

    def clean(self):
        super().clean()
        if self.kind == self.Kind.NOTE and self.pk and self.has_action:
            raise ValidationError({"kind": "This limb has an action; a limb that only notes has none (I-1)."})

    @property
    def has_action(self):
        """Whether something is asked of somebody. The action lives a floor above and is found by its link."""
        return hasattr(self, "actions") and self.actions.exists()
