"""Tests may run in any order, also after one that emptied the tables."""

import pytest

from reviews.models import ClockRule, GuidanceVersion
from scrutiny.models import TrackingScheme


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
