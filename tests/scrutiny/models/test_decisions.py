"""Proposals, votes and resolutions: what may be decided, by whom, and what may be asked."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from actions.minutes.save import labels_run_on
from actions.models import Action, Element, Judgement
from scrutiny.models import Proposal, RecordedVote, Resolution
from scrutiny.toolkit.history import record
from tests import factories


@pytest.fixture
def meeting(board):
    return factories.MeetingFactory(board=board)


@pytest.fixture
def proposal(meeting):
    return factories.ProposalFactory(item__meeting=meeting)


@pytest.fixture
def ann(meeting):
    """A member who is there."""
    person = factories.PersonFactory(name="Ann Lee")
    factories.MembershipFactory(board=meeting.board, person=person)
    factories.AttendanceFactory(meeting=meeting, person=person, capacity="member")
    return person


def vote(proposal, person, by, side="for"):
    return record(RecordedVote(proposal=proposal, person=person, side=side), by=by)


# I-1: a limb that notes asks nothing


def test_a_limb_that_only_notes_has_no_action(ask, partnership, olivia):
    ask.resolution.kind = "note"
    action = factories.ActionFactory.build(
        resolution=ask.resolution, addressee=partnership, board=ask.action.board
    )
    with pytest.raises(ValidationError, match="I-1"):
        action.clean()


@pytest.mark.parametrize("kind", sorted(set(Resolution.Kind.values) - {"note"}))
def test_a_limb_of_any_other_kind_may_have_an_action(ask, kind, olivia):
    ask.resolution.kind = kind
    ask.resolution.save()
    record(Action.objects.get(), by=olivia)
    assert ask.resolution.has_action


def test_a_limb_with_an_action_cannot_become_one_that_only_notes(ask, olivia):
    ask.resolution.kind = "note"
    with pytest.raises(ValidationError, match="I-1"):
        record(ask.resolution, by=olivia)


def test_a_limb_without_an_action_may_become_one_that_only_notes(meeting, olivia):
    limb = factories.ResolutionFactory(item__meeting=meeting)
    limb.kind = "note"
    assert record(limb, by=olivia).get_kind_display() == "Note"


# I-2: the Board judges at a meeting it has held


@pytest.fixture
def judge(ask, olivia):
    def at(day, board=ask.meeting.board):
        year = factories.YearFactory(label="long", start=date(2020, 1, 1), end=date(2099, 1, 1))
        item = factories.ItemFactory(meeting=factories.MeetingFactory(board=board, year=year, date=day))
        category = ask.action.board.tracking_scheme.categories.first()
        return record(Judgement(element=ask.elements[0], item=item, category=category), by=olivia)

    return at


def test_the_board_judges_at_a_meeting_that_was_held(judge, ask):
    judge(date(2023, 10, 4))
    judge(timezone.localdate())
    assert ask.elements[0].judgements.count() == 2


def test_the_board_has_judged_nothing_at_a_meeting_to_come(judge):
    with pytest.raises(ValidationError, match="I-2"):
        judge(timezone.localdate() + timedelta(days=1))


def test_the_board_has_judged_nothing_before_it_asked(judge):
    with pytest.raises(ValidationError, match="before the Board asked"):
        judge(date(2023, 3, 7))


def test_no_other_board_judges_what_this_one_asked(judge):
    with pytest.raises(ValidationError, match="Only the Board that asked"):
        judge(date(2023, 10, 4), board=factories.BoardFactory())


# I-3: what waits for its condition is never late


def test_an_element_that_waits_for_its_condition_is_never_late(ask):
    late = Element.objects.late(date(2030, 1, 1))
    assert [element.number for element in late] == [1, 2]


def test_an_element_whose_condition_is_met_can_be_late(ask):
    waiting = ask.elements[2]
    waiting.condition_state = "met"
    waiting.save()
    assert waiting in Element.objects.late(date(2030, 1, 1))


# I-4, V-3: names and tallies


def test_a_tally_the_minutes_do_not_give_is_unknown_and_not_counted_from_names(proposal, ann, olivia):
    vote(proposal, ann, olivia, side="against")
    assert [proposal.tally(side) for side in RecordedVote.Side.values] == [None, None, None]


def test_a_tally_of_none_is_not_an_unknown_one(meeting):
    proposal = factories.ProposalFactory(item__meeting=meeting, votes_for=3, votes_against=0)
    assert [proposal.tally(side) for side in RecordedVote.Side.values] == [3, 0, None]


def test_a_side_may_have_as_many_names_as_votes_and_no_more(meeting, ann, olivia):
    proposal = factories.ProposalFactory(item__meeting=meeting, votes_for=1)
    bob = factories.AttendanceFactory(meeting=meeting, capacity="member").person
    vote(proposal, ann, olivia)
    with pytest.raises(ValidationError, match="The minutes count 1 votes on this side"):
        vote(proposal, bob, olivia)


def test_the_tally_of_one_side_says_nothing_about_another(meeting, ann, olivia):
    proposal = factories.ProposalFactory(item__meeting=meeting, votes_for=0)
    assert vote(proposal, ann, olivia, side="against").pk


def test_a_vote_may_be_saved_again_within_its_tally(meeting, ann, olivia):
    proposal = factories.ProposalFactory(item__meeting=meeting, votes_for=1)
    cast = vote(proposal, ann, olivia)
    cast.rule = "Council Procedure Rule 16.5"
    assert record(cast, by=olivia).rule


def test_a_tally_cannot_be_put_below_the_names_recorded(proposal, ann, olivia):
    vote(proposal, ann, olivia, side="against")
    proposal.votes_against = 0
    with pytest.raises(ValidationError):
        record(proposal, by=olivia)


# I-5, V-4: who votes


@pytest.mark.parametrize("capacity", ["chair", "member", "substitute"])
def test_chair_members_and_substitutes_who_are_there_may_vote(proposal, meeting, olivia, capacity):
    there = factories.AttendanceFactory(meeting=meeting, capacity=capacity)
    assert vote(proposal, there.person, olivia).pk


@pytest.mark.parametrize("capacity", ["coopted", "executive_member", "officer", "in_attendance"])
def test_nobody_else_who_is_there_may_vote(proposal, meeting, olivia, capacity):
    there = factories.AttendanceFactory(meeting=meeting, capacity=capacity)
    with pytest.raises(ValidationError, match="I-5"):
        vote(proposal, there.person, olivia)


def test_nobody_votes_by_having_been_at_another_meeting(proposal, board, olivia):
    other = factories.MeetingFactory(board=board, date=date(2023, 4, 5))
    there = factories.AttendanceFactory(meeting=other, capacity="member")
    with pytest.raises(ValidationError, match="I-5"):
        vote(proposal, there.person, olivia)


def test_a_seat_that_ended_gives_no_vote(proposal, board, olivia):
    seat = factories.MembershipFactory(board=board, end=date(2023, 3, 7))
    with pytest.raises(ValidationError, match="I-5"):
        vote(proposal, seat.person, olivia)


def test_a_member_who_sent_apologies_did_not_vote(proposal, meeting, board, olivia):
    seat = factories.MembershipFactory(board=board)
    factories.AttendanceFactory(meeting=meeting, person=seat.person, capacity="member", status="apologies")
    with pytest.raises(ValidationError, match="I-5"):
        vote(proposal, seat.person, olivia)


@pytest.mark.parametrize(
    ("role", "on_education", "entitled"),
    [
        ("coopted_voting", True, True),
        ("coopted_voting", False, False),
        ("coopted_voting", None, False),
        ("coopted_non_voting", True, False),
    ],
)
def test_co_opted_members_vote_on_education_only_and_only_those_with_a_vote(
    meeting, board, olivia, role, on_education, entitled
):
    proposal = factories.ProposalFactory(item__meeting=meeting, on_education=on_education)
    seat = factories.MembershipFactory(board=board, role=role)
    factories.AttendanceFactory(meeting=meeting, person=seat.person, capacity="coopted")
    if entitled:
        assert vote(proposal, seat.person, olivia).pk
    else:
        with pytest.raises(ValidationError, match="I-5"):
            vote(proposal, seat.person, olivia)


def test_members_who_did_not_ask_have_no_entry(proposal, ann, meeting, olivia):
    factories.AttendanceFactory(meeting=meeting, capacity="member")
    vote(proposal, ann, olivia)
    assert [cast.person for cast in proposal.recorded_votes.all()] == [ann]


def test_a_member_votes_once_on_a_proposal(proposal, ann, olivia):
    vote(proposal, ann, olivia)
    with pytest.raises(ValidationError, match="recorded already"):
        vote(proposal, ann, olivia, side="against")


# I-16: a working group decides nothing


@pytest.mark.parametrize("model", [Resolution, Proposal])
def test_nothing_is_decided_in_a_working_group(board, olivia, model):
    item = factories.ItemFactory(meeting=factories.MeetingFactory(board=board, kind="working_group"))
    with pytest.raises(ValidationError, match="I-16"):
        record(model(item=item, position=1, text="That it be so.", kind="agree"), by=olivia)


@pytest.mark.parametrize("kind", ["ordinary", "themed", "extraordinary", "call_in"])
def test_every_other_meeting_may_decide(board, olivia, kind):
    item = factories.ItemFactory(meeting=factories.MeetingFactory(board=board, kind=kind))
    assert record(Resolution(item=item, position=1, text="That it be so.", kind="agree"), by=olivia).pk


def test_a_meeting_that_decided_something_cannot_become_a_working_group(meeting, olivia):
    factories.ResolutionFactory(item__meeting=meeting)
    meeting.kind = "working_group"
    with pytest.raises(ValidationError):
        record(meeting, by=olivia)


# I-20: letters without a gap


@pytest.mark.parametrize(
    "labels",
    [
        [],
        [""],
        ["", ""],
        ["(a)"],
        ["(a)", "(b)", "(c)"],
        ["a.", "b."],
        ["(1)", "(2)"],
        ["(i)", "(ii)"],
        ["(h)", "(i)"],
    ],
)
def test_letters_that_follow_each_other_run_on(labels):
    assert labels_run_on(labels)


@pytest.mark.parametrize("labels", [["(a)", "(c)"], ["(b)", "(a)"], ["(a)", "(a)"], ["(1)", "(3)"]])
def test_a_missing_a_repeated_or_a_turned_letter_is_noticed(labels):
    assert not labels_run_on(labels)


@given(st.lists(st.text(max_size=4), max_size=4))
@example(["(a)", "()"])
@example(["²"])
def test_no_label_however_strange_breaks_the_page(labels):
    assert labels_run_on(labels) in (True, False)


# Who sees decisions


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("drafting", {"olivia", "petra", "chidi", "arun", "grace"}),
        ("approved", {"olivia", "petra", "chidi", "mary", "lena", "bea", "sunil", "arun", "grace", "ada"}),
    ],
)
def test_decisions_are_seen_by_those_who_see_the_minutes(cast, board, state, expected):
    meeting = factories.MeetingFactory(board=board, minutes_state=state)
    proposal = factories.ProposalFactory(item__meeting=meeting)
    rows = [
        proposal,
        factories.RecordedVoteFactory(proposal=proposal),
        factories.ResolutionFactory(item=proposal.item),
    ]
    for row in rows:
        seeing = {name for name, user in vars(cast).items() if row in type(row).objects.visible_to(user)}
        assert seeing == expected
