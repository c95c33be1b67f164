"""Pages about actions and elements: what they show, what they write, and what they keep when something is wrong."""

import csv
import re
import secrets
from datetime import date, timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions.models import (
    Action,
    Answer,
    DueRevision,
    Element,
    ElementPart,
    Evidence,
    Judgement,
    MinutesImport,
    ProgressUpdate,
)
from reviews.models import OversightBody
from scrutiny.indexing import differences
from scrutiny.models import RecordedVote, Resolution
from scrutiny.toolkit.history import version_of
from tests import factories
from tests.bench.worker import Statements
from tests.conftest import as_shown

pytestmark = pytest.mark.django_db
LATER = date(2023, 5, 3)


@pytest.fixture
def officer(client, olivia):
    client.force_login(olivia)
    return client


@pytest.fixture(autouse=True)
def files_aside(settings, tmp_path):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }


def day(name, value):
    return {f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year}


def soup(answer):
    return BeautifulSoup(answer.content, "html.parser")


def send(client, name, pk, sent, **kwargs):
    return client.post(reverse(name, args=[pk]), sent, **kwargs)


def take(client, name, pk, sent, **kwargs):
    """A step on what is stored: the form says what it showed of that."""
    return send(client, name, pk, sent | as_shown(client, reverse(name, args=[pk])), **kwargs)


def item_of(board, on, title="Progress"):
    return factories.ItemFactory(meeting=factories.MeetingFactory(board=board, date=on), title=title)


# Progress and evidence.


def progress_on(element, **values):
    return {
        "text": "Half of the training is done.",
        "owner_progress": "in_progress",
        "reported_by": "Business Manager",
        "on_behalf_of": element.action.addressee_id,
        "source": "E-mail of 3 May 2023",
        **day("received_on", LATER),
    } | values


def test_progress_is_recorded_and_the_officer_is_back_at_the_element(officer, ask):
    answer = send(officer, "element-progress", ask.elements[0].pk, progress_on(ask.elements[0]))
    assert answer.headers["Location"] == ask.elements[0].get_absolute_url()
    update = ProgressUpdate.objects.get()
    assert (update.text, update.received_on, update.element) == (
        "Half of the training is done.",
        LATER,
        ask.elements[0],
    )


def statements_of_progress(officer, element, **values):
    """How many are sent, without the savepoint that stands here for the transaction of the request."""
    url = reverse("element-progress", args=[element.pk])
    officer.get(url)  # notes down in the session that the site is used
    sent = progress_on(element, **values) | {"form_token": secrets.token_urlsafe(24)}
    counted = Statements()
    with connection.execute_wrapper(counted):
        assert officer.post(url, sent).status_code == 302
    return counted.count - 2


@pytest.mark.search
def test_recording_progress_takes_fifteen_statements(officer, ask):
    """Person 3, receipt 2, element 1, savepoint 2, update 3, lock 1, how it stands 1, element 2."""
    assert statements_of_progress(officer, ask.elements[0]) <= 15
    assert ProgressUpdate.history.count() == 1
    assert Element.history.filter(history_type="~").count() == 1
    assert not list(differences())


def test_on_behalf_of_another_body_it_takes_one_more(officer, ask):
    other = factories.OrganisationFactory()
    assert statements_of_progress(officer, ask.elements[0], on_behalf_of=other.pk) <= 16


def test_progress_on_an_element_that_was_judged_and_answered_takes_no_more(officer, ask, report):
    element = ask.elements[0]
    factories.AnswerFactory(element=element, report=report)
    send(officer, "action-judge", ask.action.pk, judged(report.item, one="4"))
    assert Element.objects.get(pk=element.pk).judged_on
    assert statements_of_progress(officer, element) <= 15


def test_progress_that_may_identify_a_child_is_asked_about_and_kept_with_a_tick(officer, ask):
    element = ask.elements[0]
    typed = progress_on(element, text="A boy aged 4 was seen.", source="E-mail from the mother of Child A")
    asked = soup(send(officer, "element-progress", element.pk, typed))
    assert [error.text.strip() for error in asked.select(".govuk-error-summary__list li")] == [
        "“aged 4” reads like a child's age. Take it out, or tick that nobody can be identified.",
        "“mother of” reads like a relation to a child, and “Child A” reads like a named child. "
        "Take them out, or tick that nobody can be identified.",
    ]
    assert asked.select_one("textarea[name=text]").text.strip() == "A boy aged 4 was seen."
    assert not ProgressUpdate.objects.exists()
    seen = asked.select_one("[name=identifying_seen]")["value"]
    send(
        officer,
        "element-progress",
        element.pk,
        typed | {"identifying_seen": seen, "identifying_checked": "on"},
    )
    history = officer.get(reverse("history", args=["element", element.pk]))
    assert (
        "E-mail from the mother of Child A. Checked for identifying details "
        "(a child's age, a relation to a child, a named child): kept, nobody can be identified."
    ) in soup(history).get_text()


