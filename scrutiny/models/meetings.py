"""What happened at a meeting, as minuted: items, who attended, and what was said."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from scrutiny.models.boards import Board, BoardMembership, MunicipalYear
from scrutiny.models.people import Organisation, Person
from scrutiny.schedule_12a import in_words
from scrutiny.toolkit.access import NOWHERE, all_of, any_of, by_grants, can, within
from scrutiny.toolkit.history import tracked

PUBLISHED = ["draft_published", "approved", "approved_subject_to_amendment", "signed"]
FINAL = ["approved", "approved_subject_to_amendment", "signed"]


@by_grants
def visible_meetings(user, path=""):
    """The Q of meetings a user may see; `path` leads to the meeting from the queried model.

    Published minutes for everybody with a role; drafts for those who may see drafts of that board.
    """
    if not can(user, "view_record"):
        return NOWHERE
    published = Q(**{f"{path}minutes_state__in": PUBLISHED})
    return any_of(published, within(user, "view_drafts", f"{path}board"))


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(visible_meetings(user))

    def held(self, on):
        return self.filter(date__lte=on)

    def coming(self, on):
        return self.filter(date__gt=on).order_by("date")


class Meeting(models.Model):
    class Kind(models.TextChoices):
        ORDINARY = "ordinary", "Ordinary"
        THEMED = "themed", "Dedicated to one theme"
        EXTRAORDINARY = "extraordinary", "Extraordinary"
        CALL_IN = "call_in", "Call-in"
        WORKING_GROUP = "working_group", "Working group (takes no decisions)"

    class MinutesState(models.TextChoices):
        DRAFTING = "drafting", "Being drafted"
        WITH_OFFICERS = "with_officers", "With officers for accuracy"
        DRAFT_PUBLISHED = "draft_published", "Draft published"
        APPROVED = "approved", "Approved as a correct record"
        APPROVED_AMENDED = "approved_subject_to_amendment", "Approved subject to an amendment"
        SIGNED = "signed", "Signed"

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="meetings")
    year = models.ForeignKey(MunicipalYear, on_delete=models.PROTECT, verbose_name="municipal year")
    date = models.DateField()
    starts_at = models.TimeField("starts at", null=True, blank=True, help_text="For example 10:00")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.ORDINARY)
    venue = models.CharField(max_length=200, blank=True)
    minutes_state = models.CharField(
        "state of the minutes", max_length=40, choices=MinutesState, default=MinutesState.DRAFTING
    )
    approved_at = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, verbose_name="approved at the meeting of"
    )
    amendment = models.TextField(
        "amendment", blank=True, help_text="As recorded in the minutes of the meeting that approved these"
    )

    NAMED_THROUGH = ("board",)

    history = tracked()
    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "board"]
        constraints = [
            models.UniqueConstraint(
                fields=["board", "date", "kind"],
                name="meeting_unique_for_board_and_day",
                violation_error_message="This board's meeting of that day is recorded already.",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(minutes_state__in=FINAL),
                name="meeting_approved_at_only_when_approved",
            ),
        ]
        indexes = [
            models.Index(fields=["-date", "board"], name="meeting_newest"),
            models.Index(fields=["minutes_state"], name="meeting_minutes_state"),  # few are not published
        ]

    def __str__(self):
        return f"{self.board}, {self.date:%-d %B %Y}"

    def get_absolute_url(self):
        return reverse("meeting-detail", args=[self.pk])

    def clean(self):
        if self.year_id and self.date and not self.year.start <= self.date <= self.year.end:
            raise ValidationError({"date": f"This date is not in the municipal year {self.year}."})
        if self.pk and not self.takes_decisions and self._has_decided():
            raise ValidationError(
                {"kind": "Something was decided at this meeting, so it is no working group (I-16)."}
            )

    def _has_decided(self):
        items = self.items.all()
        return any(
            items.filter(**{f"{rows}__isnull": False}).exists() for rows in ("resolutions", "proposals")
        )

    @property
    def is_published(self):
        return self.minutes_state in PUBLISHED

    @property
    def is_locked(self):
        """Approved minutes are not changed any more (I-9)."""
        return self.minutes_state in FINAL

    @property
    def takes_decisions(self):
        return self.kind != self.Kind.WORKING_GROUP


@by_grants
def visible_items(user, path=""):
    """The Q of agenda items a user may see; `path` leads to the item from the queried model.

    An item is seen with its meeting. One that is exempt or confidential, and all that hangs on it, exists only for
    those entitled: whoever keeps the Board's papers, its chair, and members as the law or a decision has it (M-17).
    """
    meeting, kept_back = f"{path}meeting__", f"{path}restriction"
    board = f"{meeting}board"
    by_right = {
        kept_back: AgendaItem.Restriction.EXEMPT,
        f"{path}exempt_paragraphs__in": ["3", "6", "3,6"],
        f"{path}members_access": "",
    }
    by_decision = {f"{path}members_access": AgendaItem.MembersAccess.SHOWN}
    entitled = any_of(
        Q(**{kept_back: ""}),
        within(user, "view_exempt", board),
        all_of(within(user, "view_exempt_by_right", board), Q(**by_right)),
        all_of(within(user, "view_exempt_by_decision", board), Q(**by_decision)),
    )
    return all_of(visible_meetings(user, meeting), entitled)


class PartOfMeetingQuerySet(models.QuerySet):
    """Rows seen by those who see their item; the model's `MEETING` is the way to its meeting."""

    def visible_to(self, user):
        return self.filter(visible_items(user, self.model.MEETING.removesuffix("meeting")))


