"""How an element stands is summed up from what lies beneath it, and the sum is never wrong."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from unittest import mock

import pytest
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from actions import services
from actions.models import Action, Answer, Element, Evidence, ProgressUpdate
from actions.standing import refresh, standing
from scrutiny.models import TrackingCategory
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def element(ask):
    return ask.elements[0]


def judged(element, code, day):
    item = factories.ItemFactory(meeting=factories.MeetingFactory(board=element.action.board, date=day))
    return factories.JudgementFactory(element=element, item=item, category=factories.category(code))


def answered(element, coverage, day):
    item = factories.ItemFactory(meeting=factories.MeetingFactory(board=element.action.board, date=day))
    return factories.AnswerFactory(
        element=element, report=factories.ReportFactory(item=item), coverage=coverage
    )


def code_of(now):
    return TrackingCategory.objects.get(pk=now["category_id"]).code


def test_an_element_without_anything_is_not_started(element):
    assert standing(element) == {
        "owner_progress": "not_started",
        "last_word_on": None,
        "evidence_grade": "",
        "answered_on": None,
        "category_id": None,
        "judged_on": None,
        "closed_on": None,
    }


def test_the_owner_says_what_the_update_received_last_says(element):
    factories.UpdateFactory(element=element, received_on=date(2023, 6, 1), owner_progress="blocked")
    factories.UpdateFactory(element=element, received_on=date(2023, 5, 1), owner_progress="complete")
    now = standing(element)
    assert (now["owner_progress"], now["last_word_on"]) == ("blocked", date(2023, 6, 1))


def test_of_two_updates_of_one_day_the_one_recorded_later_counts(element):
    for progress in ("in_progress", "complete"):
        factories.UpdateFactory(element=element, received_on=date(2023, 6, 1), owner_progress=progress)
    assert standing(element)["owner_progress"] == "complete"


def test_the_best_evidence_counts(element):
    for grade in ("E1", "E4", "E2"):
        factories.EvidenceFactory(update__element=element, grade=grade)
    assert standing(element)["evidence_grade"] == "E4"


def test_the_latest_answer_counts_by_the_meeting_that_received_it(element):
    answered(element, "partly", date(2023, 5, 3))
    answered(element, "fully", date(2023, 4, 5))
    assert standing(element)["answered_on"] == date(2023, 5, 3)


def test_a_report_that_does_not_cover_an_element_does_not_answer_it(element):
    answered(element, "not", date(2023, 5, 3))
    assert standing(element)["answered_on"] is None


def test_the_judgement_of_the_latest_meeting_counts(element):
    judged(element, "2", date(2023, 5, 3))
    judged(element, "4", date(2023, 4, 5))
    now = standing(element)
    assert (code_of(now), now["judged_on"], now["closed_on"]) == (
        "2",
        date(2023, 5, 3),
        date(2023, 5, 3),
    )


def test_a_judgement_that_the_element_goes_on_does_not_close_it(element):
    judged(element, "4", date(2023, 4, 5))
    assert standing(element)["closed_on"] is None


def test_a_later_judgement_that_the_element_goes_on_opens_it_again(element):
    judged(element, "2", date(2023, 4, 5))
    judged(element, "5", date(2023, 5, 3))
    assert standing(element)["closed_on"] is None


def test_not_for_review_this_session_changes_nothing(element):
    judged(element, "2", date(2023, 4, 5))
    judged(element, "6", date(2023, 5, 3))
    now = standing(element)
    assert (code_of(now), now["closed_on"]) == ("2", date(2023, 4, 5))


def test_the_owner_s_complete_closes_nothing(element):
    factories.UpdateFactory(element=element, owner_progress="complete")
    assert standing(element)["closed_on"] is None


def test_the_sum_has_exactly_the_derived_fields(element):
    assert set(standing(element)) == {Element._meta.get_field(name).attname for name in Element.DERIVED}


# Whatever happens, in whatever order: what is stored is what can be reckoned again.

DAYS = [date(2023, 4, 5), date(2023, 5, 3), date(2023, 5, 17)]
PICK = st.integers(0, 2)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("report"), PICK, PICK, st.sampled_from(Element.OwnerProgress.values)),
        st.tuples(st.just("evidence"), PICK, PICK, st.sampled_from(["E1", "E3", "E5"])),
        st.tuples(st.just("answer"), PICK, PICK, st.sampled_from(Answer.Coverage.values)),
        st.tuples(st.just("judge"), PICK, PICK, st.sampled_from("123456")),
        st.tuples(
            st.just("condition"), st.just(2), PICK, st.sampled_from(["waiting", "met", "not_met_lapsed"])
        ),
        st.tuples(st.just("add"), PICK, PICK, st.just("")),
    ),
    max_size=8,
)


@pytest.mark.slow
class TheSumIsNeverWrong(TestCase):
    def setUp(self):
        self.by = factories.UserFactory()
        meeting = factories.MeetingFactory()
        board = meeting.board
        self.action = factories.ActionFactory(resolution__item__meeting=meeting)
        for number in (1, 2):
            factories.ElementFactory(action=self.action, number=number)
        factories.ElementFactory(
            action=self.action, number=3, condition="dependent upon the review", condition_state="waiting"
        )
        meetings = [factories.MeetingFactory(board=board, date=day) for day in DAYS]
        self.items = [factories.ItemFactory(meeting=meeting) for meeting in meetings]
        self.reports = [factories.ReportFactory(item=item) for item in self.items]

    @given(steps=STEPS)
    def test_after_any_steps_what_is_stored_is_what_can_be_reckoned_again(self, steps):
        for step, which, when, value in steps:
            element = self.action.elements.get(number=which + 1)
            getattr(self, step)(element, when, value)
        for element in self.action.elements.all():
            now = standing(element)
            assert {name: getattr(element, name) for name in now} == now
        self.check_the_action()

    def check_the_action(self):
        counting = [e for e in self.action.elements.all() if e.condition_state != "not_met_lapsed"]
        ends = [element.closed_on for element in counting]
        expected = max(ends) if ends and all(ends) else None
        assert Action.objects.get(pk=self.action.pk).closed_on == expected

    def report(self, element, when, progress):
        services.record_progress(self.update(element, when, progress), [], by=self.by)

    def evidence(self, element, when, grade):
        piece = Evidence(title="Register", grade=grade)
        services.record_progress(self.update(element, when, "in_progress"), [piece], by=self.by)

    def update(self, element, when, progress):
        body = self.action.addressee
        return ProgressUpdate(
            element=element,
            text="x",
            reported_by="y",
            source="z",
            on_behalf_of=body,
            received_on=DAYS[when],
            owner_progress=progress,
        )

    def answer(self, element, when, coverage):
        (answer,) = services.answers_of(self.reports[when], [element])
        answer.coverage = coverage
        services.record_answers(self.reports[when], [answer], by=self.by)

    def judge(self, element, when, code):
        (judgement,) = services.judgements_under(self.items[when], [element])
        judgement.category, judgement.comment = factories.category(code), "As the Chair summed up"
        services.judge(self.items[when], [judgement], by=self.by)

    def condition(self, element, when, state):
        services.change_condition(element, state=state, check_on=None, reason="Looked at", by=self.by)

    def add(self, element, when, value):
        services.add_element(self.action, Element(text="One more."), by=self.by)


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_of_two_who_record_on_one_element_at_once_both_are_summed_up(ask, olivia):
    element, both = ask.elements[0], Barrier(2, timeout=30)

    def both_have_written(element, **kwargs):
        both.wait()
        refresh(element, **kwargs)

    def recorded(progress):
        try:
            services.record_progress(update_on(element, progress), [], by=olivia)
        finally:
            connections.close_all()

    with mock.patch.object(services, "refresh", both_have_written), ThreadPoolExecutor(2) as pool:
        list(pool.map(recorded, ["in_progress", "complete"]))
    now = standing(element)
    element.refresh_from_db()
    assert {name: getattr(element, name) for name in now} == now
    assert element.updates.count() == 2


def update_on(element, progress):
    return ProgressUpdate(
        element=element,
        text="x",
        reported_by="y",
        source="z",
        on_behalf_of=element.action.addressee,
        received_on=DAYS[0],
        owner_progress=progress,
    )