def test_progress_comes_with_evidence_on_one_page(officer, ask):
    evidence = {
        "evidence-title": "Register",
        "evidence-grade": "E2",
        "evidence-link": "https://example.org/a",
    }
    send(officer, "element-progress", ask.elements[0].pk, progress_on(ask.elements[0]) | evidence)
    piece = Evidence.objects.get()
    assert (piece.title, piece.grade, piece.link, piece.update.element) == (
        "Register",
        "E2",
        "https://example.org/a",
        ask.elements[0],
    )


def test_evidence_left_empty_is_none(officer, ask):
    empty = {"evidence-title": "", "evidence-grade": "", "evidence-link": ""}
    send(officer, "element-progress", ask.elements[0].pk, progress_on(ask.elements[0]) | empty)
    assert ProgressUpdate.objects.count() == 1
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("evidence", "sentence"),
    [
        ({"evidence-title": "Register"}, "Select a grade for the evidence."),
        ({"evidence-grade": "E2"}, "Enter what the evidence is."),
        ({"evidence-title": "R", "evidence-grade": "E2", "evidence-link": "nonsense"}, "Enter a valid URL."),
    ],
)
def test_half_a_piece_of_evidence_is_asked_about_and_nothing_is_written(officer, ask, evidence, sentence):
    answer = send(officer, "element-progress", ask.elements[0].pk, progress_on(ask.elements[0]) | evidence)
    assert sentence in soup(answer).get_text()
    assert not ProgressUpdate.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": ""}, "Enter what is reported."),
        ({"owner_progress": ""}, "Select the owner says."),
        ({"source": ""}, "Enter the source."),
        ({"received_on_day": "31", "received_on_month": "2"}, "31 February 2023 does not exist"),
        (day("received_on", date.today() + timedelta(days=2)), "cannot be in the future"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(officer, ask, wrong, sentence):
    typed = progress_on(ask.elements[0], reported_by="Ms Ember’s <office>") | wrong
    page = soup(send(officer, "element-progress", ask.elements[0].pk, typed))
    assert sentence in page.get_text()
    assert page.select_one("[name=reported_by]")["value"] == "Ms Ember’s <office>"
    assert page.select_one("[name=received_on_day]")["value"] == str(typed["received_on_day"])
    assert page.select_one("textarea[name=text]").text.strip() == typed["text"]
    assert not ProgressUpdate.objects.exists()


def with_file(element, name="register.txt", content=b"Attended: 41"):
    file = SimpleUploadedFile(name, content)
    return progress_on(element) | {
        "evidence-title": "Register",
        "evidence-grade": "E2",
        "evidence-file": file,
    }


def test_a_file_is_stored_under_a_name_that_says_nothing(officer, ask, tmp_path):
    send(officer, "element-progress", ask.elements[0].pk, with_file(ask.elements[0], "Names of staff.txt"))
    (stored,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert re.fullmatch(r"[0-9a-f]{32}\.txt", stored.name)
    assert stored.read_bytes() == b"Attended: 41"


def test_a_file_is_downloaded_under_the_name_it_came_with_and_never_shown_in_the_site(officer, ask):
    send(officer, "element-progress", ask.elements[0].pk, with_file(ask.elements[0], "Names of staff.txt"))
    answer = officer.get(reverse("evidence-file", args=[Evidence.objects.get().pk]))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="Names of staff.txt"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer) == b"Attended: 41"


def test_evidence_without_a_file_has_no_download(officer, ask):
    piece = factories.EvidenceFactory(update__element=ask.elements[0])
    assert officer.get(reverse("evidence-file", args=[piece.pk])).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("tool.exe", b"MZ", "Choose a file of one of these kinds"),
        ("page.html", b"<script>", "Choose a file of one of these kinds"),
        ("report.pdf", b"MZ not a pdf", "This is not a .pdf file"),
        ("report.docx", b"PK not a zip", "This is not a .docx file"),
        ("empty.txt", b"", "empty"),
    ],
)
def test_a_file_of_another_kind_is_refused_and_nothing_is_written(
    officer, ask, tmp_path, name, content, sentence
):
    answer = send(officer, "element-progress", ask.elements[0].pk, with_file(ask.elements[0], name, content))
    assert sentence in soup(answer).get_text()
    assert not ProgressUpdate.objects.exists()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_evidence_is_added_to_an_update_afterwards(officer, ask):
    update = factories.UpdateFactory(element=ask.elements[0])
    answer = send(officer, "evidence-add", update.pk, {"title": "Survey", "grade": "E3"})
    assert answer.headers["Location"] == ask.elements[0].get_absolute_url()
    ask.elements[0].refresh_from_db()
    assert ask.elements[0].evidence_grade == "E3"


# Judging.


def judged(item, **rows):
    """What the page sends: `one="2"` is the category code for element 1."""
    numbers = {"one": 1, "two": 2, "three": 3}
    sent = {"item": item.pk}
    for number in numbers.values():
        sent |= {f"element-{number}-{name}": "" for name in ("category", "comment", "version")}
    for word, code in rows.items():
        sent[f"element-{numbers[word]}-category"] = factories.category(code).pk
        sent[f"element-{numbers[word]}-comment"] = "As the Chair summed up."
    return sent


