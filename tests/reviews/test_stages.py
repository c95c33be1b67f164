"""The tables of stages: closed in themselves, known to the clocks, and walked from each start to each end."""

from collections import deque
from datetime import date, timedelta

import pytest

from reviews.models import ClockRule, ReviewCase, Stage
from reviews.stages import ASIDES, DECISIONS, FOLLOWS, LADDERS, LEARNING, STARTS, Kind, rules_of

WAYS = {**{kind.value: ladder for kind, ladder in LADDERS.items()}, "learning": LEARNING}
BEGINNINGS = {kind.value: [code for of, code in STARTS if of == kind] for kind in Kind} | {
    "learning": ["identified"]
}
ENDS = [(kind, code) for kind, ladder in LADDERS.items() for code, rule in ladder.items() if rule.ends]


def ways(ladder, starts):
    """{stage: the shortest way to it, [code, ...]} of those that can be reached from `starts`."""
    found, waiting = {start: [start] for start in starts}, deque(starts)
    while waiting:
        code = waiting.popleft()
        for following in ladder[code].then:
            if following not in found:
                found[following] = [*found[code], following]
                waiting.append(following)
    return found


# Closed in themselves.


@pytest.mark.parametrize("name", WAYS)
def test_what_may_follow_a_stage_is_a_stage_of_the_same_ladder(name):
    ladder = WAYS[name]
    assert {code for rule in ladder.values() for code in rule.then} <= set(ladder)


@pytest.mark.parametrize("name", WAYS)
def test_every_stage_can_be_reached_from_a_start(name):
    assert set(ways(WAYS[name], BEGINNINGS[name])) == set(WAYS[name])


@pytest.mark.parametrize("name", WAYS)
def test_an_end_can_be_reached_from_every_stage(name):
    ladder = WAYS[name]
    ends = {code for code, rule in ladder.items() if rule.ends}
    assert all(ends & set(ways(ladder, [code])) for code in ladder)


@pytest.mark.parametrize("kind", Kind)
def test_an_event_beside_the_ladder_is_no_stage_of_it(kind):
    assert not set(LADDERS[kind]) & set(ASIDES[kind])


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_ladder_and_a_start_on_it(kind):
    starts = BEGINNINGS[kind]
    assert starts
    assert set(starts) <= set(LADDERS[kind])


@pytest.mark.parametrize("follow", FOLLOWS, ids=lambda follow: f"{follow.kind}-{follow.stage}")
def test_what_follows_comes_from_a_real_stage_and_begins_at_a_start(follow):
    rule = LADDERS[follow.kind][follow.stage]
    assert follow.start in STARTS
    assert follow.decision in dict(rule.decisions or [("", "")])


@pytest.mark.parametrize("kind", Kind)
def test_a_stage_asks_only_for_facts_of_a_case(kind):
    names = {field.name for field in ReviewCase._meta.fields}
    assert {name for rule in rules_of(kind).values() for name in rule.asks} <= names


def test_a_title_is_asked_for_only_where_the_case_is_published():
    asking = [rule for kind in Kind for rule in rules_of(kind).values() if "title" in rule.asks]
    assert asking
    assert all(rule.publishes for rule in asking)


def test_a_decision_code_means_one_thing():
    assert len(DECISIONS) == len(dict(DECISIONS))


# Known to the clocks.


@pytest.mark.django_db
def test_the_stages_at_which_clocks_start_and_stop_are_reached_by_their_kind_of_case():
    rules = ClockRule.objects.exclude(kind="")
    assert {rule.kind for rule in rules} == {"rapid_review", "cspr", "local_review", "national_review"}
    for rule in rules:
        reached = {stage.reaches for stage in rules_of(rule.kind).values()}
        assert {rule.starts_at, rule.stops_at} - {""} <= reached, rule.code


@pytest.mark.parametrize(
    ("kind", "code", "reached"),
    [
        ("cspr", "improvements_published", "published"),
        ("cspr", "not_published", "published"),
        ("cspr", "agreed", "agreed"),
    ],
)
def test_however_a_review_is_published_the_same_clock_stops(kind, code, reached):
    assert rules_of(kind)[code].reaches == reached


# Walked.


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "end"), ENDS)
def test_a_case_walks_from_its_start_to_each_of_its_ends(begin, step, kind, end):
    ladder = LADDERS[kind]
    first, *way = ways(ladder, BEGINNINGS[kind])[end]
    on = date(2023, 1, 9)
    case = begin(kind, first, on)
    for code in way:
        on += timedelta(days=3)
        rule = ladder[code]
        decision = rule.decisions[0][0] if rule.decisions else ""
        # The day of publication is far enough away for copies to be sent in time.
        planned = (
            {"planned_publication": on + timedelta(days=30)} if "planned_publication" in rule.asks else {}
        )
        on += timedelta(days=30) if rule.publishes else timedelta()
        case = step(
            case, code, on, decision=decision, note="For the record.", following="ESCP-2023-09", **planned
        )
    assert case.stage == end
    assert case.ended_on == on
    assert [stage.code for stage in case.stages.all()] == [first, *way]


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "code"), [(kind, code) for kind in Kind for code in ASIDES[kind]])
def test_an_event_beside_the_ladder_is_recorded_and_the_case_stays_where_it_is(begin, step, kind, code):
    start = BEGINNINGS[kind][-1]
    case = begin(kind, start, date(2023, 1, 9))
    case = step(case, code, date(2023, 1, 12), note="For the record.")
    assert case.stage == start
    assert str(case.stages.last()) == f"{ASIDES[kind][code].label}, 12 January 2023"
    assert Stage.objects.count() == 2
