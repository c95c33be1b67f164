"""People and the names minutes give them."""

import string
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scrutiny.models import Organisation, OrganisationAlias, Person
from scrutiny.models.people import bare_name, contact_of, same_name
from tests import factories

STYLES = [
    "Councillor",
    "Cllr",
    "cllr.",
    "Alderman",
    "Mr",
    "Mrs.",
    "Ms",
    "Mx",
    "Dr",
    "Professor",
    "The Reverend",
]
STYLES += ["Rev.", "Revd Canon", "Chief Superintendent", "Deputy Chief Constable", "Dame", "SIR"]
HONOURS = ["CBE", "OBE", "mbe", "QPM", "KC", "JP", "DL", "PhD", "CBE, QPM"]
WORDS = [
    "Ann",
    "Lee-Hughes",
    "O’Neill",
    "D'Arcy",
    "Élodie",
    "Šárka",
    "أمينة",
    "Мария",
    "小芳",
    "अदिति",
    "von",
    "Rey",
]

names = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
pieces = st.lists(st.sampled_from([*STYLES, *HONOURS, *WORDS, ",", "-", "’"]), min_size=1, max_size=8)
spaces = st.sampled_from([" ", "  ", "\t", "\u00a0", "\n"])


@pytest.mark.parametrize("style", STYLES)
def test_a_style_is_no_part_of_the_name(style):
    assert bare_name(f"{style} Ann Lee") == "Ann Lee"


@pytest.mark.parametrize("honours", HONOURS)
def test_honours_are_no_part_of_the_name_with_or_without_a_comma(honours):
    assert bare_name(f"Ann Lee {honours}") == bare_name(f"Ann Lee, {honours}") == "Ann Lee"


@given(st.sampled_from(STYLES), names, st.sampled_from(HONOURS), spaces)
def test_style_and_honours_fall_away_and_the_name_stays_whole(style, name, honours, space):
    minuted = space.join([style, *name.split(" "), honours])
    assert bare_name(minuted) == name


@pytest.mark.parametrize(
    "name",
    [
        "Missy Lord",
        "Canonica Leeson",
        "Drew Kingsley",
        "Sirin Okan",
        "Anna Mayobe",
        "Thea Damell",
        "Rev-Ann Lee",
    ],
)
def test_a_name_that_only_begins_or_ends_like_a_style_is_left_alone(name):
    assert bare_name(name) == name


@pytest.mark.parametrize("name", ["Councillor", "CBE", "Dr", "John Sergeant", "Mary Constable", "The"])
def test_a_word_that_could_be_a_style_stays_where_nothing_else_would_be_left(name):
    assert bare_name(name) == name


@given(pieces.map(" ".join))
def test_letters_beyond_ascii_never_vanish(minuted):
    def beyond_ascii(text):
        return [letter for letter in text if letter.isalpha() and letter not in string.ascii_letters]

    assert beyond_ascii(bare_name(minuted)) == beyond_ascii(minuted)


@given(pieces.map(" ".join))
@example("Ann Lee , CBE")
def test_no_name_becomes_empty_or_keeps_space_around_it(minuted):
    assert bare_name(minuted) == bare_name(minuted).strip() != ""


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Councillor Ann Lee", "Ann Lee CBE", True),
        ("Mrs. W. Garside", "W. Garside", True),
        ("Councillor Mrs W. Garside", "Mrs. W. Garside", True),
        ("Mrs. W. Garside", "Miss W. Garside", False),
        ("Cllr Mr A. Poll", "Cllr Ms A. Poll", False),
        ("Ann Lee", "Anne Lee", False),
        ("Ann Miss", "Ann Miss", True),
    ],
)
def test_a_courtesy_title_tells_two_namesakes_apart(one, other, same):
    assert same_name(one, other) is same_name(other, one) is same


@given(pieces.map(" ".join))
@example("Ann Lee , CBE")
def test_a_bare_name_is_bare_already(minuted):
    assert bare_name(bare_name(minuted)) == bare_name(minuted)


@pytest.mark.django_db
@pytest.mark.parametrize("minuted", ["Ann Lee", "ANN LEE", "Councillor Ann Lee", "Cllr  Ann Lee, MBE"])
def test_a_person_is_found_however_the_minutes_style_them(minuted):
    ann = factories.PersonFactory(name="Ann Lee")
    factories.PersonFactory(name="Ann Leeson")
    assert list(Person.objects.called(minuted)) == [ann]


@pytest.mark.django_db
def test_a_person_is_shown_with_style_and_honours():
    assert str(factories.PersonFactory(style="Dr", name="Ann Lee", honours="MBE")) == "Dr Ann Lee MBE"
    assert str(factories.PersonFactory(style="", name="Ann Lee")) == "Ann Lee"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["borough police", "BP", "The constabulary"])
def test_an_organisation_is_found_by_its_name_its_short_name_and_its_aliases(name):
    police = factories.OrganisationFactory(name="Borough Police", short_name="BP")
    OrganisationAlias.objects.create(organisation=police, name="The Constabulary")
    OrganisationAlias.objects.create(organisation=police, name="The Force")
    assert list(Organisation.objects.called(name)) == [police]


@pytest.mark.django_db
def test_an_organisation_is_not_found_by_half_its_name():
    factories.OrganisationFactory(name="Borough Police", short_name="BP")
    assert not Organisation.objects.called("Police").exists()


def test_everybody_with_a_role_sees_people_and_nobody_else_does(cast):
    ann = factories.PersonFactory()
    seeing = {name for name, user in vars(cast).items() if ann in Person.objects.visible_to(user)}
    assert seeing == {"olivia", "petra", "chidi", "mary", "lena", "bea", "sunil", "arun", "grace", "ada"}


@pytest.mark.django_db
def test_the_newest_holder_of_a_post_stands_first():
    post = factories.PostFactory()
    older = factories.PostHoldingFactory(post=post, start=date(2020, 1, 1), end=date(2021, 1, 1))
    newer = factories.PostHoldingFactory(post=post, start=date(2021, 1, 2))
    assert list(post.holdings.all()) == [newer, older]


# Whom to write to


ON = date(2023, 5, 1)


def written_to(organisation, post):
    contact = contact_of(organisation, post, ON)
    return contact.name, contact.email


@pytest.mark.django_db
def test_the_holder_of_the_post_is_written_to():
    holding = factories.PostHoldingFactory(email="sam@escp.example")
    named = f"{holding.person}, {holding.post.title}"
    assert written_to(holding.post.organisation, holding.post) == (named, "sam@escp.example")


@pytest.mark.django_db
def test_a_post_that_changed_hands_leads_to_its_new_holder():
    left = factories.PostHoldingFactory(email="sam@escp.example", end=date(2023, 4, 30))
    came = factories.PostHoldingFactory(post=left.post, start=ON, email="kit@escp.example")
    named = f"{came.person}, {came.post.title}"
    assert written_to(left.post.organisation, left.post) == (named, "kit@escp.example")


@pytest.mark.django_db
def test_a_holder_without_an_address_is_reached_through_the_organisation():
    holding = factories.PostHoldingFactory(post__organisation__email="office@escp.example")
    assert contact_of(holding.post.organisation, holding.post, ON).email == "office@escp.example"


@pytest.mark.django_db
def test_a_vacant_post_leads_to_the_organisation():
    post = factories.PostFactory(organisation__email="office@escp.example")
    assert written_to(post.organisation, post) == (post.title, "office@escp.example")


@pytest.mark.django_db
def test_without_a_post_or_an_address_the_contact_has_none():
    organisation = factories.OrganisationFactory()
    assert written_to(organisation, None) == (organisation.name, "")
