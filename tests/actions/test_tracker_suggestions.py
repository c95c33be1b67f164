"""What rules propose that the Board judge, by the flow of Q-1, and the page on which an officer saves suggestions."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from actions.models import Suggestion
from actions.tracker.rows import open_rows
from actions.tracker.suggesting import Scheme, propose
from tests import factories

pytestmark = pytest.mark.django_db
BEFORE_DUE, LATE = date(2023, 6, 1), date(2023, 12, 1)
YEAR_AFTER = {"label": "2023/24", "start": date(2023, 5, 25), "end": date(2024, 5, 22)}


@pytest.fixture
def later(board):
    return factories.MeetingFactory(
        board=board, date=date(2023, 12, 6), year=factories.YearFactory(**YEAR_AFTER)
    )


def proposed(ask, user, on, number=1, scheme="Six categories"):
    row = next(row for row in open_rows(ask.meeting.board, user) if row.element.number == number)
    found = propose(row, Scheme(list(factories.tracking_scheme(scheme).categories.order_by("position"))), on)
    return (found.category.code if found.category else None), found.why


@pytest.mark.parametrize(
    ("says", "coverage", "on", "six", "three"),
    [
        (None, None, BEFORE_DUE, "6", None),
        ("in_progress", None, BEFORE_DUE, "4", "Amber"),
        ("complete", None, BEFORE_DUE, "4", "Amber"),
        ("blocked", None, BEFORE_DUE, "3", "Red"),
        ("cannot_do", None, LATE, "3", "Red"),
        ("in_progress", None, LATE, "5", "Red"),
        (None, None, LATE, "5", "Red"),
        ("in_progress", "partly", LATE, "4", "Amber"),
        ("blocked", "fully", LATE, "2", "Green"),
        (None, "not", LATE, "5", "Red"),
    ],
)
def test_what_was_said_and_answered_speaks_for_a_category(ask, olivia, later, says, coverage, on, six, three):
    element = ask.elements[0]
    if says:
        factories.UpdateFactory(element=element, owner_progress=says)
    if coverage:
        factories.AnswerFactory(element=element, report__item__meeting=later, coverage=coverage)
    code, why = proposed(ask, olivia, on)
    assert code == six
    assert why
    assert proposed(ask, olivia, on, scheme="Green, amber and red")[0] == three


def test_an_element_that_waits_is_not_for_review_and_a_lapsed_one_is_no_longer_followed(ask, olivia):
    assert proposed(ask, olivia, LATE, number=3) == ("6", "It still waits for its condition.")
    ask.elements[2].condition_state = "not_met_lapsed"
    ask.elements[2].save()
    assert proposed(ask, olivia, LATE, number=3)[0] == "1"


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def page_of(later):
    return reverse("tracker-suggestions", args=[later.pk])


def sent(rows, version=""):
    found = {}
    for element, (category, reason) in rows.items():
        prefix = f"element-{element.pk}"
        found |= {
            f"{prefix}-category": category or "",
            f"{prefix}-reason": reason,
            f"{prefix}-version": version,
        }
    return found


def test_proposals_stand_in_the_form_and_are_no_suggestions_yet(ask, later, olivia):
    page = client_of(olivia).get(page_of(later)).content.decode()
    assert page.count("Proposed, not saved yet") == 3
    assert "Its time has passed, and no report answers it." in page
    assert Suggestion.objects.count() == 0


def test_what_is_saved_is_a_suggestion_with_its_history(ask, later, olivia):
    four = factories.category("4")
    rows = dict.fromkeys(ask.elements[:2], (four.pk, "Going well.")) | {ask.elements[2]: (None, "")}
    assert client_of(olivia).post(page_of(later), sent(rows)).status_code == 302
    assert [(s.element.number, s.category, s.reason) for s in Suggestion.objects.order_by("element")] == [
        (1, four, "Going well."),
        (2, four, "Going well."),
    ]
    assert Suggestion.history.filter(history_user=olivia).count() == 2


def test_an_emptied_suggestion_is_taken_back(ask, later, olivia):
    made = factories.SuggestionFactory(element=ask.elements[0], meeting=later)
    version = str(made.history.first().history_id)
    rows = dict.fromkeys(ask.elements, (None, ""))
    data = sent(rows) | {f"element-{ask.elements[0].pk}-version": version}
    assert client_of(olivia).post(page_of(later), data).status_code == 302
    assert Suggestion.objects.count() == 0


def test_a_suggestion_somebody_saved_meanwhile_is_not_overwritten_unawares(ask, later, olivia):
    factories.SuggestionFactory(element=ask.elements[0], meeting=later)
    rows = {element: (factories.category("5").pk, "") for element in ask.elements}
    answer = client_of(olivia).post(page_of(later), sent(rows))
    assert "Meanwhile somebody recorded" in answer.content.decode()
    assert Suggestion.objects.get().category.code == "4"


def test_a_category_of_another_scheme_is_refused(ask, later, olivia):
    rows = {element: (factories.category("Red", "Green, amber and red").pk, "") for element in ask.elements}
    assert client_of(olivia).post(page_of(later), sent(rows)).status_code == 200
    assert Suggestion.objects.count() == 0


@pytest.mark.parametrize("name", ["mary", "chidi", "lena", "arun"])
def test_only_an_officer_prepares_the_tracker(ask, later, cast, name):
    assert client_of(getattr(cast, name)).get(page_of(later)).status_code == 403
