"""Days in London, and counting them as domain A.11 does."""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from unittest import mock

import pytest
from django.test import RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.toolkit.dates import (
    UNITED_KINGDOM,
    Calendar,
    Today,
    add_months,
    bank_holidays,
    bank_holidays_are_known,
    end_of,
    months_beginning_with,
    years_beginning_with,
)


@pytest.mark.parametrize(
    ("now", "today"),
    [
        (datetime(2023, 7, 1, 22, 59, tzinfo=UTC), date(2023, 7, 1)),
        (datetime(2023, 7, 1, 23, 0, tzinfo=UTC), date(2023, 7, 2)),
        (datetime(2023, 12, 31, 23, 59, tzinfo=UTC), date(2023, 12, 31)),
        (datetime(2024, 1, 1, 0, 0, tzinfo=UTC), date(2024, 1, 1)),
    ],
)
def test_a_request_knows_the_day_in_london(now, today):
    with mock.patch.object(timezone, "now", return_value=now):
        assert Today(lambda request: request.today)(RequestFactory().get("/")) == today


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2023, 7, 1), datetime(2023, 7, 1, 22, 59, 59, 999999, tzinfo=UTC)),
        (date(2023, 12, 1), datetime(2023, 12, 1, 23, 59, 59, 999999, tzinfo=UTC)),
        (date(2023, 3, 26), datetime(2023, 3, 26, 22, 59, 59, 999999, tzinfo=UTC)),
        (date(2023, 10, 29), datetime(2023, 10, 29, 23, 59, 59, 999999, tzinfo=UTC)),
    ],
)
def test_a_day_ends_at_midnight_in_london_in_summer_in_winter_and_when_the_clocks_change(day, last):
    assert end_of(day) == last


# The list of domain C-2, typed here and not taken from the package.

BANK_HOLIDAYS = {
    2022: "3 Jan, 15 Apr, 18 Apr, 2 May, 2 Jun, 3 Jun, 29 Aug, 19 Sep, 26 Dec, 27 Dec",
    2023: "2 Jan, 7 Apr, 10 Apr, 1 May, 8 May, 29 May, 28 Aug, 25 Dec, 26 Dec",
    2024: "1 Jan, 29 Mar, 1 Apr, 6 May, 27 May, 26 Aug, 25 Dec, 26 Dec",
    2025: "1 Jan, 18 Apr, 21 Apr, 5 May, 26 May, 25 Aug, 25 Dec, 26 Dec",
    2026: "1 Jan, 3 Apr, 6 Apr, 4 May, 25 May, 31 Aug, 25 Dec, 28 Dec",
    2027: "1 Jan, 26 Mar, 29 Mar, 3 May, 31 May, 30 Aug, 27 Dec, 28 Dec",
    2028: "3 Jan, 14 Apr, 17 Apr, 1 May, 29 May, 28 Aug, 25 Dec, 26 Dec",
}
ONE_DAY = timedelta(days=1)


def on(text):
    """The date in "Wed 8 Mar 2023"; a day of the week that is not its own is an error of the test."""
    weekday, _, rest = text.partition(" ")
    found = datetime.strptime(rest, "%d %b %Y").date()
    assert f"{found:%a}" == weekday, text
    return found


def listed(year):
    return {datetime.strptime(f"{day} {year}", "%d %b %Y").date() for day in BANK_HOLIDAYS[year].split(", ")}


LISTED = {day for year in BANK_HOLIDAYS for day in listed(year)}


@pytest.mark.parametrize("year", BANK_HOLIDAYS)
def test_the_package_takes_away_the_weekdays_that_the_list_of_the_domain_does(year):
    assert {day for day in bank_holidays("ENG", year) if day.weekday() < 5} == listed(year)


# Counted slowly, one day after the other: the other opinion on each test vector.


def slowly(start, n, step=ONE_DAY, off=LISTED):
    day = start
    while n:
        day += step
        if day.strftime("%a") not in ("Sat", "Sun") and day not in off:
            n -= 1
    return day


def slowly_before(start, n):
    return slowly(start, n, step=-ONE_DAY)


def slowly_clear_before(meeting, n, off=LISTED):
    """Walks back until `n` working days lie between, then on to a working day."""
    return slowly(slowly(meeting, n, -ONE_DAY, off), 1, -ONE_DAY, off)


def slowly_months(start, n):
    """Walks on to the n-th next month, and in it to the same day number or the month's end."""
    day = start
    while n:
        day += ONE_DAY
        n -= day.day == 1
    while day.day != start.day and (day + ONE_DAY).day != 1:
        day += ONE_DAY
    return day


