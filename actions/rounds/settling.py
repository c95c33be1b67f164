"""What officers do with a reply: accept it into the record, ask back, or enter what came another way."""

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction

from actions.models import Evidence, Reply
from actions.rounds import asking, letters
from actions.services import record_progress
from scrutiny.toolkit.history import record

NOT_SENT = "This was taken back to be changed, or settled by somebody else. Go back to see how it stands."
SETTLED = "This was settled by somebody else meanwhile. Go back to see how it stands."


@transaction.atomic
def accept(reply, update, evidence, *, by, decision=""):
    """What was sent becomes an update of the record. The reply keeps it as it was sent."""
    row = _locked(reply)
    if not row.is_to_look_at:
        raise ValidationError(NOT_SENT)
    return _settle(row, update, evidence, by=by, decision=decision)


@transaction.atomic
def enter_for_them(reply, update, evidence, *, by, decision=""):
    """What came another way, such as by e-mail, goes into the record and settles the reply (P-5)."""
    row = _locked(reply)
    if row.is_settled:
        raise ValidationError(SETTLED)
    return _settle(row, update, evidence, by=by, decision=decision)


def _settle(reply, update, evidence, *, by, decision):
    record_progress(update, evidence, by=by, decision=decision)
    reply.update, reply.state = update, Reply.State.ACCEPTED
    return record(reply, by=by, reason=update.source)


@transaction.atomic
def ask_back(reply, question, *, by, on):
    """Sends a question about what was written, with the same link, or a new one where that is dead."""
    row = _locked(reply)
    if not row.is_to_look_at:
        raise ValidationError(NOT_SENT)
    row.state, row.question = Reply.State.ASKED_BACK, question
    record(row, by=by, reason=question)
    row.element, row.request = reply.element, asking.usable(reply.request, by=by, on=on)
    letters.ask_back(row)
    return row


def _locked(reply):
    return Reply.objects.select_for_update().get(pk=reply.pk)


def graded(piece, grade):
    """A piece of evidence for the record, from one that was sent: a copy, so that neither changes the other."""
    found = Evidence(title=piece.title, link=piece.link, grade=grade)
    if piece.file:
        found.file = File(piece.file.open(), name=piece.file_name)
    return found