class PartOfMeeting(models.Model):
    """A row of the minutes. Approved minutes refuse changes to it (I-9)."""

    objects = PartOfMeetingQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def minutes_of(self):
        """The meeting whose minutes hold this row."""
        found = self
        for name in self.MEETING.split("__"):
            found = getattr(found, name)
        return found

    @property
    def board_id(self):
        return self.minutes_of.board_id

    def clean(self):
        if self.minutes_of.is_locked:
            raise ValidationError(
                "These minutes are approved and cannot be changed. "
                "Record the correction as an amendment at the meeting that makes it."
            )


class AgendaItem(PartOfMeeting):
    """An item of the agenda. What the public is kept from (M-13) says under which paragraphs, and why."""

    class Restriction(models.TextChoices):
        EXEMPT = "exempt", "Exempt: the Board decided to exclude the public"
        CONFIDENTIAL = "confidential", "Confidential: the law excludes the public"

    class MembersAccess(models.TextChoices):
        SHOWN = "shown", "Shown to members, by a decision on this item"
        WITHHELD = "withheld", "Withheld from members: terms of a contract being negotiated"

    MEETING = "meeting"

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField("number in order")
    minute_number = models.CharField(max_length=20, blank=True)
    title = models.CharField(max_length=300)
    purpose = models.TextField("purpose as on the agenda", blank=True)
    restriction = models.CharField("kept from the public", max_length=12, choices=Restriction, blank=True)
    exempt_paragraphs = models.CharField(
        "paragraphs of Schedule 12A", max_length=20, blank=True, help_text="Select all that apply"
    )
    public_interest_reason = models.TextField(
        "why",
        blank=True,
        help_text="Why the public interest is in keeping it, or which law or terms forbid it",
    )
    members_access = models.CharField(
        "members of the Board", max_length=10, choices=MembersAccess, blank=True
    )

    history = tracked()

    class Meta:
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="agenda_item_unique_position"),
            models.CheckConstraint(
                condition=Q(
                    restriction="", exempt_paragraphs="", public_interest_reason="", members_access=""
                )
                | (Q(restriction="exempt") & ~Q(exempt_paragraphs="") & ~Q(public_interest_reason=""))
                | (Q(restriction="confidential", exempt_paragraphs="") & ~Q(public_interest_reason="")),
                name="agenda_item_kept_back_with_reason",
                violation_error_message="Say under which paragraph an exempt item is exempt, and why.",
            ),
        ]
        indexes = [  # few are
            models.Index(fields=["restriction"], condition=~Q(restriction=""), name="agenda_item_kept_back")
        ]

    def __str__(self):
        return f"{self.minute_number}. {self.title}" if self.minute_number else self.title

    def get_absolute_url(self):
        return f"{self.meeting.get_absolute_url()}#item-{self.pk}"

    def clean(self):
        super().clean()
        if self.minute_number and self._namesakes().exists():
            raise ValidationError(
                {
                    "minute_number": "Another item of this board and municipal year has this minute number (I-15)."
                }
            )

    @property
    def restriction_label(self):
        """ "Exempt, paragraph 3", or empty."""
        if self.restriction == self.Restriction.EXEMPT:
            return f"Exempt, {in_words(self.exempt_paragraphs)}"
        return "Confidential" if self.restriction else ""

    def _namesakes(self):
        """Minute numbers run through the municipal year of a board (M-10)."""
        return AgendaItem.objects.filter(
            minute_number=self.minute_number,
            meeting__board=self.meeting.board_id,
            meeting__year=self.meeting.year_id,
        ).exclude(pk=self.pk)


class AttendanceQuerySet(PartOfMeetingQuerySet):
    def visible_to(self, user):
        """Of the whole meeting, or of an item one may see."""
        at_meeting = all_of(visible_meetings(user, "meeting__"), Q(item=None))
        return self.filter(any_of(at_meeting, visible_items(user, "item__")))


