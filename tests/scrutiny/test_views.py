"""The record's own pages, as an officer uses them: what is typed is checked, kept, merged and told in the history."""

from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from scrutiny.models import (
    AgendaItem,
    Attendance,
    BoardMembership,
    Meeting,
    Organisation,
    Person,
    Point,
    PostHolding,
    Proposal,
    RecordedVote,
    Resolution,
    Section,
)
from scrutiny.toolkit.history import record
from tests import factories
from tests.conftest import hold
from tests.scrutiny.toolkit.test_exports import table

APPROVED = "These minutes are approved"


@pytest.fixture
def desk(client, olivia):
    """The client of an officer."""
    client.force_login(olivia)
    return client


@pytest.fixture
def year(db):
    return factories.YearFactory()


@pytest.fixture
def meeting(board):
    return factories.MeetingFactory(board=board)


@pytest.fixture
def approved(board):
    return factories.MeetingFactory(board=board, date=date(2023, 2, 1), minutes_state="approved")


def page_of(response):
    return BeautifulSoup(response.content, "html.parser")


def text_of(response):
    return " ".join(page_of(response).main.get_text(" ").split())


def fields_in(response):
    """What a browser would send back untouched, without the token that makes sending twice harmless."""
    found = {}
    for box in page_of(response).select("main form [name]"):
        if box.name == "select":
            chosen = box.select_one("option[selected]") or box.select_one("option")
            found[box["name"]] = chosen.get("value", "")
        elif box.name == "textarea":
            found[box["name"]] = box.text.removeprefix("\n")
        elif box.get("type") not in ("radio", "checkbox") or box.has_attr("checked"):
            found[box["name"]] = box.get("value", "on" if box.get("type") == "checkbox" else "")
    return {name: value for name, value in found.items() if name != "form_token"}


def fill(client, page, pk=None, /, **typed):
    """Opens a form, types into some of its boxes and sends all of them."""
    address = reverse(page, args=[pk] if pk else [])
    return client.post(address, fields_in(client.get(address)) | typed)


def day(name, value):
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def errors_of(response):
    """The sentences at the top of the page."""
    assert response.status_code == 200, response.status_code
    return [item.text.strip() for item in page_of(response).select(".govuk-error-summary__list li")]


# Meetings


def test_a_meeting_is_added_and_its_municipal_year_follows_from_its_date(desk, board, year):
    response = fill(
        desk,
        "meeting-add",
        board=board.pk,
        kind="ordinary",
        venue="Civic Hall",
        **day("date", date(2023, 3, 8)),
    )
    meeting = Meeting.objects.get()
    assert response.url == meeting.get_absolute_url()
    assert (meeting.year, meeting.date, meeting.venue) == (year, date(2023, 3, 8), "Civic Hall")
    assert meeting.minutes_state == "drafting"


def test_a_date_outside_every_municipal_year_says_who_can_help(desk, board, year):
    response = fill(desk, "meeting-add", board=board.pk, kind="ordinary", **day("date", date(2023, 5, 25)))
    assert errors_of(response) == ["No municipal year holds this date. Ask an administrator to add it."]
    assert not Meeting.objects.exists()


def test_a_meeting_without_a_date_says_what_to_do(desk, board, year):
    response = fill(desk, "meeting-add", board=board.pk, kind="ordinary")
    assert len(errors_of(response)) == 1
    assert not Meeting.objects.exists()


def test_the_same_meeting_is_not_added_twice(desk, meeting):
    response = fill(desk, "meeting-add", board=meeting.board_id, kind="ordinary", **day("date", meeting.date))
    assert errors_of(response) == ["This board's meeting of that day is recorded already."]


def test_a_meeting_moved_to_another_day_moves_to_the_year_of_that_day(desk, meeting):
    later = factories.YearFactory(label="2023/24", start=date(2023, 5, 25), end=date(2024, 5, 22))
    fill(desk, "meeting-update", meeting.pk, reason="Put off", **day("date", date(2023, 6, 7)))
    meeting.refresh_from_db()
    assert (meeting.date, meeting.year) == (date(2023, 6, 7), later)


