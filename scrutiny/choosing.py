"""Boards and municipal years to choose from: their names, and the days of a year, are enough."""

from datetime import date
from typing import NamedTuple

from django.db.models import DateField, F, Value

from scrutiny.models import Board, MunicipalYear
from scrutiny.toolkit.access import reader_of
from scrutiny.toolkit.choices import Choice
from scrutiny.toolkit.kept import kept_for_each

NO_DAY = Value(None, DateField())


class Year(NamedTuple):
    pk: int
    name: str
    start: date
    end: date


def boards(request):
    return [Choice(row["pk"], row["called"]) for row in _rows(request) if row["start"] is None]


def years(request):
    """The newest first."""
    rows = sorted((row for row in _rows(request) if row["start"]), key=lambda row: row["start"], reverse=True)
    return [Year(row["pk"], row["called"], row["start"], row["end"]) for row in rows]


def _rows(request):
    """Of both in one statement, once for a page."""
    if not hasattr(request, "boards_and_years"):
        request.boards_and_years = _boards_and_years(reader_of(request.user))
    return request.boards_and_years


@kept_for_each(Board)
def _boards_and_years(reader):
    of_years = MunicipalYear.objects.visible_to(reader).order_by()
    of_boards = Board.objects.visible_to(reader).order_by()
    return (
        of_years.values("pk", "start", "end", called=F("label"))
        .union(of_boards.values("pk", start=NO_DAY, end=NO_DAY, called=F("name")), all=True)
        .order_by("called")
    )
