"""What a password may be: S9 and finding 17."""

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

import scrutiny.settings
from scrutiny.models import User
from tests.scrutiny.sign_in.conftest import PASSWORD

OLIVIA = User(
    username="olivia", first_name="Olivia", last_name="Marsh", email="olivia.marsh@exampleton.example"
)
GUESSED_FIRST = [  # long enough for the old list of common ones to have missed them
    *("passwordpassword", "qwertyuiopasdf", "123456789012", "aaaaaaaaaaaaaa", "iloveyouforever"),
    *("Password123!", "P@ssw0rd2024", "letmein123456", "welcome2026!", "abcdefghijkl"),
    *("scrutiny follow-up", "Exampleton2026", "oliviamarsh2026", "olivia.marsh@exampleton", "1q2w3e4r5t6y"),
    "a" * 200,
]


def refused(password, user=OLIVIA):
    try:
        validate_password(password, user)
    except ValidationError:
        return True
    return False


@pytest.mark.parametrize("password", GUESSED_FIRST)
def test_S9_what_is_guessed_first_is_refused_in_any_length(password):
    assert refused(password)


@pytest.mark.parametrize("password", ["short", "elevenchars", "quagmire 42"])
def test_S9_twelve_characters_are_the_least(password):
    assert refused(password)


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "wolkenkratzer-mit-fahrrad",
        "vier seltsame wörter 🚲",
        "lower case only is fine here",
        "x7 k2 p9 w4 r1 q8",
        " ".join(["lantern otter gravel seventeen"] * 8),
    ],
)
def test_S9_long_ones_of_any_characters_are_welcome(password):
    assert not refused(password)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=64, max_size=300))
def test_S9_the_check_can_read_any_password(password):
    assert isinstance(refused(password), bool)


def test_S9_nothing_is_cut_off(settings):
    settings.PASSWORD_HASHERS = scrutiny.settings.PASSWORD_HASHERS
    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    long = "lantern otter gravel seventeen " * 5
    stored = make_password(long, hasher="argon2")
    assert identify_hasher(stored).algorithm == "argon2"
    hasher = identify_hasher(stored)
    assert hasher.verify(long, stored)
    assert not hasher.verify(long[:-1], stored)
    assert not hasher.verify(long[:72], stored)


def test_S9_the_advice_is_about_words_and_not_about_signs(db, client, norma):
    client.force_login(norma)
    page = client.get("/password/").content.decode()
    assert "at least 12 characters" in page
    assert "Three or four words that do not belong together" in page
