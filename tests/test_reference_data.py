"""Tests may run in any order, also after one that emptied the tables."""

import pytest

from reviews.models import ClockRule, GuidanceVersion, OversightBody, Theme
from scrutiny.models import Clash, Term, TrackingCategory, TrackingScheme
from tests import factories
from tests.factories import GLOSSARY


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "again"])
def test_the_schemes_are_there_though_the_test_before_emptied_the_tables(time):
    assert TrackingScheme.objects.count() == 2
    assert all(scheme.categories.exists() for scheme in TrackingScheme.objects.all())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "again"])
def test_the_clocks_are_there_though_the_test_before_emptied_the_tables(time):
    assert GuidanceVersion.objects.count() == 3
    assert ClockRule.objects.count() == 28


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "again"])
def test_the_oversight_bodies_are_there_in_order_though_the_test_before_emptied_the_tables(time):
    assert [body.name for body in OversightBody.objects.all()] == factories.BODIES


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "again"])
def test_one_category_of_each_scheme_means_achieved_though_the_test_before_emptied_the_tables(time):
    achieved = TrackingCategory.objects.filter(achieved=True)
    assert dict(achieved.values_list("scheme__name", "code")) == factories.ACHIEVED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "again"])
def test_the_themes_are_there_though_the_test_before_emptied_the_tables(time):
    assert Theme.objects.count() == 47


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "again"])
def test_the_glossary_is_there_though_the_test_before_emptied_the_tables(time):
    assert Term.objects.count() == Term.history.count() == len(GLOSSARY.TERMS)
    assert Clash.objects.count() == Clash.history.count() == len(GLOSSARY.CLASHES)
