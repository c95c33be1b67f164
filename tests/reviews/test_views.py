"""Papers received: reports, their appendices, and corrections beside them."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from actions.models import Answer
from reviews.models import Appendix, ClockRule, Erratum, Report, ReportPresentation
from scrutiny.models import BankHoliday
from tests import factories
from tests.conftest import hold
from tests.scrutiny.test_views import day, errors_of, fill, page_of, text_of
from tests.scrutiny.toolkit.test_exports import table


@pytest.fixture
def desk(client, olivia):
    """The client of an officer."""
    client.force_login(olivia)
    return client


@pytest.fixture
def item(board):
    return factories.ItemFactory(meeting=factories.MeetingFactory(board=board, date=date(2023, 3, 22)))


@pytest.fixture
def report(item, partnership):
    return factories.ReportFactory(item=item, author_body=partnership, title="Partnership update report")


@pytest.fixture
def appendix(report):
    return factories.AppendixFactory(report=report, number="1", title="Yearly report of the partnership")


def test_a_report_is_received_under_an_item(desk, item, partnership):
    typed = {"title": "Partnership update", "author_body": partnership.pk, "author_post": "Business Manager"}
    response = fill(desk, "report-add", item.pk, **typed, **day("date", date(2023, 2, 27)))
    report = Report.objects.get()
    assert response.url == report.get_absolute_url()
    assert (report.item, report.author_body, report.date) == (item, partnership, date(2023, 2, 27))


def test_a_report_needs_a_title(desk, item):
    assert len(errors_of(fill(desk, "report-add", item.pk))) == 1
    assert not Report.objects.exists()


def test_a_report_is_changed_and_the_history_says_why(desk, report):
    fill(desk, "report-update", report.pk, summary="What was done since.", reason="Summary added")
    report.refresh_from_db()
    assert report.summary == "What was done since."
    assert report.history.first().history_change_reason == "Summary added"


def test_an_appendix_is_added_to_its_report(desk, report):
    response = fill(desk, "appendix-add", report.pk, number="2", title="Data on notifications")
    assert response.url == report.get_absolute_url()
    assert str(report.appendices.get()) == "Appendix 2: Data on notifications"


def test_an_appendix_has_a_number_of_its_own(desk, appendix):
    response = fill(desk, "appendix-add", appendix.report_id, number="1", title="Another")
    assert errors_of(response) == ["This report has an appendix of that number already."]


def test_an_appendix_belongs_to_a_section_of_the_same_item(desk, report):
    section = factories.SectionFactory(item=report.item)
    factories.SectionFactory()
    page = page_of(desk.get(reverse("appendix-add", args=[report.pk])))
    assert [option["value"] for option in page.select("[name=section] option")] == ["", str(section.pk)]


def test_an_appendix_is_changed(desk, appendix):
    response = fill(desk, "appendix-update", appendix.pk, title="Yearly report 2021/22")
    assert response.url == appendix.report.get_absolute_url()
    appendix.refresh_from_db()
    assert appendix.title == "Yearly report 2021/22"


# V-8, I-17: a correction stands beside the paper


def correct(desk, appendix, **more):
    words = "Members noted an error: the number should read ten."
    typed = {"appendix": appendix.pk, "words": words, "wrong_value": "nine", "correct_value": "ten"}
    return fill(desk, "erratum-add", appendix.report_id, announced_by="The Business Manager", **typed | more)


def test_a_correction_stands_beside_the_paper_and_never_over_it(desk, appendix):
    before = {model: list(model.objects.values()) for model in (Report, Appendix)}
    assert correct(desk, appendix).url == appendix.report.get_absolute_url()
    erratum = Erratum.objects.get()
    assert (erratum.appendix, erratum.wrong_value, erratum.correct_value) == (appendix, "nine", "ten")
    assert {model: list(model.objects.values()) for model in before} == before
    assert appendix.history.count() == 1


def test_a_correction_was_announced_where_the_report_was_received_unless_it_says_otherwise(desk, appendix):
    correct(desk, appendix)
    assert Erratum.objects.get().meeting == appendix.report.item.meeting


def test_a_correction_may_come_at_a_later_meeting_of_the_board_but_not_before(desk, appendix, board):
    own = appendix.report.item.meeting
    later = factories.MeetingFactory(board=board, date=date(2023, 4, 5))
    factories.MeetingFactory(board=board, date=date(2023, 2, 1))
    factories.MeetingFactory(date=date(2023, 4, 5))
    page = page_of(desk.get(reverse("erratum-add", args=[appendix.report_id])))
    offered = {option["value"] for option in page.select("[name=meeting] option")} - {""}
    assert offered == {str(own.pk), str(later.pk)}


def test_a_correction_is_of_an_appendix_of_the_same_report(desk, appendix):
    factories.AppendixFactory()
    page = page_of(desk.get(reverse("erratum-add", args=[appendix.report_id])))
    assert [option["value"] for option in page.select("[name=appendix] option")] == ["", str(appendix.pk)]


def test_a_correction_may_leave_open_what_was_printed(desk, appendix):
    correct(desk, appendix, wrong_value="")
    assert Erratum.objects.get().wrong_value == ""
    assert "As printed: not recorded. Should read: ten." in text_of(
        desk.get(appendix.report.get_absolute_url())
    )


def test_a_correction_has_the_words_of_the_minutes(desk, appendix):
    assert len(errors_of(correct(desk, appendix, words=""))) == 1
    assert not Erratum.objects.exists()


def test_a_paper_of_approved_minutes_can_still_be_corrected(desk, appendix):
    meeting = appendix.report.item.meeting
    meeting.minutes_state = "approved"
    meeting.save()
    correct(desk, appendix)
    assert Erratum.objects.count() == 1


# Pages


def test_the_page_of_a_report_shows_the_paper_its_corrections_and_what_it_answers(desk, appendix, ask):
    correct(desk, appendix)
    Answer.objects.create(element=ask.elements[0], report=appendix.report, coverage="partly", paragraph="3.4")
    told = text_of(desk.get(appendix.report.get_absolute_url()))
    assert "Appendix 1: Yearly report of the partnership" in told
    assert "As printed: nine. Should read: ten. Announced by The Business Manager." in told
    assert (
        "SB-CF 22/23-01, element 1 Progress on escalation and the resolution of concerns. Partly 3.4" in told
    )


def test_the_page_of_a_bare_report_says_what_is_not_there(desk, item):
    told = text_of(desk.get(factories.ReportFactory(item=item).get_absolute_url()))
    assert "Report of Not recorded" in told
    assert "There are no appendices." in told
    assert "No corrections were announced." in told


def test_a_correction_known_only_by_what_was_printed_shows_that(desk, report):
    factories.ErratumFactory(report=report, wrong_value="nine")
    assert "nine" in text_of(desk.get(report.get_absolute_url()))


def test_the_history_of_a_report_holds_its_papers_and_corrections(desk, appendix):
    correct(desk, appendix)
    told = text_of(desk.get(reverse("history", args=["report", appendix.report_id])))
    assert "Appendix added" in told
    assert "Erratum added" in told


def test_the_page_of_a_report_keeps_from_a_contributor_what_was_asked_of_others(client, norma, ask, report):
    hold(norma, "contributor", organisation=factories.OrganisationFactory())
    Answer.objects.create(element=ask.elements[0], report=report, coverage="fully")
    client.force_login(norma)
    assert "SB-CF 22/23-01" not in text_of(client.get(report.get_absolute_url()))


@pytest.mark.parametrize(("state", "status"), [("drafting", 404), ("draft_published", 200)])
def test_a_report_is_seen_by_those_who_see_its_meeting(client, mary, board, state, status):
    report = factories.ReportFactory(item__meeting__board=board, item__meeting__minutes_state=state)
    client.force_login(mary)
    assert client.get(report.get_absolute_url()).status_code == status


def test_papers_are_seen_by_those_who_see_their_report(cast, board):
    report = factories.ReportFactory(item__meeting__board=board, item__meeting__minutes_state="drafting")
    parts = (factories.AppendixFactory, factories.ErratumFactory, factories.ReportPresentationFactory)
    for paper in (report, *(part(report=report) for part in parts)):
        seeing = {name for name, user in vars(cast).items() if paper in type(paper).objects.visible_to(user)}
        assert seeing == {"olivia", "petra", "chidi", "arun", "grace"}


@pytest.mark.parametrize("name", ["report-update", "appendix-add", "erratum-add", "report-presentation-add"])
def test_those_who_only_read_change_no_paper(client, mary, report, name):
    client.force_login(mary)
    assert client.get(reverse(name, args=[report.pk])).status_code == 403


def test_reports_are_listed_filtered_and_exported(desk, report, partnership):
    factories.ReportFactory(title="Budget")
    rows = table(desk.get(reverse("report-list"), {"q": "UPDATE", "format": "csv"}))
    board = report.item.meeting.board.name
    assert [cell for cell in rows[1] if cell] == [
        "Partnership update report",
        "Update report",
        partnership.name,
        board,
        "2023-03-22",
    ]
    assert len(rows) == 2


def test_the_newest_report_stands_first(desk, board, report):
    later = factories.MeetingFactory(board=board, date=date(2023, 4, 5))
    factories.ReportFactory(title="Budget", item__meeting=later)
    page = page_of(desk.get(reverse("report-list")))
    assert [row.th.text.strip() for row in page.select("tbody tr")] == ["Budget", "Partnership update report"]


# Clocks: a date is worked out, and every rule is shown.


def work_out(client, start="14 9 2022", **query):
    boxes = dict(zip(("start_day", "start_month", "start_year"), start.split(), strict=True))
    return client.get(reverse("clock-list"), boxes | query)


def answer_of(response):
    found = page_of(response).select_one(".govuk-inset-text")
    return " ".join(found.get_text(" ").split()) if found else None


def errors_shown(response):
    return [each.get_text(strip=True) for each in page_of(response).select(".govuk-error-summary li")]


@pytest.fixture
def reader(client, mary):
    client.force_login(mary)
    return client


def test_a_number_of_working_days_is_worked_out_in_words_with_the_days_left_out(reader):
    assert answer_of(work_out(reader, number="5", unit="WD")) == (
        "Counting starts on Wednesday 14 September 2022; 5 working days, leaving out Monday 19 September 2022 "
        "(State Funeral of Queen Elizabeth II, bank holiday); due Thursday 22 September 2022. "
        "Bank holidays left out: Monday 19 September 2022: State Funeral of Queen Elizabeth II"
    )


def test_a_rule_is_worked_out(reader):
    rule = ClockRule.objects.get(code="EX2M")
    assert answer_of(work_out(reader, "8 March 2023", rule=rule.pk)) == (
        "The report or recommendations were received on Wednesday 8 March 2023; 2 months beginning with that day; "
        "due 7 May 2023, which falls on a Sunday; the last working day before it is Friday 5 May 2023."
    )


def test_a_bank_holiday_that_an_administrator_added_counts(reader):
    BankHoliday.objects.create(day=date(2023, 3, 9), name="Day of mourning")
    assert "due Thursday 16 March 2023" in answer_of(work_out(reader, "8 3 2023", number="5", unit="WD"))


def test_before_anything_is_asked_there_is_neither_answer_nor_error(reader):
    response = reader.get(reverse("clock-list"))
    assert answer_of(response) is None
    assert errors_shown(response) == []


WHOLE_NUMBER = "Enter a whole number from 1 to 1000."
RULE_OR_NUMBER = "Select a rule, or enter a number and select its unit."


@pytest.mark.parametrize(
    ("start", "query", "error"),
    [
        (
            "31 2 2022",
            {"number": "5", "unit": "WD"},
            "31 February 2022 does not exist. Check the day and month.",
        ),
        ("14 9 2022", {}, RULE_OR_NUMBER),
        ("14 9 2022", {"number": "5"}, "Select what the number counts."),
        ("14 9 2022", {"unit": "WD"}, WHOLE_NUMBER),
        ("14 9 2022", {"number": "0", "unit": "WD"}, WHOLE_NUMBER),
        ("14 9 2022", {"number": "-5", "unit": "WD"}, WHOLE_NUMBER),
        ("14 9 2022", {"number": "1001", "unit": "WD"}, WHOLE_NUMBER),
        ("14 9 2022", {"number": "9" * 5000, "unit": "WD"}, WHOLE_NUMBER),
        ("14 9 2022", {"number": "five", "unit": "WD"}, WHOLE_NUMBER),
        (
            "14 9 1066",
            {"number": "5", "unit": "WD"},
            "Enter a year from 1872 to 2100. Bank holidays are known for those only.",
        ),
        (
            "14 9 2022",
            {"number": "1000", "unit": "Y"},
            "The answer lies outside the years 1872 to 2100, and bank holidays are known for those only. "
            "Enter another date or a smaller number.",
        ),
        (
            "1 1 1872",
            {"number": "5", "unit": "CLR"},
            "The answer lies outside the years 1872 to 2100, and bank holidays are known for those only. "
            "Enter another date or a smaller number.",
        ),
    ],
)
def test_what_cannot_be_worked_out_says_what_to_do_and_keeps_what_was_typed(reader, start, query, error):
    response = work_out(reader, start, **query)
    assert errors_shown(response) == [error]
    assert answer_of(response) is None
    page = page_of(response)
    boxes = [page.find("input", {"name": f"start_{part}"})["value"] for part in ("day", "month", "year")]
    assert boxes == start.split()
    assert page.find("input", {"name": "number"}).get("value", "") == query.get("number", "")


def test_a_rule_and_a_number_at_once_are_not_guessed_between(reader):
    rule = ClockRule.objects.get(code="EX2M")
    response = work_out(reader, rule=rule.pk, number="5", unit="WD")
    assert errors_shown(response) == ["Select a rule, or enter a number and select its unit, but not both."]


@pytest.mark.parametrize("query", [{"rule": "nonsense"}, {"rule": "0"}, {"number": "5", "unit": "nonsense"}])
def test_an_address_made_up_by_hand_is_answered_with_one_error(reader, query):
    assert len(errors_shown(work_out(reader, **query))) == 1


def test_every_rule_is_shown_with_its_length_in_words(reader):
    text = text_of(reader.get(reverse("clock-list")))
    assert all(rule.code in text for rule in ClockRule.objects.all())
    assert "7 working days before; in law 7 calendar days before" in text


def test_the_page_of_clocks_asks_the_database_as_often_for_many_rules_as_for_few(reader):
    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert work_out(reader, number="5", unit="WD").status_code == 200
        return len(captured)

    asked()
    few = asked()
    for _ in range(300):
        factories.ClockRuleFactory(guidance=factories.GuidanceFactory())
    assert asked() == few


def test_reports_are_filtered_by_kind(desk, report):
    yearly = factories.ReportFactory(title="Yearly report 2021/22", kind="annual")
    found = desk.get(reverse("report-list"), {"kind": "annual"}).context["object_list"]
    assert list(found) == [yearly]


def test_the_export_holds_kind_period_and_publication(desk, yearly):
    header, row = table(desk.get(reverse("report-list"), {"kind": "annual", "format": "csv"}))
    told = dict(zip(header, row, strict=True))
    names = ("Kind", "Period from", "Period until", "Published on")
    assert [told[name] for name in names] == ["Yearly report", "2021-04-01", "2022-09-30", "2023-02-01"]


# Yearly reports (Y-1, Y-2): noticed, never refused


@pytest.fixture
def yearly(item, partnership):
    """One that covers 18 months."""
    return factories.ReportFactory(
        item=item,
        author_body=partnership,
        title="Yearly report 2021/22",
        kind="annual",
        period_start=date(2021, 4, 1),
        period_end=date(2022, 9, 30),
        published_on=date(2023, 2, 1),
    )


LONG = "It covers 18 months; 12 are expected (Children Act 2004 s16G(7))."


def test_the_page_of_a_yearly_report_tells_its_period_and_that_it_is_long(desk, yearly):
    told = text_of(desk.get(yearly.get_absolute_url()))
    assert "Kind of report Yearly report" in told
    assert "Period it covers From 1 April 2021 to 30 September 2022, 18 months" in told
    assert "Published on 1 February 2023" in told
    assert LONG in told


def test_the_page_of_an_update_report_tells_its_period_without_remark(desk, yearly):
    yearly.kind = "update"
    yearly.save()
    told = text_of(desk.get(yearly.get_absolute_url()))
    assert ", 18 months" in told
    assert "are expected" not in told


def test_half_a_period_is_told_as_it_is(desk, item):
    url = factories.ReportFactory(item=item, period_end=date(2022, 9, 30)).get_absolute_url()
    assert "Period it covers Until 30 September 2022" in text_of(desk.get(url))


def test_saving_a_long_yearly_report_says_so_and_saves_it(desk, item):
    period = day("period_start", date(2021, 4, 1)) | day("period_end", date(2022, 9, 30))
    answer = fill(desk, "report-add", item.pk, title="Yearly report", kind="annual", **period)
    saved = Report.objects.get()
    assert (saved.kind, saved.period_end) == ("annual", date(2022, 9, 30))
    assert f"Saved. {LONG}" in text_of(desk.get(answer.url))


def test_changing_a_report_into_a_yearly_one_says_it_too(desk, yearly):
    yearly.kind = "other"
    yearly.save()
    answer = fill(desk, "report-update", yearly.pk, kind="annual")
    assert f"Saved. {LONG}" in text_of(desk.get(answer.url))


def test_a_period_that_runs_backwards_is_asked_about_beside_its_end(desk, item):
    period = day("period_start", date(2022, 4, 1)) | day("period_end", date(2021, 4, 1))
    answer = fill(desk, "report-add", item.pk, title="Yearly report", kind="annual", **period)
    assert errors_of(answer) == ["The period ends before it starts. Check both dates."]
    assert page_of(answer).select_one("#id_period_end_error")
    assert not Report.objects.exists()


# Y-5: whom a report was presented to


def present(desk, report, on, body="Executive Board", **typed):
    body = factories.oversight_body(body).pk
    return fill(desk, "report-presentation-add", report.pk, body=body, **day("on", on), **typed)


def test_a_presentation_is_recorded_and_stands_on_the_page_of_the_report(desk, report):
    answer = present(desk, report, date(2023, 4, 19), outcome="Noted with thanks.")
    assert answer.url == report.get_absolute_url()
    told = text_of(desk.get(answer.url))
    assert "Executive Board, 19 April 2023 Noted with thanks." in told
    assert "Planned" not in told


def test_a_presentation_to_come_is_planned(desk, report):
    present(desk, report, timezone.localdate() + timedelta(days=1))
    assert "Planned" in text_of(desk.get(report.get_absolute_url()))


def test_a_presentation_of_today_is_not_planned(desk, report):
    present(desk, report, timezone.localdate())
    assert "Planned" not in text_of(desk.get(report.get_absolute_url()))


def test_presentations_stand_in_the_order_of_the_bodies(desk, report):
    for body, on in [("Full Council", 1), ("LSCP Executive", 3), ("LSCP Executive", 2)]:
        factories.ReportPresentationFactory(
            report=report, body=factories.oversight_body(body), on=date(2023, 5, on)
        )
    assert [str(each) for each in report.presentations.all()] == [
        "LSCP Executive, 2 May 2023",
        "LSCP Executive, 3 May 2023",
        "Full Council, 1 May 2023",
    ]
    told = text_of(desk.get(report.get_absolute_url()))
    assert told.index("LSCP Executive, 3 May 2023") < told.index("Full Council, 1 May 2023")


def test_the_same_presentation_is_not_recorded_twice(desk, report):
    present(desk, report, date(2023, 4, 19))
    answer = present(desk, report, date(2023, 4, 19), outcome="Noted")
    assert errors_of(answer) == ["This presentation is recorded already. Change it, or enter another day."]
    assert ReportPresentation.objects.count() == 1


def test_a_presentation_is_changed_once_its_outcome_is_known(desk, report):
    row = factories.ReportPresentationFactory(report=report)
    answer = fill(desk, "report-presentation-update", row.pk, outcome="Agreed.", reason="Minutes published")
    assert answer.url == report.get_absolute_url()
    row.refresh_from_db()
    assert row.outcome == "Agreed."


def test_the_history_of_a_report_tells_of_its_presentations(desk, report):
    present(desk, report, date(2023, 4, 19))
    told = text_of(desk.get(reverse("history", args=["report", report.pk])))
    assert "Presentation on 19 April 2023 added" in told
    assert "Presented to Executive Board" in told


def test_a_presentation_has_a_history_of_its_own(desk, report):
    present(desk, report, date(2023, 4, 19))
    url = reverse("history", args=["report-presentation", ReportPresentation.objects.get().pk])
    assert "Executive Board, 19 April 2023" in text_of(desk.get(url))
