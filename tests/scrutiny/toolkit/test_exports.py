"""Tables that leave the site run nothing in a spreadsheet."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.toolkit.exports import SENT_AT_ONCE, csv_response, safe_cell


def table(response):
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize(
    "formula", ["=1+1", '=HYPERLINK("http://x","y")', "+44 113", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1"]
)
def test_text_that_could_run_is_text_in_the_spreadsheet(formula):
    assert safe_cell(formula) == f"'{formula}"


@pytest.mark.parametrize("formula", ["\n=1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)"])
def test_text_that_some_spreadsheets_run_is_text_too(formula):
    """A line feed and the full-width signs: OWASP, CSV injection."""
    assert safe_cell(formula) == f"'{formula}"


@pytest.mark.parametrize("text", ["Ann Lee", "2 + 2 = 4", "1=1", " a", "", "’=", "小芳"])
def test_other_text_stays_as_it_is(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize("value", [-3, 0, Decimal("-1.5"), date(2023, 3, 8), True])
def test_numbers_and_dates_stay_as_they_are(value):
    assert safe_cell(value) is value


def test_what_is_not_there_is_an_empty_cell():
    assert safe_cell(None) == ""


def test_a_table_is_a_file_that_excel_reads_as_utf_8():
    response = csv_response("meetings", ["Name", "Day"], [["Élodie", date(2023, 3, 8)], ["=1", None]])
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="meetings.csv"'
    assert table(response) == [["Name", "Day"], ["Élodie", "2023-03-08"], ["'=1", ""]]


def test_a_long_table_leaves_in_parts_and_never_as_a_whole():
    made = []

    def rows():
        for number in range(SENT_AT_ONCE * 2 + 1):
            made.append(number)
            yield [number]

    parts = iter(csv_response("numbers", ["Number"], rows()).streaming_content)
    assert (next(parts), made) == ("\ufeffNumber\r\n".encode(), [])
    assert next(parts).startswith(b"0\r\n1\r\n")
    assert len(made) == SENT_AT_ONCE
    assert len(list(parts)) == 2
    assert made == list(range(SENT_AT_ONCE * 2 + 1))


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00")), min_size=2, max_size=2)
    )
)
def test_every_text_comes_out_of_the_table_as_it_went_in(rows):
    found = table(csv_response("texts", ["One", "Two"], rows))
    assert found[1:] == [[safe_cell(value) for value in row] for row in rows]