def test_changes_of_two_officers_to_different_boxes_are_both_kept(desk, meeting, ada):
    address = reverse("meeting-update", args=[meeting.pk])
    opened = fields_in(desk.get(address))
    meeting.kind = "themed"
    record(meeting, by=ada)
    response = desk.post(address, opened | {"venue": "Civic Hall", "reason": "It moved."}, follow=True)
    meeting.refresh_from_db()
    assert (meeting.kind, meeting.venue) == ("themed", "Civic Hall")
    assert "ada changed" in text_of(response)


def test_changes_of_two_officers_to_one_box_show_both_texts_and_save_neither_over_the_other(
    desk, meeting, ada
):
    address = reverse("meeting-update", args=[meeting.pk])
    opened = fields_in(desk.get(address))
    meeting.venue = "Town Hall"
    record(meeting, by=ada)
    response = desk.post(address, opened | {"venue": "Civic Hall", "reason": "It moved."})
    assert response.status_code == 409
    assert "Town Hall" in text_of(response)
    assert fields_in(response)["venue"] == "Civic Hall"
    meeting.refresh_from_db()
    assert meeting.venue == "Town Hall"


def test_an_officer_of_one_board_cannot_add_or_move_a_meeting_to_another(client, norma, board, meeting):
    other = factories.BoardFactory()
    hold(norma, "officer", board=board)
    client.force_login(norma)
    typed = day("date", date(2023, 4, 5))
    assert fill(client, "meeting-add", board=other.pk, kind="ordinary", **typed).status_code == 403
    assert fill(client, "meeting-update", meeting.pk, board=other.pk, reason="Moved").status_code == 403
    assert not other.meetings.exists()


# The state of the minutes


def test_minutes_are_approved_at_a_later_meeting_of_the_board(desk, meeting, board):
    later = factories.MeetingFactory(board=board, date=date(2023, 4, 5))
    fill(desk, "minutes-state-update", meeting.pk, minutes_state="approved", approved_at=later.pk)
    meeting.refresh_from_db()
    assert (meeting.minutes_state, meeting.approved_at) == ("approved", later)


@pytest.mark.parametrize("state", ["approved", "approved_subject_to_amendment", "signed"])
def test_minutes_are_not_approved_without_the_meeting_that_did_it(desk, meeting, state):
    response = fill(
        desk, "minutes-state-update", meeting.pk, minutes_state=state, amendment="Line 3: not “nine”."
    )
    assert errors_of(response) == ["Select the meeting that approved these minutes."]
    meeting.refresh_from_db()
    assert meeting.minutes_state == "draft_published"


def test_minutes_approved_with_an_amendment_hold_its_words(desk, meeting, board):
    later = factories.MeetingFactory(board=board, date=date(2023, 4, 5))
    typed = {"minutes_state": "approved_subject_to_amendment", "approved_at": later.pk}
    response = fill(desk, "minutes-state-update", meeting.pk, **typed)
    assert errors_of(response) == ["Enter the amendment in the words of the later minutes."]
    fill(desk, "minutes-state-update", meeting.pk, amendment="Minute 57: “nine” to read “ten”.", **typed)
    meeting.refresh_from_db()
    assert meeting.amendment == "Minute 57: “nine” to read “ten”."


def test_only_later_meetings_of_the_same_board_can_approve(desk, meeting, board):
    later = factories.MeetingFactory(board=board, date=date(2023, 4, 5))
    factories.MeetingFactory(board=board, date=date(2023, 2, 1))
    factories.MeetingFactory(date=date(2023, 4, 5))
    page = page_of(desk.get(reverse("minutes-state-update", args=[meeting.pk])))
    assert [option["value"] for option in page.select("[name=approved_at] option")] == ["", str(later.pk)]


def test_a_draft_was_approved_nowhere(desk, meeting, board):
    later = factories.MeetingFactory(board=board, date=date(2023, 4, 5))
    typed = {"minutes_state": "drafting", "approved_at": later.pk}
    fill(desk, "minutes-state-update", meeting.pk, reason="Published too soon.", **typed)
    meeting.refresh_from_db()
    assert (meeting.minutes_state, meeting.approved_at) == ("drafting", None)


# Publication by a second person (D-8)


