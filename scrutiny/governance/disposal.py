"""Disposing of what was kept long enough: a list, a second person's approval, deletion, a certificate (D-10)."""

from collections import Counter

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from actions.models import Message, UpdateRequest, UpdateRound
from scrutiny.events import log
from scrutiny.governance.people import tell
from scrutiny.governance.retention import RULE, held, may_go_since
from scrutiny.models import (
    Disposal,
    DisposalItem,
    DisposalStep,
    DisposedRow,
    Event,
    LegalHold,
    LegalHoldEnd,
)
from scrutiny.seals import release
from scrutiny.toolkit.append_only import is_append_only, maintenance
from scrutiny.toolkit.documents import Column, Document, Section, Table
from scrutiny.toolkit.redacting import merge_search_table, overwrite_what_is_freed
from scrutiny.toolkit.words import counted

Kind = DisposalStep.Kind


@transaction.atomic
def hold(*, reason, by, rule="", board=None, record=None):
    """Stops every disposal of the records named; of all where none is named."""
    made = LegalHold.objects.create(
        rule=rule,
        board=board,
        noun=record._meta.model_name if record else "",
        key=record and record.pk,
        reason=reason,
        by=by,
    )
    log("hold_began", by=by, on=made, reason=reason)
    return made


@transaction.atomic
def lift(legal_hold, *, reason, by):
    if LegalHoldEnd.objects.filter(hold=legal_hold).exists():
        raise ValidationError("This hold was lifted already.")
    LegalHoldEnd.objects.create(hold=legal_hold, reason=reason, by=by)
    log("hold_lifted", by=by, on=legal_hold, reason=reason)


def to_dispose_of(rule, today):
    """The records that are due, held by nothing, and on no list that is not decided yet."""
    found = list(rule.due_on(today).prefetch_related("carry_overs").order_by("pk"))
    waiting = Disposal.objects.filter(rule=rule.code).exclude(
        steps__kind__in=[Kind.REFUSED, Kind.CARRIED_OUT]
    )
    listed = set(DisposalItem.objects.filter(disposal__in=waiting).values_list("key", flat=True))
    without = held(rule, found) | listed
    return [record for record in found if record.pk not in without]


@transaction.atomic
def prepare(rule, *, by, today):
    records = to_dispose_of(rule, today)
    if not records:
        raise ValidationError("Nothing is due that is not held.")
    disposal = Disposal.objects.create(rule=rule.code, prepared_by=by)
    DisposalItem.objects.bulk_create(
        DisposalItem(
            disposal=disposal,
            key=record.pk,
            reference=record.reference,
            due_since=may_go_since(rule, getattr(record, rule.on)),
        )
        for record in records
    )
    log("disposal_prepared", by=by, on=disposal, detail=counted(len(records), "record"))
    tell(
        disposal,
        subject="Records are due for disposal",
        text=f"{by} prepared a list of records that were kept long enough. Please look at it.",
        besides=by,
    )
    return disposal


@transaction.atomic
def approve(disposal, *, by):
    if disposal.prepared_by_id == by.pk:
        raise ValidationError("Somebody else approves what you prepared: two people are needed.")
    step = _step(disposal, Kind.APPROVED, by, after=[])
    log("disposal_approved", by=by, on=disposal)
    return step


@transaction.atomic
def refuse(disposal, *, by, reason):
    after = [step.kind for step in disposal.steps.all() if step.kind == Kind.APPROVED]
    step = _step(disposal, Kind.REFUSED, by, after=after, reason=reason)
    log("disposal_refused", by=by, on=disposal, reason=reason)
    return step


def _step(disposal, kind, by, *, after, **values):
    if [step.kind for step in disposal.steps.all()] != after:
        raise ValidationError("This was decided meanwhile. Go back to the list.")
    return DisposalStep.objects.create(disposal=disposal, kind=kind, by=by, **values)


