"""The tracker's rows and events: what somebody may see, as it stood before a day, each event told once."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from actions.models import Element
from actions.models.asks import Timing
from actions.services import change_due_window, judge, record_answers, record_progress
from actions.tracker.rows import open_rows, rows_of
from actions.tracker.since import Period, events, meeting_before, period_of
from scrutiny.overview.papers.tracker import TOLD
from tests import factories
from tests.conftest import recorded_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("recorded_at_once")]
MEETING, ASKED = date(2023, 10, 4), date(2023, 3, 8)
DAY = timedelta(days=1)
YEAR_AFTER = {"label": "2023/24", "start": date(2023, 5, 25), "end": date(2024, 5, 22)}


@pytest.fixture
def later(board):
    """The meeting after the one that asked, published, with an item."""
    meeting = factories.MeetingFactory(board=board, date=MEETING, year=factories.YearFactory(**YEAR_AFTER))
    return SimpleNamespace(meeting=meeting, item=factories.ItemFactory(meeting=meeting))


def closed_by(element, item, by):
    judgement = factories.JudgementFactory.build(
        element=element, item=item, category=factories.category("2"), comment="Done."
    )
    judge(item, [judgement], by=by)


def numbers(rows):
    return [row.element.number for row in rows]


def test_every_open_element_is_a_row(ask, olivia):
    assert numbers(open_rows(ask.meeting.board, olivia)) == [1, 2, 3]


def test_what_the_board_closed_is_no_row_any_more(ask, later, olivia):
    closed_by(ask.elements[0], later.item, olivia)
    board = ask.meeting.board
    assert numbers(open_rows(board, olivia)) == [2, 3]
    assert numbers(open_rows(board, olivia, before=MEETING)) == [1, 2, 3]


def test_what_was_asked_at_the_meeting_itself_is_not_in_its_paper(ask, olivia):
    assert open_rows(ask.meeting.board, olivia, before=ASKED) == []


def test_the_oldest_window_comes_first(ask, olivia):
    first = factories.ActionFactory(
        resolution=ask.resolution, number=7, due_from=None, due_to=date(2023, 4, 1)
    )
    factories.ElementFactory(action=first, number=1)
    undated = factories.ActionFactory(resolution=ask.resolution, number=8, due_from=None, due_to=None)
    factories.ElementFactory(action=undated, number=1)
    rows = open_rows(ask.meeting.board, olivia)
    assert [row.action.number for row in rows] == [7, 1, 1, 1, 8]


def test_a_judgement_in_a_draft_closes_nothing_for_a_member(ask, later, olivia, mary):
    later.meeting.minutes_state = "drafting"
    later.meeting.save()
    closed_by(ask.elements[0], later.item, olivia)
    board = ask.meeting.board
    assert numbers(open_rows(board, olivia)) == [2, 3]
    rows = open_rows(board, mary)
    assert numbers(rows) == [1, 2, 3]
    assert [row.judgement for row in rows] == [None, None, None]


def test_an_answer_in_a_draft_is_not_told_to_a_member(ask, later, olivia, mary):
    later.meeting.minutes_state = "drafting"
    later.meeting.save()
    factories.AnswerFactory(element=ask.elements[0], report__item=later.item, coverage="fully")
    board = ask.meeting.board
    assert open_rows(board, olivia)[0].answer
    assert open_rows(board, mary)[0].answer is None


def test_a_contributor_has_only_rows_of_their_own_body(ask, lena):
    other = factories.ActionFactory(resolution=ask.resolution, number=9)
    factories.ElementFactory(action=other, number=1)
    assert {row.action for row in open_rows(ask.meeting.board, lena)} == {ask.action}


def test_only_those_who_see_drafts_have_the_suggestion(ask, later, cast):
    factories.SuggestionFactory(element=ask.elements[0], meeting=later.meeting)
    seen = {
        name: bool(open_rows(later.meeting.board, getattr(cast, name), meeting=later.meeting)[0].suggestion)
        for name in ("olivia", "chidi", "arun", "mary", "lena", "sunil")
    }
    assert [name for name, sees in seen.items() if sees] == ["olivia", "chidi", "arun"]


def test_a_suggestion_for_another_meeting_is_not_in_the_row(ask, later, olivia):
    factories.SuggestionFactory(element=ask.elements[0], meeting=ask.meeting)
    assert open_rows(ask.meeting.board, olivia, meeting=later.meeting)[0].suggestion is None


def test_the_first_window_stands_beside_the_one_it_became(ask, olivia):
    change_due_window(
        ask.action,
        words="January 2024",
        due_from=date(2024, 1, 1),
        due_to=date(2024, 1, 31),
        reason="The review is late.",
        agreed_by="",
        by=olivia,
    )
    now = open_rows(ask.meeting.board, olivia)[0]
    assert str(now.window) == "January 2024\n1 January 2024 to 31 January 2024"
    assert str(now.original_window).startswith("in September/October 2023")
    then = open_rows(ask.meeting.board, olivia, before=MEETING)[0]
    assert then.window.words == "in September/October 2023"
    assert then.original_window is None


@pytest.mark.parametrize("on", [ASKED, date(2023, 9, 15), date(2023, 11, 1), date(2030, 1, 1)])
def test_how_a_row_stands_is_how_the_list_of_elements_has_it(ask, later, olivia, on):
    factories.ElementFactory(
        action=ask.action, number=4, condition="if asked", condition_state="not_met_lapsed"
    )
    factories.ElementFactory(action=ask.action, number=5, due_to=date(2029, 12, 31))
    factories.ElementFactory(
        action=ask.action, number=6, not_late_until=date(2023, 12, 31), not_late_because="It was received."
    )
    undated = factories.ActionFactory(resolution=ask.resolution, number=8, due_from=None, due_to=None)
    factories.ElementFactory(action=undated, number=1)
    closed_by(ask.elements[0], later.item, olivia)
    report = factories.ReportFactory(item=later.item)
    record_answers(
        report,
        [factories.AnswerFactory.build(element=ask.elements[1], report=report, coverage="partly")],
        by=olivia,
    )
    listed = dict(Element.objects.with_timing(on).values_list("pk", "timing"))
    rows = rows_of(Element.objects.all(), olivia)
    assert {row.element.pk: row.timing(on) for row in rows} == listed
    assert len(set(listed.values())) >= 4


def test_the_evidence_of_a_row_is_the_best_of_all_its_updates(ask, olivia):
    for grade in ("E3", "E1"):
        update = factories.UpdateFactory(element=ask.elements[0])
        factories.EvidenceFactory(update=update, grade=grade)
    assert open_rows(ask.meeting.board, olivia)[0].evidence_grade == "E3"


def test_what_was_reported_later_is_not_in_an_earlier_paper(ask, olivia):
    early = factories.UpdateFactory(element=ask.elements[0], received_on=date(2023, 5, 3))
    factories.UpdateFactory(element=ask.elements[0], received_on=MEETING)
    assert open_rows(ask.meeting.board, olivia, before=MEETING)[0].update == early


def queries(board, user):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        for row in open_rows(board, user):
            str(row.window), row.original_window, row.evidence_grade, row.timing(MEETING), row.suggestion
            row.action.addressee.name, row.asked_at.date, str(row.action.resolution.item)
    return len(seen)


def test_300_rows_take_as_many_queries_as_3(ask, olivia):
    board = ask.meeting.board
    factories.EvidenceFactory(update__element=ask.elements[0])
    queries(board, olivia)  # what is known of the user is fetched once
    few = queries(board, olivia)
    for number in range(4, 100):
        element = factories.ElementFactory(action=ask.action, number=number)
        factories.EvidenceFactory(update__element=element)
    for number in range(2, 40):
        action = factories.ActionFactory(resolution=ask.resolution, number=number)
        for each in range(1, 6):
            factories.ElementFactory(action=action, number=each)
    assert len(open_rows(board, olivia)) > 280
    assert queries(board, olivia) == few


# Since the last meeting.


@given(
    st.sets(st.dates(date(2020, 1, 1), date(2020, 3, 1)), min_size=1),
    st.dates(date(2019, 12, 1), date(2020, 4, 1)),
)
def test_whatever_the_days_each_event_is_told_at_one_meeting_and_at_the_first_after_it(meetings, event):
    days = sorted(meetings)
    periods = [Period(start, end) for start, end in zip([None, *days[:-1]], days, strict=True)]
    told = [period.end for period in periods if period.holds(event)]
    assert told == [day for day in days if day > event][:1]


@pytest.mark.slow
@pytest.mark.parametrize("gap", [0, 1, 30])
def test_the_papers_of_meetings_in_a_row_tell_each_event_once(ask, board, olivia, gap):
    """Events before, on the day of, and after each of four meetings, as the database tells them."""
    year = factories.YearFactory(label="long", start=date(2023, 5, 25), end=date(2025, 5, 22))
    held = [
        factories.MeetingFactory(board=board, year=year, date=MEETING + n * (gap + 1) * DAY) for n in range(4)
    ]
    made = []
    for meeting in held[:3]:
        item = factories.ItemFactory(meeting=meeting)
        judged = factories.JudgementFactory(element=ask.elements[1], item=item)
        made.append(str(judged.category))
        for offset in (-1, 0, 1):
            day = meeting.date + offset * DAY
            text = f"word {meeting.pk} {offset}"
            factories.UpdateFactory(element=ask.elements[0], received_on=day, text=text)
            made.append(text)
    told = [event.what for meeting in held for event in events(board, olivia, period_of(meeting))]
    for what in made:
        if what.startswith("word"):
            assert sum(what in each for each in told) == (1 if within(what, held) else 0)
    assert sum(each == made[0] for each in told) == 3


def within(what, held):
    """Whether the last of the meetings comes after the event."""
    _, pk, offset = what.split()
    day = next(meeting.date for meeting in held if meeting.pk == int(pk)) + int(offset) * DAY
    return day < held[-1].date


def test_what_was_asked_and_judged_at_a_meeting_is_told_to_the_next(ask, later, olivia):
    closed_by(ask.elements[0], later.item, olivia)
    after = factories.MeetingFactory(board=ask.meeting.board, date=date(2023, 12, 6), year=later.meeting.year)
    at_later = events(ask.meeting.board, olivia, period_of(later.meeting))
    at_after = events(ask.meeting.board, olivia, period_of(after))
    assert [event.kind for event in at_later] == ["new", "new", "new"]
    assert [event.kind for event in at_after] == ["completed"]


def test_a_word_of_before_a_meeting_that_was_typed_in_after_it_is_told_to_the_next(ask, later, olivia):
    after = factories.MeetingFactory(board=ask.meeting.board, date=date(2023, 12, 6), year=later.meeting.year)
    with recorded_on(MEETING + DAY):
        factories.UpdateFactory(element=ask.elements[0], received_on=MEETING - DAY)
    papers = [events(ask.meeting.board, olivia, period_of(meeting)) for meeting in (later.meeting, after)]
    assert [[event.kind for event in paper if event.kind == "moved"] for paper in papers] == [[], ["moved"]]


def test_an_event_in_a_draft_is_not_told_to_a_member(ask, later, olivia, mary):
    later.meeting.minutes_state = "drafting"
    later.meeting.save()
    closed_by(ask.elements[0], later.item, olivia)
    period = Period(MEETING, date(2023, 12, 6))
    assert len(events(ask.meeting.board, olivia, period)) == 1
    assert events(ask.meeting.board, mary, period) == []


def test_a_working_group_and_a_call_in_between_take_nothing_away(ask, later):
    for kind in ("working_group", "call_in"):
        factories.MeetingFactory(
            board=ask.meeting.board, date=date(2023, 9, 20), kind=kind, year=later.meeting.year
        )
    assert meeting_before(later.meeting) == ask.meeting


def test_the_second_of_two_meetings_on_a_day_is_told_nothing_twice(ask, later, olivia):
    second = factories.MeetingFactory(
        board=ask.meeting.board, date=MEETING, kind="themed", year=later.meeting.year
    )
    assert events(ask.meeting.board, olivia, period_of(second)) == []


def test_a_new_window_is_told_with_its_reason(ask, later, olivia):
    change_due_window(
        ask.action, words="January", due_from=None, due_to=None, reason="Late.", agreed_by="", by=olivia
    )
    (event,) = events(ask.meeting.board, olivia, Period(later.meeting.date, date.max))
    assert event.what == "Due no longer in September/October 2023: Late."
    assert event.element == ask.elements[0]


def test_timings_are_all_known_to_the_paper():
    assert {*TOLD, Timing.CLOSED} == set(Timing)


def test_progress_recorded_by_an_officer_is_in_the_row(ask, olivia):
    update = factories.UpdateFactory.build(
        element=ask.elements[0], on_behalf_of=ask.action.addressee, owner_progress="blocked"
    )
    record_progress(update, [], by=olivia)
    assert open_rows(ask.meeting.board, olivia)[0].owner_progress.label == "Blocked"
