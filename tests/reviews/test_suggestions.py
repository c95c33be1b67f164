"""Which themes a text speaks of: names as whole words, whatever their case and endings."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.models import Theme
from reviews.suggestions import stem, suggest, suggester
from tests import factories


def made_up(label, *other_names):
    return Theme(code=label[:3], label=label, also_called="\n".join(other_names))


STARTERS = [Theme(**values) for values in factories.STARTER_THEMES()]
WORD = st.text("abcdefghijklmnopqrstuvwxyz", min_size=4, max_size=12)
PHRASE = st.lists(WORD, min_size=1, max_size=4).map(" ".join)


def codes(text, themes=STARTERS):
    return [theme.code for theme in suggest(text, themes)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Practitioners needed more professional curiosity.", ["CUR"]),
        ("PROFESSIONAL CURIOSITY was raised.", ["CUR"]),
        ("Members asked about disguised compliance.", ["DCO"]),
        ("Agencies shared the information late.", ["INF"]),
        ("How concerns are escalated, and their resolution.", ["ESC"]),
        ("The voices of children were not heard.", ["VOC"]),
        ("The child’s voice was missing.", ["VOC"]),
        ("Agencies' risk assessments differ.", ["RSK", "RDA"]),
        ("Registered sex offenders and neglected children.", ["NEG", "RSO"]),
        ("CSE and county lines were discussed.", ["EXP"]),
        ("The Board thanked the officers.", []),
        ("", []),
    ],
)
def test_a_theme_is_told_from_its_names(text, expected):
    assert codes(text) == expected


@pytest.mark.parametrize(
    "text", ["The unneglectedness of it.", "A neglectometer.", "We share. Information came later."]
)
def test_parts_of_words_and_words_of_two_sentences_suggest_nothing(text):
    assert codes(text) == []


def test_themes_come_in_the_order_given():
    first, second = made_up("Neglect"), made_up("Poverty")
    text = "Poverty, neglect and poverty again."
    assert suggest(text, [first, second]) == [first, second]
    assert suggest(text, [second, first]) == [second, first]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("assessment", "assessments"),
        ("share", "sharing"),
        ("agency", "agencies"),
        ("process", "processes"),
        ("step", "stepped"),
        ("child", "children"),
        ("neglect", "neglected"),
    ],
)
def test_forms_of_a_word_are_the_same(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize(("one", "other"), [("process", "procession"), ("court", "courtesy"), ("use", "us")])
def test_different_words_stay_different(one, other):
    assert stem(one) != stem(other)


@given(PHRASE, st.text(), st.text())
def test_a_name_between_any_other_words_is_found(name, before, after):
    theme = made_up("Zzzzz", name)
    assert theme in suggest(f"{before} {name} {after}", [theme])


@given(st.text(), st.lists(st.text(max_size=30), max_size=5))
def test_no_text_and_no_name_breaks_it_and_only_known_themes_are_suggested(text, names):
    themes = [made_up(name) for name in names]
    found = suggest(text, themes)
    assert [theme for theme in themes if any(theme is each for each in found)] == found


@given(st.text("abcdefghij NEGLECT.", max_size=60))
def test_case_does_not_matter(text):
    assert codes(text) == codes(text.upper()) == codes(text.lower())


@given(PHRASE, WORD)
def test_a_name_glued_to_other_letters_is_not_a_word(name, letters):
    theme = made_up("Zzzzz", f"qq{name}")
    assert suggest(f"{letters}qq{name}", [theme]) == []


def seconds_for(text, times=1):
    suggested = suggester(STARTERS)
    start = perf_counter()
    for _ in range(times):
        suggested(text)
    return perf_counter() - start


def test_three_hundred_points_are_read_at_once():
    point = "Members asked how agencies share information and assess the risk of neglect in good time. " * 5
    assert seconds_for(point, times=300) < 2


def test_time_grows_with_the_text_and_no_faster():
    text = "risk risk risk assessment of the risk of risk ' ' '' "
    short = min(seconds_for(text * 400) for _ in range(3))
    long = min(seconds_for(text * 4000) for _ in range(3))
    assert long < 40 * short
