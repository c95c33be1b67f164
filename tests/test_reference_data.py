"""Tests may run in any order, also after one that emptied the tables."""

import pytest

from scrutiny.models import Clash, Term, TrackingScheme
from tests.factories import GLOSSARY


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "again"])
def test_the_schemes_are_there_though_the_test_before_emptied_the_tables(time):
    assert TrackingScheme.objects.count() == 2
    assert all(scheme.categories.exists() for scheme in TrackingScheme.objects.all())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "again"])
def test_the_glossary_is_there_though_the_test_before_emptied_the_tables(time):
    assert Term.objects.count() == Term.history.count() == len(GLOSSARY.TERMS)
    assert Clash.objects.count() == Clash.history.count() == len(GLOSSARY.CLASHES)
