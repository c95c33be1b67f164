"""What is noticed about a yearly report: its period, and the time since the one before."""

from datetime import date

import pytest

from reviews.models import Report
from reviews.yearly import covers, is_within_a_year, length, notices
from tests import factories


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (date(2021, 4, 1), date(2022, 9, 30), "18 months"),
        (date(2021, 4, 1), date(2022, 3, 31), "12 months"),
        (date(2021, 4, 1), date(2022, 4, 1), "more than 12 months"),
        (date(2021, 4, 1), date(2022, 3, 30), "more than 11 months"),
        (date(2021, 4, 15), date(2022, 4, 14), "12 months"),
        (date(2021, 4, 15), date(2022, 4, 13), "more than 11 months"),
        (date(2020, 3, 1), date(2021, 2, 28), "12 months"),
        (date(2019, 3, 1), date(2020, 2, 28), "more than 11 months"),
        (date(2019, 3, 1), date(2020, 2, 29), "12 months"),
        (date(2021, 4, 1), date(2023, 3, 31), "24 months"),
        (date(2021, 12, 1), date(2021, 12, 31), "1 month"),
        (date(2021, 4, 1), date(2021, 4, 1), "less than 1 month"),
        (date(9999, 1, 1), date(9999, 12, 31), "12 months"),
    ],
)
def test_a_period_is_told_in_months_both_its_days_counted_in(start, end, words):
    assert covers(Report(period_start=start, period_end=end)) == words


@pytest.mark.parametrize("half", [{}, {"period_start": date(2021, 4, 1)}, {"period_end": date(2021, 4, 1)}])
def test_a_period_known_by_half_has_no_length(half):
    assert covers(Report(**half)) == ""


def test_days_left_over_make_a_period_longer_than_its_whole_months():
    assert length(date(2021, 4, 1), date(2022, 3, 31)) < length(date(2021, 4, 1), date(2022, 4, 1))


@pytest.mark.parametrize(
    ("earlier", "later", "within"),
    [
        (date(2022, 2, 1), date(2023, 2, 1), True),
        (date(2022, 2, 1), date(2023, 2, 2), False),
        (date(2022, 2, 1), date(2022, 12, 31), True),
        (date(2022, 12, 31), date(2023, 1, 1), True),
        (date(2020, 2, 29), date(2021, 2, 28), True),
        (date(2020, 2, 29), date(2021, 3, 1), False),
        (date(2021, 2, 1), date(2023, 1, 1), False),
    ],
)
def test_twelve_months_end_on_the_same_day_of_the_next_year(earlier, later, within):
    assert is_within_a_year(earlier, later) == within


def yearly(body, published_on, **values):
    return factories.ReportFactory(
        **{"kind": "annual", "author_body": body, "published_on": published_on} | values
    )


LATE = (
    "The yearly report before this one was published on 1 September 2021, more than 12 months earlier; "
    "one is due at least once in every 12 months (Children Act 2004 s16G(7))."
)


def test_more_than_a_year_between_two_yearly_reports_is_noticed(partnership, olivia):
    yearly(partnership, date(2020, 9, 1))
    yearly(partnership, date(2021, 9, 1))
    assert notices(yearly(partnership, date(2023, 2, 1)), olivia) == [LATE]


@pytest.mark.parametrize(
    "before",
    [
        {"published_on": date(2022, 2, 1)},
        {"published_on": date(2023, 3, 1)},
        {"published_on": None},
        {"kind": "update"},
        {"author_body": None},
    ],
)
def test_nothing_is_noticed_without_a_yearly_report_of_the_same_body_long_before(partnership, olivia, before):
    yearly(**{"body": partnership, "published_on": date(2021, 9, 1)} | before)
    assert notices(yearly(partnership, date(2023, 2, 1)), olivia) == []


def test_reports_of_unknown_bodies_are_not_taken_for_those_of_one(olivia):
    yearly(None, date(2021, 9, 1))
    assert notices(yearly(None, date(2023, 2, 1)), olivia) == []


def test_a_report_not_yet_published_is_not_late(partnership, olivia):
    yearly(partnership, date(2021, 9, 1))
    assert notices(yearly(partnership, None), olivia) == []


def test_a_yearly_report_received_at_a_meeting_one_may_not_see_is_not_told_of(partnership, mary, olivia):
    yearly(partnership, date(2021, 9, 1), item__meeting__minutes_state="drafting")
    report = yearly(partnership, date(2023, 2, 1))
    assert (notices(report, mary), notices(report, olivia)) == ([], [LATE])


@pytest.mark.parametrize(("end", "count"), [(date(2022, 3, 31), 0), (date(2022, 4, 1), 1)])
def test_a_period_of_more_than_twelve_months_is_noticed(partnership, olivia, end, count):
    report = yearly(partnership, None, period_start=date(2021, 4, 1), period_end=end)
    assert len(notices(report, olivia)) == count


@pytest.mark.parametrize("kind", ["update", "other"])
def test_nothing_is_noticed_about_other_kinds_of_report(partnership, olivia, kind):
    values = {"kind": kind, "period_start": date(2021, 4, 1), "period_end": date(2023, 3, 31)}
    assert notices(yearly(partnership, None, **values), olivia) == []
