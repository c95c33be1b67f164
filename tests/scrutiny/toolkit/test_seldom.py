import pytest
from django.db.models import Prefetch, prefetch_related_objects

from actions.models import DueRevision, Element, ElementPart
from scrutiny.toolkit.seldom import Seldom
from tests import factories

pytestmark = pytest.mark.django_db


def test_what_is_there_is_fetched_and_what_is_not_is_not_asked_for(django_assert_num_queries):
    element = factories.ElementFactory()
    ElementPart.objects.create(element=element, letter="a", text="The first part")
    with django_assert_num_queries(1):
        seldom = Seldom(element.action, "elements__parts", "elements__tags", "due_revisions")
        assert seldom.there == {"elements__parts": True, "elements__tags": False, "due_revisions": False}
        assert list(seldom.rows("due_revisions", DueRevision.objects.all())) == []
    assert [part.letter for part in seldom.rows("elements__parts", ElementPart.objects.all())] == ["a"]


def test_of_what_is_not_there_nothing_is_told_however_it_is_asked():
    kept = factories.ElementFactory()
    ElementPart.objects.create(element=kept, letter="a", text="The first part")
    without = factories.ElementFactory()
    rows = Seldom(without, "parts").rows("parts", ElementPart.objects.all())
    prefetch_related_objects([without], Prefetch("parts", rows))
    assert (without.parts.count(), without.parts.exclude(letter="b").exists()) == (0, False)
    assert not Element.objects.filter(pk__in=without.parts.values("element")).exists()


def test_rows_of_another_record_are_not_taken_for_its_own():
    part = ElementPart.objects.create(element=factories.ElementFactory(), letter="a", text="The first part")
    other = factories.ElementFactory(action=part.element.action, number=part.element.number + 1)
    assert Seldom(other, "parts").there == {"parts": False}