def slowly_months_beginning(start, n):
    found = slowly_months(start, n)
    return found - ONE_DAY if found.day == start.day else found


def clear_days_before(day, n):
    return Calendar().clear_days_before(day, n)


def working_days(day, n):
    return Calendar().add_working_days(day, n)


def working_days_before(day, n):
    return Calendar().add_working_days(day, -n)


VECTORS = [
    ("WD5 Christmas and New Year", working_days, slowly, 5, "Thu 22 Dec 2022", "Tue 3 Jan 2023"),
    ("WD5", working_days, slowly, 5, "Wed 8 Mar 2023", "Wed 15 Mar 2023"),
    ("WD5 Easter", working_days, slowly, 5, "Wed 5 Apr 2023", "Fri 14 Apr 2023"),
    ("WD5 Coronation", working_days, slowly, 5, "Thu 4 May 2023", "Fri 12 May 2023"),
    ("WD5 State funeral", working_days, slowly, 5, "Wed 14 Sep 2022", "Thu 22 Sep 2022"),
    ("WD5 Christmas", working_days, slowly, 5, "Wed 23 Dec 2026", "Mon 4 Jan 2027"),
    ("WD5 weekend start", working_days, slowly, 5, "Sat 21 Nov 2026", "Fri 27 Nov 2026"),
    ("WD15", working_days, slowly, 15, "Tue 3 Jan 2023", "Tue 24 Jan 2023"),
    ("WD15 Coronation", working_days, slowly, 15, "Fri 14 Apr 2023", "Tue 9 May 2023"),
    ("WD15 Christmas", working_days, slowly, 15, "Fri 18 Dec 2026", "Wed 13 Jan 2027"),
    ("6M leap day", add_months, slowly_months, 6, "Thu 31 Aug 2023", "Thu 29 Feb 2024"),
    ("6M weekend", add_months, slowly_months, 6, "Fri 31 Mar 2023", "Sat 30 Sep 2023"),
    ("6M", add_months, slowly_months, 6, "Thu 29 Aug 2024", "Fri 28 Feb 2025"),
    ("2MB Sunday", months_beginning_with, slowly_months_beginning, 2, "Wed 8 Mar 2023", "Sun 7 May 2023"),
    ("2MB", months_beginning_with, slowly_months_beginning, 2, "Fri 30 Jun 2023", "Tue 29 Aug 2023"),
    (
        "2MB leap year",
        months_beginning_with,
        slowly_months_beginning,
        2,
        "Sun 31 Dec 2023",
        "Thu 29 Feb 2024",
    ),
    ("2MB February", months_beginning_with, slowly_months_beginning, 2, "Mon 30 Dec 2024", "Fri 28 Feb 2025"),
    ("2MB first", months_beginning_with, slowly_months_beginning, 2, "Fri 1 Mar 2024", "Tue 30 Apr 2024"),
    ("AG5", clear_days_before, slowly_clear_before, 5, "Wed 8 Mar 2023", "Tue 28 Feb 2023"),
    ("AG5 autumn", clear_days_before, slowly_clear_before, 5, "Wed 4 Oct 2023", "Tue 26 Sep 2023"),
    ("AG5 Easter", clear_days_before, slowly_clear_before, 5, "Wed 12 Apr 2023", "Fri 31 Mar 2023"),
    ("AG5 Christmas", clear_days_before, slowly_clear_before, 5, "Wed 6 Jan 2027", "Thu 24 Dec 2026"),
    ("CSPR7 spring holiday", working_days_before, slowly_before, 7, "Mon 5 Jun 2023", "Wed 24 May 2023"),
    ("CSPR7 Easter", working_days_before, slowly_before, 7, "Mon 17 Apr 2023", "Tue 4 Apr 2023"),
    (
        "CSPR1Y leap day",
        years_beginning_with,
        lambda day, n: slowly_months_beginning(day, 12 * n),
        1,
        "Thu 29 Feb 2024",
        "Fri 28 Feb 2025",
    ),
]
NAMES = [name for name, *_ in VECTORS]


def test_the_25_vectors_of_the_domain_are_here():
    assert len(set(NAMES)) == 25


@pytest.mark.parametrize(("name", "count", "slow", "n", "start", "end"), VECTORS, ids=NAMES)
def test_a_test_vector_of_the_domain(name, count, slow, n, start, end):
    assert count(on(start), n) == on(end)


@pytest.mark.parametrize(("name", "count", "slow", "n", "start", "end"), VECTORS, ids=NAMES)
def test_counting_one_day_after_the_other_agrees_with_the_vector(name, count, slow, n, start, end):
    assert slow(on(start), n) == on(end)


