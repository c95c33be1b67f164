"""Ten ways to falsify a history, done as somebody who owns the database. Each says what must be found."""

from datetime import timedelta

from django.db import models, transaction
from django.utils import timezone
from simple_history.models import HistoricalChanges

from scrutiny.models import Event, Seal, SealedBlock
from scrutiny.seals import SALT, from_ranges, seal_digest, sealed_models
from scrutiny.toolkit.append_only import maintenance
from scrutiny.toolkit.digests import digest_of
from scrutiny.verifying import Finding, verify


def found_after(tamper, luck, anchors=None):
    """What must be found, and the report, after tampering at a place that `luck` chooses. All is put back."""
    with maintenance(), transaction.atomic():
        expected = tamper(luck)
        report = verify(anchors)
        transaction.set_rollback(True)
    return expected, report


def some_rows(luck, at_least=1, among=lambda model: model is not Event):
    """A model whose rows are sealed, and their numbers in order."""
    keys = {}
    for table, ids in SealedBlock.objects.order_by("table", "first").values_list("table", "ids"):
        keys.setdefault(sealed_models()[table], []).extend(from_ranges(ids))
    model = luck.choice([model for model in keys if len(keys[model]) >= at_least and among(model)])
    return model, keys[model]


def some_history(luck, at_least=1):
    """Likewise, of rows that say who changed something, and when."""
    return some_rows(luck, at_least, lambda model: issubclass(model, HistoricalChanges))


def change(model, key, **values):
    assert model._base_manager.filter(pk=key).update(**values) == 1
    return Finding("edited", model._meta.db_table, key)


def another(luck, model, key):
    """{a column of its own: another value} for a row."""
    row = model._base_manager.get(pk=key)
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and not field.name.startswith("history_") and not field.choices
    ]
    field = luck.choice(fields)
    return {field.attname: _other_value(field, getattr(row, field.attname))}


def _other_value(field, value):
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DateTimeField):
        return (value or timezone.now()) + timedelta(microseconds=1)
    if isinstance(field, models.DateField):
        return (value or timezone.localdate()) + timedelta(days=1)
    if isinstance(field, models.CharField | models.TextField):
        return f"{value}x"[-(field.max_length or 1000) :] if value != "x" else "y"
    return (value or 0) + 1


def edit_value(luck):
    model, keys = some_rows(luck)
    key = luck.choice(keys)
    return change(model, key, **another(luck, model, key))


def edit_user(luck):
    model, keys = some_history(luck)
    key = luck.choice(keys)
    user = model._base_manager.get(pk=key).history_user_id
    return change(model, key, history_user_id=(user or 0) + 1)


def edit_date(luck):
    model, keys = some_history(luck)
    key = luck.choice(keys)
    day = model._base_manager.get(pk=key).history_date
    return change(model, key, history_date=day - timedelta(microseconds=1))


def edit_type(luck):
    model, keys = some_history(luck)
    key = luck.choice(keys)
    kind = model._base_manager.get(pk=key).history_type
    return change(model, key, history_type=luck.choice(sorted({"+", "~", "-"} - {kind})))


def delete(model, key):
    model._base_manager.filter(pk=key).delete()
    return Finding("deleted", model._meta.db_table, key)


def delete_middle(luck):
    model, keys = some_rows(luck, at_least=3)
    return delete(model, luck.choice(keys[1:-1]))


def delete_newest(luck):
    model, keys = some_rows(luck)
    return delete(model, keys[-1])


def insert(luck):
    """Between the rows that are there: before the first where there is no room."""
    model, keys = some_rows(luck)
    row = model._base_manager.get(pk=luck.choice(keys))
    free = sorted(set(range(keys[0] - 3, keys[-1])) - set(keys))
    row.pk = luck.choice(free)
    row.save_base(raw=True, force_insert=True)
    return Finding("inserted", model._meta.db_table, row.pk)


def swap(luck):
    """The contents of two rows, but not their numbers."""
    model, keys = some_rows(luck, at_least=2)
    one, other = (model._base_manager.filter(pk=key) for key in luck.sample(keys, 2))
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    values, others = one.values(*names).get(), other.values(*names).get()
    key = one.get().pk
    one.update(**others)
    other.update(**values)
    return Finding("edited", model._meta.db_table, key)


def cut_tail(luck):
    """The newest seals with all they cover."""
    newest = Seal.objects.newest().number
    tail = Seal.objects.filter(number__gte=luck.randint(2, newest))
    blocks = SealedBlock.objects.filter(seal__in=tail)
    for block in blocks:
        model = sealed_models()[block.table]
        model._base_manager.filter(pk__gte=block.first).delete()
    blocks.delete()
    tail.delete()
    return Finding("cut_off", key=newest)


def rewrite_everything(luck):
    """A value that no record shows any more, and every seal since, so that all fit together again."""
    model, keys = some_history(luck, at_least=2)
    key = luck.choice(keys)
    change(model, key, history_change_reason=f"forged {luck.random()}")
    forge_seals()
    return Finding("digest_differs", key=Seal.objects.newest().number)


def forge_seals():
    digest = ""
    for seal in Seal.objects.order_by("number"):
        blocks = list(seal.blocks.all())
        for block in blocks:
            forge(block)
        seal.previous = digest
        seal.digest = digest = seal_digest(seal, blocks)
        seal.save(force_update=True)


def forge(block):
    columns = block.columns.split(",")
    rows = sealed_models()[block.table]._base_manager.in_bulk(from_ranges(block.ids))
    salts = bytes(block.salts)
    block.digests = b"".join(
        digest_of(
            [block.table, *(getattr(rows[key], column) for column in columns)],
            salts[place * SALT : (place + 1) * SALT],
        )
        for place, key in enumerate(from_ranges(block.ids))
    )
    block.save(force_update=True)


KINDS = {
    "edit a value": edit_value,
    "edit the user": edit_user,
    "edit the date": edit_date,
    "edit the type": edit_type,
    "delete one in the middle": delete_middle,
    "delete the newest": delete_newest,
    "insert": insert,
    "swap the contents of two rows": swap,
    "cut the end with its seals": cut_tail,
    "rewrite everything with its seals": rewrite_everything,
}
ONLY_FROM_OUTSIDE = {"cut the end with its seals", "rewrite everything with its seals"}
