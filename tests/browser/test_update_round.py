"""A round in real browsers: asked by the officer, answered through the link by somebody without an account, accepted,
told in the tracker report, judged, and told once more at the next meeting."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from actions import outbox
from scrutiny.toolkit.history import record
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

SAID = "All forty practitioners were trained, and escalation was used eleven times."
JUDGED = "The Board was assured."


@pytest.fixture
def meetings(board):
    """One tomorrow and two more, a month apart, in a municipal year that holds them all."""
    today = timezone.localdate()
    year = factories.YearFactory(
        label="now", start=today - timedelta(days=100), end=today + timedelta(days=200)
    )
    days = [today + timedelta(days=days) for days in (1, 29, 57)]
    held = [
        factories.MeetingFactory(board=board, year=year, date=day, minutes_state="drafting") for day in days
    ]
    for meeting in held:
        factories.ItemFactory(meeting=meeting, position=1, title="Partnership update")
    return held


def send(page, button):
    page.click(f"main form[method=post] button:has-text('{button}')")


def open_round(page, meeting):
    page.goto(meeting.get_absolute_url())
    page.click("text=Ask for updates on everything due")
    expect(page.locator(".sentence")).to_have_text("1 addressee will be asked about 2 elements.")
    send(page, "Open the round")
    expect(page.locator(".govuk-notification-banner--success")).to_be_visible()


def link_in_the_message():
    """The address as it was sent, without the site: the live server has another port."""
    outbox.send_waiting()
    return re.search(r"/answer/\S+", mail.outbox[-1].body)[0]


def answer(page, link, elements, axe):
    page.goto(link)
    first = page.locator("section.element").first
    expect(first).to_contain_text(elements[0].text)
    first.get_by_label("What has happened since").fill(SAID)
    send(page, "Save a draft")
    expect(page.locator(".govuk-notification-banner--success")).to_contain_text("Your draft is saved")
    page.goto(link)
    expect(first.get_by_label("What has happened since")).to_have_value(SAID)
    axe(page)
    first.get_by_label("In progress").check()
    page.get_by_label("Your name and post").fill("Sam Weir, Business Manager")
    send(page, "Send to the council")
    expect(page.locator(".govuk-notification-banner--success")).to_contain_text("1 answer was sent")
    expect(page.locator(".govuk-service-navigation__item")).to_have_count(0)


def accept(page):
    page.goto("/")
    page.click("text=round with answers to look at")
    page.click("main tbody a >> nth=0")
    page.click("main tbody a >> nth=0")
    expect(page.locator(".sentence")).to_have_text("1 of 2 elements answered, 1 to look at.")
    page.click("a:has-text('Accept')")
    send(page, "Accept into the record")
    expect(page.locator(".govuk-notification-banner--success")).to_contain_text("is in the record")


def judge(page, action, item):
    page.goto(f"{action.get_absolute_url()}judge/?item={item.pk}")
    page.select_option("[name=element-1-category]", label="2. Achieved")
    page.fill("[name=element-1-comment]", JUDGED)
    send(page, "Record the judgement")
    expect(page.locator(".govuk-notification-banner--success")).to_be_visible()


def tracker(page, meeting):
    page.goto(f"{meeting.get_absolute_url()}papers/tracker/")
    return page.locator("main")


def test_a_round_goes_from_the_question_to_the_judgement_and_is_told_once(
    signed_in, browser, browser_context_args, olivia, ask, meetings, partnership, axe
):
    partnership.email = "office@escp.example"
    partnership.save()
    first, second, third = meetings
    page = signed_in(olivia)
    open_round(page, first)

    outside = browser.new_context(**browser_context_args)
    answer(outside.new_page(), link_in_the_message(), ask.elements, axe)
    outside.close()

    accept(page)
    axe(page)
    expect(tracker(page, first)).to_contain_text(SAID)
    axe(page)

    first.date = timezone.localdate()
    record(first, by=olivia, reason="The day of the meeting has come")
    judge(page, ask.action, first.items.get())

    expect(tracker(page, second).locator("section", has_text="Completed since")).to_contain_text(JUDGED)
    expect(tracker(page, third)).not_to_contain_text(JUDGED)
    expect(page.locator("main")).not_to_contain_text("Completed since")


def test_a_link_that_opens_nothing_says_what_to_do_and_shows_no_record(page, live_server, axe, width):
    page.goto("/answer/request-1-1:not-a-signature/")
    expect(page.locator("h1")).to_have_text("This link does not work")
    axe(page)
