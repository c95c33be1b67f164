"""What tests in a real browser may use.

    def test_the_list_can_be_used_by_everyone(signed_in, officer, axe, width):
        page = signed_in(officer)       # a page with that person's session, at 1280 and then at 360 pixels
        page.goto("/actions/")          # addresses are relative to the live server
        axe(page)                       # no violation of WCAG 2.2 AA

Every test in this folder is marked `browser` by itself.
"""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.browser.chromium import HOW_TO_GET_ONE, find_chromium

# Playwright keeps an event loop in the thread of the tests, and Django would take that for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

AXE = Path(__file__).parent / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ARGUMENTS = [
    "--no-sandbox",  # Chromium refuses to start as root with its sandbox; only our own pages are opened
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
WIDTHS = {"desk": 1280, "phone": 360}


def pytest_itemcollected(item):
    """Called for the tests of this folder only."""
    item.add_marker(pytest.mark.browser)
    item.add_marker(pytest.mark.search)
    if find_chromium() is None and os.environ.get("CI") != "true":
        item.add_marker(pytest.mark.skip(reason=f"BROWSER TEST NOT RUN. {HOW_TO_GET_ONE}"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    chromium = find_chromium()
    if chromium is None:
        pytest.fail(HOW_TO_GET_ONE, pytrace=False)
    return {**browser_type_launch_args, "executable_path": chromium, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args, live_server):
    return {
        **browser_context_args,
        "base_url": live_server.url,
        "locale": "en-GB",
        "timezone_id": "Europe/London",
    }


@pytest.fixture
def signed_in(context, page, live_server):
    """signed_in(user) is a page with that user's session. Called again, it changes to another user."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.clear_cookies()
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        return page

    return sign_in


@pytest.fixture(params=WIDTHS.values(), ids=WIDTHS.keys())
def width(request, page):
    """Runs the test twice, as wide as a desk's screen and as narrow as a phone's."""
    page.set_viewport_size({"width": request.param, "height": 800})
    return request.param


@pytest.fixture(scope="session")
def axe():
    """axe(page) fails when the page as it is now breaks a rule of WCAG 2.2 AA. `within` is a CSS selector."""
    script = AXE.read_text(encoding="utf-8")

    def check(page, within=None):
        page.wait_for_load_state()
        if not page.evaluate("typeof window.axe === 'object'"):
            page.evaluate(script)
        options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
        result = page.evaluate(
            "([within, options]) => axe.run(within || document, options)", [within, options]
        )
        violations = result["violations"]
        assert not violations, f"{page.url} breaks {len(violations)} rule(s) of WCAG:\n" + "\n".join(
            map(told, violations)
        )

    return check


def told(violation):
    """One broken rule with the places where it is broken, for people to read."""
    lines = [f"- {violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"]:
        lines.append(f"    {' '.join(map(str, node['target']))}")
        lines.append(f"      {node['html'][:200]}")
        lines += [f"      {line.strip()}" for line in node["failureSummary"].splitlines()[1:]]
    return "\n".join(lines)
