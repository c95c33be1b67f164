"""What the lists can be narrowed to."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from actions.filters import ActionFilter, ElementFilter, UndertakingFilter
from actions.models import Action, Element, Undertaking
from actions.models.asks import Timing
from tests import factories
from tests.conftest import hold

pytestmark = pytest.mark.django_db

TODAY = date(2023, 10, 15)


def found(filterset, model, **query):
    records = model.objects.all()
    if model is Element:
        records = records.with_timing(TODAY)
    user = hold(factories.UserFactory(), "officer")
    narrowed = filterset(query, queryset=records, request=SimpleNamespace(today=TODAY, user=user))
    assert narrowed.is_valid(), narrowed.errors
    return set(narrowed.qs)


def actions(**query):
    return found(ActionFilter, Action, **query)


def elements(**query):
    return found(ElementFilter, Element, **query)


@pytest.fixture
def three(db):
    """An action that is late, one that is due, one that is closed."""
    late = factories.ActionFactory(
        title="Neglect toolkit", due_from=date(2023, 7, 1), due_to=date(2023, 7, 31)
    )
    due = factories.ActionFactory(title="Budget", reference="SB-Z 22/23-99")
    closed = factories.ActionFactory(title="Thresholds", closed_on=date(2023, 9, 1))
    for action in (late, due, closed):
        factories.ElementFactory(action=action, number=1, closed_on=action.closed_on)
    return SimpleNamespace(late=late, due=due, closed=closed)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["late", "due", "closed"]),
        ({"state": "open"}, ["late", "due"]),
        ({"state": "late"}, ["late"]),
        ({"state": "closed"}, ["closed"]),
        ({"q": "neglect"}, ["late"]),
        ({"q": "22/23-99"}, ["due"]),
        ({"q": "nothing like it"}, []),
    ],
)
def test_actions_are_narrowed_by_state_and_words(three, query, names):
    assert actions(**query) == {getattr(three, name) for name in names}


@pytest.mark.parametrize("name", ["board", "year", "addressee"])
def test_actions_are_narrowed_by_what_they_belong_to(three, name):
    another = factories.YearFactory(label="2023/24", start=date(2023, 5, 25), end=date(2024, 5, 22))
    factories.ActionFactory(resolution__item__meeting__year=another, resolution__item__meeting__date=TODAY)
    same = getattr(three.due, name)
    expected = {action for action in Action.objects.all() if getattr(action, name) == same}
    assert actions(**{name: same.pk}) == expected != set(Action.objects.all())


def test_a_percent_sign_in_the_words_is_only_a_percent_sign(three):
    assert actions(q="%") == set()


CONDITION = {"condition": "if it reports", "condition_state": "waiting"}


@pytest.fixture
def every_timing(db):
    """{timing: an element that stands so}."""
    return {
        Timing.CLOSED: factories.ElementFactory(closed_on=TODAY),
        Timing.LAPSED: factories.ElementFactory(condition="if", condition_state="not_met_lapsed"),
        Timing.WAITING: factories.ElementFactory(**CONDITION),
        Timing.ANSWERED: factories.ElementFactory(answered_on=TODAY),
        Timing.LATE: factories.ElementFactory(action__due_from=None, action__due_to=date(2023, 7, 1)),
        Timing.DUE_NOW: factories.ElementFactory(),
        Timing.NOT_YET_DUE: factories.ElementFactory(
            action__due_from=date(2024, 1, 1), action__due_to=date(2024, 2, 1)
        ),
        Timing.NO_DATE: factories.ElementFactory(action__due_from=None, action__due_to=None),
    }


@pytest.mark.parametrize("timing", Timing)
def test_elements_are_narrowed_by_how_they_stand(every_timing, timing):
    assert elements(timing=timing.value) == {every_timing[timing]}


def test_every_way_to_stand_is_offered():
    assert [value for value, _ in ElementFilter.base_filters["timing"].extra["choices"]] == Timing.values


def test_elements_are_narrowed_to_open_ones(every_timing):
    assert elements(state="open") == set(every_timing.values()) - {every_timing[Timing.CLOSED]}


def test_elements_are_narrowed_to_answered_ones(every_timing):
    assert elements(state="answered") == {every_timing[Timing.ANSWERED]}


def test_elements_are_narrowed_to_those_without_a_word(db):
    silent = factories.ElementFactory(last_word_on=TODAY - timedelta(days=91))
    factories.ElementFactory(last_word_on=TODAY - timedelta(days=90))
    assert elements(state="silent") == {silent}


def test_elements_are_narrowed_to_conditions_to_look_at(db):
    now = factories.ElementFactory(check_condition_on=TODAY, **CONDITION)
    factories.ElementFactory(check_condition_on=TODAY + timedelta(days=1), **CONDITION)
    assert elements(state="condition") == {now}


def test_elements_are_narrowed_to_those_reported_complete(db):
    complete = factories.ElementFactory(owner_progress="complete")
    factories.ElementFactory(owner_progress="complete", closed_on=TODAY)
    factories.ElementFactory(owner_progress="blocked")
    assert elements(state="reported") == {complete}


def test_elements_are_narrowed_to_those_due_by_a_day(every_timing):
    assert elements(due_by="2023-11-15") == {every_timing[Timing.DUE_NOW]}


@pytest.mark.parametrize("name", ["board", "addressee"])
def test_elements_are_narrowed_by_what_their_action_belongs_to(every_timing, name):
    element = every_timing[Timing.LATE]
    assert elements(**{name: getattr(element.action, name).pk}) == {element}


def test_elements_are_found_by_their_words_and_their_reference(ask):
    ask.elements[1].text = "Professional curiosity in supervision."
    ask.elements[1].save()
    assert elements(q="CURIOSITY") == {ask.elements[1]}
    assert elements(q=ask.action.reference) == set(ask.elements)


def test_filters_narrow_together(every_timing):
    assert elements(timing="late", q="escalation", state="open") == {every_timing[Timing.LATE]}
    assert elements(timing="late", q="escalation", state="answered") == set()


def test_undertakings_are_narrowed_by_words_and_board(db):
    one, two = factories.UndertakingFactory(), factories.UndertakingFactory(text="To write to the Board.")
    assert found(UndertakingFilter, Undertaking, q="write") == {two}
    assert found(UndertakingFilter, Undertaking, board=one.item.meeting.board.pk) == {one}


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("action-list", {"board": "rubbish"}),
        ("action-list", {"year": "99999"}),
        ("action-list", {"state": "sideways"}),
        ("element-list", {"timing": "tomorrow"}),
        ("element-list", {"due_by": "rubbish"}),
        ("element-list", {"due_by": "2023-02-30"}),
        ("element-list", {"addressee": "0"}),
    ],
)
def test_a_filter_that_makes_no_sense_shows_an_empty_list_and_no_error_page(client, olivia, ask, name, query):
    client.force_login(olivia)
    answer = client.get(reverse(name), query)
    assert answer.status_code == 200
    assert answer.context["paginator"].count == 0


def test_late_depends_on_today(client, olivia, ask):
    client.force_login(olivia)
    assert timezone.localdate() > ask.action.due_to
    assert client.get(reverse("action-list"), {"state": "late"}).context["paginator"].count == 1


def test_on_postgresql_an_index_finds_parts_of_words(ask):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite looks through all.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'")
        if not cursor.fetchone():
            pytest.skip("This PostgreSQL has no pg_trgm.")
        cursor.execute("SET LOCAL enable_seqscan = off")
    called_or_titled = Q(reference__icontains="22/2") | Q(title__icontains="repo")
    assert "action_words" in Action.objects.filter(called_or_titled).order_by().explain()
    words_or_reference = ElementFilter({"q": "scalat"}, queryset=Element.objects.order_by()).qs
    assert "element_words" in words_or_reference.explain()
