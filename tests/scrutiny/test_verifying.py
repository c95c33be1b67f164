"""What was done to the history behind the product's back is found and named; what was not is no alarm."""

import json
import random
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from scrutiny import verifying
from scrutiny.events import log
from scrutiny.models import Event, Organisation, Seal, SealedBlock
from scrutiny.seals import release, row_digest, seal_all, seal_digest
from scrutiny.toolkit.append_only import maintenance
from scrutiny.toolkit.history import record, remove
from scrutiny.verifying import Authority, Finding, verify
from tests import factories
from tests.scrutiny import tampering

pytestmark = pytest.mark.django_db
HISTORY = Organisation.history.model
TABLE = HISTORY._meta.db_table
PLACES = 1


def rename(organisation, name, by):
    organisation.name = name
    record(organisation, by=by, reason="Renamed")


@pytest.fixture
def sealed(ask, olivia, partnership):
    """Three seals over changes to a few records, one of them deleted."""
    gone = factories.OrganisationFactory(name="Gone")
    for name in ("One", "Two", "Three"):
        rename(partnership, name, olivia)
        log("exported", by=olivia, detail=name)
        if name == "Two":
            remove(gone, by=olivia, reason="Entered twice")
        list(seal_all())
    return partnership


def anchors():
    return dict(Seal.objects.values_list("number", "digest"))


def test_a_history_that_nobody_touched_is_whole(sealed):
    report = verify(anchors())
    assert report.findings == []
    assert (report.unsealed, report.newest.number) == (0, 3)
    assert report.rows == sum(Seal.objects.values_list("rows", flat=True))


def test_rows_that_are_not_sealed_yet_are_counted_and_no_alarm(sealed, olivia):
    rename(sealed, "Four", olivia)
    report = verify(anchors())
    assert (report.findings, report.unsealed) == ([], 1)


@pytest.mark.slow
@pytest.mark.parametrize("place", range(PLACES))
@pytest.mark.parametrize("kind", tampering.KINDS)
def test_tampering_is_found_and_named(sealed, kind, place):
    expected, report = tampering.found_after(tampering.KINDS[kind], random.Random(place), anchors())
    assert expected in report.findings


def test_a_rewriting_of_everything_is_seen_only_from_outside(sealed):
    expected, report = tampering.found_after(tampering.rewrite_everything, random.Random(1))
    assert expected not in report.findings
    _, report = tampering.found_after(tampering.rewrite_everything, random.Random(1), {1: anchors()[1]})
    assert Finding("digest_differs", key=1) in report.findings


def test_an_end_that_was_cut_is_seen_from_outside_also_by_a_beginning_of_its_digest(sealed):
    cut, report = tampering.found_after(tampering.cut_tail, random.Random(1))
    assert cut not in report.findings
    cut, report = tampering.found_after(tampering.cut_tail, random.Random(1), {3: anchors()[3][:16]})
    assert cut in report.findings


# The record against its history.


def test_what_was_changed_past_the_product_is_found(sealed, olivia):
    others = [factories.OrganisationFactory() for _ in range(3)]
    Organisation.objects.filter(pk=sealed.pk).update(name="Quietly renamed")
    Organisation.objects.filter(pk=others[0].pk)._raw_delete("default")
    (added,) = Organisation.objects.bulk_create([Organisation(name="Never added", kind="partnership")])
    others[1].name = "Loaded"
    others[1].save_base(raw=True)
    key = others[2].pk
    remove(others[2], by=olivia)
    others[2].pk = key
    others[2].save_base(raw=True, force_insert=True)
    table = Organisation._meta.db_table
    assert set(verify().findings) == {
        Finding("differs", table, sealed.pk),
        Finding("not_deleted", table, others[0].pk),
        Finding("no_history", table, added.pk),
        Finding("differs", table, others[1].pk),
        Finding("deleted_and_there", table, key),
    }


