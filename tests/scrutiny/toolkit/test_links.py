"""Signed links: only what this site signed opens, and a wrong one tells nothing."""

import pytest
from django.http import Http404

from scrutiny.toolkit.links import absolute, signed, unsigned


def test_what_was_signed_is_read_back():
    assert unsigned(signed("12-1")) == "12-1"


def test_a_signature_has_256_bits():
    signature = signed("12-1").rpartition(":")[2]
    assert len(signature) == 43  # in base 64


@pytest.mark.parametrize("text", ["12-1", "12-1:", "12-1:AAAA", "", ":", "13-1:" + "A" * 43])
def test_anything_else_is_not_found(text):
    with pytest.raises(Http404):
        unsigned(text)


def test_the_signature_of_one_value_opens_no_other():
    with pytest.raises(Http404):
        unsigned("13-1:" + signed("12-1").rpartition(":")[2])


def test_addresses_in_messages_are_whole(settings):
    settings.SITE_ADDRESS = "https://scrutiny.example.gov.uk"
    assert absolute("/answer/x/") == "https://scrutiny.example.gov.uk/answer/x/"
