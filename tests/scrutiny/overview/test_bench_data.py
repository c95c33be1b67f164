"""Measuring data: written in bulk, and still as if it had been entered."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from actions import inherited, tallies
from actions.chasing.askings import count_due, due
from actions.models import Action, Answer, DueRevision, Element, Evidence, Judgement, ProgressUpdate
from actions.standing import standing
from scrutiny.indexing import differences
from scrutiny.models import AgendaItem, Attendance, Board, Meeting, MunicipalYear, Person, Resolution
from scrutiny.overview import bench
from scrutiny.overview.bench.council import PAPER_BOARD
from scrutiny.overview.bench.decade import PAPER, UPDATES, day_of
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.search]

WRITTEN = [
    Action,
    Element,
    ProgressUpdate,
    Evidence,
    Answer,
    Judgement,
    DueRevision,
    Meeting,
    AgendaItem,
    Resolution,
]


@pytest.fixture
def data():
    today = timezone.localdate()
    bench.set_up(today)
    list(bench.Decade(today).fill(120))


def test_what_was_written_in_bulk_is_as_if_it_had_been_entered(data):
    the_sums_the_history_and_the_search_agree()
    most_is_closed_and_some_is_late()
    rows_pass_the_rules_of_their_models()
    what_is_counted_to_chase_is_what_is_listed()
    factories.ActionFactory()  # keys go on from there


def the_sums_the_history_and_the_search_agree():
    """The sums on each element, its history to the last line, and what is found by searching."""
    for element in Element.objects.order_by("pk")[::7]:
        for name, value in standing(element).items():
            assert getattr(element, name) == value, (element, name)
    for model in WRITTEN:
        names = [field.attname for field in model.history.model.tracked_fields]
        assert model.objects.exists()
        newest = {}
        for row in model.history.order_by("history_id").values(*names, "history_type"):
            newest[row[names[0]]] = row
        assert len(newest) == model.objects.count()
        for row in model.objects.values(*names):
            assert {name: newest[row[names[0]]][name] for name in names} == row
    assert list(differences()) == []
    assert tallies.differences() == []
    assert not inherited.wrong_actions().exists()
    assert not inherited.wrong_elements().exists()


def what_is_counted_to_chase_is_what_is_listed():
    today = timezone.localdate()
    listed = {asking.action.pk for asking in due(Action.objects.all(), today)}
    assert count_due(Action.objects.all(), today) == (len(listed), False)
    assert count_due(Action.objects.all(), today, most=3) == (3, True)
    assert len(listed) > 3


def most_is_closed_and_some_is_late():
    closed = Action.objects.closed()
    assert closed.count() > 80
    assert not Element.objects.filter(action__in=closed, closed_on=None).exists()
    assert not Action.objects.open().exclude(elements__closed_on=None).exists()
    assert ProgressUpdate.objects.count() == UPDATES * Action.objects.count()
    assert Element.objects.late(timezone.localdate()).exists()
    assert Element.objects.answered(timezone.localdate()).exists()


def rows_pass_the_rules_of_their_models():
    for model in (*WRITTEN, Attendance):
        locked = (AgendaItem, Resolution, Attendance)  # minutes approved since
        for row in model.objects.order_by("pk")[:: max(model.objects.count() // 10, 1)]:
            row.clean_fields()
            row.validate_constraints()
            if model not in locked:
                row.clean()


def test_a_second_time_adds_to_it(data):
    before = Action.objects.count()
    call_command("bench_data", "--actions", "40", stdout=StringIO())
    assert Action.objects.count() == before + 40
    assert Board.objects.get(code=PAPER_BOARD).actions.count() == PAPER[0]


def test_it_refuses_to_go_beside_real_records():
    factories.BoardFactory()
    with pytest.raises(CommandError, match="only into an empty one"):
        call_command("bench_data", "--actions", "10")
    assert not Person.objects.exists()


@pytest.mark.parametrize("number", ["0", "1000001"])
def test_the_number_of_actions_has_bounds(number):
    with pytest.raises(CommandError, match="1 to 1,000,000"):
        call_command("bench_data", "--actions", number)


def test_meetings_of_one_board_never_fall_together():
    today = date(2026, 7, 20)
    for first in range(2017, 2027):
        year = MunicipalYear(start=date(first, 5, 15), end=date(first + 1, 5, 14))
        days = [day_of(year, turn, today) for turn in range(4 * 66)]
        assert len(set(days)) == len(days)
        assert all(year.start <= day <= min(year.end, date(2026, 7, 19)) for day, _ in days)
