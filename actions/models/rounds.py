"""Asking for updates: a round, the request each addressee gets, and the reply to each element.

What is written here is not the record yet. Only what an officer accepts becomes a `ProgressUpdate`; the reply keeps
beside it what was sent. A draft is its writer's own: officers see that there is one, not what it says.
"""

import re
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.text import Truncator

from actions.models.asks import Element
from actions.models.progress import ProgressUpdate
from scrutiny.models import Board, Meeting, Organisation, Post
from scrutiny.toolkit.access import all_of, any_of, within
from scrutiny.toolkit.files import check_upload, random_name
from scrutiny.toolkit.history import tracked

LINK_HOLDS = timedelta(days=28)  # so long after the answers are wanted, because late ones are wanted too
LINK_VALUE = re.compile(r"request-([0-9]{1,18})-([0-9]{1,4})")


class UpdateRoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within(user, "chase", "board"))

    def with_counts(self):
        """Adds the numbers of elements asked about, of those settled, and of those an officer has to look at."""
        replies = "requests__replies"
        return self.annotate(
            asked_count=Count(replies),
            accepted_count=Count(replies, filter=Q(requests__replies__state=Reply.State.ACCEPTED)),
            sent_count=Count(replies, filter=Q(requests__replies__state=Reply.State.SUBMITTED)),
        )

    def unfinished(self):
        return self.filter(Exists(Reply.objects.filter(request__round=OuterRef("pk")).unsettled()))

    def finished(self):
        return self.exclude(pk__in=self.unfinished().values("pk"))

    def to_look_at(self):
        return self.filter(Exists(Reply.objects.filter(request__round=OuterRef("pk")).to_look_at()))


class UpdateRound(models.Model):
    """Asking, on one day, for updates on an action or on everything due at a meeting."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="update_rounds")
    meeting = models.ForeignKey(
        Meeting, on_delete=models.PROTECT, null=True, blank=True, related_name="update_rounds"
    )
    due_on = models.DateField("answers wanted by")
    note = models.TextField("note to those who are asked", blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    opened_on = models.DateField()

    NAMED_THROUGH = ("board",)
    HISTORY_NEEDS = "chase"

    history = tracked()
    objects = UpdateRoundQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("opened_on")),
                name="update_round_due_after_it_opens",
                violation_error_message="Answers cannot be wanted before the round is opened. Enter a later day.",
            )
        ]

    def __str__(self):
        return f"Round of {self.opened_on:%-d %B %Y}, {self.board}"

    def get_absolute_url(self):
        return reverse("round-detail", args=[self.pk])


class UpdateRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(any_of(within(user, "chase", "round__board"), self._own(user)))

    def to_own_body(self, user):
        """Those that a user may answer for the body they belong to."""
        return self.filter(self._own(user))

    def _own(self, user):
        return within(user, "view_own_actions", "organisation", scope="organisation_id")

    def live(self, on):
        """Those that can be answered: not taken back, not run out."""
        return self.filter(revoked_on=None, expires_on__gte=on)

    def opened_by_link(self, value, on):
        """The one request that a link's value opens on a day, or none."""
        match = LINK_VALUE.fullmatch(value)
        if not match:
            return self.none()
        return self.live(on).filter(pk=match[1], issue=match[2])

    def awaiting(self):
        """Those with something still to be written, each with the number as `awaited`."""
        waiting = Q(replies__state__in=Reply.AWAITED)
        return self.annotate(awaited=Count("replies", filter=waiting)).filter(awaited__gt=0)


class UpdateRequest(models.Model):
    """What one addressee is asked in a round, and the link by which they answer.

    to_name, to_email   whom the message went to on that day; no address: there was none
    issue               makes up the link's value: the next issue ends the one before
    """

    round = models.ForeignKey(UpdateRound, on_delete=models.PROTECT, related_name="requests")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="update_requests")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    to_name = models.CharField("sent to", max_length=400)
    to_email = models.EmailField("e-mail address", blank=True)
    expires_on = models.DateField("the link works until")
    issue = models.PositiveSmallIntegerField("issue of the link", default=1)
    revoked_on = models.DateField("link taken back on", null=True, blank=True)

    NAMED_THROUGH = ("organisation",)
    HISTORY_NEEDS = "chase"

    history = tracked()
    objects = UpdateRequestQuerySet.as_manager()

    class Meta:
        ordering = ["round", "organisation__name", "pk"]
        verbose_name = "request for updates"
        verbose_name_plural = "requests for updates"
        constraints = [
            models.UniqueConstraint(
                fields=["round", "organisation", "post"], name="update_request_once_for_a_post"
            ),
            models.UniqueConstraint(
                fields=["round", "organisation"],
                condition=Q(post=None),
                name="update_request_once_without_a_post",
            ),
        ]

    def __str__(self):
        return f"Request to {self.organisation}"

    def get_absolute_url(self):
        return reverse("request-detail", args=[self.pk])

    @property
    def board_id(self):
        return self.round.board_id

    @property
    def owner_id(self):
        """Whose own it is to answer (scrutiny.toolkit.access)."""
        return self.organisation_id

    @property
    def addressee(self):
        """The body and its post, as they are called today."""
        return f"{self.organisation}, {self.post.title}" if self.post else str(self.organisation)

    @property
    def link_value(self):
        return f"request-{self.pk}-{self.issue}"

    def is_live(self, on):
        return self.revoked_on is None and self.expires_on >= on


class ReplyQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(within(user, "chase", "request__round__board"))

    def to_look_at(self):
        return self.filter(state=Reply.State.SUBMITTED)

    def unsettled(self):
        return self.exclude(state=Reply.State.ACCEPTED)


class Reply(models.Model):
    """What is written about one element: a draft, then as it was sent. `update` is what became of it in the record.

    `sent_at` is empty while nobody but its writer may read it.
    """

    class State(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        DRAFT = "draft", "Draft begun"
        SUBMITTED = "submitted", "Sent"
        ASKED_BACK = "asked_back", "Asked back"
        ACCEPTED = "accepted", "Accepted"

        @property
        def tone(self):
            tones = {"submitted": "blue", "asked_back": "yellow", "accepted": "green"}
            return tones.get(self.value, "grey")

    AWAITED = [State.NOT_STARTED, State.DRAFT, State.ASKED_BACK]
    SENT = [State.SUBMITTED, State.ASKED_BACK]

    request = models.ForeignKey(UpdateRequest, on_delete=models.PROTECT, related_name="replies")
    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="replies")
    text = models.TextField("what is reported", blank=True)
    owner_progress = models.CharField(
        "how it stands", max_length=20, choices=Element.OwnerProgress, blank=True
    )
    reported_by = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=20, choices=State, default=State.NOT_STARTED)
    question = models.TextField("what the council asks", blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    update = models.OneToOneField(
        ProgressUpdate, on_delete=models.PROTECT, null=True, blank=True, related_name="reply"
    )

    NAMED_THROUGH = ("element__action",)
    HISTORY_NEEDS = "chase"

    history = tracked()
    objects = ReplyQuerySet.as_manager()

    class Meta:
        ordering = ["request", "element__action__reference", "element__number"]
        verbose_name_plural = "replies"
        constraints = [
            models.UniqueConstraint(fields=["request", "element"], name="reply_once_for_an_element"),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "asked_back"])
                | (~Q(text="") & ~Q(owner_progress="") & Q(sent_at__isnull=False)),
                name="reply_sent_says_something",
            ),
            models.CheckConstraint(
                condition=~Q(state="asked_back") | ~Q(question=""), name="reply_asked_back_has_question"
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", update__isnull=False)
                | (~Q(state="accepted") & Q(update__isnull=True)),
                name="reply_accepted_is_in_the_record",
            ),
        ]
        indexes = [models.Index(fields=["request"], condition=~Q(state="accepted"), name="reply_unsettled")]

    def __str__(self):
        return f"Reply on {self.element}"

    @staticmethod
    def history_label(row):
        return str(Reply.State(row.state).label.lower())

    @property
    def board_id(self):
        return self.request.board_id

    @property
    def tone(self):
        return self.State(self.state).tone

    @property
    def is_sent(self):
        return self.sent_at is not None

    @property
    def is_settled(self):
        return self.state == self.State.ACCEPTED

    @property
    def is_to_look_at(self):
        return self.state == self.State.SUBMITTED


class ReplyEvidenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Officers see what came with something sent; its own body sees all of it."""
        own = within(user, "view_own_actions", "reply__request__organisation", scope="organisation_id")
        sent = Q(reply__sent_at__isnull=False)
        return self.filter(any_of(own, all_of(sent, within(user, "chase", "reply__request__round__board"))))


class ReplyEvidence(models.Model):
    """Something sent along with a reply. The officer who accepts it gives the grade."""

    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="evidence")
    title = models.CharField("what it is", max_length=200)
    link = models.URLField(blank=True)
    file = models.FileField(upload_to=random_name, blank=True, max_length=200, validators=[check_upload])
    file_name = models.CharField(max_length=200, blank=True, editable=False)

    NAMED_THROUGH = ("reply__element__action",)
    HISTORY_NEEDS = "chase"

    history = tracked()
    objects = ReplyEvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["reply", "pk"]
        verbose_name = "evidence sent with a reply"
        verbose_name_plural = "evidence sent with replies"
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="reply_evidence_says_what_it_is")]

    def __str__(self):
        return Truncator(self.title).chars(80)

    @property
    def board_id(self):
        return self.reply.board_id
