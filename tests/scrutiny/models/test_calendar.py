"""Bank holidays added as data."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from scrutiny.models import BankHoliday
from scrutiny.toolkit.history import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def added(ada):
    return record(
        BankHoliday(day=date(2029, 5, 14), name="Jubilee"), by=ada, reason="Proclaimed on 3 March 2028"
    )


def test_a_day_added_is_not_worked(added):
    calendar = BankHoliday.objects.calendar()
    assert not calendar.is_working_day(added.day)
    assert calendar.holiday_name(added.day) == "Jubilee"


def test_the_calendar_asks_the_database_once_whatever_is_counted(added, django_assert_num_queries):
    with django_assert_num_queries(1):
        calendar = BankHoliday.objects.calendar()
        calendar.add_working_days(date(2029, 5, 1), 100)
        calendar.of_the_united_kingdom().add_working_days(date(2029, 5, 1), 100)


def test_a_day_is_added_once(added, ada):
    with pytest.raises(ValidationError):
        record(BankHoliday(day=added.day, name="Another name"), by=ada)


def test_a_day_added_has_a_history_with_its_reason(added):
    assert added.history.get().history_change_reason == "Proclaimed on 3 March 2028"


def test_an_administrator_adds_a_day(client, ada):
    client.force_login(ada)
    typed = {"day": "14/05/2029", "name": "Jubilee", "change_reason": "Proclaimed"}
    assert client.post("/administration/scrutiny/bankholiday/add/", typed).status_code == 302
    assert BankHoliday.objects.get().history.get().history_change_reason == "Proclaimed"


def test_whoever_has_a_role_may_see_it_and_nobody_else(added, mary, norma):
    assert list(BankHoliday.objects.visible_to(mary)) == [added]
    assert list(BankHoliday.objects.visible_to(norma)) == []
