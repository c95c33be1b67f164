"""Every page, as wide as a desk and as narrow as a phone: clean for axe, nothing cut off, nothing the CSP refuses."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from actions.minutes.divide import divide
from scrutiny.toolkit.links import signed
from tests import factories
from tests.browser.test_whole_job import MINUTES, WHOLE_MEETING

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(ask, olivia, board):
    """Something on every page: `ask`, and a report, an update, an import to confirm and a proposal."""
    factories.UpdateFactory(element=ask.elements[0], recorded_by=olivia)
    ask.report = factories.ReportFactory(
        item=ask.item,
        kind="annual",
        period_start=date(2021, 4, 1),
        period_end=date(2022, 9, 30),
        published_on=date(2023, 2, 1),
    )
    ask.presentation = factories.ReportPresentationFactory(report=ask.report)
    for element, covered in zip(ask.elements, ("fully", "not"), strict=False):
        factories.AnswerFactory(element=element, report=ask.report, coverage=covered, paragraph="3.4 to 3.9")
    section = factories.SectionFactory(item=ask.item)
    ask.point = factories.PointFactory(
        section=section, text="Training on professional curiosity was offered."
    )
    ask.theme = factories.theme("DCO")
    for theme in (ask.theme, factories.theme("CUR")):
        factories.PointThemeFactory(point=ask.point, theme=theme)
        factories.ElementThemeFactory(element=ask.elements[0], theme=theme)
    factories.ProposalFactory(item=ask.item)
    ask.term = factories.TermFactory()
    ask.person = factories.PersonFactory()
    ask.brought_in = factories.ImportFactory(text=MINUTES.read_text(), created_by=olivia, board=board)
    ask.whole = factories.ImportFactory(text=WHOLE_MEETING.read_text(), created_by=olivia, board=board)
    divide(ask.whole, [ask.whole.draft["items"][1]["key"]], by=olivia)
    return ask


def addresses(world):
    action, element, meeting = world.action.pk, world.elements[0].pk, world.meeting.pk
    brought_in = f"/minutes/{world.brought_in.pk}/"
    groups = [f"{brought_in}{name}/" for name in ("attendance", "points", "proposals", "actions", "elements")]
    return [
        "/",
        "/boards/",
        f"/boards/{world.action.board_id}/",
        f"/boards/{world.action.board_id}/members/add/",
        "/meetings/",
        "/meetings/add/",
        f"/meetings/{meeting}/",
        f"/meetings/{meeting}/?correct=yes",
        f"/meetings/{meeting}/edit/",
        f"/meetings/{meeting}/minutes/",
        f"/meetings/{meeting}/attendance/add/",
        f"/items/{world.item.pk}/edit/",
        f"/items/{world.item.pk}/reports/add/",
        f"/resolutions/{world.resolution.pk}/edit/",
        f"/resolutions/{world.resolution.pk}/actions/add/",
        "/actions/",
        "/actions/?state=late",
        "/actions/?q=nothing-like-this",
        f"/actions/{action}/",
        f"/actions/{action}/edit/",
        f"/actions/{action}/due-window/",
        f"/actions/{action}/judge/",
        f"/actions/{action}/answers/",
        f"/actions/{action}/as-at/",
        f"/actions/{action}/as-at/?day_day=1&day_month=1&day_year=2026",
        f"/actions/{action}/elements/add/",
        "/elements/",
        f"/elements/{element}/",
        f"/elements/{element}/edit/",
        f"/elements/{element}/progress/",
        f"/elements/{element}/parts/add/",
        f"/elements/{world.elements[2].pk}/condition/",
        "/undertakings/",
        "/reports/",
        f"/reports/{world.report.pk}/",
        f"/reports/{world.report.pk}/edit/",
        f"/reports/{world.report.pk}/presentations/add/",
        f"/report-presentations/{world.presentation.pk}/edit/",
        f"/reports/{world.report.pk}/appendices/add/",
        f"/reports/{world.report.pk}/errata/add/",
        "/clocks/",
        "/clocks/?start_day=14&start_month=9&start_year=2022&number=5&unit=WD",
        "/clocks/?start_day=31&start_month=2&start_year=2022&number=x",
        "/themes/",
        "/themes/add/",
        f"/themes/{world.theme.pk}/",
        f"/themes/{world.theme.pk}/edit/",
        f"/points/{world.point.pk}/themes/",
        f"/reports/{world.report.pk}/themes/",
        f"/elements/{element}/themes/",
        "/people/",
        f"/people/{world.person.pk}/",
        f"/people/{world.person.pk}/edit/",
        "/glossary/",
        "/glossary/?q=panel",
        "/glossary/add/",
        f"/glossary/{world.term.pk}/edit/",
        "/organisations/",
        f"/organisations/{world.action.addressee_id}/",
        "/minutes/",
        "/minutes/add/",
        brought_in,
        f"{brought_in}meeting/",
        f"/minutes/{world.whole.pk}/",
        f"/minutes/{world.whole.pk}/items/",
        f"{brought_in}text/",
        f"{brought_in}drop/",
        *groups,
        f"/history/action/{action}/",
        f"/history/meeting/{meeting}/",
        "/password/",
        "/accessibility/",
        "/no-such-page/",
    ]


def is_cut_off(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.slow
def test_an_officers_pages_are_usable_by_everybody(signed_in, olivia, world, axe, width):
    page = signed_in(olivia)
    refused = []
    page.on(
        "console",
        lambda message: refused.append(message.text) if "Content Security" in message.text else None,
    )
    for address in addresses(world):
        page.goto(address)
        axe(page)
        assert not is_cut_off(page), f"{address} is wider than the screen at {width}"
    assert not refused


@pytest.fixture
def followed_up(world, board, partnership):
    """A meeting to come, a round with a reply to look at, a step taken, a message, something planned and promised."""
    today = timezone.localdate()
    year = factories.YearFactory(
        label="now", start=today - timedelta(days=100), end=today + timedelta(days=200)
    )
    world.coming = factories.MeetingFactory(board=board, year=year, date=today + timedelta(days=20))
    asked = factories.RequestFactory(round__board=board, organisation=partnership)
    world.asked, world.waiting = asked, factories.ReplyFactory(request=asked, element=world.elements[1])
    world.sent = factories.ReplyFactory(request=asked, element=world.elements[0], sent=True)
    world.chase = factories.ChaseFactory(action=world.action)
    world.mail = factories.MessageFactory(board=board, organisation=partnership, refused="550 No such user")
    world.planned = factories.ProgrammeItemFactory(board=board, meeting=world.coming, action=world.action)
    world.promised = factories.UndertakingFactory(item=world.item)
    world.tracker = factories.TrackerImportFactory(board=board)
    world.action.addressee.email = "safeguarding.children.partnership@exampleton.example"
    world.action.addressee.save()
    return world


def addresses_of_following_up(world):
    action, element, coming = world.action.pk, world.elements[0].pk, world.coming.pk
    papers = [
        f"/meetings/{coming}/papers/{name}" for name in ("", "tracker/", "action-log/", "work-schedule/")
    ]
    return [
        "/",
        "/checks/",
        "/chasing/",
        f"/actions/{action}/",
        f"/actions/{action}/chase/",
        f"/actions/{action}/round/",
        f"/chases/{world.chase.pk}/take-back/",
        f"/elements/{element}/",
        f"/elements/{element}/not-late/",
        "/rounds/",
        f"/rounds/{world.asked.round_id}/",
        f"/requests/{world.asked.pk}/",
        f"/requests/{world.asked.pk}/link/",
        f"/requests/{world.asked.pk}/renew/",
        f"/requests/{world.asked.pk}/revoke/",
        f"/replies/{world.sent.pk}/accept/",
        f"/replies/{world.sent.pk}/ask-back/",
        f"/replies/{world.waiting.pk}/type-in/",
        "/messages/",
        f"/messages/{world.mail.pk}/",
        "/messages/settings/",
        "/programme/",
        f"/programme/{world.planned.pk}/edit/",
        f"/programme/{world.planned.pk}/defer/",
        f"/boards/{world.action.board_id}/programme/add/",
        f"/boards/{world.action.board_id}/year-end/",
        "/look-again/",
        f"/undertakings/{world.promised.pk}/edit/",
        f"/meetings/{coming}/",
        f"/meetings/{coming}/round/",
        *papers,
        f"/meetings/{world.meeting.pk}/papers/decision-sheet/",
        f"/meetings/{coming}/suggestions/",
        "/tracker-imports/",
        "/tracker-imports/add/",
        f"/tracker-imports/{world.tracker.pk}/",
        "/search/",
        "/search/?q=report",
        "/search/?q=nothing-like-this",
        "/calendar/",
    ]


@pytest.mark.slow
def test_the_pages_of_following_up_are_usable_by_everybody(signed_in, olivia, followed_up, axe, width):
    page = signed_in(olivia)
    for address in addresses_of_following_up(followed_up):
        assert page.goto(address).status == 200, address
        axe(page)
        assert not is_cut_off(page), f"{address} is wider than the screen at {width}"


def test_the_page_behind_a_link_is_usable_by_everybody(page, followed_up, axe, width):
    page.goto(f"/answer/{signed(followed_up.asked.link_value)}/")
    expect(page.locator("section.element")).to_have_count(2)
    axe(page)
    assert not is_cut_off(page)


@pytest.mark.parametrize("who", ["mary", "lena", "bea", "sunil", "arun", "chidi", "norma", "ada"])
def test_the_home_page_of_every_role_is_usable_by_everybody(signed_in, cast, world, axe, width, who):
    page = signed_in(getattr(cast, who))
    page.goto("/")
    axe(page)
    assert not is_cut_off(page)


def test_empty_pages_say_what_to_do_next(signed_in, olivia, axe, width):
    page = signed_in(olivia)
    for address in (
        "/",
        "/boards/",
        "/meetings/",
        "/actions/",
        "/elements/",
        "/reports/",
        "/minutes/",
        "/undertakings/",
        "/chasing/",
        "/rounds/",
        "/messages/",
        "/programme/",
        "/look-again/",
        "/tracker-imports/",
    ):
        page.goto(address)
        axe(page)
        assert not is_cut_off(page)
        assert page.locator("main a, main p").count() > 0


def test_forms_with_errors_are_usable_by_everybody(signed_in, olivia, world, axe, width):
    page = signed_in(olivia)
    for address in (
        f"/elements/{world.elements[0].pk}/progress/",
        f"/actions/{world.action.pk}/due-window/",
        f"/actions/{world.action.pk}/judge/",
        "/minutes/add/",
        "/meetings/add/",
    ):
        page.goto(address)
        for box in page.locator("main input[type=text], main textarea").all():
            box.fill("")
        page.click("main form[method=post] button")
        expect(page, address).to_have_title(re.compile("^Error: "))
        expect(page.locator(".govuk-error-summary")).to_have_count(1)
        axe(page)
        assert not is_cut_off(page)


def test_sign_in_is_usable_by_everybody(page, live_server, axe, width, db):
    page.goto("/")
    assert page.inner_text("h1") == "Sign in"
    axe(page)
    page.fill("[name=username]", "nobody")
    page.fill("[name=password]", "wrong")
    page.click("main button")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    axe(page)


def test_the_main_way_can_be_gone_by_keyboard_alone(signed_in, olivia, world):
    page = signed_in(olivia)
    page.goto("/actions/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "govuk-skip-link"
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('tbody a')"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{world.action.get_absolute_url()}")
