"""Days. A page reads the calendar once, so that nothing on it disagrees around midnight.

Working days, months and years are counted as domain A.11 says: day 0 is the day of the event itself, and a
period keeps its legal end even where that is no working day (C-3 to C-6).
"""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.utils import timezone
from holidays.countries import UnitedKingdom

ENGLAND = ("ENG",)
UNITED_KINGDOM = ("ENG", "WLS", "SCT", "NIR")
FIRST_KNOWN_YEAR, LAST_KNOWN_YEAR = UnitedKingdom.start_year, UnitedKingdom.end_year
FRIDAY = 4


class Today:
    """Middleware: `request.today`, the date in London."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.today = timezone.localdate()
        return self.get_response(request)


def end_of(day):
    """The last moment of a day in London."""
    return timezone.make_aware(datetime.combine(day, time.max))


class Calendar:
    """Which days are worked: not Saturday, Sunday or a bank holiday (C-1), in England unless said otherwise.

    extra         {day: name} of one-off bank holidays that the package does not know yet (C-2)
    subdivisions  the parts of the United Kingdom whose bank holidays count
    """

    def __init__(self, extra=(), subdivisions=ENGLAND):
        self.extra = dict(extra)
        self.subdivisions = subdivisions

    def of_the_united_kingdom(self):
        """The same with the bank holidays of every part of it, as for freedom of information."""
        return Calendar(self.extra, UNITED_KINGDOM)

    def holiday_name(self, day):
        """The name of the bank holiday, empty on any other day."""
        known = (bank_holidays(part, day.year).get(day) for part in self.subdivisions)
        return self.extra.get(day) or next(filter(None, known), "")

    def is_working_day(self, day):
        return day.weekday() <= FRIDAY and not self.holiday_name(day)

    def add_working_days(self, start, n):
        """The n-th working day after `start`, whatever day that is; before it for a negative n (C-3)."""
        return nth(start, n, self.is_working_day)

    def clear_days_before(self, meeting, n, strict=False):
        """The last day to publish with `n` clear working days between that day and the meeting (C-4).

        strict also drops the Easter and Christmas breaks of the Local Government Act 1972, section 243.
        """
        return nth(meeting, -(n + 1), self._is_outside_breaks if strict else self.is_working_day)

    def last_working_day(self, day):
        """The last working day on or before `day` (C-6)."""
        return day if self.is_working_day(day) else self.add_working_days(day, -1)

    def bank_holidays_between(self, start, end):
        """[(day, name)] of those that take a weekday away; `start` and `end` themselves are left out."""
        length = max((end - start).days, 1)
        days = (start + timedelta(days=n) for n in range(1, length))
        return [(day, name) for day in days if day.weekday() <= FRIDAY and (name := self.holiday_name(day))]

    def _is_outside_breaks(self, day):
        """True for a working day of neither break. Only the first and the last day of a break are working days.

        Easter's runs from the Thursday before to the Tuesday after, that of Christmas from the last weekday
        before to the first weekday after that is no bank holiday.
        """
        if not self.is_working_day(day):
            return False
        christmas = date(day.year, 12, 25)
        ends_of_christmas = (self.add_working_days(christmas, n) for n in (-1, 1))
        is_maundy_thursday = self.holiday_name(day + timedelta(days=1)) == "Good Friday"
        is_easter_tuesday = self.holiday_name(day - timedelta(days=1)) == "Easter Monday"
        return not (is_maundy_thursday or is_easter_tuesday or day in ends_of_christmas)


@lru_cache(maxsize=1024)
def bank_holidays(part, year):
    """{day: name} of one year in one part of the United Kingdom, as the package knows it.

    One year at a time, because an object of the package that grows as it is asked is not safe among threads.
    """
    known = UnitedKingdom(subdiv=part, years=year, expand=False)
    return {day: name.replace(" (observed)", ", substitute day") for day, name in known.items()}


def bank_holidays_are_known(day):
    """False for years the package says nothing about; only weekends are left out there."""
    return FIRST_KNOWN_YEAR <= day.year <= LAST_KNOWN_YEAR


def nth(start, n, counts):
    """The n-th day after `start` for which `counts` holds, or before it for a negative n."""
    step = timedelta(days=1 if n > 0 else -1)
    day, left = start, abs(n)
    while left:
        day += step
        left -= counts(day)
    return day


def add_months(day, n):
    """The same day number, clipped to the month's end (C-5)."""
    first = _first_of_month(day, n)
    return first.replace(day=min(day.day, _length_of_month(first)))


def months_beginning_with(day, n):
    """The last day of `n` months of which `day` is the first (C-5)."""
    first, end = _first_of_month(day, n), add_months(day, n)
    return end - timedelta(days=1) if day.day <= _length_of_month(first) else end


def years_beginning_with(day, n):
    """The last day of `n` years of which `day` is the first: until when at least something stays public."""
    return months_beginning_with(day, 12 * n)


def _first_of_month(day, n):
    years, month = divmod(day.month - 1 + n, 12)
    if not date.min.year <= day.year + years <= date.max.year:
        raise OverflowError("date value out of range")  # as adding days to a date does
    return date(day.year + years, month + 1, 1)


def _length_of_month(first):
    return monthrange(first.year, first.month)[1]
