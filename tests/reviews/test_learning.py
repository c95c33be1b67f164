"""What reviews taught: by which steps it goes on, who may take them, how far it spread, what shows that it arrived."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from reviews.models import (
    AgencyAssurance,
    Dissemination,
    LearningEvidence,
    LearningPoint,
    LearningStep,
    LearningTheme,
)
from reviews.services.learning import add_learning, add_learning_evidence, move_learning, steps_for
from reviews.stages import FOR_ASSURERS, LEARNING
from tests import factories
from tests.conftest import hold

pytestmark = pytest.mark.django_db

TAKEN = date(2026, 9, 2)
LATER = date(2026, 12, 1)
STEPS = [(rule.code, code) for rule in LEARNING.values() for code in rule.then]
NO_STEPS = [(at, code) for at in LEARNING for code in LEARNING if (at, code) not in STEPS]


def step(code, **values):
    return LearningStep(**{"code": code, "on": TAKEN, "note": "Said so"} | values)


def move(point, code, *, by, recheck_on=None, **values):
    return move_learning(point, step(code, **values), by=by, recheck_on=recheck_on)


def state_of(point):
    return LearningPoint.objects.get(pk=point.pk).state


def refused(point, code, *, by, **values):
    """The sentences with which a step is refused; the point stays where it is."""
    with pytest.raises(ValidationError) as refusal:
        move(point, code, by=by, **values)
    assert state_of(point) == point.state
    assert not point.steps.exists()
    return refusal.value.messages


# Numbers.


def new_point(case, **values):
    return LearningPoint(**{"case": case, "text": "Staff ask the next question."} | values)


def test_learning_is_numbered_in_the_order_of_its_case(bea):
    case, other = factories.CaseFactory(), factories.CaseFactory()
    numbers = [add_learning(new_point(each), by=bea).number for each in (case, other, case, case)]
    assert numbers == [1, 1, 2, 3]


def test_learning_begins_as_identified_and_says_who_added_it(bea):
    point = add_learning(new_point(factories.CaseFactory()), by=bea, reason="From the report")
    assert point.state == "identified"
    row = point.history.get()
    assert (row.history_user, row.history_change_reason) == (bea, "From the report")


def test_learning_without_words_is_refused(bea):
    case = factories.CaseFactory()
    with pytest.raises(ValidationError):
        add_learning(new_point(case, text=""), by=bea)
    assert not case.learning.exists()


# The ladder (T-9).


def test_the_ladder_is_that_of_the_domain():
    ways = {
        "identified": ("accepted", "not_accepted"),
        "accepted": ("assigned",),
        "assigned": ("in_progress",),
        "in_progress": ("reported_complete",),
        "assured": ("embedded_check_due",),
        "embedded_check_due": ("embedded", "not_embedded"),
        "embedded": ("closed",),
    }
    assert {code: LEARNING[code].then for code in ways} == ways
    assert "assured" in LEARNING["reported_complete"].then
    assert "in_progress" in LEARNING["not_embedded"].then
    assert [code for code, rule in LEARNING.items() if rule.ends] == ["not_accepted", "closed"]


@pytest.mark.parametrize(("at", "code"), STEPS)
def test_a_step_of_the_ladder_is_taken_and_told(bea, at, code):
    point = factories.LearningFactory(state=at)
    moved = move(point, code, by=bea, recheck_on=LATER)
    assert (moved.state, state_of(point)) == (code, code)
    taken = point.steps.get()
    assert (taken.code, taken.on, taken.recorded_by) == (code, TAKEN, bea)
    row = point.history.first()
    assert (row.history_user, row.history_change_reason) == (bea, LEARNING[code].label)


@pytest.mark.parametrize(("at", "code"), NO_STEPS)
def test_no_other_step_is_taken_and_the_refusal_says_what_may_follow(bea, at, code):
    [sentence] = refused(factories.LearningFactory(state=at), code, by=bea)
    assert sentence.startswith(f"After “{LEARNING[at].label}” comes ")
    for may in LEARNING[at].then:
        assert f"“{LEARNING[may].label}”" in sentence
    assert sentence.endswith("nothing more.") == (not LEARNING[at].then)


def test_what_stands_in_the_record_counts_and_not_what_the_page_showed(bea):
    shown = factories.LearningFactory()
    move(LearningPoint.objects.get(pk=shown.pk), "accepted", by=bea)
    with pytest.raises(ValidationError, match="After “Accepted” comes “Assigned to an owner”"):
        move(shown, "not_accepted", by=bea)


def test_learning_is_assigned_only_to_somebody(bea):
    point = factories.LearningFactory(state="accepted", owner=None)
    assert refused(point, "assigned", by=bea) == [
        "Say first which agency owns this learning: change the learning point."
    ]


@pytest.mark.parametrize(
    ("at", "code"), [("identified", "not_accepted"), ("embedded_check_due", "not_embedded")]
)
def test_a_no_needs_its_reason(bea, at, code):
    assert refused(factories.LearningFactory(state=at), code, by=bea, note="") == ["Enter the reason."]


def test_a_step_is_not_taken_in_the_future(bea):
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert refused(factories.LearningFactory(), "accepted", by=bea, on=tomorrow) == [
        "This date is in the future. Record a step once it is taken."
    ]


def test_a_step_may_be_taken_today(bea):
    point = factories.LearningFactory()
    move(point, "accepted", by=bea, on=timezone.localdate())
    assert state_of(point) == "accepted"


def test_the_day_to_look_again_is_kept_until_another_is_set(bea):
    point = factories.LearningFactory(state="assured")
    move(point, "embedded_check_due", by=bea, recheck_on=LATER)
    assert LearningPoint.objects.get(pk=point.pk).recheck_on == LATER
    move(point, "embedded", by=bea)
    assert LearningPoint.objects.get(pk=point.pk).recheck_on == LATER


def test_looking_again_needs_a_day(bea):
    point = factories.LearningFactory(state="assured")
    assert refused(point, "embedded_check_due", by=bea) == ["Enter when it is looked at again."]


def test_another_step_sets_no_day_to_look_again(bea):
    point = factories.LearningFactory()
    move(point, "accepted", by=bea, recheck_on=LATER)
    assert LearningPoint.objects.get(pk=point.pk).recheck_on is None


# Who takes which step.


ASSURING = [(at, code) for at, code in STEPS if code in FOR_ASSURERS]
WORKING = [(at, code) for at, code in STEPS if code not in FOR_ASSURERS]
BY_ASSURERS = "This step is taken by those who assure the learning, never by its owner."


def test_whoever_assures_sets_what_comes_after_the_owner_s_word():
    assert {"assured", "embedded_check_due", "embedded", "not_embedded"} <= FOR_ASSURERS
    assert not FOR_ASSURERS & {"accepted", "assigned", "in_progress", "reported_complete"}


@pytest.mark.parametrize(("at", "code"), ASSURING)
def test_the_owner_never_assures(lena, partnership, at, code):
    point = factories.LearningFactory(state=at, owner=partnership)
    assert code not in steps_for(lena, point)
    assert refused(point, code, by=lena) == [BY_ASSURERS]


@pytest.mark.parametrize(("at", "code"), ASSURING)
def test_nor_does_the_business_unit_assure_what_its_own_body_owns(bea, partnership, at, code):
    point = factories.LearningFactory(state=at, owner=partnership)
    assert code not in steps_for(bea, point)
    assert refused(point, code, by=bea) == [BY_ASSURERS]


def test_nor_does_somebody_of_the_business_unit_who_answers_for_the_owner_too(bea):
    hospital = factories.OrganisationFactory()
    point = factories.LearningFactory(state="reported_complete", owner=hospital)
    assert "assured" in steps_for(bea, point)
    hold(bea, "contributor", organisation=hospital)
    del bea.grants
    assert steps_for(bea, point) == ["in_progress"]


@pytest.mark.parametrize(("at", "code"), WORKING)
def test_the_owner_takes_the_steps_of_the_work(lena, partnership, at, code):
    point = factories.LearningFactory(state=at, owner=partnership)
    assert code in steps_for(lena, point)
    move(point, code, by=lena)
    assert state_of(point) == code


def test_a_contributor_moves_nothing_of_another_body(lena):
    point = factories.LearningFactory()
    assert steps_for(lena, point) == []
    refused(point, "accepted", by=lena)


def test_a_contributor_moves_nothing_that_nobody_owns(lena):
    assert steps_for(lena, factories.LearningFactory(owner=None)) == []


@pytest.mark.parametrize("name", ["olivia", "chidi", "mary", "sunil", "arun", "ada", "norma"])
def test_others_move_no_learning(cast, name):
    point = factories.LearningFactory()
    assert steps_for(getattr(cast, name), point) == []
    refused(point, "accepted", by=getattr(cast, name))


# What shows that it arrived.


@pytest.mark.parametrize(
    ("grades", "best"), [([], ""), (["E2"], "E2"), (["E1", "E4", "E2"], "E4"), (["E5", "E1"], "E5")]
)
def test_the_evidence_of_a_point_is_the_best_of_its_pieces(bea, grades, best):
    point = factories.LearningFactory()
    for grade in grades:
        piece = LearningEvidence(learning=point, title="Dip sample", grade=grade)
        add_learning_evidence(piece, by=bea)
    assert LearningPoint.objects.get(pk=point.pk).evidence_grade == best


def test_evidence_of_another_point_does_not_count(bea):
    point = factories.LearningFactory()
    add_learning_evidence(
        LearningEvidence(learning=factories.LearningFactory(), title="Survey", grade="E5"), by=bea
    )
    assert LearningPoint.objects.get(pk=point.pk).evidence_grade == ""


@pytest.mark.parametrize(
    ("grade", "only_activity"), [("", False), ("E1", True), ("E2", True), ("E3", False), ("E4", False)]
)
def test_output_and_reach_are_activity_and_what_comes_after_is_more(grade, only_activity):
    assert LearningPoint(evidence_grade=grade).only_activity == only_activity


# How far it spread.


def spread_of(point):
    found = LearningPoint.objects.with_spread().get(pk=point.pk)
    return found.activity_count, found.agency_count, found.cascaded_count


def test_what_spread_it_and_who_passed_it_on_are_counted_apart():
    point = factories.LearningFactory()
    factories.DisseminationFactory.create_batch(2, learning=point)
    for cascaded in ("yes", "yes", "partly", "asked", "no"):
        factories.AssuranceFactory(learning=point, cascaded=cascaded)
    factories.LearningEvidenceFactory.create_batch(3, learning=point)
    factories.DisseminationFactory()
    factories.AssuranceFactory()
    assert spread_of(point) == (2, 5, 2)


def test_a_point_nobody_spread_counts_none():
    assert spread_of(factories.LearningFactory()) == (0, 0, 0)


# Late.

TODAY = date(2026, 10, 1)
YESTERDAY = TODAY - timedelta(days=1)


def is_late(**values):
    point = factories.LearningFactory(**values)
    return LearningPoint.objects.late(TODAY).filter(pk=point.pk).exists()


@pytest.mark.parametrize("state", ["identified", "accepted", "assigned", "in_progress"])
def test_past_its_date_and_not_reported_complete_it_is_late(state):
    assert is_late(state=state, due_on=YESTERDAY)


@pytest.mark.parametrize("state", [*sorted(FOR_ASSURERS), "reported_complete", "not_accepted"])
def test_once_the_owner_says_it_is_done_or_nobody_has_to_do_it_it_is_not(state):
    assert not is_late(state=state, due_on=YESTERDAY)


@pytest.mark.parametrize("due_on", [TODAY, TODAY + timedelta(days=1), None])
def test_until_its_date_has_passed_it_is_not_late(due_on):
    assert not is_late(state="in_progress", due_on=due_on)


# Who sees it.

EVERYBODY = {"olivia", "petra", "chidi", "mary", "lena", "bea", "sunil", "arun", "grace", "ada"}


def who_sees(cast, obj):
    return {name for name, user in vars(cast).items() if type(obj).objects.visible_to(user).contains(obj)}


def with_parts(**values):
    """A point, and something of each kind beneath it."""
    point = factories.LearningFactory(**values)
    return [
        point,
        factories.LearningStepFactory(learning=point),
        factories.DisseminationFactory(learning=point),
        factories.AssuranceFactory(learning=point),
        factories.LearningEvidenceFactory(learning=point),
        LearningTheme.objects.create(learning=point, theme=factories.theme("CUR")),
    ]


def test_with_a_published_review_everybody_sees_what_it_taught(cast):
    for each in with_parts(case__published_on=TAKEN):
        assert who_sees(cast, each) == EVERYBODY


def test_before_that_only_those_who_work_on_reviews_do(cast):
    for each in with_parts():
        assert who_sees(cast, each) == {"bea", "sunil"}


def test_and_the_body_that_owns_it(cast, partnership):
    for each in with_parts(owner=partnership):
        assert who_sees(cast, each) == {"bea", "sunil", "lena"}


def test_a_role_that_has_ended_shows_nothing_more(lena, partnership):
    point = factories.LearningFactory(owner=partnership)
    assignment = lena.role_assignments.get()
    assignment.end = timezone.localdate() - timedelta(days=1)
    assignment.save()
    lena = type(lena).objects.get(pk=lena.pk)
    assert not LearningPoint.objects.visible_to(lena).contains(point)


# Words for people.


def test_rows_are_told_in_words():
    agency = factories.OrganisationFactory(name="Wenlow Valley Police")
    assert str(AgencyAssurance(agency=agency, cascaded="partly")) == "Wenlow Valley Police: Partly"
    assert str(LearningStep(code="assured", on=TAKEN)) == "Assured, 2 September 2026"
    assert str(Dissemination(title="Seven-minute guide")) == "Seven-minute guide"
