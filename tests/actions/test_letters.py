"""Letters as Word files: to a post and a body, in the Board's exact words, with a structure one can listen to."""

import io
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn

from actions.chasing.askings import Kind, asking_of
from actions.chasing.letters import OPENINGS, letter
from tests import factories

pytestmark = pytest.mark.django_db
ON = date(2023, 11, 20)
AWKWARD = "Costs #1 *really* $5 <b>& more</b> \U0001f600 שלום עולם {link} {0.__class__} \x0b100%"


@pytest.fixture
def asked(ask, partnership):
    post = factories.PostFactory(organisation=partnership, title="Director, Children’s Services")
    factories.PostHoldingFactory(post=post, person__style="Dr", person__name="Sam Weir")
    ask.action.post = post
    ask.action.save()
    factories.MembershipFactory(
        board=ask.meeting.board, role="chair", person__name="Old Chair", end=date(2023, 5, 1)
    )
    factories.MembershipFactory(
        board=ask.meeting.board, role="chair", person__name="Chidi Okonkwo", start=date(2023, 5, 25)
    )
    return ask.action


def written(action, kind=Kind.CHAIR_LETTER, on=ON):
    return Document(io.BytesIO(letter(asking_of(action, on), kind, on)))


def text_of(document):
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_it_is_addressed_to_the_holder_the_post_and_the_body(asked):
    paragraphs = [paragraph.text for paragraph in written(asked).paragraphs]
    assert f"Dr Sam Weir\nDirector, Children’s Services\n{asked.addressee}" in paragraphs
    assert "20 November 2023" in paragraphs


def test_a_vacant_post_is_addressed_all_the_same(asked):
    asked.post.holdings.all().delete()
    paragraphs = [paragraph.text for paragraph in written(asked).paragraphs]
    assert f"Director, Children’s Services\n{asked.addressee}" in paragraphs


def test_the_chief_executive_s_letter_goes_to_the_chief_executive_of_the_body(asked):
    text = text_of(written(asked, Kind.CHIEF_EXECUTIVE))
    assert f"Chief Executive\n{asked.addressee}" in text
    assert "Sam Weir" not in text


def test_it_quotes_the_board_word_for_word_and_says_what_was_said_last(asked, olivia):
    first, second, _ = asked.elements.all()
    factories.UpdateFactory(element=first, text="Half is done.")
    document = written(asked)
    quotes = [p.text for p in document.paragraphs if p.style.name == "Quote"]
    assert quotes == [
        "(b) That the partnership brings a further report in September/October 2023.",
        f"1. {first.text}",
        f"2. {second.text}",
    ]
    text = text_of(document)
    assert "Last reported on 3 May 2023 by Business Manager: Half is done." in text
    assert "Nothing has been reported on this." in text
    assert "Due in September/October 2023 (1 September 2023 to 31 October 2023)." in text


def test_it_is_signed_by_the_chair_of_that_day(asked):
    text = text_of(written(asked))
    assert "Councillor Chidi Okonkwo\nChair, Scrutiny Board (Children and Families)" in text
    assert "Old Chair" not in text


def test_without_a_chair_there_is_room_for_a_name(asked):
    asked.board.memberships.all().delete()
    assert "\nChair, Scrutiny Board (Children and Families)" in text_of(written(asked))


def test_it_says_how_it_was_followed_up(asked):
    factories.ChaseFactory(action=asked, kind="officer_chase", on=date(2023, 11, 1))
    assert "Officer's chase, 1 November 2023" in text_of(written(asked))
    assert "How it was followed up" in text_of(written(asked))


def test_an_invitation_names_the_board_s_next_meeting(asked):
    assert "its next meeting" in text_of(written(asked, Kind.INVITED))
    factories.MeetingFactory(board=asked.board, date=date(2023, 12, 6), venue="Committee Room 1")
    assert "its meeting on 6 December 2023, Committee Room 1" in text_of(written(asked, Kind.INVITED))


@pytest.mark.parametrize("kind", OPENINGS)
def test_its_structure_can_be_listened_to(asked, kind):
    document = written(asked, kind)
    levels = [p.style.name for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert levels[0] == "Heading 1"
    assert set(levels[1:]) == {"Heading 2"}
    languages = {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}
    assert document.core_properties.title.startswith(asked.reference)
    footer = document.sections[0].footer._element
    assert [field.get(qn("w:instr")) for field in footer.iter(qn("w:fldSimple"))] == ["PAGE"]


def test_awkward_text_stays_as_it_is_but_for_what_word_cannot_hold(asked):
    element = asked.elements.first()
    element.text = AWKWARD
    element.save()
    factories.UpdateFactory(element=element, text=AWKWARD, reported_by="<Sam> & #co")
    text = text_of(written(asked))
    kept = AWKWARD.replace("\x0b", "")
    assert f"1. {kept}" in text
    assert f"by <Sam> & #co: {kept}" in text
