"""Tests may run in any order, also after one that emptied the tables."""

import pytest

from reviews.models import Theme
from scrutiny.models import TrackingScheme


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "again"])
def test_the_schemes_are_there_though_the_test_before_emptied_the_tables(time):
    assert TrackingScheme.objects.count() == 2
    assert all(scheme.categories.exists() for scheme in TrackingScheme.objects.all())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "again"])
def test_the_themes_are_there_though_the_test_before_emptied_the_tables(time):
    assert Theme.objects.count() == 47
