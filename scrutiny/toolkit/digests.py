"""One text for the values of a row, whatever the database engine and its time zone, and the digest of that text.

A digest is SHA-256. A salt before the text keeps anybody from guessing words that were taken out of the row later:
as long as the salt is there the digest proves the text, and without it nobody can try texts against the digest.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256

SIZE = sha256().digest_size  # bytes


def columns_of(model):
    """The names of the columns a digest covers, in an order that does not depend on the order in the class."""
    return sorted(field.attname for field in model._meta.concrete_fields)


def canonical(values):
    """The bytes of a list of values: JSON with times in UTC to the microsecond and keys in order."""
    text = json.dumps(
        values, default=_plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False
    )
    return text.encode("utf-8", "surrogatepass")


def digest_of(values, salt=b""):
    """The digest of a list of values, as bytes."""
    return sha256(salt + canonical(values)).digest()


def _plain(value):
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)  # dates and times of day read like ISO, decimals and addresses as themselves
