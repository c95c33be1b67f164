"""The steps of the work programme. Each is stored together with its history, by somebody."""

from django.core.exceptions import ValidationError
from django.db import transaction

from actions.models import Action, ProgrammeItem
from actions.services import change_due_window
from scrutiny.toolkit.history import record

State = ProgrammeItem.State


@transaction.atomic
def place(action, meeting, *, by):
    """Plans the action for a meeting of its board. Safe to repeat; an item that has a meeting is deferred instead."""
    Action.objects.select_for_update().get(pk=action.pk)
    item = ProgrammeItem.objects.to_come().filter(action=action).first()
    item = item or ProgrammeItem(
        board=action.board, action=action, title=action.title, kind=ProgrammeItem.Kind.TRACKING
    )
    if item.meeting_id == meeting.pk:
        return item
    if item.meeting_id:
        raise ValidationError(f"It is planned for {item.meeting.date:%-d %B %Y} already. Defer it there.")
    item.meeting = meeting
    return record(item, by=by, reason=f"Planned for {meeting.date:%-d %B %Y}")


@transaction.atomic
def defer(item, *, meeting, why, by):
    """Moves an item to another meeting, or to none yet. Where it stood before stays on it, with the reason."""
    now = _to_come(item)
    if meeting and meeting.pk == now.meeting_id:
        raise ValidationError("It stands at this meeting already. Choose another one.")
    now.deferred_from, now.meeting = now.meeting or now.deferred_from, meeting
    now.state, now.why = State.DEFERRED, why
    return record(now, by=by, reason=why)


@transaction.atomic
def drop(item, *, why, by):
    now = _to_come(item)
    now.state, now.why = State.DROPPED, why
    return record(now, by=by, reason=why)


@transaction.atomic
def take(item, *, on, by):
    """Says that the meeting took the item, once it was held."""
    now = _to_come(item)
    if now.meeting is None or now.meeting.date > on:
        raise ValidationError("An item is taken at a meeting that was held.")
    now.state = State.TAKEN
    return record(now, by=by, reason=f"Taken on {now.meeting.date:%-d %B %Y}")


def resolve_to_meeting(action, meeting, *, by):
    """Takes "the next meeting" in the minutes' words as this one (Q-4). The words stay as they are."""
    if action.due_from or action.due_to:
        raise ValidationError("This action has a date already. Change its due window instead.")
    if meeting.board_id != action.board_id:
        raise ValidationError("Select a meeting of the board that follows this action.")
    return change_due_window(
        action,
        words=action.due_words,
        due_from=meeting.date,
        due_to=meeting.date,
        reason=f"“{action.due_words}” is the meeting of {meeting.date:%-d %B %Y}",
        agreed_by="",
        by=by,
    )


def _to_come(item):
    """The item read again under a lock: it may have been taken or dropped meanwhile."""
    now = ProgrammeItem.objects.select_for_update().order_by().get(pk=item.pk)
    if not now.is_to_come:
        raise ValidationError(f"This item is {now.get_state_display().lower()} already.")
    return now