@transaction.atomic
def carry_out(disposal, *, by, today):
    """Deletes the records with all that hangs on them, also from histories, search, messages, events and files."""
    step = _step(disposal, Kind.CARRIED_OUT, by, after=[Kind.APPROVED])
    rule = RULE[disposal.rule]
    keys = list(disposal.items.values_list("key", flat=True))
    actions = list(rule.due_on(today).filter(pk__in=keys).prefetch_related("carry_overs"))
    _refuse_what_may_not_go(rule, keys, actions)
    requests = list(UpdateRequest.objects.filter(replies__element__action__in=actions).distinct())
    with maintenance(), transaction.atomic():
        overwrite_what_is_freed()
        for action in actions:
            for row in rows_under(action):
                _delete(row, disposal)
        _delete_what_is_empty_now(requests, disposal)
        merge_search_table("scrutiny_entry_fts")
    counts = f"{counted(len(actions), 'record')}, {counted(disposal.rows.count(), 'row')}"
    log("disposed", by=by, on=disposal, detail=counts)
    return step


def _refuse_what_may_not_go(rule, keys, actions):
    if len(actions) < len(keys):
        raise ValidationError("Not everything on the list is due any more. Prepare a new list.")
    if stopped := held(rule, actions):
        references = ", ".join(action.reference for action in actions if action.pk in stopped)
        raise ValidationError(f"A legal hold stops this for {references}. Prepare a new list.")


def rows_under(row, seen=None):
    """What points at a row, and the row: what others point at comes after them."""
    seen = set() if seen is None else seen
    if (type(row), row.pk) in seen:
        return
    seen.add((type(row), row.pk))
    for link in row._meta.get_fields(include_hidden=True):
        points_here = (link.one_to_many or link.one_to_one) and link.auto_created and not link.concrete
        if points_here and not is_append_only(link.related_model):
            for below in link.related_model._base_manager.filter(**{link.field.name: row}):
                yield from rows_under(below, seen)
    yield row


def _delete(row, disposal):
    """The row, its history and what the event log says of it. Files go when that is stored."""
    messages = [row.message] if getattr(row, "message_id", None) else []
    files = [
        getattr(row, field.name) for field in row._meta.concrete_fields if isinstance(field, models.FileField)
    ]
    model, pk = type(row), row.pk
    _keep_digest(row, disposal)
    row.delete()
    histories = list(model.history.filter(id=pk)) if hasattr(model, "history") else []
    events = list(Event.objects.filter(noun=model._meta.model_name, key=pk))
    for kept in [*histories, *events]:
        _keep_digest(kept, disposal)
        kept.delete()
    for file in files:
        if file:
            transaction.on_commit(lambda file=file: file.storage.delete(file.name))
    for message in messages:
        if not message.chases.exists():
            for below in rows_under(message):
                _delete(below, disposal)


def _keep_digest(row, disposal):
    DisposedRow.objects.create(
        disposal=disposal, table=row._meta.db_table, row_id=str(row.pk), digest=release(type(row), row.pk)
    )


def _delete_what_is_empty_now(requests, disposal):
    """Requests and rounds that asked about nothing else, and the letters of those requests."""
    for request in requests:
        if request.replies.exists():
            continue
        for message in Message.objects.filter(link__startswith=f"request-{request.pk}-", again_of=None):
            for row in rows_under(message):
                _delete(row, disposal)
        _delete(request, disposal)
    rounds = UpdateRound.objects.filter(pk__in={request.round_id for request in requests})
    for opened in rounds.filter(requests=None):
        _delete(opened, disposal)


def certificate(disposal):
    """What was disposed of, by which rule and by whom; nothing of what was written."""
    rule, steps = RULE[disposal.rule], {step.kind: step for step in disposal.steps.select_related("by")}
    approved, done = steps[Kind.APPROVED], steps[Kind.CARRIED_OUT]
    items = [[item.reference, item.due_since] for item in disposal.items.all()]
    tables = Counter(disposal.rows.values_list("table", flat=True))
    return Document(
        title=f"Certificate of disposal {disposal.pk}",
        caption=rule.record,
        text=[
            f"Rule: {counted(rule.years, 'year')} after {rule.trigger}. {rule.source}.",
            f"Prepared by {disposal.prepared_by}, {_day(disposal.prepared_at)}.",
            f"Approved by {approved.by}, {_day(approved.at)}.",
            f"Deleted by {done.by}, {_day(done.at)}: {counted(len(items), 'record')} with everything beneath, "
            f"{counted(sum(tables.values()), 'row')} of {counted(len(tables), 'table')}, histories included.",
        ],
        sections=[
            Section(
                "What was disposed of",
                table=Table("Records", [Column("Reference"), Column("To be disposed of since")], items),
            )
        ],
    )


def _day(moment):
    return f"{timezone.localtime(moment):%-d %B %Y}"
