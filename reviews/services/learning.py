"""What becomes of what a review taught. Each function is one step, stored together with its history, by somebody."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from reviews.models import LearningPoint, ReviewCase
from reviews.stages import FOR_ASSURERS, LEARNING
from scrutiny.toolkit.access import can, grants_of
from scrutiny.toolkit.history import record


@transaction.atomic
def add_learning(point, *, by, reason=""):
    """Adds a learning point, last in the order of its case."""
    case = ReviewCase.objects.select_for_update().get(pk=point.case_id)
    point.number = (case.learning.aggregate(last=Max("number"))["last"] or 0) + 1
    return record(point, by=by, reason=reason)


@transaction.atomic
def move_learning(point, step, *, by, recheck_on=None, reason=""):
    """Takes a learning point to its next state (T-9)."""
    now = LearningPoint.objects.select_for_update().get(pk=point.pk)
    if step.code not in now.rule.then:
        may = " or ".join(f"“{LEARNING[code].label}”" for code in now.rule.then) or "nothing more"
        raise ValidationError(f"After “{now.rule.label}” comes {may}.")
    if step.code == "assigned" and not now.owner_id:
        raise ValidationError("Say first which agency owns this learning: change the learning point.")
    if step.code not in steps_for(by, now):
        raise ValidationError("This step is taken by those who assure the learning, never by its owner.")
    if "recheck_on" in LEARNING[step.code].asks and not recheck_on:
        raise ValidationError({"recheck_on": "Enter when it is looked at again."})
    step.learning, step.recorded_by = now, by
    record(step, by=by, reason=reason)
    now.state = step.code
    now.recheck_on = recheck_on if step.code == "embedded_check_due" else now.recheck_on
    return record(now, by=by, reason=LEARNING[step.code].label)


def may_assure(user, point):
    """Nobody assures what their own body owns (T-9)."""
    owns = any(grant.organisation_id == point.owner_id for grant in grants_of(user) if point.owner_id)
    return can(user, "assure_learning", point) and not owns


def steps_for(user, point):
    """The codes of the next steps this person may take."""
    if not can(user, "move_learning", point):
        return []
    assures = may_assure(user, point)
    return [code for code in point.rule.then if assures or code not in FOR_ASSURERS]


@transaction.atomic
def add_learning_evidence(piece, *, by, reason=""):
    record(piece, by=by, reason=reason)
    point = LearningPoint.objects.select_for_update().get(pk=piece.learning_id)
    point.evidence_grade = point.evidence.aggregate(best=Max("grade"))["best"] or ""
    record(point, by=by, reason=f"Evidence: {piece.title}")
    return piece
