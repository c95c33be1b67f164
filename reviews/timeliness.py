"""Were the statutory steps taken in time? By quarter, for a report to the Board, without small numbers (D-7).

Every case counts, published or not; that is why no number here can be followed to a case.
"""

from dataclasses import dataclass

from django.conf import settings

from reviews.clocks import ClockState
from reviews.models import LearningPoint, ReviewCase
from reviews.stages import LEARNING
from reviews.timekeeping import LATE, WITH_CLOCKS
from scrutiny.toolkit.charts import Chart, stacked_bars
from scrutiny.toolkit.small_numbers import NOT_SHOWN, Published, suppressed

STEPS = ["SIN5", "RR15", "CSPR6"]  # codes of the clocks a board asks about
QUARTERS_SHOWN = 8
SERIES = [("In time", "#1f5c4a"), ("Late", "#b3262a", "stripes"), ("Still running", "#f3f2f1", "dots")]
QUARTER_NAMES = ["January to March", "April to June", "July to September", "October to December"]


@dataclass(frozen=True)
class Step:
    """One statutory step: its name, its numbers by the quarter in which it was due, and the picture of them."""

    name: str
    numbers: Published
    chart: Chart

    @property
    def sentence(self):
        totals = self.numbers.column_totals
        if NOT_SHOWN in totals.values():
            return "Some of these numbers are too small to be shown or added up."
        return f"{totals['In time']} in time, {totals['Late']} late, {totals['Still running']} still running."


def steps(timekeeper):
    """A `Step` for each statutory time limit that has started for some case."""
    cases = ReviewCase.objects.prefetch_related(*WITH_CLOCKS).order_by("pk")
    found = {code: [] for code in STEPS}
    for case in cases:
        for each in timekeeper.clocks_of(case):
            if each.clock.rule.code in found and each.clock.state != ClockState.ENDED:
                found[each.clock.rule.code].append(each.clock)
    return [_step(clocks) for clocks in found.values() if clocks]


def _step(clocks):
    table = {}
    for clock in sorted(clocks, key=lambda clock: clock.due):
        row = table.setdefault(quarter(clock.due), {name: 0 for name, *_ in SERIES})
        row[how(clock)] += 1
    newest = dict(list(table.items())[-QUARTERS_SHOWN:])
    numbers = suppressed(newest, settings.SMALL_NUMBER_THRESHOLD)
    name = clocks[-1].rule.name
    return Step(name, numbers, _chart(name, numbers))


def _chart(name, numbers):
    return stacked_bars(
        title=f"{name}, by quarter",
        description="For each quarter the number of steps taken in time, late, and still running.",
        rows=list(numbers.cells.items()),
        series=SERIES,
    )


def how(clock):
    if clock.state in LATE:
        return "Late"
    return "In time" if clock.state == ClockState.MET else "Still running"


def quarter(day):
    """ "October to December 2022" """
    return f"{QUARTER_NAMES[(day.month - 1) // 3]} {day.year}"


def learning_by_state():
    """{state: number or "fewer than 5"} of all learning points, in the order of their states."""
    states = LearningPoint.objects.order_by().values_list("state", flat=True)
    counts = {rule.label: 0 for rule in LEARNING.values()}
    for state in states:
        counts[LEARNING[state].label] += 1
    return suppressed({"Learning points": counts}, settings.SMALL_NUMBER_THRESHOLD)