def test_several_elements_are_judged_in_one_sitting(officer, ask):
    item = item_of(ask.action.board, LATER)
    answer = send(officer, "action-judge", ask.action.pk, judged(item, one="2", three="4"))
    assert answer.status_code == 302
    assert dict(Judgement.objects.values_list("element__number", "category__code")) == {1: "2", 3: "4"}


def test_a_sitting_without_a_judgement_is_asked_about(officer, ask):
    answer = send(officer, "action-judge", ask.action.pk, judged(item_of(ask.action.board, LATER)))
    assert "Select the Board's judgement on at least one element." in soup(answer).get_text()


def test_a_comment_needs_its_judgement_and_stays_on_the_page(officer, ask):
    sent = judged(item_of(ask.action.board, LATER), one="2") | {"element-2-comment": "Good progress."}
    answer = send(officer, "action-judge", ask.action.pk, sent)
    assert "Select the judgement this comment belongs to." in soup(answer).get_text()
    assert soup(answer).select_one("textarea[name=element-2-comment]").text.strip() == "Good progress."
    assert not Judgement.objects.exists()


def test_only_items_of_meetings_that_could_judge_are_offered(officer, ask):
    could = item_of(ask.action.board, LATER)
    item_of(ask.action.board, date(2023, 3, 1))
    item_of(ask.action.board, timezone.localdate() + timedelta(days=1))
    item_of(factories.BoardFactory(), LATER)
    page = soup(officer.get(reverse("action-judge", args=[ask.action.pk])))
    offered = {option["value"] for option in page.select("select[name=item] option")}
    assert offered == {"", str(could.pk), str(ask.item.pk)}


def test_an_item_that_could_not_judge_is_refused_though_it_was_sent(officer, ask):
    sent = judged(item_of(factories.BoardFactory(), LATER), one="2")
    assert send(officer, "action-judge", ask.action.pk, sent).status_code == 200
    assert not Judgement.objects.exists()


def test_a_category_of_another_scheme_is_refused_though_it_was_sent(officer, ask):
    sent = judged(item_of(ask.action.board, LATER))
    sent["element-1-category"] = factories.category("Green", scheme="Green, amber and red").pk
    assert send(officer, "action-judge", ask.action.pk, sent).status_code == 200
    assert not Judgement.objects.exists()


def test_a_judgement_recorded_meanwhile_is_not_overwritten_unawares(officer, ask):
    item = item_of(ask.action.board, LATER)
    factories.JudgementFactory(element=ask.elements[0], item=item, category=factories.category("4"))
    sent = judged(item, one="2") | {"element-1-comment": "My words."}
    answer = send(officer, "action-judge", ask.action.pk, sent)
    assert "Meanwhile somebody recorded" in soup(answer).get_text()
    assert soup(answer).select_one("textarea[name=element-1-comment]").text.strip() == "My words."
    assert Judgement.objects.get().category.code == "4"


def test_a_judgement_taken_back_meanwhile_is_told_of(officer, ask):
    sent = judged(item_of(ask.action.board, LATER), one="2") | {"element-1-version": "12"}
    answer = send(officer, "action-judge", ask.action.pk, sent)
    assert "Meanwhile somebody took back what was recorded here" in soup(answer).get_text()


def test_a_judgement_recorded_meanwhile_is_replaced_knowingly(officer, ask):
    item = item_of(ask.action.board, LATER)
    factories.JudgementFactory(element=ask.elements[0], item=item, category=factories.category("4"))
    first = soup(send(officer, "action-judge", ask.action.pk, judged(item, one="2")))
    version = first.select_one("[name=element-1-version]")["value"]
    sent = judged(item, one="2") | {"element-1-version": version}
    assert send(officer, "action-judge", ask.action.pk, sent).status_code == 302
    assert Judgement.objects.get().category.code == "2"


def test_why_achieved_without_any_answer_is_asked_beside_the_comment(officer, ask):
    sent = judged(item_of(ask.action.board, LATER), one="2", two="4") | {"element-1-comment": ""}
    answer = send(officer, "action-judge", ask.action.pk, sent)
    assert (
        "Say why the Board judged it achieved."
        in soup(answer).select_one("#id_element-1-comment_error").get_text()
    )
    links = [link["href"] for link in soup(answer).select(".govuk-error-summary a")]
    assert links == ["#id_element-1-comment"]
    assert not Judgement.objects.exists()


# Answers.


def answers_in(report, **rows):
    numbers = {"one": 1, "two": 2, "three": 3}
    sent = {"report": report.pk}
    for number in numbers.values():
        sent |= {f"element-{number}-{name}": "" for name in ("coverage", "paragraph", "note", "version")}
    return sent | {f"element-{numbers[word]}-coverage": coverage for word, coverage in rows.items()}


@pytest.fixture
def report(ask):
    return factories.ReportFactory(item=item_of(ask.action.board, LATER), title="The further report")


def test_what_a_report_answers_is_recorded_on_one_page(officer, ask, report):
    sent = answers_in(report, one="fully", two="not") | {"element-1-paragraph": "3.4 to 3.9"}
    assert send(officer, "action-answers", ask.action.pk, sent).status_code == 302
    found = Answer.objects.values_list("element__number", "coverage", "paragraph").order_by("element__number")
    assert list(found) == [(1, "fully", "3.4 to 3.9"), (2, "not", "")]


