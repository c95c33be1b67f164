"""Users and the roles they hold. Users are deactivated, never deleted: their names stand in every history."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from scrutiny.roles import ROLE, ROLES
from scrutiny.toolkit.access import Grant
from scrutiny.toolkit.history import tracked

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

    def as_grant(self):
        return Grant(ROLE[self.role], self.board_id, self.organisation_id)
