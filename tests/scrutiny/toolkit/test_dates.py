"""Days in London."""

from datetime import UTC, date, datetime
from unittest import mock

import pytest
from django.test import RequestFactory
from django.utils import timezone

from scrutiny.toolkit.dates import Today, end_of


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
