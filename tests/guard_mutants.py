"""Each guard of access taken away in turn: some test of access must fail (A8). python -m tests.guard_mutants

One run of pytest tries them all. A mutant is killed by the first test that fails with it and passes without it.
Functions are changed inside, by their code, so that every module that imported them uses the changed one.
"""

import gc
import sys
from functools import _lru_cache_wrapper, partial
from importlib import import_module
from inspect import unwrap

import pytest
from _pytest.runner import runtestprotocol
from django.conf import settings

PRODUCT = ("scrutiny.", "actions.", "reviews.")
ACCESS = "scrutiny.toolkit.access"
ALL = "(self, user): return self.all()"
EVERYBODY = ["tests/test_access.py", "tests/test_exempt.py", "tests/test_access_proofs.py"]
ROLES = ["tests/scrutiny/models/test_accounts.py", "tests/test_access_proofs.py"]
PUBLISHING = ["tests/scrutiny/test_views.py"]
EXEMPT = ["tests/test_exempt.py"]
KEPT_BACK = ["tests/scrutiny/test_kept_back.py"]
SEARCH = ["tests/scrutiny/overview/test_search.py"]
LEARNING = ["tests/reviews/test_learning.py", "tests/reviews/test_learning_views.py"]

MUTANTS = {  # name: (module, what is changed, its new parameters and body, the tests that must see it)
    "can: everything is permitted": (ACCESS, "can", "(user, permission, on=None): return True", EVERYBODY),
    "require: nothing is required": (
        ACCESS,
        "require",
        "(user, permission, on=None): return None",
        EVERYBODY,
    ),
    "within: everywhere": (
        ACCESS,
        "within",
        "(user, permission, path, scope='board_id'): return EVERYWHERE",
        EVERYBODY,
    ),
    "a grant holds for every board": (
        ACCESS,
        "Grant.allows",
        "(self, permission, on=None): return permission in self.role.permissions or self._allows_own(permission, on)",
        EVERYBODY,
    ),
    "what is one's own is everybody's": (
        ACCESS,
        "Grant._allows_own",
        "(self, permission, on): return permission in self.role.own",
        [*LEARNING, "tests/test_access.py"],
    ),
    "nobody is barred": (ACCESS, "Grant.why_barred", "(self, permission, on): return ''", ROLES),
    "a deactivated account is let in": (
        ACCESS,
        "grants_of",
        "(user): return user.grants if user.is_authenticated else []",
        ROLES,
    ),
    "roles never end": (
        "scrutiny.models.accounts",
        "RoleAssignmentQuerySet.current",
        "(self, on): return self.all()",
        ROLES,
    ),
    "an editor administers": (
        "scrutiny.models.accounts",
        "refuse_editing_administrators",
        "(assignments, is_superuser=False): return None",
        ROLES,
    ),
    "the author publishes": (
        "scrutiny.publication",
        "authors",
        "(meeting): return set()",
        PUBLISHING,
    ),
    "everybody publishes": (
        "scrutiny.publication",
        "why_not_publish",
        "(user, meeting): return ''",
        PUBLISHING,
    ),
    "one person publishes a review": (
        "reviews.services.cases",
        "refuse_alone",
        "(case, rule, by): return None",
        ["tests/reviews/test_cases.py"],
    ),
    "what was opened stays open": (
        "scrutiny.kept_back",
        "_open_now",
        "(session): return session.get('opened', {})",
        KEPT_BACK,
    ),
    "whoever was an auditor reads on": (
        "scrutiny.kept_back",
        "_with_opened",
        "(user, session): user.grants = [*grants_of(user), *(Grant(OPENINGS[w].role) for w in _open_now(session))];"
        " return user",
        KEPT_BACK,
    ),
    "nobody's reading is kept": ("reviews.viewed", "viewed", "(request, case): return None", KEPT_BACK),
    "drafts are seen": ("scrutiny.models.meetings", "MeetingQuerySet.visible_to", ALL, EVERYBODY),
    "exempt items are seen": (
        "scrutiny.models.meetings",
        "visible_items",
        "(user, path=''): return Q(**{f'{path}meeting__in': Meeting.objects.visible_to(user)})",
        EXEMPT,
    ),
    "attendance is seen": ("scrutiny.models.meetings", "AttendanceQuerySet.visible_to", ALL, EXEMPT),
    "rows of the minutes are seen": (
        "scrutiny.models.meetings",
        "PartOfMeetingQuerySet.visible_to",
        ALL,
        EVERYBODY,
    ),
    "what hung on something hidden is told": (
        "scrutiny.overview.trails",
        "hung_on_hidden",
        "(row, user): return False",
        EXEMPT,
    ),
    "reports are seen": ("reviews.models.reports", "ReportQuerySet.visible_to", ALL, EVERYBODY),
    "papers of reports are seen": ("reviews.models.reports", "PaperQuerySet.visible_to", ALL, EXEMPT),
    "cases are seen": (
        "reviews.models.cases",
        "visible_cases",
        "(user, path=''): return ~NOWHERE",
        KEPT_BACK,
    ),
    "working notes are seen": (
        "reviews.models.cases",
        "WorkingQuerySet.visible_to",
        ALL,
        ["tests/reviews/test_case_views.py"],
    ),
    "learning is seen": ("reviews.models.learning", "LearningPointQuerySet.visible_to", ALL, LEARNING),
    "actions are seen": (
        "actions.models.asks",
        "visible_actions",
        "(user, path=''): return ~NOWHERE",
        EVERYBODY,
    ),
    "elements are seen": (
        "actions.models.asks",
        "visible_elements",
        "(user, path=''): return ~NOWHERE",
        EVERYBODY,
    ),
    "answers are seen": ("actions.models.progress", "AnswerQuerySet.visible_to", ALL, EXEMPT),
    "judgements are seen": ("actions.models.progress", "JudgementQuerySet.visible_to", ALL, EXEMPT),
    "programme items are seen": ("actions.models.programme", "ProgrammeItemQuerySet.visible_to", ALL, EXEMPT),
    "entries of the search are seen": ("scrutiny.models.search", "EntryQuerySet.visible_to", ALL, SEARCH),
    "guards of the search open to everybody": (
        "scrutiny.models.search",
        "Guard.opens",
        "(self, user): return Q(guard=self.name)",
        SEARCH,
    ),
    "who holds which role is seen": (
        "scrutiny.models.accounts",
        "RoleAssignmentQuerySet.visible_to",
        ALL,
        ["tests/scrutiny/test_who.py", "tests/test_access.py"],
    ),
}
SURVIVORS = {  # second layers: what stands before them turns away the same people
    "who holds which role is seen": "The page asks for `review_access` before its list is read.",
}


