"""A review case in a real browser: from the referral to the published review, and what a board member sees of it."""

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from reviews.models import LearningPoint, ReviewCase
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TITLE = "Learning from a local child safeguarding practice review: neglect seen over time"
LEARNED = "A chronology is kept, and read before each decision."


def fill_date(page, name, day):
    for part, value in zip(("day", "month", "year"), day.split(), strict=True):
        page.fill(f"[name={name}_{part}]", value)


def send(page, button):
    page.click(f"main form[method=post] button:has-text('{button}')")


def add_case(page, start, reference, day):
    page.check(f"[name=start][value='{start}']")
    page.fill("[name=reference]", reference)
    fill_date(page, "on", day)
    send(page, "Save")
    expect(page.locator("h1")).to_contain_text(reference)


def take_step(page, label, day, **given):
    """From the page of the case to its next stage and back; `given` are further fields by name."""
    page.click(f"main a:text-is('{label}')")
    expect(page.locator("h1")).to_have_text(label)
    fill_date(page, "on", day)
    for name, value in given.items():
        if name == "decision":
            page.check(f"[name=decision][value={value}]")
        elif name.endswith("_date"):
            fill_date(page, f"case-{name.removesuffix('_date')}", value)
        else:
            page.fill(f"[name='{name.replace('__', '-')}']", value)
    send(page, "Record this stage")
    expect(page.locator(".govuk-notification-banner--success")).to_be_visible()


def expect_clock(page, name, state, words):
    clock = page.locator(f"section.clock:has(h3:has-text('{name}'))")
    expect(clock.locator(".govuk-tag")).to_have_text(state)
    expect(clock).to_contain_text(words)


NOTIFY, RAPID, PUBLISH = (
    "Notify the national Panel",
    "Send the rapid review",
    "Complete and publish",
)


def rapid_review(page):
    page.goto("/cases/")
    page.click("text=Add a review case")
    add_case(page, "rapid_review:referred", "ESCP-2024-01", "5 1 2024")
    take_step(page, "Local authority became aware", "8 1 2024")
    expect_clock(page, NOTIFY, "Late", "due Monday 15 January 2024")
    take_step(page, "Notified to the national Panel", "12 1 2024")
    expect_clock(page, NOTIFY, "In time", "Done on Friday 12 January 2024")
    expect_clock(page, RAPID, "Late", "15 working days; due Friday 2 February 2024")
    take_step(page, "Agencies’ summaries asked for", "15 1 2024")
    take_step(page, "Multi-agency meeting held", "26 1 2024")
    take_step(page, "Partners decided what follows", "30 1 2024", decision="lcspr")
    take_step(page, "Rapid review sent to the Panel", "1 2 2024")
    expect_clock(page, RAPID, "In time", "Done on Thursday 1 February 2024")
    take_step(page, "The Panel responded", "14 2 2024", decision="agrees")


def practice_review(page):
    page.click("text=Begin the child safeguarding practice review that follows")
    add_case(page, "cspr:decided", "ESCP-2024-02", "30 1 2024")
    expect_clock(page, PUBLISH, "Late", "6 months; due Tuesday 30 July 2024")
    take_step(page, "Terms of reference agreed", "20 2 2024")
    take_step(
        page, "Reviewer appointed", "11 3 2024", case__reviewer="Dr A. Castellane, independent reviewer"
    )
    take_step(page, "Review under way", "12 3 2024")
    take_step(page, "Draft report received", "3 6 2024")
    take_step(page, "Report agreed", "1 7 2024", decision="full_report", planned_publication_date="29 7 2024")
    expect_clock(page, "before it is published", "Late", "due Thursday 18 July 2024")
    take_step(page, "Copies sent to the Secretary of State and the Panel", "15 7 2024")
    expect_clock(page, "before it is published", "In time", "Done on Monday 15 July 2024")
    expect(page.locator("main")).to_contain_text("This case is not published")


