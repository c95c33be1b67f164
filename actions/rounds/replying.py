"""What addressees do with a request: write, save a draft, attach, send."""

from dataclasses import dataclass, field

from django.db import transaction

from actions.models import Reply, UpdateRequest
from scrutiny.toolkit.careful import sentences
from scrutiny.toolkit.history import record, remove

BY_LINK = "Written through the link by"


@dataclass(frozen=True)
class Written:
    """A reply with what was typed into it, evidence that is new, and evidence to be taken away."""

    reply: Reply
    pieces: list = field(default_factory=list)
    taken_away: list = field(default_factory=list)
    decision: str = ""


@transaction.atomic
def save_draft(rows, *, reported_by, by):
    """Keeps what was written. Officers see that there is a draft, not what it says."""
    for row in rows:
        _keep_evidence(row, reported_by, by)
        row.reply.state = Reply.State.DRAFT if _is_begun(row.reply) else Reply.State.NOT_STARTED
        row.reply.sent_at = None
        _keep(row, reported_by, by)


@transaction.atomic
def send(rows, *, reported_by, by, now):
    """Sends what was written to the officers, who look at it before it is in the record."""
    for row in rows:
        _keep_evidence(row, reported_by, by)
        row.reply.state, row.reply.sent_at = Reply.State.SUBMITTED, now
        _keep(row, reported_by, by)


def _is_begun(reply):
    return bool(reply.text or reply.owner_progress or reply.evidence.exists())


def _keep(row, reported_by, by):
    row.reply.reported_by = reported_by
    record(row.reply, by=by, reason=sentences(_through(reported_by, by), row.decision))


def _keep_evidence(row, reported_by, by):
    for piece in row.taken_away:
        remove(piece, by=by, reason=_through(reported_by, by))
    for piece in row.pieces:
        piece.reply = row.reply
        piece.file_name = piece.file.name if piece.file else ""
        record(piece, by=by, reason=_through(reported_by, by))


def _through(reported_by, by):
    """Nobody has an account through the link, so the history keeps the name that was given."""
    return "" if by else f"{BY_LINK} {reported_by or 'somebody who gave no name yet'}"


def locked(request):
    """Holds the request, so that of two who send at once the second one sees what the first one saved."""
    UpdateRequest.objects.select_for_update().get(pk=request.pk)
