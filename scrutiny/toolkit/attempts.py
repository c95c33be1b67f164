"""Counting what may be tried only so often, in the cache that all processes share.

Each try takes one of a few places for a while. `cache.add` takes a place for one process only, so two tries at the
same moment never share one, and no lock is needed.
"""

import hashlib
from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class Limit:
    name: str
    places: int
    seconds: int


def take(limit, key):
    """A place for one try, None when all are taken."""
    places = _places(limit, key)
    taken = cache.get_many(places)
    return next((each for each in places if each not in taken and cache.add(each, 1, limit.seconds)), None)


def give_back(*places):
    cache.delete_many(places)


def is_full(limit, key):
    return len(cache.get_many(_places(limit, key))) == limit.places


def forget(limit, key):
    give_back(*_places(limit, key))


def _places(limit, key):
    """Names without what was typed: the cache is a table that others may read."""
    digest = hashlib.sha256(str(key).encode()).hexdigest()
    return [f"{limit.name}:{digest}:{number}" for number in range(limit.places)]
