import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from scrutiny.toolkit.charts import WIDTH, stacked_bars
from scrutiny.toolkit.small_numbers import FewerThan, suppressed

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


# D-7: small numbers


def without_small_numbers(table):
    return chart(*suppressed(table, 5).cells.items())


def test_a_small_number_is_words_in_the_bar_and_in_the_table_and_its_total_is_not_shown():
    page = shown(without_small_numbers({"March": {"Achieved": 7, "Partly": 3}, "April": {"Achieved": 9}}))
    printed = [text.text for text in page.select("svg[role=img] text")]
    assert printed == ["March", "7", "fewer than 5", "April", "9"]
    rows = [[cell.text for cell in row.select("td")] for row in page.select("tbody tr")]
    assert rows == [["7", "fewer than 5", "0", "not shown"], ["9", "0", "0", "9"]]


@given(st.integers(1, 4), st.integers(1, 4))
def test_nothing_on_the_page_gives_a_small_number_away(one, other):
    pages = [
        shown(without_small_numbers({"March": {"Achieved": 7, "Partly": small}, "April": {"Achieved": 30}}))
        for small in (one, other)
    ]
    assert pages[0] == pages[1]


def test_the_words_have_a_dashed_outline_and_a_line_that_says_why():
    page = shown(without_small_numbers({"March": {"Achieved": 7, "Partly": 3}}))
    assert len(page.select("svg[role=img] [stroke-dasharray]")) == 1
    assert "its length says nothing" in page.text


def test_a_chart_without_small_numbers_says_nothing_about_them():
    page = shown(without_small_numbers({"March": {"Achieved": 7}}))
    assert not page.select("[stroke-dasharray]")
    assert "its length says nothing" not in page.text


def test_a_chart_of_small_numbers_only_is_not_empty():
    assert [text.text for text in shown(chart(("March", {"Achieved": FewerThan(5)}))).select("text")] == [
        "March",
        "fewer than 5",
    ]


def test_a_row_full_of_words_makes_the_picture_wider_and_keeps_lengths_in_proportion():
    series = [(name, "#1f5c4a") for name in "ABCDEFG"]
    full = dict.fromkeys("ABCDEF", FewerThan(5)) | {"G": 20}
    drawn = chart(("March", full), ("April", {"A": 40}), ("May", {"A": 20}), series=series)
    assert max(segment.x + segment.width for bar in drawn.bars for segment in bar.segments) < drawn.width
    assert drawn.bars[1].segments[0].width == pytest.approx(2 * drawn.bars[2].segments[0].width, abs=0.2)


def test_a_picture_is_no_wider_than_it_must_be():
    assert chart(("March", {"Achieved": 7})).width == WIDTH + 2
