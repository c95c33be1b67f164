"""Whether a record keeps a condition, reckoned without the database where there can be no doubt.

Only what every database sees alike is reckoned: texts, whole numbers, dates and yes or no, compared with their like. An
empty value compared with anything is as unknown here as it is in SQL, and what is unknown is not certain.
"""

from datetime import date
from operator import eq, ge, gt, le, lt

from django.db.models import F, Q

ALIKE = {bool, int, date}  # and texts, those of choices among them
COMPARED = {"exact": eq, "gt": gt, "gte": ge, "lt": lt, "lte": le}
TEXT = {"exact"}  # which of two texts comes first, each database decides by its own rules


def is_certain(condition, obj):
    """True if `obj` keeps the Q; False if it does not, or if only the database can tell."""
    return _truth(condition, obj) is True


def _truth(condition, obj):
    """True, False, or None for unknown."""
    if not isinstance(condition, Q):
        return _of_lookup(*condition, obj) if isinstance(condition, tuple) else None
    if condition.connector == Q.XOR:
        return None
    truths = [_truth(child, obj) for child in condition.children]
    found = _all(truths) if condition.connector == Q.AND else _not(_all(map(_not, truths)))
    return _not(found) if condition.negated else found


def _not(truth):
    return None if truth is None else not truth


def _all(truths):
    truths = list(truths)
    if False in truths:
        return False
    return None if None in truths else True


def _of_lookup(path, other, obj):
    name, _, lookup = path.partition("__")
    value, other = _value(name, obj), _value(other.name, obj) if isinstance(other, F) else other
    if hasattr(value, "resolve_expression"):
        return None
    if lookup == "isnull":
        return (value is None) is other
    if lookup in ("", "exact") and other is None:
        return value is None
    if lookup == "in":
        return _not(_all(_not(_compared("exact", value, each)) for each in other))
    if lookup == "range":
        return _all([_compared("gte", value, other[0]), _compared("lte", value, other[1])])
    return _compared(lookup or "exact", value, other)


def _value(name, obj):
    return getattr(obj, obj._meta.get_field(name).attname)


def _compared(lookup, value, other):
    kind, compare = _kind(value), COMPARED.get(lookup)
    if compare is None or kind is None or kind is not _kind(other) or (kind is str and lookup not in TEXT):
        return None
    return compare(value, other)


def _kind(value):
    """None for all that is not reckoned here, among it moments, although Python calls them dates."""
    if isinstance(value, str):
        return str
    return type(value) if type(value) in ALIKE else None
