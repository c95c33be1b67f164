"""Were the statutory steps taken in time? Numbers of all cases by quarter, and none that could point at a child."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviews.models import ReviewCase, Stage
from reviews.stages import LEARNING
from reviews.timekeeping import Timekeeper
from reviews.timeliness import QUARTERS_SHOWN, quarter, steps
from scrutiny.toolkit.small_numbers import NOT_SHOWN
from tests import factories
from tests.scrutiny.test_views import page_of, text_of

pytestmark = pytest.mark.django_db

NOTIFY = "Notify the national Panel of a serious incident"
SEND = "Send the rapid review to the national Panel"
PUBLISH = "Complete and publish a local child safeguarding practice review"
MONDAY = date(2024, 1, 8)  # five working days end a week later
LATER = MONDAY + timedelta(days=30)
WINTER, SPRING = "January to March 2024", "April to June 2024"
FEW, HIDDEN = "fewer than 5", "not shown"


@pytest.fixture
def reader(client, mary):
    """The client of a board member."""
    client.force_login(mary)
    return client


def made(count, *stages, kind="rapid_review", **values):
    """That many cases with these (code, day) stages, none of them published."""
    for _ in range(count):
        code, day = stages[-1]
        case = factories.CaseFactory(kind=kind, stage=code, began_on=stages[0][1], **values)
        for code, day in stages:
            factories.StageFactory(case=case, code=code, on=day)
    return case


def in_time(count, day=MONDAY):
    return made(count, ("aware", day), ("notified", day + timedelta(days=7)))


def late(count, day=MONDAY):
    return made(count, ("aware", day), ("notified", day + timedelta(days=8)))


def not_yet(count, day=MONDAY):
    return made(count, ("aware", day))


def withdrawn(count, day=MONDAY):
    return made(count, ("aware", day), ("closed", day), ended_on=day)


def numbers(name=NOTIFY, on=LATER):
    """{quarter: [in time, late, still running]} as everybody may see it."""
    found = {step.name: step for step in steps(Timekeeper(on))}
    return {label: list(map(str, cells.values())) for label, cells in found[name].numbers.cells.items()}


def opened(client):
    return client.get(reverse("timeliness"))


def table_of(response, name=NOTIFY):
    """{quarter: cells} of the table beside the picture of a step."""
    figure = next(f for f in page_of(response).select("figure") if f.figcaption.text == f"{name}, by quarter")
    return {row.th.text: [cell.text for cell in row.select("td")] for row in figure.select("tbody tr")}


# What counts, and where.


def test_a_step_counts_as_in_time_late_or_still_running():
    in_time(5)
    late(6)
    not_yet(7)
    assert numbers(on=MONDAY + timedelta(days=7)) == {WINTER: ["5", "6", "7"]}


def test_what_was_never_done_is_late_once_its_day_has_passed():
    not_yet(5)
    assert numbers(on=MONDAY + timedelta(days=7)) == {WINTER: ["0", "0", "5"]}
    assert numbers(on=MONDAY + timedelta(days=8)) == {WINTER: ["0", "5", "0"]}


def test_late_with_a_reason_is_late_all_the_same():
    late(5)
    for case in ReviewCase.objects.all():
        factories.LateReasonFactory(case=case)
    assert numbers() == {WINTER: ["0", "5", "0"]}


def test_a_step_stands_in_the_quarter_in_which_it_was_due():
    in_time(5, date(2024, 3, 18))  # due on 25 March
    in_time(6, date(2024, 3, 25))  # Good Friday and Easter Monday put it off to 3 April
    assert numbers(on=date(2024, 5, 1)) == {WINTER: ["5", "0", "0"], SPRING: ["6", "0", "0"]}


def test_quarters_stand_in_the_order_of_time():
    for day in (date(2024, 5, 7), MONDAY):
        in_time(5, day)
    assert list(numbers(on=date(2024, 6, 1))) == [WINTER, SPRING]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2023, 12, 31), "October to December 2023"),
        (date(2024, 1, 1), WINTER),
        (date(2024, 3, 31), WINTER),
        (date(2024, 4, 1), SPRING),
        (date(2024, 9, 30), "July to September 2024"),
    ],
)
def test_a_quarter_is_named_in_words(day, name):
    assert quarter(day) == name


def test_only_the_last_quarters_are_shown():
    for number in range(QUARTERS_SHOWN + 2):
        month = 3 * number + 2
        not_yet(1, date(2021 + (month - 1) // 12, (month - 1) % 12 + 1, 1))
    shown = list(numbers(on=date(2024, 1, 1)))
    assert len(shown) == QUARTERS_SHOWN
    assert (shown[0], shown[-1]) == ("July to September 2021", "April to June 2023")


def test_a_case_that_was_withdrawn_before_the_step_does_not_count():
    in_time(5)
    withdrawn(9)
    assert numbers() == {WINTER: ["5", "0", "0"]}


def test_each_statutory_step_has_its_own_numbers():
    made(5, ("aware", MONDAY), ("notified", MONDAY), ("sent_to_panel", MONDAY + timedelta(days=20)))
    made(6, ("decided", MONDAY), ("published", date(2024, 7, 8)), kind="cspr")
    on = date(2024, 9, 1)
    assert [step.name for step in steps(Timekeeper(on))] == [NOTIFY, SEND, PUBLISH]
    assert numbers(SEND, on) == {WINTER: ["5", "0", "0"]}
    assert numbers(PUBLISH, on) == {"July to September 2024": ["6", "0", "0"]}


def test_other_kinds_of_review_have_no_statutory_step():
    made(5, ("proposed", MONDAY), ("agreed", MONDAY), kind="local_review")
    made(5, ("planned", MONDAY), kind="audit")
    assert steps(Timekeeper(LATER)) == []


# Small numbers (D-7).


@pytest.mark.parametrize(
    ("count", "shown", "total"),
    [(1, FEW, HIDDEN), (4, FEW, HIDDEN), (5, "5", "5"), (12, "12", "12")],
)
def test_one_to_four_are_not_told_apart_nor_added_up(reader, count, shown, total):
    in_time(count)
    assert table_of(opened(reader)) == {WINTER: [shown, "0", "0", total]}


def test_a_small_number_hides_every_total_over_it(reader):
    in_time(6)
    late(2)
    response = opened(reader)
    assert table_of(response) == {WINTER: ["6", FEW, "0", HIDDEN]}
    assert "Some of these numbers are too small to be shown or added up." in text_of(response)


def test_totals_stand_in_a_sentence_where_nothing_is_small(reader):
    in_time(6)
    late(5)
    in_time(7, date(2024, 5, 7))
    assert "13 in time, 5 late, 0 still running." in text_of(opened(reader))


def test_the_sentence_adds_up_nothing_where_one_quarter_is_small(reader):
    in_time(6)
    in_time(1, date(2024, 5, 7))
    response = opened(reader)
    totals = {step.name: step.numbers.column_totals for step in response.context["steps"]}
    assert totals[NOTIFY] == {"In time": NOT_SHOWN, "Late": 0, "Still running": 0}
    assert "in time, 0 late" not in text_of(response)


def test_the_council_sets_what_is_small(reader, settings):
    settings.SMALL_NUMBER_THRESHOLD = 10
    in_time(9)
    late(10)
    response = opened(reader)
    assert table_of(response) == {WINTER: ["fewer than 10", "10", "0", HIDDEN]}
    assert "A number from 1 to 9 is shown as “fewer than 10”" in text_of(response)


def test_learning_is_counted_by_state_with_the_same_care(reader):
    not_yet(1)
    factories.LearningFactory.create_batch(5, state="embedded")
    factories.LearningFactory.create_batch(2, state="assigned")
    page = page_of(opened(reader))
    found = {row.th.text: row.td.text for row in page.select("main > table tr") if row.td}
    assert list(found) == [*(rule.label for rule in LEARNING.values()), "All"]
    shown = {state: count for state, count in found.items() if count != "0"}
    assert shown == {"Embedded in practice": "5", "Assigned to an owner": FEW, "All": HIDDEN}


# Nothing leads to a case.


def test_cases_that_are_not_published_count_for_everybody(cast):
    in_time(5)
    for name in ("mary", "lena", "olivia", "bea", "arun"):
        client = Client()
        client.force_login(getattr(cast, name))
        assert table_of(opened(client)) == {WINTER: ["5", "0", "0", "5"]}


def test_no_key_reference_or_day_of_a_case_is_on_the_page(cast):
    case = made(1, ("aware", MONDAY), ("notified", MONDAY + timedelta(days=8)))
    factories.LateReasonFactory(case=case, reason="The health partner answered late.")
    factories.LearningFactory(case=case, text="Staff ask the next question.")
    client = Client()
    client.force_login(cast.mary)
    response = opened(client)
    content = response.content.decode()
    for words in (case.reference, "The health partner answered late.", "Staff ask the next question."):
        assert words not in content
    assert not re.search(r"/(cases|stages|learning)/\d", content)
    days = r"\d{1,2} (January|February|March|April|May|June|July|August|September|October|November|December)"
    assert not re.search(days, text_of(response))


# The page.


def test_without_any_case_it_says_what_it_will_count(reader):
    text = text_of(opened(reader))
    assert "No time limit has started yet" in text
    assert "What became of the learning" not in text


def test_the_picture_and_the_table_agree(reader):
    in_time(6)
    late(2)
    not_yet(5, date(2024, 5, 7))
    response = opened(reader)
    for step in response.context["steps"]:
        drawn = {bar.label: [*map(str, bar.counts), str(bar.total)] for bar in step.chart.bars}
        counted = {
            label: [*map(str, cells.values()), str(step.numbers.row_totals[label])]
            for label, cells in step.numbers.cells.items()
        }
        assert drawn == counted == table_of(response, step.name)


def test_a_small_number_has_the_same_length_whatever_it_is(reader):
    def widths(count):
        in_time(count)
        [chart] = [step.chart for step in opened(reader).context["steps"] if step.name == NOTIFY]
        return [segment.width for segment in chart.segments]

    one = widths(1)
    assert widths(3) == one


# Growth.


def grow(number):
    """Cases with two stages each, written past the history: only the reading is measured."""
    start = ReviewCase.objects.count()
    guidance = factories.guidance("WT2023")
    recorded_by = factories.UserFactory()
    cases = ReviewCase.objects.bulk_create(
        ReviewCase(
            reference=f"ESCP-2024-{start + n}",
            kind="rapid_review",
            stage="notified",
            began_on=MONDAY,
            guidance=guidance,
        )
        for n in range(number)
    )
    Stage.objects.bulk_create(
        Stage(case=case, code=code, on=MONDAY, recorded_by=recorded_by)
        for case in cases
        for code in ("aware", "notified")
    )
    factories.LearningFactory(case=cases[0])


@pytest.mark.slow
def test_the_page_asks_the_database_as_often_for_many_cases_as_for_few(reader):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            opened(reader)
        return len(captured)

    grow(3)
    queries()
    few = queries()
    grow(300)
    assert queries() == few <= 20
