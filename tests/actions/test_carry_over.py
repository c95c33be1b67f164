"""At year end every open ask goes over to the new year's board and stands on its first tracker (Q-6, I-14)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from actions.forms import AnsweringForm, ConsideredForm, JudgementForm
from actions.models import Action, Element, Judgement
from actions.programme.carry_over import carry_over, going_over, year_end_nearest
from actions.services import judge, judgements_under, open_action
from actions.tracker.rows import open_rows
from reviews.models import Report
from tests import factories
from tests.conftest import hold

pytestmark = pytest.mark.django_db

HANDED = date(2023, 5, 25)
NEW_YEAR = {"label": "2023/24", "start": HANDED, "end": date(2024, 5, 22)}
AGAIN = date(2024, 5, 23)


@pytest.fixture
def successor(board):
    return factories.BoardFactory(name="Scrutiny Board (Children)", code="CH", predecessor=board)


@pytest.fixture
def moved(ask, successor, olivia):
    carry_over(ask.action.board, successor, [ask.action], on=HANDED, by=olivia)
    ask.action.refresh_from_db()
    return ask


def meeting_of(board, day):
    return factories.MeetingFactory(board=board, date=day, year=factories.YearFactory(**NEW_YEAR))


def item_of(board, day):
    return factories.ItemFactory(meeting=meeting_of(board, day))


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def test_it_moves_and_keeps_its_reference_its_resolution_and_its_year(moved, successor):
    action = moved.action
    assert action.board == successor
    assert (action.reference, action.number, action.year.label) == ("SB-CF 22/23-01", 1, "2022/23")
    assert action.resolution.item.meeting.board == moved.meeting.board


def test_the_history_says_from_where_to_where_and_when(moved, board, successor):
    newest = moved.action.history.first()
    assert newest.history_change_reason == f"Went over from {board} to {successor} on 25 May 2023"


def test_moving_it_again_changes_nothing(moved, board, successor, olivia):
    assert carry_over(board, successor, [moved.action], on=HANDED, by=olivia) == []
    assert moved.action.carry_overs.count() == 1


def test_what_is_closed_stays(ask, board, successor, olivia):
    ask.action.closed_on = HANDED
    ask.action.save()
    assert carry_over(board, successor, [ask.action], on=HANDED, by=olivia) == []


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2999, 1, 1), "on the day itself or later"),
        (date(2023, 3, 8), "only later"),
        (date(2023, 3, 7), "only later"),
    ],
)
def test_the_day_must_have_come_and_lie_after_the_asking(ask, board, successor, olivia, on, words):
    with pytest.raises(ValidationError, match=words):
        carry_over(board, successor, [ask.action], on=on, by=olivia)
    assert Action.objects.get(pk=ask.action.pk).board == board


def test_it_goes_over_only_to_the_board_that_came_after(ask, board, olivia):
    other = factories.BoardFactory()
    with pytest.raises(ValidationError, match="came after"):
        carry_over(board, other, [ask.action], on=HANDED, by=olivia)


def test_a_day_before_the_old_board_judged_is_refused(ask, board, successor, olivia):
    factories.JudgementFactory(element=ask.elements[0], item=item_of(board, HANDED))
    with pytest.raises(ValidationError, match="judged one of these on 25 May 2023"):
        carry_over(board, successor, [ask.action], on=HANDED, by=olivia)


def test_its_item_of_the_programme_goes_over_without_a_meeting(ask, board, successor, olivia):
    meeting = meeting_of(board, date(2023, 10, 4))
    item = factories.ProgrammeItemFactory(board=board, meeting=meeting, action=ask.action)
    carry_over(board, successor, [ask.action], on=HANDED, by=olivia)
    item.refresh_from_db()
    assert (item.board, item.meeting, item.deferred_from) == (successor, None, meeting)


# Numbers and references


def test_numbers_go_on_where_they_were_on_both_boards(moved, board, successor, olivia):
    asked_by_old = new_action(board, olivia, factories.MeetingFactory(board=board, date=date(2023, 4, 5)))
    asked_by_new = new_action(successor, olivia, meeting_of(successor, date(2023, 6, 7)))
    assert asked_by_old.reference == "SB-CF 22/23-02"
    assert asked_by_new.reference == "SB-CH 23/24-01"


def test_a_successor_that_asked_in_the_same_year_has_the_same_numbers_without_a_clash(
    ask, board, successor, olivia
):
    own = new_action(successor, olivia, factories.MeetingFactory(board=successor, date=date(2023, 4, 5)))
    carry_over(board, successor, [ask.action], on=HANDED, by=olivia)
    assert (own.number, own.year) == (1, ask.action.year)
    assert successor.actions.filter(number=1, year=own.year).count() == 2


def new_action(board, by, meeting):
    action = Action(
        resolution=factories.ResolutionFactory(item__meeting=meeting),
        title="A report",
        addressee=factories.OrganisationFactory(),
    )
    return open_action(action, [], by=by)


# Judging and answering on both sides


@pytest.mark.parametrize(
    ("whose", "day", "may"),
    [
        ("old", HANDED - timedelta(days=1), True),
        ("old", HANDED, False),
        ("new", HANDED - timedelta(days=1), False),
        ("new", HANDED, True),
    ],
)
def test_each_board_judges_and_receives_reports_in_its_own_time(
    moved, board, successor, olivia, whose, day, may
):
    item = item_of(board if whose == "old" else successor, day)
    report = factories.ReportFactory(item=item)
    considered = ConsideredForm({"item": item.pk}, action=moved.action, on=date(2023, 12, 1))
    answering = AnsweringForm({"report": report.pk}, action=moved.action)
    assert considered.is_valid() == answering.is_valid() == may
    assert (moved.action in Action.objects.awaiting(report)) == may
    judgement = Judgement(element=moved.elements[0], category=factories.category("4"))
    if may:
        judge(item, [judgement], by=olivia)
        moved.elements[0].refresh_from_db()
        assert moved.elements[0].judged_on == day
    else:
        with pytest.raises(ValidationError, match="or the one it went over to"):
            judge(item, [judgement], by=olivia)


def test_each_board_judges_in_the_words_of_its_own_scheme(moved, board, successor):
    successor.tracking_scheme = factories.tracking_scheme("Green, amber and red")
    successor.save()
    moved.action.refresh_from_db()
    for whose, day in ((board, date(2023, 4, 5)), (successor, date(2023, 10, 4))):
        item = item_of(whose, day)
        (judgement,) = judgements_under(item, [moved.elements[0]])
        form = JudgementForm(instance=judgement)
        assert {category.scheme for category in form.fields["category"].queryset} == {whose.tracking_scheme}
        judgement.category = whose.tracking_scheme.categories.first()
        judgement.comment = "Said at the meeting"
        judgement.full_clean()


def test_the_page_of_the_action_says_who_followed_it(moved, mary, board, successor):
    page = client_of(mary).get(moved.action.get_absolute_url()).content.decode()
    assert f"{board} until it went over on 25 May 2023, then {successor}" in page


# I-14


def on_tracker_of(board, user):
    """The keys of the elements that the tracker of the board's next meeting lists."""
    return {row.element.pk for row in open_rows(board, user)}


