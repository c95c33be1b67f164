"""The steps that the site takes by itself, and those an officer has it write: one message to each contact a day.

A message and the record of the steps it takes are written in one transaction, under a lock on the body that was
asked. So a step is written once, by however many processes, and whenever they die. Sending is the outbox's.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction

from actions import outbox
from actions.chasing.askings import Kind, due, said
from actions.models import Action, Chase, LadderStep, Message
from scrutiny.models import Organisation
from scrutiny.models.people import contact_of
from scrutiny.toolkit.history import record, remove
from scrutiny.toolkit.links import absolute

SUBJECTS = {
    Kind.REMINDER: "Due now: what {board} asked of you",
    Kind.OFFICER_CHASE: "Overdue: what {board} asked of you",
}
OPENINGS = {
    Kind.REMINDER: "The window in which {board} asked for an answer has begun.",
    Kind.OFFICER_CHASE: "{board} asked for an answer, the window has passed, and nothing has answered these yet.",
}


@dataclass
class Written:
    """What was written: the messages, and the names of those without an address, for an officer to see to."""

    messages: list = field(default_factory=list)
    without_address: list = field(default_factory=list)


def write_reminders(on):
    """Writes down every message step that is due on a day, and that it was taken. Returns `Written`."""
    written = Written()
    for organisation, posts in sorted(_contacts(on).items()):
        for post in sorted(posts):
            _write_to(organisation, post, on, written)
    return written


def _contacts(on):
    """{key of a body: keys of its posts, 0 for none} that something is due to be written to."""
    found = defaultdict(set)
    for asking in _by_message(due(Action.objects.open(), on)):
        found[asking.action.addressee_id].add(asking.action.post_id or 0)
    return found


def _by_message(askings):
    return [asking for asking in askings if asking.step.means == LadderStep.Means.MESSAGE]


@transaction.atomic
def _write_to(organisation, post, on, written):
    """What is due is worked out anew under the lock: another process may have written it meanwhile."""
    Organisation.objects.select_for_update().get(pk=organisation)
    actions = Action.objects.open().filter(addressee=organisation, post=post or None)
    askings = _by_message(due(actions, on))
    key = f"reminder:{organisation}:{post}:{on.isoformat()}"
    if not askings or Message.objects.filter(key=key).exists():
        return
    action = askings[0].action
    contact = contact_of(action.addressee, action.post, on)
    if not contact.email:
        written.without_address.append(contact.name)
        return
    message = _put(key, contact, askings)
    for asking in askings:
        record(chase_of(asking, asking.step.kind, on, message=message), by=None, reason="Sent by the site")
    written.messages.append(message)


def chase_of(asking, kind, on, **values):
    """A step taken for what is asked, not saved yet."""
    window = asking.window
    return Chase(action=asking.action, kind=kind, due_from=window.start, due_to=window.end, on=on, **values)


@transaction.atomic
def record_chase(chase, *, by, asking=None, contact=None):
    """Saves that an officer took a step; with `asking` and `contact` the site writes the message for them."""
    chase.done_by = by
    if contact:
        key = f"chase:{chase.action_id}:{chase.kind}:{chase.on.isoformat()}"
        chase.sent_to = contact.name
        chase.message = _put(key, contact, [asking], chase.kind)
    return record(chase, by=by, reason=chase.note)


@transaction.atomic
def take_back_chase(chase, *, reason, by):
    """A step recorded by mistake. What the site sent cannot be taken back."""
    remove(chase, by=by, reason=reason)


def _put(key, contact, askings, kind=None):
    """`kind` where an officer takes another step than the one that is due."""
    boards = list(dict.fromkeys(asking.action.board for asking in askings))
    kinds = [kind or asking.step.kind for asking in askings]
    board = boards[0] if len(boards) == 1 else None
    name = board.name if board else "scrutiny"
    text = reminder_text(contact, list(zip(kinds, askings, strict=True)))
    subject = SUBJECTS[max(kinds, key=LadderStep.RANK.get)].format(board=name)
    return outbox.put(key, to=contact, subject=subject, text=text, board=board)


def reminder_text(contact, steps):
    """The words of a message about `steps`, [(kind, asking)]: what was asked, word for word, and where to answer."""
    parts = [f"For {contact.name}"]
    parts += [paragraph for kind, asking in steps for paragraph in _about(kind, asking)]
    parts.append(
        "Please tell the scrutiny officer of the Board how each stands, and when the Board will have your report. "
        "If you have answered already, please say where, so that the record can be put right."
    )
    return "\n\n".join(parts) + "\n"


def _about(kind, asking):
    action = asking.action
    asked_on = said(action.resolution.item.meeting.date)
    yield f"{action.reference}: {action.title}"
    yield f"{OPENINGS[kind].format(board=action.board)} It was asked on {asked_on}. {window_words(asking)}"
    yield from (f"{element.number}. {element.text}" for element in asking.elements)
    yield f"In the record, for those with an account: {absolute(action.get_absolute_url())}"


def window_words(asking):
    """Due in September/October 2023 (1 September 2023 to 31 October 2023)."""
    start, end = asking.window
    dates = " to ".join(said(day) for day in (start, end) if day)
    own = (asking.action.due_from, asking.action.due_to) == (start, end)
    words = asking.action.due_words if own else asking.elements[0].due_words
    return f"Due {words} ({dates})." if words else f"Due {dates}."
