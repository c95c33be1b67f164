"""What each open action proposes for the work programme, and the steps an officer takes with it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from actions.models import ProgrammeItem
from actions.programme import programme_of, services
from actions.programme.plan import NO_MEETING_COMING, Window, suggestion
from scrutiny.models import Meeting
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2023, 6, 1)
YEAR = {"label": "2023/24", "start": date(2023, 5, 25), "end": date(2024, 5, 22)}
DATES = [date(2023, 7, 5), date(2023, 9, 6), date(2023, 10, 4), date(2023, 12, 6)]


@pytest.fixture
def year(db):
    return factories.YearFactory(**YEAR)


@pytest.fixture
def meetings(board, year):
    return [
        factories.MeetingFactory(board=board, year=year, date=day, minutes_state="drafting") for day in DATES
    ]


def the_row(board, year, user, today=TODAY):
    (row,) = programme_of(board, year, user, today).unplaced
    return row


# Which meeting is proposed


def window(start=None, end=None):
    return Window(start and date.fromisoformat(start), end and date.fromisoformat(end))


@pytest.mark.parametrize(
    ("of", "expected", "words"),
    [
        (window("2023-09-01", "2023-10-31"), DATES[1], ""),
        (window("2023-09-06", "2023-09-06"), DATES[1], ""),
        (window(end="2023-10-04"), DATES[2], ""),
        (window(start="2023-10-01"), DATES[2], ""),
        (
            window("2023-11-01", "2023-11-30"),
            DATES[3],
            "No meeting falls in its window, 1 November 2023 to 30 November 2023.",
        ),
        (
            window("2024-01-01", "2024-01-31"),
            None,
            "No meeting falls in its window, 1 January 2024 to 31 January 2024.",
        ),
        (window(start="2024-01-01"), None, "No meeting falls in its window, from 1 January 2024."),
        (window("2023-04-01", "2023-05-31"), DATES[0], "Its window ended on 31 May 2023."),
        (window(), DATES[0], "The minutes give no date."),
    ],
)
def test_the_meeting_in_the_window_is_proposed_or_the_first_after_it_with_a_warning(of, expected, words):
    coming = [Meeting(date=day) for day in DATES]
    meeting, warning = suggestion(of, coming, TODAY)
    assert (meeting and meeting.date, warning) == (expected, words)


DAYS = st.dates(date(2023, 1, 1), date(2025, 1, 1))


@given(st.none() | DAYS, st.none() | DAYS, st.sets(DAYS, max_size=6))
def test_a_proposal_without_warning_lies_in_the_window_and_one_with_it_is_the_best_there_is(start, end, days):
    if start and end and start > end:
        start, end = end, start
    coming = [Meeting(date=day) for day in sorted(days) if day >= TODAY]
    of = Window(start, end)
    meeting, warning = suggestion(of, coming, TODAY)
    inside = [each for each in coming if of.holds(each.date)]
    if of.is_known and inside:
        assert warning == ""
        assert meeting in inside
    else:
        assert warning
        assert meeting is None or not end or meeting.date > end or end < TODAY


def test_without_a_meeting_to_come_it_says_so():
    assert suggestion(window("2023-09-01", "2023-10-31"), [], TODAY) == (None, NO_MEETING_COMING)


def test_each_open_action_proposes_the_meeting_in_its_window(ask, board, year, meetings, olivia):
    row = the_row(board, year, olivia)
    assert (row.action, row.ask.suggestion, row.warning) == (ask.action, meetings[1], "")


def test_a_working_group_takes_nothing(ask, board, year, meetings, olivia):
    meetings[1].kind = "working_group"
    meetings[1].save()
    assert the_row(board, year, olivia).ask.suggestion == meetings[2]


def test_the_element_that_is_due_first_decides(ask, board, year, meetings, olivia):
    ask.action.due_from = ask.action.due_to = None
    ask.action.save()
    for element, day in zip(ask.elements, (DATES[3], DATES[0]), strict=False):
        element.due_from = element.due_to = day
        element.save()
    assert the_row(board, year, olivia).ask.suggestion == meetings[0]


@pytest.mark.parametrize(
    "values",
    [
        {"closed_on": TODAY},
        {"answered_on": TODAY},
        {"condition": "if it reports", "condition_state": "waiting"},
        {"condition": "if it reports", "condition_state": "not_met_lapsed"},
    ],
)
def test_what_is_answered_closed_or_parked_proposes_nothing(ask, board, year, meetings, olivia, values):
    for element in ask.elements:
        for name, value in values.items():
            setattr(element, name, value)
        element.save()
    assert programme_of(board, year, olivia, TODAY).unplaced == []


def test_answered_and_judged_to_go_on_it_comes_again(ask, board, year, meetings, olivia):
    ask.elements[0].answered_on = ask.elements[0].judged_on = TODAY
    ask.elements[0].save()
    for element in ask.elements[1:]:
        element.closed_on = TODAY
        element.save()
    assert the_row(board, year, olivia).action == ask.action


def test_one_that_proposes_a_meeting_of_the_next_year_stands_there(ask, board, year, meetings, olivia):
    after = factories.YearFactory(label="2024/25", start=date(2024, 5, 23), end=date(2025, 5, 21))
    later = factories.MeetingFactory(board=board, year=after, date=date(2024, 6, 12))
    ask.action.due_from, ask.action.due_to = date(2024, 6, 1), date(2024, 6, 30)
    ask.action.save()
    assert programme_of(board, year, olivia, TODAY).unplaced == []
    assert the_row(board, after, olivia).ask.suggestion == later


def test_a_year_gone_by_proposes_nothing(ask, board, olivia):
    assert programme_of(board, ask.action.year, olivia, TODAY).unplaced == []


def test_warnings_come_first(ask, board, year, meetings, olivia):
    late = factories.ActionFactory(
        resolution=ask.resolution, due_from=date(2023, 11, 1), due_to=date(2023, 11, 30)
    )
    factories.ElementFactory(action=late)
    rows = programme_of(board, year, olivia, TODAY).unplaced
    assert [row.action for row in rows] == [late, ask.action]


def test_windows_are_listed_at_the_first_meeting_after_their_end(ask, board, year, meetings, olivia):
    sections = programme_of(board, year, olivia, TODAY).sections
    assert [len(section.ending) for section in sections] == [0, 0, 0, 1]


def test_the_programme_counts_what_its_sentence_says(ask, board, year, meetings, olivia):
    ask.action.due_from, ask.action.due_to = date(2023, 11, 1), date(2023, 11, 30)
    ask.action.save()
    factories.ProgrammeItemFactory(board=board, meeting=meetings[0])
    factories.ProgrammeItemFactory(board=board, meeting=meetings[3])
    found = programme_of(board, year, olivia, date(2023, 8, 1))
    assert (len(found.coming), found.placed, found.without_meeting) == (3, 1, 1)


def test_many_actions_take_as_many_queries_as_few(
    ask, board, year, meetings, olivia, django_assert_num_queries
):
    def asked(count):
        for _ in range(count):
            action = factories.ActionFactory(resolution=ask.resolution)
            factories.ElementFactory(action=action)
            factories.ProgrammeItemFactory(board=board, meeting=meetings[0], action=action)
            factories.ElementFactory(action=factories.ActionFactory(resolution=ask.resolution))

    asked(1)
    programme_of(board, year, olivia, TODAY)  # reads the roles of the person, once
    with django_assert_num_queries(3):
        programme_of(board, year, olivia, TODAY)
    asked(15)
    with django_assert_num_queries(3):
        programme_of(board, year, olivia, TODAY)


# Who sees what


def test_an_item_that_takes_up_an_action_is_seen_with_the_action(ask, board, year, meetings, lena, norma):
    own = factories.ProgrammeItemFactory(board=board, meeting=meetings[0], action=ask.action)
    of_others = factories.ProgrammeItemFactory(
        board=board, meeting=meetings[0], action=factories.ActionFactory(resolution=ask.resolution)
    )
    public = factories.ProgrammeItemFactory(board=board, meeting=meetings[0])
    assert set(ProgrammeItem.objects.visible_to(lena)) == {own, public}
    assert of_others not in [row.item for row in programme_of(board, year, lena, TODAY).sections[0].rows]
    assert not ProgrammeItem.objects.visible_to(norma).exists()


def test_the_action_of_draft_minutes_is_not_given_away_by_its_item(ask, board, meetings, mary, olivia):
    ask.meeting.minutes_state = "drafting"
    ask.meeting.save()
    factories.ProgrammeItemFactory(board=board, meeting=meetings[0], action=ask.action)
    assert ProgrammeItem.objects.visible_to(olivia).exists()
    assert not ProgrammeItem.objects.visible_to(mary).exists()


# Steps


def test_placing_it_takes_it_out_of_what_is_not_placed(ask, board, year, meetings, olivia):
    item = services.place(ask.action, meetings[1], by=olivia)
    found = programme_of(board, year, olivia, TODAY)
    assert found.unplaced == []
    assert [row.item for row in found.sections[1].rows] == [item]
    assert (item.title, item.kind) == (ask.action.title, "tracking")


def test_placing_it_twice_is_placing_it_once(ask, meetings, olivia):
    assert services.place(ask.action, meetings[1], by=olivia) == services.place(
        ask.action, meetings[1], by=olivia
    )
    with pytest.raises(ValidationError, match="planned for 6 September 2023 already"):
        services.place(ask.action, meetings[2], by=olivia)


def test_it_is_not_placed_at_a_meeting_of_another_board(ask, olivia):
    with pytest.raises(ValidationError, match="same board"):
        services.place(ask.action, factories.MeetingFactory(), by=olivia)


def test_deferring_says_where_from_where_to_and_why(ask, board, year, meetings, olivia):
    item = services.place(ask.action, meetings[1], by=olivia)
    services.defer(item, meeting=meetings[2], why="The review is late", by=olivia)
    found = programme_of(board, year, olivia, TODAY)
    assert [row.item for row in found.sections[1].deferred] == [item]
    (row,) = found.sections[2].rows
    assert (row.item.state, row.item.deferred_from, row.item.why, row.warning) == (
        "deferred",
        meetings[1],
        "The review is late",
        "",
    )


def test_deferring_beyond_the_window_warns(ask, board, year, meetings, olivia):
    item = services.place(ask.action, meetings[1], by=olivia)
    services.defer(item, meeting=meetings[3], why="The review is late", by=olivia)
    found = programme_of(board, year, olivia, TODAY)
    assert found.sections[3].rows[0].warning == (
        "Deferred beyond its window, 1 September 2023 to 31 October 2023."
    )
    assert found.without_meeting == 1


def test_deferred_without_a_date_it_waits_among_what_is_not_placed(ask, board, year, meetings, olivia):
    item = services.place(ask.action, meetings[1], by=olivia)
    services.defer(item, meeting=None, why="The review is late", by=olivia)
    row = the_row(board, year, olivia)
    assert (row.item, row.warning) == (item, "Deferred, and no meeting is found yet.")
    again = services.place(ask.action, meetings[2], by=olivia)
    assert (again.pk, again.meeting, again.deferred_from) == (item.pk, meetings[2], meetings[1])


def test_it_is_not_deferred_to_where_it_stands(ask, meetings, olivia):
    item = services.place(ask.action, meetings[1], by=olivia)
    with pytest.raises(ValidationError, match="stands at this meeting already"):
        services.defer(item, meeting=meetings[1], why="A slip", by=olivia)


def test_what_was_dropped_is_proposed_again_while_the_ask_is_open(ask, board, year, meetings, olivia):
    item = services.place(ask.action, meetings[1], by=olivia)
    services.drop(item, why="Taken elsewhere", by=olivia)
    found = programme_of(board, year, olivia, TODAY)
    assert [row.action for row in found.unplaced] == [ask.action]
    assert [row.item for row in found.sections[1].deferred] == [item]


def test_an_item_is_taken_once_its_meeting_was_held(ask, meetings, olivia):
    item = services.place(ask.action, meetings[1], by=olivia)
    with pytest.raises(ValidationError, match="a meeting that was held"):
        services.take(item, on=DATES[1] - timedelta(days=1), by=olivia)
    assert services.take(item, on=DATES[1], by=olivia).state == "taken"


@pytest.mark.parametrize("state", ["taken", "dropped"])
def test_what_is_over_is_not_moved_any_more(board, meetings, olivia, state):
    item = factories.ProgrammeItemFactory(board=board, meeting=meetings[0], state=state, why="It was")
    with pytest.raises(ValidationError, match=f"is {state} already"):
        services.defer(item, meeting=meetings[1], why="Late", by=olivia)


def test_a_meeting_that_was_held_asks_whether_its_items_were_taken(board, year, meetings, olivia):
    factories.ProgrammeItemFactory(board=board, meeting=meetings[0])
    found = programme_of(board, year, olivia, date(2023, 8, 1))
    assert found.sections[0].rows[0].warning == "This meeting was held. Say whether it was taken."


# The next meeting, in the minutes' words (Q-4)


@pytest.fixture
def next_meeting_asked(ask):
    action = ask.action
    action.due_words, action.due_from, action.due_to = "at the next formal meeting", None, None
    action.save()
    return action


def test_the_next_meeting_is_the_first_one_after_the_board_asked(
    next_meeting_asked, board, year, meetings, olivia
):
    assert the_row(board, year, olivia, date(2023, 8, 1)).ask.next_meeting == meetings[0]


def test_taking_it_as_a_meeting_sets_the_window_and_keeps_the_words(next_meeting_asked, meetings, olivia):
    action = services.resolve_to_meeting(next_meeting_asked, meetings[0], by=olivia)
    assert (action.due_words, action.due_from, action.due_to) == (
        "at the next formal meeting",
        DATES[0],
        DATES[0],
    )
    (revision,) = action.due_revisions.all()
    assert revision.reason == "“at the next formal meeting” is the meeting of 5 July 2023"


def test_what_has_a_date_is_not_taken_as_the_next_meeting(ask, board, year, meetings, olivia):
    assert the_row(board, year, olivia).ask.next_meeting is None
    with pytest.raises(ValidationError, match="has a date already"):
        services.resolve_to_meeting(ask.action, meetings[0], by=olivia)
