"""What happens to actions: each step, with its history, and what it refuses."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from actions import services
from actions.models import Action, DueRevision, Element, Evidence, Judgement, ProgressUpdate
from tests import factories

pytestmark = pytest.mark.django_db

LATER = date(2023, 5, 3)


def open_for(resolution, *texts, by):
    action = Action(resolution=resolution, title="A report", addressee=factories.OrganisationFactory())
    return services.open_action(action, [Element(text=text) for text in texts], by=by, reason="Minutes")


def resolution_of(board, day=date(2023, 3, 8), year=None):
    values = {"year": year} if year else {}
    return factories.ResolutionFactory(
        item__meeting=factories.MeetingFactory(board=board, date=day, **values)
    )


def item_of(board, day):
    return factories.ItemFactory(meeting=factories.MeetingFactory(board=board, date=day))


def judge(element, item, code="4", by=None, comment="As the Chair summed up"):
    (judgement,) = services.judgements_under(item, [element])
    judgement.category, judgement.comment = factories.category(code), comment
    services.judge(item, [judgement], by=by)
    element.refresh_from_db()
    return judgement


# Opening an action.


def test_the_reference_names_board_year_and_number(board, olivia):
    assert open_for(resolution_of(board), "One.", by=olivia).reference == "SB-CF 22/23-01"


def test_numbers_run_on_within_a_board_and_year(board, olivia):
    numbers = [open_for(resolution_of(board, date(2023, 3, day)), by=olivia).number for day in (8, 9, 10)]
    assert numbers == [1, 2, 3]


def test_numbers_start_again_in_another_year(board, olivia):
    open_for(resolution_of(board), by=olivia)
    year = factories.YearFactory(label="2023/24", start=date(2023, 5, 25), end=date(2024, 5, 22))
    assert open_for(resolution_of(board, date(2023, 6, 7), year), by=olivia).reference == "SB-CF 23/24-01"


def test_numbers_start_again_for_another_board(board, olivia):
    open_for(resolution_of(board), by=olivia)
    other = factories.BoardFactory(code="AH")
    assert open_for(resolution_of(other), by=olivia).reference == "SB-AH 22/23-01"


def test_an_action_belongs_to_the_board_and_year_of_its_minutes(board, olivia):
    resolution = resolution_of(board)
    action = open_for(resolution, by=olivia)
    assert (action.board, action.year) == (board, resolution.item.meeting.year)


def test_elements_are_numbered_in_order(board, olivia):
    action = open_for(resolution_of(board), "First.", "Second.", by=olivia)
    assert list(action.elements.values_list("number", "text")) == [(1, "First."), (2, "Second.")]


def test_without_elements_the_resolution_is_the_only_one(board, olivia):
    resolution = resolution_of(board)
    action = open_for(resolution, by=olivia)
    assert [element.text for element in action.elements.all()] == [resolution.text]


def test_opening_an_action_writes_who_and_why_into_every_history(board, olivia):
    action = open_for(resolution_of(board), "First.", by=olivia)
    for row in (action, action.elements.get()):
        kept = row.history.get()
        assert (kept.history_user, kept.history_change_reason) == (olivia, "Minutes")


def test_an_action_for_a_resolution_that_only_notes_is_refused_as_a_whole(board, olivia):
    note = resolution_of(board)
    note.kind = "note"
    note.save()
    with pytest.raises(ValidationError, match="I-1"):
        open_for(note, "One.", by=olivia)
    assert not Action.objects.exists()
    assert not Element.objects.exists()


def test_a_bad_element_takes_its_action_back_with_it(board, olivia):
    with pytest.raises(ValidationError):
        open_for(resolution_of(board), "Good.", "", by=olivia)
    assert not Action.objects.exists()


def test_an_element_added_later_gets_the_next_number(ask, olivia):
    element = services.add_element(ask.action, Element(text="One more."), by=olivia)
    assert element.number == 4


# Progress and evidence.


def update_for(element, **values):
    same = {
        "text": "Half is done.",
        "reported_by": "Business Manager",
        "on_behalf_of": element.action.addressee,
        "received_on": LATER,
        "source": "E-mail of 3 May",
        "owner_progress": "in_progress",
    }
    return ProgressUpdate(element=element, **(same | values))


def test_progress_shows_on_the_element(ask, olivia):
    services.record_progress(update_for(ask.elements[0], owner_progress="complete"), [], by=olivia)
    ask.elements[0].refresh_from_db()
    assert (ask.elements[0].owner_progress, ask.elements[0].last_word_on) == ("complete", LATER)


def test_progress_names_who_recorded_it(ask, olivia):
    update = services.record_progress(update_for(ask.elements[0]), [], by=olivia)
    assert update.recorded_by == olivia
    assert update.history.get().history_user == olivia


def test_evidence_that_came_with_progress_shows_on_the_element(ask, olivia):
    pieces = [Evidence(title="Register", grade="E2"), Evidence(title="Survey", grade="E3")]
    services.record_progress(update_for(ask.elements[0]), pieces, by=olivia)
    ask.elements[0].refresh_from_db()
    assert ask.elements[0].evidence_grade == "E3"


def test_bad_evidence_takes_the_progress_back_with_it(ask, olivia):
    with pytest.raises(ValidationError), transaction.atomic():
        services.record_progress(update_for(ask.elements[0]), [Evidence(title="", grade="E2")], by=olivia)
    assert not ProgressUpdate.objects.exists()


def test_evidence_added_later_shows_on_the_element(ask, olivia):
    update = services.record_progress(update_for(ask.elements[0]), [], by=olivia)
    services.add_evidence(Evidence(update=update, title="Register", grade="E4"), by=olivia)
    ask.elements[0].refresh_from_db()
    assert ask.elements[0].evidence_grade == "E4"


def test_progress_received_tomorrow_is_refused(ask, olivia):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError, match="in the future"):
        services.record_progress(update_for(ask.elements[0], received_on=tomorrow), [], by=olivia)


def test_progress_received_today_is_kept(ask, olivia):
    assert services.record_progress(
        update_for(ask.elements[0], received_on=timezone.localdate()), [], by=olivia
    ).pk


def test_an_update_received_earlier_does_not_change_what_the_owner_says_now(ask, olivia):
    element = ask.elements[0]
    services.record_progress(update_for(element, owner_progress="complete"), [], by=olivia)
    earlier = update_for(element, owner_progress="blocked", received_on=LATER - timedelta(days=9))
    services.record_progress(earlier, [], by=olivia)
    element.refresh_from_db()
    assert element.owner_progress == "complete"


# Judging (I-2, Q-2).


def test_a_judgement_of_achieved_closes_the_element_on_the_day_of_the_meeting(ask, olivia):
    judge(ask.elements[0], item_of(ask.action.board, LATER), "2", by=olivia)
    assert ask.elements[0].closed_on == LATER


def test_an_action_stays_open_while_an_element_is(ask, olivia):
    judge(ask.elements[0], item_of(ask.action.board, LATER), "2", by=olivia)
    ask.action.refresh_from_db()
    assert ask.action.closed_on is None


def close_all(ask, by):
    days = [LATER, date(2023, 5, 10), date(2023, 5, 17)]
    for element, day in zip(ask.elements, days, strict=True):
        judge(element, item_of(ask.action.board, day), "2", by=by)
    ask.action.refresh_from_db()
    return days


def test_an_action_closes_with_its_last_element_on_the_day_of_the_last_judgement(ask, olivia):
    days = close_all(ask, olivia)
    assert ask.action.closed_on == days[-1]


def test_a_later_judgement_that_it_goes_on_opens_element_and_action_again(ask, olivia):
    close_all(ask, olivia)
    judge(ask.elements[0], item_of(ask.action.board, date(2023, 5, 24)), "4", by=olivia)
    ask.action.refresh_from_db()
    assert (ask.elements[0].closed_on, ask.action.closed_on) == (None, None)


def test_a_new_element_opens_a_closed_action_again(ask, olivia):
    close_all(ask, olivia)
    services.add_element(ask.action, Element(text="One more."), by=olivia)
    ask.action.refresh_from_db()
    assert ask.action.closed_on is None


def test_an_action_closes_when_its_last_open_element_lapses(ask, olivia):
    for element in ask.elements[:2]:
        judge(element, item_of(ask.action.board, LATER + timedelta(days=element.number)), "2", by=olivia)
    services.change_condition(
        ask.elements[2], state="not_met_lapsed", check_on=None, reason="Withdrawn", by=olivia
    )
    ask.action.refresh_from_db()
    assert ask.action.closed_on == LATER + timedelta(days=2)


def test_an_action_whose_elements_all_lapsed_is_closed_by_the_board_alone(ask, olivia):
    for element in ask.elements:
        element.condition, element.condition_state = "if it is adopted", "waiting"
        element.save()
        services.change_condition(
            element, state="not_met_lapsed", check_on=None, reason="Not adopted", by=olivia
        )
    ask.action.refresh_from_db()
    assert ask.action.closed_on is None
    judge(ask.elements[0], item_of(ask.action.board, LATER), "1", by=olivia)
    ask.action.refresh_from_db()
    assert ask.action.closed_on == LATER


def test_an_action_opens_again_when_a_lapsed_condition_is_met_after_all(ask, olivia):
    test_an_action_closes_when_its_last_open_element_lapses(ask, olivia)
    services.change_condition(
        ask.elements[2], state="met", check_on=None, reason="Published after all", by=olivia
    )
    ask.action.refresh_from_db()
    assert ask.action.closed_on is None


def test_each_meeting_adds_a_judgement_and_keeps_those_before(ask, olivia):
    for day, code in ((LATER, "4"), (date(2023, 5, 10), "5"), (date(2023, 5, 17), "2")):
        judge(ask.elements[0], item_of(ask.action.board, day), code, by=olivia)
    codes = (
        ask.elements[0].judgements.order_by("item__meeting__date").values_list("category__code", flat=True)
    )
    assert list(codes) == ["4", "5", "2"]


def test_a_correction_under_the_same_item_keeps_the_words_before_in_the_history(ask, olivia):
    item = item_of(ask.action.board, LATER)
    judge(ask.elements[0], item, "4", by=olivia, comment="First")
    kept = judge(ask.elements[0], item, "2", by=olivia, comment="Second")
    assert Judgement.objects.count() == 1
    assert list(kept.history.order_by("history_id").values_list("comment", flat=True)) == ["First", "Second"]


def test_several_elements_are_judged_in_one_sitting_or_none(ask, olivia):
    item = item_of(ask.action.board, LATER)
    good, bad = services.judgements_under(item, ask.elements[:2])
    good.category, good.comment = factories.category("2"), "As the Chair summed up"
    bad.category = factories.category("Green", scheme="Green, amber and red")
    with pytest.raises(ValidationError):
        services.judge(item, [good, bad], by=olivia)
    assert not Judgement.objects.exists()
    ask.elements[0].refresh_from_db()
    assert ask.elements[0].closed_on is None


def test_a_meeting_not_held_yet_has_judged_nothing(ask, olivia):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError, match="not been held yet"):
        judge(ask.elements[0], item_of(ask.action.board, tomorrow), by=olivia)


def test_a_meeting_of_today_may_judge(ask, olivia):
    assert judge(ask.elements[0], item_of(ask.action.board, timezone.localdate()), by=olivia).pk


def test_another_board_judges_nothing(ask, olivia):
    with pytest.raises(
        ValidationError, match="Only the Board that asked, or the one it went over to, can judge"
    ):
        judge(ask.elements[0], item_of(factories.BoardFactory(), LATER), by=olivia)


def test_a_meeting_before_the_asking_judges_nothing(ask, olivia):
    with pytest.raises(ValidationError, match="before the Board asked"):
        judge(ask.elements[0], item_of(ask.action.board, date(2023, 3, 7)), by=olivia)


def test_a_category_of_another_scheme_is_refused(ask, olivia):
    item = item_of(ask.action.board, LATER)
    (judgement,) = services.judgements_under(item, [ask.elements[0]])
    judgement.category = factories.category("Green", scheme="Green, amber and red")
    with pytest.raises(ValidationError, match="own tracking scheme"):
        services.judge(item, [judgement], by=olivia)


@pytest.mark.parametrize(("code", "scheme"), [("2", "Six categories"), ("Green", "Green, amber and red")])
def test_achieved_without_any_answer_or_update_needs_a_reason(ask, olivia, code, scheme):
    board = ask.action.board
    board.tracking_scheme = factories.tracking_scheme(scheme)
    board.save()
    judgement = Judgement(
        element=Element.objects.get(pk=ask.elements[0].pk), category=factories.category(code, scheme=scheme)
    )
    item = item_of(board, LATER)
    with pytest.raises(ValidationError) as refusal:
        services.judge(item, [judgement], by=olivia)
    assert refusal.value.message_dict == {
        "comment": [
            "No report or update answers this element yet. Say why the Board judged it achieved.",
        ]
    }
    judgement.comment = "The Director showed it to the Board."
    services.judge(item, [judgement], by=olivia)
    assert Judgement.objects.get().comment == "The Director showed it to the Board."


@pytest.mark.parametrize("coverage", ["fully", "partly"])
def test_achieved_needs_no_reason_where_a_report_answers(ask, olivia, coverage):
    factories.AnswerFactory(element=ask.elements[0], coverage=coverage)
    assert judge(ask.elements[0], item_of(ask.action.board, LATER), "2", by=olivia, comment="").pk


def test_achieved_needs_a_reason_where_a_report_only_says_that_it_does_not_answer(ask, olivia):
    factories.AnswerFactory(element=ask.elements[0], coverage="not")
    with pytest.raises(ValidationError, match="No report or update answers"):
        judge(ask.elements[0], item_of(ask.action.board, LATER), "2", by=olivia, comment="")


def test_achieved_needs_a_reason_where_only_another_element_is_answered(ask, olivia):
    factories.AnswerFactory(element=ask.elements[1], coverage="fully")
    factories.UpdateFactory(element=ask.elements[1])
    with pytest.raises(ValidationError, match="No report or update answers"):
        judge(ask.elements[0], item_of(ask.action.board, LATER), "2", by=olivia, comment="")


def test_achieved_needs_no_reason_where_an_update_was_received(ask, olivia):
    factories.UpdateFactory(element=ask.elements[0])
    assert judge(ask.elements[0], item_of(ask.action.board, LATER), "2", by=olivia, comment="").pk


@pytest.mark.parametrize("code", ["1", "3", "4", "5", "6"])
def test_a_judgement_that_does_not_say_achieved_needs_no_reason(ask, olivia, code):
    assert judge(ask.elements[0], item_of(ask.action.board, LATER), code, by=olivia, comment="").pk


# Answers.


def answer_with(report, element, coverage, by):
    (answer,) = services.answers_of(report, [element])
    answer.coverage = coverage
    services.record_answers(report, [answer], by=by)
    element.refresh_from_db()
    return answer


def test_an_answer_shows_on_the_element_with_the_day_of_its_meeting(ask, olivia):
    report = factories.ReportFactory(item=item_of(ask.action.board, LATER))
    answer_with(report, ask.elements[0], "fully", olivia)
    assert ask.elements[0].answered_on == LATER


def test_an_answer_recorded_again_for_a_report_changes_the_one_that_is_there(ask, olivia):
    report = factories.ReportFactory(item=item_of(ask.action.board, LATER))
    answer_with(report, ask.elements[0], "fully", olivia)
    answer_with(report, ask.elements[0], "not", olivia)
    assert [answer.coverage for answer in ask.elements[0].answers.all()] == ["not"]
    assert ask.elements[0].answered_on is None


def test_an_answer_closes_nothing(ask, olivia):
    answer_with(
        factories.ReportFactory(item=item_of(ask.action.board, LATER)), ask.elements[0], "fully", olivia
    )
    assert ask.elements[0].closed_on is None


# Windows (I-12) and conditions.

NEW = {"words": "by January 2024", "due_from": None, "due_to": date(2024, 1, 31), "agreed_by": "The Chair"}


def test_a_changed_window_keeps_the_one_before_with_the_reason(ask, olivia):
    services.change_due_window(ask.action, reason="The review is late", by=olivia, **NEW)
    before = DueRevision.objects.get()
    assert (before.old_words, before.old_from, before.old_to, before.reason, before.agreed_by) == (
        "in September/October 2023",
        date(2023, 9, 1),
        date(2023, 10, 31),
        "The review is late",
        "The Chair",
    )


def test_a_changed_window_holds_from_then_on(ask, olivia):
    services.change_due_window(ask.action, reason="The review is late", by=olivia, **NEW)
    ask.action.refresh_from_db()
    assert (ask.action.due_words, ask.action.due_from, ask.action.due_to) == (
        "by January 2024",
        None,
        NEW["due_to"],
    )


def test_a_window_is_not_changed_without_a_reason(ask, olivia):
    with pytest.raises(ValidationError):
        services.change_due_window(ask.action, reason="", by=olivia, **NEW)
    ask.action.refresh_from_db()
    assert ask.action.due_to == date(2023, 10, 31)
    assert not DueRevision.objects.exists()


def test_each_change_of_a_window_is_kept(ask, olivia):
    for month in (1, 2):
        services.change_due_window(
            ask.action, reason="Late", by=olivia, **NEW | {"due_to": date(2024, month, 20)}
        )
    kept = [revision.old_to for revision in ask.action.due_revisions.all()]
    assert kept == [date(2023, 10, 31), date(2024, 1, 20)]


def test_a_window_backwards_changes_nothing(ask, olivia):
    backwards = NEW | {"due_from": date(2024, 2, 1)}
    with pytest.raises(ValidationError):
        services.change_due_window(ask.action, reason="Late", by=olivia, **backwards)
    assert not DueRevision.objects.exists()


def test_a_changed_condition_says_why_in_the_history(ask, olivia):
    services.change_condition(ask.elements[2], state="met", check_on=None, reason="Published", by=olivia)
    newest = ask.elements[2].history.first()
    assert (newest.condition_state, newest.history_change_reason, newest.history_user) == (
        "met",
        "Published",
        olivia,
    )


def test_a_stale_element_in_hand_does_not_overwrite_what_others_saved(ask, olivia):
    stale = Element.objects.get(pk=ask.elements[2].pk)
    ask.elements[2].text = "Corrected meanwhile."
    ask.elements[2].save()
    services.change_condition(stale, state="met", check_on=None, reason="Published", by=olivia)
    ask.elements[2].refresh_from_db()
    assert ask.elements[2].text == "Corrected meanwhile."