def test_what_changes_while_it_is_read_is_no_alarm(sealed, olivia, monkeypatch):
    """The record is read first; by the time its history is, both have gone on. So it is looked at again."""
    monkeypatch.setattr("scrutiny.reconciling._compared", lambda model, history: (1, [sealed.pk]))
    assert verify().findings == []


# The database and the seals.


def test_a_trigger_that_is_missing_is_named(sealed):
    name = f"append_only_delete_{TABLE}" if connection.vendor == "sqlite" else "append_only_row"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else f" ON {TABLE}"))
    assert verify().findings == [Finding("trigger_missing", detail=f"{name} on {TABLE}")]


def test_a_table_that_is_gone_is_named(sealed, monkeypatch):
    tables = verifying._tables()
    monkeypatch.setattr(verifying, "_tables", lambda: tables - {TABLE})
    assert Finding("table_gone", TABLE) in verify().findings


def test_a_column_that_came_later_spoils_no_digest_and_one_that_went_is_named(sealed):
    block = SealedBlock.objects.filter(table=TABLE).first()
    assert "name" in block.columns.split(",")
    with maintenance():
        SealedBlock.objects.filter(table=TABLE).update(columns="history_id,id,name")
        tampering.forge_seals()
        assert verify().is_whole
        SealedBlock.objects.filter(table=TABLE).update(columns="history_id,id,name,old_column")
    assert Finding("column_gone", TABLE, detail="old_column") in verify().findings


