"""Words are made here and not in a database: what is one word, and how it is marked in a text."""

import doctest
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scrutiny.toolkit import search
from scrutiny.toolkit.search import (
    asked_for,
    for_postgresql,
    for_sqlite,
    highlighted,
    nearest,
    short,
    stem,
    words_of,
)


def test_the_examples_in_the_module_hold():
    failed, tried = doctest.testmod(search)
    assert tried >= 3
    assert failed == 0


@pytest.mark.parametrize(
    "family",
    [
        "escalate escalates escalated escalating escalation escalations",
        "review reviews reviewed reviewing",
        "plan plans planned planning",
        "policy policies",
        "child children child’s children's",
        "agree agreed agrees",
        "notify notified notifies notifying",
        "café cafe CAFÉ cafe\u0301 cafes",
        "process processes processed",
        "organisation organisations organise organised",
        "Strasse straße",
        "audit audits audited",
        "date dates dated",
    ],
)
def test_forms_of_one_word_are_one_word(family):
    assert len({tuple(words_of(form)) for form in family.split()}) == 1


@pytest.mark.parametrize(
    "pair",
    [
        "police policy",
        "party part",
        "status state",
        "data date",
        "care car",
        "person personal",
    ],
)
def test_different_words_stay_different(pair):
    one, other = pair.split()
    assert words_of(one) != words_of(other)


def test_the_commonest_words_are_left_out():
    assert words_of("The state of the Board is as it was") == words_of("state board")


@given(st.text())
@example("½ ² ﬁ ß İ ǅ привет 数 🎉 ١٢٣")
def test_words_are_ascii_letters_and_digits_and_begin_with_a_letter(text):
    assert all(re.fullmatch(r"[a-z][a-z0-9]{0,39}", word) for word in words_of(text))


@given(st.text(alphabet="aeést 'ings", max_size=12))
def test_a_word_is_found_however_it_is_written(text):
    assert words_of(text.upper()) == words_of(text)


@given(st.text(alphabet="abdegimnorst", min_size=1, max_size=14))
def test_a_stem_is_never_empty(word):
    assert stem(word)


def test_letters_of_other_alphabets_are_words_too():
    assert words_of("Привет") == words_of("привет") != words_of("пример")


def test_a_book_is_read_to_where_a_database_still_counts():
    assert len(words_of("word " * 20_000)) == 8_000


@pytest.mark.parametrize(
    ("typed", "phrases"),
    [
        ("rapid review", [("rapid",), ("review",)]),
        ('"rapid review"', [("rapid", "review")]),
        ("“rapid reviews” now", [("rapid", "review"), ("now",)]),
        ("SB-CF 22/23-04", [("sb", "cf"), ("n22", "n23", "n04")]),
        ("R&D", [("r", "d")]),
        ("follow-up", [("follow", "up")]),
        ("title:damp", [("titl",), ("damp",)]),
        ('" OR * NEAR(', [("near",)]),
        ("--", []),
        ("%", []),
        ("the of and", []),
        ("", []),
        ("damp damp DAMP", [("damp",)]),
        ('half "a quote', [("half",), ("quot",)]),
        ("O'Neill O’Neill", [("oneill",)]),
    ],
)
def test_what_is_typed_becomes_words_and_phrases(typed, phrases):
    assert asked_for(typed) == phrases


@given(st.text(max_size=2_000))
def test_nothing_typed_means_anything_to_a_database(typed):
    phrases = asked_for(typed)
    assert all(re.fullmatch(r"[a-z0-9 &|()<>:AB-]*", for_postgresql(phrases, weight)) for weight in ("", "A"))
    assert re.fullmatch(r'[a-z0-9 "AND]*', for_sqlite(phrases))


@given(st.text(max_size=2_000))
def test_what_is_typed_comes_back_in_one_line_that_can_be_stored(typed):
    assert len(short(typed)) <= 300
    assert short(typed).isprintable()
    assert short(short(typed)) == short(typed)


def test_a_phrase_stands_in_the_title_or_in_the_body():
    assert for_postgresql([("rapid", "review")]) == "((rapid:A <-> review:A) | (rapid:B <-> review:B))"
    assert for_postgresql([("rapid",), ("case",)], "A") == "((rapid:A)) & ((case:A))"
    assert for_sqlite([("rapid", "review"), ("case",)]) == '"rapid review" AND "case"'
    assert for_sqlite([("case",)], "title_words") == 'title_words : ("case")'


def test_every_form_of_a_word_is_marked():
    assert highlighted("Escalating concerns: escalation", asked_for("escalate")) == (
        "<mark>Escalating</mark> concerns: <mark>escalation</mark>"
    )


def test_text_is_escaped_inside_and_outside_of_marks():
    assert highlighted("<b>damp</b> & <script>", asked_for("damp script")) == (
        "&lt;b&gt;<mark>damp</mark>&lt;/b&gt; &amp; &lt;<mark>script</mark>&gt;"
    )


def test_of_a_long_text_the_part_with_most_of_the_words_is_shown():
    text = f"{'Much was said. ' * 40}A rapid start. {'More was said. ' * 40}A rapid review was begun. {'End. ' * 80}"
    shown = highlighted(text, asked_for("rapid review"), 120)
    assert "A <mark>rapid</mark> <mark>review</mark> was begun" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 170


def test_a_long_text_without_the_words_is_shown_from_its_beginning():
    assert highlighted("One two three four five", asked_for("damp"), 12) == "One two …"


@given(st.text(max_size=400), st.text(max_size=30), st.integers(5, 60))
def test_highlighting_changes_no_letter(text, typed, length):
    plain = " ".join(search.composed(text).split())
    whole = highlighted(text, asked_for(typed))
    assert whole.replace("<mark>", "").replace("</mark>", "") == highlighted(text, [])
    cut = re.sub(r"</?mark>", "", highlighted(plain, asked_for(typed), length))
    assert len(cut) <= 6 * (length + 60)


def test_a_word_spelled_wrongly_is_told_from_the_texts_one_may_read():
    assert nearest("Escalaton", ["Concerns about Escalation"]) == {"escalaton": "escalation"}
    assert nearest("concern", ["Concerns about Escalation"]) == {}
    assert nearest("zebra", ["Concerns about Escalation"]) == {}
