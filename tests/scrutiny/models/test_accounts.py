"""Users and the roles they hold for a time."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import timezone

from scrutiny.models import RoleAssignment, User
from scrutiny.toolkit.access import can
from scrutiny.toolkit.history import record
from tests import factories
from tests.conftest import hold

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def in_days(start, end):
    """A user who is an officer from `start` to `end` days from today; None for no end."""
    today = timezone.localdate()
    until = None if end is None else today + end * DAY
    user = factories.UserFactory()
    RoleAssignment.objects.create(user=user, role="officer", start=today + start * DAY, end=until)
    return user


@pytest.mark.parametrize(("start", "end"), [(0, None), (-9, None), (-9, 0), (0, 0), (-9, 9)])
def test_a_role_is_held_from_its_first_to_its_last_day(start, end):
    assert can(in_days(start, end), "edit_record")


@pytest.mark.parametrize(("start", "end"), [(1, None), (-9, -1)])
def test_a_role_begins_and_ends_by_itself(start, end):
    assert not can(in_days(start, end), "view_record")


def test_a_user_who_was_deactivated_may_nothing(olivia):
    olivia.is_active = False
    assert not can(olivia, "view_record")


def test_somebody_may_hold_two_roles(mary):
    hold(mary, "administrator")
    mary = User.objects.get(pk=mary.pk)
    assert can(mary, "view_history")
    assert can(mary, "administer")


@pytest.mark.parametrize("other", ["officer", "publisher", "contributor", "business_unit"])
def test_an_administrator_holds_no_role_that_edits_at_the_same_time(norma, olivia, partnership, other):
    hold(norma, "administrator")
    editing = RoleAssignment(user=norma, role=other, start=date(2023, 1, 1), organisation=partnership)
    with pytest.raises(ValidationError, match="An administrator edits nothing"):
        record(editing, by=olivia)


def test_an_editor_becomes_administrator_once_the_first_role_is_over(olivia, ada):
    held = olivia.role_assignments.get()
    new = RoleAssignment(user=olivia, role="administrator", start=date(2023, 1, 1))
    with pytest.raises(ValidationError, match="together with “Democratic services officer”"):
        record(new, by=ada)
    held.end = date(2022, 12, 31)
    record(held, by=ada)
    record(new, by=ada)


def test_a_superuser_holds_no_role_that_edits(ada):
    root = factories.UserFactory(is_superuser=True)
    with pytest.raises(ValidationError, match="An administrator edits nothing"):
        record(RoleAssignment(user=root, role="officer", start=date(2023, 1, 1)), by=ada)


def test_an_administrator_may_read_as_a_member(mary, ada):
    record(RoleAssignment(user=mary, role="administrator", start=date(2023, 1, 1)), by=ada)


# Who answers for a body does not judge what was asked of it.


@pytest.mark.parametrize("role", ["contributor", "business_unit"])
def test_an_officer_who_answers_for_a_body_does_not_judge_what_was_asked_of_it(olivia, ask, client, role):
    hold(olivia, role, organisation=ask.action.addressee)
    other = factories.ActionFactory(resolution=ask.resolution, number=2)
    assert not can(User.objects.get(pk=olivia.pk), "judge", ask.action)
    assert can(User.objects.get(pk=olivia.pk), "judge", other)
    client.force_login(olivia)
    answer = client.get(reverse("action-judge", args=[ask.action.pk]))
    assert answer.status_code == 403
    assert "another officer records the Board’s judgement" in answer.content.decode()
    assert client.get(reverse("action-judge", args=[other.pk])).status_code == 200


def test_a_superuser_is_an_administrator_and_nothing_more():
    root = factories.UserFactory(is_superuser=True)
    assert can(root, "administer")
    assert not can(root, "edit_record")
    assert not can(root, "view_drafts")


def test_a_contributor_answers_for_an_organisation(norma, olivia):
    nameless = RoleAssignment(user=norma, role="contributor", start=date(2023, 1, 1))
    with pytest.raises(ValidationError, match="Select the organisation"):
        record(nameless, by=olivia)


def test_a_user_who_did_something_cannot_be_deleted(olivia):
    with pytest.raises(ProtectedError):
        olivia.delete()


def test_a_user_is_called_by_name_and_else_by_user_name(olivia, norma):
    assert str(olivia) == "Olivia Marsh"
    assert str(norma) == "norma"


def test_the_history_of_a_user_keeps_no_password(olivia):
    olivia.set_password("correct horse battery staple")
    olivia.save()
    assert not hasattr(olivia.history.first(), "password")
