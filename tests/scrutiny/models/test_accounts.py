"""Users and the roles they hold for a time."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
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
