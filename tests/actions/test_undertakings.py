"""Undertakings and parked elements: a light list with the day of the next look (Q-8, Q-5)."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.models import Undertaking
from actions.programme.look_again import look_again
from tests import factories

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def undertaking(ask):
    return factories.UndertakingFactory(item=ask.item)


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(client, url):
    page = BeautifulSoup(client.get(url).content, "html.parser").select_one("main")
    return " ".join(page.get_text().split())


def follow_up(user, undertaking, **sent):
    url, client = reverse("undertaking-update", args=[undertaking.pk]), client_of(user)
    version = client.get(url).context["form"].initial["version"]
    return client.post(url, sent | {"version": version}, follow=True)


def test_what_is_due_comes_first_then_what_has_no_day_then_the_rest(ask, today, mary):
    days = [today + DAY, None, today, today - DAY]
    made = [factories.UndertakingFactory(item=ask.item, look_on=day) for day in days]
    rows = [row.record for row in look_again(mary, today) if row.noun == "Undertaking"]
    assert rows == [made[3], made[2], made[1], made[0]]


def test_parked_elements_stand_among_them_until_the_condition_is_met(ask, today, mary):
    waiting = ask.elements[2]
    waiting.check_condition_on = today
    waiting.save()
    (row,) = look_again(mary, today)
    assert (row.record, row.day, row.is_due) == (waiting, today, True)
    waiting.condition_state = "met"
    waiting.save()
    assert look_again(mary, today) == []


def test_what_is_settled_is_not_looked_at_any_more(undertaking, today, mary):
    undertaking.settled_on, undertaking.settled_how = today, "Circulated"
    undertaking.save()
    assert [row for row in look_again(mary, today) if row.record == undertaking] == []


def test_the_page_says_in_words_what_is_to_be_looked_at_now(ask, undertaking, today, mary):
    undertaking.look_on = today - DAY
    undertaking.save()
    text = text_of(client_of(mary), reverse("look-again"))
    assert "2 things promised or parked. 1 is to be looked at now, and 1 has no day yet." in text
    assert "Look now" in text
    assert "Follow up" not in text


def test_with_nothing_on_it_the_page_says_so(mary):
    assert "Nothing is promised or parked" in text_of(client_of(mary), reverse("look-again"))


def test_those_of_drafts_are_seen_by_those_who_see_the_draft(ask, undertaking, mary, olivia, today):
    ask.meeting.minutes_state = "drafting"
    ask.meeting.save()
    assert look_again(mary, today) == []
    assert undertaking in [row.record for row in look_again(olivia, today)]


def test_an_officer_sets_the_day_also_after_the_minutes_are_approved(ask, undertaking, olivia):
    ask.meeting.minutes_state = "approved"
    ask.meeting.save()
    day = {"look_on_day": "1", "look_on_month": "12", "look_on_year": "2026"}
    follow_up(olivia, undertaking, **day)
    undertaking.refresh_from_db()
    assert f"{undertaking.look_on:%-d %B %Y}" == "1 December 2026"


def test_the_words_of_the_minutes_stay_whatever_is_sent(undertaking, olivia):
    day = {"settled_on_day": "1", "settled_on_month": "11", "settled_on_year": "2023"}
    follow_up(olivia, undertaking, text="Other words", settled_how="Circulated by e-mail", **day)
    before, undertaking = undertaking.text, Undertaking.objects.get(pk=undertaking.pk)
    assert (undertaking.text, undertaking.settled_how) == (before, "Circulated by e-mail")


def test_settled_needs_both_the_day_and_how(undertaking, olivia):
    answer = follow_up(olivia, undertaking, settled_how="Circulated by e-mail")
    assert "Enter both when and how it was settled, or neither." in answer.content.decode()


def test_the_form_shows_the_words_it_is_about(undertaking, olivia):
    url = reverse("undertaking-update", args=[undertaking.pk])
    assert undertaking.text in text_of(client_of(olivia), url)


@pytest.mark.parametrize(("state", "expected"), [("look", 2), ("open", 3), ("settled", 1), ("", 4)])
def test_the_list_is_narrowed_to_what_is_to_be_looked_at(ask, today, mary, state, expected):
    for look_on in (None, today, today + DAY):
        factories.UndertakingFactory(item=ask.item, look_on=look_on)
    factories.UndertakingFactory(item=ask.item, settled_on=today, settled_how="Circulated")
    answer = client_of(mary).get(f"{reverse('undertaking-list')}?state={state}")
    assert answer.context["paginator"].count == expected


def test_many_take_as_many_queries_as_few(ask, today, mary, django_assert_num_queries):
    look_again(mary, today)
    for _ in range(20):
        factories.UndertakingFactory(item=ask.item)
    with django_assert_num_queries(2):
        look_again(mary, today)