@pytest.fixture
def written(board, olivia):
    """Minutes that olivia wrote and passed on for checking."""
    meeting = record(
        factories.MeetingFactory.build(
            board=board, year=factories.YearFactory(), date=date(2023, 2, 8), minutes_state="with_officers"
        ),
        by=olivia,
    )
    item = record(AgendaItem(meeting=meeting, position=1, title="Work schedule"), by=olivia)
    record(Section(item=item, position=1, heading="Discussion"), by=olivia)
    return meeting


def publish(client, meeting, **typed):
    return fill(client, "minutes-state-update", meeting.pk, minutes_state="draft_published", **typed)


def at_desk_of(client, user):
    client.force_login(user)
    return client


def state_of(meeting):
    meeting.refresh_from_db()
    return meeting.minutes_state


def test_a_publisher_who_wrote_none_of_the_minutes_publishes_them(client, written, petra):
    assert publish(at_desk_of(client, petra), written).status_code == 302
    assert state_of(written) == "draft_published"


def test_an_officer_does_not_publish_and_is_told_who_does(desk, written):
    assert "second person" in errors_of(publish(desk, written))[0]
    assert state_of(written) == "with_officers"
    assert "Publishing is for a publisher of this board" in text_of(desk.get(written.get_absolute_url()))


@pytest.mark.parametrize("way", ["the meeting", "an item", "a point"])
def test_whoever_wrote_anything_of_the_minutes_does_not_publish_them(client, written, petra, way):
    item = written.items.get()
    if way == "the meeting":
        written.venue = "Guildhall"
        record(written, by=petra)
    elif way == "an item":
        item.title = "Work programme"
        record(item, by=petra)
    else:
        record(Point(section=item.sections.get(), kind="key", position=1, text="Said."), by=petra)
    assert "You wrote in these minutes" in errors_of(publish(at_desk_of(client, petra), written))[0]
    assert "another publisher" in text_of(client.get(written.get_absolute_url()))
    assert state_of(written) == "with_officers"


def test_who_publishes_a_second_time_is_no_author_by_the_first(client, written, petra):
    publish(at_desk_of(client, petra), written)
    typed = {"minutes_state": "with_officers", "reason": "A name was wrong."}
    fill(client, "minutes-state-update", written.pk, **typed)
    publish(client, written)
    assert state_of(written) == "draft_published"


def test_a_publisher_of_another_board_publishes_nothing_here(client, written, norma):
    hold(norma, "publisher", board=factories.BoardFactory())
    assert publish(at_desk_of(client, norma), written).status_code == 404


def test_a_publisher_changes_no_words_of_the_minutes(client, written, petra):
    response = fill(at_desk_of(client, petra), "agenda-item-update", written.items.get().pk, title="Mine")
    assert response.status_code == 403


def test_taking_minutes_back_from_publication_asks_why(desk, meeting):
    response = fill(desk, "minutes-state-update", meeting.pk, minutes_state="with_officers")
    assert errors_of(response) == ["Enter why these minutes are no longer published."]
    assert state_of(meeting) == "draft_published"


def test_a_change_of_published_words_asks_why_and_of_a_draft_does_not(desk, meeting, written):
    published = factories.ItemFactory(meeting=meeting, position=1)
    assert errors_of(fill(desk, "agenda-item-update", published.pk, title="Changed"))
    draft = written.items.get()
    assert fill(desk, "agenda-item-update", draft.pk, title="Changed").status_code == 302


def test_the_publisher_s_home_page_counts_the_minutes_to_publish(client, written, petra):
    page = at_desk_of(client, petra).get(reverse("home"))
    assert [(need.count, need.words) for need in page.context["needs"]] == [
        (1, "meeting with minutes to check and publish")
    ]


# Rows of the minutes


def test_an_item_is_added_last(desk, meeting):
    factories.ItemFactory(meeting=meeting, position=4)
    response = fill(desk, "agenda-item-add", meeting.pk, title="Work schedule", minute_number="57")
    item = AgendaItem.objects.get(title="Work schedule")
    assert (item.meeting, item.position, item.minute_number) == (meeting, 5, "57")
    assert response.url == item.get_absolute_url()


