"""Addresses for people without an account: a value and a signature of 256 bits that only this site can make.

Nothing secret is stored. Whoever looks a value up decides whether it still opens anything: a link is taken back
by changing what it is looked up by.
"""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import Http404

signer = Signer(salt="signed links")


def signed(value):
    """>>> signed("12-1")
    '12-1:Qx…'
    """
    return signer.sign(value)


def unsigned(text):
    """The value that was signed. Raises Http404 for anything else, compared in constant time."""
    try:
        return signer.unsign(text)
    except BadSignature as error:
        raise Http404 from error


def absolute(path):
    """The full address of a page of this site, for messages and documents."""
    return f"{settings.SITE_ADDRESS}{path}"