def test_a_period_that_ends_on_a_saturday_keeps_its_end_and_tells_the_working_day_before():
    assert Calendar().last_working_day(on("Sat 30 Sep 2023")) == on("Fri 29 Sep 2023")


def test_the_last_working_day_on_or_before_a_working_day_is_that_day():
    assert Calendar().last_working_day(on("Fri 29 Sep 2023")) == on("Fri 29 Sep 2023")


def test_the_last_working_day_before_a_bank_holiday_monday_is_the_friday():
    assert Calendar().last_working_day(on("Mon 29 May 2023")) == on("Fri 26 May 2023")


@pytest.mark.parametrize(
    ("meeting", "end"),
    [
        ("Wed 12 Apr 2023", "Wed 29 Mar 2023"),  # the vector: Thursday before to Tuesday after Easter Day
        ("Thu 13 Apr 2023", "Thu 30 Mar 2023"),
        ("Wed 8 Mar 2023", "Tue 28 Feb 2023"),  # no break in between
        ("Wed 6 Jan 2027", "Tue 22 Dec 2026"),  # the break runs from 24 to 29 December 2026
        ("Wed 3 Jan 2024", "Tue 19 Dec 2023"),  # and from 22 to 27 December 2023
        ("Thu 2 Jan 2025", "Wed 18 Dec 2024"),  # and from 24 to 27 December 2024
    ],
)
def test_counted_strictly_the_breaks_of_easter_and_christmas_are_left_out(meeting, end):
    assert Calendar().clear_days_before(on(meeting), 5, strict=True) == on(end)


# Any day of twenty years

YEARS = range(2013, 2037)  # two years more on each side, for counts that lead out
OFF = {day for year in YEARS for day in bank_holidays("ENG", year)}
ALL = [date(2013, 1, 1) + timedelta(days=n) for n in range(365 * 24)]
WORKED = [day for day in ALL if day.isoweekday() < 6 and day not in OFF]
days = st.dates(date(2015, 1, 1), date(2034, 12, 31))
counts = st.integers(1, 120)


@given(days, counts)
def test_working_days_are_those_of_a_list_of_all_working_days(day, n):
    calendar = Calendar()
    assert calendar.add_working_days(day, n) == WORKED[bisect_right(WORKED, day) + n - 1]
    assert calendar.add_working_days(day, -n) == WORKED[bisect_left(WORKED, day) - n]


@given(days, counts)
def test_exactly_the_clear_days_asked_for_lie_between_publication_and_meeting(day, n):
    published = Calendar().clear_days_before(day, n)
    assert len([each for each in WORKED if published < each < day]) == n
    assert published in WORKED


@given(days)
def test_the_last_working_day_is_the_last_of_the_list_up_to_that_day(day):
    assert Calendar().last_working_day(day) == WORKED[bisect_right(WORKED, day) - 1]


@given(days, st.integers(1, 36))
def test_months_agree_with_walking_through_them(day, n):
    assert add_months(day, n) == slowly_months(day, n)
    assert months_beginning_with(day, n) == slowly_months_beginning(day, n)


@given(days, counts)
def test_the_bank_holidays_left_out_are_all_that_are_neither_weekend_nor_counted(day, n):
    calendar = Calendar()
    end = calendar.add_working_days(day, n)
    between = [each for each in ALL if day < each < end]
    weekends = [each for each in between if each.isoweekday() > 5]
    assert len(between) == n - 1 + len(weekends) + len(calendar.bank_holidays_between(day, end))


@given(days, st.integers(-400, 400))
def test_months_never_leave_the_month_they_lead_to(day, n):
    found = add_months(day, n)
    assert found.year * 12 + found.month == day.year * 12 + day.month + n


# Starts, leap days, days of one's own, other parts of the kingdom


@pytest.mark.parametrize("start", ["Sat 8 Apr 2023", "Sun 9 Apr 2023", "Mon 10 Apr 2023", "Fri 7 Apr 2023"])
def test_a_start_that_is_not_worked_is_still_day_0(start):
    assert Calendar().add_working_days(on(start), 1) == on("Tue 11 Apr 2023")


def test_no_days_lead_nowhere_even_from_a_sunday():
    assert Calendar().add_working_days(on("Sun 9 Apr 2023"), 0) == on("Sun 9 Apr 2023")


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("Thu 29 Feb 2024", 12, "Fri 28 Feb 2025"),
        ("Thu 29 Feb 2024", 48, "Tue 29 Feb 2028"),
        ("Tue 31 Jan 2023", 1, "Tue 28 Feb 2023"),
        ("Wed 31 Jan 2024", 1, "Thu 29 Feb 2024"),
        ("Thu 31 Mar 2022", -1, "Mon 28 Feb 2022"),
        ("Fri 31 Dec 2021", 2, "Mon 28 Feb 2022"),
    ],
)
def test_months_are_clipped_to_the_end_of_a_shorter_month(start, n, end):
    assert add_months(on(start), n) == on(end)


