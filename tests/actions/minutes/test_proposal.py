"""From what the reader found to what the officer confirms."""

import json
from datetime import date
from pathlib import Path

import pytest

from actions.minutes.findings import (
    Attendee,
    Element,
    Erratum,
    Minutes,
    Motion,
    Name,
    Paper,
    Passage,
    Request,
    Resolution,
    Section,
    Substitute,
)
from actions.minutes.proposal import GROUP, PersonMatcher, capacity_of, propose, short_title
from actions.minutes.reader import read
from scrutiny.models import OrganisationAlias
from tests import factories

pytestmark = pytest.mark.django_db

HERE = (0, 4)
NOT_SAID = ("council", "committee", "meeting_date", "item_title", "purpose", "minute_number")
NOTHING = dict.fromkeys(Minutes.__dataclass_fields__, ()) | dict.fromkeys(NOT_SAID)


def minutes(**found):
    return Minutes(**NOTHING | {"text": "text"} | found)


def there(name, group="present", role=None, organisation=None):
    return Attendee(name, role, organisation, group, HERE)


def names(*found):
    return tuple(Name(name, HERE) for name in found)


def motion(**values):
    same = dict.fromkeys(Motion.__dataclass_fields__)
    same |= {
        "text": "That it be so.",
        "at": HERE,
        "recorded_for": (),
        "recorded_against": (),
        "abstained": (),
    }
    return Motion(**same | values)


def request(**values):
    same = dict.fromkeys(Request.__dataclass_fields__) | {
        "elements": (),
        "legal": "",
        "at": HERE,
        "resolution": 0,
    }
    return Request(**same | values)


ASKED = Resolution("(a)", "That the partnership report back in June.", "request_report", HERE)
NOTED = Resolution("(b)", "That the report be noted.", "note", HERE)


def test_nothing_found_is_a_draft_with_every_group_empty():
    draft = propose(minutes())
    assert {name: draft[name] for name in GROUP} == {name: [] for name in GROUP}


def test_a_draft_is_plain_json():
    draft = propose(minutes(resolutions=(ASKED,), requests=(request(due_start=date(2023, 6, 1)),)))
    assert json.loads(json.dumps(draft)) == draft


def test_what_the_minutes_do_not_say_stays_empty():
    row = propose(minutes(motions=(motion(),)))["proposals"][0]
    assert (row["outcome"], row["mover"], row["votes_for"], row["vote_requested_by"]) == ("", "", None, None)


def test_every_row_has_a_key_a_place_and_is_kept():
    draft = propose(minutes(resolutions=(ASKED, NOTED), undertakings=(Passage("Promised.", (5, 9)),)))
    assert [(row["key"], row["keep"]) for row in draft["resolutions"]] == [
        ("resolutions-1", True),
        ("resolutions-2", True),
    ]
    assert draft["undertakings"][0]["at"] == [5, 9]


def test_points_point_at_their_section():
    passages = (Passage("Said.", HERE),)
    sections = (Section("One", None, passages, (), HERE), Section("Two", "The Chair", (), passages, HERE))
    draft = propose(minutes(sections=sections))
    found = [(row["section"], row["kind"]) for row in draft["points"]]
    assert found == [("sections-1", "key"), ("sections-2", "discussion")]


def test_a_request_becomes_an_action_of_its_resolution():
    ask = request(resolution=1, from_="The partnership", due_text="in June", due_start=date(2023, 6, 1))
    row = propose(minutes(resolutions=(NOTED, ASKED), requests=(ask,)))["actions"][0]
    assert (
        row["resolution"],
        row["addressee"],
        row["due_words"],
        row["due_from"],
        row["due_to"],
        row["keep"],
    ) == (
        "resolutions-2",
        "The partnership",
        "in June",
        "2023-06-01",
        None,
        True,
    )


@pytest.mark.parametrize("found", [{"resolution": None}, {"resolution": 1}])
def test_a_request_that_no_resolution_carries_is_shown_and_not_kept(found):
    row = propose(minutes(resolutions=(ASKED, NOTED), requests=(request(**found),)))["actions"][0]
    assert row["keep"] is False


def test_minutes_that_only_note_ask_nothing():
    draft = propose(read("RESOLVED - That the contents of the report be noted."))
    assert [row["kind"] for row in draft["resolutions"]] == ["note"]
    assert [row for row in draft["actions"] if row["keep"]] == []


