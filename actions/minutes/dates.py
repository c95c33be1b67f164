"""Dates in words, and the arithmetic of months."""

import calendar
import re
from datetime import date

from .vocabulary import words

MONTHS = words("""
    January February March April May June July August September October November December
""")
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "winter": 12}
NUMBERS = dict(
    zip(
        words("one two three four five six seven eight nine ten eleven twelve"),
        range(1, 13),
        strict=True,
    )
)


NUMBERS |= {
    "a": 1,
    "an": 1,
    "fifteen": 15,
    "eighteen": 18,
    "twenty": 20,
    "twenty-four": 24,
    "twenty-eight": 28,
    "thirty": 30,
}


QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4}
WEEKDAY = r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+(?:the\s+)?)?"
MONTH = rf"(?:{'|'.join(MONTHS)}|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
YEAR = r"(?:19|20)\d\d"
DAY = r"\d{1,2}(?:\s?(?:st|nd|rd|th))?"
WRITTEN = rf"{WEEKDAY}{DAY}\s+(?:of\s+)?{MONTH},?(?:\s+{YEAR})?|{MONTH}\s+{DAY},?\s+{YEAR}"
NUMERIC = r"\d{1,2}[/.]\d{1,2}[/.](?:20)?\d\d"
EXACT = rf"(?:{WEEKDAY}(?:{WRITTEN}|{NUMERIC}))(?!\d)"
COUNT = rf"(?:\d{{1,2}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
JOINT = r"\s*(?:/|-|–|or|and|to)\s*"


def exact_date(words, near=None):
    """ "31st March, 2024", "31/03/24", "31 March" (with a date to take the year from) → date or None."""
    numbers = re.search(r"(\d{1,2})[/.](\d{1,2})[/.](\d{2,4})", words)
    if numbers:
        day, month, year = (int(n) for n in numbers.groups())
        return day_or_none(year + 2000 if year < 100 else year, month, day)
    month = re.search(rf"\b{MONTH}", words, re.IGNORECASE)
    day = re.search(r"\b(\d{1,2})(?:\s?(?:st|nd|rd|th))?\b", words, re.IGNORECASE)
    year = re.search(YEAR, words)
    if not month or not day:
        return None
    number = month_number(month.group())
    if year:
        return day_or_none(int(year.group()), number, int(day[1]))
    return coming(near, number, int(day[1]))


def day_or_none(year, month, day):
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_number(word):
    return next(n for n, name in enumerate(MONTHS, 1) if name.lower().startswith(word.lower().strip(".")[:3]))


def coming(near, month, day=1):
    """The next such day after `near`; None when there is nothing to count from."""
    if near is None:
        return None
    year = near.year + (month < near.month or (month == near.month and day < near.day and day != 1))
    return day_or_none(year, month, day)


def month_end(day):
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day, months):
    """Same day number, clipped to the month's end (domain C-5)."""
    years, month = divmod(day.month - 1 + months, 12)
    if not 1 <= day.year + years <= 9999:
        return None
    last = calendar.monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, last))


def number(word):
    return int(word) if word.isdigit() else NUMBERS.get(word.lower(), 0)
