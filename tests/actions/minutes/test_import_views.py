"""Bringing minutes in, from the file to the record, page by page."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from actions.minutes import uploads
from actions.minutes.proposal import GROUP
from actions.minutes.text import UnreadableFile, text_of
from actions.minutes.views import digest_of
from actions.models import Action, MinutesImport
from scrutiny.models import AgendaItem, Person, Resolution
from tests import factories
from tests.conftest import as_shown

pytestmark = pytest.mark.django_db
CORPUS = Path(__file__).parent / "corpus"
TEXT = (CORPUS / "01-brackenfirth-children.txt").read_text("utf-8")
DAY = date(2023, 3, 8)


@pytest.fixture(autouse=True)
def files_aside(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def officer(client, olivia, board):
    factories.YearFactory()
    client.force_login(olivia)
    return client


@pytest.fixture
def at_once(monkeypatch):
    """The child's work done in this process, so that no test waits for a new one."""
    read = {}

    def start_reading(found, upload):
        try:
            read[found.pk] = uploads.Reading(text=text_of(upload.read(), upload.name))
        except UnreadableFile as sentence:
            read[found.pk] = uploads.Reading(error=str(sentence))

    monkeypatch.setattr(uploads, "start_reading", start_reading)
    monkeypatch.setattr(uploads, "reading", lambda found: read[found.pk])
    return read


@pytest.fixture
def found(olivia, board):
    """An import to confirm, with three resolutions of which one asks."""
    factories.YearFactory()
    return factories.ImportFactory(board=board, meeting_date=DAY, created_by=olivia, text=TEXT)


def soup(answer):
    return BeautifulSoup(answer.content, "html.parser")


def paste(client, text=TEXT, **kwargs):
    return client.post(reverse("import-add"), {"text": text}, **kwargs)


def upload(client, name, content, **kwargs):
    return client.post(reverse("import-add"), {"file": SimpleUploadedFile(name, content)}, **kwargs)


def said(answer):
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


# Bringing in.


@pytest.mark.slow
def test_pasted_text_is_read_by_a_process_of_its_own(
    officer, monkeypatch, django_capture_on_commit_callbacks
):
    wait = uploads.wait_a_little
    monkeypatch.setattr(uploads, "wait_a_little", lambda found: wait(found, seconds=60))
    with django_capture_on_commit_callbacks(execute=True):
        answer = paste(officer)
    found = MinutesImport.objects.get()
    assert answer.headers["Location"] == found.get_absolute_url()
    assert (found.state, len(found.draft["resolutions"])) == ("to_confirm", 4)
    assert not uploads.folder_of(found.pk).exists()


@pytest.mark.parametrize(
    "name",
    ["01-brackenfirth-children.txt", "docx-pellbrook.docx", "pdf-eastwold.pdf", "html-hollenstow.html"],
)
def test_each_kind_of_file_leads_to_its_findings(officer, at_once, name):
    answer = upload(officer, name, (CORPUS / name).read_bytes())
    found = MinutesImport.objects.get()
    assert answer.headers["Location"].startswith(found.get_absolute_url())
    assert found.source_name == name
    assert found.draft["resolutions"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("scanned.pdf", (CORPUS / "scanned.pdf").read_bytes()),
        ("minutes.rtf", rb"{\rtf1 Minutes}"),
        ("minutes.txt", b"  \n "),
        ("minutes.pdf", b"not a pdf"),
    ],
)
def test_a_file_that_cannot_be_read_leaves_nothing_behind(officer, at_once, name, content):
    answer = upload(officer, name, content)
    assert answer.headers["Location"] == reverse("import-add")
    assert said(answer).endswith(".")
    assert not MinutesImport.objects.exists()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"text": ""}, "Choose a file or paste the text."),
        ({"text": " \n "}, "Choose a file or paste the text."),
        (
            {"text": "x", "file": SimpleUploadedFile("a.txt", b"x")},
            "Choose a file or paste the text, not both.",
        ),
        ({"file": SimpleUploadedFile("a.txt", b"")}, "empty"),
    ],
)
def test_neither_both_nor_empty(officer, at_once, sent, sentence):
    answer = officer.post(reverse("import-add"), sent)
    assert answer.status_code == 200
    assert sentence in soup(answer).get_text()
    assert not MinutesImport.objects.exists()


