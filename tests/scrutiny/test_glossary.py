"""The glossary: its pages, what may stand in it, and terms explained where they first stand on a page."""

import re

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.safestring import mark_safe
from hypothesis import example, given
from hypothesis import strategies as st

from scrutiny.models import Clash, Term
from scrutiny.templatetags.glossary import Explanations, by_word
from scrutiny.toolkit.history import record
from tests import factories
from tests.factories import GLOSSARY
from tests.scrutiny.test_views import fill, page_of, text_of
from tests.scrutiny.toolkit.test_exports import table

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, olivia):
    client.force_login(olivia)
    return client


@pytest.fixture
def show(mary):
    """show(text, ...) is the page, as soup, on which the texts are explained one after the other."""

    def rendered(*texts, user=mary):
        request = RequestFactory().get("/")
        request.user = user
        page = Template("{% load glossary %}{% for text in texts %}<p>{% explained text %}</p>{% endfor %}")
        return BeautifulSoup(page.render(Context({"request": request, "texts": texts})), "html.parser")

    return rendered


def words_of(page):
    return [button.text for button in page.select("button.term")]


def without_meanings(page):
    for meaning in page.select(".term__meaning"):
        meaning.decompose()
    return page.get_text()


# What the product ships with


def test_no_two_terms_share_a_spelling():
    spellings = [spelling.casefold() for term in Term.objects.all() for spelling in term.spellings]
    assert len(spellings) > len(GLOSSARY.TERMS)
    assert sorted(set(spellings)) == sorted(spellings)


def test_no_term_names_a_real_council():
    terms = " ".join(f"{term.name} {term.also_called} {term.meaning}" for term in Term.objects.all())
    clashes = " ".join(clash.meanings for clash in Clash.objects.all())
    assert not re.search(r"leeds|yorkshire|\bseed\b", terms + clashes, re.IGNORECASE)


def test_every_word_that_is_not_to_be_explained_is_a_term():
    assert set(Term.objects.filter(explain=False).values_list("name", flat=True)) == GLOSSARY.NOT_EXPLAINED


@pytest.mark.parametrize("model", [Term, Clash])
def test_the_glossary_can_be_taken_away_and_comes_back_with_its_history(model):
    GLOSSARY.take_away(apps, None)
    assert not model.objects.exists()
    GLOSSARY.add_terms(apps, None)
    newest = [row.history.first() for row in model.objects.all()]
    assert newest
    assert {row.history_change_reason for row in newest} == {"Ships with the product"}


def test_taking_the_glossary_away_leaves_what_the_council_added():
    own = factories.TermFactory()
    GLOSSARY.take_away(apps, None)
    assert list(Term.objects.all()) == [own]


# Keeping it


def test_an_officer_adds_a_term(desk, olivia):
    typed = {
        "name": "Flying visit",
        "also_called": "FV\r\nsnap visit",
        "meaning": "A visit.",
        "explain": "on",
    }
    response = fill(desk, "term-add", **typed)
    term = Term.objects.get(name="Flying visit")
    assert response.headers["Location"] == f"/glossary/#term-{term.pk}"
    assert term.other_spellings == ["FV", "snap visit"]
    assert term.history.get().history_user == olivia


def test_an_officer_changes_a_meaning_and_the_history_tells(desk):
    term = factories.TermFactory(name="Flying visit")
    fill(desk, "term-update", term.pk, meaning="A surprise.", reason="Shorter")
    assert "A surprise." in text_of(desk.get("/glossary/"))
    assert "Shorter" in text_of(desk.get(reverse("history", args=["term", term.pk])))


@pytest.mark.parametrize("spelling", ["ICB", "icb", "Integrated Care Board"])
def test_a_spelling_belongs_to_one_term(desk, spelling):
    response = fill(desk, "term-add", name="Iced cream bar", also_called=spelling, meaning="Cold.")
    assert "it is explained as “Integrated care board” already" in text_of(response)
    assert not Term.objects.filter(name="Iced cream bar").exists()


def test_a_term_may_be_saved_again_as_it_is(olivia):
    for term in Term.objects.all():
        record(term, by=olivia)


# Reading it


def names_in(response):
    return [key.text for key in page_of(response).select("#results dt")]


def test_the_list_is_alphabetical_whatever_the_capitals(client, mary):
    client.force_login(mary)
    factories.TermFactory(name="aardvark")
    names = names_in(client.get("/glossary/"))
    assert names[0] == "aardvark"
    assert names == sorted(names, key=str.lower)
    assert len(names) == Term.objects.count()


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("JTAI", "Joint targeted area inspection"),
        ("targeted", "Joint targeted area inspection"),
        ("several agencies together on one", "Joint targeted area inspection"),
    ],
)
def test_a_term_is_found_by_its_letters_its_name_and_its_meaning(desk, words, name):
    assert names_in(desk.get("/glossary/", {"q": words})) == [name]


