"""Locked out after failures, without becoming a weapon (S4, S5).

Five failures lock one account for one address, so an attacker locks himself out and not the officer elsewhere. What
many addresses try together is limited too, except from where this person has signed in before.
"""

import ipaddress
import time

from django.core.cache import cache
from django.db.models import Q

from scrutiny.models import User
from scrutiny.toolkit.attempts import Limit, forget, give_back, is_full, take

WHILE = 15 * 60  # seconds
HERE = Limit("sign-in-here", 5, WHILE)
ANYWHERE = Limit("sign-in-anywhere", 50, WHILE)
ADDRESS = Limit("sign-in-address", 100, WHILE)
KNOWN_FOR = 30 * 24 * 60 * 60


class Try:
    """One try to sign in to what was typed, from one address."""

    def __init__(self, typed, address):
        self.user = user_called(typed)
        self.who = name_of(self.user) if self.user else f"name:{typed.lower()}"
        self.address = network_of(address)
        self.here = f"{self.who}:{self.address}"
        self.known = f"known:{self.user.pk if self.user else 0}:{self.address}"
        self.places = []

    def may_go_on(self):
        """Whoever is locked out here uses up no tries of anybody else."""
        for limit, key in self._limits():
            place = take(limit, key)
            if place is None:
                return False
            self.places.append(place)
        return True

    def succeeded(self):
        give_back(*self.places)
        forget(HERE, self.here)
        cache.set(self.known, 1, KNOWN_FOR)

    def failed(self):
        """True if this failure locked the account for this address."""
        locked = is_full(HERE, self.here)
        if locked and self.user:
            cache.set(f"locked:{self.user.pk}", self.address, WHILE)
        return locked

    def _limits(self):
        yield HERE, self.here
        yield ADDRESS, self.address
        if not cache.get(self.known):
            yield ANYWHERE, self.who


def network_of(address):
    """One person has a whole network of addresses in IPv6: it counts as one."""
    if ipaddress.ip_address(address).version == 4:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False).network_address)


def user_called(typed):
    return User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed)).order_by("pk").first()


def name_of(user):
    """Unlocking gives an account a new name, under which nothing has failed yet."""
    return f"user:{user.pk}:{cache.get(f'unlocked:{user.pk}', 0)}"


def locked_from(user):
    """The address for which `user` was locked out last, None if that is over."""
    return cache.get(f"locked:{user.pk}")


def unlock(user):
    cache.set(f"unlocked:{user.pk}", time.time(), KNOWN_FOR)
    cache.delete(f"locked:{user.pk}")