def test_pasted_text_stays_when_it_is_refused(officer, at_once):
    both = {"text": "My pasted words.", "file": SimpleUploadedFile("a.txt", b"x")}
    assert (
        soup(officer.post(reverse("import-add"), both)).select_one("textarea").text.strip()
        == "My pasted words."
    )


@pytest.mark.parametrize("change", [lambda text: text, lambda text: text.replace("\n", "\r\n\n  ")])
def test_the_same_minutes_twice_lead_to_the_import_that_is_there(officer, at_once, change):
    paste(officer)
    found = MinutesImport.objects.get()
    answer = paste(officer, change(TEXT))
    assert answer.headers["Location"] == found.get_absolute_url()
    assert "brought in before" in said(answer)
    assert MinutesImport.objects.count() == 1


def test_minutes_that_were_dropped_can_be_brought_in_again(officer, at_once):
    paste(officer)
    officer.post(reverse("import-drop", args=[MinutesImport.objects.get().pk]))
    paste(officer)
    assert sorted(MinutesImport.objects.values_list("state", flat=True)) == ["dropped", "to_confirm"]


def test_the_same_words_have_one_digest_however_the_lines_fall():
    assert digest_of("That  it\nbe noted. ") == digest_of("That it be noted.")
    assert digest_of("That it be noted.") != digest_of("That it be noted")
    assert digest_of("a b") == hashlib.sha256(b"a b").hexdigest()


def test_the_only_board_there_is_is_chosen(officer, at_once, board):
    paste(officer)
    assert MinutesImport.objects.get().board == board


def test_of_two_boards_the_one_the_minutes_name_is_chosen(officer, at_once, board):
    other = factories.BoardFactory(name="Scrutiny Board (Places)")
    named = f"SCRUTINY BOARD (PLACES)\n\nWEDNESDAY, 8TH MARCH, 2023\n\n{TEXT}"
    paste(officer, named)
    assert MinutesImport.objects.get().board in (other, None)
    assert MinutesImport.objects.get().board != board


def test_of_two_boards_none_is_guessed(officer, at_once):
    factories.BoardFactory()
    paste(officer)
    assert MinutesImport.objects.get().board is None


def test_an_officer_of_one_board_who_brings_in_minutes_can_go_on_with_them(at_once, board):
    from tests.conftest import hold

    own = factories.BoardFactory()
    client = Client()
    client.force_login(hold(factories.UserFactory(), "officer", board=own))
    text = f"{board.name}\nWednesday, 8th March, 2023\n\n{TEXT}"
    assert paste(client, text, follow=True).status_code == 200


# A file that takes long.


def long_reading(olivia, board, at_once, reading):
    found = factories.ImportFactory(created_by=olivia, board=board, state="reading", text="", draft={})
    at_once[found.pk] = reading
    return found


def test_a_long_file_is_waited_for_on_a_page_of_its_own(officer, at_once, monkeypatch):
    monkeypatch.setattr(uploads, "wait_a_little", lambda found: uploads.Reading(done=3, total=90))
    answer = paste(officer)
    found = MinutesImport.objects.get()
    assert answer.headers["Location"] == reverse("import-progress", args=[found.pk])
    assert found.state == "reading"


def test_the_waiting_page_says_how_far_it_is_and_looks_again(officer, olivia, board, at_once):
    found = long_reading(olivia, board, at_once, uploads.Reading(done=3, total=90))
    answer = officer.get(reverse("import-progress", args=[found.pk]))
    assert answer.headers["Refresh"] == "3"
    assert {"3", "90"} <= set(soup(answer).get_text().replace(".", " ").split())