@pytest.mark.parametrize(
    ("start", "n", "end"),
    [
        ("Mon 5 Jun 2023", 1, "Tue 4 Jun 2024"),
        ("Sun 1 Jan 2023", 3, "Wed 31 Dec 2025"),
        ("Thu 29 Feb 2024", 4, "Mon 28 Feb 2028"),
    ],
)
def test_years_beginning_with_a_day_end_on_the_day_before_it(start, n, end):
    assert years_beginning_with(on(start), n) == on(end)


def test_a_day_added_as_data_is_not_worked():
    calendar = Calendar({on("Thu 9 Mar 2023"): "Day of mourning"})
    assert calendar.add_working_days(on("Wed 8 Mar 2023"), 5) == on("Thu 16 Mar 2023")
    assert calendar.bank_holidays_between(on("Wed 8 Mar 2023"), on("Thu 16 Mar 2023")) == [
        (on("Thu 9 Mar 2023"), "Day of mourning")
    ]


def test_days_of_one_calendar_are_not_those_of_another():
    Calendar({on("Thu 9 Mar 2023"): "Day of mourning"}).holiday_name(on("Thu 9 Mar 2023"))
    assert Calendar().is_working_day(on("Thu 9 Mar 2023"))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("Mon 19 Sep 2022", "State Funeral of Queen Elizabeth II"),
        ("Mon 2 Jan 2023", "New Year's Day, substitute day"),
        ("Tue 3 Jan 2023", ""),
        ("Fri 7 Apr 2023", "Good Friday"),  # the breaks of Easter are told by these two names
        ("Mon 10 Apr 2023", "Easter Monday"),
    ],
)
def test_a_bank_holiday_has_a_name_and_another_day_has_none(day, name):
    assert Calendar().holiday_name(on(day)) == name


@pytest.mark.parametrize(
    ("day", "where"),
    [
        ("Fri 17 Mar 2023", "Northern Ireland"),
        ("Wed 12 Jul 2023", "Northern Ireland"),
        ("Mon 7 Aug 2023", "Scotland"),
    ],
)
def test_a_bank_holiday_of_another_part_counts_only_across_the_united_kingdom(day, where):
    assert Calendar().is_working_day(on(day))
    assert not Calendar(subdivisions=UNITED_KINGDOM).is_working_day(on(day))


def test_england_s_own_days_and_those_of_one_s_own_count_across_the_united_kingdom_too():
    wide = Calendar({on("Thu 9 Mar 2023"): "Day of mourning"}).of_the_united_kingdom()
    assert not wide.is_working_day(on("Thu 9 Mar 2023"))
    assert not wide.is_working_day(on("Mon 28 Aug 2023"))


def test_bank_holidays_on_a_weekend_take_nothing_away():
    around = Calendar().bank_holidays_between(on("Thu 23 Dec 2027"), on("Wed 29 Dec 2027"))
    assert [day for day, _ in around] == [on("Mon 27 Dec 2027"), on("Tue 28 Dec 2027")]


def test_bank_holidays_at_either_end_are_not_between():
    assert Calendar().bank_holidays_between(on("Fri 7 Apr 2023"), on("Mon 10 Apr 2023")) == []
    assert Calendar().bank_holidays_between(on("Fri 7 Apr 2023"), on("Fri 7 Apr 2023")) == []


# Ranges nobody means


@pytest.mark.parametrize("n", [10_000_000, -10_000_000])
def test_counts_that_leave_the_years_there_are_say_so(n):
    edge = date.max if n > 0 else date.min
    with pytest.raises(OverflowError):
        Calendar().add_working_days(edge, n)
    with pytest.raises(OverflowError):
        add_months(edge, n)
    with pytest.raises(OverflowError):
        months_beginning_with(edge, n)


@pytest.mark.parametrize(
    ("day", "known"),
    [
        (date(1871, 12, 31), False),
        (date(1872, 1, 1), True),
        (date(2100, 12, 31), True),
        (date(2101, 1, 1), False),
    ],
)
def test_it_is_known_which_years_the_package_speaks_of(day, known):
    assert bank_holidays_are_known(day) is known


def test_where_no_bank_holidays_are_known_only_weekends_are_left_out():
    assert Calendar().add_working_days(date(2223, 12, 24), 5) == date(2223, 12, 31)
    assert Calendar().is_working_day(date.min)
