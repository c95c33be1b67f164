"""Who may do what. One question is asked everywhere: `can(user, permission, on)`.

A role is a name, a sentence for people and a set of permissions; those in `own` hold only for what belongs to the
organisation the role is held for. `bars` takes permissions away on what belongs to that organisation, whatever other
role gives them: {permission: the sentence that says why}. A grant is a role somebody holds, perhaps for one board or
one organisation only.
The user model answers `user.grants`, a list of `Grant`.
"""

from dataclasses import dataclass, field
from functools import lru_cache, reduce, wraps
from operator import and_, or_

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

NOWHERE = Q(pk__in=[])
EVERYWHERE = ~NOWHERE  # and not Q(), which vanishes from "or"


@dataclass(frozen=True)
class Role:
    code: str
    name: str
    sentence: str
    permissions: frozenset
    own: frozenset = frozenset()
    bars: dict = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Grant:
    role: Role
    board_id: int | None = None
    organisation_id: int | None = None

    def allows(self, permission, on=None):
        board_id = getattr(on, "board_id", None)
        covers = self.board_id is None or board_id is None or self.board_id == board_id
        return covers and (permission in self.role.permissions or self._allows_own(permission, on))

    def why_barred(self, permission, on):
        """The sentence, or nothing; only what belongs to somebody can be barred."""
        is_own = on is not None and getattr(on, "owner_id", None) == self.organisation_id is not None
        return self.role.bars.get(permission, "") if is_own else ""

    def _allows_own(self, permission, on):
        is_own = on is None or getattr(on, "owner_id", None) == self.organisation_id
        return permission in self.role.own and is_own


@dataclass(frozen=True)
class Reader:
    """What rules of access know of those who hold the same: it stands for each of them where a rule, or a question
    (`toolkit/kept.py`), is kept for the next who asks. A rule that asks who somebody is fails, as it must.
    """

    grants: tuple
    is_authenticated = is_active = True


def can(user, permission, on=None):
    """True if one of the user's roles gives `permission`: for the board that `on` belongs to if it has one, and,
    where a role gives it for one's own only, if the `owner` of `on` is the organisation the role is held for."""
    grants = grants_of(user)
    return any(grant.allows(permission, on) for grant in grants) and not why_barred(user, permission, on)


def why_barred(user, permission, on):
    """Why somebody who would be permitted is not, as what `on` is belongs to their own body; empty if nothing bars."""
    return next(filter(None, (grant.why_barred(permission, on) for grant in grants_of(user))), "")


def can_everywhere(user, permission):
    """True if a role gives `permission` for every board, as records need whose board is not known any more."""
    return any(grant.board_id is None and permission in grant.role.permissions for grant in grants_of(user))


def within(user, permission, path, scope="board_id"):
    """The Q of rows whose `path` lies where the user holds `permission`: everywhere, some boards, or nowhere."""
    scopes = {getattr(grant, scope) for grant in grants_of(user) if permission in grant.role.permissions}
    if not scopes:
        return NOWHERE
    return EVERYWHERE if None in scopes else Q(**{f"{path}__in": scopes})


def any_of(*conditions):
    """Their "or". What holds everywhere or nowhere is folded away, so that the database is not asked for it."""
    if EVERYWHERE in conditions:
        return EVERYWHERE
    return reduce(or_, [each for each in conditions if each != NOWHERE] or [NOWHERE])


def all_of(*conditions):
    """Their "and", folded likewise."""
    if NOWHERE in conditions:
        return NOWHERE
    return reduce(and_, [each for each in conditions if each != EVERYWHERE] or [EVERYWHERE])


def grants_of(user):
    return user.grants if user.is_authenticated and user.is_active else []


def reader_of(user):
    return Reader(tuple(grants_of(user)))


def by_grants(rule):
    """For a rule, (user, *paths) → Q, that asks only what somebody holds: worked out once for all who hold the same.

    The Q is shared, and not to be changed. A rule must not ask the day or the database: it would not be asked again.
    """
    kept = lru_cache(maxsize=1_000)(rule)

    @wraps(rule)
    def asked(user, *paths):
        return kept(reader_of(user), *paths)

    return asked


def require(user, permission, on=None):
    """Raises PermissionDenied, with a sentence for the reader where there is one."""
    if not can(user, permission, on):
        raise PermissionDenied(why_barred(user, permission, on))


def permitted(permission):
    """For a view function: somebody who nowhere holds `permission` gets 403."""

    def decorate(view):
        @wraps(view)
        def checked(request, *args, **kwargs):
            require(request.user, permission)
            return view(request, *args, **kwargs)

        checked.permission = permission
        return checked

    return decorate


class Permitted:
    """For a class view: `permission` is required to enter, `change_permission` on the object it changes."""

    permission = None

    def dispatch(self, request, *args, **kwargs):
        require(request.user, self.permission)
        return super().dispatch(request, *args, **kwargs)


def fetch(queryset, user, permission=None, **lookup):
    """The one row the user may see, or 404; 403 if it may be read but `permission` on it is missing."""
    found = queryset.visible_to(user).filter(**lookup).first()
    if found is None:
        raise Http404
    if permission:
        require(user, permission, found)
    return found