def test_a_minute_number_taken_is_told_beside_its_box(desk, meeting):
    factories.ItemFactory(meeting=meeting, minute_number="57")
    response = fill(desk, "agenda-item-add", meeting.pk, title="Work schedule", minute_number="57")
    assert "has this minute number" in errors_of(response)[0]
    assert page_of(response).select_one("#id_minute_number_error")


def test_sections_and_points_are_added(desk, meeting):
    item = factories.ItemFactory(meeting=meeting)
    fill(desk, "section-add", item.pk, heading="Notification process", introduced_by="The Business Manager")
    section = Section.objects.get()
    fill(desk, "point-add", section.pk, kind="key", text="The process is set by law.")
    point = Point.objects.get()
    assert (section.item, section.position) == (item, 1)
    assert (point.section, point.kind, point.text) == (section, "key", "The process is set by law.")


def test_a_key_point_can_become_a_discussion_point(desk, meeting):
    key = factories.PointFactory(section__item__meeting=meeting, kind="key", position=1)
    factories.PointFactory(section=key.section, kind="discussion", position=1)
    response = fill(desk, "point-update", key.pk, kind="discussion", reason="It was said.")
    assert response.status_code == 302
    key.refresh_from_db()
    assert key.kind == "discussion"


def test_a_proposal_is_added_with_what_became_of_it(desk, meeting):
    item = factories.ItemFactory(meeting=meeting)
    mover = factories.PersonFactory()
    typed = {"text": "That findings be shared.", "kind": "additional_recommendation", "mover": mover.pk}
    fill(desk, "proposal-add", item.pk, outcome="lost", vote_requested_by="2", **typed)
    proposal = Proposal.objects.get()
    assert (proposal.mover, proposal.outcome, proposal.vote_requested_by) == (mover, "lost", 2)
    assert (proposal.votes_for, proposal.votes_against, proposal.on_education) == (None, None, None)


def test_a_recorded_vote_is_added(desk, meeting):
    proposal = factories.ProposalFactory(item__meeting=meeting)
    ann = factories.AttendanceFactory(meeting=meeting).person
    rule = "Council Procedure Rule 16.5"
    fill(desk, "recorded-vote-add", proposal.pk, person=ann.pk, side="against", rule=rule)
    vote = RecordedVote.objects.get()
    assert (vote.proposal, vote.person, vote.side, vote.rule) == (proposal, ann, "against", rule)


def test_a_vote_of_somebody_not_entitled_is_told_beside_the_name(desk, meeting):
    proposal = factories.ProposalFactory(item__meeting=meeting)
    guest = factories.AttendanceFactory(meeting=meeting, capacity="officer").person
    response = fill(desk, "recorded-vote-add", proposal.pk, person=guest.pk, side="for")
    assert "was not entitled to vote" in errors_of(response)[0]
    assert not RecordedVote.objects.exists()


@pytest.mark.parametrize("left_out", ["person", "side"])
def test_a_vote_sent_half_empty_says_what_is_missing(desk, meeting, left_out):
    proposal = factories.ProposalFactory(item__meeting=meeting)
    ann = factories.AttendanceFactory(meeting=meeting).person
    typed = {"person": ann.pk, "side": "for"} | {left_out: ""}
    response = fill(desk, "recorded-vote-add", proposal.pk, **typed)
    assert len(errors_of(response)) == 1


def test_a_resolution_is_added(desk, meeting):
    item = factories.ItemFactory(meeting=meeting)
    fill(desk, "resolution-add", item.pk, label="(a)", text="That it be noted.", kind="note")
    limb = Resolution.objects.get()
    assert (limb.item, limb.label, limb.kind, limb.position) == (item, "(a)", "note", 1)


def test_a_working_group_takes_no_resolution(desk, board):
    item = factories.ItemFactory(meeting=factories.MeetingFactory(board=board, kind="working_group"))
    response = fill(desk, "resolution-add", item.pk, text="That it be noted.", kind="note")
    assert errors_of(response) == [
        "A working group takes no decisions: nothing can be resolved there (I-16)."
    ]


