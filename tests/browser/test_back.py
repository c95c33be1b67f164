"""The browser's Back: what was typed is there, what is sent then is a record of its own, and after signing out there is
nothing."""

import pytest
from playwright.sync_api import expect

from actions.models import ProgressUpdate

pytestmark = pytest.mark.django_db(transaction=True)
TYPED = "Typed for a quarter of an hour: “quoted” & <tagged>"


@pytest.fixture
def element(ask):
    return ask.elements[0]


@pytest.fixture
def form(signed_in, olivia, element):
    """The page that records progress, filled in by an officer who came from the element."""
    page = signed_in(olivia)
    page.goto(element.get_absolute_url())
    page.click("a:has-text('Record progress')")
    page.fill("[name=text]", TYPED)
    page.check("input[name=owner_progress][value=in_progress]")
    page.fill("[name=reported_by]", "Business Manager")
    page.fill("[name=source]", "E-mail")
    return page


def send(page):
    page.click("button:has-text('Record progress')")


def recorded(element):
    return sorted(ProgressUpdate.objects.filter(element=element).values_list("text", flat=True))


def test_what_was_typed_is_there_after_going_on_and_back(form):
    form.click("header a[href='/actions/']")
    expect(form.locator("h1")).to_have_text("Actions")
    form.go_back()
    expect(form.locator("[name=text]")).to_have_value(TYPED)


def test_going_back_and_sending_something_else_makes_a_second_record(form, element):
    before = recorded(element)
    send(form)
    form.wait_for_selector("text=Progress on element 1 was recorded")
    form.go_back()
    form.fill("[name=text]", "Something else.")
    send(form)
    expect(form.locator("main")).to_contain_text("Something else.")
    assert recorded(element) == sorted([*before, TYPED, "Something else."])


def test_whoever_signed_out_sees_nothing_of_the_record_by_going_back(form, element):
    form.click("header a[href='/actions/']")
    form.get_by_role("button", name="Sign out").click()
    expect(form.locator("h1")).to_have_text("Sign in")
    for _ in range(3):
        form.go_back()
        expect(form.locator("h1")).to_have_text("Sign in")
        assert TYPED not in form.content()
