"""Taking words out for good: nothing is left of them anywhere, and what happened stays told."""

import json
import zipfile
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from actions.models import Message
from scrutiny.events import log
from scrutiny.governance import redaction as services
from scrutiny.governance.redaction import approve, ask, carry_out, places, refuse
from scrutiny.models import Entry, Event, RedactedRow, RedactionPassage
from scrutiny.overview.trails import NOUNS
from scrutiny.seals import row_digest, seal_all, sealed_digest
from scrutiny.toolkit.append_only import maintenance, missing_triggers
from scrutiny.toolkit.history import record
from scrutiny.verifying import verify
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.search]
WORDS = "Zebedee Quillfeather of Marrow Lane"
MARKER = "quillfeather"


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    files = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": tmp_path / "files"},
    }
    settings.STORAGES = settings.STORAGES | {"default": files}
    return tmp_path


@pytest.fixture
def update(ask, olivia):
    """An update that named a family, was changed twice since, and told of elsewhere."""
    found = factories.UpdateFactory(element=ask.elements[0], text=f"We met {WORDS} twice.")
    found.text = f"We met {WORDS.upper()} three times."
    record(found, by=olivia, reason=f"Rang {WORDS}")
    found.text = "We met zebedee\n quillfeather of Marrow  Lane four times, and nobody else."
    return record(found, by=olivia)


