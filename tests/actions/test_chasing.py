"""Which step is due next: a table of cases, and what holds whatever the facts are."""

from datetime import date, timedelta

import pytest
from django.db.models import Prefetch
from hypothesis import given
from hypothesis import strategies as st

from actions.chasing.askings import (
    Kind,
    Taken,
    Window,
    askings,
    askings_on_page,
    count_due,
    due,
    next_step,
)
from actions.models import Action, Element, LadderStep
from actions.services import change_due_window, count_late_again, lift_late
from tests import factories

LADDER = [LadderStep(**values) for values in factories.LADDER()]
SEPT_OCT = Window(date(2023, 9, 1), date(2023, 10, 31))
REMINDER, CHASE, LETTER, CHIEF, INVITED, NOTE = Kind.values


def step(on, taken=(), spoken=False, window=SEPT_OCT, ladder=LADDER):
    """(kind, since when) of a step that is due, None where none is."""
    found = next_step(ladder, window, [Taken(*each) for each in taken], spoken, on)
    return (found[0].kind, found[1]) if found and found[1] <= on else None


def day(text):
    return date.fromisoformat(text)


CASES = [  # on, taken, the owner has spoken, what is due, since
    ("2023-08-31", [], False, None),
    ("2023-09-01", [], False, (REMINDER, "2023-09-01")),
    ("2023-10-31", [], False, (REMINDER, "2023-09-01")),
    ("2023-09-01", [], True, None),
    ("2023-09-02", [(REMINDER, "2023-09-01")], False, None),
    ("2023-11-01", [(REMINDER, "2023-09-01")], False, (CHASE, "2023-11-01")),
    ("2023-11-01", [], False, (CHASE, "2023-11-01")),
    ("2023-11-01", [], True, (CHASE, "2023-11-01")),
    ("2024-06-30", [], False, (CHASE, "2023-11-01")),
    ("2023-11-13", [(CHASE, "2023-11-01")], False, None),
    ("2023-11-14", [(CHASE, "2023-11-01")], False, (LETTER, "2023-11-14")),
    ("2023-11-14", [(CHASE, "2023-11-10")], False, None),
    ("2023-11-23", [(CHASE, "2023-11-10")], False, (LETTER, "2023-11-23")),
    ("2023-11-23", [(CHASE, "2023-10-01")], False, (LETTER, "2023-11-14")),
    ("2023-12-31", [(LETTER, "2023-11-14")], False, (CHIEF, "2023-11-28")),
    ("2023-12-31", [(CHIEF, "2023-11-02")], False, (INVITED, "2023-12-12")),
    ("2023-12-31", [(INVITED, "2023-12-12")], False, (NOTE, "2023-12-26")),
    ("2024-12-31", [(NOTE, "2023-12-26")], False, None),
    ("2024-12-31", [(NOTE, "2023-12-26"), (REMINDER, "2023-09-01")], False, None),
]


@pytest.mark.parametrize(("on", "taken", "spoken", "expected"), CASES)
def test_the_step_that_is_due(on, taken, spoken, expected):
    found = step(day(on), [(kind, day(when)) for kind, when in taken], spoken)
    assert found == (expected and (expected[0], day(expected[1])))


def test_a_window_that_ends_on_a_leap_day_is_followed_by_the_first_of_march():
    assert step(date(2024, 3, 1), window=Window(None, date(2024, 2, 29))) == (CHASE, date(2024, 3, 1))


@pytest.mark.parametrize("on", [date(1999, 1, 1), date(2099, 1, 1)])
def test_without_a_date_nothing_is_ever_due(on):
    assert step(on, window=Window(None, None)) is None


def test_a_window_that_only_begins_has_a_reminder_and_no_chase():
    window = Window(date(2023, 9, 1), None)
    assert step(date(2030, 1, 1), window=window) == (REMINDER, date(2023, 9, 1))
    assert step(date(2030, 1, 1), [(REMINDER, date(2023, 9, 1))], window=window) is None


def test_a_window_at_the_end_of_the_calendar_does_no_harm():
    assert step(date.max, window=Window(date.max, date.max)) == (REMINDER, date.max)


def test_a_board_may_leave_steps_out_and_remind_before_the_end():
    ladder = [
        LadderStep(kind=REMINDER, counts_from="window_end", days=-7),
        LadderStep(kind=CHIEF, counts_from="window_end", days=3),
    ]
    assert step(date(2023, 10, 23), ladder=ladder) is None
    assert step(date(2023, 10, 24), ladder=ladder) == (REMINDER, date(2023, 10, 24))
    assert step(date(2023, 11, 3), ladder=ladder) == (CHIEF, date(2023, 11, 3))