def test_looking_changes_nothing(officer, olivia, board, at_once):
    found = long_reading(olivia, board, at_once, uploads.Reading(text=TEXT))
    officer.get(reverse("import-progress", args=[found.pk]))
    found.refresh_from_db()
    assert found.state == "reading"


def test_when_the_file_is_read_the_officer_goes_on_to_the_findings(officer, olivia, board, at_once):
    found = long_reading(olivia, board, at_once, uploads.Reading(text=TEXT))
    answer = officer.post(reverse("import-progress", args=[found.pk]))
    assert answer.headers["Location"] == found.get_absolute_url()
    found.refresh_from_db()
    assert found.state == "to_confirm"


@pytest.mark.parametrize("page", ["import-detail", "import-text"])
def test_an_import_still_being_read_has_no_error_page(officer, olivia, board, at_once, page):
    found = long_reading(olivia, board, at_once, uploads.Reading())
    assert officer.get(reverse(page, args=[found.pk])).status_code in (200, 302)


@pytest.mark.parametrize("page", ["import-meeting", "import-drop"])
def test_an_import_still_being_read_cannot_be_confirmed(officer, olivia, board, at_once, page):
    found = long_reading(olivia, board, at_once, uploads.Reading())
    assert officer.get(reverse(page, args=[found.pk])).status_code == 404


# Findings beside their source.


def test_findings_stand_beside_the_words_they_were_found_in(officer, found):
    text = " ".join(soup(officer.get(found.get_absolute_url())).get_text().split())
    assert "Safeguarding Children Partnership: Yearly Report" in text
    for row in found.draft["resolutions"]:
        assert " ".join(row["text"].split()) in text


def test_a_window_is_shown_in_words_and_days(officer, olivia, board):
    text = "RESOLVED - That the Director be requested to bring a further report in September/October 2023."
    found = factories.ImportFactory(board=board, created_by=olivia, text=text)
    shown = " ".join(soup(officer.get(found.get_absolute_url())).get_text().split())
    assert "Due September/October 2023 (1 September 2023 to 31 October 2023)" in shown


def test_every_group_can_be_opened(officer, found):
    for group in GROUP:
        assert officer.get(reverse("import-group", args=[found.pk, group])).status_code == 200, group


def test_a_group_that_does_not_exist_is_not_there(officer, found):
    assert officer.get(f"/minutes/{found.pk}/secrets/").status_code == 404


def test_the_whole_text_is_there_with_its_lines(officer, found):
    text = soup(officer.get(reverse("import-text", args=[found.pk]))).get_text()
    assert "The following attended for this item:" in text


def test_nothing_is_in_the_record_before_it_is_saved(officer, found):
    for page in ("import-detail", "import-text"):
        officer.get(reverse(page, args=[found.pk]))
    assert not AgendaItem.objects.exists()
    assert not Person.objects.exists()


# Keep, change, drop, add.


def formset_of(client, found, group):
    """What the page of a group would send if nothing were changed."""
    page = soup(client.get(reverse("import-group", args=[found.pk, group])))
    sent = {}
    for field in page.select("main form [name]"):
        if field.name == "select":
            chosen = field.select_one("option[selected]") or field.select_one("option")
            sent[field["name"]] = chosen["value"]
        elif field.name == "textarea":
            sent[field["name"]] = field.text.removeprefix("\n")
        elif field.get("type") != "checkbox":
            sent[field["name"]] = field.get("value", "")
        elif field.has_attr("checked"):
            sent.setdefault(field["name"], []).append(field.get("value", "on"))
    del sent["form_token"]  # each sending here is one of its own
    return sent


def send_group(client, found, group, sent):
    answer = client.post(reverse("import-group", args=[found.pk, group]), sent)
    found.refresh_from_db()
    return answer


@pytest.mark.parametrize("group", GROUP)
def test_sending_a_group_unchanged_changes_nothing(officer, found, group):
    before = [{name: value or "" for name, value in row.items()} for row in found.draft[group]]
    answer = send_group(officer, found, group, formset_of(officer, found, group))
    assert answer.status_code == 302
    after = [{name: value or "" for name, value in row.items()} for row in found.draft[group]]
    assert [flat(row) for row in after] == [flat(row) for row in before]


