"""Who can do what, and who holds which role: both tell what is enforced, and nothing else."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from scrutiny.models import RoleAssignment
from scrutiny.roles import PERMISSIONS, ROLES
from tests import factories
from tests.conftest import SINCE, hold
from tests.scrutiny.toolkit.test_exports import table

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def at_desk_of(user):
    client = Client()
    client.force_login(user)
    return client


def main_of(response):
    return " ".join(BeautifulSoup(response.content, "html.parser").main.get_text(" ").split())


def test_every_permission_has_a_sentence_and_every_sentence_a_role():
    given = {permission for role in ROLES for permission in (*role.permissions, *role.own)}
    assert given == set(PERMISSIONS)


def test_the_table_names_for_each_permission_the_roles_that_hold_it(mary):
    page = BeautifulSoup(at_desk_of(mary).get(reverse("role-list")).content, "html.parser")
    rows = {row.th.text.strip(): row.td.get_text(" ").split() for row in page.select("tbody tr")}
    assert set(rows) == set(PERMISSIONS.values())
    judging = " ".join(rows[PERMISSIONS["judge"]])
    assert judging == "Democratic services officer"
    assert "Contributor for their own body" in " ".join(rows[PERMISSIONS["move_learning"]])
    assert page.select_one("caption").text == "What each role may do"


def test_the_page_says_as_what_the_reader_is_here(mary):
    assert "You are here as board member." in main_of(at_desk_of(mary).get(reverse("role-list")))


@pytest.fixture
def held(olivia, arun, board):
    """Roles in every state, seen by the auditor."""
    today = timezone.localdate()
    for name, start, end in [
        ("Ended", SINCE, today - DAY),
        ("Soon", SINCE, today),
        ("Held", SINCE, today + 31 * DAY),
        ("Later", today + DAY, None),
    ]:
        user = factories.UserFactory(first_name="Role", last_name=name)
        RoleAssignment.objects.create(user=user, role="member", board=board, start=start, end=end)
    return at_desk_of(arun)


def names(client, **query):
    found = client.get(reverse("access-review"), query).context["object_list"]
    return {held.user.last_name for held in found if held.user.first_name == "Role"}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("", {"Ended", "Soon", "Held", "Later"}),
        ("now", {"Soon", "Held"}),
        ("soon", {"Soon"}),
        ("ended", {"Ended"}),
        ("later", {"Later"}),
        ("unused", {"Soon", "Held"}),
        ("inactive", set()),
    ],
)
def test_the_review_is_narrowed_to_what_ended_or_ends(held, state, expected):
    assert names(held, state=state) == expected


def test_a_role_for_every_board_is_found_under_each_board(held, board):
    hold(factories.UserFactory(first_name="Role", last_name="Everywhere"), "member")
    assert names(held, board=board.pk, state="now") == {"Soon", "Held", "Everywhere"}
    assert names(held, board=factories.BoardFactory().pk, state="now") == {"Everywhere"}


def test_the_review_is_found_by_every_word_of_a_name(held):
    assert names(held, q="role soon") == {"Soon"}


def test_the_review_as_a_file_says_who_holds_what_until_when_and_who_signed_in(held, arun):
    header, *lines = table(held.get(reverse("access-review"), {"format": "csv"}))
    rows = {row["User name"]: row for row in (dict(zip(header, line, strict=True)) for line in lines)}
    today = f"{timezone.localdate():%d/%m/%Y}"
    assert rows["arun"]["Last sign-in"] in (today, timezone.localdate().isoformat())
    assert rows["olivia"] | {"From": ""} == {
        "Name": "Olivia Marsh",
        "User name": "olivia",
        "Role": "Democratic services officer",
        "Board": "",
        "Body": "",
        "From": "",
        "Until": "",
        "State": "Held",
        "Last sign-in": "",
        "Account active": "yes",
    }


def test_a_superuser_is_named_though_no_role_was_given(held):
    factories.UserFactory(is_superuser=True, first_name="Root", last_name="Account")
    assert "Root Account" in main_of(held.get(reverse("access-review")))


def test_the_review_asks_the_database_as_often_for_many_roles_as_for_few(held, django_assert_max_num_queries):
    for _ in range(30):
        hold(factories.UserFactory(), "member")
    with django_assert_max_num_queries(12):
        held.get(reverse("access-review"))
