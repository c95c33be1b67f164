"""Due phrases and the windows they stand for (domain Q-3, Q-4, C-5)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.minutes.dates import MONTHS, exact_date
from actions.minutes.due import find_due

MEETING = date(2024, 1, 9)


def d(text):
    return text and date.fromisoformat(text)


@pytest.mark.parametrize(
    ("phrase", "first", "last"),
    [
        ("in September/October 2023", "2023-09-01", "2023-10-31"),
        ("in March 2025", "2025-03-01", "2025-03-31"),
        ("in November 2024 or January 2025", "2024-11-01", "2025-01-31"),
        ("to the (March 2025) meeting", "2025-03-01", "2025-03-31"),
        ("to the July meeting", "2024-07-01", "2024-07-31"),
        ("by 30 April 2024", None, "2024-04-30"),
        ("before 31st December, 2024", None, "2024-12-31"),
        ("by the end of March 2025", None, "2025-03-31"),
        ("before March 2025", None, "2025-02-28"),
        ("to the meeting on 11th March 2025", "2025-03-11", "2025-03-11"),
        ("to the meeting of the Committee to be held on 4 June 2024", "2024-06-04", "2024-06-04"),
        ("in six months' time", "2024-07-01", "2024-07-31"),
        ("in 12 months", "2025-01-01", "2025-01-31"),
        ("in 6/8 months", "2024-07-01", "2024-09-30"),
        ("within three months", None, "2024-04-09"),
        ("in spring 2025", "2025-03-01", "2025-05-31"),
        ("in the autumn of 2024", "2024-09-01", "2024-11-30"),
        ("in winter 2024/25", "2024-12-01", "2025-02-28"),
        ("in Q3 of 2025/26", "2025-10-01", "2025-12-31"),
        ("in the third quarter of 2025/26", "2025-10-01", "2025-12-31"),
        ("at its next meeting", None, None),
        ("to a future meeting", None, None),
        ("before the end of the municipal year", None, None),
        ("within ten working days", None, None),
        ("within six months of that date", None, None),
        ("at a later date", None, None),
    ],
)
def test_a_due_phrase_becomes_a_window_or_stays_words(phrase, first, last):
    due = find_due(f"That a report be submitted {phrase} on the matter", MEETING)
    assert (due.first, due.last) == (d(first), d(last))
    assert due.words in phrase


@pytest.mark.parametrize(
    "phrase", ["in six months", "within three months", "to the July meeting", "by 30 April"]
)
def test_without_a_meeting_date_a_relative_phrase_has_no_dates(phrase):
    due = find_due(f"That a report be submitted {phrase}")
    assert (due.first, due.last) == (None, None)


@pytest.mark.parametrize(
    "sentence",
    [
        "That the report dated 4 June 2023 be noted",
        "That the minutes of the meeting held on 4 June 2023 be approved",
        "That the plan published in May 2023 be noted",
        "That the budget for 2025/26 be supported",
    ],
)
def test_dates_of_other_things_are_not_due_dates(sentence):
    assert find_due(sentence, MEETING) is None


def test_the_words_are_kept_as_minuted():
    text = "That a report be brought to the March\n2025 meeting"
    due = find_due(text, MEETING)
    assert due.words == "to the March 2025 meeting"
    assert text[due.start : due.end].split() == due.words.split()


def test_an_impossible_date_is_no_date():
    assert exact_date("31 February 2024") is None


@given(st.dates(date(2000, 1, 1), date(2090, 12, 31)))
def test_every_written_date_is_read_back(day):
    written = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    assert exact_date(written) == day
    assert find_due(f"report back by {written}", MEETING).last == day


@given(st.integers(1, 12), st.integers(2000, 2090))
def test_a_month_runs_from_its_first_to_its_last_day(month, year):
    due = find_due(f"a report in {MONTHS[month - 1]} {year}")
    assert (due.first.day, due.first.month, due.last.month, due.last.year) == (1, month, month, year)
    assert due.last.toordinal() - due.first.toordinal() >= 27


@given(st.integers(1, 12), st.dates(date(2000, 1, 1), date(2080, 12, 31)))
def test_in_n_months_is_a_whole_month_after_the_meeting(count, meeting):
    due = find_due(f"report back in {count} months", meeting)
    ahead = (due.first.year - meeting.year) * 12 + due.first.month - meeting.month
    assert (ahead, due.first.day, due.first.month) == (count, 1, due.last.month)


@pytest.mark.parametrize(
    "phrase",
    [
        "at a suitable time",
        "at a suitable stage",
        "at an appropriate point",
        "in due course",
        "in the near future",
        "when known",
        "when ready",
        "as soon as possible",
        "on a regular basis",
        "to its next meeting",
        "before the end of the municipal year",
        "by the end of the term",
    ],
)
def test_words_without_a_date_are_kept_as_words(phrase):
    due = find_due(f"That a report be submitted {phrase}")
    assert (due.words, due.first, due.last) == (phrase, None, None)
