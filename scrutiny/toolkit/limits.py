"""How often something costly may be done, counted in the cache that all processes share.

Counted per window of time that begins on the clock, so that one number is kept, and when to try again is known. Two
requests at one moment may be counted as one: that is exact enough here. Where the cache is away nobody is stopped.
"""

import hashlib
import time
from dataclasses import dataclass
from ipaddress import ip_address

from django.conf import settings
from django.core.cache import cache
from django.db import Error

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60


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
        count = _counted(key, amount, limit.seconds)
    except Error:
        return Spent()
    if count <= limit.many:
        return Spent()
    return Spent(wait=limit.seconds - gone, is_first_over=count - amount <= limit.many)


def _counted(key, amount, seconds):
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key, amount)
    except ValueError:  # its time ended between the two lines, or the cache takes nothing
        return amount


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
