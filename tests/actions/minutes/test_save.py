"""From the confirmed draft to the record: completely or not at all, and once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from actions.minutes import save
from actions.minutes.save import labels_run_on, notices, problems, save_import
from actions.models import Action, Element, MinutesImport, Undertaking
from reviews.models import Appendix, Erratum, Report, SupportingDocument
from scrutiny.models import (
    AgendaItem,
    Attendance,
    Meeting,
    Organisation,
    Person,
    Point,
    Proposal,
    RecordedVote,
    Resolution,
    Section,
)
from tests import factories

DAY = date(2023, 3, 8)
ROWS = {
    "attendance": {
        "name": "Councillor Ann Finch",
        "person": "",
        "title": "",
        "organisation": "",
        "capacity": "member",
        "substitute_for": "",
    },
    "apologies": {"name": "Councillor Bo Moss", "person": ""},
    "papers": {"number": "1", "title": "Yearly report"},
    "errata": {
        "words": "Appendix 1 should read 1,026.",
        "subject": "",
        "wrong_value": "",
        "correct_value": "1,026",
    }
    | {"announced_by": ""},
    "sections": {"heading": "Process", "introduced_by": ""},
    "points": {"section": "sections-1", "kind": "key", "text": "A plan was drawn up."},
    "proposals": {
        "text": "That findings go to the Executive.",
        "kind": "motion",
        "mover": "",
        "seconder": "",
        "outcome": "lost",
        "decision_mode": "recorded_vote",
        "vote_requested_by": None,
        "votes_for": None,
        "votes_against": None,
        "votes_abstained": None,
    },
    "votes": {
        "proposal": "proposals-1",
        "name": "Councillor Finch",
        "person": "",
        "side": "for",
        "rule": "16.5",
    },
    "resolutions": {"label": "(a)", "text": "That the partnership report back.", "kind": "request_report"},
    "actions": {
        "resolution": "resolutions-1",
        "title": "Report back",
        "addressee": "The Partnership",
        "organisation": "",
        "legal_force": "REQ_REPORT",
        "due_words": "in June 2023",
        "due_from": "2023-06-01",
        "due_to": "2023-06-30",
    },
    "elements": {"action": "actions-1", "text": "The audit.", "due_words": "", "due_from": "", "due_to": None}
    | {"condition": ""},
    "undertakings": {"text": "To circulate the timetable."},
    "documents": {"title": "Cover report"},
}


def draft_of(**groups):
    """A draft with the rows given for each group: True is one standard row, dicts change it."""
    draft = {"item": {"title": "Partnership update", "purpose": "", "minute_number": "76"}}
    draft |= {"report": {"title": "", "author_post": ""}, "missed": []} | {group: [] for group in ROWS}
    for group, rows in groups.items():
        rows = [{}] if rows is True else rows
        draft[group] = [
            ROWS[group] | {"key": f"{group}-{n}", "keep": True, "at": None} | row
            for n, row in enumerate(rows, start=1)
        ]
    return draft


WHOLE = dict.fromkeys(ROWS, True)


@pytest.fixture
def year(db):
    return factories.YearFactory()


def brought_in(board, day=DAY, **groups):
    return factories.ImportFactory(board=board, meeting_date=day, draft=draft_of(**groups))


def saved(board, by, **groups):
    return save_import(brought_in(board, **groups), by=by)


def sentences(board, day=DAY, item=None, **groups):
    found = brought_in(board, day, **groups)
    found.draft["item"] |= item or {}
    return " ".join(sentence for sentence, _ in problems(found))


RECORD = [
    *(
        Meeting,
        AgendaItem,
        Attendance,
        Person,
        Section,
        Point,
        Report,
        Appendix,
        Erratum,
        Proposal,
        RecordedVote,
    ),
    *(Resolution, Action, Element, Undertaking, SupportingDocument),
]


def counts():
    return {model.__name__: model.objects.count() for model in (*RECORD, Organisation)}


# What goes into the record.


@pytest.mark.parametrize("model", RECORD, ids=lambda model: model.__name__)
def test_a_whole_draft_leaves_a_record_of_each_kind_with_who_and_why(board, olivia, year, model):
    saved(board, olivia, **WHOLE)
    kept = model.objects.first().history.get()
    assert (kept.history_user, kept.history_change_reason) == (olivia, "Brought in from minutes.txt")


@pytest.mark.parametrize("group", ROWS)
def test_a_row_that_is_not_kept_leaves_nothing(board, olivia, year, group):
    needs = {"sections": ["points"], "proposals": ["votes"], "resolutions": ["actions", "elements"]}
    needs |= {"actions": ["elements"], "papers": ["errata"]}
    left_out = {name: [{"keep": False}] for name in (group, *needs.get(group, []))}
    saved(board, olivia, **WHOLE | left_out | ({"votes": []} if group == "attendance" else {}))
    model = {
        "attendance": Attendance.objects.filter(status="present"),
        "apologies": Attendance.objects.filter(status="apologies"),
        "papers": Appendix.objects,
        "errata": Erratum.objects,
        "sections": Section.objects,
        "points": Point.objects,
        "proposals": Proposal.objects,
        "votes": RecordedVote.objects,
        "resolutions": Resolution.objects,
        "actions": Action.objects,
        "elements": Element.objects.exclude(text="That the partnership report back."),
        "undertakings": Undertaking.objects,
        "documents": SupportingDocument.objects,
    }[group]
    assert not model.exists()


def test_an_action_leads_back_to_its_resolution_and_forward_to_its_elements(board, olivia, year):
    saved(board, olivia, resolutions=True, actions=True, elements=[{}, {"text": "The register."}])
    action = Action.objects.get()
    assert (action.resolution.label, action.reference, action.due_to) == (
        "(a)",
        "SB-CF 22/23-01",
        date(2023, 6, 30),
    )
    assert [element.text for element in action.elements.all()] == ["The audit.", "The register."]


def test_a_condition_starts_by_waiting(board, olivia, year):
    saved(board, olivia, resolutions=True, actions=True, elements=[{"condition": "if it reports"}, {}])
    assert list(Element.objects.values_list("condition_state", flat=True)) == ["waiting", "unconditional"]


def test_minutes_that_only_note_make_no_action(board, olivia, year):
    item = saved(board, olivia, resolutions=[{"kind": "note", "text": "That the report be noted."}])
    assert item.resolutions.count() == 1
    assert not Action.objects.exists()


def test_minutes_without_a_resolution_are_saved(board, olivia, year):
    assert saved(board, olivia, sections=True).resolutions.count() == 0


def test_the_meeting_that_is_there_already_gets_one_more_item(board, olivia, year):
    meeting = factories.MeetingFactory(board=board, date=DAY)
    factories.ItemFactory(meeting=meeting, position=4, title="Another matter")
    item = saved(board, olivia, resolutions=True)
    assert (item.meeting, item.position) == (meeting, 5)


def test_new_minutes_wait_for_a_second_person_to_publish_them(board, olivia, year):
    assert saved(board, olivia).meeting.minutes_state == "with_officers"


def test_the_board_attends_the_meeting_and_guests_the_item(board, olivia, year):
    item = saved(board, olivia, attendance=[{}, {"name": "Dr Zo Bell", "capacity": "in_attendance"}])
    assert dict(Attendance.objects.values_list("name_as_minuted", "item")) == {
        "Councillor Ann Finch": None,
        "Dr Zo Bell": item.pk,
    }


def test_whoever_is_in_the_meeting_s_list_already_is_not_listed_again(board, olivia, year):
    person = factories.PersonFactory(name="Ann Finch")
    meeting = factories.MeetingFactory(board=board, date=DAY)
    factories.AttendanceFactory(meeting=meeting, person=person)
    saved(board, olivia, attendance=[{"person": str(person.pk)}])
    assert Attendance.objects.count() == 1


def test_one_new_person_is_made_however_often_their_name_stands(board, olivia, year):
    saved(board, olivia, attendance=True, proposals=[{"mover": "Cllr Ann Finch"}], votes=True)
    assert [(p.style, p.name) for p in Person.objects.all()] == [("Councillor", "Ann Finch")]


def test_a_name_is_split_into_style_name_and_honours(board, olivia, year):
    saved(board, olivia, attendance=[{"name": "Dr Zo Bell-Hale OBE"}])
    person = Person.objects.get()
    assert (person.style, person.name, person.honours) == ("Dr", "Zo Bell-Hale", "OBE")


def test_a_substitute_stands_in_for_whoever_sent_apologies(board, olivia, year):
    row = {"capacity": "substitute", "substitute_for": "Councillor Bo Moss"}
    saved(board, olivia, attendance=[row], apologies=True)
    stands_in = Attendance.objects.get(capacity="substitute")
    assert stands_in.substitute_for == Attendance.objects.get(status="apologies").person


def test_a_surname_in_a_vote_is_the_member_who_was_there(board, olivia, year):
    saved(board, olivia, attendance=True, proposals=True, votes=True)
    assert RecordedVote.objects.get().person.name == "Ann Finch"


def test_a_mover_is_not_taken_for_a_namesake_with_another_courtesy_title(board, olivia, year):
    present = [{"name": "Councillor Mrs W. Garside"}]
    saved(board, olivia, attendance=present, proposals=[{"mover": "Councillor Miss W. Garside"}])
    assert str(Proposal.objects.get().mover) == "Councillor Miss W. Garside"


def test_a_vote_without_a_tally_is_saved_without_one(board, olivia, year):
    saved(board, olivia, attendance=True, proposals=True, votes=True)
    assert Proposal.objects.get().votes_for is None


def test_more_names_than_votes_on_a_side_are_refused(board, olivia, year):
    with pytest.raises(ValidationError, match="fewer than the names"):
        saved(board, olivia, attendance=True, proposals=[{"votes_for": 0}], votes=True)


def test_the_vote_of_somebody_who_was_not_there_is_refused(board, olivia, year):
    stranger = factories.PersonFactory()
    with pytest.raises(ValidationError, match="not entitled to vote"):
        saved(board, olivia, attendance=True, proposals=True, votes=[{"person": str(stranger.pk)}])


def test_a_correction_stands_beside_the_appendix_it_names(board, olivia, year):
    saved(board, olivia, papers=[{}, {"number": "2"}], errata=True)
    assert Erratum.objects.get().appendix.number == "1"


def test_a_known_organisation_is_not_made_again(board, olivia, year, partnership):
    saved(board, olivia, resolutions=True, actions=[{"addressee": "escp executive"}])
    assert Action.objects.get().addressee == partnership


def test_an_unknown_organisation_is_made(board, olivia, year):
    saved(board, olivia, resolutions=True, actions=True)
    assert Action.objects.get().addressee.name == "The Partnership"


# What stops it.


def test_a_draft_without_fault_has_no_problem(board, year):
    assert sentences(board, **WHOLE) == ""


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ({"actions": True}, "Say which resolution the action “Report back” belongs to"),
        ({"resolutions": [{"keep": False}], "actions": True}, "Say which resolution the action"),
        ({"resolutions": [{"kind": "note"}], "actions": True}, "A resolution that only notes has no action."),
        (
            {"resolutions": True, "actions": [{"addressee": ""}]},
            "Say who the action “Report back” is addressed to.",
        ),
        ({"resolutions": True, "actions": [{"due_from": "2023-07-01"}]}, "ends before it starts"),
        (
            {"resolutions": True, "actions": [{"keep": False}], "elements": True},
            "An element belongs to no action.",
        ),
        ({"votes": True}, "A vote belongs to no proposal."),
        ({"points": True}, "A point belongs to no section."),
    ],
)
def test_a_row_that_cannot_be_saved_is_said(board, olivia, year, groups, sentence):
    assert sentence in sentences(board, **groups)
    before = counts()
    with pytest.raises(ValidationError):
        saved(board, olivia, **groups)
    assert counts() == before


def test_the_window_of_an_element_backwards_is_said_before_saving(board, year):
    backwards = [{"due_from": "2023-07-01", "due_to": "2023-06-30"}]
    assert "ends before it starts" in sentences(board, resolutions=True, actions=True, elements=backwards)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"day": None}, "Enter the date of the meeting."),
        ({"day": date(2019, 3, 8)}, "No municipal year holds 8 March 2019."),
        ({"item": {"title": ""}}, "Enter the title of the agenda item."),
    ],
)
def test_what_the_meeting_lacks_is_said(board, year, values, sentence):
    assert sentence in sentences(board, **values)


def test_a_meeting_in_the_future_is_said(board):
    tomorrow = timezone.localdate() + timedelta(days=1)
    factories.YearFactory(label="now", start=tomorrow - timedelta(days=9), end=tomorrow + timedelta(days=9))
    assert "in the future" in sentences(board, day=tomorrow)


def test_a_missing_board_is_said(year):
    assert "Select the board" in sentences(None)


def test_approved_minutes_take_no_more_items(board, olivia, year):
    factories.MeetingFactory(board=board, date=DAY, minutes_state="approved")
    assert "are approved" in sentences(board, resolutions=True)
    with pytest.raises(ValidationError, match="are approved"):
        saved(board, olivia, resolutions=True)


def test_an_item_of_the_same_title_at_the_same_meeting_is_said(board, year):
    factories.ItemFactory(meeting=factories.MeetingFactory(board=board, date=DAY), title="PARTNERSHIP UPDATE")
    assert "has an item of that title already" in sentences(board)


def test_a_minute_number_that_is_taken_is_said_in_a_sentence(board, olivia, year):
    factories.ItemFactory(
        meeting=factories.MeetingFactory(board=board, date=date(2023, 2, 8)), minute_number="76"
    )
    with pytest.raises(ValidationError, match="I-15"):
        saved(board, olivia)


def test_a_dropped_import_is_not_saved(board, olivia, year):
    found = brought_in(board, resolutions=True)
    found.state = "dropped"
    found.save()
    with pytest.raises(ValidationError):
        save_import(found, by=olivia)
    assert not AgendaItem.objects.exists()


def test_an_import_still_being_read_is_not_saved(board, olivia, year):
    found = factories.ImportFactory(board=board, meeting_date=DAY, draft={}, state="reading")
    with pytest.raises(ValidationError):
        save_import(found, by=olivia)


# What is only pointed out.


@pytest.mark.parametrize(
    ("labels", "runs_on"),
    [
        (["(a)", "(b)", "(c)"], True),
        (["(b)", "(c)"], True),
        (["(a)", "(c)"], False),
        (["1", "2", "4"], False),
        (["(1)", "(2)"], True),
        (["(i)", "(ii)", "(iii)"], True),
        ([], True),
        ([""], True),
        (["(a)", "", "(b)"], True),
    ],
)
def test_letters_run_on_without_a_gap(labels, runs_on):
    assert labels_run_on(labels) is runs_on


@given(st.lists(st.text(alphabet="().ab12iv²-* ", max_size=4)))
def test_whatever_stands_for_a_letter_is_no_error(labels):
    assert labels_run_on(labels) in (True, False)


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ({}, "These minutes hold no resolution."),
        ({"resolutions": [{}, {"label": "(c)"}]}, "do not run on"),
        ({"resolutions": True}, "Resolution (a) asks for a report, but no action carries it."),
    ],
)
def test_what_may_have_been_missed_is_pointed_out_and_stops_nothing(board, olivia, year, groups, sentence):
    found = brought_in(board, **groups)
    assert sentence in " ".join(notices(found.draft))
    assert save_import(found, by=olivia)


# Completely or not at all, and once.


@pytest.mark.parametrize("group", ["attendance", "sections", "papers", "proposals", "resolutions", "actions"])
def test_a_failure_in_the_middle_leaves_nothing_in_the_record(board, olivia, year, group):
    found, before = brought_in(board, **WHOLE), counts()
    name = "_attendances" if group == "attendance" else f"_{group}"
    step = getattr(save.Recorder, name)

    def fails_at_the_end(recorder):
        step(recorder)
        raise RuntimeError("The power went")

    with mock.patch.object(save.Recorder, name, fails_at_the_end), pytest.raises(RuntimeError):
        save_import(found, by=olivia)
    assert counts() == before
    assert MinutesImport.objects.get().state == "to_confirm"


def test_a_failure_leaves_no_history_either(board, olivia, year):
    broken = mock.patch.object(save.Recorder, "_actions", side_effect=RuntimeError)
    found = brought_in(board, **WHOLE)
    with broken, pytest.raises(RuntimeError):
        save_import(found, by=olivia)
    assert not AgendaItem.history.exists()
    assert not Person.history.exists()


def test_after_a_failure_the_same_import_is_saved_whole(board, olivia, year):
    test_a_failure_leaves_no_history_either(board, olivia, year)
    assert save_import(MinutesImport.objects.get(), by=olivia).resolutions.count() == 1


def test_pressing_twice_gives_the_same_item(board, olivia, year):
    found = brought_in(board, **WHOLE)
    first = save_import(found, by=olivia)
    after = counts()
    assert save_import(found, by=olivia) == first
    assert counts() == after


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_the_same_moment_save_it_once(board, olivia, year):
    found = brought_in(board, **WHOLE)

    def press(_):
        try:
            return save_import(found, by=olivia).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        keys = set(pool.map(press, range(2)))
    assert len(keys) == 1
    assert (AgendaItem.objects.count(), Action.objects.count()) == (1, 1)


# Themes.


def tags_of(record):
    return [(tag.theme.code, tag.history.get().history_change_reason) for tag in record.tags.all()]


def test_confirmed_themes_of_points_and_elements_are_saved_with_them(board, olivia, year):
    groups = WHOLE | {
        "points": [{"themes": ["NEG", "CUR"]}],
        "elements": [{"themes": []}, {"themes": ["RSK"]}],
    }
    saved(board, olivia, **groups)
    why = "Brought in from minutes.txt"
    assert tags_of(Point.objects.get()) == [("CUR", why), ("NEG", why)]
    assert [tags_of(e) for e in Element.objects.order_by("number")] == [[], [("RSK", why)]]


def test_a_draft_from_before_there_were_themes_is_saved_without_any(board, olivia, year):
    saved(board, olivia, **WHOLE)
    assert tags_of(Point.objects.get()) == tags_of(Element.objects.get()) == []


def test_a_theme_that_is_gone_since_is_passed_over(board, olivia, year):
    saved(board, olivia, **WHOLE | {"points": [{"themes": ["GONE", "CUR"]}]})
    assert [code for code, _ in tags_of(Point.objects.get())] == ["CUR"]
