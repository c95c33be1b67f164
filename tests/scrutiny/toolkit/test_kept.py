"""A statement that is written down once answers as the queryset does."""

from datetime import date
from unittest import mock

import pytest
from django.db.models import OuterRef, Subquery
from django.db.models.sql.compiler import SQLCompiler

from actions.models import Element, ProgressUpdate
from scrutiny.toolkit.kept import Kept
from tests import factories

pytestmark = pytest.mark.django_db
UPDATES = ProgressUpdate.objects.filter(element=OuterRef("pk"), owner_progress="complete").order_by("-pk")
ROWS = Element.objects.order_by().values_list(
    "text", Subquery(UPDATES.values("received_on")[:1]), Subquery(UPDATES.values("text")[:1])
)


def test_it_answers_for_each_record_as_the_queryset_does():
    kept = Kept(ROWS)
    said = factories.UpdateFactory(owner_progress="complete", received_on=date(2023, 5, 3), text="100% done")
    silent = factories.ElementFactory()
    assert kept.of(said.element_id)[1:] == (date(2023, 5, 3), "100% done")
    for element in (said.element, silent):
        assert kept.of(element.pk) == ROWS.get(pk=element.pk)


def test_of_a_record_that_is_not_there_it_says_nothing():
    assert Kept(ROWS).of(0) is None


def test_it_is_written_down_once_and_asked_each_time(django_assert_num_queries):
    kept, element = Kept(ROWS), factories.ElementFactory()
    with mock.patch.object(SQLCompiler, "as_sql", autospec=True, side_effect=SQLCompiler.as_sql) as as_sql:
        assert kept.of(element.pk)[1] is None
        assert as_sql.called
        factories.UpdateFactory(element=element, owner_progress="complete", received_on=date(2023, 5, 4))
        as_sql.reset_mock()
        with django_assert_num_queries(1):
            assert kept.of(element.pk)[1] == date(2023, 5, 4)
    assert not as_sql.called
