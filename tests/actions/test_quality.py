"""How clear an ask is: advice to the officer who drafts it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.models import Action, Element
from actions.quality import clarity_of, notes_on
from scrutiny.models import Organisation, Post

PARTNERSHIP = Organisation(pk=1, name="The Partnership")
MANAGER = Post(organisation=PARTNERSHIP, title="Business Manager")


def clarity(text, **action):
    return clarity_of(Element(text=text), Action(**action))


def missing(text, **action):
    return [question.asked for question in clarity(text, **action).questions if not question.answer]


def test_an_ask_that_says_all_four_is_clear():
    found = clarity("A report with figures on escalation", addressee=PARTNERSHIP, due_words="October 2023")
    assert found.is_clear


@pytest.mark.parametrize(
    ("text", "action", "asked"),
    [
        ("A report with figures on escalation", {"due_words": "October"}, ["Who"]),
        ("More figures", {"addressee": PARTNERSHIP, "due_words": "October"}, ["What"]),
        ("A report with figures on escalation", {"addressee": PARTNERSHIP}, ["By when"]),
        (
            "Better working between the agencies",
            {"addressee": PARTNERSHIP, "due_words": "October"},
            ["How will we know"],
        ),
    ],
)
def test_what_is_not_said_is_asked_for(text, action, asked):
    assert missing(text, **action) == asked


def test_the_post_that_answers_is_named_before_its_body():
    found = clarity("A report", addressee=PARTNERSHIP, post=MANAGER)
    assert found.questions[0].answer == "Business Manager, The Partnership"


@pytest.mark.parametrize(
    "text",
    [
        "That the report be noted",
        "To consider a pilot",
        "That officers continue to monitor attendance",
        "That the Director looks into it",
        "Changes where possible",
        "Promoting the offer",
    ],
)
def test_a_word_that_leaves_open_what_is_done_gets_a_gentle_note(text):
    assert notes_on(text)


@pytest.mark.parametrize(
    "text",
    ["A notebook for every child", "A considerable rise in the figures", "The Monitoring Officer's report"],
)
def test_a_word_that_only_looks_like_one_is_left_alone(text):
    assert not notes_on(text)


def test_each_note_names_the_words_it_is_about_in_their_order():
    notes = notes_on("That officers Consider and monitor it")
    assert [note.split("”")[0] for note in notes] == ["“Consider", "“monitor"]


@given(st.text())
def test_any_text_can_be_asked_about(text):
    assert len(clarity(text).questions) == 4