def test_a_paragraph_without_a_coverage_is_asked_about_and_kept(officer, ask, report):
    sent = answers_in(report, one="fully") | {"element-2-paragraph": "4.1"}
    page = soup(send(officer, "action-answers", ask.action.pk, sent))
    assert "Select how the report covers this element." in page.get_text()
    assert page.select_one("[name=element-2-paragraph]")["value"] == "4.1"
    assert not Answer.objects.exists()


def test_only_reports_received_after_the_asking_are_offered(officer, ask, report):
    factories.ReportFactory(item=ask.item)
    factories.ReportFactory(item=item_of(factories.BoardFactory(), LATER))
    page = soup(officer.get(reverse("action-answers", args=[ask.action.pk])))
    assert {option["value"] for option in page.select("select[name=report] option")} == {"", str(report.pk)}


# The due window, conditions, and adding.


def test_a_changed_window_needs_a_reason(officer, ask):
    sent = {"words": "by January 2024", **day("due_to", date(2024, 1, 31)), "reason": "  "}
    page = soup(take(officer, "action-due-window", ask.action.pk, sent))
    assert "Enter why the window changes." in page.get_text()
    assert page.select_one("[name=words]")["value"] == "by January 2024"
    assert not DueRevision.objects.exists()


def test_a_changed_window_shows_the_one_before_and_why(officer, ask):
    sent = {"words": "by January 2024", **day("due_to", date(2024, 1, 31)), "reason": "The review is late"}
    page = soup(
        take(officer, "action-due-window", ask.action.pk, sent | {"agreed_by": "The Chair"}, follow=True)
    )
    text = " ".join(page.get_text().split())
    assert "By January 2024" in text
    assert "Originally in September/October 2023" in text
    assert "The review is late" in text


def test_a_window_backwards_is_refused(officer, ask):
    sent = {"words": "x", **day("due_from", LATER), **day("due_to", LATER - timedelta(days=1)), "reason": "y"}
    answer = take(officer, "action-due-window", ask.action.pk, sent)
    assert "The window ends before it starts." in soup(answer).get_text()


def test_the_state_of_a_condition_is_changed_with_a_reason(officer, ask):
    sent = {"state": "met", "reason": "Published"}
    assert take(officer, "element-condition", ask.elements[2].pk, sent).status_code == 302
    ask.elements[2].refresh_from_db()
    assert ask.elements[2].condition_state == "met"


def test_what_somebody_else_said_of_a_condition_is_replaced_knowingly_only(officer, ask):
    pk, url = ask.elements[2].pk, reverse("element-condition", args=[ask.elements[2].pk])
    mine = {"state": "met", "reason": "It was published"} | as_shown(officer, url)
    take(officer, "element-condition", pk, {"state": "not_met_lapsed", "reason": "Withdrawn"})
    answer = send(officer, "element-condition", pk, mine)
    assert (
        "Somebody else changed this meanwhile. Now it says: Condition not met, lapsed"
        in soup(answer).get_text()
    )
    assert "It was published" in soup(answer).get_text()
    assert Element.objects.get(pk=pk).condition_state == "not_met_lapsed"
    again = mine | {"version": soup(answer).select_one("[name=version]")["value"]}
    assert send(officer, "element-condition", pk, again).status_code == 302
    assert Element.objects.get(pk=pk).condition_state == "met"


def test_what_somebody_else_said_of_a_window_is_replaced_knowingly_only(officer, ask):
    url = reverse("action-due-window", args=[ask.action.pk])
    mine = {"words": "by May", "reason": "Asked for"} | as_shown(officer, url)
    take(officer, "action-due-window", ask.action.pk, {"words": "by June", "reason": "The chair agreed"})
    assert "Now it says: by June" in soup(officer.post(url, mine)).get_text()
    ask.action.refresh_from_db()
    assert ask.action.due_words == "by June"


def test_an_element_without_a_condition_has_no_such_page(officer, ask):
    assert officer.get(reverse("element-condition", args=[ask.elements[0].pk])).status_code == 404


def test_an_action_is_added_with_one_element_to_a_line(officer, ask):
    sent = {
        "title": "A letter",
        "addressee": ask.action.addressee_id,
        "legal_force": "REC_OTHER",
        "elements": "• First thing\n\n- Second thing\n",
    }
    assert send(officer, "action-add", ask.resolution.pk, sent).status_code == 302
    action = Action.objects.get(title="A letter")
    assert (action.number, [element.text for element in action.elements.all()]) == (
        2,
        ["First thing", "Second thing"],
    )


def test_an_action_is_not_added_to_a_resolution_that_only_notes(officer, ask):
    note = factories.ResolutionFactory(item=ask.item, kind="note")
    sent = {
        "title": "A",
        "addressee": ask.action.addressee_id,
        "legal_force": "REC_OTHER",
        "elements": "Mine",
    }
    page = soup(send(officer, "action-add", note.pk, sent))
    assert "I-1" in page.get_text()
    assert page.select_one("textarea[name=elements]").text.strip() == "Mine"
    assert Action.objects.count() == 1


