"""Users and the roles they hold. Users are deactivated, never deleted: their names stand in every history."""

from datetime import date, timedelta

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from scrutiny.roles import EDITING, ROLE, ROLES
from scrutiny.toolkit.access import NOWHERE, Grant, can
from scrutiny.toolkit.history import tracked

NO_EDITOR_ADMINISTERS = (
    "An administrator edits nothing of the record: one person does not hold this role together with “{other}”. "
    "End that role first, or choose somebody else."
)
ENDS_SOON = timedelta(days=30)
STATES = {  # of a role somebody was given: words, tone
    "later": ("Starts later", "blue"),
    "held": ("Held", "green"),
    "soon": ("Ends soon", "yellow"),
    "ended": ("Ended", "grey"),
}
ANSWERING_FOR_A_BODY = ["contributor", "business_unit"]


class User(AbstractUser):
    """`feed_issue` counts the addresses made for this person's calendar feed; the last one is good, 0 is none."""

    class Digest(models.TextChoices):
        DAILY = "daily", "Every day"
        WEEKLY = "weekly", "Every Monday"
        NEVER = "never", "Never"

    digest = models.CharField(
        "a message with what needs you", max_length=10, choices=Digest, default=Digest.WEEKLY
    )
    feed_issue = models.PositiveIntegerField("calendar address", default=0, editable=False)

    history = tracked(excluded_fields=["password", "last_login"])

    def __str__(self):
        return self.get_full_name() or self.username

    @cached_property
    def grants(self):
        """The roles held today. A superuser, made on the command line, is an administrator and nothing more."""
        held = [assignment.as_grant() for assignment in self.role_assignments.current(timezone.localdate())]
        return [*held, Grant(ROLE["administrator"])] if self.is_superuser else held


class RoleAssignmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.all() if can(user, "review_access") else self.filter(NOWHERE)

    def current(self, on):
        return self.filter(Q(start__lte=on), Q(end__isnull=True) | Q(end__gte=on))


class RoleAssignment(models.Model):
    """A role held by a user from one day to another, for every board or one, for every body or one."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_assignments")
    role = models.CharField(max_length=20, choices=[(role.code, role.name) for role in ROLES])
    board = models.ForeignKey(
        "scrutiny.Board", on_delete=models.PROTECT, null=True, blank=True, help_text="Empty: every board"
    )
    organisation = models.ForeignKey(
        "scrutiny.Organisation",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        help_text="The body a contributor or the business unit answers for",
    )
    start = models.DateField("from")
    end = models.DateField("until", null=True, blank=True)

    NAMED_THROUGH = ("user",)

    history = tracked()
    objects = RoleAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["user", "role", "start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                name="role_assignment_ends_after_start",
                violation_error_message="The last day must not be before the first day.",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=ANSWERING_FOR_A_BODY) | Q(organisation__isnull=False),
                name="role_assignment_contributor_has_organisation",
                violation_error_message="Select the organisation this person answers for.",
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}"

    def clean(self):
        if self.user_id is None or self.start is None:
            return  # the form says what is missing
        others = self.user.role_assignments.exclude(pk=self.pk)
        refuse_editing_administrators([self, *others], self.user.is_superuser)

    @property
    def state(self):
        """One of STATES."""
        today = timezone.localdate()
        if self.start > today:
            return "later"
        if self.end is None:
            return "held"
        return "ended" if self.end < today else "soon" if self.end <= today + ENDS_SOON else "held"

    @property
    def state_label(self):
        return STATES[self.state][0]

    @property
    def tone(self):
        return STATES[self.state][1]

    @property
    def last_sign_in(self):
        return self.user.last_login and timezone.localdate(self.user.last_login)

    def user_is_active(self):
        return "yes" if self.user.is_active else "no"

    def overlaps(self, other):
        return self.start <= (other.end or date.max) and other.start <= (self.end or date.max)

    def as_grant(self):
        return Grant(ROLE[self.role], self.board_id, self.organisation_id)


def refuse_editing_administrators(assignments, is_superuser=False):
    """Raises ValidationError if somebody would administer and edit at one time (D.7)."""
    editing = [held for held in assignments if held.role in EDITING]
    administering = [held for held in assignments if held.role == "administrator"]
    for held in editing:
        if is_superuser or any(held.overlaps(other) for other in administering):
            raise ValidationError(NO_EDITOR_ADMINISTERS.format(other=held.get_role_display()))
