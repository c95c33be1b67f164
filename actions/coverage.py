"""Which report answers what: elements down, reports across, told only of what somebody may see."""

from dataclasses import dataclass

from django.db.models import F, Prefetch

from actions.models import Answer, Element

BY_REFERENCE = ("action__board__code", "action__year__start", "action__number", "number")


@dataclass(frozen=True)
class CoverageTable:
    """reports   the columns, in the order in which they were received
    rows      (element, cells); a cell is the Answer in the report of its column, None for "Not yet"
    """

    reports: list
    rows: list


def coverage(elements, answers):
    """The CoverageTable of `elements` by the reports that `answers` are in."""
    found = {(answer.element_id, answer.report_id): answer for answer in answers}
    reports = sorted({answer.report for answer in found.values()}, key=_when_received)
    rows = [(element, [found.get((element.pk, report.pk)) for report in reports]) for element in elements]
    return CoverageTable(reports, rows)


def _when_received(report):
    return report.item.meeting.date, report.item.position, report.pk


def answers_for(user):
    """The answers somebody may see, in no order, with their reports and when these were received."""
    return Answer.objects.visible_to(user).select_related("report__item__meeting").order_by()


def coverage_for(user):
    """Fetches with each element, as `coverage`, how reports this user may see answer it."""
    return Prefetch("answers", answers_for(user).order_by("report"), to_attr="coverage")


def coverage_in(report, user):
    """Every element of the actions the report answers: what it leaves out shows too."""
    answers = list(answers_for(user).filter(report=report).annotate(asked_by=F("element__action")))
    return coverage(_elements(user).filter(action__in={answer.asked_by for answer in answers}), answers)


def coverage_at(meeting, user):
    """What the reports received at a meeting answer."""
    answers = list(answers_for(user).filter(report__item__meeting=meeting))
    return coverage(_elements(user).filter(pk__in={answer.element_id for answer in answers}), answers)


def _elements(user):
    return Element.objects.visible_to(user).select_related("action").order_by(*BY_REFERENCE)