def everywhere(words=MARKER):
    """["table"] for each row of any table in which the words stand, and paths of files, as the disk has them."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = []
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [table for row in cursor.fetchall() if words in repr(row).lower()]
    return found


def files_holding(folder, words=MARKER):
    return [path for path in Path(folder).rglob("*") if path.is_file() and words in content_of(path)]


def content_of(path):
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return " ".join(
                archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
            ).lower()
    return path.read_bytes().decode("utf-8", "replace").lower()


def asked(update, olivia, words=WORDS):
    return ask_of(update, words, olivia)


def ask_of(row, words, by):
    return ask(
        words, category="child", reason="An update named a family.", by=by, noun="progress-update", key=row.pk
    )


def planted(update, board, data, olivia):
    """Puts the words wherever else words can stand."""
    factories.MessageFactory(board=board, subject="About " + WORDS, text=f"Dear {WORDS}, please answer.")
    factories.ImportFactory(
        board=board,
        text=f"Minutes: {WORDS} spoke.",
        draft={"items": [{WORDS: [f"It is {WORDS}."]}]},
        created_by=olivia,
    )
    log("exported", by=olivia, detail=f"Searched for {WORDS}")
    evidence = factories.EvidenceFactory(
        update=update,
        title=f"Letter to {WORDS}",
        file=ContentFile(b"-", name="a.docx"),
        file_name=f"{WORDS}.docx",
    )
    with zipfile.ZipFile(evidence.file.path, "w") as archive:
        archive.writestr("word/document.xml", f"<w:p><w:t>Zebedee </w:t><w:t>{WORDS[8:]}</w:t></w:p>")
    folder = data / "imports" / "7"
    folder.mkdir(parents=True)
    (folder / "text.txt").write_text(f"Then {WORDS} spoke.")
    (folder / "progress.json").write_text(json.dumps({"line": f"“{WORDS}”"}))
    session = SessionStore()
    session["held"] = {"text": f"I met {WORDS}"}
    session.create()
    return evidence


def test_nothing_is_left_of_the_words_anywhere(update, board, data, olivia, grace, caplog):
    evidence = planted(update, board, data, olivia)
    redaction = asked(update, olivia)
    assert len(set(everywhere())) > 8
    assert len(files_holding(data / "imports")) == 2
    step = approve(redaction, by=grace)
    assert step.kind == "carried_out"
    assert everywhere() == []
    assert files_holding(data / "imports") == files_holding(data / "files") == []
    assert MARKER not in caplog.text.lower()
    assert not Session.objects.exists()
    evidence.refresh_from_db()
    assert not evidence.file
    assert missing_triggers() == []


def test_a_marked_gap_stands_in_the_record_in_its_history_and_in_the_search(update, olivia, grace):
    redaction = asked(update, olivia)
    approve(redaction, by=grace)
    update.refresh_from_db()
    assert update.text.startswith("We met [redacted on ")
    assert update.text.endswith(": a child could be identified] four times, and nobody else.")
    rows = list(update.history.order_by("history_id"))
    assert all("[redacted on " in row.text for row in rows)
    assert "[redacted on " in rows[1].history_change_reason
    assert (
        rows[-1].history_change_reason == f"{redaction}: words were taken out, a child could be identified."
    )
    assert rows[-1].history_user == grace
    entry = Entry.objects.get(noun="progressupdate", object_id=update.pk)
    assert "[redacted on " in entry.body
    assert not Entry.objects.matching(MARKER).exists()


def test_an_edit_form_opened_before_does_not_bring_the_words_back(update, olivia, grace):
    from scrutiny.toolkit.history import version_of

    before = version_of(update)
    approve(asked(update, olivia), by=grace)
    assert version_of(update) != before


def test_each_changed_row_is_named_with_the_digest_it_was_sealed_with_and_the_one_it_has_now(
    update, olivia, grace
):
    list(seal_all())
    row = update.history.latest()
    sealed = sealed_digest(type(row), row.pk)
    redaction = asked(update, olivia)
    approve(redaction, by=grace)
    kept = RedactedRow.objects.get(table=row._meta.db_table, row_id=str(row.pk))
    assert (kept.digest_before, kept.digest_after) == (sealed, row_digest(type(row), row.pk))
    assert len(sealed) == 64
    assert kept.redaction == redaction


def test_the_history_is_whole_afterwards_and_the_gaps_are_listed(update, olivia, grace):
    [*_, newest] = seal_all()
    keys = [str(row.pk) for row in update.history.all()]
    redaction = asked(update, olivia)
    approve(redaction, by=grace)
    report = verify({newest.number: newest.digest})
    assert report.findings == []
    gaps = {
        str(gap.key): gap.words for gap in report.gaps if gap.table == update.history.model._meta.db_table
    }
    assert gaps == dict.fromkeys(keys, str(redaction))


def test_words_taken_out_twice_of_the_same_rows_leave_the_history_whole(update, olivia, grace):
    list(seal_all())
    approve(asked(update, olivia), by=grace)
    list(seal_all())
    approve(asked(update, olivia, words="nobody else"), by=grace)
    report = verify()
    assert report.findings == []
    assert report.gaps


def test_a_row_changed_behind_a_redaction_s_back_is_found(update, olivia, grace):
    list(seal_all())
    approve(asked(update, olivia), by=grace)
    row = update.history.earliest()
    with maintenance():
        update.history.filter(pk=row.pk).update(text="Forged")
    assert [(each.kind, each.key) for each in verify().findings] == [("edited", row.pk)]


def test_the_text_of_an_import_keeps_its_length_because_places_in_it_are_counted(
    update, board, olivia, grace
):
    text = f"Minutes: {WORDS} spoke."
    found = factories.ImportFactory(board=board, text=text, created_by=olivia)
    approve(asked(update, olivia), by=grace)
    found.refresh_from_db()
    assert found.text.startswith("Minutes: [redacted]█")
    assert found.text.endswith("█ spoke.")
    assert len(found.text) == len(text)


def test_what_does_not_fit_its_field_gets_the_short_mark(update, board, olivia, grace):
    full = f"{WORDS} {'x' * 299}"[:300]
    mail = factories.MessageFactory(board=board, subject=full)
    approve(asked(update, olivia), by=grace)
    assert Message.objects.get(pk=mail.pk).subject == full.replace(WORDS, "[redacted]")


def test_the_events_tell_of_it_without_the_words(update, olivia, grace):
    redaction = asked(update, olivia)
    approve(redaction, by=grace)
    kinds = ["redaction_asked", "redaction_approved", "redacted"]
    events = Event.objects.filter(kind__in=kinds).order_by("pk")
    assert [(event.kind, event.by, event.key) for event in events] == [
        (kinds[0], olivia, redaction.pk),
        (kinds[1], grace, redaction.pk),
        (kinds[2], grace, redaction.pk),
    ]
    assert "rows of" in events[2].detail


def test_two_people_are_needed(update, grace):
    redaction = asked(update, grace)
    with pytest.raises(ValidationError, match="two people"):
        approve(redaction, by=grace)
    assert redaction.passage.text == WORDS


def test_it_is_decided_once(update, olivia, grace):
    redaction = asked(update, olivia)
    refuse(redaction, by=grace, reason="The name is public.")
    redaction = type(redaction).objects.get(pk=redaction.pk)
    with pytest.raises(ValidationError, match="decided meanwhile"):
        approve(redaction, by=grace)
    assert not RedactionPassage.objects.exists()
    assert MARKER in type(update).objects.get(pk=update.pk).text


@pytest.mark.parametrize(
    ("words", "reason", "says"),
    [
        ("Never written", "x", "do not stand here"),
        ("ab", "x", "at least 3 letters"),
        (WORDS, f"It named {WORDS.lower()}", "leave the words themselves out"),
    ],
)
def test_what_cannot_be_asked(update, olivia, words, reason, says):
    with pytest.raises(ValidationError, match=says):
        ask(words, category="child", reason=reason, by=olivia, noun="progress-update", key=update.pk)


def test_information_governance_is_told_and_the_message_does_not_hold_the_words(update, olivia, grace):
    asked(update, olivia)
    mail = Message.objects.get()
    assert mail.to_name == str(grace)
    assert MARKER not in f"{mail.subject} {mail.text}".lower()


def test_the_one_who_approves_sees_where_the_words_stand(update, board, data, olivia, grace):
    planted(update, board, data, olivia)
    found = {noun: (rows, histories) for noun, rows, histories, _ in places(WORDS)}
    assert found["progress update"] == (4, 3)
    assert found["evidence"] == (2, 1)
    assert found["message"] == (1, 0)
    assert services.elsewhere(WORDS) == (3, 1)


# A site whose web account may not change histories.


@pytest.fixture
def restricted(monkeypatch):
    def no_permission(*args, **kwargs):
        raise DatabaseError("permission denied for table")

    monkeypatch.setattr(services, "redact", no_permission)
    return monkeypatch


def test_the_command_carries_out_what_two_people_decided(update, olivia, grace, restricted, capsys):
    redaction = asked(update, olivia)
    assert approve(redaction, by=grace).kind == "approved"
    assert redaction.passage.text == WORDS
    restricted.undo()
    call_command("redact")
    assert "rows of" in capsys.readouterr().out
    assert everywhere() == []
    call_command("redact")
    assert "Nothing is approved" in capsys.readouterr().out


def test_the_command_leaves_alone_what_is_not_approved(update, olivia):
    asked(update, olivia)
    call_command("redact")
    assert MARKER in type(update).objects.get(pk=update.pk).text


def test_nothing_is_carried_out_without_approval(update, olivia):
    with pytest.raises(Exception, match="matching query"):
        carry_out(asked(update, olivia))


# Pages


def client(user):
    found = Client()
    found.force_login(user)
    return found


def test_from_the_history_page_to_the_gap(update, olivia, grace):
    history = reverse("history", args=["progress-update", update.pk])
    add = f"{reverse('redaction-add')}?noun=progress-update&key={update.pk}"
    assert add.replace("&", "&amp;") in client(olivia).get(history).content.decode()
    sent = {"words": WORDS, "category": "child", "reason": "It named a family."}
    answer = client(olivia).post(add, sent, follow=True)
    assert "Waiting for approval" in answer.content.decode()
    url = answer.redirect_chain[-1][0]
    page = client(grace).get(url).content.decode()
    assert "progress update" in page.lower()
    assert WORDS in page
    answer = client(grace).post(f"{url}approve/", {"sure": "on"}, follow=True)
    assert "Carried out" in answer.content.decode()
    assert MARKER not in answer.content.decode().lower()
    shown = client(olivia).get(history).content.decode()
    assert "[redacted on" in shown
    assert MARKER not in shown.lower()


def test_the_one_who_asked_cannot_approve_on_the_page(update, grace):
    url = asked(update, grace).get_absolute_url()
    assert "Somebody else has to approve" in client(grace).get(url).content.decode()
    answer = client(grace).post(f"{url}approve/", {"sure": "on"})
    assert "two people are needed" in answer.content.decode()


def test_the_one_who_asked_can_think_better_of_it(update, olivia):
    url = asked(update, olivia).get_absolute_url()
    answer = client(olivia).post(f"{url}refuse/", {"reason": "The wrong words."}, follow=True)
    assert "Not done" in answer.content.decode()


def test_the_auditor_reads_that_it_happened_and_not_the_words(update, olivia, arun):
    page = client(arun).get(asked(update, olivia).get_absolute_url()).content.decode()
    assert "An update named a family." in page
    assert WORDS not in page


def test_looking_at_the_words_is_an_event(update, olivia, grace):
    redaction = asked(update, olivia)
    client(grace).get(redaction.get_absolute_url())
    assert Event.objects.get(kind="redaction_read").by == grace


@pytest.mark.parametrize("name", ["mary", "chidi", "lena", "bea", "arun", "ada"])
def test_who_does_not_keep_a_record_cannot_ask(update, cast, name):
    url = f"{reverse('redaction-add')}?noun=progress-update&key={update.pk}"
    assert client(getattr(cast, name)).get(url).status_code in (403, 404)


def test_the_business_unit_asks_for_words_of_a_review_case_that_information_governance_does_not_see(
    bea, grace
):
    learning = factories.LearningFactory(text="Ask again, said Zebedee Quillfeather.")
    add = f"{reverse('redaction-add')}?noun=learning&key={learning.pk}"
    assert client(grace).get(add).status_code == 404
    sent = {"words": "Zebedee Quillfeather", "category": "child", "reason": "A name."}
    url = client(bea).post(add, sent)["Location"]
    client(grace).post(f"{url}approve/", {"sure": "on"})
    learning.refresh_from_db()
    assert learning.text.startswith("Ask again, said [redacted on ")


def test_every_record_with_a_history_can_be_named(olivia):
    assert client(olivia).get(reverse("redaction-add"), {"noun": "nothing", "key": 1}).status_code == 404
    assert (
        client(olivia).get(reverse("redaction-add"), {"noun": next(iter(NOUNS)), "key": "x"}).status_code
        == 404
    )


@pytest.mark.slow
@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="The file of a PostgreSQL database is its own affair"
)
@pytest.mark.django_db(transaction=True)
def test_the_words_are_not_in_the_file_of_the_database_either(update, olivia, grace):
    path = Path(connection.settings_dict["NAME"])
    assert MARKER in "".join(content_of(each) for each in path.parent.glob(f"{path.name}*"))
    approve(asked(update, olivia), by=grace)
    assert all(MARKER not in content_of(each) for each in path.parent.glob(f"{path.name}*"))
