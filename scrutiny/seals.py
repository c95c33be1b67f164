"""Sealing the histories and the event log: a chain of digests over every row that can only be added.

Rows are sealed in the order of their numbers, and only once nobody can still add one below: on PostgreSQL a number
is given before its transaction commits, so the rows up to the highest number are sealed after the transactions that
were writing then have ended. A row that turns up later below a sealed number was put in past the product.

For taking text out of a history with authority (`release`, `sealed_digest`, `row_digest`): see `verifying.py`.
"""

import os
import re
from hashlib import sha256
from itertools import islice

from django.apps import apps
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from scrutiny.models import Seal, SealedBlock
from scrutiny.toolkit.append_only import is_append_only, wait_for_writers
from scrutiny.toolkit.digests import SIZE, canonical, columns_of, digest_of

BLOCK = 1000  # rows
AT_ONCE = 200_000  # rows in one seal, so that memory and the transaction stay small
SALT = 16  # bytes
ERASED = bytes(SALT)
RANGE = re.compile(r"(-?[0-9]+)(?:-(-?[0-9]+))?")


def sealed_models():
    """{table: model} of everything that is sealed; seals themselves are covered by the next one."""
    models = [model for model in apps.get_models() if is_append_only(model) and model._meta.managed]
    return {
        model._meta.db_table: model
        for model in sorted(models, key=lambda model: model._meta.db_table)
        if model not in (Seal, SealedBlock)
    }


def seal_all(wait=60):
    """Yields the seals over everything that is new: one, or several where there is very much; none if nothing is.
    StillWriting if a transaction that is writing takes longer than `wait` seconds."""
    models = sealed_models()
    ceilings = {table: model._base_manager.aggregate(top=Max("pk"))["top"] for table, model in models.items()}
    wait_for_writers(list(models), wait)
    while seal := _seal(models, ceilings):
        yield seal


def _seal(models, ceilings):
    """Rows below the ceilings do not change any more, so they are read before the transaction that writes."""
    blocks = list(islice(_new_blocks(models, ceilings), AT_ONCE // BLOCK))
    if not blocks:
        return None
    with transaction.atomic():
        before = Seal.objects.newest()
        seal = Seal(
            number=before.number + 1 if before else 1,
            at=timezone.now(),
            previous=before.digest if before else "",
            rows=sum(len(block.digests) // SIZE for block in blocks),
        )
        seal.digest = seal_digest(seal, blocks)
        seal.save(force_insert=True)
        for block in blocks:
            block.seal = seal
        SealedBlock.objects.bulk_create(blocks, batch_size=50)
    return seal


def _new_blocks(models, ceilings):
    sealed = dict(SealedBlock.objects.order_by().values_list("table").annotate(Max("last")))
    for table, model in models.items():
        last = sealed.get(table)
        while rows := _rows(model, last, ceilings[table]):
            block = _block(table, model, rows)
            last = block.last
            yield block


def _rows(model, after, ceiling):
    """The next rows up to the ceiling, as lists of the number and the values of all columns."""
    if ceiling is None or (after is not None and after >= ceiling):
        return []
    rows = model._base_manager.filter(pk__lte=ceiling).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.values_list("pk", *columns_of(model))[:BLOCK])


def _block(table, model, rows):
    ids = [key for key, *_ in rows]
    salts = [os.urandom(SALT) for _ in rows]
    return SealedBlock(
        table=table,
        columns=",".join(columns_of(model)),
        ids=as_ranges(ids),
        first=ids[0],
        last=ids[-1],
        digests=b"".join(
            digest_of([table, *values], salt) for (_, *values), salt in zip(rows, salts, strict=True)
        ),
        salts=b"".join(salts),
    )


def seal_digest(seal, blocks):
    """What the seal says of itself and of all it covers, but for the salts, which may be erased later."""
    parts = [
        [block.table, block.columns, block.ids, sha256(block.digests).hexdigest()]
        for block in sorted(blocks, key=lambda block: (block.table, block.first))
    ]
    return sha256(canonical([seal.number, seal.at, seal.rows, seal.previous, parts])).hexdigest()


def as_ranges(ids):
    """ "1-3,7" for [1, 2, 3, 7]; ids are in order."""
    ranges = []
    for key in ids:
        if ranges and ranges[-1][1] == key - 1:
            ranges[-1][1] = key
        else:
            ranges.append([key, key])
    return ",".join(f"{first}-{last}" if first != last else str(first) for first, last in ranges)


def from_ranges(text):
    """The ids of "1-3,7". ValueError for a text that `as_ranges` does not write for one block."""
    ids = []
    for part in text.split(","):
        found = RANGE.fullmatch(part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
        if not 0 <= last - first < BLOCK or (ids and first <= ids[-1]):
            raise ValueError(text)
        ids += range(first, last + 1)
    if as_ranges(ids) != text:
        raise ValueError(text)
    return ids


# One row of its own: for taking text out of a history with authority.


def sealed_digest(model, row_id):
    """The digest, in hex, that a row was sealed with; empty if it is not sealed yet."""
    block, place = _place_of(model, row_id)
    return _part(block.digests, place, SIZE).hex() if block else ""


def row_digest(model, row_id):
    """The digest, in hex and without a salt, of a row as it is now, over the columns that its seal covers."""
    block, _ = _place_of(model, row_id)
    columns = block.columns.split(",") if block else columns_of(model)
    return digest_of([model._meta.db_table, *model._base_manager.values_list(*columns).get(pk=row_id)]).hex()


def release(model, row_id):
    """Erases the salt of a row whose text is taken out, so that its digest gives nothing away, and returns
    `sealed_digest`. Inside `maintenance()` only."""
    block, place = _place_of(model, row_id)
    if block is None:
        return ""
    salts = bytes(block.salts)
    salts = salts[: place * SALT] + ERASED + salts[(place + 1) * SALT :]
    SealedBlock.objects.filter(pk=block.pk).update(salts=salts)
    return _part(block.digests, place, SIZE).hex()


def _place_of(model, row_id):
    """(the block that covers the row, its place in there), or (None, None)."""
    block = SealedBlock.objects.filter(
        table=model._meta.db_table, first__lte=row_id, last__gte=row_id
    ).first()
    ids = from_ranges(block.ids) if block else []
    return (block, ids.index(row_id)) if row_id in ids else (None, None)


def _part(data, place, size):
    return bytes(data)[place * size : (place + 1) * size]
