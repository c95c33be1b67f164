"""A statement that is written down once answers as the queryset does."""

from datetime import date
from unittest import mock

import pytest
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler

from actions.models import Element, ProgressUpdate
from scrutiny.toolkit.access import NOWHERE
from scrutiny.toolkit.kept import IsAmong, IsGiven, Kept, kept_for_each
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


# Whether a row belongs to a record for which a rule holds.


BOTH = ["100% done", "nothing yet"]


@pytest.fixture
def updates():
    return [factories.UpdateFactory(element__text=text) for text in BOTH]


def among(rule):
    return ProgressUpdate.objects.filter(IsAmong("element_id", Element, rule))


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        (Q(text="100% done"), BOTH[:1]),
        (Q(text__contains="0%"), BOTH[:1]),
        (~Q(text="100% done"), BOTH[1:]),
        (Q(text__in=BOTH, updates__received_on__isnull=False), BOTH),
        (Q(text__in=BOTH) & ~Q(parts__letter="a"), BOTH),
        (Q(action__title="Nothing of the kind"), []),
    ],
)
def test_a_row_is_found_where_the_rule_holds_for_its_record(updates, rule, found):
    assert list(among(rule).order_by("pk").values_list("element__text", flat=True)) == found


def test_it_holds_inside_another_question_beside_others_and_turned_round(updates):
    rule = Q(text="100% done")
    assert [*ProgressUpdate.objects.filter(pk__in=among(rule).values("pk")[:5])] == updates[:1]
    asked = Q(IsAmong("element_id", Element, rule)) | Q(IsAmong("element_id", Element, Q(text="nothing yet")))
    assert ProgressUpdate.objects.filter(asked, pk__gt=0).count() == 2
    assert [*ProgressUpdate.objects.exclude(IsAmong("element_id", Element, rule))] == updates[1:]


def test_a_rule_is_written_down_once_and_another_is_another(updates):
    rows = [among(Q(text=text)) for text in BOTH]
    assert [each.get() for each in rows] == updates
    with mock.patch("scrutiny.toolkit.kept._for_a_key") as written:
        assert [each.get() for each in map(among, (Q(text=text) for text in BOTH))] == updates
    assert not written.called


# Rows that are told by rules and days.


@kept_for_each(ProgressUpdate)
def received(rule, day):
    said = ProgressUpdate.objects.filter(rule, received_on__gte=day).order_by("pk")
    return said.values("received_on", of=F("element__text"))


def test_rows_are_those_of_the_queryset_with_days_as_days(updates):
    rule, day = Q(element__text__in=BOTH), updates[0].received_on
    assert received(rule, day) == [{"received_on": day, "of": text} for text in BOTH]
    assert received(rule, date.max) == []


def test_where_nothing_can_be_found_nothing_is_asked(updates, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert received(NOWHERE, date.min) == []


def test_rows_are_written_down_once_for_what_was_told_and_asked_each_time(updates):
    one, other = (Q(element__text=text) for text in BOTH)
    assert [len(received(rule, date.min)) for rule in (one, other)] == [1, 1]
    factories.UpdateFactory(element=updates[0].element)
    with mock.patch.object(SQLCompiler, "as_sql", autospec=True, side_effect=SQLCompiler.as_sql) as as_sql:
        again = [len(received(Q(element__text=text), date.min)) for text in BOTH]
    assert again == [2, 1]
    assert not as_sql.called


def test_what_is_given_stands_in_no_sql(updates):
    @kept_for_each(Element)
    def worded():
        shortened = RawSQL("SELECT %s", [lambda words: words.removesuffix("!")])
        return Element.objects.filter(text=shortened).values("text")

    for text in BOTH:
        with mock.patch.object(
            SQLCompiler, "as_sql", autospec=True, side_effect=SQLCompiler.as_sql
        ) as as_sql:
            assert worded(given=f"{text}!") == [{"text": text}]
        assert as_sql.called == (text == BOTH[0])


@kept_for_each(ProgressUpdate)
def of_elements():
    return ProgressUpdate.objects.filter(IsGiven("element")).values("pk")


@pytest.mark.parametrize("wanted", [[], [0], [1], [0, 1], [1, 0, 1]])
def test_rows_are_found_by_the_keys_that_are_given(updates, wanted):
    found = of_elements(given=[updates[each].element_id for each in wanted])
    assert {row["pk"] for row in found} == {updates[each].pk for each in wanted}