@pytest.mark.parametrize(
    ("kind", "force"), [("recommend", "REC_OTHER"), ("refer", "REFER"), ("request_report", "REQ_REPORT")]
)
def test_what_binds_the_addressee_follows_from_the_resolution(kind, force):
    asked = Resolution("(a)", "That it be done.", kind, HERE)
    assert propose(minutes(resolutions=(asked,), requests=(request(),)))["actions"][0]["legal_force"] == force


def test_elements_point_at_their_action_and_keep_date_and_condition():
    element = Element("The audit.", "July 2023", date(2023, 7, 1), date(2023, 7, 31), "if it reports", HERE)
    row = propose(minutes(resolutions=(ASKED,), requests=(request(elements=(element,)),)))["elements"][0]
    assert (row["action"], row["text"], row["due_to"], row["condition"]) == (
        "actions-1",
        "The audit.",
        "2023-07-31",
        "if it reports",
    )


@pytest.mark.parametrize(
    ("role", "group", "capacity"),
    [
        ("Chair", "present", "chair"),
        ("Vice-Chair", "present", "member"),
        ("Deputy Chair", "present", "member"),
        ("", "present", "member"),
        ("Co-opted Member (voting)", "present", "coopted"),
        ("Executive Member for Children", "in_attendance", "executive_member"),
        ("Cabinet Member", "present", "executive_member"),
        ("Chair of the partnership", "in_attendance", "in_attendance"),
        ("Director", "in_attendance", "in_attendance"),
    ],
)
def test_the_capacity_follows_from_the_words_after_the_name(role, group, capacity):
    assert capacity_of(role, group) == capacity


def test_a_substitute_is_marked_with_whom_they_stand_in_for():
    found = minutes(
        attendance=(there("Councillor A Finch"),),
        substitutes=(Substitute("Councillor A Finch", "Councillor B Moss", HERE),),
    )
    (row,) = propose(found)["attendance"]
    assert (row["capacity"], row["substitute_for"]) == ("substitute", "Councillor B Moss")


def test_a_substitute_whom_the_lists_do_not_name_is_added():
    found = minutes(substitutes=(Substitute("Councillor A Finch", "Councillor B Moss", HERE),))
    assert [row["name"] for row in propose(found)["attendance"]] == ["Councillor A Finch"]


def test_whoever_voted_is_added_as_a_member():
    found = minutes(motions=(motion(recorded_for=names("Councillor Ann Finch"), outcome="lost"),))
    draft = propose(found)
    assert [(row["name"], row["capacity"]) for row in draft["attendance"]] == [
        ("Councillor Ann Finch", "member")
    ]
    assert [(row["proposal"], row["side"]) for row in draft["votes"]] == [("proposals-1", "for")]


@pytest.mark.parametrize("voter", ["Councillor Ann Finch", "Councillor Finch", "ann finch"])
def test_a_voter_who_is_in_the_list_already_is_not_added_again(voter):
    found = minutes(
        attendance=(there("Councillor Ann Finch"),),
        motions=(motion(recorded_against=names(voter)),),
    )
    assert len(propose(found)["attendance"]) == 1


def test_a_vote_without_a_tally_stays_without_one():
    row = propose(minutes(motions=(motion(recorded_for=names("A Finch")),)))["proposals"][0]
    assert (row["votes_for"], row["votes_against"], row["votes_abstained"]) == (None, None, None)


def test_an_additional_recommendation_is_told_from_a_motion():
    words = "An additional recommendation that it be so."
    found = minutes(text=words, motions=(motion(text=words, at=(0, len(words))), motion(at=(0, 0))))
    assert [row["kind"] for row in propose(found)["proposals"]] == ["additional_recommendation", "motion"]


def test_a_paper_has_a_report_to_belong_to():
    found = minutes(appendices=(Paper("1", "Yearly report", HERE),), item_title="Update")
    draft = propose(found)
    assert (draft["report"]["title"], draft["papers"][0]["number"]) == ("Update", "1")


def test_without_papers_there_is_no_report():
    assert propose(minutes(item_title="Update"))["report"]["title"] == ""


