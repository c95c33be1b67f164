from dataclasses import replace
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from scrutiny.toolkit.small_numbers import NOT_SHOWN, FewerThan, suppressed, suppressed_count

ROWS, COLUMNS = ["2022/23", "2023/24"], ["Rapid review", "Local review", "Audit"]
FEW = FewerThan(5)


def table_of(*rows):
    return {row: dict(zip(COLUMNS, counts, strict=True)) for row, counts in zip(ROWS, rows, strict=True)}


def tables(threshold):
    """Small and large counts alike, so that most tables have both."""
    count = st.one_of(st.integers(0, threshold), st.integers(0, 40))
    return st.tuples(*[st.tuples(count, count, count)] * 2).map(lambda rows: table_of(*rows))


thresholds_and_tables = st.integers(3, 5).flatmap(lambda least: st.tuples(st.just(least), tables(least)))


def attack(published):
    """{(row, column): every value it can have}, for each suppressed cell, from all that is shown."""
    cells = {
        (row, column): cell for row, counts in published.cells.items() for column, cell in counts.items()
    }
    hidden = {place: cell for place, cell in cells.items() if isinstance(cell, FewerThan)}
    possible = {place: set() for place in hidden}
    for guess in product(*[range(1, cell.threshold) for cell in hidden.values()]):
        guessed = dict(zip(hidden, guess, strict=True))
        if fits(published, cells | guessed):
            for place, value in guessed.items():
                possible[place].add(value)
    return possible


def fits(published, numbers):
    shown = [
        *((published.row_totals[row], [numbers[row, column] for column in COLUMNS]) for row in ROWS),
        *((published.column_totals[column], [numbers[row, column] for row in ROWS]) for column in COLUMNS),
        (published.total, list(numbers.values())),
    ]
    return all(sum(cells) == total for total, cells in shown if total != NOT_SHOWN)


@given(thresholds_and_tables)
def test_no_suppressed_cell_can_be_worked_out(case):
    threshold, table = case
    possible = attack(suppressed(table, threshold))
    assert all(len(values) > 1 for values in possible.values())


def test_the_attack_succeeds_on_a_total_that_should_not_be_shown():
    published = suppressed(table_of((3, 10, 10), (10, 10, 10)), 5)
    careless = replace(published, row_totals=published.row_totals | {"2022/23": 23})
    assert attack(careless) == {("2022/23", "Rapid review"): {3}}


@given(thresholds_and_tables)
def test_a_number_is_shown_unless_it_is_small_and_a_total_unless_it_is_over_a_small_one(case):
    threshold, table = case
    published = suppressed(table, threshold)
    for row in ROWS:
        small = [column for column in COLUMNS if 0 < table[row][column] < threshold]
        assert [column for column in COLUMNS if published.cells[row][column] == table[row][column]] == [
            column for column in COLUMNS if column not in small
        ]
        assert published.row_totals[row] == (NOT_SHOWN if small else sum(table[row].values()))


@given(st.integers(1, 4), st.integers(1, 4))
def test_tables_that_differ_in_a_small_number_only_look_the_same(one, other):
    assert suppressed(table_of((one, 7, 0), (9, 9, 9)), 5) == suppressed(
        table_of((other, 7, 0), (9, 9, 9)), 5
    )


def test_a_table_with_a_small_number_keeps_the_totals_that_do_not_reach_it():
    published = suppressed(table_of((3, 7, 0), (9, 8, 6)), 5)
    assert published.cells == table_of((FEW, 7, 0), (9, 8, 6))
    assert published.row_totals == {"2022/23": NOT_SHOWN, "2023/24": 23}
    assert published.column_totals == {"Rapid review": NOT_SHOWN, "Local review": 15, "Audit": 6}
    assert published.total == NOT_SHOWN


def test_a_table_without_small_numbers_has_all_its_totals():
    published = suppressed(table_of((0, 7, 5), (9, 8, 6)), 5)
    assert (published.row_totals, published.total) == ({"2022/23": 12, "2023/24": 23}, 35)


def test_rows_need_not_have_the_same_columns():
    published = suppressed({"A": {"x": 5}, "B": {"x": 6, "y": 2}}, 5)
    assert published.column_totals == {"x": 11, "y": NOT_SHOWN}


def test_an_empty_table_has_a_total_of_none():
    assert suppressed({}, 5).total == 0


def test_a_single_count_is_shown_from_the_threshold_up_and_none_is_no_secret():
    assert [suppressed_count(count, 5) for count in (0, 1, 4, 5)] == [0, FEW, FEW, 5]


def test_the_words_name_the_threshold():
    assert str(suppressed_count(2, 10)) == "fewer than 10"