def flat(row):
    return {name: " ".join(value.split()) if isinstance(value, str) else value for name, value in row.items()}


def test_a_row_is_dropped_by_taking_its_tick_away_and_taken_back_by_setting_it(officer, found):
    sent = formset_of(officer, found, "resolutions")
    without = {name: value for name, value in sent.items() if name != "resolutions-0-keep"}
    send_group(officer, found, "resolutions", without)
    assert [row["keep"] for row in found.draft["resolutions"]] == [False, True, True, True]
    sent = formset_of(officer, found, "resolutions") | {"resolutions-0-keep": "on"}
    send_group(officer, found, "resolutions", sent)
    assert [row["keep"] for row in found.draft["resolutions"]] == [True] * 4


def test_a_page_opened_before_somebody_changed_the_row_does_not_write_over_it(officer, found):
    sent = formset_of(officer, found, "resolutions")
    send_group(
        officer, found, "resolutions", sent | {"resolutions-0-text": "As another officer corrected it."}
    )
    answer = send_group(officer, found, "resolutions", sent | {"resolutions-0-text": "As I correct it."})
    assert "Somebody else changed this meanwhile" in answer.content.decode()
    assert "As I correct it." in answer.content.decode()
    assert found.draft["resolutions"][0]["text"] == "As another officer corrected it."


def test_a_row_is_changed_and_keeps_its_place_in_the_text(officer, found):
    place = found.draft["resolutions"][0]["at"]
    sent = formset_of(officer, found, "resolutions") | {"resolutions-0-text": "Corrected."}
    send_group(officer, found, "resolutions", sent)
    row = found.draft["resolutions"][0]
    assert (row["text"], row["at"], row["key"]) == ("Corrected.", place, "resolutions-1")


def test_a_row_that_was_missed_is_added_without_a_place(officer, found):
    sent = formset_of(officer, found, "resolutions")
    sent |= {
        "resolutions-4-label": "(5)",
        "resolutions-4-text": "That it also be done.",
        "resolutions-4-kind": "agree",
    }
    send_group(officer, found, "resolutions", sent)
    row = found.draft["resolutions"][4]
    assert (row["text"], row["at"], row["key"], row["keep"]) == (
        "That it also be done.",
        None,
        "resolutions-5",
        True,
    )


def test_half_a_new_row_is_asked_about_and_kept_on_the_page(officer, found):
    sent = formset_of(officer, found, "resolutions") | {"resolutions-4-label": "(5)"}
    answer = send_group(officer, found, "resolutions", sent)
    assert answer.status_code == 200
    assert "Enter the words of the minutes." in soup(answer).get_text()
    assert soup(answer).select_one("[name=resolutions-4-label]")["value"] == "(5)"
    assert len(found.draft["resolutions"]) == 4


def test_an_action_s_window_backwards_is_refused_where_it_is_typed(officer, found):
    sent = formset_of(officer, found, "actions")
    sent |= {
        "actions-0-due_from_day": "1",
        "actions-0-due_from_month": "4",
        "actions-0-due_from_year": "2026",
    }
    answer = send_group(officer, found, "actions", sent)
    assert "The window ends before it starts." in soup(answer).get_text()


def test_two_officers_who_each_add_a_row_lose_neither(officer, found):
    mine = formset_of(officer, found, "undertakings")
    number = len(found.draft["undertakings"])
    theirs = mine | {f"undertakings-{number}-text": "What they added."}
    send_group(officer, found, "undertakings", theirs)
    answer = send_group(
        officer, found, "undertakings", mine | {f"undertakings-{number}-text": "What I added."}
    )
    texts = [row["text"] for row in found.draft["undertakings"]]
    assert "What they added." in texts
    assert "What I added." in texts or "What I added." in answer.content.decode()


