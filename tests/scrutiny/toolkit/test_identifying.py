import pytest

from scrutiny.toolkit.identifying import Finding, identifying


def kinds_and_words(text, **options):
    return [(finding.kind, finding.words) for finding in identifying(text, **options)]


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("She was born 3 May 2019 in Exampleton.", "a date of birth", "born 3 May 2019"),
        (
            "The boy, born on the 3rd, moved. Born on 3rd of May 2019.",
            "a date of birth",
            "Born on 3rd of May 2019",
        ),
        ("He was born in May 2019.", "a date of birth", "born in May 2019"),
        ("dob 03/05/19", "a date of birth", "dob 03/05/19"),
        ("D.O.B.: 2019-05-03", "a date of birth", "D.O.B.: 2019-05-03"),
        ("Date of birth is 3.5.2019", "a date of birth", "Date of birth is 3.5.2019"),
        ("NHS number 943 476 5919 was quoted", "an NHS number", "943 476 5919"),
        ("NHS number 9434765919.", "an NHS number", "9434765919"),
        ("They live at LS1 4AP now", "a postcode", "LS1 4AP"),
        ("They live at ls14ap", "a postcode", "ls14ap"),
        ("EC1A 1BB", "a postcode", "EC1A 1BB"),
        ("A boy aged 4 was seen", "a child's age", "aged 4"),
        ("A boy aged four was seen", "a child's age", "aged four"),
        ("The brothers, aged 4 and 6, moved", "a child's age", "aged 4"),
        ("A boy aged 4½.", "a child's age", "aged 4½"),
        ("A baby aged 7 months", "a child's age", "aged 7 months"),
        ("A toddler aged 18 months", "a child's age", "aged 18 months"),
        ("A girl aged 2 years old", "a child's age", "aged 2 years old"),
        ("A girl, age: 14, went missing", "a child's age", "age: 14"),
        ("He died at the age of 16", "a child's age", "age of 16"),
        ("The 4-year-old was seen", "a child's age", "4-year-old"),
        ("the 4 year old boy", "a child's age", "4 year old"),
        ("Injury to 4‑month‑old baby", "a child's age", "4-month-old"),
        ("she was six months old", "a child's age", "six months old"),
        ("Rapid review case, 14yo girl", "a child's age", "14yo"),
        ("Child A was seen", "a named child", "Child A"),
        ("the learning from Baby P’s case", "a named child", "Baby P"),
        ("Sibling 1 stayed", "a named child", "Sibling 1"),
        ("child 2 stayed", "a named child", "child 2"),
        ("Young Person R", "a named child", "Young Person R"),
        ("The mother of the baby rang", "a relation to a child", "mother of"),
        ("a Stepfather of two", "a relation to a child", "Stepfather of"),
    ],
)
def test_what_may_identify_a_child_is_found_in_its_own_words(text, kind, words):
    assert kinds_and_words(text) == [(kind, words)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The report was received on 3 May 2023 and is due by 31/01/2024.",
        "The offer is open to children born on or after 1 September 2020.",
        "Babies born in the year to 31 March 2023 were 9,412.",
        "The date of birth was missing from four referrals.",
        "The helpline is 0113 496 0000; its reference is 943 476 5918.",
        "Action SB-CF 22/23-04 follows ESCP-2026-04 and WT2023.",
        "Evidence of grade E1 2 pieces, of grade E2 none.",
        "The LS1 cluster of schools and the M25 corridor.",
        "It was the subject of the S47 2nd strategy and the E1 3rd meeting.",
        "Services for children aged 0 to 5 and 5-11.",
        "Children aged 0–19, and those aged 16 and over or 16+.",
        "Young people aged 16 and 17 who present as homeless.",
        "Under-fives, and children under 5 years old.",
        "There were 14 age 24 care leavers and a member aged 45.",
        "The parent was 19 years old and a carer aged twenty.",
        "Children between 0 and 5 years old, or between the ages of 4 and 11.",
        "The 30 hours for 3- and 4-year-olds, and the two-year-old offer.",
        "A check by age 5, support from the age of 2, care until age 17.",
        "The average age of 14 hides a wide range.",
        "Stage 2 was reached on page 4.",
        "The data was six months old and the 5-year-old strategy was replaced.",
        "Referrals more than three months old were reviewed.",
        "The Child Protection Plan and the Child Q&A session.",
        "Child A&E attendances rose, as did Child A & E waits.",
        "Every child a place; as a child I was heard.",
        "A Child First approach for Baby Week, Child in Need plans, Child S17 funds.",
        "Each Child 0-19 service gives a child 15 hours, with one child 1:1.",
        "Mothers of young babies, and the role of father and mother.",
        "The Chair thanked the Director of Children and Families.",
    ],
)
def test_ordinary_sentences_of_minutes_are_left_alone(text):
    assert identifying(text) == []


def test_everything_is_found_in_the_order_of_the_text():
    text = "Child A (dob 3/5/19, NHS 943 476 5919), the 4-year-old of LS1 4AP; mother of two."
    assert [finding.kind for finding in identifying(text)] == [
        "a named child",
        "a date of birth",
        "an NHS number",
        "a child's age",
        "a postcode",
        "a relation to a child",
    ]


def test_each_time_it_is_said_counts():
    assert identifying("One aged 4. Another aged 4.") == [Finding("a child's age", "aged 4")] * 2


def test_a_line_that_was_broken_is_read_as_one():
    assert kinds_and_words("a boy aged\r\n4 years") == [("a child's age", "aged 4 years")]


def test_a_published_case_may_be_called_by_its_pseudonym_and_nothing_else():
    assert kinds_and_words("Child R, aged 4", pseudonyms_allowed=True) == [("a child's age", "aged 4")]