def test_somebody_who_was_there_is_added_with_the_title_of_the_day(desk, meeting):
    item = factories.ItemFactory(meeting=meeting)
    ann = factories.PersonFactory(name="Ann Lee")
    typed = {"person": ann.pk, "item": item.pk, "capacity": "in_attendance", "status": "present"}
    fill(
        desk,
        "attendance-add",
        meeting.pk,
        name_as_minuted="Ann Lee",
        title_as_minuted="Business Manager",
        **typed,
    )
    there = Attendance.objects.get()
    assert (there.person, there.item, there.title_as_minuted) == (ann, item, "Business Manager")


def test_only_items_of_the_meeting_can_be_attended(desk, meeting):
    item = factories.ItemFactory(meeting=meeting)
    factories.ItemFactory()
    page = page_of(desk.get(reverse("attendance-add", args=[meeting.pk])))
    assert [option["value"] for option in page.select("[name=item] option")] == ["", str(item.pk)]


def test_an_attendance_without_a_person_says_just_that(desk, meeting):
    factories.AttendanceFactory(meeting=meeting)
    response = fill(
        desk, "attendance-add", meeting.pk, name_as_minuted="Ann Lee", capacity="member", status="present"
    )
    assert len(errors_of(response)) == 1


def row_of(noun, meeting):
    """A row of the minutes with the box of its form that is typed into."""
    item = factories.ItemFactory(meeting=meeting)
    proposal = factories.ProposalFactory(item=item)
    there = factories.AttendanceFactory(meeting=meeting)
    rows = {
        "meeting": lambda: (meeting, "venue"),
        "agenda-item": lambda: (item, "purpose"),
        "attendance": lambda: (there, "title_as_minuted"),
        "section": lambda: (factories.SectionFactory(item=item), "heading"),
        "point": lambda: (factories.PointFactory(section__item=item), "text"),
        "proposal": lambda: (proposal, "text"),
        "recorded-vote": lambda: (
            factories.RecordedVoteFactory(proposal=proposal, person=there.person),
            "rule",
        ),
        "resolution": lambda: (factories.ResolutionFactory(item=item), "text"),
    }
    return rows[noun]()


NOUNS = [
    "meeting",
    "agenda-item",
    "attendance",
    "section",
    "point",
    "proposal",
    "recorded-vote",
    "resolution",
]
PARENTS = {
    "agenda-item": lambda meeting: meeting,
    "attendance": lambda meeting: meeting,
    "section": lambda meeting: factories.ItemFactory(meeting=meeting),
    "proposal": lambda meeting: factories.ItemFactory(meeting=meeting),
    "resolution": lambda meeting: factories.ItemFactory(meeting=meeting),
    "point": lambda meeting: factories.SectionFactory(item__meeting=meeting),
    "recorded-vote": lambda meeting: factories.ProposalFactory(item__meeting=meeting),
}


@pytest.mark.parametrize("noun", NOUNS)
def test_a_row_is_changed_and_the_history_says_why(desk, meeting, olivia, noun):
    row, box = row_of(noun, meeting)
    response = fill(desk, f"{noun}-update", row.pk, reason="As read out", **{box: "New words"})
    assert response.url == row.get_absolute_url()
    row.refresh_from_db()
    assert getattr(row, box) == "New words"
    newest = row.history.first()
    assert (newest.history_user, newest.history_change_reason) == (olivia, "As read out")


@pytest.mark.parametrize("noun", NOUNS)
def test_approved_minutes_refuse_a_change_with_the_sentence(desk, approved, noun):
    row, box = row_of(noun, approved)
    address = reverse(f"{noun}-update", args=[row.pk])
    for response in (desk.get(address), desk.post(address, {box: "New words"})):
        assert response.status_code == 409
        assert f"{APPROVED}, so their record is not changed any more." in text_of(response)
    before = getattr(row, box)
    row.refresh_from_db()
    assert getattr(row, box) == before