def test_every_entry_can_be_linked_to(desk):
    page, term = page_of(desk.get("/glossary/")), Term.objects.get(name="Rapid review")
    assert term.name in page.find(id=f"term-{term.pk}").text
    assert term.get_absolute_url() == f"/glossary/#term-{term.pk}"


def test_letters_that_mean_more_than_one_thing_are_listed(desk):
    page = page_of(desk.get("/glossary/"))
    clashes = page.find(id="clashes").find_next("dl")
    meanings = {row.dt.text: [meaning.text for meaning in row.select("li")] for row in clashes.select("div")}
    assert len(meanings) == Clash.objects.count()
    assert meanings["SAR"] == ["Safeguarding adults review", "Subject access request"]


def test_a_long_glossary_costs_as_many_queries_as_a_short_one(desk):
    desk.get("/glossary/")
    with CaptureQueriesContext(connection) as few:
        desk.get("/glossary/", {"q": "visit"})
    factories.TermFactory.create_batch(300)
    with CaptureQueriesContext(connection) as many:
        assert len(names_in(desk.get("/glossary/", {"q": "visit"}))) >= 300
    assert len(many) == len(few)


def test_the_glossary_is_exported(desk):
    rows = table(desk.get("/glossary/", {"q": "LADO", "format": "csv"}))
    assert rows[0] == ["Term", "Also called", "Meaning"]
    assert rows[1][:2] == ["Local authority designated officer", "LADO"]


def test_only_officers_see_links_that_change_the_glossary(client, cast):
    for user, seen in {cast.olivia: True, cast.mary: False, cast.ada: False}.items():
        client.force_login(user)
        page = page_of(client.get("/glossary/"))
        assert bool(page.select("a[href$='/edit/'], a[href$='/add/']")) is seen


def test_the_footer_leads_whoever_has_a_role_to_the_glossary(client, cast):
    assert not page_of(client.get("/sign-in/")).footer.select("a[href='/glossary/']")
    for user, seen in {cast.mary: True, cast.lena: True, cast.norma: False}.items():
        client.force_login(user)
        assert bool(page_of(client.get("/")).footer.select("a[href='/glossary/']")) is seen


# Explaining


def test_a_term_is_a_button_that_opens_its_meaning(show):
    page = show("The rapid review found this.")
    button, term = page.button, Term.objects.get(name="Rapid review")
    meaning = page.find(id=button["popovertarget"])
    assert (button.text, button["type"]) == ("rapid review", "button")
    assert meaning.has_attr("popover")
    assert f"{term.name}: {term.meaning}" in meaning.text
    assert meaning.a["href"] == term.get_absolute_url()
    assert page.p.contents[0] == "The "
    assert page.p.contents[-1] == " found this."


def test_a_term_is_explained_once_on_a_page_across_all_its_texts(show):
    page = show("A rapid review. Rapid review.", "Another rapid review, and the ICB.", "The ICB.")
    assert words_of(page) == ["rapid review", "ICB"]
    assert without_meanings(page).endswith("Another rapid review, and the ICB.The ICB.")


def test_another_page_explains_it_again(show):
    assert words_of(show("The ICB.")) == words_of(show("The ICB.")) == ["ICB"]


def test_a_term_and_its_letters_are_one(show):
    assert words_of(show("The integrated care board (ICB) met.")) == ["integrated care board"]


@pytest.mark.parametrize(
    "text", ["SINGLE", "BASIN", "SIN1", "_SIN_", "sin", "Sin", "callow called-in", "rapidreview", "Dfe"]
)
def test_only_whole_words_in_their_own_capitals_are_explained(show, text):
    assert words_of(show(text)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("(SIN)", "SIN"),
        ("SIN-led", "SIN"),
        ("The DfE's view", "DfE"),
        ("RAPID REVIEW", "RAPID REVIEW"),
        ("rapid\nreview", "rapid\nreview"),
        ("two rapid reviews", "rapid reviews"),
        ("all LCSPRs", "LCSPRs"),
        ("Director of Children’s Services", "Director of Children’s Services"),
        ("the Section 11 audit", "Section 11 audit"),
        ("trauma-informed work", "trauma-informed"),
    ],
)
def test_terms_are_found_as_people_write_them(show, text, words):
    page = show(text)
    assert words_of(page) == [words]
    assert without_meanings(page) == text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Child Safeguarding Practice Review Panel", "Child Safeguarding Practice Review Panel"),
        ("a child safeguarding practice review", "child safeguarding practice review"),
        ("CPR 16.5 was used", "CPR 16.5"),
        ("the LSCP Executive met", "LSCP Executive"),
    ],
)
def test_the_longest_term_wins(show, text, words):
    assert words_of(show(text)) == [words]