def test_an_element_is_added_last(officer, ask):
    sent = {"text": "One more.", "condition": "", "condition_state": "unconditional", "due_words": ""}
    assert send(officer, "element-add", ask.action.pk, sent).status_code == 302
    assert ask.action.elements.last().text == "One more."
    assert ask.action.elements.last().number == 4


@pytest.mark.parametrize(
    ("condition", "state"), [("", "unconditional"), ("if the review reports", "waiting")]
)
def test_an_element_waits_once_it_has_a_condition(officer, ask, condition, state):
    send(
        officer, "element-add", ask.action.pk, {"text": "One more.", "condition": condition, "due_words": ""}
    )
    assert ask.action.elements.get(text="One more.").condition_state == state


def test_a_part_is_added_to_an_element_without_touching_its_words(officer, ask):
    words = ask.elements[0].text
    assert (
        send(officer, "element-part-add", ask.elements[0].pk, {"letter": "a", "text": "Part."}).status_code
        == 302
    )
    ask.elements[0].refresh_from_db()
    assert (ask.elements[0].text, ElementPart.objects.get().text) == (words, "Part.")


def test_a_letter_taken_already_is_an_error_and_no_error_page(officer, ask):
    ElementPart.objects.create(element=ask.elements[0], letter="a", text="First.")
    answer = send(officer, "element-part-add", ask.elements[0].pk, {"letter": "a", "text": "Second."})
    assert answer.status_code == 200
    assert "part of that letter" in soup(answer).get_text()


def test_the_page_of_a_past_day_shows_the_action_as_it_was(officer, ask):
    answer = officer.get(reverse("action-as-at", args=[ask.action.pk]), day("day", timezone.localdate()))
    assert ask.action.title in soup(answer).get_text()
    answer = officer.get(reverse("action-as-at", args=[ask.action.pk]), day("day", date(2020, 1, 1)))
    assert answer.context["was"].action is None


# Two officers at once.


def edited(element, **values):
    same = {
        "text": element.text,
        "due_words": element.due_words,
        "condition": element.condition,
        "condition_state": element.condition_state,
        "version": version_of(element),
        "reason": "As minuted",
    }
    return same | values


def test_editing_an_element_needs_a_reason(officer, ask):
    answer = send(
        officer, "element-update", ask.elements[0].pk, edited(ask.elements[0], text="New.", reason="")
    )
    assert answer.status_code == 200
    ask.elements[0].refresh_from_db()
    assert ask.elements[0].text != "New."


def test_two_texts_for_one_element_are_both_shown_and_neither_is_lost(officer, ask):
    mine = edited(ask.elements[0], text="What I typed.")
    send(officer, "element-update", ask.elements[0].pk, edited(ask.elements[0], text="What they saved."))
    answer = send(officer, "element-update", ask.elements[0].pk, mine)
    assert answer.status_code == 409
    assert soup(answer).select_one("textarea[name=text]").text.strip() == "What I typed."
    assert "What they saved." in " ".join(soup(answer).get_text().split())
    ask.elements[0].refresh_from_db()
    assert ask.elements[0].text == "What they saved."


def test_changes_to_different_fields_of_one_element_are_both_kept(officer, ask):
    mine = edited(ask.elements[0], due_words="July 2023")
    send(officer, "element-update", ask.elements[0].pk, edited(ask.elements[0], text="What they saved."))
    assert send(officer, "element-update", ask.elements[0].pk, mine).status_code == 302
    ask.elements[0].refresh_from_db()
    assert (ask.elements[0].text, ask.elements[0].due_words) == ("What they saved.", "July 2023")


def test_progress_recorded_meanwhile_does_not_stop_an_edit_of_the_words(officer, ask):
    mine = edited(ask.elements[0], text="Corrected.")
    send(officer, "element-progress", ask.elements[0].pk, progress_on(ask.elements[0]))
    assert send(officer, "element-update", ask.elements[0].pk, mine).status_code == 302
    ask.elements[0].refresh_from_db()
    assert (ask.elements[0].text, ask.elements[0].owner_progress) == ("Corrected.", "in_progress")


def test_taking_the_condition_of_a_lapsed_element_away_opens_its_closed_action_again(officer, ask):
    take(officer, "element-condition", ask.elements[2].pk, {"state": "not_met_lapsed", "reason": "Withdrawn"})
    send(officer, "action-judge", ask.action.pk, judged(item_of(ask.action.board, LATER), one="2", two="2"))
    ask.action.refresh_from_db()
    assert ask.action.closed_on == LATER
    sent = edited(Element.objects.get(pk=ask.elements[2].pk), condition="")
    assert send(officer, "element-update", ask.elements[2].pk, sent).status_code == 302
    ask.action.refresh_from_db()
    assert ask.action.closed_on is None


def test_the_edit_page_leaves_the_state_of_a_condition_to_the_page_of_its_own(officer, ask):
    sent = edited(Element.objects.get(pk=ask.elements[2].pk), condition_state="not_met_lapsed")
    assert send(officer, "element-update", ask.elements[2].pk, sent).status_code == 302
    assert Element.objects.get(pk=ask.elements[2].pk).condition_state == "waiting"


# The same form twice.


