"""The proofs of the audit trail that take minutes: many places, many rows, changed tables."""

import random
import time

import pytest
from django.db import connection
from simple_history.utils import bulk_create_with_history

from scrutiny.models import Event, Organisation, Seal
from scrutiny.seals import seal_all
from scrutiny.toolkit.append_only import install, maintenance
from scrutiny.toolkit.history import record
from scrutiny.verifying import verify
from tests import factories
from tests.numbers import tried
from tests.scrutiny import tampering

pytestmark = [pytest.mark.verify, pytest.mark.django_db]
PLACES = 100
HONEST = 100_000
PER_SECOND = 10_000


def anchors():
    return dict(Seal.objects.values_list("number", "digest"))


@pytest.fixture
def years_of_work(ask, olivia, mary, partnership):
    """Five seals over changes by two people to records of several kinds."""
    for month in range(5):
        for by in (olivia, mary):
            for record_ in (partnership, ask.action, *ask.elements, ask.item):
                name = (
                    "name" if hasattr(record_, "name") else "title" if hasattr(record_, "title") else "text"
                )
                setattr(record_, name, f"Words of month {month} by {by}")
                record(record_, by=by, reason=f"Month {month}")
        list(seal_all())


@pytest.mark.parametrize("kind", tampering.KINDS)
def test_every_tampering_at_a_hundred_places_is_found_and_named(years_of_work, kind):
    kept, missed = anchors(), []
    for place in range(PLACES):
        expected, report = tampering.found_after(
            tampering.KINDS[kind], random.Random(f"{kind} {place}"), kept
        )
        if expected not in report.findings:
            missed.append((place, expected))
    assert missed == []
    assert verify(kept).is_whole
    tried(f"times to {kind}, all found and named", PLACES)


def test_a_hundred_thousand_honest_rows_raise_no_alarm_and_take_seconds(olivia):
    for start in range(0, HONEST // 2, 5000):
        rows = [Organisation(name=f"Body {start + n}", kind="partnership") for n in range(5000)]
        bulk_create_with_history(rows, Organisation, default_user=olivia, batch_size=1000)
        Event.objects.bulk_create(
            Event(kind="exported", by=olivia, detail=f"{start + n}") for n in range(5000)
        )
    began = time.process_time()
    seals = list(seal_all())
    sealed = time.process_time()
    report = verify(anchors())
    verified = time.process_time()
    assert report.findings == []
    assert report.rows >= HONEST
    assert sum(seal.rows for seal in seals) == report.rows
    tried(
        f"honest rows: {report.rows / (sealed - began):,.0f} a second sealed, "
        f"{report.rows / (verified - sealed):,.0f} a second checked, no alarm",
        report.rows,
    )
    assert report.rows / (verified - sealed) > PER_SECOND


@pytest.mark.django_db(transaction=True)
def test_tables_that_are_changed_by_migrations_and_back_raise_no_alarm(years_of_work):
    """SQLite builds the whole table anew, and loses its triggers."""
    kept, count = anchors(), 0
    for history in tampering.sealed_models().values():
        for field in history._meta.concrete_fields:
            if not getattr(field, "max_length", None) or field.primary_key or field.remote_field:
                continue
            wider = field.clone()
            wider.max_length = field.max_length + 1
            wider.set_attributes_from_name(field.name)
            wider.model = history
            with maintenance(), connection.schema_editor() as editor:
                editor.alter_field(history, field, wider)
            with maintenance(), connection.schema_editor() as editor:
                editor.alter_field(history, wider, field)
            count += 2
            break
    install()
    assert verify(kept).findings == []
    tried("changes of tables of histories, half of them back, no alarm", count)
    factories.reference_data()