days = st.dates(date(2023, 1, 1), date(2025, 12, 31))
windows = st.builds(
    lambda start, length: Window(start, start + timedelta(days=length)), days, st.integers(0, 400)
)
steps_taken = st.lists(st.tuples(st.sampled_from(Kind.values), days), max_size=4)
ladders = st.lists(
    st.builds(
        LadderStep,
        kind=st.sampled_from(Kind.values),
        counts_from=st.sampled_from(LadderStep.From.values),
        days=st.integers(-60, 120),
    ),
    max_size=6,
    unique_by=lambda step: step.kind,
)


@given(ladders, windows, steps_taken, st.booleans(), days)
def test_a_step_that_was_taken_is_never_prompted_nor_one_below_it(ladder, window, taken, spoken, on):
    found = step(on, taken, spoken, window, ladder)
    if found:
        assert all(LadderStep.RANK[kind] < LadderStep.RANK[found[0]] for kind, _ in taken)


@given(ladders, windows, steps_taken, st.booleans(), days, st.integers(0, 400))
def test_as_days_pass_a_step_that_is_due_stays_due_or_gives_way_to_a_higher_one(
    ladder, window, taken, spoken, on, later
):
    now, then = (step(each, taken, spoken, window, ladder) for each in (on, on + timedelta(days=later)))
    if now:
        assert then
        assert LadderStep.RANK[then[0]] >= LadderStep.RANK[now[0]]


# Out of the record.


NOV = date(2023, 11, 1)


def of(action, on=NOV):
    """What is asked, by the two ways that lead to it: the database's, and a page's, which holds the elements."""
    found = askings(Action.objects.filter(pk=action.pk), on)[action.pk]
    on_page = Action.objects.prefetch_related(Prefetch("elements", Element.objects.with_timing(on)), "chases")
    assert askings_on_page(on_page.get(pk=action.pk), on) == found
    return found


def only(action, on=NOV):
    (asking,) = of(action, on)
    return asking


@pytest.mark.django_db
def test_what_waits_for_its_condition_is_not_followed_up(ask):
    asking = only(ask.action)
    assert [element.number for element in asking.elements] == [1, 2]
    assert asking.sentence == (
        "The window ended on 31 October 2023 and nothing has answered 2 elements: "
        "the officer's chase is due today."
    )


@pytest.mark.django_db
def test_the_sentence_says_since_when_and_what_comes_next(ask):
    factories.ChaseFactory(action=ask.action, kind="officer_chase", on=NOV)
    assert only(ask.action, date(2023, 11, 20)).sentence == (
        "The window ended on 31 October 2023 and nothing has answered 2 elements: "
        "the Chair's letter is due since 14 November 2023."
    )
    assert only(ask.action, date(2023, 11, 2)).sentence == (
        "The Chair's letter comes on 14 November 2023, if nothing answers 2 elements before."
    )


@pytest.mark.django_db
def test_without_a_date_the_sentence_says_what_to_do():
    action = factories.ElementFactory(action__due_from=None, action__due_to=None).action
    assert "Set a due window" in only(action).sentence
    assert due(Action.objects.all(), NOV) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"answered_on": date(2023, 10, 4)},
        {"answered_on": date(2023, 10, 4), "judged_on": date(2023, 10, 4)},
        {"answered_on": date(2023, 8, 1)},
        {"closed_on": date(2023, 10, 4)},
        {"condition": "if so", "condition_state": "not_met_lapsed"},
        {"not_late_until": NOV, "not_late_because": "It is in the post."},
    ],
)
def test_an_element_that_needs_no_answer_is_not_followed_up(values):
    action = factories.ElementFactory(**values).action
    assert of(action) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"last_word_on": date(2023, 10, 30), "owner_progress": "complete"},
        {"answered_on": date(2023, 8, 1), "judged_on": date(2023, 8, 2)},
        {"not_late_until": date(2023, 10, 31), "not_late_because": "It is in the post."},
    ],
)
def test_an_element_that_is_asked_still_is_followed_up(values):
    action = factories.ElementFactory(**values).action
    assert only(action).step.kind == CHASE


@pytest.mark.django_db
def test_a_word_from_the_owner_of_every_element_makes_the_reminder_needless(ask):
    for element, expected in zip(ask.elements[:2], (REMINDER, CHASE), strict=True):
        element.last_word_on = date(2023, 9, 3)
        element.save()
        assert only(ask.action, date(2023, 9, 5)).step.kind == expected


