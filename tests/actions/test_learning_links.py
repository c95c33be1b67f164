"""The learning behind what was asked: the ways from one to the other, who links them, and what is not yet shown."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Element, ElementLearning
from actions.services import link_learning
from reviews.models import LearningPoint, LearningTheme
from tests import factories
from tests.scrutiny.test_views import fields_in, page_of, text_of

pytestmark = pytest.mark.django_db

PUBLISHED = date(2026, 9, 2)
ONLY_ACTIVITY = "Activity shown, impact not yet shown"


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def officer(client, olivia):
    client.force_login(olivia)
    return client


@pytest.fixture
def element(ask):
    return ask.elements[0]


@pytest.fixture
def point(db):
    """Taught by a published review, so that everybody sees it."""
    return published_point(text="Staff ask the next question.", state="in_progress")


def published_point(**values):
    return factories.LearningFactory(
        **{"case__published_on": PUBLISHED, "case__title": "Learning from a review"} | values
    )


def hidden_point(**values):
    return factories.LearningFactory(**{"text": "Not for everybody yet."} | values)


def linked(element):
    return {link.learning for link in ElementLearning.objects.filter(element=element)}


# What the element shows.


def test_an_element_shows_the_learning_behind_it(officer, element, point):
    factories.ElementLearningFactory(element=element, learning=point)
    factories.DisseminationFactory.create_batch(2, learning=point)
    factories.AssuranceFactory(learning=point)
    factories.AssuranceFactory(learning=point, cascaded="no")
    point.evidence_grade = "E4"
    point.save()
    shown = page_of(officer.get(element.get_absolute_url())).select_one(f"#learning-{point.pk}").parent
    assert shown.a["href"] == point.get_absolute_url()
    assert " ".join(shown.p.text.split()) == (
        f"In progress, {point.owner}. 2 activities to spread it; 1 of 2 agencies passed it on; "
        "best evidence E4 Practice: practice changed."
    )


def test_it_names_the_themes_of_that_learning(officer, element, point):
    factories.ElementLearningFactory(element=element, learning=point)
    point.tags.create(theme=factories.theme("CUR"))
    shown = page_of(officer.get(element.get_absolute_url())).select_one(f"#learning-{point.pk}").parent
    assert factories.theme("CUR").get_absolute_url() in {link["href"] for link in shown.select("a")}


def test_an_element_without_learning_says_so(officer, element):
    assert "No learning from a review is linked to it." in text_of(officer.get(element.get_absolute_url()))


def test_learning_of_a_review_not_published_is_shown_to_those_who_work_on_it(cast, element):
    hidden = factories.ElementLearningFactory(element=element, learning=hidden_point()).learning
    for name, sees in {"bea": True, "sunil": True, "olivia": False, "mary": False, "lena": False}.items():
        content = client_of(getattr(cast, name)).get(element.get_absolute_url()).content.decode()
        assert (hidden.text in content) == sees


def test_a_link_is_seen_by_those_who_see_both_its_ends(cast, element, point):
    factories.ElementLearningFactory(element=element, learning=point)
    factories.ElementLearningFactory(element=element, learning=hidden_point())
    counts = {name: ElementLearning.objects.visible_to(user).count() for name, user in vars(cast).items()}
    assert counts == {
        "olivia": 1,
        "petra": 1,
        "chidi": 1,
        "mary": 1,
        "lena": 1,
        "bea": 2,
        "sunil": 2,
        "arun": 1,
        "grace": 1,
        "ada": 0,
        "norma": 0,
    }


# From an element to everything behind it, and back (F.11).


@pytest.fixture
def chain(ask, partnership, point):
    """An element with all that stands behind it and all that came of it."""
    element = ask.elements[2]
    section = factories.SectionFactory(item=ask.item)
    discussed = factories.PointFactory(section=section, text="How learning is spread.")
    first = factories.ReportFactory(item=ask.item, title="Partnership update report")
    factories.AppendixFactory(report=first, number="2", title="Learning shared by reviews", section=section)
    received = factories.ItemFactory(
        meeting=factories.MeetingFactory(board=ask.meeting.board, date=date(2023, 5, 10))
    )
    report = factories.ReportFactory(item=received, title="Further report", author_body=partnership)
    factories.AnswerFactory(element=element, report=report, paragraph="3.4 to 3.9")
    factories.JudgementFactory(element=element, item=received, comment="To come back.")
    element.category, element.judged_on = factories.category("4"), received.meeting.date
    element.save()
    factories.ElementThemeFactory(element=element)
    factories.ElementLearningFactory(element=element, learning=point)
    factories.DisseminationFactory(learning=point, title="Seven-minute guide")
    factories.LearningEvidenceFactory(learning=point, title="Dip sample of records")
    return SimpleNamespace(element=element, point=point, report=report, discussed=discussed)


def page_address(address):
    return address.partition("#")[0]


def pages_within_two_clicks(client, start):
    """{address: text} of the page at `start` and of all to which its links lead, and theirs lead again."""
    pages, layer = {}, {page_address(start.get_absolute_url())}
    for _ in range(3):
        found = {address: client.get(address) for address in layer - pages.keys()}
        pages |= {address: text_of(page) for address, page in found.items() if page.status_code == 200}
        layer = {
            page_address(link["href"])
            for page in found.values()
            for link in page_of(page).main.select("a[href^='/']")
            if "?" not in link["href"]
        }
    return pages


def follow(client, record, target):
    """Clicks on the link of one record's page that leads to another's."""
    links = page_of(client.get(record.get_absolute_url())).main.select("a")
    assert target.get_absolute_url() in {link.get("href") for link in links}
    return text_of(client.get(target.get_absolute_url()))


def test_one_walks_from_an_element_to_its_learning_and_what_became_of_it_and_back(client, mary, chain):
    client.force_login(mary)
    learning = follow(client, chain.element, chain.point)
    for words in (
        "Seven-minute guide",
        "Dip sample of records",
        "The Board judged on 10 May 2023",
        chain.element.text,
    ):
        assert words in learning
    assert chain.element.text in follow(client, chain.point, chain.element)


def test_one_walks_from_an_element_to_the_review_that_taught_it(client, mary, chain):
    client.force_login(mary)
    follow(client, chain.element, chain.point)
    assert chain.point.text in follow(client, chain.point, chain.point.case)
    assert chain.element.text in follow(client, chain.point.case, chain.point)


def test_all_that_stands_behind_an_element_is_two_clicks_away(client, mary, ask, chain):
    client.force_login(mary)
    reached = pages_within_two_clicks(client, chain.element)
    theme = factories.theme("CUR")
    for record in (ask.action, ask.meeting, theme, chain.point, chain.point.case, chain.report):
        assert page_address(record.get_absolute_url()) in reached
    everything = " ".join(reached.values())
    for words in (
        ask.resolution.text,
        chain.discussed.text,
        "Appendix 2: Learning shared by reviews",
        "paragraph 3.4 to 3.9",
        "To come back.",
    ):
        assert words in everything


# Linking.


def opened(client, element):
    return client.get(reverse("element-learning", args=[element.pk]))


def offered(response):
    """{key: whether it is ticked} of the learning offered, in order."""
    return {int(box["value"]): box.has_attr("checked") for box in page_of(response).select("[name=points]")}


def send(client, page, *points):
    """Sends a page as it was opened, with these points ticked."""
    typed = fields_in(page) | {"points": [point.pk for point in points]}
    return client.post(page.request["PATH_INFO"], typed)


def test_learning_that_shares_a_theme_comes_first(officer, element):
    sharing, other, newest = (published_point() for _ in range(3))
    for code in ("CUR", "NEG"):
        factories.ElementThemeFactory(element=element, theme=factories.theme(code))
        sharing.tags.create(theme=factories.theme(code))
    other.tags.create(theme=factories.theme("POV"))
    assert list(offered(opened(officer, element))) == [sharing.pk, newest.pk, other.pk]


def test_only_learning_one_may_see_is_offered(cast, element, point):
    hidden = hidden_point()
    assert list(offered(opened(client_of(cast.olivia), element))) == [point.pk]
    assert set(offered(opened(client_of(cast.bea), element))) == {point.pk, hidden.pk}


def test_what_is_linked_is_ticked(officer, element, point):
    other = published_point()
    factories.ElementLearningFactory(element=element, learning=point)
    factories.ElementLearningFactory(learning=other)
    assert offered(opened(officer, element)) == {other.pk: False, point.pk: True}


def test_without_any_learning_the_page_says_so(officer, element):
    assert "No learning from reviews is in the record yet." in text_of(opened(officer, element))


def test_what_is_ticked_is_linked_with_history(officer, olivia, element, point):
    response = send(officer, opened(officer, element), point)
    assert response.url == element.get_absolute_url()
    assert linked(element) == {point}
    assert ElementLearning.objects.get().history.get().history_user == olivia


def test_what_is_unticked_is_taken_away_and_its_history_stays(officer, olivia, element, point):
    kept = published_point()
    for each in (point, kept):
        factories.ElementLearningFactory(element=element, learning=each)
    send(officer, opened(officer, element), kept)
    assert linked(element) == {kept}
    gone = ElementLearning.history.filter(history_type="-").get()
    assert (gone.learning_id, gone.history_user) == (point.pk, olivia)


def test_what_stays_ticked_is_left_alone(officer, element, point):
    link = factories.ElementLearningFactory(element=element, learning=point)
    send(officer, opened(officer, element), point)
    assert ElementLearning.objects.get() == link
    assert link.history.count() == 1


def test_what_an_officer_may_not_see_stays_linked(officer, element, point):
    hidden = factories.ElementLearningFactory(element=element, learning=hidden_point()).learning
    send(officer, opened(officer, element), point)
    assert linked(element) == {hidden, point}
    send(officer, opened(officer, element))
    assert linked(element) == {hidden}


def test_two_at_once_do_not_undo_each_other_s_choice(cast, element, point):
    other, third = published_point(), published_point()
    factories.ElementLearningFactory(element=element, learning=third)
    early = opened(client_of(cast.olivia), element)
    late_client = client_of(cast.bea)
    send(late_client, opened(late_client, element), other)
    send(client_of(cast.olivia), early, point, third)
    assert linked(element) == {point, other}


def test_a_point_one_may_not_see_cannot_be_linked(officer, element):
    hidden = hidden_point()
    response = send(officer, opened(officer, element), hidden)
    assert response.status_code == 200
    assert linked(element) == set()
    assert hidden.text not in response.content.decode()


def test_the_service_links_once(olivia, element, point):
    for _ in range(2):
        link_learning(element, add=[point], by=olivia)
    assert ElementLearning.objects.count() == 1
    for _ in range(2):
        link_learning(element, take_away=[point], by=olivia)
    assert not ElementLearning.objects.exists()


@pytest.mark.parametrize("name", ["chidi", "mary", "lena", "sunil", "arun"])
def test_others_link_nothing(cast, element, point, name):
    client = client_of(getattr(cast, name))
    address = reverse("element-learning", args=[element.pk])
    assert client.post(address, {"points": [point.pk], "seen": ""}).status_code == 403
    assert linked(element) == set()
    assert address not in client.get(element.get_absolute_url()).content.decode()


def test_the_history_of_an_element_tells_of_its_learning(officer, element, point):
    send(officer, opened(officer, element), point)
    told = text_of(officer.get(reverse("history", args=["element", element.pk])))
    assert "Link to learning added" in told


# Activity is no impact (T-6).


def only_activity_of(text, own, learned):
    element = Element(text=text, evidence_grade=own)
    element.learned = [ElementLearning(learning=LearningPoint(evidence_grade=grade)) for grade in learned]
    return element.only_activity


ABOUT_OUTCOMES = "Evidence that learning improves outcomes for children."


@pytest.mark.parametrize(
    ("own", "learned", "expected"),
    [
        ("E1", [], True),
        ("E2", [], True),
        ("", ["E2", "E1"], True),
        ("E1", ["E2"], True),
        ("", [], False),
        ("", [""], False),
        ("E3", [], False),
        ("E1", ["E4"], False),
        ("E4", ["E1"], False),
        ("", ["E5"], False),
    ],
)
def test_an_element_about_outcomes_needs_more_than_output_and_reach(own, learned, expected):
    assert only_activity_of(ABOUT_OUTCOMES, own, learned) == expected


@pytest.mark.parametrize(
    ("text", "about_outcomes"),
    [
        ("Outcomes for children.", True),
        ("The outcome of the work", True),
        ("What impact it had", True),
        ("The impacts of training", True),
        ("To improve practice", True),
        ("Improvement in attendance", True),
        ("improving the voice of the child", True),
        ("The difference it made", True),
        ("The number of people trained", False),
        ("An impacted wall", False),
        ("Unimproved land", False),
    ],
)
def test_an_element_is_about_outcomes_by_its_words(text, about_outcomes):
    assert only_activity_of(text, "E2", []) == about_outcomes


@pytest.fixture
def pages(ask, element):
    return {
        "element": element.get_absolute_url(),
        "action": ask.action.get_absolute_url(),
        "judge": reverse("action-judge", args=[ask.action.pk]),
    }


def ask_for(element, text, grade=""):
    element.text, element.evidence_grade = text, grade
    element.save()


@pytest.mark.parametrize("where", ["element", "action", "judge"])
@pytest.mark.parametrize(
    ("text", "own", "learned", "shown"),
    [
        (ABOUT_OUTCOMES, "E2", "", True),
        (ABOUT_OUTCOMES, "", "E1", True),
        (ABOUT_OUTCOMES, "E2", "E4", False),
        (ABOUT_OUTCOMES, "", "", False),
        ("The number of people trained.", "E2", "E1", False),
    ],
)
def test_it_is_said_wherever_the_board_looks(
    officer, ask, element, point, pages, where, text, own, learned, shown
):
    factories.ItemFactory(meeting=ask.meeting)
    ask_for(element, text, own)
    point.evidence_grade = learned
    point.save()
    factories.ElementLearningFactory(element=element, learning=point)
    assert (ONLY_ACTIVITY in text_of(officer.get(pages[where]))) == shown


@pytest.mark.parametrize("where", ["element", "action", "judge"])
def test_evidence_of_learning_one_may_not_see_is_not_given_away(cast, element, pages, where):
    ask_for(element, ABOUT_OUTCOMES, "E1")
    factories.ElementLearningFactory(element=element, learning=hidden_point(evidence_grade="E5"))
    assert ONLY_ACTIVITY in text_of(client_of(cast.olivia).get(pages[where]))
    if where != "judge":
        assert ONLY_ACTIVITY not in text_of(client_of(cast.bea).get(pages[where]))


# Growth.


def grow(element, number, owner):
    """Linked learning with tags, written past the history: only the reading is measured."""
    first = published_point(owner=owner)
    case, start = first.case, first.number + 1
    LearningPoint.objects.bulk_create(
        LearningPoint(case=case, number=start + n, text="Learned", owner=owner) for n in range(number)
    )
    points = list(LearningPoint.objects.filter(case=case))
    ElementLearning.objects.bulk_create(ElementLearning(element=element, learning=each) for each in points)
    theme = factories.theme("CUR")
    LearningTheme.objects.bulk_create(LearningTheme(learning=each, theme=theme) for each in points)


@pytest.mark.slow
@pytest.mark.parametrize("where", ["element", "action", "judge", "links"])
def test_a_page_asks_the_database_as_often_for_much_as_for_little(officer, element, pages, where):
    url = pages.get(where) or reverse("element-learning", args=[element.pk])
    owner = factories.OrganisationFactory()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            officer.get(url)
        return len(captured)

    grow(element, 3, owner)
    queries()
    few = queries()
    grow(element, 300, owner)
    assert queries() == few <= 40
