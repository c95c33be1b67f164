"""F19: what day it is, and how days are counted, wherever the server stands and whatever the clocks do."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import RequestFactory
from django.utils import timezone
from django.utils.formats import date_format

from scrutiny.toolkit.dates import Calendar, Today, end_of
from tests.faults.server import ROOT
from tests.numbers import tried

COUNTED = [
    "tests/scrutiny/toolkit/test_dates.py",
    "tests/reviews/test_clocks.py",
    "tests/actions/test_standing.py",
]
ZONES = ["UTC", "Europe/London", "Pacific/Auckland"]


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 6, 30, 22, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 6, 30, 23, 30, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 10, 25)),  # the clocks go back in this night
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2028, 2, 29, 0, 0, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_f19_today_is_the_day_in_london(moment, day):
    request = RequestFactory().get("/")
    with time_machine.travel(moment, tick=False):
        Today(lambda request: None)(request)
    assert request.today == day


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 7, 1)])
def test_f19_a_day_ends_just_before_the_next_begins(day):
    next_day = timezone.make_aware(datetime.combine(day + timedelta(days=1), datetime.min.time()))
    assert next_day - end_of(day) == timedelta(microseconds=1)


def test_f19_the_hour_that_comes_twice_is_told_in_the_time_of_each():
    told = [
        date_format(timezone.localtime(datetime(2026, 10, 25, hour, 30, tzinfo=UTC)), "H:i e")
        for hour in (0, 1)
    ]
    assert [each.split()[0] for each in told] == ["01:30", "01:30"]


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 12, 18), 20, date(2027, 1, 20)),
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
        (date(2022, 9, 16), 1, date(2022, 9, 20)),  # the day of a state funeral
        (date(2023, 5, 5), 1, date(2023, 5, 9)),  # the day of a coronation
        (date(2022, 6, 1), 1, date(2022, 6, 6)),  # four days of a jubilee
    ],
)
def test_f19_working_days(start, days, end):
    assert Calendar().add_working_days(start, days) == end


@pytest.mark.verify
@pytest.mark.parametrize("zone", ZONES)
def test_f19_a_server_in_another_zone_counts_the_same(zone):
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "--nomigrations",
        "-m",
        "not slow",
        "-n",
        "1",  # a worker has a database of its own: ours may be in use by the proofs before this one
        *COUNTED,
    ]
    answer = subprocess.run(command, cwd=ROOT, env=os.environ | {"TZ": zone}, capture_output=True, text=True)
    tried(f"files of tests about days with TZ={zone}", len(COUNTED))
    assert answer.returncode == 0, answer.stdout[-3000:]
