"""Meetings and the rows of their minutes: who sees them, and what they refuse."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from scrutiny.models import AgendaItem, Attendance, Meeting, Point
from scrutiny.toolkit.history import record
from tests import factories
from tests.conftest import hold

pytestmark = pytest.mark.django_db

DRAFT = ["drafting", "with_officers"]
PUBLISHED = ["draft_published", "approved", "approved_subject_to_amendment", "signed"]
FINAL = PUBLISHED[1:]


@pytest.fixture
def meeting(board):
    return factories.MeetingFactory(board=board)


def seeing(cast, row):
    return {name for name, user in vars(cast).items() if row in type(row).objects.visible_to(user)}


@pytest.mark.parametrize("state", DRAFT)
def test_drafts_are_seen_by_those_who_work_on_them_and_the_auditor(cast, board, state):
    assert seeing(cast, factories.MeetingFactory(board=board, minutes_state=state)) == {
        "olivia",
        "petra",
        "chidi",
        "arun",
        "grace",
    }


@pytest.mark.parametrize("state", PUBLISHED)
def test_published_minutes_are_seen_by_everybody_with_a_role(cast, board, state):
    published = factories.MeetingFactory(board=board, minutes_state=state)
    assert seeing(cast, published) == {
        "olivia",
        "petra",
        "chidi",
        "mary",
        "lena",
        "bea",
        "sunil",
        "arun",
        "grace",
        "ada",
    }


def test_every_state_is_either_a_draft_or_published():
    assert [*DRAFT, *PUBLISHED] == Meeting.MinutesState.values


def test_nobody_sees_minutes_without_signing_in(meeting):
    assert not Meeting.objects.visible_to(AnonymousUser()).exists()


@pytest.mark.parametrize("role", ["officer", "publisher", "chair", "auditor"])
def test_a_role_for_one_board_shows_the_drafts_of_that_board_only(norma, board, role):
    own = factories.MeetingFactory(board=board, minutes_state="drafting")
    factories.MeetingFactory(minutes_state="drafting")
    published = factories.MeetingFactory(minutes_state="draft_published")
    hold(norma, role, board=board)
    assert set(Meeting.objects.visible_to(norma)) == {own, published}


def test_roles_for_two_boards_show_the_drafts_of_both(norma, board):
    other = factories.BoardFactory()
    drafts = {factories.MeetingFactory(board=each, minutes_state="drafting") for each in (board, other)}
    hold(norma, "officer", board=board)
    hold(norma, "chair", board=other)
    assert set(Meeting.objects.visible_to(norma)) == drafts


@pytest.mark.parametrize("state", ["drafting", "draft_published"])
def test_a_row_is_seen_by_those_who_see_its_meeting(cast, board, state):
    meeting = factories.MeetingFactory(board=board, minutes_state=state)
    point = factories.PointFactory(section__item__meeting=meeting)
    rows = [point, point.section, point.section.item, factories.AttendanceFactory(meeting=meeting)]
    assert [seeing(cast, row) for row in rows] == [seeing(cast, meeting)] * 4


def test_a_meeting_is_held_on_its_day_and_coming_before(board):
    today, later, latest = (
        factories.MeetingFactory(board=board, date=date(2023, 3, day)) for day in (8, 9, 10)
    )
    assert list(Meeting.objects.held(date(2023, 3, 8))) == [today]
    assert list(Meeting.objects.coming(date(2023, 3, 8))) == [later, latest]


def test_a_meeting_lies_in_its_municipal_year(board, olivia):
    with pytest.raises(ValidationError, match="not in the municipal year 2022/23"):
        record(
            factories.MeetingFactory.build(board=board, year=factories.YearFactory(), date=date(2023, 5, 25)),
            by=olivia,
        )


# I-9: approved minutes are not changed any more


def rows_of(meeting):
    """One row of every kind, new to these minutes."""
    point = factories.PointFactory(section__item__meeting=meeting)
    item, section = point.section.item, point.section
    proposal = factories.ProposalFactory(item=item)
    chair = factories.AttendanceFactory(meeting=meeting, capacity="chair")
    vote = factories.RecordedVoteFactory(proposal=proposal, person=chair.person)
    return [item, section, point, chair, proposal, vote, factories.ResolutionFactory(item=item)]


@pytest.mark.parametrize("state", FINAL)
def test_approved_minutes_refuse_every_kind_of_row(board, olivia, state):
    meeting = factories.MeetingFactory(board=board, minutes_state=state)
    for row in rows_of(meeting):
        with pytest.raises(ValidationError, match="These minutes are approved"):
            record(row, by=olivia)


@pytest.mark.parametrize("state", [*DRAFT, "draft_published"])
def test_minutes_not_yet_approved_take_every_kind_of_row(board, olivia, state):
    meeting = factories.MeetingFactory(board=board, minutes_state=state)
    for row in rows_of(meeting):
        record(row, by=olivia)


# I-15: minute numbers


@pytest.fixture
def numbered(meeting):
    return factories.ItemFactory(meeting=meeting, minute_number="57")


def test_a_minute_number_stands_once_in_the_municipal_year_of_a_board(numbered, board, olivia):
    later = factories.MeetingFactory(board=board, date=date(2023, 4, 5))
    with pytest.raises(ValidationError, match="I-15"):
        record(AgendaItem(meeting=later, position=1, title="Work schedule", minute_number="57"), by=olivia)


def test_another_board_has_its_own_minute_numbers(numbered, olivia):
    other = factories.MeetingFactory()
    record(AgendaItem(meeting=other, position=1, title="Work schedule", minute_number="57"), by=olivia)
    assert AgendaItem.objects.filter(minute_number="57").count() == 2


def test_minute_numbers_start_again_in_the_next_municipal_year(numbered, board, olivia):
    year = factories.YearFactory(label="2023/24", start=date(2023, 5, 25), end=date(2024, 5, 22))
    later = factories.MeetingFactory(board=board, year=year, date=date(2023, 6, 7))
    record(AgendaItem(meeting=later, position=1, title="Work schedule", minute_number="57"), by=olivia)
    assert AgendaItem.objects.filter(minute_number="57").count() == 2


def test_items_without_a_minute_number_do_not_clash(meeting, olivia):
    factories.ItemFactory(meeting=meeting, position=1, minute_number="")
    record(AgendaItem(meeting=meeting, position=2, title="Work schedule"), by=olivia)
    assert meeting.items.count() == 2


def test_an_item_may_be_saved_again_with_its_own_number(numbered, olivia):
    numbered.title = "Partnership update"
    record(numbered, by=olivia)
    assert AgendaItem.objects.get().title == "Partnership update"


# I-6: nobody is in two places


@pytest.fixture
def ann(db):
    return factories.PersonFactory(name="Ann Lee")


@pytest.fixture
def bob(db):
    return factories.PersonFactory(name="Bob Marsh")


def attend(meeting, person, by, **values):
    return record(
        Attendance(
            **{"meeting": meeting, "person": person, "name_as_minuted": str(person), "capacity": "member"}
            | values
        ),
        by=by,
    )


def test_whoever_is_present_cannot_be_substituted(meeting, ann, bob, olivia):
    attend(meeting, ann, olivia)
    with pytest.raises(ValidationError, match="I-6"):
        attend(meeting, bob, olivia, capacity="substitute", substitute_for=ann)


def test_whoever_is_substituted_cannot_be_present(meeting, ann, bob, olivia):
    attend(meeting, bob, olivia, capacity="substitute", substitute_for=ann)
    with pytest.raises(ValidationError, match="I-6"):
        attend(meeting, ann, olivia)


def test_whoever_sent_apologies_can_be_substituted(meeting, ann, bob, olivia):
    attend(meeting, ann, olivia, status="apologies")
    attend(meeting, bob, olivia, capacity="substitute", substitute_for=ann)
    assert meeting.attendances.count() == 2


def test_whoever_is_substituted_at_one_meeting_may_be_present_at_another(meeting, board, ann, bob, olivia):
    attend(meeting, bob, olivia, capacity="substitute", substitute_for=ann)
    attend(factories.MeetingFactory(board=board, date=date(2023, 4, 5)), ann, olivia)
    assert ann.attendances.count() == 1


def test_a_member_of_the_board_is_no_executive_member(meeting, board, ann, olivia):
    factories.MembershipFactory(board=board, person=ann)
    with pytest.raises(ValidationError, match="I-6"):
        attend(meeting, ann, olivia, capacity="executive_member")


def test_whoever_left_the_board_may_come_back_as_an_executive_member(meeting, board, ann, olivia):
    factories.MembershipFactory(board=board, person=ann, end=date(2023, 3, 7))
    attend(meeting, ann, olivia, capacity="executive_member")
    assert ann.attendances.count() == 1


def test_whoever_is_minuted_as_a_member_is_no_executive_member_for_an_item(meeting, ann, olivia):
    attend(meeting, ann, olivia, capacity="member")
    item = factories.ItemFactory(meeting=meeting)
    with pytest.raises(ValidationError, match="I-6"):
        attend(meeting, ann, olivia, capacity="executive_member", item=item)


def test_a_person_is_once_in_the_list_of_a_meeting_and_once_in_that_of_an_item(meeting, ann, olivia):
    item = factories.ItemFactory(meeting=meeting)
    attend(meeting, ann, olivia)
    attend(meeting, ann, olivia, item=item, capacity="in_attendance")
    with pytest.raises(ValidationError, match="in the list of the meeting already"):
        attend(meeting, ann, olivia)
    with pytest.raises(ValidationError, match="in the list of this item already"):
        attend(meeting, ann, olivia, item=item, capacity="officer")


def test_the_title_of_the_day_is_kept_though_the_person_changes(meeting, ann, olivia):
    there = attend(meeting, ann, olivia, title_as_minuted="Business Manager")
    ann.name = "Ann Hughes"
    record(ann, by=olivia)
    there.refresh_from_db()
    assert (str(there), there.title_as_minuted) == ("Councillor Ann Lee", "Business Manager")


def test_a_point_knows_its_minutes_and_its_board(meeting):
    point = factories.PointFactory(section__item__meeting=meeting)
    assert Point.objects.get(pk=point.pk).minutes_of == meeting
    assert point.board_id == meeting.board_id
