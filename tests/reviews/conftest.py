"""Review cases on their way: begun and taken from stage to stage by the business unit, on days of the past."""

from datetime import date

import pytest

from reviews.models import PartnerView, ReviewCase, Stage
from reviews.services import cases as services
from reviews.stages import rules_of


@pytest.fixture
def begin(bea):
    """Begins a case; `facts` are those of the case itself."""

    def begin(kind, code, on, reference="ESCP-2023-04", **facts):
        case = ReviewCase(kind=kind, reference=reference, **facts)
        return services.open_case(case, Stage(code=code, on=on), by=bea)

    return begin


@pytest.fixture
def step(bea, ben):
    """Takes a step of a case; ben takes those that publish, so that two people did.

    `facts` are what the stage asks for about the case, `stage` what it says itself.
    """

    def step(case, code, on, *, views=(), late_reason="", following="", decision="", note="", **facts):
        for name, value in facts.items():
            setattr(case, name, value)
        stage = Stage(case=case, code=code, on=on, decision=decision, note=note)
        return services.move(
            case,
            stage,
            [PartnerView(partner=partner, view=view) for partner, view in views],
            by=ben if getattr(rules_of(case.kind).get(code), "publishes", False) else bea,
            late_reason=late_reason,
            following=following,
        )

    return step


@pytest.fixture
def notified(begin, step):
    """A rapid review that was notified in time, under the guidance of 2018."""
    case = begin("rapid_review", "aware", date(2023, 4, 5))
    return step(case, "notified", date(2023, 4, 14))


@pytest.fixture
def agreed(begin, step):
    """A practice review whose report is agreed and to be published on Monday 5 June 2023."""
    case = begin("cspr", "decided", date(2023, 1, 9), reference="ESCP-2023-05")
    for code, on in [
        ("scoping", date(2023, 1, 16)),
        ("reviewer_appointed", date(2023, 1, 23)),
        ("in_progress", date(2023, 1, 30)),
        ("draft_report", date(2023, 4, 24)),
    ]:
        case = step(case, code, on)
    return step(
        case,
        "agreed",
        date(2023, 5, 10),
        decision="full_report",
        planned_publication=date(2023, 6, 5),
    )