def test_a_board_that_goes_on_has_them_on_its_next_tracker_by_itself(ask, board, mary):
    assert on_tracker_of(board, mary) == {element.pk for element in ask.elements}


class EveryOpenAskStandsOnTheNextTracker(TestCase):
    """Whatever was asked and closed, by however many boards one after the other."""

    @given(
        closed=st.lists(st.booleans(), min_size=1, max_size=4),
        boards=st.integers(0, 2),
    )
    def test_it(self, closed, boards):
        factories.reference_data()
        user, board = hold(factories.UserFactory(), "officer"), factories.BoardFactory()
        resolution = factories.ResolutionFactory(item__meeting__board=board)
        for is_closed in closed:
            day = HANDED - timedelta(days=1) if is_closed else None
            action = factories.ActionFactory(resolution=resolution, closed_on=day)
            factories.ElementFactory(action=action, number=1, closed_on=day)
        still_open = set(Element.objects.open().values_list("pk", flat=True))
        for on in (HANDED, AGAIN)[:boards]:
            after = factories.BoardFactory(predecessor=board)
            carry_over(board, after, list(board.actions.open()), on=on, by=user)
            assert on_tracker_of(board, user) == set()
            board = after
        assert on_tracker_of(board, user) == still_open


# The page


@pytest.fixture
def years(db):
    factories.YearFactory()
    return factories.YearFactory(**NEW_YEAR)


