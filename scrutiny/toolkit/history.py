"""The audit trail: keeping it (`tracked`, `because`, `record`, `remove`) and reading it (`timeline`).

simple-history copies each row as it is saved. Reason and user stick to the instance it was saved through, so
they are set and cleared in one place, `because`. Bulk writes leave no copy: they are not used on tracked models.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby

from django.db import models, transaction
from django.utils import timezone
from django.utils.formats import date_format
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from scrutiny.toolkit.checking import check

KINDS = {"+": "added", "~": "changed", "-": "deleted"}


class Manager(HistoryManager):
    """Made once for each kind of queryset: simple-history makes a class of it each time `history` is named."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class, class_name=None):
        return super().from_queryset(queryset_class, class_name)


def tracked(**options):
    """The history of a model. Reasons are text of any length."""
    return HistoricalRecords(
        history_change_reason_field=models.TextField(null=True),
        user_db_constraint=False,
        history_manager=Manager,
        **options,
    )


@contextmanager
def because(obj, reason, by, changed=None):
    obj._change_reason, obj._history_user, obj._changed = reason or None, by, changed
    try:
        yield obj
    finally:
        del obj._change_reason, obj._history_user, obj._changed


def changed_only(obj, names):
    """True for whoever hears that `obj` is saved, where no other fields than these have changed."""
    changed = getattr(obj, "_changed", None)
    return changed is not None and set(changed) <= set(names)


def record(obj, *, by, reason="", changed=None):
    """Checks and saves `obj` together with its history. Raises ValidationError if a rule of the model is broken.

    `changed` names the only fields that differ from the row, which was read under a lock: no others are checked.
    Without a savepoint of its own: what fails here fails the whole service.
    """
    check(obj, changed=changed)
    with transaction.atomic(savepoint=False), because(obj, reason, by, changed):
        obj.save()
    return obj


@transaction.atomic
def remove(obj, *, by, reason=""):
    """Deletes `obj`, and before it what goes with it, such as its tags; each leaves a history row of its own."""
    for row in _going_with(obj):
        remove(row, by=by, reason=reason)
    with because(obj, reason, by):
        obj.delete()


def _going_with(obj):
    """Rows of models whose `GOES_WITH` names their link to `obj`."""
    for link in obj._meta.related_objects:
        if getattr(link.related_model, "GOES_WITH", "") == link.field.name:
            yield from link.related_model._base_manager.filter(**{link.field.name: obj})


def version_of(obj):
    """The record's version token: the number of its newest history row, empty for a record not yet saved."""
    if obj.pk is None:
        return ""
    newest = obj.history.order_by("-history_id").values_list("history_id", flat=True).first()
    return str(newest or "")


def versions_of(model, keys):
    """{key: version token} of several records, read at once."""
    rows = model.history.filter(id__in=keys).order_by().values_list("id")
    return {key: str(newest) for key, newest in rows.annotate(models.Max("history_id"))}


@dataclass(frozen=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One line of a history page: who did what to which record, when, why, and what changed from and to."""

    noun: str
    label: str
    kind: str
    by: str
    when: datetime
    why: str
    changes: list


def timeline(*histories, hidden=frozenset()):
    """Entries, newest first, from querysets of history rows. One query each, and one for each kind of linked record.

    Of the records in `hidden`, {(model, key)}, no words are shown: only that they changed.
    """
    rows = [row for history in histories for row in _ordered(history)]
    pairs = [
        pair for _, group in groupby(rows, key=lambda r: (type(r), r.pk_of_record)) for pair in _pairs(group)
    ]
    names = _linked_names(rows)
    entries = [_entry(before, after, names, hidden) for before, after in pairs]
    return sorted(filter(None, entries), key=lambda entry: entry.when, reverse=True)


def _ordered(history):
    key = history.model.instance_type._meta.pk.attname
    for row in history.select_related("history_user").order_by(key, "history_id"):
        row.pk_of_record = getattr(row, key)
        yield row


def _pairs(rows):
    before = None
    for row in rows:
        yield before, row
        before = row


def _fields(row):
    """The fields a reader wants to see: no keys of our own, none that only sum up other records."""
    model = row.instance_type
    hidden = {model._meta.pk.name, *getattr(model, "DERIVED", ()), *getattr(model, "NOT_IN_HISTORY", ())}
    return [field for field in model._meta.concrete_fields if field.name not in hidden and field.editable]


def _entry(before, after, names, hidden):
    """None where only sums of other records changed: those records have lines of their own."""
    kind = KINDS[after.history_type]
    is_hidden = (after.instance_type, after.pk_of_record) in hidden
    changes = [] if after.history_type == "-" else list(_changes(before, after, names))
    if kind == KINDS["~"] and not changes and _sums_changed(before, after):
        return None
    return Entry(
        noun=str(after.instance_type._meta.verbose_name),
        label="" if is_hidden else _label(after),
        kind=kind,
        by=str(after.history_user or "the system"),
        when=after.history_date,
        why="" if is_hidden else after.history_change_reason or "",
        changes=[] if is_hidden else changes,
    )


def _sums_changed(before, after):
    fields = [
        after.instance_type._meta.get_field(name) for name in getattr(after.instance_type, "DERIVED", ())
    ]
    return before and any(getattr(before, f.attname) != getattr(after, f.attname) for f in fields)


def _label(row):
    describe = getattr(row.instance_type, "history_label", None)
    return describe(row) if describe else ""


def _changes(before, after, names):
    for field in _fields(after):
        old = _shown(field, before, names) if before else ""
        new = _shown(field, after, names)
        if old != new:
            yield Change(str(field.verbose_name), old, new)


def _shown(field, row, names):
    value = getattr(row, field.attname)
    if value is None or value == "":
        return ""
    if field.remote_field:
        return names.get((field.related_model, value), "a record deleted since")
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return str(value)


def _linked_names(rows):
    """{(model, key): text} for every record the rows point at."""
    wanted = {}
    for row in rows:
        for field in _fields(row):
            value = getattr(row, field.attname)
            if field.remote_field and value is not None:
                wanted.setdefault(field.related_model, set()).add(value)
    return {
        (model, key): str(found)
        for model, keys in wanted.items()
        for key, found in _with_names(model).in_bulk(keys).items()
    }


def _with_names(model):
    """Rows of `model` with what their names are made of: its `NAMED_THROUGH`, paths to the rows named within."""
    return model._base_manager.select_related(*getattr(model, "NAMED_THROUGH", ()))
