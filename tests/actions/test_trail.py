"""The history of an action with everything beneath it, and the action as it once was."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from actions import services
from actions.models import Element, ElementPart
from actions.trail import as_it_was, trail_of_action, trail_of_element
from scrutiny.toolkit.append_only import maintenance
from scrutiny.toolkit.history import record, remove, timeline
from tests import factories

pytestmark = pytest.mark.django_db


def entries(histories):
    return timeline(*histories)


def kinds(histories):
    return {(entry.noun, entry.kind) for entry in entries(histories)}


@pytest.fixture
def busy(ask, olivia):
    """An action with a row of every kind beneath its first element."""
    element = ask.elements[0]
    update = factories.UpdateFactory(element=element)
    piece = factories.EvidenceFactory(update=update)
    later = factories.ItemFactory(meeting__board=ask.action.board, meeting__date=date(2023, 5, 3))
    answer = factories.AnswerFactory(element=element, report=factories.ReportFactory(item=later))
    judgement = factories.JudgementFactory(element=element, item=later)
    part = record(ElementPart(element=element, letter="a", text="A part."), by=olivia)
    services.change_due_window(
        ask.action, words="later", due_from=None, due_to=None, reason="Asked for", agreed_by="", by=olivia
    )
    ask.rows = {"update": update, "piece": piece, "answer": answer, "judgement": judgement, "part": part}
    return ask


def test_the_trail_of_an_action_holds_everything_beneath_it(busy, olivia):
    assert {noun for noun, _ in kinds(trail_of_action(busy.action.pk, olivia))} == {
        "action",
        "element",
        "element part",
        "progress update",
        "evidence",
        "answer",
        "judgement",
        "due revision",
    }


def test_the_trail_of_an_element_holds_what_lies_beneath_it_and_nothing_of_its_neighbours(busy, olivia):
    factories.UpdateFactory(element=busy.elements[1])
    found = entries(trail_of_element(busy.elements[0].pk, olivia))
    assert sorted(entry.noun for entry in found) == sorted(
        ["element", "element part", "progress update", "evidence", "answer", "judgement"]
    )


def test_the_trail_of_an_action_holds_nothing_of_another(busy, olivia):
    other = factories.ElementFactory(text="Something else entirely.")
    factories.UpdateFactory(element=other, text="Elsewhere.")
    words = [
        change.after for entry in entries(trail_of_action(busy.action.pk, olivia)) for change in entry.changes
    ]
    assert words
    assert not {"Something else entirely.", "Elsewhere."} & set(words)


@pytest.mark.parametrize("row", ["part", "answer", "judgement", "piece"])
def test_a_deleted_row_stays_in_the_trail_with_who_deleted_it_and_why(busy, arun, olivia, row):
    obj = busy.rows[row]
    remove(obj, by=arun, reason="Recorded by mistake")
    for trail in (trail_of_action(busy.action.pk, olivia), trail_of_element(busy.elements[0].pk, olivia)):
        gone = [entry for entry in entries(trail) if entry.kind == "deleted"]
        assert [(entry.noun, entry.why) for entry in gone] == [
            (obj._meta.verbose_name, "Recorded by mistake")
        ]


def test_evidence_of_a_deleted_update_stays_in_the_trail(busy, arun, olivia):
    remove(busy.rows["piece"], by=arun, reason="Wrong file")
    remove(busy.rows["update"], by=arun, reason="Wrong element")
    deleted = {
        noun for noun, kind in kinds(trail_of_element(busy.elements[0].pk, olivia)) if kind == "deleted"
    }
    assert deleted == {"progress update", "evidence"}


def test_a_deleted_element_stays_in_the_trail_of_its_action(ask, olivia):
    remove(ask.elements[1], by=olivia, reason="Was minuted twice")
    assert ("element", "deleted") in kinds(trail_of_action(ask.action.pk, olivia))


def test_a_sum_that_changed_has_no_line_of_its_own(ask, olivia):
    update = factories.UpdateFactory.build(
        element=ask.elements[0], on_behalf_of=ask.action.addressee, recorded_by=olivia
    )
    services.record_progress(update, [], by=olivia)
    assert ("element", "changed") not in kinds(trail_of_element(ask.elements[0].pk, olivia))


def test_a_change_of_words_says_what_they_were_and_what_they_are(ask, olivia):
    before = ask.elements[0].text
    ask.elements[0].text = "Other words."
    record(ask.elements[0], by=olivia, reason="As minuted")
    newest = entries(trail_of_element(ask.elements[0].pk, olivia))[0]
    assert [(change.before, change.after) for change in newest.changes] == [(before, "Other words.")]
    assert (newest.by, newest.why) == ("Olivia Marsh", "As minuted")


# As it was.


def backdate(obj, day):
    """Moves the newest line of a history to noon of a day."""
    row = obj.history.first()
    row.history_date = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    with maintenance():
        row.save()


@pytest.fixture
def past(ask, olivia):
    """Recorded on 1 March, its title changed on 1 April, an element closed on 1 May."""
    for row in (ask.action, *ask.elements):
        backdate(row, date(2026, 3, 1))
    ask.action.title = "A better title"
    record(ask.action, by=olivia)
    backdate(ask.action, date(2026, 4, 1))
    ask.elements[0].closed_on = date(2026, 5, 1)
    ask.elements[0].save()
    backdate(ask.elements[0], date(2026, 5, 1))
    return ask


@pytest.mark.parametrize(
    ("day", "title"),
    [
        (date(2026, 3, 1), "A further report"),
        (date(2026, 3, 31), "A further report"),
        (date(2026, 4, 1), "A better title"),
        (date(2026, 6, 1), "A better title"),
    ],
)
def test_an_action_is_shown_as_it_stood_at_the_end_of_a_day(past, day, title):
    assert as_it_was(past.action, day).action.title == title


def test_an_action_was_not_there_before_it_was_recorded(past):
    was = as_it_was(past.action, date(2026, 2, 28))
    assert (was.action, was.elements) == (None, [])


@pytest.mark.parametrize(("day", "closed"), [(date(2026, 4, 30), None), (date(2026, 5, 1), date(2026, 5, 1))])
def test_an_element_is_shown_as_it_stood_then(past, day, closed):
    assert as_it_was(past.action, day).elements[0].closed_on == closed


def test_elements_come_in_their_order(past):
    past.elements[0].text = "Changed last."
    past.elements[0].save()
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert [element.number for element in as_it_was(past.action, tomorrow).elements] == [1, 2, 3]


def test_an_element_deleted_since_is_shown_on_a_day_when_it_was_there(past, olivia):
    remove(past.elements[1], by=olivia, reason="Twice")
    assert [element.number for element in as_it_was(past.action, date(2026, 4, 1)).elements] == [1, 2, 3]
    assert [element.number for element in as_it_was(past.action, timezone.localdate()).elements] == [1, 3]


def test_an_element_added_since_is_not_shown(past, olivia):
    services.add_element(past.action, Element(text="New."), by=olivia)
    assert len(as_it_was(past.action, date(2026, 4, 1)).elements) == 3


def test_the_end_of_a_day_is_midnight_in_london_in_summer(past):
    """23:30 in London is 22:30 UTC, still that day; half an hour past midnight is the next."""
    row = past.action.history.first()
    for moment, title in (
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "A better title"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "A further report"),
    ):
        row.history_date = moment
        with maintenance():
            row.save()
        assert as_it_was(past.action, date(2026, 7, 1)).action.title == title