def twice(client, url, sent):
    sent = sent | {"form_token": secrets.token_urlsafe(24)}
    return [client.post(url, sent) for _ in range(2)]


def test_progress_sent_twice_is_recorded_once(officer, ask):
    url = reverse("element-progress", args=[ask.elements[0].pk])
    first, second = twice(officer, url, progress_on(ask.elements[0]))
    assert (first.status_code, second.status_code) == (302, 302)
    assert ProgressUpdate.objects.count() == 1


def test_an_action_sent_twice_is_added_once(officer, ask):
    sent = {
        "title": "A letter",
        "addressee": ask.action.addressee_id,
        "legal_force": "REC_OTHER",
        "elements": "",
    }
    twice(officer, reverse("action-add", args=[ask.resolution.pk]), sent)
    assert Action.objects.filter(title="A letter").count() == 1


def test_a_changed_window_sent_twice_is_one_change(officer, ask):
    url = reverse("action-due-window", args=[ask.action.pk])
    twice(officer, url, {"words": "later", "reason": "Asked for", **as_shown(officer, url)})
    assert DueRevision.objects.count() == 1


@pytest.mark.parametrize(
    "name",
    [
        "element-progress",
        "element-add",
        "element-part-add",
        "action-due-window",
        "action-judge",
        "action-answers",
    ],
)
def test_every_form_carries_a_token(officer, ask, report, name):
    pk = (ask.elements[0] if name in ("element-progress", "element-part-add") else ask.action).pk
    tokens = {
        soup(officer.get(reverse(name, args=[pk]))).select_one("[name=form_token]")["value"] for _ in range(2)
    }
    assert len(tokens) == 2


# Lists and their exports.


def rows_of(answer):
    return list(csv.DictReader(StringIO(b"".join(answer).decode().lstrip("\ufeff"))))


@pytest.fixture
def many(ask, partnership):
    for number in range(2, 32):
        action = factories.ActionFactory(
            resolution=ask.resolution,
            addressee=partnership,
            number=number,
            due_from=None,
            due_to=date(2023, 6, number % 28 + 1),
            closed_on=date(2023, 7, 1) if number % 3 == 0 else None,
        )
        factories.ElementFactory(action=action, number=1, closed_on=action.closed_on)
    return ask


def all_pages(client, url, query):
    found, number = [], 1
    while True:
        context = client.get(url, query | {"page": number}).context
        found += list(context["object_list"])
        if not context["page_obj"].has_next():
            return found
        number += 1


@pytest.mark.parametrize(
    "query", [{}, {"state": "open"}, {"state": "closed", "sort": "-due"}, {"q": "further"}]
)
def test_the_export_of_actions_is_the_list(officer, many, query):
    shown = [action.reference for action in all_pages(officer, reverse("action-list"), query)]
    rows = rows_of(officer.get(reverse("action-list"), query | {"format": "csv"}))
    assert [row["Reference"] for row in rows] == shown
    assert shown


@pytest.mark.parametrize("query", [{}, {"timing": "late"}, {"state": "open", "sort": "-reference"}])
def test_the_export_of_elements_is_the_list(officer, many, query):
    shown = [(e.action.reference, str(e.number)) for e in all_pages(officer, reverse("element-list"), query)]
    rows = rows_of(officer.get(reverse("element-list"), query | {"format": "csv"}))
    assert [(row["Reference"], row["Element"]) for row in rows] == shown
    assert shown


@pytest.mark.limits
@pytest.mark.parametrize("page", ["action-list", "element-list"])
def test_an_export_reads_its_rows_in_one_statement(officer, many, django_assert_num_queries, page):
    """Besides session, user and roles, and two that stay: how often it is done, and the event that it was."""
    officer.get(reverse(page))
    with django_assert_num_queries(6):
        assert len(rows_of(officer.get(reverse(page), {"format": "csv"}))) > 30


def test_whoever_records_the_judgement_sees_which_report_answers_each_element(officer, ask):
    report = factories.ReportFactory(item=ask.item, title="What became of it")
    factories.AnswerFactory(element=ask.elements[0], report=report, coverage="partly", paragraph="4.2")
    shown = " ".join(officer.get(reverse("action-judge", args=[ask.action.pk])).content.decode().split())
    assert "Answered partly in" in shown
    assert "What became of it" in shown


def test_the_list_of_actions_says_how_much_of_each_is_late(officer, ask):
    late = len(Element.objects.late(date.today()).filter(action=ask.action))
    assert late
    assert f"{late} late" in officer.get(reverse("action-list")).content.decode()
    row = rows_of(officer.get(reverse("action-list"), {"format": "csv"}))[0]
    assert row["Late"] == str(late)


def test_an_element_a_report_leaves_out_is_not_called_answered(officer, ask):
    report = factories.ReportFactory(item=ask.item)
    factories.AnswerFactory(element=ask.elements[0], report=report, coverage="not")
    shown = officer.get(ask.action.get_absolute_url()).content.decode()
    assert "Not answered in" in shown
    assert "Answered not" not in shown