def test_a_half_done_import_is_there_the_next_day(officer, found, olivia):
    sent = formset_of(officer, found, "resolutions") | {"resolutions-0-text": "Half done."}
    send_group(officer, found, "resolutions", sent)
    another_day = Client()
    another_day.force_login(olivia)
    assert found.get_absolute_url() in another_day.get(reverse("import-list")).content.decode()
    assert "Half done." in another_day.get(found.get_absolute_url()).content.decode()


# Meeting and date.


def meeting_sent(board):
    return {
        "board": board.pk,
        "title": "Yearly report",
        "minute_number": "76",
        "purpose": "",
        "report_title": "",
        "meeting_date_day": 8,
        "meeting_date_month": 3,
        "meeting_date_year": 2023,
    }


def test_board_date_and_title_are_filled_in_where_the_text_does_not_say(officer, found, board):
    MinutesImport.objects.filter(pk=found.pk).update(board=None, meeting_date=None)
    url = reverse("import-meeting", args=[found.pk])
    officer.post(url, meeting_sent(board) | as_shown(officer, url))
    found.refresh_from_db()
    assert (found.board, found.meeting_date, found.draft["item"]["title"]) == (board, DAY, "Yearly report")


@pytest.mark.parametrize("missing", ["board", "title", "meeting_date_year"])
def test_none_of_them_may_be_missing(officer, found, board, missing):
    answer = officer.post(reverse("import-meeting", args=[found.pk]), meeting_sent(board) | {missing: ""})
    assert answer.status_code == 200
    assert soup(answer).select(".govuk-error-message")


def test_a_window_reckoned_from_the_meeting_is_found_once_its_date_is_known(officer, olivia, board):
    text = "RESOLVED - That the Director be requested to bring a further report back in six months."
    found = factories.ImportFactory(board=board, created_by=olivia, text=text)
    assert not found.draft["actions"][0]["due_to"]
    url = reverse("import-meeting", args=[found.pk])
    officer.post(url, meeting_sent(board) | as_shown(officer, url))
    found.refresh_from_db()
    assert found.draft["actions"][0]["due_to"] >= "2023-09-01"


# Into the record.


def complete_action(found):
    """Names an addressee where the reader found none."""
    for row in found.draft["actions"]:
        row["addressee"] = row["addressee"] or "The Partnership"
    found.save()


def test_saving_leads_to_the_item_in_the_record(officer, found):
    complete_action(found)
    answer = officer.post(reverse("import-save", args=[found.pk]))
    item = AgendaItem.objects.get()
    assert answer.headers["Location"] == item.get_absolute_url()
    assert item.resolutions.count() == 4
    found.refresh_from_db()
    assert (found.state, found.item) == ("saved", item)


