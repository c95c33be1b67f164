"""The officer's pages of a round."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions.models import Message, ProgressUpdate, Reply, UpdateRequest, UpdateRound
from actions.rounds import asking
from scrutiny.overview.dashboard import needs, standings
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def site(olivia):
    client = Client()
    client.force_login(olivia)
    return client


@pytest.fixture
def meeting(board, today):
    return factories.MeetingFactory(board=board, date=today + timedelta(days=60), minutes_state="drafting")


@pytest.fixture
def round_(ask, today, partnership, olivia):
    """Asked: the partnership about three elements, the first of which is answered; and a hospital about one."""
    opened = factories.RoundFactory(
        board=ask.action.board, opened_on=today, due_on=today + timedelta(days=14), opened_by=olivia
    )
    request = factories.RequestFactory(round=opened, organisation=partnership)
    sent = factories.ReplyFactory(request=request, element=ask.elements[0], sent=True)
    draft = factories.ReplyFactory(
        request=request, element=ask.elements[1], state="draft", text="A secret draft."
    )
    waiting = factories.ReplyFactory(request=request, element=ask.elements[2])
    hospital = factories.RequestFactory(round=opened, organisation__name="Otherham Hospital", to_email="")
    elsewhere = factories.ElementFactory(action=factories.ActionFactory(resolution=ask.resolution))
    silent = factories.ReplyFactory(request=hospital, element=elsewhere)
    return SimpleNamespace(
        round=opened,
        request=request,
        hospital=hospital,
        sent=sent,
        draft=draft,
        waiting=waiting,
        silent=silent,
    )


def words_of(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def boxes(answer):
    found = {}
    for box in BeautifulSoup(answer.content, "html.parser").select("main form [name]"):
        if box.get("type") in ("radio", "checkbox") and not box.has_attr("checked"):
            continue
        if box.name == "textarea":
            found[box["name"]] = box.get_text().removeprefix("\n")
        elif box.name == "select":
            chosen = box.select_one("option[selected]")
            found[box["name"]] = chosen["value"] if chosen else ""
        elif box.get("type") != "file":
            found[box["name"]] = box.get("value", "")
    return found


def page(site, name, row):
    return site.get(reverse(name, args=[row.pk]))


def send(site, name, row, opened=None, **changes):
    return site.post(reverse(name, args=[row.pk]), boxes(opened or page(site, name, row)) | changes)


# Opening a round.


def test_a_round_for_a_meeting_shows_who_is_asked_what_and_opens(ask, meeting, site, today):
    answer = page(site, "meeting-round", meeting)
    words = words_of(answer)
    assert "1 addressee will be asked about 2 elements." in words
    assert ask.elements[0].text in words
    assert "No e-mail address is known" in words
    assert send(site, "meeting-round", meeting).status_code == 302
    opened = UpdateRound.objects.get()
    assert (opened.meeting, opened.opened_on) == (meeting, today)
    assert Reply.objects.count() == 2


def test_answers_are_wanted_ten_working_days_before_the_meeting(meeting):
    meeting.date = date(2026, 12, 2)
    assert asking.wanted_before(meeting, date(2026, 11, 3)) == date(2026, 11, 18)


def test_answers_are_wanted_the_day_before_a_meeting_that_is_near(meeting):
    meeting.date = date(2026, 11, 30)
    assert asking.wanted_before(meeting, date(2026, 11, 25)) == date(2026, 11, 27)


def test_answers_are_wanted_today_where_the_meeting_is_tomorrow(meeting):
    meeting.date = date(2026, 11, 26)
    assert asking.wanted_before(meeting, date(2026, 11, 25)) == date(2026, 11, 25)


def test_a_round_for_an_action_wants_answers_in_a_fortnight(ask, site, today):
    send(site, "action-round", ask.action)
    assert UpdateRound.objects.get().due_on == today + timedelta(days=14)


@pytest.mark.parametrize(("days", "sentence"), [(-1, "from today on"), (60, "before the meeting")])
def test_the_day_must_be_one_on_which_answers_are_of_use(ask, meeting, site, today, days, sentence):
    day = today + timedelta(days=days)
    parts = {"due_on_day": day.day, "due_on_month": day.month, "due_on_year": day.year}
    answer = send(site, "meeting-round", meeting, **parts)
    assert sentence in words_of(answer)
    assert not UpdateRound.objects.exists()


def test_nobody_is_asked_what_the_officer_did_not_see(ask, site):
    opened = page(site, "action-round", ask.action)
    factories.ElementFactory(action=ask.action, number=4, text="Added meanwhile.")
    answer = send(site, "action-round", ask.action, opened)
    assert "changed meanwhile" in words_of(answer)
    assert "Added meanwhile." in words_of(answer)
    assert send(site, "action-round", ask.action, answer).status_code == 302
    assert Reply.objects.count() == 4


def test_where_there_is_nothing_to_ask_the_page_says_why(round_, ask, site):
    words = words_of(page(site, "action-round", ask.action))
    assert "There is nothing to ask" in words
    assert "3 elements are left out, because an answer is awaited" in words
    assert site.post(reverse("action-round", args=[ask.action.pk])).status_code == 200
    assert UpdateRound.objects.count() == 1


def test_there_is_no_round_for_a_meeting_that_was_held(ask, site):
    assert page(site, "meeting-round", ask.meeting).status_code == 409


def test_action_and_meeting_lead_to_opening_a_round(ask, meeting, site):
    for row, name in ((ask.action, "action-round"), (meeting, "meeting-round")):
        found = BeautifulSoup(site.get(row.get_absolute_url()).content, "html.parser")
        assert found.select_one(f"a[href='{reverse(name, args=[row.pk])}']")


# Seeing how it goes.


def test_a_round_says_how_far_it_is_and_who_has_not_answered(round_, site):
    words = words_of(page(site, "round-detail", round_.round))
    assert "1 of 4 elements answered, 1 to look at. 1 addressee has not answered." in words
    assert "No address" in words


def test_the_page_of_a_request_puts_the_last_word_beside_the_new_one(round_, site, ask):
    factories.UpdateFactory(element=ask.elements[0], text="What was said last time.")
    words = words_of(page(site, "request-detail", round_.request))
    assert "What was said last time." in words
    assert round_.sent.text in words


@pytest.mark.parametrize("name", ["request-detail", "reply-type-in"])
def test_officers_see_that_there_is_a_draft_and_not_what_it_says(round_, site, name):
    row = round_.request if name == "request-detail" else round_.draft
    words = words_of(page(site, name, row))
    assert "draft" in words
    assert "A secret draft." not in words


@pytest.mark.parametrize("noun", ["update-round", "update-request", "reply"])
def test_no_history_tells_what_a_draft_said(round_, site, noun):
    draft = round_.draft
    draft.text, draft.owner_progress, draft.state, draft.sent_at = (
        "What was sent.",
        "complete",
        "submitted",
        timezone.now(),
    )
    draft.save()
    row = {"update-round": round_.round, "update-request": round_.request, "reply": draft}[noun]
    words = words_of(site.get(reverse("history", args=[noun, row.pk])))
    assert "What was sent." in words
    assert "A secret draft." not in words


def test_a_body_that_was_renamed_is_called_as_it_is_today(round_, site, partnership):
    partnership.name = "Exampleton Safeguarding Alliance"
    partnership.save()
    assert "Exampleton Safeguarding Alliance" in words_of(page(site, "request-detail", round_.request))


def test_the_home_page_counts_rounds_with_answers_to_look_at(round_, site, olivia, today):
    (need,) = [
        need for need in needs(olivia, today, standings(olivia, today)) if "answers to look at" in need.words
    ]
    assert (need.count, need.words) == (1, "round with answers to look at")
    assert site.get(need.url).context["paginator"].count == 1


@pytest.mark.parametrize(("state", "count"), [("look", 1), ("unfinished", 1), ("finished", 0)])
def test_the_list_can_be_narrowed(round_, site, state, count):
    assert site.get(reverse("round-list"), {"state": state}).context["paginator"].count == count


def test_a_round_of_another_board_is_not_there_for_an_officer_of_one(round_, db):
    from tests.conftest import hold

    client = Client()
    client.force_login(hold(factories.UserFactory(), "officer", board=factories.BoardFactory()))
    assert client.get(reverse("round-detail", args=[round_.round.pk])).status_code == 404
    assert client.get(reverse("round-list")).context["paginator"].count == 0


def queries(site, url):
    with CaptureQueriesContext(connection) as caught:
        assert site.get(url).status_code == 200
    return len(caught)


@pytest.mark.slow
def test_the_list_takes_as_many_queries_for_three_hundred_rounds_as_for_three(site, board, olivia):
    def grow(count):
        for _ in range(count):
            opened = factories.RoundFactory(board=board, opened_by=olivia)
            factories.ReplyFactory(request__round=opened)

    url = reverse("round-list")
    grow(3)
    site.get(url)
    few = queries(site, url)
    grow(297)
    assert queries(site, url) == few


@pytest.mark.slow
@pytest.mark.parametrize("name", ["round-detail", "request-detail"])
def test_the_pages_take_as_many_queries_for_many_as_for_few(round_, site, ask, name):
    url = reverse(name, args=[(round_.round if name == "round-detail" else round_.request).pk])
    site.get(url)
    few = queries(site, url)
    for number in range(30):
        element = factories.ElementFactory(action=ask.action, number=50 + number)
        factories.UpdateFactory(element=element)
        factories.ReplyFactory(request=round_.request, element=element, sent=True)
        factories.ReplyFactory(request=factories.RequestFactory(round=round_.round), element=element)
    assert queries(site, url) == few


# Accepting.


def test_the_form_is_filled_with_what_was_sent(round_, site):
    found = boxes(page(site, "reply-accept", round_.sent))
    assert found["text"] == round_.sent.text
    assert found["reported_by"] == "Sam Weir, Business Manager"
    assert "answered through the link by Sam Weir, Business Manager on" in found["source"]


def test_accepting_puts_it_into_the_record(round_, site, olivia):
    assert send(site, "reply-accept", round_.sent).status_code == 302
    update = ProgressUpdate.objects.get()
    assert (update.text, update.owner_progress, update.recorded_by) == (
        round_.sent.text,
        "in_progress",
        olivia,
    )


def test_what_the_officer_changed_is_seen_to_be_changed(round_, site):
    send(site, "reply-accept", round_.sent, text="All three partners have trained most of their staff.")
    answer = page(site, "request-detail", round_.request)
    found = BeautifulSoup(answer.content, "html.parser")
    assert "As submitted All three partners have trained their staff." in words_of(answer)
    assert "most of" in found.select_one("ins").get_text()


def test_evidence_gets_its_grade_on_accepting_or_stays_out(round_, site):
    kept = factories.ReplyEvidenceFactory(reply=round_.sent, title="Register")
    left = factories.ReplyEvidenceFactory(reply=round_.sent, title="A photograph")
    answer = send(site, "reply-accept", round_.sent)
    assert "Select what “Register” shows" in words_of(answer)
    grades = {f"evidence-{kept.pk}-grade": "E2", f"evidence-{left.pk}-grade": "left_out"}
    assert send(site, "reply-accept", round_.sent, **grades).status_code == 302
    assert [(piece.title, piece.grade) for piece in ProgressUpdate.objects.get().evidence.all()] == [
        ("Register", "E2")
    ]


def test_what_was_sent_again_meanwhile_is_not_accepted_unseen(round_, site):
    opened = page(site, "reply-accept", round_.sent)
    round_.sent.text = "Sent again."
    round_.sent.save()
    answer = send(site, "reply-accept", round_.sent, opened)
    assert "changed while you were reading" in words_of(answer)
    assert "Sent again." in words_of(answer)
    assert not ProgressUpdate.objects.exists()


@pytest.mark.parametrize("name", ["reply-accept", "reply-ask-back"])
def test_a_draft_is_neither_accepted_nor_asked_back_about(round_, site, name):
    assert page(site, name, round_.draft).status_code == 409


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"closed_on": "today"}, "The Board closed this element on"),
        ({"judged_on": "today"}, "The Board judged this element on"),
    ],
)
def test_an_answer_after_the_board_judged_is_accepted_and_the_page_says_so(
    round_, site, today, values, sentence
):
    element = round_.sent.element
    for name in values:
        setattr(element, name, today)
    element.save()
    assert sentence in words_of(page(site, "reply-accept", round_.sent))
    assert send(site, "reply-accept", round_.sent).status_code == 302


def test_a_source_fits_whatever_the_name(round_, site):
    round_.sent.reported_by = "Sam " * 50
    round_.sent.save()
    found = boxes(page(site, "reply-accept", round_.sent))
    assert len(found["source"]) <= 200
    assert found["source"].endswith(f"on {timezone.localdate():%-d %B %Y}")


# Asking back, and typing in.


def test_asking_back_sends_the_question(round_, site):
    assert send(site, "reply-ask-back", round_.sent, question="How many?").status_code == 302
    assert "How many?" in Message.objects.get().text
    assert "You asked How many?" in words_of(page(site, "request-detail", round_.request))


def test_what_was_sent_before_is_still_seen_while_a_new_answer_is_drafted(round_, site):
    send(site, "reply-ask-back", round_.sent, question="How many?")
    reply = Reply.objects.get(pk=round_.sent.pk)
    reply.text, reply.state, reply.sent_at = "A new secret draft.", "draft", None
    reply.save()
    words = words_of(page(site, "request-detail", round_.request))
    assert round_.sent.text in words
    assert "A new secret draft." not in words


def test_what_came_by_e_mail_is_typed_in_with_its_source(round_, site):
    typed = {"text": "It is done.", "owner_progress": "complete", "reported_by": "Sam Weir", "source": ""}
    answer = send(site, "reply-type-in", round_.waiting, **typed)
    assert "Enter the source." in words_of(answer)
    typed["source"] = "E-mail of 3 May"
    assert send(site, "reply-type-in", round_.waiting, **typed).status_code == 302
    round_.waiting.refresh_from_db()
    assert (round_.waiting.state, round_.waiting.update.source) == ("accepted", "E-mail of 3 May")


# The link.


def test_the_link_is_shown_on_a_button_where_no_message_arrives_and_that_is_written_down(round_, site):
    answer = page(site, "request-link", round_.hospital)
    assert "/answer/" not in words_of(answer)
    assert f"/answer/{round_.hospital.link_value}:" in words_of(send(site, "request-link", round_.hospital))
    assert "shown" in round_.hospital.history.first().history_change_reason


def test_the_link_is_not_shown_where_a_message_goes_out(ask, site, partnership):
    partnership.email = "office@escp.example"
    partnership.save()
    send(site, "action-round", ask.action)
    request = UpdateRequest.objects.get()
    assert page(site, "request-link", request).status_code == 409
    assert site.post(reverse("request-link", args=[request.pk])).status_code == 409


def test_a_new_link_can_be_sent_and_a_link_taken_back(round_, site, today):
    assert send(site, "request-renew", round_.request).status_code == 302
    round_.request.refresh_from_db()
    assert round_.request.issue == 2
    assert send(site, "request-revoke", round_.request, reason="Left the post").status_code == 302
    round_.request.refresh_from_db()
    assert round_.request.revoked_on == today
    assert "Taken back on" in words_of(page(site, "request-detail", round_.request))


def test_a_file_that_was_sent_is_downloaded_and_never_shown(round_, site, tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    piece = factories.ReplyEvidenceFactory(
        reply=round_.sent, file=SimpleUploadedFile("r.txt", b"names"), file_name="register.txt"
    )
    answer = page(site, "reply-evidence-file", piece)
    assert answer["Content-Disposition"] == 'attachment; filename="register.txt"'
    assert "sandbox" in answer["Content-Security-Policy"]