@pytest.mark.django_db
def test_an_extension_starts_the_ladder_again_and_keeps_the_original(ask, olivia):
    factories.ChaseFactory(action=ask.action, kind="chief_executive", on=NOV)
    change_due_window(
        ask.action,
        words="January 2024",
        due_from=date(2024, 1, 1),
        due_to=date(2024, 1, 31),
        reason="The survey is late.",
        agreed_by="The Chair",
        by=olivia,
    )
    assert not only(ask.action, date(2023, 12, 31)).is_due
    assert only(ask.action, date(2024, 1, 1)).step.kind == REMINDER
    assert only(ask.action, date(2024, 2, 1)).step.kind == CHASE
    assert ask.action.due_revisions.get().old_to == date(2023, 10, 31)


@pytest.mark.django_db
def test_elements_with_a_window_of_their_own_are_followed_up_on_their_own(ask):
    ask.elements[1].due_to = date(2023, 12, 31)
    ask.elements[1].save()
    first, second = of(ask.action)
    assert ([e.number for e in first.elements], first.step.kind) == ([1], CHASE)
    assert ([e.number for e in second.elements], second.step.kind) == ([2], REMINDER)


@pytest.mark.django_db
def test_a_board_with_a_ladder_of_its_own_climbs_that_one(ask):
    factories.LadderStepFactory(board=ask.action.board, kind="chief_executive", days=0)
    asking = only(ask.action)
    assert (asking.step.kind, asking.day) == (CHIEF, date(2023, 10, 31))


@pytest.mark.django_db
def test_what_draft_minutes_ask_is_not_followed_up(ask):
    ask.meeting.minutes_state = "drafting"
    ask.meeting.save()
    assert of(ask.action) == []


@pytest.mark.django_db
def test_the_steps_of_300_actions_cost_as_many_queries_as_those_of_3(django_assert_max_num_queries):
    year, board = factories.YearFactory(), factories.BoardFactory()
    meeting = factories.MeetingFactory(board=board, year=year)
    resolution = factories.ResolutionFactory(item__meeting=meeting)
    for _ in range(300):
        action = factories.ActionFactory(resolution=resolution)
        Element(action=action, number=1, text="Progress.").save_base()
    with django_assert_max_num_queries(3):
        found = due(Action.objects.all(), NOV)
        assert len({asking.action.addressee.name for asking in found}) == 300


@pytest.mark.django_db
@pytest.mark.parametrize("answered", [1, 4])
def test_what_asks_nothing_any_more_takes_no_place_where_the_earliest_are_counted(answered):
    for _ in range(answered):
        factories.ElementFactory(action__due_to=date(2023, 9, 30), answered_on=date(2023, 10, 4))
    factories.ElementFactory()
    assert count_due(Action.objects.all(), NOV, most=1) == (1, False)


@pytest.mark.django_db
def test_what_is_not_due_for_long_is_not_taken_for_more_to_chase():
    for _ in range(3):
        factories.ElementFactory(action__due_from=date(2025, 1, 1), action__due_to=date(2025, 2, 1))
    assert count_due(Action.objects.all(), NOV, most=1) == (0, False)
    factories.ElementFactory()
    assert count_due(Action.objects.all(), NOV, most=1) == (1, False)


@pytest.mark.django_db
def test_where_no_step_has_come_near_nothing_more_is_asked(django_assert_num_queries):
    factories.ElementFactory(action__due_from=date(2025, 1, 1), action__due_to=date(2025, 2, 1))
    with django_assert_num_queries(2):  # the ladders, and the actions near a step
        assert count_due(Action.objects.all(), NOV) == (0, False)


@pytest.mark.django_db
def test_where_no_step_is_due_among_the_earliest_there_may_be_more():
    for _ in range(2):
        element = factories.ElementFactory(action__due_to=date(2023, 9, 30))
        factories.ChaseFactory(action=element.action, kind="public_note", on=NOV)
    factories.ElementFactory()
    assert count_due(Action.objects.all(), NOV, most=1) == (0, True)


# A wrong "late".


@pytest.mark.django_db
def test_a_wrong_late_is_lifted_up_to_a_day_with_a_reason_and_can_be_taken_back(ask, olivia):
    element = ask.elements[0]
    lift_late(element, until=date(2023, 11, 30), because="The report came by post.", by=olivia)

    def timing(on):
        return Element.objects.with_timing(on).get(pk=element.pk).timing

    assert [timing(date(2023, *day)) for day in ((10, 31), (11, 1), (11, 30), (12, 1))] == [
        "due_now",
        "due_now",
        "due_now",
        "late",
    ]
    assert element.history.first().history_change_reason == "The report came by post."
    count_late_again(element, reason="It was another report.", by=olivia)
    assert timing(NOV) == "late"
    assert element.history.first().history_change_reason == "It was another report."
