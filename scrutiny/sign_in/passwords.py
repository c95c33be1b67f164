"""What a password may not be: one of those that are guessed first, in whatever length (S9)."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

STRONG_ENOUGH = 3  # of 4: more than 100 million guesses
OWN = 8  # characters, apart from words that everybody knows of this person and this place
LOOKED_AT = 72  # zxcvbn grows slow with length; what comes after only makes a password better


class GuessedFirst:
    def validate(self, password, user=None):
        known = words_of(settings.PRODUCT_NAME, settings.COUNCIL_NAME, *names_of(user))
        score = zxcvbn(password[:LOOKED_AT], user_inputs=known)["score"]
        if score < STRONG_ENOUGH or len(without(known, password)) < OWN:
            raise ValidationError(
                "This password is among those that are guessed first. Three or four words that do not belong "
                "together make a good one.",
                code="guessed_first",
            )

    def get_help_text(self):
        return "Three or four words that do not belong together make a good password."


def words_of(*names):
    """Those of three letters and more."""
    return re.findall(r"\w{3,}", " ".join(names).lower())


def without(words, password):
    pattern = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.sub(pattern, "", password, flags=re.IGNORECASE)


def names_of(user):
    if user is None:
        return []
    return [name for name in (user.username, user.first_name, user.last_name, user.email) if name]
