"""The main job in a real browser: minutes in, progress with evidence, the Board's judgement, home, history."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from actions.models import Action, Element, MinutesImport
from scrutiny.models import AgendaItem
from tests import factories

MINUTES = Path(__file__).parent / "minutes.txt"
WHOLE_MEETING = MINUTES.parent.parent / "actions/minutes/corpus/08-pellbrook-resolved-alone.txt"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def council(board):
    """Two municipal years, a later meeting at which the answer was considered, and a member who votes."""
    factories.YearFactory(label="2025/26", start=date(2025, 5, 22), end=date(2026, 5, 20))
    later = factories.MeetingFactory(
        board=board, year=factories.YearFactory(label="2025/26"), date=date(2025, 11, 26)
    )
    factories.ItemFactory(meeting=later, position=1, title="Escalation: further report")
    return board


def fill_date(page, name, day):
    for part in ("day", "month", "year"):
        page.fill(f"[name={name}_{part}]", str(getattr(day, part)))


def bring_in(page):
    page.goto("/")
    page.click("text=Bring minutes in")
    page.set_input_files("[name=file]", MINUTES)
    page.click("button:has-text('Read the minutes')")
    page.wait_for_selector("h1:has-text('Confirm what was found')")


def confirm_and_save(page, board):
    page.click("a:has-text('Enter the title of the agenda item')")
    page.select_option("[name=board]", label=board.name)
    fill_date(page, "meeting_date", date(2025, 6, 11))
    page.fill("[name=title]", "Safeguarding partnership update")
    page.click("button:has-text('Save')")
    page.click("button:has-text('Save to the record')")
    page.wait_for_selector("text=is in the record")


def test_minutes_become_a_judged_action_with_a_readable_history(signed_in, olivia, council, axe):
    page = signed_in(olivia)

    bring_in(page)
    axe(page)
    assert not Action.objects.exists(), "nothing is written to the record before it is saved"
    confirm_and_save(page, council)
    axe(page)

    action = Action.objects.get()
    assert action.elements.count() == 3
    page.click(f"a:has-text('{action.reference}')")
    page.click("a:has-text('Element 1')")
    page.click("a:has-text('Record progress')")
    page.fill("[name=text]", "The form was used 41 times by five agencies.")
    page.check("input[name=owner_progress][value=in_progress]")
    page.fill("[name=reported_by]", "Business Manager")
    page.fill("[name=source]", "E-mail of 3 September from the Business Manager")
    page.fill("[name=evidence-title]", "Table of uses by agency")
    page.select_option("[name=evidence-grade]", "E2")
    page.set_input_files(
        "[name=evidence-file]",
        {"name": "uses.csv", "mimeType": "text/csv", "buffer": b"agency,uses\npolice,9\n"},
    )
    page.click("button:has-text('Record progress')")
    page.wait_for_selector("text=Progress on element 1 was recorded")
    expect(page.locator("text=download uses.csv")).to_have_count(1)
    axe(page)

    page.click('a:has-text("Record the Board\'s judgement")')
    page.select_option("[name=item]", index=1)
    page.select_option("[name=element-1-category]", label="2. Achieved")
    page.select_option("[name=element-2-category]", index=4)
    axe(page)
    page.click("button:has-text('Record the judgement')")
    page.wait_for_selector("text=judgement on 2 of 3 elements was recorded")
    assert Element.objects.closed().count() == 1

    page.goto("/")
    assert page.locator("table:has-text('Elements asked for') td").first.inner_text() == "3"

    page.goto(action.get_absolute_url())
    page.click("a:has-text('History of this action')")
    for sentence in (
        "The form was used 41 times",
        "Olivia Marsh",
        "Judged at",
        "Brought in from minutes.txt",
    ):
        expect(page.locator("main")).to_contain_text(sentence)
    axe(page)


def test_the_same_minutes_brought_in_twice_lead_to_the_first_import(signed_in, olivia, council):
    page = signed_in(olivia)
    bring_in(page)
    page.goto("/minutes/add/")
    page.fill("[name=text]", MINUTES.read_text() + "\n\n")
    page.click("button:has-text('Read the minutes')")
    page.wait_for_selector("text=These minutes were brought in before")
    assert MinutesImport.objects.count() == 1


def test_a_half_done_import_is_taken_up_again_from_the_home_page(signed_in, olivia, council):
    page = signed_in(olivia)
    bring_in(page)
    page.goto("/")
    page.click("a:has-text('not finished')")
    page.click("a:has-text('minutes.txt')")
    expect(page.locator("h1")).to_have_text("Confirm what was found")


def test_a_finding_can_be_changed_dropped_and_added(signed_in, olivia, council):
    page = signed_in(olivia)
    bring_in(page)
    page.click("a:has-text('Change, leave out or add: agreed elements')")
    page.fill("[name=elements-0-text]", "The use of the new form.")
    page.uncheck("[name=elements-1-keep]")
    page.select_option("[name=elements-3-action]", index=1)
    page.fill("[name=elements-3-text]", "What it cost.")
    page.click("button:has-text('Keep these')")
    page.wait_for_selector("text=Nothing is in the record yet")
    rows = MinutesImport.objects.get().draft["elements"]
    assert [(row["text"], row["keep"]) for row in rows][::3] == [
        ("The use of the new form.", True),
        ("What it cost.", True),
    ]
    assert rows[1]["keep"] is False


def test_the_minutes_of_a_whole_meeting_come_in_item_by_item(signed_in, olivia, board, axe):
    factories.YearFactory(label="2024/25", start=date(2024, 5, 23), end=date(2025, 5, 21))
    page = signed_in(olivia)
    page.goto("/minutes/add/")
    page.set_input_files("[name=file]", WHOLE_MEETING)
    page.click("button:has-text('Read the minutes')")
    expect(page.locator("h1")).to_have_text("Which agenda items?")
    axe(page)
    page.check("label:has-text('OS.39')")
    page.click("button:has-text('Go on to the first item')")
    for heading in ("TEMPORARY ACCOMMODATION", "HOSTEL CONTRACT"):
        expect(page.locator("main")).to_contain_text(heading)
        page.click("button:has-text('Save to the record')")
    page.wait_for_selector("text=is in the record")
    assert AgendaItem.objects.count() == 2
    assert Action.objects.count() == 1


def test_the_whole_way_in_works_without_javascript(browser, live_server, olivia, council):
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(olivia)
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    bring_in(page)
    confirm_and_save(page, council)
    context.close()
    assert Action.objects.count() == 1


def test_text_typed_while_the_session_ended_comes_back(signed_in, olivia, ask, context):
    page = signed_in(olivia)
    page.goto(f"/elements/{ask.elements[0].pk}/progress/")
    page.fill("[name=text]", "Typed for a quarter of an hour: “quoted” & <tagged>")
    context.clear_cookies()
    page.click("button:has-text('Record progress')")
    expect(page.locator("main")).to_contain_text("Typed for a quarter of an hour: “quoted” & <tagged>")


def test_the_second_officer_sees_both_texts_and_keeps_theirs(signed_in, olivia, ask, axe):
    element = ask.elements[0]
    page = signed_in(olivia)
    page.goto(f"/elements/{element.pk}/edit/")
    element.text = "The words as another officer corrected them."
    element.save()
    page.fill("[name=text]", "The words as I correct them.")
    page.fill("[name=reason]", "Slip of the pen")
    page.click("button:has-text('Save')")
    expect(page.locator("main")).to_contain_text("another officer corrected")
    expect(page.locator("[name=text]")).to_have_value("The words as I correct them.")
    axe(page)
    page.click("button:has-text('Save my text')")
    page.wait_for_url(f"**{element.get_absolute_url()}")
    element.refresh_from_db()
    assert element.text == "The words as I correct them."
