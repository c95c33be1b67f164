"""A reported record shows none of its words to anybody but those who can put it right, wherever they stood."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from actions.models import Message
from scrutiny.governance.problems import lift, report, words_of
from scrutiny.governance.redaction import approve, ask
from scrutiny.models import DataProblem, Entry, Event
from scrutiny.models.problems import HIDDEN
from scrutiny.overview.trails import NOUNS
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.search]
WORDS = "We met Quillfeather at Marrow Lane."


@pytest.fixture
def update(ask):
    return factories.UpdateFactory(element=ask.elements[0], text=WORDS)


@pytest.fixture
def problem(update, mary):
    return report(update, noun="progress-update", why="It names a family.", by=mary)


def page(user, url):
    client = Client()
    client.force_login(user)
    return client.get(url).content.decode()


def post(user, url, **sent):
    client = Client()
    client.force_login(user)
    return client.post(url, sent, follow=True)


def test_the_words_are_hidden_at_once_on_pages_in_lists_and_in_the_search(update, problem, mary, olivia):
    update.refresh_from_db()
    assert update.text == HIDDEN
    assert update.reported_by == HIDDEN
    element = update.element.get_absolute_url()
    for user in (mary, olivia):
        assert "Quillfeather" not in page(user, element)
        assert HIDDEN in page(user, element)
    assert not Entry.objects.matching("Quillfeather").exists()


@pytest.mark.parametrize("noun", ["progress-update", "element", "action"])
def test_the_histories_show_them_only_to_who_can_put_it_right(update, problem, cast, noun):
    key = {"progress-update": update.pk, "element": update.element_id, "action": update.element.action_id}[
        noun
    ]
    url = reverse("history", args=[noun, key])
    shown = {name: "Quillfeather" in page(getattr(cast, name), url) for name in ("mary", "chidi", "arun")}
    assert shown == {"mary": False, "chidi": False, "arun": False}
    assert "Quillfeather" in page(cast.olivia, url)
    assert "Quillfeather" in page(cast.grace, url)


def test_an_action_as_it_was_does_not_show_hidden_words(ask, mary, olivia):
    element = ask.elements[0]
    words = element.text
    report(element, noun="element", why="It names a family.", by=mary)
    element.refresh_from_db()
    day = element.history.latest().history_date.date()
    url = reverse("action-as-at", args=[ask.action.pk])
    shown = page(olivia, f"{url}?day_day={day.day}&day_month={day.month}&day_year={day.year}")
    assert HIDDEN in shown
    assert words not in shown.split(ask.elements[1].text)[0]


def test_those_who_can_put_it_right_see_what_was_hidden(problem, cast):
    url = problem.get_absolute_url()
    assert WORDS in page(cast.olivia, url)
    assert WORDS in page(cast.grace, url)
    assert WORDS not in page(cast.mary, url)
    assert WORDS not in page(cast.arun, url)
    assert Event.objects.filter(kind="data_problem_read").count() == 2


def test_lifting_shows_the_words_again(update, problem, olivia):
    post(olivia, reverse("data-problem-lift", args=[problem.pk]), reason="It names a street only.")
    update.refresh_from_db()
    assert update.text == WORDS
    assert update.history.latest().history_change_reason == "It names a street only."
    assert not DataProblem.objects.open().exists()
    assert Entry.objects.matching("Quillfeather").exists()


def test_what_was_put_right_meanwhile_stays(update, problem, olivia):
    update.refresh_from_db()
    update.text = "We met a family."
    update.save()
    lift(problem, reason="Put right.", by=olivia)
    update.refresh_from_db()
    assert update.text == "We met a family."
    assert update.reported_by == words_of(problem)["reported_by"]


def test_what_was_taken_out_meanwhile_stays_out(update, problem, olivia, grace, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    asked = ask(
        "Quillfeather", category="child", reason="A name.", by=olivia, noun="progress-update", key=update.pk
    )
    approve(asked, by=grace)
    lift(DataProblem.objects.get(), reason="The name is gone.", by=olivia)
    update.refresh_from_db()
    assert update.text.startswith("We met [redacted on ")
    assert update.text.endswith("at Marrow Lane.")


def test_information_governance_is_told_without_the_words(update, grace, mary, problem):
    mail = Message.objects.get()
    assert mail.to_name == str(grace)
    assert "Quillfeather" not in mail.text
    event = Event.objects.get(kind="data_problem")
    assert (event.by, event.reason) == (mary, "It names a family.")


def test_where_nobody_does_information_governance_the_administrators_are_told(update, mary, ada):
    report(update, noun="progress-update", why="It names a family.", by=mary)
    assert Message.objects.get().to_name == str(ada)


def test_it_is_reported_once(update, problem, olivia):
    with pytest.raises(ValidationError, match="reported this already"):
        report(update, noun="progress-update", why="Again.", by=olivia)
    lift(problem, reason="Nothing wrong.", by=olivia)
    with pytest.raises(ValidationError, match="shown again already"):
        lift(DataProblem.objects.get(), reason="Nothing wrong.", by=olivia)


def test_from_the_link_on_the_page_in_one_sentence(update, mary):
    url = f"{reverse('data-problem-add')}?noun=progress-update&key={update.pk}"
    assert url.replace("&", "&amp;") in page(mary, update.element.get_absolute_url())
    answer = post(mary, url, why="It names a family.")
    assert "The words are hidden now" in answer.content.decode()


def test_a_point_of_locked_minutes_can_be_reported(ask, mary):
    meeting = ask.meeting
    point = factories.PointFactory(section__item=ask.item, text=WORDS)
    meeting.minutes_state = "approved"
    meeting.save()
    url = f"{reverse('data-problem-add')}?noun=point&key={point.pk}"
    assert url.replace("&", "&amp;") in page(mary, f"{meeting.get_absolute_url()}?report=1")
    post(mary, url, why="It names a family.")
    assert WORDS not in page(mary, meeting.get_absolute_url())


def test_a_review_case_that_is_not_there_for_somebody_cannot_be_reported_by_them(cast):
    case = factories.CaseFactory()
    url = f"{reverse('data-problem-add')}?noun=case&key={case.pk}"
    for name in ("olivia", "mary", "grace", "arun"):
        client = Client()
        client.force_login(getattr(cast, name))
        assert client.get(url).status_code == 404, name
    assert "Report a data problem" in page(cast.bea, case.get_absolute_url())


def test_the_business_unit_and_governance_see_what_was_hidden_of_a_case_and_officers_do_not(cast):
    learning = factories.LearningFactory(text=WORDS)
    problem = report(learning, noun="learning", why="It names a family.", by=cast.bea)
    assert WORDS in page(cast.bea, problem.get_absolute_url())
    assert WORDS in page(cast.grace, problem.get_absolute_url())
    client = Client()
    client.force_login(cast.olivia)
    assert client.get(problem.get_absolute_url()).status_code == 404


def test_information_governance_takes_words_out_of_a_reported_case_without_seeing_its_page(cast):
    learning = factories.LearningFactory(text=WORDS)
    report(learning, noun="learning", why="It names a family.", by=cast.bea)
    add = f"{reverse('redaction-add')}?noun=learning&key={learning.pk}"
    answer = post(cast.grace, add, words="Quillfeather", category="child", reason="A name.")
    assert "Waiting for approval" in answer.content.decode()
    assert reverse("history", args=["learning", learning.pk]) not in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["", "?noun=nothing&key=1", "?noun=element&key=x", "?noun=element&key=987654"]
)
def test_what_is_not_there_cannot_be_reported(query, mary):
    client = Client()
    client.force_login(mary)
    assert client.get(reverse("data-problem-add") + query).status_code == 404


def test_every_kind_of_record_can_be_named():
    assert {"case", "learning", "element", "progress-update", "point"} <= NOUNS.keys()
