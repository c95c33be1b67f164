"""Time limits at work: when one is up, how it stands on a day, and how it was counted, in words.

Nothing here asks for the time or the database: the day, the rule and the calendar are given.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.formats import date_format
from django.utils.text import get_text_list

from reviews.models import ClockRule, Unit
from scrutiny.toolkit.dates import add_months, months_beginning_with, years_beginning_with

HOURS_A_DAY = 24

COUNT = {  # unit: what gives the last day, from the calendar, the first day and the length
    Unit.WORKING_DAYS: lambda calendar, start, n: calendar.add_working_days(start, n),
    Unit.WORKING_DAYS_UK: lambda calendar, start, n: calendar.add_working_days(start, n),
    Unit.CALENDAR_DAYS: lambda calendar, start, n: start + timedelta(days=n),
    Unit.MONTHS: lambda calendar, start, n: add_months(start, n),
    Unit.MONTHS_BEGINNING: lambda calendar, start, n: months_beginning_with(start, n),
    Unit.YEARS_AT_LEAST: lambda calendar, start, n: years_beginning_with(start, n),
    # Days are kept, not times: a part of a day is left off, so that nothing is shown as due too late.
    Unit.HOURS: lambda calendar, start, n: start + timedelta(days=n // HOURS_A_DAY),
    Unit.CLEAR_DAYS_BEFORE: lambda calendar, start, n: calendar.clear_days_before(start, n),
    Unit.WORKING_DAYS_BEFORE: lambda calendar, start, n: calendar.add_working_days(start, -n),
    Unit.CALENDAR_DAYS_BEFORE: lambda calendar, start, n: start - timedelta(days=n),
    Unit.HOURS_BEFORE: lambda calendar, start, n: start + timedelta(days=-n // HOURS_A_DAY),
}

SKIP_HOLIDAYS = {
    Unit.WORKING_DAYS,
    Unit.WORKING_DAYS_UK,
    Unit.CLEAR_DAYS_BEFORE,
    Unit.WORKING_DAYS_BEFORE,
}
IN_HOURS = {Unit.HOURS, Unit.HOURS_BEFORE}
ABOUT_HOURS = " Hours run from the minute itself, which is not kept here."


class ClockState(models.TextChoices):
    DUE = "due", "Due"
    DUE_SOON = "due_soon", "Due soon"
    MET = "met", "In time"
    LATE = "late", "Late"
    LATE_WITH_REASON = "late_with_reason", "Late, explained"
    ENDED = "ended", "Ended"

    @property
    def tone(self):
        tones = {
            "due": "blue",
            "due_soon": "yellow",
            "met": "green",
            "late": "red",
            "late_with_reason": "orange",
        }
        return tones.get(self.value, "grey")


@dataclass(frozen=True)
class Clock:
    """A rule at work. `due` is the legal end and never moved; `last_working_day` stands beside it where it falls
    on a day that is not worked, and is otherwise None (C-6).

    legal_due  the limit in law where the rule is guidance stricter than the law, otherwise None
    day_off    why `due` is no working day: a day of the week or the name of a bank holiday
    left_out   [(day, name)] of the bank holidays that were not counted
    """

    rule: ClockRule
    start: date
    due: date
    legal_due: date | None
    last_working_day: date | None
    day_off: str
    left_out: list
    state: ClockState
    stopped_on: date | None = None
    reason: str = ""

    @property
    def in_words(self):
        parts = [f"{self._start_in_words()}; {self._length_in_words()}", self._due_in_words()]
        if self.last_working_day:
            parts.append(f"the last working day before it is {in_full(self.last_working_day)}")
        if self.legal_due:
            law = self.rule.legal_length_in_words
            parts.append(f"the limit in law is {in_full(self.legal_due)} ({law})")
        return f"{'; '.join(parts)}." + (ABOUT_HOURS if self.rule.unit in IN_HOURS else "")

    def _start_in_words(self):
        event = self.rule.start_event
        return f"{event[:1].upper()}{event[1:]} on {in_full(self.start)}"

    def _length_in_words(self):
        words = self.rule.length_in_words
        if not self.left_out:
            return words
        holidays = [holiday_in_words(*pair) for pair in self.left_out]
        return f"{words}, leaving out {get_text_list(holidays, 'and')}"

    def _due_in_words(self):
        if self.rule.unit == Unit.YEARS_AT_LEAST:
            return f"until at least {in_full(self.due)}"
        if self.day_off:
            return f"due {date_format(self.due, 'j F Y')}, which falls on a {self.day_off}"
        return f"due {in_full(self.due)}"


def run(rule, start, calendar, *, on, stopped_on=None, reason="", ended_on=None):
    """The clock of `rule` from `start` as it stands on the day `on`.

    stopped_on  the day on which what was to be done was done
    reason      why it was late
    ended_on    the day on which the duty fell away, as when a notification is withdrawn
    """
    due = due_date(rule, start, calendar)
    last = last_working_day(rule, due, calendar)
    return Clock(
        rule=rule,
        start=start,
        due=due,
        legal_due=counted(rule.legal_unit, start, rule.legal_length, calendar) if rule.legal_unit else None,
        last_working_day=last,
        day_off=day_off(due, calendar) if last else "",
        left_out=left_out(rule, start, due, calendar),
        state=state(rule, due, on, stopped_on, reason, ended_on),
        stopped_on=stopped_on,
        reason=reason,
    )


def due_date(rule, start, calendar):
    return counted(rule.unit, start, rule.length, calendar)


def counted(unit, start, n, calendar):
    return COUNT[Unit(unit)](calendar_for(unit, calendar), start, n)


def calendar_for(unit, calendar):
    return calendar.of_the_united_kingdom() if unit == Unit.WORKING_DAYS_UK else calendar


def last_working_day(rule, due, calendar):
    """None where `due` is a working day, and where something has to stay as it is until then at least."""
    if rule.unit == Unit.YEARS_AT_LEAST or calendar.is_working_day(due):
        return None
    return calendar.last_working_day(due)


def left_out(rule, start, due, calendar):
    if rule.unit not in SKIP_HOLIDAYS:
        return []
    return calendar_for(rule.unit, calendar).bank_holidays_between(*sorted([start, due]))


def state(rule, due, on, stopped_on, reason, ended_on):
    if rule.unit == Unit.YEARS_AT_LEAST:
        return ClockState.ENDED if ended_on or on > due else ClockState.DUE
    if stopped_on and stopped_on <= due:
        return ClockState.MET
    if ended_on and not stopped_on:
        return ClockState.ENDED
    if stopped_on or on > due:
        return ClockState.LATE_WITH_REASON if reason else ClockState.LATE
    return ClockState.DUE_SOON if (due - on).days <= rule.warn_days else ClockState.DUE


def day_off(day, calendar):
    name = calendar.holiday_name(day)
    return f"bank holiday ({name})" if name else date_format(day, "l")


def holiday_in_words(day, name):
    kind = "" if "bank holiday" in name.lower() else ", bank holiday"
    return f"{in_full(day)} ({name}{kind})"


def in_full(day):
    return date_format(day, "l j F Y")
