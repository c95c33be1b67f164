"""Setting up a second step in a real browser: an app with its recovery codes, and a passkey."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_pages import is_cut_off
from tests.scrutiny.sign_in.conftest import PASSWORD, code_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def officer(olivia, settings):
    settings.SECOND_STEP = True
    olivia.set_password(PASSWORD)
    olivia.save()
    return olivia


def enter_password(page):
    page.goto("/sign-in/")
    page.fill("[name=username]", "olivia")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page):
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in")


def test_an_officer_sets_up_an_app_and_signs_in_with_its_codes(page, officer, axe, width):
    enter_password(page)
    expect(page.locator("h1")).to_have_text("Set up a second step")
    look_over(page, axe)
    page.get_by_role("link", name="Add an authenticator app").click()
    expect(page.locator("h1")).to_have_text("Add an authenticator app")
    page.get_by_text("I cannot scan it").click()
    look_over(page, axe)
    secret = page.locator(".address").inner_text()
    page.fill("[name=code]", code_of(secret))
    page.get_by_role("button", name="Add the app").click()
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    look_over(page, axe)
    recovery_code = page.locator(".recovery-codes li").first.inner_text()
    page.get_by_role("button", name="I have kept them").click()
    expect(page).to_have_url(re.compile("/$"))
    sign_out(page)
    enter_password(page)
    expect(page.locator("h1")).to_have_text("Enter your code")
    look_over(page, axe)
    page.fill("[name=code]", recovery_code)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile("/$"))
    for address in (
        "/second-step/",
        "/sessions/",
        "/password/",
        "/second-step/codes/",
        "/second-step/app/remove/",
    ):
        page.goto(address)
        look_over(page, axe)


@pytest.fixture
def authenticator(page):
    """What a laptop with a finger reader does, without the finger."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
    }
    ready = {"isUserVerified": True, "automaticPresenceSimulation": True}
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options | ready})


def test_an_officer_adds_a_passkey_and_signs_in_with_it_alone(page, live_server, officer, authenticator, axe):
    page.goto(live_server.url.replace("127.0.0.1", "localhost") + "/sign-in/")  # passkeys need a name
    page.fill("[name=username]", "olivia")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Add a passkey").click()
    expect(page.locator("h1")).to_have_text("Add a passkey")
    look_over(page, axe)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("h1")).to_have_text("Your recovery codes")
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_role("link", name="Your sign-in").click()
    page.get_by_role("link", name="Change your passkeys").click()
    expect(page.locator("h1")).to_have_text("Your passkeys")
    look_over(page, axe)


def test_pages_before_signing_in_are_usable_by_everybody(page, live_server, axe, width, db):
    for address in ("/sign-in/", "/password/forgotten/", "/password/forgotten/sent/", "/invitation/gone/"):
        page.goto(address)
        look_over(page, axe)


def test_pages_of_the_administrator_are_usable_by_everybody(signed_in, ada, norma, axe, width):
    page = signed_in(ada)
    for address in ("/users/invite/", f"/users/{norma.pk}/"):
        page.goto(address)
        look_over(page, axe)


def look_over(page, axe):
    axe(page)
    assert not is_cut_off(page)
