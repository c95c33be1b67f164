"""Seals: a chain of digests over every row that can only be added."""

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction
from django.db.migrations import AlterModelTable, DeleteModel, RemoveField, RenameField, RenameModel
from hypothesis import given
from hypothesis import strategies as st

from scrutiny import seals
from scrutiny.events import log
from scrutiny.models import Event, Organisation, Seal, SealedBlock
from scrutiny.seals import as_ranges, from_ranges, release, row_digest, seal_all, seal_digest, sealed_digest
from scrutiny.toolkit.append_only import StillWriting, maintenance
from scrutiny.toolkit.history import record
from tests import factories
from tests.test_schema import our_migrations

pytestmark = pytest.mark.django_db
HISTORY = Organisation.history.model
TABLE = HISTORY._meta.db_table


def ids_of(table):
    blocks = SealedBlock.objects.filter(table=table).order_by("first")
    return [key for block in blocks for key in from_ranges(block.ids)]


def test_a_seal_covers_every_row_once_and_the_seal_before(olivia):
    log("exported", by=olivia)
    (first,) = seal_all()
    log("exported", by=olivia)
    organisation = factories.OrganisationFactory()
    (second,) = seal_all()
    assert (first.number, second.number, second.previous) == (1, 2, first.digest)
    assert ids_of("scrutiny_event") == sorted(Event.objects.values_list("pk", flat=True))
    assert organisation.history.get().pk in ids_of(TABLE)
    for seal in (first, second):
        assert seal_digest(seal, list(seal.blocks.all())) == seal.digest


def test_where_nothing_is_new_no_seal_is_made(olivia):
    log("exported", by=olivia)
    list(seal_all())
    assert list(seal_all()) == []
    assert Seal.objects.count() == 1


def test_very_many_rows_are_sealed_in_several_seals(olivia, monkeypatch):
    monkeypatch.setattr(seals, "BLOCK", 2)
    monkeypatch.setattr(seals, "AT_ONCE", 4)
    for _ in range(9):
        log("exported", by=olivia)
    made = list(seal_all())
    assert [seal.number for seal in made] == list(range(1, len(made) + 1))
    assert len(made) > 2
    assert all(seal.rows <= 4 for seal in made)
    assert ids_of("scrutiny_event") == sorted(Event.objects.values_list("pk", flat=True))


def test_a_seal_cannot_be_changed(olivia):
    log("exported", by=olivia)
    list(seal_all())
    for change in (lambda: Seal.objects.update(rows=1), lambda: SealedBlock.objects.all().delete()):
        with pytest.raises(Error, match="append-only"), transaction.atomic():
            change()


def test_the_command_prints_the_line_to_keep(olivia):
    log("exported", by=olivia)
    out = StringIO()
    call_command("seal_history", stdout=out)
    seal = Seal.objects.newest()
    assert out.getvalue().splitlines()[-1] == f"{seal.number}:{seal.digest}"


def test_the_command_says_so_where_somebody_writes_for_long(monkeypatch):
    def refuse(*args):
        raise StillWriting

    monkeypatch.setattr(seals, "wait_for_writers", refuse)
    with pytest.raises(CommandError, match="Try again"):
        call_command("seal_history", "--wait=1")


@given(st.sets(st.integers(min_value=-50, max_value=10**12), min_size=1, max_size=60))
def test_ids_are_kept_as_ranges(ids):
    assert from_ranges(as_ranges(sorted(ids))) == sorted(ids)


@pytest.mark.parametrize("text", ["", "3-1", "1,2", "2,1", "1-1", "a", "1-2,2", "1-", "01", "1-900000000000"])
def test_ranges_that_the_seal_does_not_write_are_refused(text):
    with pytest.raises(ValueError):
        from_ranges(text)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_a_row_that_is_on_its_way_is_waited_for_and_never_missed(olivia):
    """Its number is lower than one that is committed already."""
    Event.objects.count()
    on_its_way, may_commit = threading.Event(), threading.Event()

    def write_slowly():
        with transaction.atomic():
            log("exported", by=olivia, detail="slow")
            on_its_way.set()
            may_commit.wait(10)
        connection.close()

    writer = threading.Thread(target=write_slowly)
    writer.start()
    on_its_way.wait(10)
    log("exported", by=olivia, detail="quick")
    with pytest.raises(StillWriting):
        list(seal_all(wait=0.2))
    threading.Timer(0.3, may_commit.set).start()
    list(seal_all(wait=10))
    writer.join()
    slow, quick = Event.objects.get(detail="slow"), Event.objects.get(detail="quick")
    assert slow.pk < quick.pk
    assert {slow.pk, quick.pk} <= set(ids_of("scrutiny_event"))


# One row of its own.


def test_a_row_that_is_released_keeps_its_digest_and_loses_its_salt(olivia):
    organisation = factories.OrganisationFactory(name="First name")
    organisation.name = "Second name"
    record(organisation, by=olivia)
    first, second = organisation.history.order_by("history_id")
    assert sealed_digest(HISTORY, first.pk) == ""
    list(seal_all())
    salts = {key: _salt(key) for key in (first.pk, second.pk)}
    with maintenance():
        assert release(HISTORY, first.pk) == sealed_digest(HISTORY, first.pk) != ""
    assert _salt(first.pk) == seals.ERASED
    assert _salt(second.pk) == salts[second.pk] != salts[first.pk]
    seal = Seal.objects.newest()
    assert seal_digest(seal, list(seal.blocks.all())) == seal.digest


def _salt(key):
    block, place = seals._place_of(HISTORY, key)
    return seals._part(block.salts, place, seals.SALT)


def test_a_row_that_is_not_sealed_has_nothing_to_release(olivia):
    row = factories.OrganisationFactory().history.get()
    with maintenance():
        assert release(HISTORY, row.pk) == ""
    assert len(row_digest(HISTORY, row.pk)) == 64


def test_the_digest_of_a_row_changes_with_each_of_its_values(olivia):
    organisation = factories.OrganisationFactory()
    row = organisation.history.get()
    before = row_digest(HISTORY, row.pk)
    with maintenance():
        HISTORY.objects.filter(pk=row.pk).update(history_user=olivia)
    assert row_digest(HISTORY, row.pk) != before


# The rule: what seals cover stays. Otherwise old seals could not be checked any more.

SPOILING = (RemoveField, RenameField, DeleteModel, RenameModel, AlterModelTable)


def spoiling(name, operations):
    """Steps that take a column or table away which seals cover, or call it another name."""
    covered = {model._meta.model_name for model in seals.sealed_models().values()}
    for step in operations:
        model = (
            getattr(step, "model_name_lower", "")
            or getattr(step, "old_name_lower", "")
            or getattr(step, "name_lower", "")
        )
        if isinstance(step, SPOILING) and (model in covered or model.startswith("historical")):
            yield f"{name}: {step.describe()}"


def test_no_migration_takes_away_what_seals_cover():
    steps = our_migrations().items()
    assert [line for name, migration in steps for line in spoiling(name, migration.operations)] == []


@pytest.mark.parametrize(
    "step",
    [
        RemoveField("historicalorganisation", "name"),
        RenameField("HistoricalOrganisation", "name", "title"),
        RenameField("event", "detail", "details"),
        DeleteModel("HistoricalOrganisation"),
        RenameModel("HistoricalOrganisation", "HistoricalBody"),
        AlterModelTable("HistoricalOrganisation", "bodies"),
    ],
    ids=lambda step: type(step).__name__,
)
def test_a_step_that_would_is_found(step):
    assert len(list(spoiling("planted", [step]))) == 1
