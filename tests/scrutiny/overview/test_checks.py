"""The page of checks: what contradicts itself or was forgotten."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from actions.models import Action, Element, Tally
from scrutiny.overview.checks import checks
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2023, 10, 15)
RECENTLY = TODAY - timedelta(days=5)


def found(user):
    return {check.title: check.count for check in checks(user, TODAY) if check.count}


def element(**values):
    """One that nothing is wrong with: somebody holds the post, and a word came lately."""
    post = factories.PostHoldingFactory().post
    usual = {
        "last_word_on": RECENTLY,
        "action__post": post,
        "action__addressee": post.organisation,
    }
    return factories.ElementFactory(**usual | values)


def test_a_record_in_order_has_nothing_to_look_at(olivia):
    element()
    assert found(olivia) == {}


@pytest.mark.parametrize(
    ("values", "title"),
    [
        ({"owner_progress": "complete"}, "Complete, says the owner, and nothing shows it"),
        (
            {
                "last_word_on": None,
                "judged_on": RECENTLY,
                "action__resolution__item__meeting__date": RECENTLY,
            },
            "Judged, though nobody ever reported on it",
        ),
        ({"action__due_from": None, "action__due_to": date(2023, 3, 7)}, "Due before it was agreed"),
        ({"last_word_on": date(2023, 7, 1)}, "No word for 90 days"),
        (
            {
                "condition": "dependent upon the review",
                "condition_state": "waiting",
                "check_condition_on": RECENTLY,
            },
            "A condition to look at again",
        ),
        ({"action__post": None}, "Addressed to nobody in particular"),
    ],
)
def test_each_contradiction_is_counted(olivia, values, title):
    element(**values)
    assert found(olivia) == {title: 1}


def test_a_post_whose_holder_left_is_nobody_in_particular(olivia):
    held = factories.PostHoldingFactory(end=TODAY - timedelta(days=1))
    factories.ElementFactory(
        action__post=held.post, action__addressee=held.post.organisation, last_word_on=RECENTLY
    )
    assert found(olivia) == {"Addressed to nobody in particular": 1}


def test_the_page_leads_to_the_list_behind_each_number(olivia, client):
    factories.ElementFactory(owner_progress="complete", last_word_on=timezone.localdate())
    client.force_login(olivia)
    page = client.get(reverse("check-list"))
    url = f"{reverse('element-list')}?state=no_evidence"
    assert url in page.content.decode()
    assert client.get(url).context["paginator"].count == 1


def test_the_list_of_actions_can_be_narrowed_to_those_without_a_post_holder(olivia, client):
    factories.ActionFactory(post=None)
    element()
    client.force_login(olivia)
    assert client.get(f"{reverse('action-list')}?state=no_holder").context["paginator"].count == 1


def test_a_kept_number_that_is_wrong_is_told_with_what_mends_it(olivia, client):
    client.force_login(olivia)
    right = client.get(reverse("check-list")).content.decode()
    Tally.objects.create(item=factories.ItemFactory(), board=factories.BoardFactory(), elements=1)
    wrong = client.get(reverse("check-list")).content.decode()
    assert "rebuild_tallies" not in right
    assert "they agree with the records" in right
    assert "2 numbers of open actions and elements are not what the records say" in wrong


def test_actions_and_elements_that_do_not_follow_what_they_belong_to_are_told_with_what_mends_them(
    olivia, client
):
    kept = factories.ElementFactory()
    Element.objects.filter(pk=kept.pk).update(window_to=TODAY)
    client.force_login(olivia)
    page = client.get(reverse("check-list")).content.decode()
    assert "1 action or element does not have" in page
    assert "rebuild_tallies" in page
    Action.objects.filter(pk=kept.action_id).update(item=factories.ItemFactory())
    page = client.get(reverse("check-list")).content.decode()
    assert "2 actions or elements do not have" in page
