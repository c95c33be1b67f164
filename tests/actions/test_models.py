"""Actions and elements: the rules of a row, and how elements stand against the calendar."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from actions.models import Action, DueRevision, Element, ElementPart
from actions.models.asks import Timing
from scrutiny.toolkit.history import record
from tests import factories

TODAY = date(2023, 10, 15)
DAY = timedelta(days=1)


# How an element stands against the calendar.


def timing(action_dates=(None, None), own_dates=(None, None), on=TODAY, **values):
    action = factories.ActionFactory(due_from=action_dates[0], due_to=action_dates[1])
    element = factories.ElementFactory(action=action, due_from=own_dates[0], due_to=own_dates[1], **values)
    return Element.objects.with_timing(on).get(pk=element.pk).timing_now


AUTUMN = (date(2023, 9, 1), date(2023, 10, 31))
BEFORE_TODAY = (date(2023, 7, 1), date(2023, 7, 31))
CONDITION = {"condition": "dependent upon the review"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (AUTUMN[0] - DAY, Timing.NOT_YET_DUE),
        (AUTUMN[0], Timing.DUE_NOW),
        (AUTUMN[0] + DAY, Timing.DUE_NOW),
        (AUTUMN[1] - DAY, Timing.DUE_NOW),
        (AUTUMN[1], Timing.DUE_NOW),
        (AUTUMN[1] + DAY, Timing.LATE),
    ],
)
def test_an_element_is_due_from_the_first_day_of_its_window_to_the_last(on, expected):
    assert timing(AUTUMN, on=on) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2023, 10, 31), Timing.NOT_YET_DUE),
        (date(2023, 11, 1), Timing.DUE_NOW),
        (date(2023, 11, 30), Timing.DUE_NOW),
        (date(2023, 12, 1), Timing.LATE),
    ],
)
def test_an_own_date_later_than_the_action_s_holds(on, expected):
    assert timing(AUTUMN, (date(2023, 11, 1), date(2023, 11, 30)), on=on) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2023, 8, 1), Timing.NOT_YET_DUE),
        (date(2023, 9, 1), Timing.DUE_NOW),
        (date(2023, 10, 31), Timing.DUE_NOW),
        (date(2023, 11, 1), Timing.LATE),
    ],
)
def test_an_own_date_earlier_than_the_action_s_waits_for_the_action_s(on, expected):
    assert timing(AUTUMN, BEFORE_TODAY, on=on) == expected


@pytest.mark.django_db
def test_an_own_date_counts_where_the_action_has_none():
    assert timing(own_dates=BEFORE_TODAY) == Timing.LATE


@pytest.mark.django_db
@pytest.mark.parametrize("dates", [(None, None), (date(2023, 1, 1), None)])
def test_without_a_last_day_nothing_is_late(dates):
    assert timing(dates) == Timing.NO_DATE


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on", "expected"), [(AUTUMN[1], Timing.NOT_YET_DUE), (AUTUMN[1] + DAY, Timing.LATE)]
)
def test_with_only_a_last_day_an_element_is_late_after_it(on, expected):
    assert timing((None, AUTUMN[1]), on=on) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("waiting", Timing.WAITING),
        ("met", Timing.LATE),
        ("not_met_lapsed", Timing.LAPSED),
    ],
)
def test_only_a_condition_that_is_met_lets_an_element_be_late(state, expected):
    assert timing(BEFORE_TODAY, condition_state=state, **CONDITION) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answered", "judged", "expected"),
    [
        (None, None, Timing.LATE),
        (date(2023, 8, 1), None, Timing.ANSWERED),
        (date(2023, 8, 1), date(2023, 7, 31), Timing.ANSWERED),
        (date(2023, 8, 1), date(2023, 8, 1), Timing.LATE),
        (date(2023, 8, 1), date(2023, 8, 2), Timing.LATE),
        (None, date(2023, 8, 1), Timing.LATE),
    ],
)
def test_an_answer_is_not_late_until_the_board_has_judged_it(answered, judged, expected):
    assert timing(BEFORE_TODAY, answered_on=answered, judged_on=judged) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"condition_state": "waiting", **CONDITION},
        {"condition_state": "not_met_lapsed", **CONDITION},
        {"answered_on": date(2023, 9, 1)},
        {},
    ],
)
def test_what_the_board_closed_is_closed_whatever_else_holds(values):
    assert timing(BEFORE_TODAY, closed_on=date(2023, 8, 1), **values) == Timing.CLOSED


DATES = st.one_of(st.none(), st.dates(date(2023, 10, 1), date(2023, 10, 20)))
WINDOWS = st.tuples(DATES, DATES).map(lambda pair: tuple(sorted(pair)) if None not in pair else pair)


def naive_timing(element, on):
    """The same in plain Python, said once more from domain C.5."""
    later = [
        max(d for d in pair if d) if any(pair) else None
        for pair in zip(element.own, element.asked, strict=True)
    ]
    if element.closed_on:
        return "closed"
    if element.condition_state in ("waiting", "not_met_lapsed"):
        return {"waiting": "waiting", "not_met_lapsed": "lapsed"}[element.condition_state]
    if element.answered_on and not (element.judged_on and element.judged_on >= element.answered_on):
        return "answered"
    start, end = later
    if end is None:
        return "no_date"
    if on > end:
        return "late"
    return "due_now" if start and on >= start else "not_yet_due"


@pytest.mark.slow
class TimingAgreesWithItsDefinition(TestCase):
    @given(
        asked=WINDOWS,
        own=WINDOWS,
        state=st.sampled_from(Element.ConditionState.values),
        closed_on=DATES,
        answered_on=DATES,
        judged_on=DATES,
        on=st.dates(date(2023, 9, 30), date(2023, 10, 21)),
    )
    def test_timing_is_what_plain_python_says(self, asked, own, on, state, **stored):
        action = factories.ActionFactory(due_from=asked[0], due_to=asked[1])
        condition = "" if state == "unconditional" else "if the review reports"
        element = factories.ElementFactory(
            action=action,
            due_from=own[0],
            due_to=own[1],
            condition_state=state,
            condition=condition,
            **stored,
        )
        element.own, element.asked = own, asked
        found = Element.objects.with_timing(on).get(pk=element.pk)
        assert found.timing == naive_timing(element, on)


# Adjectives of the lists.


@pytest.mark.django_db
def test_a_waiting_element_is_never_late():
    late = factories.ElementFactory(due_to=date(2023, 1, 1))
    factories.ElementFactory(due_to=date(2023, 1, 1), condition_state="waiting", **CONDITION)
    factories.ElementFactory(action__due_to=None, action__due_from=None)
    assert list(Element.objects.late(date(2024, 6, 1))) == [late]


@pytest.mark.django_db
def test_an_action_is_late_when_one_of_its_elements_is():
    action = factories.ActionFactory()
    for number in (1, 2):
        factories.ElementFactory(action=action, number=number)
    factories.ElementFactory(action__due_from=None, action__due_to=None)
    assert list(Action.objects.late(AUTUMN[1] + DAY)) == [action]
    assert list(Action.objects.late(AUTUMN[1])) == []


@pytest.mark.django_db
def test_how_elements_stand_as_it_is_looked_up_is_how_it_is_reckoned():
    """Every element there can be: `standing` says in words for an index what `with_timing` decides step by step."""
    on, before, after = date(2024, 6, 1), date(2024, 5, 31), date(2024, 6, 2)
    days = (None, before, on, after)
    windows = [(start, end) for start, end in product(days, days) if not (start and end) or start <= end]
    action = factories.ActionFactory(due_from=None, due_to=None)
    kinds = product(Element.ConditionState.values, windows, days, days, days, (None, before))
    Element.objects.bulk_create(
        factories.ElementFactory.build(
            action=action,
            number=number,
            condition="" if state == "unconditional" else "once it is published",
            condition_state=state,
            due_from=window[0],
            due_to=window[1],
            answered_on=answered,
            judged_on=judged,
            not_late_until=lifted,
            not_late_because="They asked in time." if lifted else "",
            closed_on=closed,
        )
        for number, (state, window, answered, judged, lifted, closed) in enumerate(kinds)
    )
    for timing in set(Timing) - {Timing.CLOSED}:
        reckoned = Element.objects.with_timing(on).filter(timing=timing).values_list("pk", flat=True)
        assert reckoned, timing
        looked_up = Element.objects.standing(timing, on).values_list("pk", flat=True)
        assert list(looked_up) == list(reckoned), timing


@pytest.mark.django_db
def test_due_by_a_day_is_what_opens_or_ends_by_then_and_is_not_late():
    opens = factories.ElementFactory()
    factories.ElementFactory(action__due_from=date(2023, 1, 1), action__due_to=date(2023, 1, 31))
    factories.ElementFactory(action__due_from=date(2023, 12, 1), action__due_to=date(2023, 12, 31))
    assert list(Element.objects.due_by(date(2023, 8, 1), AUTUMN[0])) == [opens]
    assert list(Element.objects.due_by(date(2023, 8, 1), AUTUMN[0] - DAY)) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("last_word", "days_later", "silent"),
    [(date(2023, 6, 1), 90, False), (date(2023, 6, 1), 91, True), (None, 91, True)],
)
def test_an_element_is_silent_after_ninety_days_without_a_word(last_word, days_later, silent):
    element = factories.ElementFactory(last_word_on=last_word)
    since = last_word or element.action.resolution.item.meeting.date
    assert Element.objects.silent(since + days_later * DAY).exists() is silent


@pytest.mark.django_db
def test_a_closed_element_is_not_silent():
    factories.ElementFactory(closed_on=date(2023, 4, 1))
    assert not Element.objects.silent(date(2024, 1, 1)).exists()


@pytest.mark.django_db
def test_an_element_that_lapsed_with_its_condition_is_not_silent():
    factories.ElementFactory(condition_state="not_met_lapsed", **CONDITION)
    assert not Element.objects.silent(date(2024, 1, 1)).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("on", "found"), [(date(2023, 5, 1), True), (date(2023, 4, 30), False)])
def test_a_condition_is_looked_at_from_its_day_on(on, found):
    factories.ElementFactory(condition_state="waiting", check_condition_on=date(2023, 5, 1), **CONDITION)
    assert Element.objects.condition_to_check(on).exists() is found


@pytest.mark.django_db
def test_a_condition_that_is_met_is_not_looked_at_again():
    factories.ElementFactory(condition_state="met", check_condition_on=date(2023, 5, 1), **CONDITION)
    assert not Element.objects.condition_to_check(date(2024, 1, 1)).exists()


@pytest.mark.django_db
def test_the_counts_of_an_action_are_those_of_its_elements():
    action = factories.ActionFactory()
    factories.ElementFactory(action=action, number=1, answered_on=date(2023, 10, 4))
    factories.ElementFactory(
        action=action, number=2, answered_on=date(2023, 10, 4), closed_on=date(2023, 10, 4)
    )
    factories.ElementFactory(action=action, number=3)
    found = Action.objects.with_counts().get()
    assert (found.element_count, found.answered_count) == (3, 2)


@pytest.mark.django_db
def test_an_action_counts_what_is_late_of_it_and_nothing_of_others():
    action = factories.ActionFactory(due_to=date(2023, 10, 31))
    factories.ElementFactory(action=action, number=1)
    factories.ElementFactory(action=action, number=2, closed_on=date(2023, 10, 4))
    factories.ElementFactory(action=factories.ActionFactory(due_to=date(2023, 10, 31)), number=1)
    for day, late in ((date(2023, 10, 31), 0), (date(2023, 11, 1), 1)):
        assert Action.objects.with_late_count(day).get(pk=action.pk).late_count == late


# Rules of a row.


def new_action(**values):
    asked = factories.ResolutionFactory(kind=values.pop("kind", "request_report"))
    meeting = asked.item.meeting
    same = {"board": meeting.board, "year": meeting.year, "number": 1, "reference": "SB-X 22/23-01"}
    return Action(resolution=asked, title="A", addressee=factories.OrganisationFactory(), **(same | values))


@pytest.mark.django_db
def test_a_resolution_that_only_notes_has_no_action(olivia):
    with pytest.raises(ValidationError, match="I-1"):
        record(new_action(kind="note"), by=olivia)


@pytest.mark.django_db
def test_a_resolution_with_an_action_cannot_become_a_note(ask, olivia):
    ask.resolution.kind = "note"
    with pytest.raises(ValidationError, match="I-1"):
        record(ask.resolution, by=olivia)


@pytest.mark.django_db
def test_a_window_ends_on_the_day_it_starts_or_later(olivia):
    assert record(new_action(due_from=TODAY, due_to=TODAY), by=olivia).pk
    with pytest.raises(ValidationError, match="ends before it starts"):
        record(new_action(due_from=TODAY, due_to=TODAY - DAY), by=olivia)


def refused_by_the_database(name):
    return pytest.raises(IntegrityError, match=name)


def try_to_save(obj):
    """Without the checks of `full_clean`, as a bug elsewhere would."""
    with transaction.atomic():
        obj.save()


@pytest.mark.django_db
def test_the_database_refuses_a_window_backwards(ask):
    ask.action.due_from, ask.action.due_to = TODAY, TODAY - DAY
    with refused_by_the_database("action_window_forwards"):
        try_to_save(ask.action)


@pytest.mark.django_db
def test_the_database_refuses_an_own_window_backwards(ask):
    ask.elements[0].due_from, ask.elements[0].due_to = TODAY, TODAY - DAY
    with refused_by_the_database("element_window_forwards"):
        try_to_save(ask.elements[0])


@pytest.mark.django_db
def test_the_database_refuses_two_actions_of_one_reference(ask):
    twin = new_action(reference=ask.action.reference)
    with refused_by_the_database("reference"):
        try_to_save(twin)


@pytest.mark.django_db
def test_the_database_refuses_an_element_without_words(ask):
    with refused_by_the_database("element_has_words"):
        try_to_save(Element(action=ask.action, number=9, text=""))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "state"), [("", "waiting"), ("", "met"), ("if it reports", "unconditional")]
)
def test_a_condition_has_words_and_a_state_or_neither(ask, olivia, words, state):
    element = Element(action=ask.action, number=9, text="Progress.", condition=words, condition_state=state)
    with pytest.raises(ValidationError, match="needs its words and a state"):
        record(element, by=olivia)
    with refused_by_the_database("element_condition_has_words_and_state"):
        try_to_save(element)


@pytest.mark.django_db
def test_the_database_refuses_a_change_of_window_without_a_reason(ask):
    with refused_by_the_database("due_revision_has_reason"):
        try_to_save(DueRevision(action=ask.action, reason="", changed_on=TODAY))


@pytest.mark.django_db
def test_a_letter_names_one_part_of_an_element(ask, olivia):
    record(ElementPart(element=ask.elements[0], letter="a", text="One."), by=olivia)
    with pytest.raises(ValidationError, match="part of that letter"):
        record(ElementPart(element=ask.elements[0], letter="a", text="Two."), by=olivia)


@pytest.mark.django_db
def test_a_part_is_called_by_its_element_and_letter(ask):
    assert str(ElementPart(element=ask.elements[2], letter="b", text="x")) == "3b"