@pytest.mark.parametrize("noun", PARENTS)
def test_approved_minutes_refuse_a_new_row_with_the_sentence(desk, approved, noun):
    parent = PARENTS[noun](approved)
    person = factories.AttendanceFactory(meeting=approved).person
    guest = factories.PersonFactory()
    typed = {"title": "x", "heading": "x", "text": "x", "name_as_minuted": "x", "status": "present"}
    typed |= {"capacity": "officer", "person": guest.pk if noun == "attendance" else person.pk}
    typed |= {"side": "for", "kind": {"point": "key", "resolution": "note"}.get(noun, "motion")}
    before = {
        model: model.objects.count()
        for model in (AgendaItem, Attendance, Section, Point, Proposal, RecordedVote)
    }
    response = desk.post(reverse(f"{noun}-add", args=[parent.pk]), typed)
    assert any(APPROVED in error for error in errors_of(response))
    assert {model: model.objects.count() for model in before} == before


@pytest.mark.parametrize("noun", NOUNS)
def test_those_who_only_read_cannot_change_a_row(client, mary, meeting, noun):
    row, _ = row_of(noun, meeting)
    client.force_login(mary)
    assert client.get(reverse(f"{noun}-update", args=[row.pk])).status_code == 403


@pytest.mark.parametrize("noun", NOUNS)
def test_those_who_cannot_see_a_draft_do_not_find_its_rows(client, mary, board, noun):
    row, _ = row_of(noun, factories.MeetingFactory(board=board, minutes_state="drafting"))
    client.force_login(mary)
    assert client.get(reverse(f"{noun}-update", args=[row.pk])).status_code == 404


# Taking a row out


DELETABLE = ["attendance", "point", "recorded-vote"]


@pytest.mark.parametrize("noun", DELETABLE)
def test_a_row_is_deleted_with_a_reason_and_its_history_stays_readable(desk, meeting, noun):
    row, _ = row_of(noun, meeting)
    key, meeting_page = row.pk, meeting.get_absolute_url()
    response = fill(desk, f"{noun}-delete", key, reason="Minuted under another item")
    assert response.url == meeting_page
    assert not type(row).objects.filter(pk=key).exists()
    told = text_of(desk.get(reverse("history", args=[noun, key])))
    assert "was deleted" in told
    assert "Minuted under another item" in told
    assert "by Olivia Marsh" in told


@pytest.mark.parametrize("noun", DELETABLE)
def test_the_history_of_the_meeting_tells_what_was_deleted(desk, meeting, noun):
    row, _ = row_of(noun, meeting)
    fill(desk, f"{noun}-delete", row.pk, reason="Minuted under another item")
    assert "Minuted under another item" in text_of(desk.get(reverse("history", args=["meeting", meeting.pk])))


@pytest.mark.parametrize("noun", DELETABLE)
def test_a_row_is_not_deleted_without_a_reason(desk, meeting, noun):
    row, _ = row_of(noun, meeting)
    assert errors_of(fill(desk, f"{noun}-delete", row.pk))
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("noun", DELETABLE)
def test_a_row_of_approved_minutes_is_not_deleted(desk, approved, noun):
    row, _ = row_of(noun, approved)
    response = desk.post(reverse(f"{noun}-delete", args=[row.pk]), {"reason": "Tidying"})
    assert APPROVED in text_of(response)
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("noun", DELETABLE)
def test_a_row_is_not_deleted_by_asking_for_the_page(desk, meeting, noun):
    row, _ = row_of(noun, meeting)
    assert "stays readable in the history" in text_of(desk.get(reverse(f"{noun}-delete", args=[row.pk])))
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("noun", DELETABLE)
def test_those_who_only_read_delete_nothing(client, mary, meeting, noun):
    row, _ = row_of(noun, meeting)
    client.force_login(mary)
    assert client.post(reverse(f"{noun}-delete", args=[row.pk]), {"reason": "x"}).status_code == 403
    assert type(row).objects.filter(pk=row.pk).exists()


# Histories of drafts


def status_of_history(client, user, row, noun="point"):
    client.force_login(user)
    return client.get(reverse("history", args=[noun, row.pk])).status_code


def test_the_history_of_a_draft_is_not_found_by_those_who_cannot_see_it(client, mary, chidi, board):
    point = factories.PointFactory(
        section__item__meeting__board=board, section__item__meeting__minutes_state="drafting"
    )
    assert status_of_history(client, chidi, point) == 200
    assert status_of_history(client, mary, point) == 404