def test_the_year_end_that_is_nearest_is_told_of(years):
    assert year_end_nearest(date(2023, 5, 1)).ending.label == "2022/23"
    assert year_end_nearest(date(2023, 6, 30)).name_of_following == "2023/24"
    assert year_end_nearest(date(2024, 4, 1)).name_of_following == "the next year"


def test_without_any_year_there_is_no_year_end(db):
    assert year_end_nearest(date(2023, 5, 1)) is None


def test_only_what_was_asked_by_the_end_of_the_year_goes_over(ask, board, olivia, years):
    later = factories.ActionFactory(resolution__item__meeting=meeting_of(board, date(2023, 6, 7)))
    assert set(going_over(board, year_end_nearest(HANDED), olivia)) == {ask.action}
    assert later in set(going_over(board, year_end_nearest(AGAIN), olivia))


def test_without_a_successor_the_page_says_that_nothing_has_to_be_done(ask, board, olivia):
    page = client_of(olivia).get(reverse("year-end", args=[board.pk])).content.decode()
    assert "1 open action goes over from 2022/23 to the next year. Nothing has to be done" in page
    assert "SB-CF 22/23-01" in page
    assert "<form" not in page.partition("<main")[2].partition("</main")[0]


def test_with_a_successor_the_page_moves_them_in_one_step(ask, board, successor, olivia, years):
    url = reverse("year-end", args=[board.pk])
    assert "Move them to the new board" in client_of(olivia).get(url).content.decode()
    sent = {"successor": successor.pk, "actions": [ask.action.pk]}
    answer = client_of(olivia).post(
        url, sent | {"on_day": "25", "on_month": "5", "on_year": "2023"}, follow=True
    )
    assert "1 action went over to Scrutiny Board (Children)." in answer.content.decode()
    assert list(successor.actions.all()) == [ask.action]


def test_what_a_rule_refuses_stands_on_the_page_and_nothing_moves(ask, board, successor, olivia):
    url = reverse("year-end", args=[board.pk])
    sent = {"successor": successor.pk, "actions": [ask.action.pk]}
    answer = client_of(olivia).post(url, sent | {"on_day": "1", "on_month": "1", "on_year": "2023"})
    assert "came to this board only later" in answer.content.decode()
    assert not successor.actions.exists()


def test_the_page_asks_for_the_same_queries_for_many_actions(
    ask, board, successor, olivia, django_assert_max_num_queries
):
    for _ in range(20):
        factories.ElementFactory(action=factories.ActionFactory(resolution__item__meeting=ask.meeting))
    client, url = client_of(olivia), reverse("year-end", args=[board.pk])
    with django_assert_max_num_queries(25):
        client.get(url)


def test_reports_of_boards_that_never_followed_it_are_not_offered(moved):
    other = factories.ReportFactory(item=item_of(factories.BoardFactory(), date(2023, 10, 4)))
    assert Report.objects.filter(moved.action.in_meetings("item__meeting__"), pk=other.pk).count() == 0
