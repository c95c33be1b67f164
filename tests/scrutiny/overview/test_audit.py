"""The audit trail for those who look at it: seals and the event log."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from scrutiny.events import log
from scrutiny.models import Disposal, Event, Redaction, RoleAssignment, Seal
from scrutiny.overview.audit import NOT_SHOWN
from scrutiny.seals import seal_all
from scrutiny.toolkit.history import record
from scrutiny.toolkit.links import signed
from tests import factories

pytestmark = pytest.mark.django_db


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def rows_of(answer):
    return list(csv.DictReader(StringIO(b"".join(answer).decode().lstrip("\ufeff"))))


def events(kind):
    return list(Event.objects.filter(kind=kind).order_by("pk"))


# What is kept.


def test_a_list_that_is_taken_out_is_an_event(ask, cast):
    b"".join(client_of(cast.mary).get(reverse("action-list"), {"format": "csv", "q": "typed"}))
    (event,) = events("exported")
    assert (event.by, event.roles, event.detail) == (cast.mary, "member", "The list of actions as CSV")
    assert "typed" not in event.detail


@pytest.mark.parametrize(("format", "title"), [("csv", "CSV"), ("xlsx", "Spreadsheet"), ("docx", "Word")])
def test_a_paper_that_is_taken_out_is_an_event(ask, cast, format, title):
    client_of(cast.mary).get(reverse("meeting-paper", args=[ask.meeting.pk, "tracker"]), {"format": format})
    (event,) = events("exported")
    assert (event.detail, event.key) == (f"Tracker report as {title}", ask.meeting.pk)


def test_a_paper_that_is_read_is_none(ask, cast):
    client_of(cast.mary).get(reverse("meeting-paper", args=[ask.meeting.pk, "tracker"]))
    assert events("exported") == []


def test_a_history_is_taken_out_whole_and_that_is_an_event(ask, cast):
    ask.action.title = "=Another title"
    record(ask.action, by=cast.olivia, reason="It was wrong")
    answer = client_of(cast.mary).get(reverse("history", args=["action", ask.action.pk]), {"format": "csv"})
    changed = next(row for row in rows_of(answer) if row["What"] == "changed")
    assert (changed["Who"], changed["Why"], changed["To"]) == (
        "Olivia Marsh",
        "It was wrong",
        "'=Another title",
    )
    (event,) = events("exported")
    assert (event.detail, event.noun, event.key) == ("The history as CSV", "action", ask.action.pk)


def test_somebody_turned_away_is_one_event_and_one_line_without_what_was_typed(ask, cast, caplog):
    url = reverse("action-update", args=[ask.action.pk])
    assert client_of(cast.mary).post(url, {"title": "typed"}).status_code == 403
    (event,) = events("refused")
    assert (event.by, event.detail) == (cast.mary, f"POST action-update {ask.action.pk}")
    (line,) = [entry.getMessage() for entry in caplog.records if entry.name == "scrutiny.security"]
    assert line == f"Turned away: user {cast.mary.pk}, POST action-update {ask.action.pk}"


def test_whoever_is_not_signed_in_leaves_no_refusal(ask):
    Client().get(reverse("action-detail", args=[ask.action.pk]))
    assert events("refused") == []


def test_a_role_that_is_given_changed_or_ended_is_an_event_with_its_reason(cast, board):
    grant = RoleAssignment(user=cast.norma, role="member", board=board, start=timezone.localdate())
    record(grant, by=cast.ada, reason="Elected in May")
    grant.end = timezone.localdate() + timedelta(days=5)
    record(grant, by=cast.ada, reason="Left the Board")
    given, ended = events("role_changed")[-2:]
    assert (given.by, given.reason, given.label) == (cast.ada, "Elected in May", str(grant))
    assert given.detail.startswith(f"added: Board member, {board}, from")
    assert (ended.reason, "until" in ended.detail) == ("Left the Board", True)


def test_a_link_is_noted_when_it_is_first_opened_and_when_an_answer_is_sent(ask, board, partnership):
    request = factories.RequestFactory(round=factories.RoundFactory(board=board), organisation=partnership)
    factories.ReplyFactory(request=request, element=ask.elements[0])
    url = reverse("round-answer", args=[signed(request.link_value)])
    for _ in range(2):
        assert Client().get(url).status_code == 200
    (opened,) = events("link_opened")
    assert (opened.by, opened.key, opened.who) == (None, request.pk, "somebody not signed in")
    page = Client().get(url).context
    form = page["row_forms"][0]
    data = {form.add_prefix("text"): "Half of it is done.", "reported_by": "Kim Vale", "send": "1"}
    data |= {
        form.add_prefix(name): form[name].value() or ""
        for name in form.fields
        if form.add_prefix(name) not in data
    }
    data[form.add_prefix("owner_progress")] = "in_progress"
    Client().post(url, data)
    (used,) = events("link_used")
    assert used.key == request.pk
    assert "Kim" not in used.detail


# The event log.


def test_an_auditor_reads_all_events_and_others_their_own(cast):
    log("exported", by=cast.olivia, detail="of Olivia")
    log("exported", by=cast.mary, detail="of Mary")
    seen = {
        user.username: [
            row.detail for row in client_of(user).get(reverse("event-list")).context["object_list"]
        ]
        for user in (cast.arun, cast.mary, cast.ada)
    }
    assert seen["arun"][:2] == ["of Mary", "of Olivia"]
    assert seen["mary"] == ["of Mary"]
    assert seen["ada"] == []


def test_the_log_is_narrowed_to_a_kind_a_person_a_day_and_a_record(ask, cast):
    yesterday = timezone.now() - timedelta(days=1)
    log("exported", by=cast.olivia, on=ask.action, detail="wanted")
    log("refused", by=cast.olivia, on=ask.action)
    log("exported", by=cast.mary, on=ask.action)
    log("exported", by=cast.olivia, on=ask.meeting)
    Event.objects.create(kind="exported", by=cast.olivia, noun="action", key=ask.action.pk, at=yesterday)
    day = timezone.localdate()
    query = {
        "kind": "exported",
        "by": cast.olivia.pk,
        "on_day": day.day,
        "on_month": day.month,
        "on_year": day.year,
        "noun": "action",
        "key": ask.action.pk,
    }
    answer = client_of(cast.arun).get(reverse("event-list"), query)
    assert [row.detail for row in answer.context["object_list"]] == ["wanted"]


def test_a_number_without_a_kind_of_record_is_explained(cast):
    answer = client_of(cast.arun).get(reverse("event-list"), {"key": 1})
    assert "Select the kind of record" in answer.content.decode()
    assert list(answer.context["object_list"]) == []


@pytest.fixture
def hidden(cast):
    """Events about a case that is not published, of the unit and of an auditor."""
    case = factories.CaseFactory(reference="HIDDEN-2026-04")
    log("exported", by=cast.bea, on=case)
    log("exported", by=cast.arun, on=case)
    return case


@pytest.mark.parametrize("query", [{}, {"format": "csv"}, {"kind": "exported"}])
def test_the_log_names_no_case_to_somebody_who_may_not_see_it(hidden, cast, query):
    answer = client_of(cast.arun).get(reverse("event-list"), query)
    said = b"".join(answer).decode() if answer.streaming else answer.content.decode()
    assert "HIDDEN" not in said
    assert said.count(NOT_SHOWN) == 2


@pytest.mark.parametrize("query", [{"noun": "reviewcase"}, {"noun": "reviewcase", "key": "PK"}])
def test_asking_for_a_case_finds_nothing_for_somebody_who_may_not_see_it(hidden, cast, query):
    query = {name: hidden.pk if value == "PK" else value for name, value in query.items()}
    answer = client_of(cast.arun).get(reverse("event-list"), query)
    assert list(answer.context["object_list"]) == []


def test_whoever_may_see_the_case_reads_its_name_and_follows_its_link(hidden, cast):
    answer = client_of(cast.bea).get(reverse("event-list"), {"noun": "reviewcase", "key": hidden.pk})
    (event,) = answer.context["object_list"]
    assert "HIDDEN-2026-04" in event.shown
    assert event.url == hidden.get_absolute_url()


def test_what_was_deleted_is_named_to_those_who_may_read_its_history(cast, ask):
    undertaking, case = factories.UndertakingFactory(item=ask.item, text="A promise"), factories.CaseFactory()
    for gone in (undertaking, case):
        log("exported", by=cast.arun, on=gone)
        gone.delete()
    shown = [row.shown for row in client_of(cast.arun).get(reverse("event-list")).context["object_list"][:2]]
    assert shown == [NOT_SHOWN, "A promise"]


def test_many_events_take_no_more_queries_than_few(ask, cast):
    def queries():
        client = client_of(cast.arun)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(reverse("event-list"))
        return len(seen)

    log("exported", by=cast.mary, on=ask.action)
    few = queries()
    for _ in range(40):
        log("exported", by=cast.olivia, on=ask.action)
    assert queries() <= few + 2


# The seals.


def test_the_page_of_seals_shows_the_newest_one_and_the_last_check(ask, cast):
    list(seal_all())
    call_command("verify_history", verbosity=0)
    said = client_of(cast.arun).get(reverse("seal-list")).content.decode()
    seal = Seal.objects.get()
    assert "Number 1, digest" in said
    assert seal.grouped_digest in said
    assert f"verify_history --digest 1:{seal.digest}" in said
    assert "Whole: " in said


def test_before_the_first_seal_the_page_says_what_to_do(cast):
    said = client_of(cast.ada).get(reverse("seal-list")).content.decode()
    assert "Nothing is sealed yet" in said
    assert "The history was not checked yet" in said


def test_the_audit_trail_is_in_the_menu_of_auditor_and_administrator_only(cast):
    for user in (cast.arun, cast.ada, cast.mary, cast.olivia):
        titles = [item["title"] for item in client_of(user).get(reverse("home")).context["navigation"]]
        assert ("Audit trail" in titles) == (user in (cast.arun, cast.ada))


def test_the_auditor_is_led_to_a_redaction_and_a_disposal(olivia, arun):
    redaction = Redaction.objects.create(category="child", reason="A family was named.", asked_by=olivia)
    disposal = Disposal.objects.create(rule="actions", prepared_by=olivia)
    for kind, about in (("redaction_asked", redaction), ("disposal_prepared", disposal)):
        log(kind, by=olivia, on=about)
    page = BeautifulSoup(client_of(arun).get(reverse("event-list")).content, "html.parser")
    for about in (redaction, disposal):
        assert page.select_one(f'td a[href="{about.get_absolute_url()}"]').text == str(about)
