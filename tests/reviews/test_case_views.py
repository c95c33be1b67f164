"""The pages of review cases, as the business unit uses them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from reviews.models import CasePresentation, LateReason, PartnerView, ReviewCase, Stage
from tests import factories
from tests.conftest import as_shown
from tests.scrutiny.test_views import day, errors_of, fields_in, fill, page_of, text_of
from tests.scrutiny.toolkit.test_exports import table

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, bea):
    """The client of somebody in the business unit."""
    client.force_login(bea)
    return client


@pytest.fixture
def published(agreed, step):
    planned = date(2023, 6, 5)
    case = step(agreed, "sent_to_panel_sos", date(2023, 5, 24), planned_publication=planned)
    return step(case, "published", planned, title="Child R", link="https://example.org/r")


def step_page(case, code):
    return reverse("stage-add", args=[case.pk, code])


def take(client, case, code, /, **typed):
    """Opens the page of a step, types into some of its boxes and sends all of them."""
    address = step_page(case, code)
    return client.post(address, fields_in(client.get(address)) | typed)


def error_at(response, name):
    """What is said beside the box of that name; a date has a group around those of its three boxes."""
    groups = page_of(response).select_one(f"[name='{name}']").find_parents(class_="govuk-form-group")
    message = next(filter(None, (group.select_one(".govuk-error-message") for group in groups)))
    return " ".join(message.text.split()).removeprefix("Error: ")


def labels_on(client, address):
    page = page_of(client.get(address))
    return [" ".join(label.text.split()) for label in page.select("main form label, main form legend")]


# The list.


@pytest.fixture
def several(notified, agreed, published, begin):
    """A rapid review that runs late, a published practice review, and an audit without any clock."""
    return {
        "late": notified,
        "published": published,
        "audit": begin("audit", "planned", date(2024, 1, 8), "ESCP-2024-01"),
    }


def listed(client, **query):
    return [case.reference for case in client.get(reverse("case-list"), query).context["object_list"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["ESCP-2024-01", "ESCP-2023-04", "ESCP-2023-05"]),
        ({"sort": "reference"}, ["ESCP-2023-04", "ESCP-2023-05", "ESCP-2024-01"]),
        ({"kind": "cspr"}, ["ESCP-2023-05"]),
        ({"q": "escp-2024"}, ["ESCP-2024-01"]),
        ({"q": "child r"}, ["ESCP-2023-05"]),
        ({"state": "late"}, ["ESCP-2023-04"]),
        ({"state": "published"}, ["ESCP-2023-05"]),
        ({"state": "open"}, ["ESCP-2024-01", "ESCP-2023-04", "ESCP-2023-05"]),
        ({"state": "ended"}, []),
        ({"kind": "nonsense"}, []),
    ],
)
def test_cases_are_filtered_and_sorted(desk, several, query, found):
    assert listed(desk, **query) == found


def test_an_ended_case_is_found_as_ended_and_is_late_no_more(desk, several, step):
    step(several["late"], "withdrawn", date(2023, 6, 5), note="The criteria are not met.")
    assert listed(desk, state="ended") == ["ESCP-2023-04"]
    assert listed(desk, state="late") == []


def test_cases_are_filtered_by_theme(desk, several):
    tag = factories.CaseThemeFactory(case=several["audit"])
    assert listed(desk, theme=tag.theme_id) == ["ESCP-2024-01"]


def test_a_case_whose_time_is_nearly_up_is_found_as_such(desk, several):
    factories.ClockRuleFactory(kind="audit", starts_at="planned", length=1, unit="CD")
    today = timezone.localdate()
    factories.StageFactory(
        case=factories.CaseFactory(kind="audit", stage="planned", began_on=today, reference="ESCP-2026-77"),
        code="planned",
        on=today,
    )
    assert listed(desk, state="due_soon") == ["ESCP-2026-77"]


def test_the_list_says_what_presses_and_what_is_published(desk, several):
    rows = {row.th.a.text: row for row in page_of(desk.get(reverse("case-list"))).select("main tbody tr")}
    tags = {name: [tag.text.strip() for tag in row.select(".govuk-tag")] for name, row in rows.items()}
    assert tags == {"ESCP-2024-01": [], "ESCP-2023-04": ["Late"], "ESCP-2023-05": ["Published"]}
    assert "Tell the safeguarding partners of a serious incident, 14 Apr 2023" in rows["ESCP-2023-04"].text
    assert "None running" in rows["ESCP-2024-01"].text


def test_the_export_holds_what_the_list_holds(desk, several):
    header, *rows = table(desk.get(reverse("case-list"), {"format": "csv", "kind": "cspr"}))
    assert [dict(zip(header, row, strict=True)) for row in rows] == [
        {
            "Reference": "ESCP-2023-05",
            "Kind": "Child safeguarding practice review",
            "Title": "Child R",
            "Guidance": "WT2018",
            "Began on": "2023-01-09",
            "Stage": "Report published",
            "Published on": "2023-06-05",
            "Ended on": "",
        }
    ]


@pytest.mark.parametrize("query", [{}, {"state": "late"}, {"format": "csv"}])
def test_the_list_asks_the_database_as_often_for_many_cases_as_for_few(desk, bea, query):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            response = desk.get(reverse("case-list"), query)
            assert b"".join(response) if response.streaming else response.content
        return len(captured)

    for _ in range(3):
        factories.StageFactory(recorded_by=bea, case__began_on=date(2023, 4, 5), on=date(2023, 4, 5))
    asked()
    few = asked()
    for _ in range(297):
        factories.StageFactory(recorded_by=bea, case__began_on=date(2023, 4, 5), on=date(2023, 4, 5))
    assert asked() == few


def test_an_empty_list_says_what_to_do(desk):
    assert "Add a case when an incident is referred" in text_of(desk.get(reverse("case-list")))


# The page of a case.


def test_the_page_says_where_the_case_stands_and_how_its_clocks_were_counted(desk, notified):
    told = text_of(desk.get(notified.get_absolute_url()))
    assert "Notified to the national Panel." in told
    assert "due Tuesday 9 May 2023" in told
    assert "Done on Friday 14 April 2023." in told
    assert "Official: sensitive." in told


def test_the_page_leads_to_what_may_follow_and_to_nothing_else(desk, notified):
    links = [a["href"] for a in page_of(desk.get(notified.get_absolute_url())).select("main a")]
    steps = {link for link in links if "/stages/" in link and link.endswith("/add/")}
    assert steps == {step_page(notified, code) for code in ("gathering", "withdrawn", "partners_told")}


def test_an_ended_case_leads_to_no_step(desk, notified, step):
    step(notified, "withdrawn", date(2023, 4, 24), note="The criteria are not met.")
    page = page_of(desk.get(notified.get_absolute_url()))
    assert not [a for a in page.select("main a") if "/stages/" in a["href"] and a["href"].endswith("/add/")]
    assert "Ended on 24 April 2023" in page.main.text


def test_a_decision_leads_to_the_case_that_follows_from_it(desk, notified, step):
    case = step(step(notified, "gathering", date(2023, 4, 17)), "panel_meeting", date(2023, 4, 26))
    case = step(case, "partner_decision", date(2023, 4, 28), decision="lcspr")
    link = page_of(desk.get(case.get_absolute_url())).find(
        "a", string=lambda text: text and "that follows" in text
    )
    assert link["href"] == f"{reverse('case-add')}?origin={case.pk}&start=cspr:decided"


def test_readers_of_a_published_case_see_no_notes_no_views_and_no_reasons(client, mary, published, step):
    stage = published.stages.first()
    stage.note = "A working note"
    stage.save()
    factories.PartnerViewFactory(stage=stage, view="disagrees")
    client.force_login(mary)
    told = text_of(client.get(published.get_absolute_url()))
    assert "Child R" in told
    assert "A working note" not in told
    assert "Disagrees" not in told
    assert "Change" not in told


def test_the_page_of_a_case_asks_the_database_as_often_for_many_rows_as_for_few(desk, bea):
    case = factories.CaseFactory(began_on=date(2023, 4, 5))

    def add():
        stage = factories.StageFactory(case=case, on=date(2023, 4, 5), recorded_by=bea)
        factories.PartnerViewFactory(stage=stage)
        factories.LearningFactory(case=case)
        factories.CasePresentationFactory(
            case=case, on=date(2023, 4, 5) + timedelta(days=case.stages.count())
        )

    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(case.get_absolute_url()).status_code == 200
        return len(captured)

    add()
    asked()
    few = asked()
    for _ in range(10):
        add()
    assert asked() == few


def facts(client, case):
    """{what: how it is told} of the list at the foot of the page."""
    rows = page_of(client.get(case.get_absolute_url())).select(".govuk-summary-list__row")
    return {row.dt.text: " ".join(row.dd.text.split()) for row in rows}


@pytest.mark.parametrize(("size", "shown"), [(0, "0"), (9, "fewer than 10"), (10, "10")])
def test_a_small_sample_of_an_audit_is_told_only_to_those_who_work_on_it(client, bea, mary, size, shown):
    case = factories.CaseFactory(
        kind="audit", stage="closed", sample_size=size, published_on=date(2026, 9, 1)
    )
    for user, told in [(bea, str(size)), (mary, shown)]:
        client.force_login(user)
        assert facts(client, case)["Cases in the sample"] == told


# Adding a case.


def test_a_case_is_added(desk, bea):
    response = fill(
        desk,
        "case-add",
        start="rapid_review:referred",
        reference="ESCP-2023-04",
        taken_by="A hospital trust",
        **day("on", date(2023, 4, 3)),
    )
    case = ReviewCase.objects.get()
    assert response.url == case.get_absolute_url()
    assert (case.kind, case.stage, case.began_on) == ("rapid_review", "referred", date(2023, 4, 3))
    assert case.stages.get().taken_by == "A hospital trust"
    assert case.history.get().history_user == bea


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            {"reference": "Baby Smith"},
            "Enter the partnership's neutral reference: letters, the year and a number, for example ESCP-2026-04.",
        ),
        (
            day("on", date(2018, 6, 30)),
            "No guidance version was in force on 30 June 2018. Ask an administrator to add it, or check the date.",
        ),
        ({"start": ""}, "Select what begins."),
    ],
)
def test_a_case_that_cannot_begin_like_this_says_what_to_do(desk, typed, sentence):
    given = {"start": "audit:planned", "reference": "ESCP-2023-04"} | day("on", date(2023, 4, 3))
    response = fill(desk, "case-add", **given | typed)
    assert errors_of(response) == [sentence]
    assert not ReviewCase.objects.exists()


def test_a_case_that_follows_from_another_says_so_and_begins_where_that_one_leads(desk, notified):
    address = f"{reverse('case-add')}?origin={notified.pk}&start=cspr:decided"
    opened = desk.get(address)
    page = page_of(opened)
    assert "It follows from ESCP-2023-04." in page.main.text
    assert page.select_one("input[name=start][checked]")["value"] == "cspr:decided"
    assert page.select_one(".govuk-back-link")["href"] == notified.get_absolute_url()
    desk.post(address, fields_in(opened) | {"reference": "ESCP-2023-09"} | day("on", date(2023, 5, 3)))
    case = ReviewCase.objects.get(reference="ESCP-2023-09")
    assert (case.kind, case.origin) == ("cspr", notified)
    assert "ESCP-2023-09" in text_of(desk.get(notified.get_absolute_url()))


@pytest.mark.parametrize("origin", ["999999", "9" * 30, "nonsense", "²", "-1"])
def test_a_case_follows_from_a_case_that_is_there(desk, origin):
    assert desk.get(reverse("case-add"), {"origin": origin}).status_code == 404


# Taking a step.


@pytest.mark.parametrize(
    ("kind", "now", "code", "asked"),
    [
        ("rapid_review", "notified", "gathering", ["Date", "Who", "Note"]),
        (
            "rapid_review",
            "panel_meeting",
            "partner_decision",
            ["Date", "Who", "Decision", "Note", "Local authority", "Integrated care board", "Police"],
        ),
        (
            "rapid_review",
            "aware",
            "not_notified",
            ["Date", "Who", "Reason", "Local authority", "Integrated care board", "Police"],
        ),
        ("rapid_review", "partner_decision", "sent_to_panel", ["Date", "Who", "Note", "Why it is late"]),
        (
            "cspr",
            "scoping",
            "reviewer_appointed",
            ["Date", "Who", "Note", "Reviewer", "How the reviewer is independent"],
        ),
        (
            "cspr",
            "sent_to_panel_sos",
            "published",
            ["Date", "Who", "Note", "Why it is late", "Public title", "Link"],
        ),
        ("cspr", "in_progress", "monitored", ["Date", "Who", "Note"]),
        ("local_review", "proposed", "agreed", ["Date", "Who", "Note", "Date agreed for the findings"]),
        (
            "local_review",
            "scoped",
            "converted_to_notification",
            ["Date", "Who", "Reason", "Reference of the rapid review that begins"],
        ),
        ("audit", "planned", "tool_agreed", ["Date", "Who", "Note", "Cases in the sample"]),
        ("audit", "findings_reported", "actions_open", ["Date", "Who", "Note", "Date of the re-audit"]),
        ("audit", "actions_open", "closed", ["Date", "Who", "Note", "Practice since the audit before"]),
        ("national_review", "published", "local_response_agreed", ["Date", "Who", "Reason"]),
    ],
)
def test_a_step_asks_for_what_it_needs_and_for_nothing_else(desk, kind, now, code, asked):
    case = factories.CaseFactory(kind=kind, stage=now)
    labels = [label.removesuffix(" (optional)") for label in labels_on(desk, step_page(case, code))]
    known = {
        "Date",
        "Who",
        "Note",
        "Reason",
        "Decision",
        "Why it is late",
        "Reviewer",
        "Link",
        "Public title",
    }
    known |= {"Local authority", "Integrated care board", "Police", "How the reviewer is independent"}
    known |= {
        "Date agreed for the findings",
        "Planned date of publication",
        "Reference of the rapid review that begins",
    }
    known |= {"Cases in the sample", "Date of the re-audit", "Practice since the audit before"}
    assert [label for label in labels if label in known] == asked


def test_a_step_opens_with_today_and_who_takes_it_as_a_rule(desk):
    case = factories.CaseFactory(stage="aware")
    opened = fields_in(desk.get(step_page(case, "notified")))
    today = timezone.localdate()
    assert (opened["on_day"], opened["on_month"], opened["on_year"]) == (
        str(today.day),
        str(today.month),
        str(today.year),
    )
    assert opened["taken_by"] == "Local authority"


def test_a_step_is_taken_with_what_each_partner_thought(desk, begin, bea):
    case = begin("rapid_review", "aware", date(2023, 4, 5))
    typed = {"partners-police_view": "disagrees", "partners-police_note": "No harm is known."}
    response = take(desk, case, "notified", **typed, **day("on", date(2023, 4, 14)))
    assert response.url == case.get_absolute_url()
    case.refresh_from_db()
    view = PartnerView.objects.get()
    assert (case.stage, view.partner, view.view, view.note) == (
        "notified",
        "police",
        "disagrees",
        "No harm is known.",
    )
    assert case.stages.last().recorded_by == bea
    assert "Police: Disagrees: No harm is known." in text_of(desk.get(case.get_absolute_url()))


def test_a_step_keeps_the_facts_it_asked_for(desk, begin, step):
    case = step(begin("cspr", "decided", date(2023, 1, 9)), "scoping", date(2023, 1, 16))
    typed = {"case-reviewer": "Ann Lee, consultant", "case-independence": "Never worked here"}
    take(desk, case, "reviewer_appointed", **typed, **day("on", date(2023, 1, 23)))
    case.refresh_from_db()
    assert (case.reviewer, case.independence) == ("Ann Lee, consultant", "Never worked here")
    assert case.history.first().history_change_reason == "Reviewer appointed"


def test_a_missing_decision_and_a_missing_reason_are_each_said_once(desk, notified, step):
    case = step(step(notified, "gathering", date(2023, 4, 17)), "panel_meeting", date(2023, 4, 26))
    later = day("on", date(2023, 4, 28))
    assert errors_of(take(desk, case, "partner_decision", **later)) == ["Select the decision."]
    assert errors_of(take(desk, case, "withdrawn", **later)) == ["Enter the reason."]


def test_a_late_step_asks_why_at_that_box_and_keeps_what_was_typed(desk, begin):
    case = begin("rapid_review", "aware", date(2022, 12, 22))
    late = day("on", date(2023, 1, 4)) | {"note": "Sent by the duty desk", "partners-health_view": "agrees"}
    response = take(desk, case, "notified", **late)
    assert "due on 3 January 2023 and this is 4 January 2023" in error_at(response, "late_reason")
    kept = fields_in(response)
    assert {name: kept[name] for name in late} == {name: str(value) for name, value in late.items()}
    assert not Stage.objects.filter(code="notified").exists()
    desk.post(step_page(case, "notified"), kept | {"late_reason": "The office was closed."})
    assert LateReason.objects.get().reason == "The office was closed."
    assert "Late, explained" in text_of(desk.get(case.get_absolute_url()))


def test_copies_sent_too_late_for_the_law_are_refused_at_the_planned_day(desk, agreed):
    typed = day("on", date(2023, 5, 30)) | {"late_reason": "The family asked for it."}
    response = take(desk, agreed, "sent_to_panel_sos", **typed)
    sentence = (
        "Copies sent on 30 May 2023 are too late for publication on 5 June 2023: the law asks for them by "
        "29 May 2023. Choose a later date of publication."
    )
    assert errors_of(response) == [sentence]
    assert error_at(response, "case-planned_publication_day") == sentence
    assert fields_in(response)["late_reason"] == "The family asked for it."


def test_a_mistake_in_a_fact_of_the_case_stands_at_the_top_of_the_page_as_well(desk, agreed):
    response = take(desk, agreed, "sent_to_panel_sos", **{"case-planned_publication_day": "32"})
    assert errors_of(response) == ["The day must be a number from 1 to 31."]


def test_a_local_review_turns_into_a_notification(desk, begin):
    case = begin("local_review", "proposed", date(2023, 4, 3))
    typed = {"note": "New facts came out.", "following": "ESCP-2023-08"}
    assert errors_of(take(desk, case, "converted_to_notification", **typed | {"following": ""})) == [
        "Enter the reference of the rapid review that begins."
    ]
    take(desk, case, "converted_to_notification", **typed, **day("on", date(2023, 4, 5)))
    assert ReviewCase.objects.get(reference="ESCP-2023-08").origin == case


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_step_that_cannot_be_taken_now_is_answered_with_what_can(desk, notified, method):
    response = getattr(desk, method)(step_page(notified, "panel_meeting"))
    assert response.status_code == 409
    told = text_of(response)
    assert "This step cannot be taken now" in told
    assert "after that comes “Agencies’ summaries asked for” or “Withdrawn" in told


@pytest.mark.parametrize("code", ["nonsense", "scoping"])
def test_a_stage_that_this_kind_of_case_does_not_have_is_not_found(desk, notified, code):
    assert desk.get(step_page(notified, code)).status_code == 404


def test_a_step_sent_twice_is_taken_once(desk, begin):
    case = begin("rapid_review", "aware", date(2023, 4, 5))
    opened = desk.get(step_page(case, "notified"))
    token = page_of(opened).select_one("[name=form_token]")["value"]
    sent = fields_in(opened) | day("on", date(2023, 4, 14)) | {"form_token": token}
    first, again = (desk.post(step_page(case, "notified"), sent) for _ in range(2))
    assert first.url == again.url == case.get_absolute_url()
    assert case.stages.count() == 2


# What may identify a child (D-4).


def test_an_age_in_a_note_is_asked_about_and_kept_once_somebody_has_checked(desk, notified):
    typed = {"note": "A leaflet for children aged 4 was sent."} | day("on", date(2023, 4, 17))
    response = take(desk, notified, "gathering", **typed)
    assert "reads like a child's age" in error_at(response, "note")
    assert not Stage.objects.filter(code="gathering").exists()
    desk.post(step_page(notified, "gathering"), fields_in(response) | {"identifying_checked": "on"})
    stage = Stage.objects.get(code="gathering")
    assert stage.note == typed["note"]
    assert "kept, nobody can be identified" in stage.history.get().history_change_reason


def test_an_age_in_what_a_partner_said_is_asked_about_too(desk, begin):
    case = begin("rapid_review", "aware", date(2023, 4, 5))
    typed = {"partners-police_view": "agrees", "partners-police_note": "A boy aged 4."}
    response = take(desk, case, "notified", **typed, **day("on", date(2023, 4, 14)))
    assert "“aged 4” reads like a child's age" in error_at(response, "partners-police_note")
    assert not PartnerView.objects.exists()


def test_the_pseudonym_of_a_report_is_asked_about_only_before_it_is_published(desk, published):
    typed = {"note": "The review of Child R is archived."}
    assert take(desk, published, "archived", **typed).status_code == 302
    other = factories.CaseFactory(kind="cspr", stage="in_progress")
    response = take(desk, other, "monitored", **typed)
    assert "“Child R” reads like a named child" in error_at(response, "note")


def test_a_title_cannot_be_given_before_publication(desk, agreed):
    assert "title" not in fields_in(desk.get(reverse("case-update", args=[agreed.pk])))
    fill(desk, "case-update", agreed.pk, title="Child R", reviewer="Ann Lee")
    agreed.refresh_from_db()
    assert (agreed.title, agreed.reviewer) == ("", "Ann Lee")


def test_a_title_is_given_with_publication_by_a_second_person_and_changed_after_it(desk, agreed, step, ben):
    case = step(agreed, "sent_to_panel_sos", date(2023, 5, 24), planned_publication=date(2023, 6, 5))
    refused = desk.get(step_page(case, "published"))
    assert (refused.status_code, "Somebody else of the business unit" in text_of(refused)) == (409, True)
    desk.force_login(ben)
    take(desk, case, "published", **{"case-title": "Child R"}, **day("on", date(2023, 6, 5)))
    case.refresh_from_db()
    assert case.title == "Child R"
    fill(desk, "case-update", case.pk, title="Child R: a review", reason="As printed")
    case.refresh_from_db()
    assert case.title == "Child R: a review"


# Putting right.


def test_another_day_of_publication_is_refused_where_the_copies_went_too_late_for_it(desk, agreed, step):
    case = step(agreed, "sent_to_panel_sos", date(2023, 5, 24), planned_publication=date(2023, 6, 5))
    earlier = day("planned_publication", date(2023, 6, 2))
    response = fill(desk, "case-update", case.pk, **earlier)
    assert "too late for publication on 2 June 2023" in errors_of(response)[0]
    case.refresh_from_db()
    assert case.planned_publication == date(2023, 6, 5)
    fill(desk, "case-update", case.pk, **earlier, reason="The hall was free that day")
    case.refresh_from_db()
    assert case.planned_publication == date(2023, 6, 2)
    assert case.late_reasons.get().reason == "The hall was free that day"


def test_a_stage_is_corrected_with_a_reason_and_the_case_follows(desk, begin):
    case = begin("rapid_review", "aware", date(2023, 3, 8))
    stage = case.stages.get()
    corrected = day("on", date(2023, 4, 5))
    assert errors_of(fill(desk, "stage-update", stage.pk, **corrected)) == ["Answer “Why is this changed?”."]
    response = fill(desk, "stage-update", stage.pk, **corrected, reason="Wrong month")
    assert response.url == case.get_absolute_url()
    case.refresh_from_db()
    assert case.began_on == date(2023, 4, 5)
    for found in (stage, case):
        assert found.history.first().history_change_reason == "Wrong month"


def test_a_correction_does_not_put_a_stage_before_the_one_it_follows(desk, notified):
    response = fill(
        desk, "stage-update", notified.stages.last().pk, reason="Slip", **day("on", date(2023, 4, 4))
    )
    assert errors_of(response) == [
        "This is before “Local authority became aware, 5 April 2023”. Check the date."
    ]


def test_a_correction_does_not_get_round_the_limit_of_the_law(desk, agreed, step):
    case = step(agreed, "sent_to_panel_sos", date(2023, 5, 24), planned_publication=date(2023, 6, 5))
    stage = case.stages.last()
    response = fill(desk, "stage-update", stage.pk, reason="Slip", **day("on", date(2023, 5, 30)))
    assert "the law asks for them by 29 May 2023" in errors_of(response)[0]
    stage.refresh_from_db()
    assert stage.on == date(2023, 5, 24)


def test_a_step_that_a_correction_makes_late_asks_for_a_reason_on_the_page_of_the_case(desk, notified):
    fill(desk, "stage-update", notified.stages.last().pk, reason="Slip", **day("on", date(2023, 4, 17)))
    page = page_of(desk.get(notified.get_absolute_url()))
    assert "No reason is recorded." in page.find(id="clock-SIN5").parent.text
    assert not LateReason.objects.exists()


def test_taking_a_stage_back_asks_first_and_says_which(desk, notified):
    address = reverse("stage-take-back", args=[notified.pk])
    assert page_of(desk.get(address)).blockquote.text == "Notified to the national Panel, 14 April 2023"
    assert errors_of(fill(desk, "stage-take-back", notified.pk)) == ["Enter why."]
    assert notified.stages.count() == 2
    response = fill(desk, "stage-take-back", notified.pk, reason="Wrong case")
    assert response.url == notified.get_absolute_url()
    assert notified.stages.get().code == "aware"


def test_the_only_stage_of_a_case_is_not_taken_back(desk, begin):
    case = begin("rapid_review", "aware", date(2023, 4, 5))
    assert errors_of(fill(desk, "stage-take-back", case.pk, reason="Wrong case")) == [
        "The first stage of a case cannot be taken back: change its date instead."
    ]


def test_what_partners_thought_is_recorded_later_and_put_right(desk, notified):
    stage = notified.stages.last()
    fill(desk, "stage-views", stage.pk, police_view="disagrees", health_view="agrees")
    assert fields_in(desk.get(reverse("stage-views", args=[stage.pk])))["police_view"] == "disagrees"
    fill(desk, "stage-views", stage.pk, police_view="")
    assert [view.partner for view in stage.views.all()] == ["health"]


def test_partners_are_not_asked_about_a_stage_that_is_not_theirs(desk, notified):
    stage = notified.stages.first()
    assert desk.get(reverse("stage-views", args=[stage.pk])).status_code == 404


# Why it is late.


def test_a_clock_that_is_late_is_explained_on_a_page_of_its_own(desk, notified):
    address = reverse("late-reason", args=[notified.pk, "RR15"])
    assert address in [a["href"] for a in page_of(desk.get(notified.get_absolute_url())).select("main a")]
    assert "due Tuesday 9 May 2023" in text_of(desk.get(address))
    response = desk.post(address, {"reason": "Two agencies answered late.", **as_shown(desk, address)})
    assert response.url == notified.get_absolute_url()
    assert LateReason.objects.get().clock == "RR15"
    assert fields_in(desk.get(address))["reason"] == "Two agencies answered late."


def test_the_reason_that_somebody_else_gave_meanwhile_is_replaced_knowingly_only(desk, notified):
    address = reverse("late-reason", args=[notified.pk, "RR15"])
    mine = {"reason": "Holidays."} | as_shown(desk, address)
    desk.post(address, {"reason": "Two agencies answered late.", **as_shown(desk, address)})
    answer = desk.post(address, mine)
    assert "Now it says: Two agencies answered late." in text_of(answer)
    assert fields_in(answer)["reason"] == "Holidays."
    assert LateReason.objects.get().reason == "Two agencies answered late."


def test_what_partners_thought_is_not_overwritten_unawares(desk, notified):
    stage = notified.stages.last()
    address = reverse("stage-views", args=[stage.pk])
    mine = {"police_view": "agrees", **as_shown(desk, address)}
    fill(desk, "stage-views", stage.pk, police_view="disagrees", police_note="Too early.")
    answer = desk.post(address, mine)
    assert "Too early." in errors_of(answer)[0]
    assert stage.views.get().view == "disagrees"


def test_the_stage_that_is_taken_back_is_the_one_that_was_shown(desk, notified):
    address = reverse("stage-take-back", args=[notified.pk])
    mine = {"reason": "Wrong case", **as_shown(desk, address)}
    fill(desk, "stage-take-back", notified.pk, reason="Wrong day")
    desk.post(address, mine)
    assert notified.stages.count() == 1


def test_a_reason_has_words(desk, notified):
    address = reverse("late-reason", args=[notified.pk, "RR15"])
    response = desk.post(address, {"reason": " ", **as_shown(desk, address)})
    assert errors_of(response) == ["Answer “Why is it late?”."]


@pytest.mark.parametrize("clock", ["SIN5", "CSPR6", "nonsense"])
def test_what_is_not_late_is_not_explained(desk, notified, clock):
    assert desk.get(reverse("late-reason", args=[notified.pk, clock])).status_code == 404


# Who saw it, and what it is about.


def rungs(client, case):
    """{body: whether it shows a gap} from the bottom of the ladder up."""
    page = page_of(client.get(case.get_absolute_url()))
    return {rung.strong.text: "ladder__rung--gap" in rung["class"] for rung in page.select(".ladder__rung")}


def test_the_ladder_shows_who_saw_the_case_and_where_the_gaps_are(desk, notified):
    assert rungs(desk, notified) == dict.fromkeys(factories.BODIES, True)
    body = factories.oversight_body(factories.BODIES[1])
    response = fill(
        desk,
        "case-presentation-add",
        notified.pk,
        body=body.pk,
        outcome="Noted",
        **day("on", date(2023, 5, 3)),
    )
    assert response.url == notified.get_absolute_url()
    assert rungs(desk, notified) == dict.fromkeys(factories.BODIES, True) | {body.name: False}
    assert "3 May 2023, Noted" in text_of(desk.get(notified.get_absolute_url()))


def test_a_body_sees_a_case_once_a_day(desk, notified):
    seen = factories.CasePresentationFactory(case=notified)
    response = fill(desk, "case-presentation-add", notified.pk, body=seen.body_id, **day("on", seen.on))
    assert errors_of(response) == ["This presentation is recorded already. Change it, or enter another day."]


def test_a_presentation_is_changed(desk, notified):
    seen = factories.CasePresentationFactory(case=notified)
    response = fill(desk, "case-presentation-update", seen.pk, outcome="Noted", reason="Minutes are out")
    assert response.url == notified.get_absolute_url()
    assert CasePresentation.objects.get().outcome == "Noted"


def test_themes_are_told_from_what_the_case_taught_and_put_on_it(desk, notified, bea):
    factories.LearningFactory(case=notified, text="Staff show professional curiosity.")
    page = page_of(desk.get(reverse("case-themes", args=[notified.pk])))
    assert page.blockquote.text == "Staff show professional curiosity."
    ticked = [box["value"] for box in page.select("input[checked]")]
    assert ticked == [str(factories.theme("CUR").pk)]
    desk.post(reverse("case-themes", args=[notified.pk]), {"suggested": ticked, "seen": ""})
    tag = notified.tags.get()
    assert (tag.theme.code, tag.history.get().history_user) == ("CUR", bea)
    assert "Professional curiosity" in text_of(desk.get(notified.get_absolute_url()))