def test_a_wrong_value_the_minutes_do_not_give_is_not_made_up():
    found = minutes(errata=(Erratum("Should read 1,026.", None, None, "1,026", None, HERE),))
    assert propose(found)["errata"][0]["wrong_value"] == ""


@pytest.mark.parametrize("field", ["name", "short_name", "alias"])
@pytest.mark.parametrize("written", ["the ESCP Executive", "THE ESCP EXECUTIVE"])
def test_an_organisation_is_matched_by_each_of_its_names(field, written):
    body = factories.OrganisationFactory(**({} if field == "alias" else {field: "The ESCP Executive"}))
    if field == "alias":
        OrganisationAlias.objects.create(organisation=body, name="The ESCP Executive")
    row = propose(minutes(resolutions=(ASKED,), requests=(request(from_=written),)))["actions"][0]
    assert row["organisation"] == str(body.pk)


def test_an_unknown_organisation_is_left_to_the_officer():
    row = propose(minutes(resolutions=(ASKED,), requests=(request(from_="Nobody"),)))["actions"][0]
    assert (row["organisation"], row["addressee"]) == ("", "Nobody")


@pytest.mark.parametrize("written", ["Councillor Alex Quill", "Alex Quill OBE", "Cllr Alex Quill"])
def test_a_person_is_matched_by_name_without_style_and_honours(written):
    person = factories.PersonFactory(name="Alex Quill")
    assert propose(minutes(attendance=(there(written),)))["attendance"][0]["person"] == str(person.pk)


def matched(board, written):
    found = minutes(motions=(motion(recorded_for=names(written)),))
    return PersonMatcher(board, found).key_of(written)


def test_a_surname_that_one_board_member_has_is_theirs(board):
    member = factories.MembershipFactory(board=board, person__name="Alex Quill").person
    factories.PersonFactory(name="Bo Quill")
    assert matched(board, "Councillor Quill") == str(member.pk)


def test_a_surname_that_two_board_members_have_is_nobody_s(board):
    for name in ("Alex Quill", "Bo Quill"):
        factories.MembershipFactory(board=board, person__name=name)
    assert matched(board, "Councillor Quill") == ""


def test_a_surname_of_another_board_s_member_is_nobody_s(board):
    factories.MembershipFactory(person__name="Alex Quill")
    assert matched(board, "Councillor Quill") == ""


def test_a_name_that_two_people_have_is_nobody_s(board):
    for _ in range(2):
        factories.PersonFactory(name="Alex Quill")
    assert matched(board, "Alex Quill") == ""


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("That the officers report back in June.", "The officers report back in June"),
        ("that  the\nreport be noted", "The report be noted"),
        ("", ""),
    ],
)
def test_a_title_is_the_resolution_without_its_that(words, title):
    assert short_title(words) == title


def test_a_long_title_ends_at_a_word():
    title = short_title("That " + "wonderful " * 40)
    assert len(title) <= 101
    assert title.endswith("wonderful…")


CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.txt"))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_every_place_in_a_draft_lies_in_the_text(path):
    found = read(path.read_text("utf-8"))
    draft = propose(found)
    places = [row["at"] for group in GROUP for row in draft[group]]
    assert all(0 <= start <= end <= len(found.text) for start, end in places)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_rows_of_a_draft_point_only_at_rows_that_are_there(path):
    draft = propose(read(path.read_text("utf-8")))
    keys = {row["key"] for group in GROUP for row in draft[group]}
    pointers = [row[name] for name, group in POINTERS for row in draft[group] if row[name]]
    assert set(pointers) <= keys


POINTERS = [("section", "points"), ("proposal", "votes"), ("resolution", "actions"), ("action", "elements")]


def test_points_and_elements_come_with_the_themes_their_words_suggest():
    key = (Passage("Professional curiosity was poor.", HERE),)
    discussion = (Passage("Members thanked the officers.", HERE),)
    section = Section("Practice", None, key, discussion, HERE)
    asked = Element("How neglect is found early.", None, None, None, None, HERE)
    draft = propose(
        minutes(sections=(section,), resolutions=(ASKED,), requests=(request(elements=(asked,)),))
    )
    assert [row["themes"] for row in draft["points"]] == [["CUR"], []]
    assert [row["themes"] for row in draft["elements"]] == [["NEG"]]
