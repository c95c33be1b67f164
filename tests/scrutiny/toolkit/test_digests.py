"""One text for the values of a row, whatever the engine and the time zone."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from scrutiny.toolkit.digests import canonical, digest_of

VALUES = (
    st.none() | st.booleans() | st.integers() | st.text() | st.dates() | st.datetimes(timezones=st.just(UTC))
)


def test_the_text_is_the_same_for_ever():
    """Old seals are checked against it: this text must never change."""
    values = [
        7,
        True,
        None,
        "Élan “quoted”\n",
        date(2026, 3, 8),
        datetime(2026, 3, 8, 9, 30, tzinfo=UTC),
        time(9, 30),
        Decimal("1.50"),
        b"\x00\xff",
        {"b": 1, "a": [2]},
    ]
    assert canonical(values).decode() == (
        '[7,true,null,"Élan “quoted”\\n","2026-03-08","2026-03-08T09:30:00.000000+00:00",'
        '"09:30:00","1.50","00ff",{"a":[2],"b":1}]'
    )


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(1900, 1, 2), max_value=datetime(2200, 1, 1)))
def test_a_moment_reads_the_same_in_every_time_zone(moment):
    elsewhere = moment.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert canonical([moment]) == canonical([elsewhere])


@given(st.lists(VALUES, max_size=4), st.lists(VALUES, max_size=4))
def test_two_rows_with_different_values_have_different_digests(one, other):
    is_same = [(type(value), value) for value in one] == [(type(value), value) for value in other]
    assert (digest_of(one) == digest_of(other)) == is_same


@given(st.lists(VALUES, max_size=4), st.binary(min_size=16, max_size=16))
def test_without_its_salt_a_digest_cannot_be_compared(values, salt):
    assert digest_of(values, salt) != digest_of(values)