def test_saving_twice_saves_once(officer, found):
    complete_action(found)
    first, second = (officer.post(reverse("import-save", args=[found.pk])) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert (AgendaItem.objects.count(), Resolution.objects.count()) == (1, 4)


def test_what_stops_the_saving_is_said_and_the_findings_stay(officer, found):
    MinutesImport.objects.filter(pk=found.pk).update(meeting_date=None)
    answer = officer.post(reverse("import-save", args=[found.pk]))
    assert answer.headers["Location"] == found.get_absolute_url()
    assert "Enter the date of the meeting." in said(answer)
    assert not AgendaItem.objects.exists()


def test_looking_at_the_address_saves_nothing(officer, found):
    officer.get(reverse("import-save", args=[found.pk]))
    assert not AgendaItem.objects.exists()


def test_a_saved_import_is_not_changed_any_more(officer, found):
    complete_action(found)
    officer.post(reverse("import-save", args=[found.pk]))
    for page in ("import-meeting", "import-drop"):
        assert officer.get(reverse(page, args=[found.pk])).status_code == 404
    assert officer.get(reverse("import-group", args=[found.pk, "resolutions"])).status_code == 404


def test_a_dropped_import_does_not_reach_the_record(officer, found):
    complete_action(found)
    officer.post(reverse("import-drop", args=[found.pk]))
    officer.post(reverse("import-save", args=[found.pk]))
    assert not AgendaItem.objects.exists()
    assert not Action.objects.exists()


def test_an_import_still_being_read_does_not_reach_the_record(officer, olivia, board, at_once):
    found = long_reading(olivia, board, at_once, uploads.Reading())
    officer.raise_request_exception = False
    assert officer.post(reverse("import-save", args=[found.pk])).status_code < 500


# Themes.


def with_point(found, **values):
    """The import with one section and one point, whose words suggest two themes."""
    words = {"text": "Professional curiosity about neglect.", "section": "sections-1", "kind": "key"}
    found.draft["sections"] = [
        {"heading": "Practice", "introduced_by": "", "key": "sections-1", "keep": True, "at": None}
    ]
    found.draft["points"] = [words | {"key": "points-1", "keep": True, "at": None} | values]
    found.save()
    return found


def ticked(client, found):
    page = soup(client.get(reverse("import-group", args=[found.pk, "points"])))
    return {box["value"]: box.has_attr("checked") for box in page.select("[name=points-0-themes]")}


def test_suggested_themes_are_ticked_and_can_be_taken_away(officer, found):
    with_point(found, themes=["CUR", "NEG"])
    assert ticked(officer, found) == {"CUR": True, "NEG": True}
    sent = formset_of(officer, found, "points") | {"points-0-themes": ["NEG"]}
    assert send_group(officer, found, "points", sent).status_code == 302
    assert found.draft["points"][0]["themes"] == ["NEG"]
    assert ticked(officer, found) == {"CUR": False, "NEG": True}


def test_all_suggested_themes_can_be_taken_away(officer, found):
    with_point(found, themes=["CUR", "NEG"])
    sent = formset_of(officer, found, "points")
    del sent["points-0-themes"]
    send_group(officer, found, "points", sent)
    assert found.draft["points"][0]["themes"] == []


def test_in_a_draft_from_before_there_were_themes_they_are_suggested_still(officer, found):
    with_point(found)
    assert ticked(officer, found) == {"CUR": True, "NEG": True}


def test_a_theme_that_was_kept_stays_when_the_words_change(officer, found):
    with_point(found, themes=["CUR"], text="Practice was discussed.")
    assert ticked(officer, found) == {"CUR": True}


def test_a_row_whose_words_suggest_nothing_asks_for_no_themes(officer, found):
    with_point(found, themes=[], text="The officers were thanked.")
    assert ticked(officer, found) == {}
    assert send_group(officer, found, "points", formset_of(officer, found, "points")).status_code == 302


def test_a_point_added_by_hand_is_kept_without_themes(officer, found):
    with_point(found)
    added = {"points-1-section": "sections-1", "points-1-kind": "key", "points-1-text": "Neglect."}
    send_group(officer, found, "points", formset_of(officer, found, "points") | added)
    assert found.draft["points"][1]["text"] == "Neglect."
    assert "themes" not in found.draft["points"][1]


def test_the_findings_name_the_themes(officer, found):
    with_point(found, themes=["CUR", "NEG"])
    assert "Themes: Professional curiosity, Neglect" in soup(officer.get(found.get_absolute_url())).text


# Who may.


@pytest.mark.parametrize("name", ["chidi", "mary", "lena", "arun", "ada", "norma"])
@pytest.mark.parametrize("page", ["import-list", "import-add"])
def test_only_officers_reach_the_minutes_on_their_way_in(cast, name, page):
    client = Client()
    client.force_login(getattr(cast, name))
    assert client.get(reverse(page)).status_code == 403
    assert client.post(reverse(page), {"text": TEXT}).status_code == 403
    assert not MinutesImport.objects.exists()


@pytest.mark.parametrize("name", ["mary", "lena"])
@pytest.mark.parametrize("page", ["detail", "text", "meeting", "save", "drop", "progress"])
def test_members_and_contributors_reach_no_import(cast, found, name, page):
    client = Client()
    client.force_login(getattr(cast, name))
    for method in (client.get, client.post):
        assert method(reverse(f"import-{page}", args=[found.pk])).status_code in (403, 404)
    found.refresh_from_db()
    assert found.state == "to_confirm"
