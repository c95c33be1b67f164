"""Whatever text comes in, the reader answers, and what it answers stands in the text."""

from dataclasses import fields, is_dataclass
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.minutes.reader import read

PIECES = [
    "RESOLVED:",
    "RESOLVED – That the report be noted.",
    "(a) That a further report be submitted in March 2025 on x and y.",
    "(b)",
    "1.",
    "Present: Councillors Ash, Oak and Elm (Chair)",
    "Apologies were received from Mr A Lime.",
    "For (2)",
    "Mr Ash, Mrs Oak",
    "Against (0)",
    "Motion lost.",
    "Minutes:",
    "Decision:",
    "Moved by Cllr Ash, seconded by Cllr Oak",
    "“This Council notes",
    "”",
    "• bullet",
    "  ",
    "Ø  point",
    "Supporting documents:",
    "Appendix 1 – Plan",
    "in six months",
    "The following were in attendance for this item:",
    "· Jane Ash, Head of Trees",
    "T H A T",
    "12/24 APOLOGIES",
    "Page 2",
    "should read 8th March",
    "substituted by",
    "(Chair)",
    "That",
    "covering the following elements:",
    "31 February 2024",
]
scraps = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=40)), max_size=40).map("\n".join)


def places(thing):
    """Every (words or None, place) inside a reading."""
    if isinstance(thing, tuple):
        for part in thing:
            yield from places(part)
    elif is_dataclass(thing):
        if hasattr(thing, "at"):
            yield getattr(thing, "name", None), thing.at
        for one in fields(thing):
            if one.name not in ("at", "text"):
                yield from places(getattr(thing, one.name))


@given(st.text())
@settings(max_examples=150, deadline=None)
def test_read_never_raises_on_any_text(text):
    read(text)


@given(scraps)
@settings(max_examples=250, deadline=None)
def test_read_never_raises_on_scraps_of_minutes_and_every_place_lies_inside(text):
    minutes = read(text)
    minutes.as_json()
    for name, place in places(minutes):
        assert isinstance(place, tuple) or name is None
        if isinstance(place, tuple) and len(place) == 2 and all(isinstance(n, int) for n in place):
            start, end = place
            assert 0 <= start <= end <= len(text)


@given(scraps)
@settings(max_examples=150, deadline=None)
def test_a_name_stands_in_the_text_at_its_place(text):
    minutes = read(text)
    for person in (*minutes.attendance, *minutes.apologies):
        start, end = person.at
        found = "".join(minutes.text[start:end].split())
        assert "".join(person.name.split()) in found


@pytest.mark.slow
def test_the_time_to_read_grows_with_the_length_and_no_faster():
    """Four times the pages may take eight times as long at most; a busy machine slows both alike."""
    page = "\n".join(
        [
            "12. Report on Trees",
            "",
            (
                "1. Mr A Ash (Head of Trees) introduced the report, which set out what had been done and "
                "what remained to do, and"
            ),
            "   the Chair welcomed Ms B Birch, Director of Parks, to the meeting.",
            "2. RESOLVED:",
            "(a) That the report be noted; and",
            "(b) That a further report be submitted in March 2025 covering planting, watering and pruning.",
            "Mr Ash proposed, and Mrs Oak seconded, that the matter be deferred. The motion was lost by 3 votes to 9.",
            "",
        ]
        * 4
    )
    read(page)  # what is made once is made before the clock runs
    fifty, two_hundred = (seconds_to_read(page * pages) for pages in (50, 200))
    assert two_hundred < 8 * fifty


def seconds_to_read(text):
    began = process_time()
    read(text)
    return process_time() - began


@pytest.mark.slow
@pytest.mark.parametrize("scrap", ["Councillor Ash and ", "a (", "RESOLVED that ", "“"])
def test_the_time_for_one_very_long_line_grows_with_its_length_and_no_faster(scrap):
    read(scrap)
    short, long = (seconds_to_read(scrap * count) for count in (2_500, 10_000))
    assert long < 8 * short + 0.2
