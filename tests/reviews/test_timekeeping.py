"""The clocks of a case: those that started, the one that presses most, and how long it stays public."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews.clocks import ClockState
from reviews.models import ReviewCase
from reviews.stages import rules_of
from reviews.timekeeping import Timekeeper, days_reached
from scrutiny.models import BankHoliday
from tests import factories
from tests.scrutiny.toolkit.test_dates import on

pytestmark = pytest.mark.django_db


def codes(clocks):
    return [each.clock.rule.code for each in clocks]


def at(day):
    return Timekeeper(on(day))


@pytest.fixture
def published(agreed, step):
    case = step(agreed, "sent_to_panel_sos", on("Wed 24 May 2023"), planned_publication=on("Mon 5 Jun 2023"))
    return step(case, "published", on("Mon 5 Jun 2023"))


# Which clocks a case has.


def test_only_clocks_that_have_started_are_there(begin, step):
    case = begin("rapid_review", "referred", on("Mon 3 Apr 2023"))
    assert at("Mon 3 Apr 2023").clocks_of(case) == []
    case = step(case, "aware", on("Wed 5 Apr 2023"))
    assert codes(at("Wed 5 Apr 2023").clocks_of(case)) == ["SIN5", "SINP5"]
    case = step(case, "notified", on("Thu 6 Apr 2023"))
    assert codes(at("Wed 5 Apr 2023").clocks_of(case)) == ["SIN5", "SINP5", "RR15"]


def test_a_decision_not_to_notify_ends_the_clocks_before_the_case_is_closed(begin, step):
    case = begin("rapid_review", "aware", on("Wed 5 Apr 2023"))
    case = step(case, "not_notified", on("Tue 11 Apr 2023"), note="The criteria are not met.")
    states = {each.clock.state for each in at("Mon 5 Jun 2023").clocks_of(case)}
    assert states == {ClockState.ENDED}


def test_clocks_stand_in_the_order_of_their_ends(agreed):
    clocks = at("Wed 10 May 2023").clocks_of(agreed)
    assert codes(clocks) == ["CSPR7", "CSPR6"]
    assert [each.clock.due for each in clocks] == [on("Wed 24 May 2023"), on("Sun 9 Jul 2023")]


def test_copies_are_counted_back_from_the_planned_day_until_there_is_an_actual_one(agreed, published):
    assert at("Wed 10 May 2023").clocks_of(agreed)[0].clock.start == on("Mon 5 Jun 2023")
    published.planned_publication = on("Mon 3 Jul 2023")
    assert at("Wed 10 May 2023").clocks_of(published)[0].clock.start == on("Mon 5 Jun 2023")


def test_a_review_without_a_planned_day_has_no_clock_for_copies(begin):
    case = begin("cspr", "decided", on("Mon 9 Jan 2023"))
    assert codes(at("Mon 9 Jan 2023").clocks_of(case)) == ["CSPR6"]


@pytest.mark.parametrize(("kind", "code"), [("audit", "planned"), ("national_review", "announced")])
def test_an_audit_and_a_national_review_run_against_no_clock(begin, kind, code):
    case = begin(kind, code, on("Mon 9 Jan 2023"))
    assert at("Mon 5 Jun 2023").clocks_of(case) == []


def test_a_clock_starts_when_a_stage_is_first_reached(begin, step):
    case = begin("cspr", "decided", date(2023, 1, 9))
    for code in ("scoping", "reviewer_appointed", "in_progress", "draft_report"):
        case = step(case, code, date(2023, 1, 16))
    case = step(case, "in_progress", date(2023, 3, 6))
    assert days_reached(case)["in_progress"] == date(2023, 1, 16)


def test_a_rule_that_holds_under_every_guidance_holds_beside_those_of_its_own(notified):
    factories.ClockRuleFactory(
        code="TELL", kind="rapid_review", starts_at="notified", stops_at="closed", length=5
    )
    factories.ClockRuleFactory(
        code="ELSE", kind="rapid_review", starts_at="notified", guidance=factories.guidance("WT2023")
    )
    found = codes(at("Mon 17 Apr 2023").clocks_of(notified))
    assert "TELL" in found
    assert "ELSE" not in found


def test_a_one_off_bank_holiday_moves_the_end_of_a_clock(notified):
    BankHoliday.objects.create(day=on("Tue 9 May 2023"), name="A day of thanks")
    clocks = {each.clock.rule.code: each.clock for each in at("Mon 17 Apr 2023").clocks_of(notified)}
    assert clocks["RR15"].due == on("Wed 10 May 2023")


# How they stand.


@pytest.mark.parametrize(
    ("day", "state", "running", "late"),
    [
        ("Tue 2 May 2023", ClockState.DUE, True, False),
        ("Tue 9 May 2023", ClockState.DUE_SOON, True, False),
        ("Wed 10 May 2023", ClockState.LATE, True, True),
    ],
)
def test_a_clock_that_nothing_stopped_is_running(notified, day, state, running, late):
    clock = at(day).clocks_of(notified)[-1]
    assert (clock.clock.state, clock.is_running, clock.is_late) == (state, running, late)


def test_a_stopped_clock_does_not_run_however_late_it_was(begin, step):
    case = begin("rapid_review", "aware", on("Thu 22 Dec 2022"))
    case = step(case, "notified", on("Wed 4 Jan 2023"), late_reason="The office was closed.")
    stopped = next(each for each in at("Mon 9 Jan 2023").clocks_of(case) if each.clock.rule.code == "SIN5")
    assert (stopped.is_running, stopped.is_late) == (False, True)


def test_a_clock_that_ended_with_its_case_neither_runs_nor_is_late(notified, step):
    case = step(notified, "withdrawn", on("Mon 15 May 2023"), note="The criteria are not met.")
    ended = at("Mon 5 Jun 2023").clocks_of(case)[-1]
    assert (ended.clock.state, ended.is_running, ended.is_late) == (ClockState.ENDED, False, False)


# Which presses most.


def test_what_is_late_presses_more_than_what_is_due_soon(agreed):
    assert at("Thu 25 May 2023").pressing(agreed).clock.rule.code == "CSPR7"
    assert at("Thu 25 May 2023").pressing(agreed).clock.state == ClockState.LATE


def test_of_clocks_that_press_alike_the_first_to_end_presses(agreed):
    assert at("Wed 10 May 2023").pressing(agreed).clock.rule.code == "CSPR7"
    assert at("Mon 10 Jul 2023").pressing(agreed).clock.rule.code == "CSPR7"


def test_what_is_late_without_a_reason_presses_more_than_what_is_explained(agreed):
    factories.LateReasonFactory(case=agreed, clock="CSPR7")
    assert at("Mon 10 Jul 2023").pressing(agreed).clock.rule.code == "CSPR6"


def test_nothing_presses_where_nothing_runs(published, begin):
    assert at("Mon 5 Jun 2023").pressing(published) is None
    assert at("Mon 5 Jun 2023").pressing(begin("audit", "planned", on("Mon 9 Jan 2023"))) is None


# Which steps may need a reason.


@pytest.mark.parametrize(
    ("kind", "stops"),
    [
        ("rapid_review", {"notified", "sent_to_panel", "partners_told"}),
        ("cspr", {"sent_to_panel_sos", "published", "improvements_published", "not_published"}),
        ("local_review", {"findings_agreed", "brief_published"}),
        ("audit", {"brief_published"}),
    ],
)
def test_a_reason_is_asked_for_where_a_clock_may_stop(kind, stops):
    case = factories.CaseFactory.build(kind=kind, guidance=factories.guidance("WT2026"))
    timekeeper = at("Mon 5 Jun 2023")
    assert {code for code, rule in rules_of(kind).items() if timekeeper.may_stop(case, rule)} == stops


# How long it stays public.


def test_a_published_review_stays_public_for_a_year_at_least(published):
    public = at("Mon 5 Jun 2023").public_until(published)
    assert (public.rule.code, public.due) == ("CSPR1Y", on("Tue 4 Jun 2024"))
    assert "until at least Tuesday 4 June 2024" in public.in_words


def test_a_national_review_stays_public_for_three_years_at_least(begin, step):
    case = begin("national_review", "announced", on("Mon 9 Jan 2023"))
    case = step(case, "published", on("Thu 29 Feb 2024"))
    assert at("Mon 3 Jun 2024").public_until(case).due == on("Sun 28 Feb 2027")


def test_how_long_it_stays_public_is_no_time_limit_of_the_case(published):
    assert "CSPR1Y" not in codes(at("Mon 5 Jun 2023").clocks_of(published))


def test_what_is_not_published_stays_public_for_no_time(agreed, step):
    assert at("Mon 5 Jun 2023").public_until(agreed) is None
    case = step(agreed, "sent_to_panel_sos", on("Wed 24 May 2023"), planned_publication=on("Mon 5 Jun 2023"))
    case = step(case, "not_published", on("Mon 5 Jun 2023"), note="It would harm a sibling.")
    assert at("Mon 5 Jun 2023").public_until(case) is None


# What it costs.


def test_many_cases_cost_as_much_as_one(bea):
    def asked():
        cases = ReviewCase.objects.prefetch_related("stages", "late_reasons")
        with CaptureQueriesContext(connection) as captured:
            timekeeper = Timekeeper(on("Mon 5 Jun 2023"))
            for case in cases:
                assert timekeeper.clocks_of(case)
                assert timekeeper.pressing(case)
                assert timekeeper.public_until(case) is None
        return len(captured)

    factories.StageFactory(recorded_by=bea)
    one = asked()
    for _ in range(30):
        factories.StageFactory(recorded_by=bea)
    assert asked() == one
