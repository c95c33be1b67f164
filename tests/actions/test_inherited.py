"""What an element takes over from its action is what can be reckoned again, whatever happens and in whatever order."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from actions import services
from actions.inherited import mend, wrong_actions, wrong_elements
from actions.models import Action, Element, ProgressUpdate
from actions.programme.carry_over import carry_over
from scrutiny.models import Resolution
from scrutiny.toolkit.history import record
from tests import factories
from tests.numbers import tried

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2023, 9, 1), date(2023, 10, 31)  # the window of the factory's actions
LATER, EARLIER = date(2023, 12, 31), date(2023, 6, 30)


def later(*days):
    return max((day for day in days if day), default=None)


def reckoned(element):
    """As the words of the docstring say, from the rows and in Python."""
    action = element.action
    return (
        action.board_id,
        later(element.due_from, action.due_from),
        later(element.due_to, action.due_to),
        action.resolution.item.meeting.date,
        action.resolution.item_id,
    )


def kept(element):
    element = Element.objects.get(pk=element.pk)
    return element.board_id, element.window_from, element.window_to, element.asked_on, element.item_id


@pytest.mark.parametrize(
    ("own", "window"),
    [
        ((None, None), (FIRST, LAST)),
        ((LATER, LATER), (LATER, LATER)),
        ((EARLIER, EARLIER), (FIRST, LAST)),
        ((None, LATER), (FIRST, LATER)),
    ],
)
def test_the_window_begins_and_ends_on_the_later_of_two_days(own, window):
    element = factories.ElementFactory(due_from=own[0], due_to=own[1])
    assert kept(element)[1:3] == window


def test_the_day_that_is_there_counts_and_without_any_there_is_no_window():
    action = factories.ActionFactory(due_from=None, due_to=None)
    assert kept(factories.ElementFactory(action=action, due_to=LATER))[1:3] == (None, LATER)
    assert kept(factories.ElementFactory(action=action))[1:3] == (None, None)


def change_window(action, due_from, due_to, by):
    services.change_due_window(
        action, words="", due_from=due_from, due_to=due_to, reason="Agreed", agreed_by="", by=by
    )


def test_a_window_that_is_changed_is_handed_down_to_each_element(ask, olivia):
    change_window(ask.action, None, LATER, olivia)
    assert {kept(element)[1:3] for element in ask.elements} == {(None, LATER)}


def test_the_board_that_follows_an_action_follows_its_elements(ask, olivia):
    successor = factories.BoardFactory(predecessor=ask.action.board)
    carry_over(ask.action.board, successor, [ask.action], on=date(2023, 6, 30), by=olivia)
    assert {kept(element)[0] for element in ask.elements} == {successor.pk}


def test_an_element_counts_as_asked_on_the_day_of_the_meeting_and_moves_with_it(ask, olivia):
    other = factories.ElementFactory()
    meeting = ask.meeting
    meeting.date -= timedelta(days=7)
    record(meeting, by=olivia, reason="A slip of the pen")
    assert {kept(element)[3] for element in ask.elements} == {meeting.date}
    assert not wrong_elements().exists()
    assert kept(other) == reckoned(other)


def test_who_sees_an_action_and_its_elements_follows_when_its_resolution_is_put_under_another_item(
    ask, olivia, mary
):
    kept_back = {"restriction": "exempt", "exempt_paragraphs": "1", "public_interest_reason": "Why."}
    elsewhere = factories.ItemFactory(meeting=ask.meeting, position=9, **kept_back)
    resolution = ask.action.resolution
    resolution.item = elsewhere
    record(resolution, by=olivia, reason="Under the wrong item")
    assert {kept(element)[4] for element in ask.elements} == {elsewhere.pk}
    assert not Action.objects.visible_to(mary).filter(pk=ask.action.pk).exists()
    assert not Element.objects.visible_to(mary).filter(action=ask.action).exists()


def test_what_somebody_holds_from_before_does_not_bring_the_old_window_back(ask, olivia):
    held = Element.objects.select_related("action").get(pk=ask.elements[0].pk)
    change_window(ask.action, LATER, LATER, olivia)
    held.due_words = "by the end of the year"
    record(held, by=olivia)
    assert kept(held)[1:3] == (LATER, LATER)


def test_handing_down_leaves_no_line_in_the_history_of_an_element(ask, olivia):
    before = Element.history.count()
    change_window(ask.action, LATER, LATER, olivia)
    assert Element.history.count() == before


def test_handing_down_asks_as_often_for_many_elements_as_for_few(ask, olivia):
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            record(Action.objects.get(pk=ask.action.pk), by=olivia)
        counts.append(len(captured))
        for number in range(20, 40) if len(counts) == 1 else ():
            factories.ElementFactory(action=ask.action, number=number)
    assert counts[0] == counts[1]


# Checked, and mended.


@pytest.mark.parametrize(
    "values",
    [
        {"window_to": LATER},
        {"window_to": None},
        {"window_from": EARLIER},
        {"window_from": None},
        {"asked_on": EARLIER},
        {"board": "another"},
        {"item": "another"},
    ],
    ids=str,
)
def test_whatever_is_wrong_is_found_and_mended(ask, values):
    another = {"board": factories.BoardFactory, "item": factories.ItemFactory}
    values = {name: another[name]() if value == "another" else value for name, value in values.items()}
    first = ask.elements[0]
    Element.objects.filter(pk=first.pk).update(**values)
    assert list(wrong_elements()) == [first]
    with pytest.raises(CommandError, match="0 tallies, 0 actions and 1 elements are not right"):
        call_command("rebuild_tallies", "--check", stdout=StringIO())
    assert mend() == (0, 1)
    assert kept(first) == reckoned(first)
    assert not wrong_elements().exists()


def test_an_action_under_a_wrong_item_is_found_and_mended(ask):
    Action.objects.filter(pk=ask.action.pk).update(item=factories.ItemFactory())
    assert list(wrong_actions()) == [ask.action]
    with pytest.raises(CommandError, match="0 tallies, 1 actions and 0 elements are not right"):
        call_command("rebuild_tallies", "--check", stdout=StringIO())
    assert mend()[0] == 1
    assert Action.objects.get(pk=ask.action.pk).item == ask.item
    assert not wrong_actions().exists()


@pytest.mark.parametrize("number", [7, 99, 104, 12_345])
def test_an_action_has_a_place_where_references_sort_as_they_are_counted(number):
    action = factories.ActionFactory(reference=f"SB-CF 22/23-{number:02}", number=number)
    assert action.place == f"SB-CF 22/23-{number:05}"
    assert not wrong_actions().exists()


def test_a_wrong_place_is_found_and_mended(ask):
    place = ask.action.place
    Action.objects.filter(pk=ask.action.pk).update(place="SB-CF 22/23-00002")
    assert list(wrong_actions()) == [ask.action]
    mend()
    assert Action.objects.get(pk=ask.action.pk).place == place


@pytest.mark.parametrize("page", ["action-list", "element-list"])
def test_lists_by_reference_are_in_the_order_in_which_they_were_counted(client, olivia, page):
    for number in (104, 9, 10):
        factories.ElementFactory(
            action__reference=f"SB-CF 22/23-{number:02}", action__number=number, action__due_to=None
        )
    client.force_login(olivia)
    found = client.get(reverse(page), {"sort": "reference"}).context["object_list"]
    assert [getattr(each, "action", each).number for each in found] == [9, 10, 104]


def test_an_action_that_is_put_under_another_resolution_goes_to_its_item(ask, olivia):
    other = factories.ResolutionFactory(item__meeting=ask.meeting, item__position=9)
    ask.action.resolution = other
    record(ask.action, by=olivia, reason="The wrong limb")
    assert Action.objects.get(pk=ask.action.pk).item_id == other.item_id
    assert {kept(element)[4] for element in ask.elements} == {other.item_id}


def test_a_window_where_there_should_be_none_is_found():
    action = factories.ActionFactory(due_from=None, due_to=None)
    element = factories.ElementFactory(action=action)
    Element.objects.filter(pk=element.pk).update(window_to=LATER)
    assert list(wrong_elements()) == [element]


# Any steps, in any order.

DAYS = [None, date(2023, 3, 1), date(2023, 9, 1), date(2023, 11, 15), date(2024, 2, 1)]
DAY, PICK = st.sampled_from(DAYS), st.integers(0, 3)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["change_window", "own_days", "add", "open", "go_over", "hold_meeting", "report", "judge"]
        ),
        PICK,
        DAY,
        DAY,
    ),
    max_size=8,
)


@pytest.mark.slow
class WhatIsKeptIsNeverWrong(TestCase):
    def setUp(self):
        self.by = factories.UserFactory()
        meeting = factories.MeetingFactory(date=date(2023, 1, 11))
        self.resolution = factories.ResolutionFactory(item__meeting=meeting)
        self.later = factories.ItemFactory(meeting__board=meeting.board, meeting__date=date(2023, 5, 3))
        boards = [meeting.board]
        for _ in range(3):
            boards.append(factories.BoardFactory(predecessor=boards[-1]))
        self.boards = boards
        self.open(0, None, date(2023, 9, 1))

    @settings(max_examples=25)
    @given(steps=STEPS)
    def test_after_any_steps_what_is_kept_is_what_can_be_reckoned_again(self, steps):
        for step, which, start, end in steps:
            getattr(self, step)(which, start, end)
        elements = Element.objects.select_related("action__resolution__item__meeting")
        for element in elements:
            assert kept(element) == reckoned(element)
            assert element.action.item_id == element.action.resolution.item_id
        assert not wrong_elements().exists()
        assert not wrong_actions().exists()
        tried("steps after which windows and boards were kept right", len(steps))

    def asked(self):
        """Read again: the database goes back after each example, and what is held in memory does not."""
        return Resolution.objects.get(pk=self.resolution.pk)

    def pick(self, which):
        elements = list(Element.objects.order_by("pk"))
        return elements[which % len(elements)]

    def change_window(self, which, start, end):
        if start is None or end is None or start <= end:
            change_window(self.pick(which).action, start, end, self.by)

    def own_days(self, which, start, end):
        element = self.pick(which)
        if start is None or end is None or start <= end:
            element.due_from, element.due_to = start, end
            record(element, by=self.by)

    def add(self, which, start, end):
        element = Element(text="One more.", due_to=end)
        services.add_element(self.pick(which).action, element, by=self.by)

    def open(self, which, start, end):
        action = Action(
            resolution=self.asked(),
            title="A report",
            addressee=factories.OrganisationFactory(),
            due_to=end,
        )
        services.open_action(action, [Element(text=f"Part {n}.") for n in range(which)], by=self.by)

    def go_over(self, which, start, end):
        action = self.pick(which).action
        place = self.boards.index(action.board)
        if place < 3 and action.closed_on is None:
            day = action.terms()[-1][1] + timedelta(days=150)
            carry_over(action.board, self.boards[place + 1], [action], on=day, by=self.by)

    def hold_meeting(self, which, start, end):
        meeting = self.asked().item.meeting
        meeting.date = date(2023, 1, 11) + timedelta(days=which)
        record(meeting, by=self.by)

    def report(self, which, start, end):
        element = self.pick(which)
        update = ProgressUpdate(
            element=element,
            text="x",
            reported_by="y",
            source="z",
            on_behalf_of=element.action.addressee,
            received_on=date(2023, 4, 5),
            owner_progress="in_progress",
        )
        services.record_progress(update, [], by=self.by)

    def judge(self, which, start, end):
        (judgement,) = services.judgements_under(self.later, [self.pick(which)])
        judgement.category, judgement.comment = factories.category("2"), "As the Chair summed up"
        services.judge(self.later, [judgement], by=self.by)
