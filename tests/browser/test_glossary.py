"""Explanations in a real browser: by keyboard, by touch, without JavaScript, on paper; seen whole at every width."""

import pytest
from playwright.sync_api import expect

from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = (
    "Progress on RAG, ICB, SIN, LADO and MASA, on rapid reviews,\non the Child Safeguarding Practice Review "
    "Panel and on what the Director of Children’s Services said about disguised compliance and SUDI."
)


@pytest.fixture
def element(ask):
    """An element full of terms, which also stand in its condition, its parts and its updates."""
    element = ask.elements[2]
    element.text, element.condition = TEXT, "dependent upon the national review"
    element.save()
    element.parts.create(letter="a", text="In the voice of the child")
    factories.UpdateFactory(element=element, text="The JTAI and the ILACS came first.")
    return element


@pytest.fixture
def everywhere(element, ask):
    """Addresses of all pages that explain: in a paragraph, a quotation, a list, an inset and a summary list."""
    section = factories.SectionFactory(item=ask.item)
    factories.PointFactory(section=section, text=TEXT)
    factories.ProposalFactory(item=ask.item, text="That the ILACS and the JTAI be noted.")
    ask.resolution.text = "That the LSCP Executive brings the\nlearning brief."
    ask.resolution.save()
    report = factories.ReportFactory(item=ask.item, summary=TEXT)
    return [each.get_absolute_url() for each in (element, ask.action, ask.meeting, report)]


def is_cut_off(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_every_explanation_is_seen_whole_and_usable_by_everybody(signed_in, olivia, everywhere, axe, width):
    page = signed_in(olivia)
    for address in everywhere:
        page.goto(address)
        axe(page)
        assert not is_cut_off(page)
        terms = page.locator("button.term").all()
        assert terms
        for term in terms:
            term.click()
            meaning = page.locator(".term__meaning:popover-open")
            expect(meaning).to_have_count(1)
            expect(meaning, f"{term.inner_text()} on {address}").to_be_in_viewport(ratio=1)
            axe(page, ".term__meaning:popover-open")
        ids = [term.get_attribute("popovertarget") for term in terms]
        assert len(ids) == len(set(ids)) == page.locator("[popover]").count()


def test_an_explanation_is_seen_whole_where_neither_above_nor_below_its_term_is_room(
    signed_in, olivia, element, width
):
    page = signed_in(olivia)
    page.goto(element.get_absolute_url())
    term = page.locator("button.term").first
    term.click()
    meaning = page.locator(".term__meaning:popover-open")
    height = meaning.bounding_box()["height"]
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": width, "height": round(height * 1.6)})
    term.evaluate("term => term.scrollIntoView({block: 'center'})")
    term.click()
    expect(meaning).to_be_in_viewport(ratio=1)


def test_an_explanation_is_opened_read_followed_and_closed_by_keyboard_alone(
    signed_in, olivia, element, axe, width
):
    page = signed_in(olivia)
    page.goto(element.get_absolute_url())
    meaning = page.locator(".term__meaning:popover-open")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "RAG":
            break
    expect(meaning).to_have_count(0)
    page.keyboard.press("Enter")
    expect(meaning).to_contain_text("RAG can mean more than one thing")
    axe(page)
    page.keyboard.press("Escape")
    expect(meaning).to_have_count(0)
    assert page.evaluate("document.activeElement.textContent") == "RAG"
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary/#term-*")
    expect(page.locator("#results :target")).to_contain_text("Review Advisory Group")


def test_an_explanation_needs_no_script(browser, browser_context_args, signed_in, olivia, element, width):
    cookies = signed_in(olivia).context.cookies()
    plain = browser.new_context(**browser_context_args, java_script_enabled=False)
    plain.add_cookies(cookies)
    page = plain.new_page()
    page.goto(element.get_absolute_url())
    meaning = page.get_by_text("The death of a baby that nobody expected")
    expect(meaning).to_be_hidden()
    page.get_by_role("button", name="SUDI").focus()
    page.keyboard.press("Enter")
    expect(meaning).to_be_visible()
    plain.close()


def test_only_one_explanation_is_open_and_a_press_elsewhere_closes_it(signed_in, olivia, element):
    page = signed_in(olivia)
    page.goto(element.get_absolute_url())
    page.get_by_role("button", name="ICB").click()
    page.get_by_role("button", name="JTAI").click()
    meaning = page.locator(".term__meaning:popover-open")
    expect(meaning).to_contain_text("Joint targeted area inspection")
    page.locator("h1").click()
    expect(meaning).to_have_count(0)


def test_paper_shows_the_text_alone(signed_in, olivia, element):
    page = signed_in(olivia)
    page.goto(element.get_absolute_url())
    page.get_by_role("button", name="ICB").click()
    page.emulate_media(media="print")
    expect(page.locator(".term__meaning:visible")).to_have_count(0)
    term = page.get_by_role("button", name="ICB")
    expect(term).to_be_visible()
    assert " ".join(page.locator("blockquote").inner_text().split()) == " ".join(TEXT.split())
