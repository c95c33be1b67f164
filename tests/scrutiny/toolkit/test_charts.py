import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.toolkit.charts import WIDTH, stacked_bars

SERIES = [("Achieved", "#1f5c4a"), ("Partly", "#ffdd00", "stripes"), ("Not judged", "#e5e5e5", "dots")]
NAMES = [series[0] for series in SERIES]


def chart(*rows, series=SERIES):
    return stacked_bars("Elements by judgement", "Three meetings.", rows, series)


def shown(a_chart):
    return BeautifulSoup(render_to_string("includes/chart.html", {"chart": a_chart}), "html.parser")


@given(st.lists(st.fixed_dictionaries({name: st.integers(0, 99_999) for name in NAMES}), max_size=6))
def test_every_bar_fits_and_every_count_has_room(counts):
    drawn = chart(*[("A", row) for row in counts])
    for bar in drawn.bars:
        assert sum(segment.width for segment in bar.segments) <= WIDTH + 0.5
        assert all(segment.width >= 8 + 11 * len(str(segment.count)) for segment in bar.segments)
        assert [segment.count for segment in bar.segments] == [count for count in bar.counts if count]
        assert 0 < bar.y <= drawn.height


def test_lengths_are_in_proportion_where_there_is_room():
    first, second = chart(("A", {"Achieved": 40}), ("B", {"Achieved": 20})).bars
    assert first.segments[0].width == pytest.approx(2 * second.segments[0].width, abs=0.2)


def test_every_count_is_printed_and_stands_in_the_table_with_its_total():
    page = shown(chart(("March", {"Achieved": 4, "Partly": 3}), ("April", {})))
    printed = [text.text for text in page.select("svg[role=img] text")]
    assert printed == ["March", "4", "3", "April", "None"]
    rows = [[cell.text for cell in row.select("td")] for row in page.select("tbody tr")]
    assert rows == [["4", "3", "0", "7"], ["0", "0", "0", "0"]]


def test_the_picture_has_a_title_and_a_description():
    picture = shown(chart(("March", {"Achieved": 4}))).select_one("svg[role=img]")
    title, description = picture["aria-labelledby"].split()
    assert picture.find(id=title).text == "Elements by judgement"
    assert picture.find(id=description).text == "Three meetings."


def test_series_differ_by_more_than_colour():
    page = shown(chart(("March", {"Achieved": 4, "Partly": 3, "Not judged": 1})))
    assert [item.text.strip() for item in page.select(".chart__legend li")] == NAMES
    assert len(page.select("svg[role=img] pattern")) == 2


def test_text_on_dark_is_light_and_on_light_is_dark():
    dark, light, _ = chart().series
    assert (dark.text_colour, light.text_colour) == ("#ffffff", "#0b0c0c")


@pytest.mark.parametrize("rows", [[], [("March", {})], [("March", {"Achieved": 0})]])
def test_nothing_to_count_is_said_in_words(rows):
    page = shown(chart(*rows))
    assert "There is nothing to count yet." in page.text
    assert not page.select("svg[role=img]")


def test_long_labels_are_broken_into_lines():
    (bar,) = chart(("word " * 30, {"Achieved": 1})).bars
    assert len(bar.lines) > 1


def test_nothing_needs_inline_style_and_labels_are_escaped():
    page = shown(chart(("<script>x</script>", {"Achieved": 1})))
    assert not page.select("[style], style, script")


def test_no_series_is_an_empty_chart():
    assert chart(("March", {}), series=[]).empty