class Attendance(PartOfMeeting):
    """A person at a meeting, or for one item of it, with the title as minuted that day."""

    class Capacity(models.TextChoices):
        CHAIR = "chair", "Chair"
        MEMBER = "member", "Member"
        SUBSTITUTE = "substitute", "Substitute"
        COOPTED = "coopted", "Co-opted member"
        EXECUTIVE_MEMBER = "executive_member", "Executive member"
        OFFICER = "officer", "Officer"
        IN_ATTENDANCE = "in_attendance", "In attendance"

    class Status(models.TextChoices):
        PRESENT = "present", "Present"
        APOLOGIES = "apologies", "Apologies"

    MEETING = "meeting"
    OF_THE_BOARD = [Capacity.CHAIR, Capacity.MEMBER, Capacity.COOPTED]

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendances")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="attendances"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    name_as_minuted = models.CharField(max_length=160)
    title_as_minuted = models.CharField("title as minuted", max_length=300, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, blank=True)
    capacity = models.CharField(max_length=20, choices=Capacity)
    status = models.CharField(max_length=10, choices=Status, default=Status.PRESENT)
    substitute_for = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="substituted"
    )
    position = models.PositiveSmallIntegerField(default=0)

    history = tracked()
    objects = AttendanceQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "item", "position", "pk"]
        verbose_name = "attendance"
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person"],
                condition=Q(item__isnull=True),
                name="attendance_once_at_meeting",
                violation_error_message="This person is in the list of the meeting already.",
            ),
            models.UniqueConstraint(
                fields=["item", "person"],
                condition=Q(item__isnull=False),
                name="attendance_once_for_item",
                violation_error_message="This person is in the list of this item already.",
            ),
            models.CheckConstraint(
                condition=Q(substitute_for__isnull=True) | Q(capacity="substitute", status="present"),
                name="attendance_only_substitutes_stand_in",
                violation_error_message="Only a substitute who is present stands in for somebody.",
            ),
            models.CheckConstraint(
                condition=Q(substitute_for__isnull=True) | ~Q(substitute_for=F("person")),
                name="attendance_nobody_stands_in_for_themselves",
                violation_error_message="Nobody can stand in for themselves.",
            ),
        ]

    def __str__(self):
        return self.name_as_minuted

    def get_absolute_url(self):
        return self.meeting.get_absolute_url()

    def clean(self):
        super().clean()
        if self.person_id is None:
            return  # the form says that the person is missing
        self._not_substituted_and_present()
        self._not_executive_and_board_member()

    def _not_substituted_and_present(self):
        """I-6: whoever is substituted is not there as a member too."""
        there = Attendance.objects.filter(meeting=self.meeting_id, item=None).exclude(pk=self.pk)
        stands_in_for_somebody_present = (
            self.substitute_for_id
            and there.filter(person=self.substitute_for_id, status=self.Status.PRESENT).exists()
        )
        is_substituted = (
            self.status == self.Status.PRESENT
            and self.item_id is None
            and there.filter(substitute_for=self.person_id).exists()
        )
        if stands_in_for_somebody_present or is_substituted:
            raise ValidationError("Somebody cannot be present and be substituted at the same meeting (I-6).")

    def _not_executive_and_board_member(self):
        """I-6 and S-3: no executive member sits on a scrutiny board."""
        if self.capacity != self.Capacity.EXECUTIVE_MEMBER:
            return
        sits = BoardMembership.objects.filter(board=self.meeting.board_id, person=self.person_id)
        of_the_board = [*self.OF_THE_BOARD, self.Capacity.SUBSTITUTE]
        as_member = Attendance.objects.filter(
            meeting=self.meeting_id, person=self.person_id, capacity__in=of_the_board
        ).exclude(pk=self.pk)
        if sits.current(self.meeting.date).exists() or as_member.exists():
            raise ValidationError("A member of the board cannot attend as an executive member (I-6).")


class Section(PartOfMeeting):
    MEETING = "item__meeting"

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="sections")
    position = models.PositiveSmallIntegerField()
    heading = models.CharField(max_length=300)
    introduced_by = models.CharField(max_length=300, blank=True)

    history = tracked()

    class Meta:
        ordering = ["item", "position"]
        constraints = [models.UniqueConstraint(fields=["item", "position"], name="section_unique_position")]

    def __str__(self):
        return self.heading

    def get_absolute_url(self):
        return f"{self.minutes_of.get_absolute_url()}#section-{self.pk}"


class Point(PartOfMeeting):
    class Kind(models.TextChoices):
        KEY = "key", "Key point"
        DISCUSSION = "discussion", "Discussion point"

    MEETING = "section__item__meeting"

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="points")
    kind = models.CharField(max_length=10, choices=Kind)
    position = models.PositiveSmallIntegerField()
    text = models.TextField("words of the minutes")

    history = tracked()

    class Meta:
        ordering = ["section", "kind", "position"]
        constraints = [
            models.UniqueConstraint(fields=["section", "kind", "position"], name="point_unique_position")
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.position}"

    def get_absolute_url(self):
        return self.section.get_absolute_url()
