"""What is searched of what the partnership reports: papers, review cases, learning and themes."""

from reviews.models import (
    AgencyAssurance,
    Appendix,
    CasePresentation,
    Dissemination,
    Erratum,
    LateReason,
    LearningEvidence,
    LearningPoint,
    LearningStep,
    PartnerView,
    Report,
    ReportPresentation,
    ReviewCase,
    Stage,
    SupportingDocument,
    Theme,
)
from reviews.models.cases import visible_cases
from reviews.models.learning import visible_learning
from scrutiny.models.search import Guard, Searchable
from scrutiny.search import WITH_A_ROLE, WITH_THE_ITEM
from scrutiny.toolkit.access import EVERYWHERE, NOWHERE, can

WITH_THE_CASE = Guard("case", ReviewCase, visible_cases)
WITH_THE_LEARNING = Guard("learning", LearningPoint, visible_learning)
WORKING_ON_CASES = Guard(  # what stays there after publication
    "working", ReviewCase, lambda user: EVERYWHERE if can(user, "view_cases") else NOWHERE
)


def part_of_report(model, **words):
    return Searchable(
        model,
        "report",
        WITH_THE_ITEM,
        "report__item_id",
        meeting="report__item__meeting",
        url=lambda part: part.report.get_absolute_url(),
        **words,
    )


def part_of_case(model, guard, path="case", name=str, **words):
    """Its name begins with the reference, and follows when that is corrected."""
    return Searchable(
        model,
        "case",
        guard,
        f"{path}_id",
        name=lambda part: f"{_follow(part, path).reference}: {name(part)}",
        titled=False,
        repeats=steps(path),
        url=lambda part: _follow(part, path).get_absolute_url(),
        **words,
    )


def part_of_learning(model, name, guard=WITH_THE_LEARNING, key="learning_id", **words):
    """Its name says nothing of the case, which the owner of the learning may not know."""
    return Searchable(
        model, "learning", guard, key, name=lambda part: name, titled=False, needs=("learning",), **words
    )


def steps(path):
    """ "stage__case" → "stage", "stage__case"."""
    names = path.split("__")
    return tuple("__".join(names[: count + 1]) for count in range(len(names)))


def _follow(part, path):
    for name in path.split("__"):
        part = getattr(part, name)
    return part


PAPERS = [
    Searchable(
        Report,
        "report",
        WITH_THE_ITEM,
        "item_id",
        body=("summary", "author_post"),
        meeting="item__meeting",
    ),
    part_of_report(Appendix),
    part_of_report(
        Erratum,
        name=lambda erratum: "Correction to a report",
        titled=False,
        body=("words", "subject", "wrong_value", "correct_value", "announced_by"),
    ),
    part_of_report(
        ReportPresentation,
        name=lambda seen: f"Presented on {seen.on:%-d %B %Y}",
        titled=False,
        body=("outcome",),
        day="on",
    ),
    Searchable(
        SupportingDocument,
        "report",
        WITH_THE_ITEM,
        "item_id",
        meeting="item__meeting",
        url=lambda document: document.item.get_absolute_url(),
    ),
]

CASES = [
    Searchable(
        ReviewCase,
        "case",
        WITH_THE_CASE,
        body=("reviewer", "independence"),
        day="began_on",
        reference="reference",
    ),
    part_of_case(Stage, WORKING_ON_CASES, body=("note", "taken_by"), day="on"),
    part_of_case(PartnerView, WORKING_ON_CASES, "stage__case", body=("note",), day="stage__on"),
    part_of_case(
        LateReason,
        WORKING_ON_CASES,
        name=lambda reason: "why a time limit was missed",
        body=("reason",),
    ),
    part_of_case(
        CasePresentation,
        WITH_THE_CASE,
        name=lambda seen: f"presented on {seen.on:%-d %B %Y}",
        body=("outcome",),
        day="on",
    ),
]

LEARNING = [
    Searchable(
        LearningPoint,
        "learning",
        WITH_THE_LEARNING,
        name=lambda point: "Learning from a review",
        titled=False,
        body=("text",),
        day="due_on",
    ),
    part_of_learning(
        LearningStep,
        "Where learning stands",
        WORKING_ON_CASES,
        "learning__case_id",
        body=("note", "taken_by"),
        day="on",
    ),
    part_of_learning(Dissemination, "How learning was spread", body=("title", "audience"), day="on"),
    part_of_learning(
        AgencyAssurance,
        "What an agency says of learning",
        body=("method", "evidence", "confirmed_by"),
        day="on",
    ),
    part_of_learning(LearningEvidence, "Evidence of learning", body=("title",), day="on"),
]

THEMES = [
    Searchable(
        Theme,
        "theme",
        WITH_A_ROLE,
        title=("also_called",),
        body=("plain_english", "caution"),
        reference="code",
    )
]

RECORD = [*PAPERS, *CASES, *LEARNING, *THEMES]