class Mutants:
    """A plugin: instead of running the tests once, it runs those of each mutant until one fails."""

    def __init__(self, names):
        self.names, self.survived = names, []

    @pytest.hookimpl
    def pytest_runtestloop(self, session):
        import_module(settings.ROOT_URLCONF)
        self.caches = caches()
        for name in self.names:
            module, path, new, tests = MUTANTS[name]
            items = [item for item in session.items if item.nodeid.startswith(tuple(tests))]
            killer = self._killer(session, items, module, path, new)
            print(f"{f'killed by {killer}' if killer else 'survived'}: {name}", flush=True)
            self.survived += [] if killer else [name]
        return True

    def _killer(self, session, items, module, path, new):
        for item in items:
            undo = mutate(module, path, new)
            self._forget()
            failed = fails(item, session)
            undo()
            self._forget()
            if failed and not fails(item, session):
                return item.name
        return ""

    def _forget(self):
        """What a rule says is kept for all who hold the same, with the mutant as without it."""
        for cache in self.caches:
            cache.cache_clear()


def caches():
    """All of the product that may be forgotten: classes of histories are made once, and must stay the same."""
    found = (each for each in gc.get_objects() if isinstance(each, _lru_cache_wrapper))
    return [each for each in found if _may_be_forgotten(each.__wrapped__)]


def _may_be_forgotten(function):
    while isinstance(function, partial):
        function = function.func
    home = getattr(function, "__module__", None) or ""
    return home.startswith(PRODUCT) and home != "scrutiny.toolkit.history"


def fails(item, session):
    """Runs one test, again if need be. All is taken down after it but what belongs to the whole session."""
    item._initrequest()
    return any(report.failed for report in runtestprotocol(item, nextitem=session, log=False))


def mutate(module, path, new):
    """Changes a function; what is given back undoes it."""
    home = import_module(module)
    *above, name = path.split(".")
    made = {}
    exec(f"def {name}{new}", vars(home), made)
    if above:
        owner = getattr(home, above[0])
        before = vars(owner)[name]
        setattr(owner, name, made[name])
        return lambda: setattr(owner, name, before)
    function = unwrap(getattr(home, name))
    before, function.__code__ = function.__code__, made[name].__code__
    return lambda: setattr(function, "__code__", before)


def main(names):
    mutants = Mutants(names or list(MUTANTS))
    files = sorted({test for name in mutants.names for test in MUTANTS[name][-1]})
    options = [
        "-q",
        "--nomigrations",
        "-m",
        "not slow and not verify",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
    ]
    status = pytest.main([*options, *files], plugins=[mutants])
    if status != pytest.ExitCode.OK:
        print(f"Broke off: {status!r}")
        return 1
    unexplained = [name for name in mutants.survived if name not in SURVIVORS]
    print(f"{len(mutants.names)} mutants: {len(mutants.names) - len(mutants.survived)} killed")
    for name in mutants.survived:
        print(f"survived: {name}. {SURVIVORS.get(name, 'Not explained')}")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
