"""The kept numbers of open actions and closed elements: right after every step, seen by nobody who may not see them."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from actions.inherited import wrong_elements
from actions.models import Action, Answer, Element, Judgement, Tally
from actions.models.asks import Timing
from actions.programme.carry_over import carry_over
from actions.services import add_element, change_condition, judge, next_number, open_action, record_answers
from actions.tallies import Key, differences, kept, kept_sums, rebuild, reckoned
from scrutiny.models import TrackingCategory
from tests import factories

pytestmark = pytest.mark.django_db
JUDGED, LATER = date(2023, 6, 7), date(2023, 12, 31)


@pytest.fixture
def item(board):
    """Of the meeting that judges."""
    return factories.ItemFactory(meeting__board=board, meeting__date=JUDGED)


def category(board, effect):
    return TrackingCategory.objects.filter(scheme=board.tracking_scheme, effect=effect).first()


def judged(item, elements, effect, by):
    found = category(item.meeting.board, effect)
    rows = [Judgement(element=each, category=found, comment="As the Board heard.") for each in elements]
    judge(item, rows, by=by)
    return rows


def numbers(action):
    """(open actions, closed elements, those of them that a report answered) of its item, for its board."""
    of_item = [(key, found) for key, found in kept().items() if key[:2] == (action.item_id, action.board_id)]
    closed = [found for key, found in of_item if key.timing == "closed"]
    return (
        sum(found["open_actions"] for _, found in of_item),
        sum(found["elements"] for found in closed),
        sum(found["answered"] for found in closed),
    )


def test_an_action_that_is_opened_is_counted(olivia):
    resolution = factories.ResolutionFactory()
    action = Action(resolution=resolution, title="A report", addressee=factories.OrganisationFactory())
    open_action(action, [], by=olivia)
    assert numbers(action) == (1, 0, 0)


def test_an_element_that_the_board_closes_is_counted_and_so_is_its_action_once_nothing_is_left(
    ask, item, olivia
):
    first, *others = ask.elements
    judged(item, [first], "closes", olivia)
    assert numbers(ask.action) == (1, 1, 0)
    judged(item, others, "closes", olivia)
    assert numbers(ask.action) == (0, len(ask.elements), 0)


def test_an_element_that_was_answered_counts_as_such_whichever_came_first(ask, item, olivia):
    first, second, *_ = ask.elements
    report = factories.ReportFactory(item=item)
    record_answers(report, [Answer(element=first, coverage="fully")], by=olivia)
    assert numbers(ask.action) == (1, 0, 0)
    judged(item, [first, second], "closes", olivia)
    record_answers(report, [Answer(element=second, coverage="partly")], by=olivia)
    assert numbers(ask.action) == (1, 2, 2)


def test_a_judgement_taken_back_is_not_counted_any_more(ask, item, olivia):
    rows = judged(item, ask.elements, "closes", olivia)
    judge(item, [], rows, by=olivia)
    assert numbers(ask.action) == (1, 0, 0)
    assert differences() == []


def test_a_judgement_that_closes_nothing_adds_no_row(ask, item, olivia):
    before = Tally.objects.count()
    judged(item, ask.elements, "continues", olivia)
    assert Tally.objects.count() == before


def test_an_element_added_to_a_closed_action_opens_it(ask, item, olivia):
    judged(item, ask.elements, "closes", olivia)
    add_element(ask.action, Element(text="The numbers for each school"), by=olivia)
    assert numbers(ask.action) == (1, len(ask.elements), 0)


def test_a_condition_that_lapses_may_close_an_action(ask, item, olivia):
    *most, last = ask.elements
    last.condition, last.condition_state = "once the review is published", "waiting"
    last.save()
    judged(item, most, "closes", olivia)
    change_condition(last, state="not_met_lapsed", check_on=None, reason="Not published", by=olivia)
    assert numbers(ask.action) == (0, len(most), 0)


def test_what_goes_over_to_another_board_is_counted_there(ask, item, olivia):
    judged(item, ask.elements[:1], "closes", olivia)
    source, successor = ask.action.board, factories.BoardFactory(predecessor=ask.action.board)
    carry_over(source, successor, [ask.action], on=date(2023, 6, 30), by=olivia)
    assert numbers(ask.action) == (0, 0, 0)
    assert numbers(Action.objects.get(pk=ask.action.pk)) == (1, 1, 0)
    assert differences() == []


@pytest.mark.django_db(transaction=True)
def test_nobody_who_counts_waits_for_somebody_who_numbers():
    """Or one who holds the board and wants the action would wait for one who holds the action and counts."""
    if connection.vendor != "postgresql":
        pytest.skip("On SQLite there is one writer at a time.")
    element = factories.ElementFactory()

    def close():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")
        try:
            return Element.objects.filter(pk=element.pk).update(closed_on=JUDGED)
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as other:
        next_number(element.action.board, element.action.year)
        assert other.submit(close).result() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_what_several_change_while_all_is_made_anew_is_counted_once():
    """Four people change elements, and meanwhile the tallies are made anew, again and again."""
    if connection.vendor != "postgresql":
        pytest.skip("On SQLite there is one writer at a time.")
    keys = [factories.ElementFactory().pk for _ in range(20)]
    other = factories.BoardFactory().pk
    changes = [{"closed_on": JUDGED}, {"closed_on": None}, {"window_to": JUDGED}, {"window_to": LATER}]
    changes += [{"board": other}, {"answered_on": JUDGED}, {"condition_state": "waiting", "condition": "If"}]

    def change(seed):
        luck = random.Random(seed)
        try:
            for _ in range(100):
                Element.objects.filter(pk=luck.choice(keys)).update(**luck.choice(changes))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as people:
        at_work = [people.submit(change, seed) for seed in range(4)]
        made_anew = 0
        while not all(each.done() for each in at_work):
            rebuild()
            made_anew += 1
    assert [each.result() for each in at_work] == [None] * 4
    assert made_anew > 2
    assert differences() == []


# Checked, and made anew.


def wrong(ask):
    Tally.objects.create(item=ask.item, board=ask.action.board, timing="closed", elements=3)


def test_a_difference_is_found_and_named_for_the_item_and_for_the_sum(ask):
    wrong(ask)
    board = ask.action.board_id
    assert [(key, old["elements"], new["elements"]) for key, old, new in differences()] == [
        (Key(ask.item.pk, board, "closed"), 3, 0),
        (Key(None, board, "closed"), 3, 0),
    ]
    said = StringIO()
    with pytest.raises(CommandError, match="2 tallies, 0 actions and 0 elements are not right"):
        call_command("rebuild_tallies", "--check", stdout=said)
    assert f"agenda item {ask.item.pk}, board {board}, closed: open_actions 0, should be 0; elements 3" in (
        said.getvalue()
    )


def test_what_is_kept_and_should_not_be_is_found_too(ask):
    other = factories.BoardFactory()
    Tally.objects.create(item=ask.item, board=other, open_actions=1)
    assert [(key.board, old["open_actions"]) for key, old, _ in differences()] == [(other.pk, 1)] * 2


def test_a_wrong_sum_is_found_although_its_items_are_right(ask):
    rebuild()
    Tally.objects.filter(item=None, open_actions=1).update(open_actions=2)
    assert [(key.item, old["open_actions"], new["open_actions"]) for key, old, new in differences()] == [
        (None, 2, 1)
    ]


def test_made_anew_they_agree_with_the_records_in_one_row_each_and_one_for_the_sum(ask, item, olivia):
    for element in ask.elements:
        judged(item, [element], "closes", olivia)
    wrong(ask)
    assert rebuild() == 2
    assert differences() == []
    assert kept() == reckoned()
    assert Tally.objects.count() == len(kept()) + len(kept_sums())


def test_what_changes_after_they_were_made_anew_is_counted_in_both(ask, item, olivia):
    rebuild()
    judged(item, ask.elements, "closes", olivia)
    assert differences() == []
    assert numbers(ask.action) == (0, len(ask.elements), 0)


# The database counts, whoever writes.


def test_rows_that_are_written_past_everything_are_counted(ask):
    first, second, *_ = ask.elements
    Element.objects.filter(pk=first.pk).update(closed_on=JUDGED)
    Element.objects.filter(pk=second.pk).update(window_to=JUDGED, window_from=None)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE actions_action SET closed_on = %s WHERE id = %s", [JUDGED, ask.action.pk])
    assert numbers(ask.action) == (0, 1, 0)
    inherited = {each.pk for each in wrong_elements()}
    assert inherited == {second.pk}  # a window of its own making; counted all the same
    assert differences() == []


def test_rows_that_are_taken_away_are_counted_no_more(board, partnership):
    element = factories.ElementFactory()
    Element.objects.filter(pk=element.pk).delete()
    Action.objects.filter(pk=element.action_id).delete()
    assert kept() == {}
    assert differences() == []


def test_a_change_that_counts_nothing_adds_no_row(ask):
    before = Tally.objects.count()
    Element.objects.update(owner_progress="complete", last_word_on=JUDGED, text="The same, said otherwise")
    assert Tally.objects.count() == before


def test_the_command_says_that_all_is_well(ask):
    said = StringIO()
    call_command("rebuild_tallies", stdout=said)
    call_command("rebuild_tallies", "--check", stdout=said)
    assert "The tallies, the actions and the elements agree with the records." in said.getvalue()


# Who sees what: what is counted for somebody is what they could count themselves.


@pytest.fixture
def scenes(board, partnership):
    """What was asked under items of every kind: published, drafted, exempt in several ways; some of it gone over."""
    other = factories.BoardFactory(name="Scrutiny Board (Places)")
    restricted = {"item__restriction": "exempt", "item__public_interest_reason": "It names a provider."}
    kinds = [
        {},
        {"item__meeting__minutes_state": "drafting"},
        restricted | {"item__exempt_paragraphs": "3"},
        restricted | {"item__exempt_paragraphs": "1"},
        restricted | {"item__exempt_paragraphs": "1", "item__members_access": "shown"},
        restricted | {"item__exempt_paragraphs": "3", "item__members_access": "withheld"},
    ]
    for number, (kind, asking, following) in enumerate(
        (kind, asking, following)
        for kind in kinds
        for asking, following in ((board, board), (other, other), (board, other))
    ):
        resolution = factories.ResolutionFactory(
            item__meeting__board=asking, item__meeting__date=date(2023, 1, 1 + number), **kind
        )
        for addressee in (partnership, factories.OrganisationFactory()):
            action = factories.ActionFactory(resolution=resolution, board=following, addressee=addressee)
            factories.ElementFactory(action=action, closed_on=JUDGED, answered_on=JUDGED)
            factories.ElementFactory(action=action, closed_on=JUDGED)
            factories.ElementFactory(action=action)
            factories.ElementFactory(action=action, condition="If it is so", condition_state="waiting")
            factories.ElementFactory(action=action, answered_on=JUDGED)
            factories.ElementFactory(action=action, due_to=LATER)
            factories.ElementFactory(
                action=action, not_late_until=LATER, not_late_because="The Board heard why."
            )


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["olivia", "chidi", "mary", "lena", "arun", "ada", "bea", "sunil", "officer of one board", "both"]
)
def test_everybody_is_told_the_numbers_of_what_they_can_see(scenes, cast, board, partnership, name):
    from scrutiny.overview.dashboard import standings
    from tests.conftest import hold

    if name == "officer of one board":
        user = hold(factories.UserFactory(), "officer", board=board)
    elif name == "both":
        user = hold(factories.UserFactory(), "contributor", organisation=partnership)
        user = hold(user, "member", board=board)
    else:
        user = getattr(cast, name)
    rebuild()
    for action in Action.objects.all():  # counted in rows of their own, beside the sums
        factories.ElementFactory(action=action, due_to=LATER)
    elements, actions = Element.objects.visible_to(user), Action.objects.visible_to(user)
    stands = Counter(elements.with_timing(JUDGED).values_list("action__board", "timing"))
    answered = Counter(elements.exclude(answered_on=None).values_list("action__board", flat=True))
    open_actions = Counter(actions.open().values_list("board", flat=True))
    for standing in standings(user, JUDGED):
        key = standing.board.pk
        assert (standing.open_actions, standing.answered) == (open_actions[key], answered[key]), (
            standing.board
        )
        for timing in Timing.values:
            assert standing.timings.get(timing, 0) == stands[key, timing], (standing.board, timing)


@pytest.mark.django_db(transaction=True)
def test_an_emptied_database_has_no_tallies_and_counts_what_comes_after():
    factories.ElementFactory()
    call_command("flush", interactive=False, verbosity=0)
    assert not Tally.objects.exists()
    factories.reference_data()
    element = factories.ElementFactory()
    assert numbers(element.action) == (1, 0, 0)
