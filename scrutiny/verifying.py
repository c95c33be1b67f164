"""Is the history still whole? Every sealed row against its seal, and every record against its newest history row.

What was done to rows and seals alike, a cut end or a complete rewriting, is seen only by a digest that was kept
elsewhere (`anchors`). Rows that are newer than the last seal are not covered yet.

What was taken out with authority leaves a marked gap: `RedactedRow` names the table, the row, the digest it was sealed
with and the one it has now, `DisposedRow` a row that is gone altogether.
"""

from dataclasses import dataclass, field
from itertools import chain

from django.apps import apps
from django.db import connection
from simple_history.models import HistoricalChanges

from scrutiny.models import DisposedRow, RedactedRow, Seal, SealedBlock
from scrutiny.reconciling import differences
from scrutiny.seals import ERASED, SALT, from_ranges, seal_digest, sealed_models
from scrutiny.toolkit.append_only import missing_triggers
from scrutiny.toolkit.digests import SIZE, columns_of, digest_of

KINDS = {
    "edited": "{table} {key}: this row was changed after it was sealed.",
    "deleted": "{table} {key}: this row was sealed and is gone.",
    "inserted": "{table} {key}: this row was put in among rows that were sealed.",
    "salt_erased": "{table} {key}: the salt of this row was erased, and no redaction says why.",
    "column_gone": "{table}: the column {detail}, which seals cover, is gone.",
    "table_gone": "{table}: this table, which seals cover, is gone.",
    "seal_changed": "Seal {key}: it is not as it was made.",
    "seal_missing": "Seal {key}: it is missing.",
    "block_changed": "{table}: a block of seal {key} is not as it was made.",
    "digest_differs": "Seal {key}: it is not the one whose digest was kept. What it covers was written anew.",
    "cut_off": "Seal {key}: its digest was kept, and it is not there. The end of the history was cut off.",
    "trigger_missing": "The database does not refuse changes any more: the trigger {detail} is missing.",
    "differs": "{table} {key}: this record is not what its newest history row says.",
    "no_history": "{table} {key}: this record has no history.",
    "not_deleted": "{table} {key}: this record is gone, and its history does not tell of a deletion.",
    "deleted_and_there": "{table} {key}: this record was deleted, says its history, and is there.",
}


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be. `key` is the number of a row, a record or a seal."""

    kind: str
    table: str = ""
    key: int | None = None
    detail: str = ""

    def __str__(self):
        return KINDS[self.kind].format(table=self.table, key=self.key, detail=self.detail)


@dataclass(frozen=True)
class Authority:
    """What allows a row not to be as it was sealed. `before` and `now` are its digests, `now` empty if it is gone."""

    before: str
    now: str
    words: str


@dataclass(frozen=True)
class Gap:
    """A row that is changed or gone with authority; `words` name the redaction or disposal."""

    table: str
    key: int
    words: str

    def __str__(self):
        return f"{self.table} {self.key}: {self.words}"


@dataclass
class Report:
    findings: list = field(default_factory=list)
    gaps: list = field(default_factory=list)
    rows: int = 0
    unsealed: int = 0
    records: int = 0
    newest: Seal | None = None
    anchors: list = field(
        default_factory=list
    )  # the numbers of the seals compared with a digest from outside

    @property
    def is_whole(self):
        return not self.findings


def verify(anchors=None, progress=lambda report: None):
    """The Report on everything. `anchors` are digests kept elsewhere: {number of the seal: its beginning in hex}."""
    anchors = anchors or {}
    report = Report(newest=Seal.objects.newest(), anchors=sorted(anchors))
    report.findings += [Finding("trigger_missing", detail=name) for name in missing_triggers()]
    report.findings += chain(_in_the_chain(), _at_the_anchors(anchors))
    gaps, there = authorised_gaps(), _tables()
    for table, model in _covered().items():
        if model is None or table not in there:
            report.findings.append(Finding("table_gone", table))
        else:
            _check_table(report, table, model, gaps, progress)
    for model, history in _tracked().items():
        count, found = differences(model, history)
        report.findings += [Finding(kind, model._meta.db_table, key) for key, kind in found]
        report.records += count
        progress(report)
    return report


def _tracked():
    """{model: the model of its history}."""
    return {
        history.instance_type: history
        for history in apps.get_models()
        if issubclass(history, HistoricalChanges)
    }


def _tables():
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))


def _covered():
    """{table: its model, or None} of all that is sealed or is to be."""
    models = sealed_models()
    sealed = SealedBlock.objects.order_by("table").values_list("table", flat=True).distinct()
    return {table: models.get(table) for table in sorted({*models, *sealed})}


# The seals themselves.


def _in_the_chain():
    number, digest = 0, ""
    for seal in Seal.objects.order_by("number"):
        yield from (Finding("seal_missing", key=missing) for missing in range(number + 1, seal.number))
        if seal.previous != digest or seal_digest(seal, list(seal.blocks.all())) != seal.digest:
            yield Finding("seal_changed", key=seal.number)
        number, digest = seal.number, seal.digest
    left_over = SealedBlock.objects.exclude(seal__in=Seal.objects.all()).order_by("table")
    for table in left_over.values_list("table", flat=True).distinct():
        yield Finding("block_changed", table, detail="its seal is gone")


def _at_the_anchors(anchors):
    digests = dict(Seal.objects.filter(number__in=anchors).values_list("number", "digest"))
    for number, beginning in sorted(anchors.items()):
        if number not in digests:
            yield Finding("cut_off", key=number)
        elif not digests[number].startswith(beginning):
            yield Finding("digest_differs", key=number)


# The rows.


def _check_table(report, table, model, gaps, progress):
    """Blocks follow each other without overlapping, so every row between two of them was put in later."""
    last = None
    for block in SealedBlock.objects.filter(table=table).order_by("first", "pk").iterator(chunk_size=10):
        gone = set(block.columns.split(",")) - set(columns_of(model))
        ids = _ids_of(block)
        if ids is None or (last is not None and ids[0] <= last):
            report.findings.append(Finding("block_changed", table, _number_of(block)))
        elif gone:
            report.findings += [Finding("column_gone", table, detail=column) for column in sorted(gone)]
        else:
            _check_block(report, block, ids, _rows(model, block.columns, last, ids[-1]), gaps)
        last = max(block.last, last or block.last)
        progress(report)
    report.unsealed += _newer(model, last).count()


def _ids_of(block):
    """None for a block that does not fit together."""
    try:
        ids = from_ranges(block.ids)
    except ValueError:
        return None
    is_whole = len(block.digests) == SIZE * len(ids) and len(block.salts) == SALT * len(ids)
    return ids if is_whole and (ids[0], ids[-1]) == (block.first, block.last) else None


def _number_of(block):
    return Seal.objects.filter(pk=block.seal_id).values_list("number", flat=True).first()


def _newer(model, last):
    rows = model._base_manager.order_by("pk")
    return rows if last is None else rows.filter(pk__gt=last)


def _rows(model, columns, after, up_to):
    rows = _newer(model, after).filter(pk__lte=up_to)
    return {key: values for key, *values in rows.values_list("pk", *columns.split(","))}


def _check_block(report, block, ids, rows, gaps):
    digests, salts = bytes(block.digests), bytes(block.salts)
    for place, key in enumerate(ids):
        digest = digests[place * SIZE : (place + 1) * SIZE]
        salt = salts[place * SALT : (place + 1) * SALT]
        values = rows.pop(key, None)
        if values is None or salt == ERASED or digest_of([block.table, *values], salt) != digest:
            _check_gap(report, block.table, key, values, salt, digest, gaps.get((block.table, str(key))))
    report.findings += [Finding("inserted", block.table, key) for key in rows]
    report.rows += len(ids)


def _check_gap(report, table, key, values, salt, digest, authority):
    """A redaction must name this very row, as it was sealed and as it is."""
    now = digest_of([table, *values]).hex() if values is not None else ""
    if authority and (authority.before, authority.now) == (digest.hex(), now):
        report.gaps.append(Gap(table, key, authority.words))
    elif values is None:
        report.findings.append(Finding("deleted", table, key))
    elif salt == ERASED and not authority:
        report.findings.append(Finding("salt_erased", table, key))
    else:
        report.findings.append(Finding("edited", table, key))


def authorised_gaps():
    """{(table, number of the row as text): the newest Authority on it}."""
    redacted = RedactedRow.objects.order_by("pk").select_related("redaction")
    disposed = DisposedRow.objects.order_by("pk").select_related("disposal")
    return {
        (row.table, row.row_id): Authority(row.digest_before, row.digest_after, str(row.redaction))
        for row in redacted
    } | {(row.table, row.row_id): Authority(row.digest, "", str(row.disposal)) for row in disposed}