def test_the_export_says_what_the_page_says(officer, ask):
    factories.UpdateFactory(element=ask.elements[0])
    ask.elements[0].due_to = date(2024, 2, 1)
    ask.elements[0].closed_on = ask.elements[0].judged_on = date(2023, 5, 3)
    ask.elements[0].category = factories.category("2")
    ask.elements[0].save()
    row = rows_of(officer.get(reverse("element-list"), {"format": "csv", "timing": "closed"}))[0]
    assert row["How it stands"] == "Closed by the Board"
    assert row["The Board judged"] == "2. Achieved"
    assert (row["Due until"], row["Judged on"]) == ("2024-02-01", "2023-05-03")


def test_words_in_an_export_are_never_run_as_a_formula(officer, ask):
    ask.action.title = "=HYPERLINK(1)"
    ask.action.save()
    assert rows_of(officer.get(reverse("action-list"), {"format": "csv"}))[0]["Title"] == "'=HYPERLINK(1)"


def test_a_list_turns_round(officer, many):
    shown = [action.pk for action in all_pages(officer, reverse("action-list"), {"sort": "reference"})]
    turned = [action.pk for action in all_pages(officer, reverse("action-list"), {"sort": "-reference"})]
    assert turned == shown[::-1]


# As many queries for much as for little.


def queries_of(client, url):
    client.get(url)  # what is only asked once is asked now
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def grow_actions(world, number):
    """More actions for the same resolution, each with an element of its own."""
    start = Action.objects.count()
    Action.objects.bulk_create(
        factories.ActionFactory.build(
            resolution=world.resolution,
            board=world.action.board,
            year=world.action.year,
            addressee=world.action.addressee,
            number=1000 + n,
            reference=f"Q-{n}",
        )
        for n in range(start, start + number)
    )
    new = Action.objects.filter(number__gte=1000 + start)
    Element.objects.bulk_create(factories.ElementFactory.build(action=action, number=1) for action in new)
    Element.objects.filter(action__in=new).update(owner_progress="complete")


def grow_elements(world, number):
    start = Element.objects.count()
    Element.objects.bulk_create(
        factories.ElementFactory.build(action=world.action, number=100 + n)
        for n in range(start, start + number)
    )
    new = Element.objects.filter(action=world.action, number__gte=100)
    ElementPart.objects.bulk_create(
        ElementPart(element=e, letter="z", text="x") for e in new.filter(parts=None)
    )
    report = factories.ReportFactory(item=item_of(world.action.board, LATER + timedelta(days=number % 20)))
    Answer.objects.bulk_create(
        Answer(element=e, report=report, coverage="fully") for e in new.filter(answers=None)
    )


def grow_updates(world, number):
    element = world.elements[0]
    bodies = factories.OrganisationFactory.create_batch(2)
    rows = [
        factories.UpdateFactory.build(
            element=element, on_behalf_of=bodies[n % 2], recorded_by=factories.UserFactory()
        )
        for n in range(number)
    ]
    ProgressUpdate.objects.bulk_create(rows)
    Evidence.objects.bulk_create(
        Evidence(update=update, title="R", grade="E1") for update in element.updates.filter(evidence=None)
    )
    for n in range(min(number, 20)):
        held_on = date(2022, 8, 1) + timedelta(days=Judgement.objects.count() + n)
        Judgement.objects.bulk_create(
            [
                Judgement(
                    element=element,
                    item=item_of(world.action.board, held_on),
                    category=factories.category("4"),
                )
            ]
        )


def grow_meeting(world, number):
    start = Resolution.objects.count()
    Resolution.objects.bulk_create(
        factories.ResolutionFactory.build(item=world.item, position=100 + n)
        for n in range(start, start + number)
    )
    section = factories.SectionFactory(item=world.item)
    for n in range(min(number, 30)):
        factories.PointFactory(section=section, position=n + 1)
        proposal = factories.ProposalFactory(item=world.item)
        RecordedVote.objects.create(proposal=proposal, person=factories.PersonFactory(), side="for")
        factories.AttendanceFactory(meeting=world.meeting, organisation=factories.OrganisationFactory())
        factories.UndertakingFactory(item=world.item)
        report = factories.ReportFactory(item=world.item)
        factories.AppendixFactory(report=report)
    grow_actions(world, number)
    Answer.objects.bulk_create(
        Answer(element=e, report=report, coverage="fully") for e in Element.objects.filter(answers=None)
    )


MINUTES = "RESOLVED –\n" + "\n".join(f"({letter}) That the matter {letter} be noted." for letter in "abc")


def grow_import(world, number):
    draft = world.brought_in.draft
    rows = draft["resolutions"]
    more = [rows[0] | {"key": f"resolutions-{len(rows) + n + 1}"} for n in range(number)]
    MinutesImport.objects.filter(pk=world.brought_in.pk).update(draft=draft | {"resolutions": [*rows, *more]})


def grow_papers(world, number):
    """More elements that one report answers, more bodies it was presented to, and more reports."""
    grow_actions(world, number)
    new = Element.objects.exclude(answers__report=world.report)
    Answer.objects.bulk_create(Answer(element=e, report=world.report, coverage="partly") for e in new)
    for _ in range(min(number, 20)):
        body = OversightBody.objects.create(name=f"Body {OversightBody.objects.count()}")
        factories.ReportPresentationFactory(report=world.report, body=body)
        factories.ReportFactory(author_body=factories.OrganisationFactory())