def learning(page):
    page.click("text=Add what was learned")
    page.fill("[name=text]", LEARNED)
    page.select_option("[name=owner]", label="Exampleton Police")
    send(page, "Save")
    expect(page.locator("h1")).to_have_text("What was learned")
    page.click("text=Add how it was spread")
    page.select_option("[name=kind]", "event")
    page.fill("[name=title]", "Practitioner event on neglect")
    fill_date(page, "on", "1 7 2024")
    page.fill("[name=reached]", "96")
    page.fill("[name=target]", "120")
    send(page, "Save")
    expect(page.locator("main")).to_contain_text("Reached 96 of 120 people")
    page.click("text=Add evidence")
    page.fill("[name=title]", "Dip sample of chronologies")
    page.select_option("[name=grade]", "E4")
    send(page, "Save")
    expect(page.locator("main")).to_contain_text("E4 Practice: practice changed")


def publish(page):
    case = ReviewCase.objects.get(reference="ESCP-2024-02")
    page.goto(case.get_absolute_url())
    take_step(
        page,
        "Report published",
        "29 7 2024",
        case__title=TITLE,
        case__link="https://escp.example.org/neglect",
    )
    expect_clock(page, PUBLISH, "In time", "Done on Monday 29 July 2024")
    expect(page.locator("main")).to_contain_text("until at least Monday 28 July 2025")
    return case


def link_to_element(page, element):
    page.goto(element.get_absolute_url())
    page.click("text=Link learning")
    page.check(f"label:has-text('{LEARNED}')")
    send(page, "Save")
    expect(page.locator("main")).to_contain_text("best evidence E4 Practice: practice changed")


def test_a_case_goes_from_referral_to_published_and_a_member_sees_what_is_published(
    signed_in, cast, ben, ask, axe, board
):
    factories.OrganisationFactory(name="Exampleton Police", kind="police")
    element = ask.elements[0]
    report = factories.ReportFactory(
        item=factories.ItemFactory(meeting=factories.MeetingFactory(board=board, date=date(2023, 10, 4)))
    )
    factories.AnswerFactory(element=element, report=report, paragraph="4.1 to 4.6")
    page = signed_in(cast.bea)
    rapid_review(page)
    practice_review(page)
    axe(page)
    learning(page)
    page = signed_in(ben)  # a review is published by a second person
    case = publish(page)
    axe(page)

    page = signed_in(cast.olivia)
    link_to_element(page, element)
    axe(page)

    page = signed_in(cast.mary)
    page.goto("/cases/")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.click(f"text={case.reference}")
    expect(page.locator("h1")).to_contain_text(TITLE)
    expect(page.locator("main")).not_to_contain_text("Record what happened next")
    page.goto(ask.action.get_absolute_url())
    expect(page.locator("table", has_text="4.1 to 4.6")).to_contain_text("Partly")
    page.click("section#element-1 h3 a")
    page.click(f"text={LEARNED}")
    expect(page.locator("main")).to_contain_text("Dip sample of chronologies")
    page.click(f"main a:has-text('{element}')")
    expect(page).to_have_url(re.compile(element.get_absolute_url() + "$"))

    hidden = ReviewCase.objects.get(reference="ESCP-2024-01")
    page.goto(hidden.get_absolute_url())
    expect(page.locator("h1")).to_have_text("Page not found")
    assert LearningPoint.objects.get().text == LEARNED


def test_copies_sent_too_late_are_refused_with_both_dates_and_what_was_typed_stays(
    signed_in, cast, axe, width, db
):
    case = factories.CaseFactory(kind="cspr", stage="agreed", began_on=date(2024, 2, 1))
    for code, day in (("decided", date(2024, 2, 1)), ("agreed", date(2024, 7, 1))):
        factories.StageFactory(
            case=case, code=code, on=day, decision="full_report" if code == "agreed" else ""
        )
    page = signed_in(cast.bea)
    page.goto(f"{case.get_absolute_url()}stages/sent_to_panel_sos/add/")
    fill_date(page, "on", "22 7 2024")
    fill_date(page, "case-planned_publication", "29 7 2024")
    page.fill("[name=note]", "Sent by secure mail.")
    send(page, "Record this stage")
    summary = page.locator(".govuk-error-summary")
    expect(summary).to_contain_text("guidance asks for them by 18 July 2024, the law by 22 July 2024")
    expect(page.locator("[name=note]")).to_have_value("Sent by secure mail.")
    axe(page)
    page.fill("[name=late_reason]", "A family member asked for an earlier day.")
    send(page, "Record this stage")
    expect(page.locator(".govuk-notification-banner--success")).to_be_visible()
    axe(page)
