"""Builds the demonstration council, day by day and in order, through the same doors as the officers use."""

from django.db import transaction

from scrutiny.models import Organisation
from scrutiny.seals import seal_all

from .casework import Casework
from .chasing import Chasing
from .clock import running_clock
from .followup import FollowUp
from .ledger import Ledger
from .meetings import Meetings
from .papers import Papers
from .people import COUNCIL
from .planning import Planning
from .rounds import Rounds
from .setting import Setting


def is_loaded():
    return Organisation.objects.filter(name=COUNCIL, boards__isnull=False).exists()


@transaction.atomic
def load(today):
    """Builds the council as it stands on `today`, into a database without boards."""
    with running_clock() as clock:
        book = Ledger(today, clock)
        for day, step in sorted(_steps(book), key=lambda pair: pair[0]):
            book.go_to(day)
            step()
    list(seal_all())


def _steps(book):
    """(day, what was entered on it). What falls on one day stays in this order."""
    follow_up = FollowUp(book)
    yield from Setting(book).steps()
    yield from Meetings(book, follow_up.at_meeting).steps()
    yield from follow_up.steps()
    yield from Planning(book).steps()
    yield from Casework(book).steps()
    yield from Rounds(book).steps()
    yield from Chasing(book).steps()
    yield from Papers(book).steps()
