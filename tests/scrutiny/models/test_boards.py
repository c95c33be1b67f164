"""Boards, seats and municipal years."""

from datetime import date

import pytest

from scrutiny.models import BoardMembership, MunicipalYear
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def years():
    return [
        factories.YearFactory(label="2022/23", start=date(2022, 5, 26), end=date(2023, 5, 24)),
        factories.YearFactory(label="2023/24", start=date(2023, 5, 25), end=date(2024, 5, 22)),
    ]


@pytest.mark.parametrize(
    ("day", "label"),
    [
        (date(2022, 5, 26), "2022/23"),
        (date(2023, 1, 1), "2022/23"),
        (date(2023, 5, 24), "2022/23"),
        (date(2023, 5, 25), "2023/24"),
        (date(2024, 5, 22), "2023/24"),
    ],
)
def test_a_municipal_year_holds_its_first_and_its_last_day(years, day, label):
    assert [year.label for year in MunicipalYear.objects.containing(day)] == [label]


@pytest.mark.parametrize("day", [date(2022, 5, 25), date(2024, 5, 23)])
def test_no_municipal_year_holds_a_day_before_the_first_or_after_the_last(years, day):
    assert not MunicipalYear.objects.containing(day).exists()


def test_a_municipal_year_is_short_in_references(years):
    assert [year.short for year in years] == ["22/23", "23/24"]


@pytest.mark.parametrize(
    ("start", "end", "sits"),
    [
        (date(2023, 3, 8), None, True),
        (date(2023, 3, 9), None, False),
        (date(2022, 5, 26), date(2023, 3, 8), True),
        (date(2022, 5, 26), date(2023, 3, 7), False),
        (date(2022, 5, 26), date(2023, 5, 24), True),
    ],
)
def test_a_seat_is_held_from_its_first_to_its_last_day(board, start, end, sits):
    factories.MembershipFactory(board=board, start=start, end=end)
    assert BoardMembership.objects.current(date(2023, 3, 8)).exists() is sits


def test_a_category_is_called_by_its_number_where_it_has_one(board):
    names = [str(category) for category in board.tracking_scheme.categories.all()]
    assert names[1] == "2. Achieved"


def test_a_seat_says_who_sits_and_as_what(board):
    ann = factories.PersonFactory(style="Councillor", name="Ann Lee")
    assert (
        str(factories.MembershipFactory(board=board, person=ann, role="chair")) == "Councillor Ann Lee, Chair"
    )
