"""The demonstration's data errors: one put right, one waiting for a second person, one just reported, and a hold."""

from actions.models import ProgressUpdate
from scrutiny.governance import disposal, problems, redaction
from scrutiny.models import Board, User
from scrutiny.toolkit.history import record

MADE_UP = [  # nobody of these names lives anywhere
    ("We were helped by the Tolliver-Finch family of Quay Street.", "Tolliver-Finch family of Quay Street"),
    ("Mr Barnabas Quirke rang the office about it twice.", "Mr Barnabas Quirke"),
]


def load():
    """After the council itself is there."""
    olivia, mary, grace = (User.objects.get(username=name) for name in ("olivia", "mary", "grace"))
    first, second, third = ProgressUpdate.objects.order_by("-received_on", "-pk")[:3]
    done = _asked(first, *MADE_UP[0], category="child", by=olivia)
    redaction.approve(done, by=grace)
    _asked(second, *MADE_UP[1], category="person", by=olivia)
    problems.report(
        third, noun="progress-update", why="The last sentence may tell who the family is.", by=mary
    )
    disposal.hold(
        reason="The coroner asked on 2 March not to destroy anything about hospital discharge.",
        board=Board.objects.get(code="AH"),
        by=grace,
    )


def _asked(update, sentence, words, *, category, by):
    update.text = f"{update.text} {sentence}"
    record(update, by=by, reason="Added from the owner’s e-mail")
    return redaction.ask(
        words,
        category=category,
        reason="An update named somebody; the owner told us on the telephone.",
        by=by,
        noun="progress-update",
        key=update.pk,
    )
