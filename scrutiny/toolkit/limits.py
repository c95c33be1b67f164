"""How often something costly may be done, counted in the table of the cache that all processes share.

Counted per window of time that begins on the clock, so that one number is kept, and when to try again is known. One
statement both adds and tells, where the cache itself takes six. Where the database is away nobody is stopped.
"""

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address

from django.conf import settings
from django.db import Error, connection

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
ADD = """
    INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s)
    ON CONFLICT (cache_key) DO UPDATE SET value = CAST(CAST({table}.value AS bigint) + %s AS text)
    RETURNING value
"""


@dataclass(frozen=True)
class Limit:
    many: int
    seconds: int


@dataclass(frozen=True)
class Spent:
    """What came of counting: `wait` is how many seconds are left to wait, 0 if it may be done now."""

    wait: int = 0
    is_first_over: bool = False


def spend(what, who, limit, amount=1):
    """Counts `amount` of `what` by `who`. Names without what was typed: others may read the cache."""
    now = int(time.time())
    window, gone = divmod(now, limit.seconds)
    key = f"limit:{hashlib.sha256(f'{what}:{who}'.encode()).hexdigest()}:{window}"
    try:
        count = _counted(key, amount, (window + 1) * limit.seconds)
    except Error:
        return Spent()
    if count <= limit.many:
        return Spent()
    return Spent(wait=limit.seconds - gone, is_first_over=count - amount <= limit.many)


def _counted(key, amount, ends):
    """Rows whose time has ended are swept away with those of the cache."""
    until = connection.ops.adapt_datetimefield_value(datetime.fromtimestamp(ends, UTC))
    with connection.cursor() as cursor:
        cursor.execute(
            ADD.format(table=settings.CACHES["default"]["LOCATION"]), [key, str(amount), until, amount]
        )
        return int(cursor.fetchone()[0])


def client_address(request):
    """Where a request comes from: said by the last of our own proxies if there is one, else by the connection."""
    passed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if 0 < settings.TRUSTED_PROXIES <= len(passed) and is_address(passed[-settings.TRUSTED_PROXIES].strip()):
        return passed[-settings.TRUSTED_PROXIES].strip()
    return request.META.get("REMOTE_ADDR", "")


def is_address(text):
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def in_words(seconds):
    """>>> in_words(61)
    '2 minutes'
    """
    for unit, length in (("hour", HOUR), ("minute", MINUTE)):
        if seconds > length:
            return f"{-(-seconds // length)} {unit}s"
    return f"{seconds} second{'' if seconds == 1 else 's'}"
