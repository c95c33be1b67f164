"""The invented council whose boards ask so much: few records, made through the ordinary door with their history."""

from datetime import date, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from reviews.models import ReviewCase, Stage
from reviews.services.cases import open_case
from scrutiny.models import (
    Board,
    BoardMembership,
    Meeting,
    MunicipalYear,
    Organisation,
    Person,
    Post,
    PostHolding,
    RoleAssignment,
    TrackingScheme,
    User,
)
from scrutiny.overview.bench import words
from scrutiny.toolkit.history import record

COUNCIL = "Benchford, a council made up for measuring"
SCHEME = "Six categories"
BOARDS = 12
YEARS = 10
MEMBERS = 10
ACCOUNTS = {  # user name: role
    "bench-officer": "officer",
    "bench-member": "member",
    "bench-contributor": "contributor",
    "bench-administrator": "administrator",
}
PAPER_BOARD = "TR"  # its tracker report has always the same number of rows


class NotForBench(Exception):
    """The database holds records of its own; the message says what to do."""


def check_empty():
    """Measuring data goes into an empty database, or to more of its kind. Never beside records of a council."""
    if Organisation.objects.filter(name=COUNCIL).exists():
        return
    real = (Board, Meeting, Person, Organisation, User, ReviewCase)
    found = [str(model._meta.verbose_name_plural) for model in real if model.objects.exists()]
    if found:
        raise NotForBench(
            f"This database holds {', '.join(found)} of its own. Measuring data goes only into an empty one: "
            "set DATABASE_URL, or DATA_DIR, to a new place."
        )


@transaction.atomic
def set_up(today):
    """The council as it stands before anything is asked; found again if it was set up before."""
    if not Organisation.objects.filter(name=COUNCIL).exists():
        _make(today)
    return Organisation.objects.get(name=COUNCIL)


def _make(today):
    users = {name: _user(name) for name in ACCOUNTS}
    by, start = users["bench-officer"], date(today.year - YEARS, 1, 1)
    council = record(Organisation(name=COUNCIL, kind="council"), by=by)
    bodies = list(_bodies(by, start))
    for name, role in ACCOUNTS.items():
        body = bodies[0] if role == "contributor" else None
        record(RoleAssignment(user=users[name], role=role, organisation=body, start=start), by=by)
    for number in range(BOARDS):
        _board(council, f"Scrutiny Board {number + 1}", f"B{number + 1}", start, by)
    _board(council, "Scrutiny Board with a long tracker report", PAPER_BOARD, start, by)
    for first in range(today.year - YEARS, today.year + 1):
        _year(first, by)
    for number in range(1, 6):
        day = today - timedelta(days=40 * number)
        case = ReviewCase(reference=f"BENCH-{day.year}-{number:02}", kind="rapid_review")
        open_case(case, Stage(code="referred", on=day), by=by)


def _user(name):
    return record(User(username=name, first_name=name.title(), password=make_password(None)), by=None)


def _bodies(by, start):
    for place in words.PLACES:
        for name in words.BODIES:
            body = record(Organisation(name=f"{place} {name}", kind="other"), by=by)
            post = record(Post(organisation=body, title="Director"), by=by)
            person = record(Person(name=f"{words.GIVEN_NAMES[len(name) % 12]} {place.split()[-1]}"), by=by)
            record(PostHolding(post=post, person=person, start=start), by=by)
            yield body


def _board(council, name, code, start, by):
    scheme = TrackingScheme.objects.get(name=SCHEME)
    board = record(Board(name=name, code=code, council=council, tracking_scheme=scheme), by=by)
    for number in range(MEMBERS):
        given = words.GIVEN_NAMES[(number + len(name)) % len(words.GIVEN_NAMES)]
        person = Person(style="Councillor", name=f"{given} {words.SURNAMES[number]} of {code}")
        role = "member" if number else "chair"
        record(
            BoardMembership(board=board, person=record(person, by=by), role=role, start=start),
            by=by,
        )


def _year(first, by):
    """From the middle of May, as councils have it."""
    year = MunicipalYear(
        label=f"{first}/{(first + 1) % 100:02}", start=date(first, 5, 15), end=date(first + 1, 5, 14)
    )
    record(year, by=by)
