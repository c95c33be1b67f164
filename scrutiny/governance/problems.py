"""Reporting a data problem hides a record's words at once; whoever can put it right shows them again."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from scrutiny.events import log
from scrutiny.governance.people import tell
from scrutiny.models import DataProblem, DataProblemEnd
from scrutiny.models.problems import HIDDEN, free_text, hide_words
from scrutiny.overview.trails import NOUNS, may_put_right
from scrutiny.toolkit.access import can
from scrutiny.toolkit.history import because


@transaction.atomic
def report(record, *, noun, why, by):
    """Hides the words of the record. The rules of the record are not asked: it may be locked for editing."""
    if DataProblem.objects.open().filter(noun=noun, key=record.pk).exists():
        raise ValidationError("Somebody reported this already: it is hidden and being looked at.")
    version = record.history.order_by("-history_id").values_list("history_id", flat=True).first()
    problem = DataProblem.objects.create(noun=noun, key=record.pk, version=version, why=why, by=by)
    with because(hide_words(record), f"{problem} was reported", by):
        record.save()
    log("data_problem", by=by, on=problem, reason=why)
    tell(
        problem,
        subject="A data problem was reported",
        text=f"{by} reported a data problem. The words of the record are hidden until it is looked at.",
        besides=by,
    )
    return problem


@transaction.atomic
def lift(problem, *, reason, by):
    """Shows the words again, as they are in the history by now; fields changed meanwhile stay as they are."""
    if not problem.is_open:
        raise ValidationError("The words are shown again already.")
    DataProblemEnd.objects.create(problem=problem, reason=reason, by=by)
    log("data_problem_lifted", by=by, on=problem, reason=reason)
    record = record_of(problem)
    if record is None:
        return
    for name, words in words_of(problem).items():
        if getattr(record, name) == HIDDEN:
            setattr(record, name, words)
    with because(record, reason, by):
        record.save()


def record_of(problem):
    """None where it was deleted meanwhile."""
    return NOUNS[problem.noun]._base_manager.filter(pk=problem.key).first()


def words_of(problem):
    """{name of a field: its words before they were hidden}."""
    model = NOUNS[problem.noun]
    row = model.history.get(history_id=problem.version)
    return {name: words for name in free_text(model) if (words := getattr(row, name))}


def problems_for(user):
    """What one has to look at, and what one reported: all of it for information governance and auditors."""
    if can(user, "redact") or can(user, "audit"):
        return DataProblem.objects.all()
    kept = [noun for noun, model in NOUNS.items() if may_put_right(user, model)]
    return DataProblem.objects.filter(Q(by=user) | Q(noun__in=kept))


def may_lift(user, problem):
    """Those who keep the record, if they see it; information governance in any case."""
    model = NOUNS[problem.noun]
    if can(user, "redact"):
        return True
    record = model.objects.visible_to(user).filter(pk=problem.key).first()
    return record is not None and may_put_right(user, model, record)
