"""The demonstration's days, all reckoned from the day it is loaded, so that it is never out of date."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

MINUTES_TAKE = timedelta(days=8)
LAST_MONDAY_OF_MAY = (5, -1, calendar.MONDAY)
MEETING_MONTHS = [(6, 2), (7, 3), (9, 2), (10, 4), (12, 1), (1, 3), (3, 1), (4, 2)]  # month, which week of it
COMING = 3


def nth_weekday(year, month, count, weekday):
    """The second Wednesday of a month, or the last Monday (`count` -1)."""
    days = [day for day in calendar.Calendar().itermonthdates(year, month) if day.month == month]
    return [day for day in days if day.weekday() == weekday][count - 1 if count > 0 else count]


def add_months(day, count):
    """The first day of the month `count` months on."""
    years, month = divmod(day.month - 1 + count, 12)
    return date(day.year + years, month + 1, 1)


def month_end(day):
    return add_months(day, 1) - timedelta(days=1)


def working_day(day):
    """The Friday before, for a day at the weekend."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def month(day):
    """November 2026"""
    return f"{day:%B %Y}"


def months(day):
    """November/December 2026; December 2026/January 2027"""
    following = add_months(day, 1)
    first = f"{day:%B}" if following.year == day.year else month(day)
    return f"{first}/{month(following)}"


def full(day):
    """4 November 2026"""
    return f"{day:%-d %B %Y}"


@dataclass(frozen=True)
class Year:
    start: date
    end: date

    @property
    def label(self):
        return f"{self.start.year}/{self.end.year % 100:02}"


def annual_meeting(year):
    """Councils turn their year at the annual meeting late in May, here the Wednesday before the bank holiday."""
    month_number, count, weekday = LAST_MONDAY_OF_MAY
    return nth_weekday(year, month_number, count, weekday) - timedelta(days=5)


def municipal_year(first):
    return Year(annual_meeting(first), annual_meeting(first + 1) - timedelta(days=1))


class Calendar:
    """The municipal years, and each board's meetings in them, seen from `today`.

    `held(code, back)` is the board's meeting so many meetings ago: 1 is the last one. At least eight were held.
    """

    WEEKDAYS = {"CF": calendar.WEDNESDAY, "AH": calendar.TUESDAY, "PE": calendar.THURSDAY}

    def __init__(self, today):
        self.today = today
        this_year = today.year if today >= annual_meeting(today.year) else today.year - 1
        self.previous, self.current = municipal_year(this_year - 1), municipal_year(this_year)
        self.following = municipal_year(this_year + 1)
        self.start = self.previous.start
        self.past, self.coming = {}, {}
        for code in self.WEEKDAYS:
            days = list(self._meetings(code))
            self.past[code] = [day for day in days if day < today]
            self.coming[code] = [day for day in days if day > today][:COMING]

    @property
    def years(self):
        last = max(day for days in self.coming.values() for day in days)
        found = [self.previous, self.current, self.following]
        return [year for year in found if year.start <= max(last, self.current.start)]

    def held(self, code, back):
        return self.past[code][-back]

    def _meetings(self, code):
        for year in (self.previous, self.current, self.following):
            for number, week in MEETING_MONTHS:
                of_year = year.start.year if number > 5 else year.end.year
                yield self._not_just_held(nth_weekday(of_year, number, week, self.WEEKDAYS[code]))

    def _not_just_held(self, day):
        """Minutes take a while: a meeting of the last days, or of today, is put off by a fortnight."""
        just_held = self.today - MINUTES_TAKE <= day <= self.today
        return day + timedelta(days=14) if just_held else day

    def ago(self, days):
        return working_day(self.today - timedelta(days=days))

    def months_on(self, count):
        """The first day of the month so many months from now; of an earlier one for a number below zero."""
        return add_months(self.today, count)
