"""Boards and municipal years to choose from in filters; their keys and names are enough."""

from scrutiny.models import Board, MunicipalYear
from scrutiny.toolkit.access import reader_of
from scrutiny.toolkit.kept import kept_for_each


def boards(request):
    return [Board(**row) for row in _boards(Board.objects.db, reader_of(request.user))]


@kept_for_each
def _boards(reader):
    return Board.objects.visible_to(reader).values("pk", "name")


def years(request):
    return [MunicipalYear(**row) for row in _years(MunicipalYear.objects.db, reader_of(request.user))]


@kept_for_each
def _years(reader):
    return MunicipalYear.objects.visible_to(reader).values("pk", "label")
