"""Boards and years to choose from, fetched once for a page."""

from datetime import date
from types import SimpleNamespace

import pytest

from scrutiny.choosing import boards, years
from scrutiny.models import Board, MunicipalYear
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    for name in ("Zeal", "Ark", "Moor"):
        factories.BoardFactory(name=name)
    for year in (2021, 2023, 2022):
        label = f"{year}/{year % 100 + 1}"
        factories.YearFactory(label=label, start=date(year, 5, 25), end=date(year + 1, 5, 24))


def test_both_come_in_the_order_of_their_lists_by_one_statement(known, olivia, django_assert_num_queries):
    request = SimpleNamespace(user=olivia)
    assert olivia.grants
    with django_assert_num_queries(1):
        chosen = boards(request), years(request)
    assert chosen == (
        list(Board.objects.values_list("pk", "name")),
        list(MunicipalYear.objects.values_list("pk", "label", "start", "end")),
    )
    assert [board.name for board in chosen[0]] == list(map(str, Board.objects.all()))
    assert [year.name for year in chosen[1]] == list(map(str, MunicipalYear.objects.all()))


def test_without_a_role_there_is_nothing_to_choose_from(known, norma):
    request = SimpleNamespace(user=norma)
    assert (boards(request), years(request)) == ([], [])
