"""Each record against its newest history row: what was changed past the product shows as a difference."""

from django.db.models import Max

from scrutiny.toolkit.digests import canonical

CHUNK = 2000


def differences(model, history):
    """The number of records, and (key, kind) of each that its history does not tell of as it is; the kinds are those
    of `verifying`.

    Read without stopping anybody's work: what differs is read again, newest history row first.
    """
    count, suspects = _compared(model, history)
    return count, [(key, kind) for key in suspects if (kind := _kind(model, history, key))]


def _compared(model, history):
    """The number of records, and the keys of those that differ. Both tables are read side by side."""
    columns = _columns(model, history)
    live = iter(model._base_manager.order_by("pk").values_list("pk", *columns).iterator(chunk_size=CHUNK))
    told = iter(_newest(model, history, columns).iterator(chunk_size=CHUNK))
    record, row = next(live, None), next(told, None)
    count, suspects = 0, []
    while record or row:
        count += record is not None and (row is None or record[0] <= row[0])
        if row is None or (record and record[0] < row[0]):
            suspects.append(record[0])
            record = next(live, None)
        elif record is None or row[0] < record[0]:
            suspects += [row[0]] if row[1] != "-" else []
            row = next(told, None)
        else:
            if row[1] == "-" or not _same(record[1:], row[2:]):
                suspects.append(record[0])
            record, row = next(live, None), next(told, None)
    return count, suspects


def _columns(model, history):
    """Those that the history keeps."""
    kept = {field.attname for field in history._meta.concrete_fields}
    return [field.attname for field in model._meta.concrete_fields if field.attname in kept]


def _newest(model, history, columns):
    """(key of the record, type, values of the columns) of the newest history row of each record."""
    rows, key = history._base_manager, model._meta.pk.attname
    newest = rows.order_by().values(key).annotate(newest=Max("history_id")).values("newest")
    return rows.filter(history_id__in=newest).order_by(key).values_list(key, "history_type", *columns)


def _same(values, others):
    return values == others or canonical(list(values)) == canonical(list(others))


def _kind(model, history, key):
    columns = _columns(model, history)
    history = model.history.model._base_manager.filter(**{model._meta.pk.attname: key}).order_by(
        "-history_id"
    )
    told = history.values_list("history_type", *columns).first()
    record = model._base_manager.filter(pk=key).values_list(*columns).first()
    if told is None:
        return "no_history" if record else ""
    if record is None:
        return "" if told[0] == "-" else "not_deleted"
    if told[0] == "-":
        return "deleted_and_there"
    return "" if _same(record, told[1:]) else "differs"