def test_the_history_of_another_boards_draft_is_not_found(client, norma, board):
    hold(norma, "officer", board=board)
    point = factories.PointFactory(section__item__meeting__minutes_state="drafting")
    assert status_of_history(client, norma, point) == 404


def test_the_history_of_what_was_deleted_from_another_boards_draft_is_not_found(client, norma, board):
    hold(norma, "officer", board=board)
    point = factories.PointFactory(section__item__meeting__minutes_state="drafting")
    key = point.pk
    point.delete()
    point.pk = key
    assert status_of_history(client, norma, point) == 404


def test_the_history_of_nothing_is_not_found(desk):
    assert desk.get(reverse("history", args=["point", 999_999])).status_code == 404
    assert desk.get(reverse("history", args=["form-receipt", 1])).status_code == 404


def test_a_deleted_row_is_called_by_its_name_without_a_clock(desk, meeting):
    row, _ = row_of("point", meeting)
    fill(desk, "point-delete", row.pk, reason="Minuted twice")
    heading = page_of(desk.get(reverse("history", args=["point", row.pk]))).h1.text
    assert heading == f"History of {row}"


# People and organisations


def test_a_person_is_added_and_changed(desk):
    response = fill(desk, "person-add", style="Councillor", name="Ann Lee")
    ann = Person.objects.get()
    assert response.url == ann.get_absolute_url()
    fill(desk, "person-update", ann.pk, honours="MBE", reason="New year’s honours")
    ann.refresh_from_db()
    assert str(ann) == "Councillor Ann Lee MBE"
    assert ann.history.first().history_change_reason == "New year’s honours"


def test_a_person_needs_a_name(desk):
    assert len(errors_of(fill(desk, "person-add", style="Councillor"))) == 1
    assert not Person.objects.exists()


def test_the_page_of_a_person_shows_seats_posts_and_the_titles_of_the_day(desk, meeting):
    ann = factories.PersonFactory(name="Ann Lee")
    factories.MembershipFactory(board=meeting.board, person=ann)
    factories.PostHoldingFactory(person=ann, post__title="Business Manager")
    factories.AttendanceFactory(meeting=meeting, person=ann, title_as_minuted="Interim Head of Service")
    told = text_of(desk.get(ann.get_absolute_url()))
    assert f"Member, {meeting.board}" in told
    assert "Business Manager" in told
    assert "Interim Head of Service" in told


def test_the_page_of_a_person_keeps_drafts_from_those_who_may_not_see_them(client, mary, board):
    draft = factories.MeetingFactory(board=board, minutes_state="drafting")
    there = factories.AttendanceFactory(meeting=draft, title_as_minuted="Interim Head of Service")
    client.force_login(mary)
    assert "Interim Head" not in text_of(client.get(there.person.get_absolute_url()))


def test_an_organisation_is_added_and_changed(desk):
    fill(desk, "organisation-add", name="Borough Police", kind="police")
    police = Organisation.objects.get(name="Borough Police")
    fill(desk, "organisation-update", police.pk, short_name="BP")
    police.refresh_from_db()
    assert police.short_name == "BP"


def test_two_organisations_have_two_names(desk, partnership):
    assert len(errors_of(fill(desk, "organisation-add", name=partnership.name, kind="other"))) == 1


def test_an_organisation_gets_another_name_and_is_found_by_it(desk, partnership):
    response = fill(desk, "organisation-alias-add", partnership.pk, name="The Partnership")
    assert response.url == partnership.get_absolute_url()
    assert list(Organisation.objects.called("the partnership")) == [partnership]
    assert "The Partnership" in text_of(desk.get(partnership.get_absolute_url()))
    assert partnership.name in text_of(desk.get(reverse("organisation-list"), {"q": "the partn"}))


def test_another_name_cannot_be_the_own_name_of_an_organisation(desk, partnership):
    police = factories.OrganisationFactory(name="Borough Police")
    response = fill(desk, "organisation-alias-add", partnership.pk, name="BOROUGH police")
    assert errors_of(response) == ["An organisation has this as its own name."]
    assert not police.aliases.exists()