FORGERIES = {  # of seal 2, and what is found
    "its moment": (lambda seal: {"at": Seal.objects.first().at}, "seal_changed"),
    "its count": (lambda seal: {"rows": seal.rows + 1}, "seal_changed"),
    "what came before": (lambda seal: {"previous": "0" * 64}, "seal_changed"),
    "its digest": (lambda seal: {"digest": "0" * 64}, "seal_changed"),
    "its number": (lambda seal: {"number": 7}, "seal_missing"),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_seal_that_was_changed_is_found(sealed, what):
    values, kind = FORGERIES[what]
    with maintenance():
        Seal.objects.filter(number=2).update(**values(Seal.objects.get(number=2)))
    assert Finding(kind, key=2) in verify().findings


def test_a_seal_that_was_deleted_is_found_and_what_it_covered_is_not_taken_for_new(sealed):
    with maintenance():
        SealedBlock.objects.filter(seal__number=2).delete()
        Seal.objects.filter(number=2).delete()
    found = verify().findings
    assert Finding("seal_missing", key=2) in found
    assert Finding("seal_changed", key=3) in found
    assert any(finding.kind == "inserted" and finding.table == TABLE for finding in found)


def forge_a_seal(**values):
    """A fourth seal, made by somebody who knows how, over one block that is given."""
    with maintenance():
        last = Seal.objects.newest()
        seal = Seal(number=last.number + 1, at=last.at, previous=last.digest, rows=1)
        block = SealedBlock(table=TABLE, columns="history_id", **values)
        seal.digest = seal_digest(seal, [block])
        seal.save()
        block.seal = seal
        block.save()


def test_a_row_that_was_changed_and_sealed_again_is_not_believed(sealed):
    """A verifier that takes the newest digest of a row would be content."""
    key = HISTORY.objects.earliest("history_id").pk
    with maintenance():
        HISTORY.objects.filter(pk=key).update(name="Forged")
    forge_a_seal(
        ids=str(key), first=key, last=key, digests=bytes.fromhex(row_digest(HISTORY, key)), salts=bytes(16)
    )
    found = verify().findings
    assert Finding("edited", TABLE, key) in found
    assert Finding("block_changed", TABLE, 4) in found


@pytest.mark.parametrize(
    "forged",
    [
        {"ids": "900", "first": 900, "last": 900, "digests": b"", "salts": b""},
        {"ids": "900", "first": 900, "last": 900, "digests": bytes(64), "salts": bytes(16)},
        {"ids": "900", "first": 900, "last": 901, "digests": bytes(32), "salts": bytes(16)},
        {"ids": "900-900000000", "first": 900, "last": 900000000, "digests": bytes(32), "salts": bytes(16)},
        {"ids": "902,900", "first": 900, "last": 902, "digests": bytes(64), "salts": bytes(32)},
        {"ids": "", "first": 900, "last": 900, "digests": b"", "salts": b""},
    ],
    ids=["no digest", "too many", "another end", "endless", "out of order", "empty"],
)
def test_a_block_that_does_not_fit_together_is_not_believed(sealed, forged):
    forge_a_seal(**forged)
    assert Finding("block_changed", TABLE, 4) in verify().findings


# Gaps: what redactions and disposals leave is tried in governance/.


@pytest.fixture
def redacted(sealed, monkeypatch):
    """The number of a row whose name was taken out with authority, and a list of one that says so."""
    row = HISTORY.objects.filter(id=sealed.pk).earliest("history_id")
    with maintenance():
        before = release(HISTORY, row.pk)
        HISTORY.objects.filter(pk=row.pk).update(name="[taken out]")
    return row.pk, Authority(before, row_digest(HISTORY, row.pk), "Redaction 1")


def believe(monkeypatch, key, authority):
    monkeypatch.setattr(verifying, "authorised_gaps", lambda: {(TABLE, str(key)): authority})


@pytest.mark.parametrize("name", ["before", "now"])
def test_a_redaction_with_another_digest_is_not_believed(redacted, name, monkeypatch):
    key, authority = redacted
    believe(monkeypatch, key, replace(authority, **{name: "0" * 64}))
    assert verify().findings == [Finding("edited", TABLE, key)]


def test_a_redaction_of_another_row_is_no_authority(redacted, monkeypatch):
    key, authority = redacted
    believe(monkeypatch, key + 1, authority)
    assert Finding("salt_erased", TABLE, key) in verify().findings


def test_without_redactions_and_disposals_nothing_is_a_gap():
    assert verifying.authorised_gaps() == {}


# The command.


def run(*arguments):
    out = StringIO()
    call_command("verify_history", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_command_says_that_all_is_well_and_what_was_not_compared(sealed):
    said = run()
    assert said.splitlines()[-1] == "All is well."
    assert "No digest from outside was given" in said
    event = Event.objects.filter(kind="verified").get()
    assert event.detail.startswith("Whole:")
    assert event.by is None


def test_the_command_takes_the_line_that_was_kept_as_it_stands_under_a_report(sealed):
    seal = Seal.objects.newest()
    said = run("--digest", f"{seal.number}: {seal.grouped_digest}")
    assert "from outside" not in said


def test_the_command_fails_and_names_what_it_found(sealed):
    key = HISTORY.objects.filter(id=sealed.pk).earliest("history_id").pk
    with maintenance():
        HISTORY.objects.filter(pk=key).update(name="Forged")
    out = StringIO()
    with pytest.raises(CommandError, match="1 finding") as failure:
        call_command("verify_history", "--json", stdout=out)
    assert failure.value.returncode == 1
    told = json.loads(out.getvalue())
    assert (told["whole"], told["newest_seal"]) == (False, 3)
    assert told["findings"][0]["key"] == key
    assert told["findings"][0]["sentence"].startswith(f"{TABLE} {key}: this row was changed")
    assert Event.objects.get(kind="verified").detail.startswith("Not whole: 1 finding")


@pytest.mark.parametrize(
    "text", ["", "12", "12:", "12:abc", "x:" + "a" * 64, "12:" + "g" * 64, "12:" + "a" * 65]
)
def test_a_line_that_is_no_digest_is_refused(text):
    with pytest.raises(CommandError, match="Write it like"):
        run("--digest", text)


def test_before_the_first_seal_the_command_says_so(olivia):
    assert "Nothing is sealed yet" in run()
