"""The pages of the work programme: what they say, and what one click does."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.models import ProgrammeItem
from tests import factories
from tests.conftest import as_shown

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def year(today):
    return factories.YearFactory(label="now", start=today - 100 * DAY, end=today + 200 * DAY)


@pytest.fixture
def meetings(board, year, today):
    days = [today - 30 * DAY, today + 20 * DAY, today + 60 * DAY]
    return [
        factories.MeetingFactory(board=board, year=year, date=day, minutes_state="drafting") for day in days
    ]


@pytest.fixture
def due_soon(ask, meetings):
    """The ask, due around the second meeting."""
    ask.action.due_from, ask.action.due_to = meetings[1].date - DAY, meetings[1].date + DAY
    ask.action.save()
    return ask.action


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def text_of(client, url):
    page = BeautifulSoup(client.get(url).content, "html.parser").select_one("main")
    return " ".join(page.get_text().split())


def test_it_works(due_soon, board, meetings, mary):
    text = text_of(client_of(mary), reverse("programme"))
    assert "Work programme now" in text
    assert "2 meetings left in now, 0 items placed." in text
    assert "A further report" in text


def test_without_boards_or_years_it_says_so(mary):
    assert "There is no programme yet" in text_of(client_of(mary), reverse("programme"))


def test_the_board_that_meets_next_is_shown_first(due_soon, board, year, mary, today):
    sooner = factories.BoardFactory(name="Scrutiny Board (Places)")
    factories.MeetingFactory(board=sooner, year=year, date=today + DAY)
    context = client_of(mary).get(reverse("programme")).context
    assert context["board"] == sooner
    assert client_of(mary).get(f"{reverse('programme')}?board={board.pk}").context["board"] == board


@pytest.mark.parametrize("query", ["board=0", "board=x", "board=99999999999", "year=x", "year=0", "board=²"])
def test_a_board_or_year_that_is_not_there_is_not_found(due_soon, mary, query):
    assert client_of(mary).get(f"{reverse('programme')}?{query}").status_code == 404


def test_a_year_gone_by_tells_what_was_taken(ask, board, olivia):
    factories.ProgrammeItemFactory(board=board, meeting=ask.meeting, state="taken")
    url = f"{reverse('programme')}?board={board.pk}&year={ask.meeting.year_id}"
    assert "1 meeting was held in 2022/23, and 1 item of the programme was taken." in text_of(
        client_of(olivia), url
    )


def test_only_officers_are_offered_steps(due_soon, mary, olivia):
    assert "Place on" in text_of(client_of(olivia), reverse("programme"))
    assert "Place on" not in text_of(client_of(mary), reverse("programme"))


def test_a_meeting_whose_minutes_one_may_not_read_is_no_link(due_soon, meetings, mary, olivia):
    link = f'href="{meetings[1].get_absolute_url()}"'
    assert link in client_of(olivia).get(reverse("programme")).content.decode()
    assert link not in client_of(mary).get(reverse("programme")).content.decode()


def test_one_click_places_what_is_proposed(due_soon, meetings, olivia):
    client = client_of(olivia)
    page = BeautifulSoup(client.get(reverse("programme")).content, "html.parser")
    form = page.select_one(f"form[action='{reverse('action-place', args=[due_soon.pk])}']")
    sent = {field["name"]: field["value"] for field in form.select("input")}
    client.post(form["action"], sent)
    assert ProgrammeItem.objects.get().meeting == meetings[1]
    assert "2 meetings left in now, 1 item placed." in text_of(client, reverse("programme"))


def test_a_meeting_of_another_board_is_not_found(due_soon, meetings, olivia):
    other = factories.MeetingFactory()
    for name in ("action-place", "action-next-meeting"):
        url = reverse(name, args=[due_soon.pk])
        assert client_of(olivia).post(url, {"meeting": other.pk}).status_code == 404
        assert client_of(olivia).get(url, follow=True).status_code == 200
    assert not ProgrammeItem.objects.exists()


def test_what_a_rule_refuses_is_said(due_soon, meetings, olivia):
    client = client_of(olivia)
    client.post(reverse("action-place", args=[due_soon.pk]), {"meeting": meetings[1].pk})
    answer = client.post(
        reverse("action-place", args=[due_soon.pk]), {"meeting": meetings[2].pk}, follow=True
    )
    assert "already. Defer it there." in answer.content.decode()


def test_one_click_takes_the_next_meeting_as_a_date(due_soon, board, year, meetings, olivia):
    due_soon.due_words, due_soon.due_from, due_soon.due_to = "for the next meeting", None, None
    due_soon.save()
    client = client_of(olivia)
    assert "It means the meeting of" in text_of(client, reverse("programme"))
    client.post(reverse("action-next-meeting", args=[due_soon.pk]), {"meeting": meetings[1].pk})
    due_soon.refresh_from_db()
    assert due_soon.due_to == meetings[1].date


def test_an_officer_adds_an_item_of_their_own(board, meetings, olivia):
    url = reverse("programme-item-add", args=[board.pk])
    client = client_of(olivia)
    answer = client.post(
        url, {"title": "Budget", "kind": "performance", "meeting": meetings[2].pk}, follow=True
    )
    assert "Budget" in answer.content.decode()
    assert ProgrammeItem.objects.get().meeting == meetings[2]


def test_an_item_may_take_up_an_action_and_starts_with_its_title(due_soon, board, meetings, olivia):
    url = f"{reverse('programme-item-add', args=[board.pk])}?action={due_soon.pk}"
    form = client_of(olivia).get(url).context["form"]
    assert (form.initial["title"], form.initial["action"]) == (due_soon.title, due_soon)


def test_an_action_in_the_programme_is_not_added_twice(due_soon, board, meetings, olivia):
    sent = {"title": "Again", "kind": "tracking", "action": due_soon.pk}
    url = reverse("programme-item-add", args=[board.pk])
    client_of(olivia).post(url, sent)
    answer = client_of(olivia).post(url, sent)
    assert "stands in the work programme already" in answer.content.decode()
    assert ProgrammeItem.objects.count() == 1


def test_deferring_asks_where_to_and_why(due_soon, board, meetings, olivia):
    item = factories.ProgrammeItemFactory(board=board, meeting=meetings[1], action=due_soon)
    url, client = reverse("programme-item-defer", args=[item.pk]), client_of(olivia)
    sent = {"meeting": meetings[2].pk, **as_shown(client, url)}
    assert "why it is deferred" in client.post(url, sent).content.decode()
    client.post(url, sent | {"why": "The review is late"})
    item.refresh_from_db()
    assert (item.meeting, item.why) == (meetings[2], "The review is late")
    assert "Deferred beyond its window" in text_of(client, reverse("programme"))


def test_an_item_is_deferred_to_no_date_too(board, meetings, olivia):
    item = factories.ProgrammeItemFactory(board=board, meeting=meetings[1])
    url, client = reverse("programme-item-defer", args=[item.pk]), client_of(olivia)
    client.post(url, {"meeting": "", "why": "Late", **as_shown(client, url)})
    item.refresh_from_db()
    assert (item.meeting, item.state) == (None, "deferred")


def test_dropping_asks_why(board, meetings, olivia):
    item = factories.ProgrammeItemFactory(board=board, meeting=meetings[1])
    url, client = reverse("programme-item-drop", args=[item.pk]), client_of(olivia)
    client.post(url, {"why": "Taken elsewhere", **as_shown(client, url)})
    item.refresh_from_db()
    assert (item.state, item.why) == ("dropped", "Taken elsewhere")


def test_what_a_held_meeting_took_is_said_with_one_click(board, meetings, olivia):
    item = factories.ProgrammeItemFactory(board=board, meeting=meetings[0])
    client = client_of(olivia)
    assert "It was taken" in text_of(client, reverse("programme"))
    client.post(reverse("programme-item-take", args=[item.pk]))
    item.refresh_from_db()
    assert item.state == "taken"


def test_changing_an_item_that_has_a_meeting_does_not_move_it(board, meetings, olivia):
    item = factories.ProgrammeItemFactory(board=board, meeting=meetings[1])
    url = reverse("programme-item-update", args=[item.pk])
    version = client_of(olivia).get(url).context["form"].initial["version"]
    sent = {"title": "Budget, first look", "kind": "other", "meeting": meetings[2].pk, "version": version}
    client_of(olivia).post(url, sent)
    item.refresh_from_db()
    assert (item.title, item.meeting) == ("Budget, first look", meetings[1])


@pytest.mark.parametrize("name", ["edit", "defer", "drop", "take"])
def test_an_item_of_an_action_one_may_not_see_is_not_found(due_soon, board, meetings, partnership, name):
    from tests.conftest import hold

    elsewhere = hold(factories.UserFactory(), "officer", board=factories.BoardFactory())
    due_soon.resolution.item.meeting.minutes_state = "drafting"
    due_soon.resolution.item.meeting.save()
    item = factories.ProgrammeItemFactory(board=board, meeting=meetings[1], action=due_soon)
    assert client_of(elsewhere).post(f"/programme/{item.pk}/{name}/").status_code == 404


def test_the_page_of_an_action_says_where_it_is_planned(due_soon, board, meetings, mary):
    factories.ProgrammeItemFactory(board=board, meeting=meetings[1], action=due_soon)
    assert "In the work programme:" in text_of(client_of(mary), due_soon.get_absolute_url())


def test_what_people_typed_is_escaped(board, meetings, olivia):
    factories.ProgrammeItemFactory(board=board, meeting=meetings[1], title="<b>Budget</b>", note="<i>x</i>")
    page = client_of(olivia).get(reverse("programme")).content.decode()
    assert "&lt;b&gt;Budget" in page
    assert "<i>x" not in page
