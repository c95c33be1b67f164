"""Text that a spreadsheet would run leaves as text, and comes back as it was (safety notes W6)."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from actions.tracker.table import read_sheet
from scrutiny.toolkit.exports import FORMULA_SIGNS, safe_cell
from tests.numbers import tried
from tests.planted import plant
from tests.test_access import POLICY, address, client_of
from tests.test_access import world as world_of_every_page

world = world_of_every_page
FORMULA = '=HYPERLINK("http://evil.example";"x")'
PAPERS = ("csv", "xlsx")


def live_in_csv(content):
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    return [cell for row in rows for cell in row if cell.startswith(FORMULA_SIGNS)]


def live_in_sheet(content):
    book = load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    return [cell.value for cell in cells if cell.data_type == "f"]


def body(answer):
    return b"".join(answer) if answer.streaming else answer.content


EVERYDAY = ("=", "\t")


@pytest.mark.slow
@pytest.mark.parametrize(
    "sign",
    [pytest.param(sign, marks=[] if sign in EVERYDAY else pytest.mark.verify) for sign in FORMULA_SIGNS],
)
def test_no_list_and_no_paper_lets_a_formula_out(world, sign):
    plant(lambda field: sign + FORMULA[1:] if sign != "\t" else sign + FORMULA)
    client, looked_at = client_of(world, "o"), 0
    for name in sorted(name for name in POLICY if name.endswith("-list") and "o" in POLICY[name]):
        answer = client.get(address(name, world), {"format": "csv"})
        if "csv" in answer.headers["Content-Type"]:
            assert live_in_csv(body(answer)) == [], name
            looked_at += 1
    assert looked_at >= 5
    for format in PAPERS:
        content = body(client.get(address("meeting-paper", world), {"format": format}))
        assert (live_in_csv if format == "csv" else live_in_sheet)(content) == []
    tried("exports full of formulas", looked_at + len(PAPERS))


@pytest.mark.parametrize("format", PAPERS)
def test_the_tracker_comes_back_as_it_was(world, format):
    world.waiting.text = FORMULA
    world.waiting.save()
    content = io.BytesIO(
        body(client_of(world, "o").get(f"/meetings/{world.later.pk}/papers/tracker/", {"format": format}))
    )
    content.name, content.size = f"tracker.{format}", len(content.getvalue())
    cells = [cell for _, row in read_sheet(content).rows for cell in row.values()]
    assert FORMULA in cells


@given(st.text())
def test_no_text_leaves_as_a_formula(text):
    assert not safe_cell(text).startswith(FORMULA_SIGNS)
