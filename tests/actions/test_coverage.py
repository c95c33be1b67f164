"""Which report answers what: the table itself, and the pages that show it."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from actions.coverage import coverage, coverage_at, coverage_in
from tests import factories
from tests.conftest import hold

SPRING, AUTUMN = date(2023, 4, 5), date(2023, 10, 4)


def item_on(board, day, **meeting):
    found = factories.MeetingFactory(board=board, date=day, **meeting)
    return factories.ItemFactory(meeting=found, position=1)


@pytest.fixture
def first(ask):
    return factories.ReportFactory(item=item_on(ask.action.board, SPRING), title="The first report")


@pytest.fixture
def second(ask):
    return factories.ReportFactory(item=item_on(ask.action.board, AUTUMN), title="The second report")


@pytest.fixture
def other(ask):
    """An element of another action of the same board, asked of another body."""
    action = factories.ActionFactory(
        resolution=ask.resolution, number=2, reference="SB-CF 22/23-02", title="Waiting times"
    )
    return factories.ElementFactory(action=action, number=1, text="Waiting times at the hospital.")


def answer(element, report, covered="fully", paragraph=""):
    return factories.AnswerFactory(element=element, report=report, coverage=covered, paragraph=paragraph)


def said(table):
    """The cells in words, "-" for None."""
    return [[cell.coverage if cell else "-" for cell in cells] for _, cells in table.rows]


def seen_by(user, url):
    client = Client()
    client.force_login(user)
    return BeautifulSoup(client.get(url).content, "html.parser")


def table_on(page):
    """The rows of the coverage table as lists of words; None where the page has none."""
    caption = next((each for each in page.select("caption") if "reports across" in each.text), None)
    rows = caption.parent.select("tr") if caption else []
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in rows] or None


# The table.


def test_reports_stand_in_the_order_in_which_they_were_received(ask, first, second):
    answers = [answer(ask.elements[0], second), answer(ask.elements[0], first)]
    assert coverage(ask.elements, answers).reports == [first, second]


def test_reports_of_one_meeting_stand_in_the_order_of_its_items(ask, first):
    later = factories.ReportFactory(
        item=factories.ItemFactory(meeting=first.item.meeting, position=2), title="A"
    )
    answers = [answer(ask.elements[0], later), answer(ask.elements[0], first)]
    assert coverage(ask.elements, answers).reports == [first, later]


def test_each_element_has_a_cell_for_each_report(ask, first, second):
    answers = [
        answer(ask.elements[0], first, "partly"),
        answer(ask.elements[0], second),
        answer(ask.elements[1], second, "not"),
    ]
    table = coverage(ask.elements, answers)
    assert [element for element, _ in table.rows] == ask.elements
    assert said(table) == [["partly", "fully"], ["-", "not"], ["-", "-"]]


def test_without_answers_there_are_no_columns(ask):
    table = coverage(ask.elements, [])
    assert (table.reports, said(table)) == ([], [[], [], []])


def test_a_report_shows_every_element_of_the_actions_it_answers_and_of_no_other(ask, other, first, olivia):
    answer(ask.elements[1], first)
    table = coverage_in(first, olivia)
    assert [element for element, _ in table.rows] == ask.elements
    assert said(table) == [["-"], ["fully"], ["-"]]


def test_a_meeting_shows_only_the_elements_its_reports_speak_of(ask, other, first, second, olivia):
    beside = factories.ReportFactory(item=first.item, title="Beside it")
    answer(other, beside, "not")
    answer(ask.elements[1], first)
    answer(ask.elements[0], second)
    table = coverage_at(first.item.meeting, olivia)
    assert (table.reports, [element for element, _ in table.rows]) == (
        [first, beside],
        [ask.elements[1], other],
    )
    assert said(table) == [["fully", "-"], ["-", "not"]]


def test_a_contributor_sees_what_is_answered_to_their_own_body_only(ask, other, first, lena):
    answer(ask.elements[0], first)
    answer(other, first)
    for table in (coverage_in(first, lena), coverage_at(first.item.meeting, lena)):
        assert {element.action_id for element, _ in table.rows} == {ask.action.pk}


def test_a_contributor_of_another_body_sees_no_table(ask, first, norma):
    hold(norma, "contributor", organisation=factories.OrganisationFactory())
    answer(ask.elements[0], first)
    assert (coverage_in(first, norma).rows, coverage_at(first.item.meeting, norma).rows) == ([], [])


# The pages.


def test_the_page_of_an_action_tells_which_report_answers_what(ask, first, second, mary):
    answer(ask.elements[0], first, "partly", "3.4 to 3.9")
    answer(ask.elements[0], second)
    answer(ask.elements[1], second, "not")
    words = "Progress on escalation and the resolution of concerns."
    assert table_on(seen_by(mary, ask.action.get_absolute_url())) == [
        ["Element", "The first report 5 April 2023", "The second report 4 October 2023"],
        [f"SB-CF 22/23-01, element 1 {words}", "Partly 3.4 to 3.9", "Fully"],
        [f"SB-CF 22/23-01, element 2 {words}", "Not yet", "Not"],
        [f"SB-CF 22/23-01, element 3 {words}", "Not yet", "Not yet"],
    ]


def test_the_page_of_an_action_has_no_table_before_a_report_was_received(ask, first, mary):
    page = seen_by(mary, ask.action.get_absolute_url())
    assert table_on(page) is None
    assert "Which report answers what" not in page.text


def test_a_report_of_draft_minutes_is_no_column_for_a_member(ask, first, mary, olivia):
    draft = factories.ReportFactory(
        item=item_on(ask.action.board, AUTUMN, minutes_state="drafting"), title="Secret report"
    )
    answer(ask.elements[0], first)
    answer(ask.elements[0], draft)
    url = ask.action.get_absolute_url()
    assert [len(table_on(seen_by(user, url))[0]) for user in (mary, olivia)] == [2, 3]


def test_long_words_of_an_element_are_shortened(ask, first, mary):
    ask.elements[0].text = " ".join(["word"] * 30)
    ask.elements[0].save()
    answer(ask.elements[0], first)
    _, row, *_ = table_on(seen_by(mary, ask.action.get_absolute_url()))
    assert row[0] == "SB-CF 22/23-01, element 1 " + " ".join(["word"] * 12) + " …"


def test_every_element_and_every_report_leads_to_its_page(ask, first, mary):
    answer(ask.elements[0], first)
    table = seen_by(mary, ask.action.get_absolute_url()).find("caption").parent
    assert [link["href"] for link in table.select("a")] == [
        first.get_absolute_url(),
        *(element.get_absolute_url() for element in ask.elements),
    ]


def test_the_page_of_a_report_shows_what_it_leaves_out_too(ask, first, mary):
    answer(ask.elements[0], first, "fully", "2.1")
    rows = table_on(seen_by(mary, first.get_absolute_url()))
    assert [row[1] for row in rows] == ["The first report 5 April 2023", "Fully 2.1", "Not yet", "Not yet"]


def test_the_page_of_a_meeting_tells_what_the_reports_it_received_answer(ask, first, mary):
    answer(ask.elements[0], first)
    rows = table_on(seen_by(mary, first.item.meeting.get_absolute_url()))
    assert [row[1] for row in rows] == ["The first report 5 April 2023", "Fully"]


def test_the_page_of_a_meeting_without_answers_has_no_table(ask, first, mary):
    page = seen_by(mary, first.item.meeting.get_absolute_url())
    assert "What the reports answer" not in page.text


# From a report to recording what it answers.


def offered(user, report):
    return [
        link["href"]
        for link in seen_by(user, report.get_absolute_url()).select("a")
        if "/answers/" in link["href"]
    ]


def test_an_officer_is_led_from_a_report_to_the_actions_it_may_answer(ask, first, olivia):
    assert offered(olivia, first) == [reverse("action-answers", args=[ask.action.pk]) + f"?report={first.pk}"]


def test_the_report_is_chosen_on_the_page_one_is_led_to(ask, first, olivia):
    chosen = seen_by(olivia, offered(olivia, first)[0]).select_one("[name=report] option[selected]")
    assert chosen["value"] == str(first.pk)


def test_an_action_that_is_closed_awaits_no_report(ask, first, olivia):
    ask.action.closed_on = SPRING
    ask.action.save()
    assert offered(olivia, first) == []


def test_a_report_received_when_the_board_asked_answers_nothing_of_it(ask, olivia):
    assert offered(olivia, factories.ReportFactory(item=ask.item)) == []


def test_a_report_to_another_board_answers_nothing_of_this_one(ask, olivia):
    other_board = factories.ReportFactory(item=item_on(factories.BoardFactory(), AUTUMN))
    assert offered(olivia, other_board) == []


@pytest.mark.parametrize("name", ["chidi", "mary", "lena", "arun", "ada"])
def test_only_an_officer_is_led_to_recording_answers(cast, ask, first, name):
    assert offered(getattr(cast, name), first) == []