GROWING = {
    "report-detail": (grow_papers, "report", 300),
    "report-list": (grow_papers, None, 300),
    "action-list": (grow_actions, None, 300),
    "element-list": (grow_actions, None, 300),
    "action-detail": (grow_elements, "action", 57),
    "element-detail": (grow_updates, "element", 300),
    "element-progress": (grow_updates, "element", 300),
    "home": (grow_actions, None, 300),
    "board-detail": (grow_actions, "board", 300),
    "meeting-detail": (grow_meeting, "meeting", 300),
    "import-detail": (grow_import, "brought_in", 300),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", GROWING)
def test_a_page_asks_the_database_as_often_for_much_as_for_little(officer, olivia, ask, name):
    grow, noun, number = GROWING[name]
    world = SimpleNamespace(**vars(ask), element=ask.elements[0], board=ask.action.board)
    world.report = factories.ReportFactory(item=item_of(world.board, LATER))
    world.brought_in = factories.ImportFactory(text=MINUTES, created_by=olivia, board=world.board)
    url = reverse(name, args=[getattr(world, noun).pk] if noun else [])
    grow(world, 3)
    few = queries_of(officer, url)
    grow(world, number)
    assert queries_of(officer, url) == few <= 45


@pytest.mark.slow
def test_an_export_asks_the_database_as_often_for_much_as_for_little(officer, ask):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            b"".join(officer.get(reverse("element-list"), {"format": "csv"}))
        return len(captured)

    grow_actions(ask, 3)
    asked()
    few = asked()
    grow_actions(ask, 300)
    assert asked() == few


# What others may do here.


@pytest.mark.parametrize("name", ["chidi", "mary", "lena", "arun"])
def test_only_an_officer_is_offered_a_change(cast, ask, name):
    client = Client()
    client.force_login(getattr(cast, name))
    for url in (
        ask.action.get_absolute_url(),
        ask.elements[0].get_absolute_url(),
        ask.meeting.get_absolute_url(),
    ):
        links = [link["href"] for link in soup(client.get(url)).select("main a[href]")]
        changes = re.compile(r"^(?!/data-problems/).*/(edit|add|judge|answers|progress|due-window)/")
        assert not [link for link in links if changes.search(link)], url


def test_nothing_on_these_pages_is_marked_safe(officer, ask):
    factories.UpdateFactory(element=ask.elements[0], text="<b>bold</b>", reported_by="<i>me</i>")
    ask.elements[0].text = "<script>alert(1)</script>"
    ask.elements[0].save()
    for url in (ask.action.get_absolute_url(), ask.elements[0].get_absolute_url(), reverse("element-list")):
        answer = officer.get(url).content.decode()
        assert "<script>alert" not in answer
        assert "<b>bold" not in answer
        assert "&lt;script&gt;alert" in answer


# A slip can be taken back.


def test_a_judgement_recorded_by_mistake_is_taken_back_by_emptying_it(officer, ask):
    item = item_of(ask.action.board, LATER)
    send(officer, "action-judge", ask.action.pk, judged(item, one="2"))
    opened = officer.get(reverse("action-judge", args=[ask.action.pk]), {"item": item.pk})
    seen = {row.add_prefix("version"): row["version"].value() for row in opened.context["rows"]}
    assert send(officer, "action-judge", ask.action.pk, {"item": item.pk} | seen).status_code == 302
    element = Element.objects.get(pk=ask.elements[0].pk)
    assert (element.judgements.count(), element.closed_on) == (0, None)


def test_a_judgement_taken_back_stays_in_the_history(officer, ask):
    test_a_judgement_recorded_by_mistake_is_taken_back_by_emptying_it(officer, ask)
    words = officer.get(reverse("history", args=["element", ask.elements[0].pk])).content.decode()
    assert "by mistake" in words


# Advice on the words of an ask


def test_an_officer_can_have_the_words_of_an_element_checked_before_anything_is_saved(ask, olivia, client):
    client.force_login(olivia)
    page = client.post(
        reverse("element-add", args=[ask.action.pk]), {"text": "That progress be noted", "check": "yes"}
    )
    assert "asks nothing of anybody" in page.content.decode()
    assert ask.action.elements.count() == 3


def test_an_officer_can_have_the_elements_of_an_action_checked(ask, olivia, client, partnership):
    client.force_login(olivia)
    sent = {
        "title": "A further report",
        "addressee": partnership.pk,
        "legal_force": "REQ_REPORT",
        "elements": "Figures on escalation by month\nConsider a pilot",
        "check": "yes",
    }
    page = client.post(reverse("action-add", args=[ask.resolution.pk]), sent)
    assert [len(each.notes) for each in page.context["clarity"]] == [0, 1]
    assert ask.resolution.actions.count() == 1


def test_the_element_page_tells_the_officer_alone_how_clear_the_ask_is(ask, olivia, mary, client):
    pages = []
    for person in (olivia, mary):
        client.force_login(person)
        pages.append(client.get(ask.elements[0].get_absolute_url()).content.decode())
    assert ["How clear is this ask?" in page for page in pages] == [True, False]