def test_no_shorter_term_is_explained_inside_one_explained_before(show):
    assert words_of(show("The LSCP Executive. The LSCP Executive.")) == ["LSCP Executive"]


@pytest.mark.parametrize("name", sorted(GLOSSARY.NOT_EXPLAINED))
def test_everyday_words_stay_as_they_are(show, name):
    assert words_of(show(name)) == []


def test_a_clash_is_pointed_out_where_the_letters_are_explained(show):
    meaning = show("The RAG met.").select_one(".term__meaning").text
    assert (
        "RAG can mean more than one thing: Review Advisory Group of a safeguarding partnership; " in meaning
    )
    assert "Red, amber and green, as a rating." in meaning


def test_a_term_without_a_clash_points_out_none(show):
    assert "more than one thing" not in show("The ICB met.").select_one(".term__meaning").text


def test_whoever_may_not_read_the_glossary_reads_the_bare_text(show, norma):
    assert words_of(show("The ICB.", user=norma)) == []


def test_an_empty_glossary_explains_nothing(show):
    Term.objects.all().delete()
    assert show("The ICB.").p.decode_contents() == "The ICB."


def test_line_breaks_stay_where_they_were(show):
    text = "First,\n\n  the ICB\n(and more)\n"
    assert without_meanings(show(text)) == text


def test_a_page_costs_two_queries_however_much_is_explained(show, mary):
    show("", user=mary)
    with CaptureQueriesContext(connection) as captured:
        show(*["RAG, ICB, SIN and a rapid review"] * 50)
    assert len(captured) == 2


# Hostile text

HOSTILE = [
    "<script>alert(1)</script>",
    "<b>ICB</b>",
    '"><img src=x onerror=alert(1)> ICB',
    "ICB&amp;<",
    "'ICB' \"ICB\"",
    "</p></button>ICB</span>",
    "{{ text }}{% csrf_token %}{} {0} {id}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_escaped(show, text):
    page = show(text)
    assert {tag.name for tag in page.p.find_all(True)} <= {"button", "span", "strong", "a"}
    assert without_meanings(page) == text


def test_text_that_somebody_marked_safe_is_escaped_all_the_same(show):
    page = show(mark_safe("<b>ICB</b>"))
    assert page.b is None


@pytest.mark.parametrize("text", HOSTILE)
def test_what_stands_in_the_glossary_is_escaped(show, text):
    factories.TermFactory(name=f"Zebra {text}", meaning=text)
    factories.TermFactory(name="Zeta", also_called="ZT", meaning=text)
    factories.ClashFactory(letters="ZT", meanings=text)
    page = show(f"ZT, Zebra {text}")
    meaning = page.select_one(".term__meaning").text
    assert f"Zeta: {text}" in meaning
    assert f"ZT can mean more than one thing: {text}." in meaning
    assert not page.select("script, img, b")


def test_a_text_of_a_million_characters_is_read_in_a_moment(show):
    text = "child " * 100_000 + " " * 400_000 + "ICB"
    page = show(text)
    assert words_of(page) == ["ICB"]


TERMS = [
    Term(pk=number, name=name, also_called="\n".join(also_called), meaning=meaning)
    for number, (name, also_called, meaning) in enumerate(GLOSSARY.TERMS)
]
CLASHES = [Clash(letters=letters, meanings="\n".join(each)) for letters, each in GLOSSARY.CLASHES.items()]
SPELLINGS = [spelling for term in TERMS for spelling in term.spellings]
PIECES = st.one_of(st.sampled_from([*SPELLINGS, *HOSTILE, "\n", " ", "s", "'"]), st.text(max_size=8))


@given(st.lists(PIECES, max_size=12))
@example(["\n", "\n"])
def test_without_its_tags_a_text_is_itself_with_meanings_of_the_glossary(parts):
    text = "".join(parts)
    html = "".join(Explanations(by_word(TERMS), CLASHES).pieces(text))
    page = BeautifulSoup(f"<pre>{html}</pre>", "html.parser")  # elsewhere it folds what is only space
    known = {f"{term.name}: {term.meaning}" for term in TERMS}
    assert {meaning.span.text for meaning in page.select(".term__meaning")} <= known
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids)) == len(page.select("button"))
    assert without_meanings(page) == text