def test_a_name_belongs_to_one_organisation_only(desk, partnership):
    police = factories.OrganisationFactory()
    fill(desk, "organisation-alias-add", partnership.pk, name="The Executive")
    assert len(errors_of(fill(desk, "organisation-alias-add", police.pk, name="The Executive"))) == 1


def test_a_post_and_its_holder_are_added_and_the_holder_leaves(desk, partnership):
    ann = factories.PersonFactory()
    fill(desk, "post-add", partnership.pk, title="Business Manager")
    post = partnership.posts.get()
    fill(desk, "post-holding-add", post.pk, person=ann.pk, **day("start", date(2022, 5, 26)))
    holding = PostHolding.objects.get()
    fill(desk, "post-holding-update", holding.pk, **day("end", date(2023, 5, 4)))
    holding.refresh_from_db()
    assert (holding.person, holding.start, holding.end) == (ann, date(2022, 5, 26), date(2023, 5, 4))


def test_nobody_leaves_a_post_before_taking_it(desk):
    holding = factories.PostHoldingFactory(start=date(2022, 5, 26))
    response = fill(desk, "post-holding-update", holding.pk, **day("end", date(2022, 5, 25)))
    assert errors_of(response) == ["The last day must not be before the first day."]


def test_a_member_joins_a_board_and_leaves_it(desk, board):
    ann = factories.PersonFactory()
    fill(
        desk,
        "board-membership-add",
        board.pk,
        person=ann.pk,
        role="member",
        **day("start", date(2022, 5, 26)),
    )
    seat = BoardMembership.objects.get()
    fill(desk, "board-membership-update", seat.pk, **day("end", date(2023, 5, 24)))
    seat.refresh_from_db()
    assert (seat.board, seat.person, seat.end) == (board, ann, date(2023, 5, 24))


def test_an_officer_of_one_board_is_not_asked_for_members_of_another(client, norma, board):
    hold(norma, "officer", board=factories.BoardFactory())
    client.force_login(norma)
    assert client.get(reverse("board-membership-add", args=[board.pk])).status_code == 403


@pytest.mark.parametrize("name", ["meeting-add", "person-add", "organisation-add"])
def test_those_who_only_read_add_nothing(client, cast, name):
    for user in (cast.chidi, cast.mary, cast.lena, cast.arun, cast.ada, cast.norma):
        client.force_login(user)
        assert client.get(reverse(name)).status_code == 403


# Lists


def test_meetings_are_filtered_by_board_and_exported(desk, meeting):
    factories.MeetingFactory()
    rows = table(desk.get(reverse("meeting-list"), {"board": meeting.board_id, "format": "csv"}))
    assert rows == [
        ["Board", "Municipal year", "Date", "Kind", "Venue", "Minutes"],
        [meeting.board.name, "2022/23", "2023-03-08", "Ordinary", "", "Draft published"],
    ]


def test_organisations_found_by_two_names_stand_once_in_the_list(desk, partnership):
    partnership.aliases.create(name="Partnership North")
    partnership.aliases.create(name="Partnership South")
    page = page_of(desk.get(reverse("organisation-list"), {"q": "partnership"}))
    assert len(page.select("#results tbody tr")) == 1


def more_meetings(number):
    board, year = factories.BoardFactory(), factories.YearFactory()
    for days in range(number):
        factories.MeetingFactory(board=board, year=year, date=date(2022, 5, 26) + timedelta(days))


def more_organisations(number):
    for body in factories.OrganisationFactory.create_batch(number):
        body.aliases.create(name=f"{body} again")


def more_reports(number):
    for each in factories.OrganisationFactory.create_batch(number):
        factories.ReportFactory(author_body=each)


LISTS = {
    "meeting-list": more_meetings,
    "person-list": factories.PersonFactory.create_batch,
    "organisation-list": more_organisations,
    "report-list": more_reports,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_three_hundred_costs_as_many_queries_as_one_of_three(desk, name):
    LISTS[name](3)
    few = queries_for(desk, name)
    LISTS[name](297)
    assert queries_for(desk, name) == few


def queries_for(client, name):
    client.get(reverse(name))
    with CaptureQueriesContext(connection) as captured:
        response = client.get(reverse(name))
    assert page_of(response).select("#results tbody tr")
    return len(captured)
