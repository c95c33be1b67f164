"""What happens to actions. Each function is one step, stored together with its history, by somebody."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from actions.models import Action, Answer, DueRevision, Element, ElementLearning, Judgement
from actions.standing import refresh, refresh_action
from scrutiny.models import Board
from scrutiny.toolkit.careful import sentences
from scrutiny.toolkit.history import record, remove


def next_number(board, year):
    """The next number of what a board asked in a year. Locks the board, so that no two are the same; rows that only
    point to it, as each tally does, need not wait.

    What went over to another board still counts, and what came from another does not.
    """
    Board.objects.select_for_update(no_key=True).get(pk=board.pk)
    asked = Action.objects.filter(resolution__item__meeting__board=board, year=year)
    last = asked.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@transaction.atomic
def open_action(action, elements, *, by, reason=""):
    """Gives `action`, made for a resolution, its board, year and reference, and saves it with its elements.

    An action always has at least one element, so that progress has one home: without any, the words of the
    resolution are its only element.
    """
    meeting = action.resolution.minutes_of
    action.board, action.year = meeting.board, meeting.year
    action.number = next_number(action.board, action.year)
    action.reference = f"SB-{action.board.code} {action.year.short}-{action.number:02}"
    record(action, by=by, reason=reason)
    for number, element in enumerate(elements or [Element(text=action.resolution.text)], start=1):
        element.action, element.number = action, number
        record(element, by=by, reason=reason)
    return action


@transaction.atomic
def add_element(action, element, *, by, reason=""):
    action = Action.objects.select_for_update().get(pk=action.pk)
    last = action.elements.aggregate(last=Max("number"))["last"] or 0
    element.action, element.number = action, last + 1
    record(element, by=by, reason=reason)
    refresh_action(action, by=by, reason=f"{element} was added")
    return element


@transaction.atomic(savepoint=False)
def record_progress(update, evidence, *, by, decision=""):
    """Saves an update, the pieces of evidence that came with it, and how the element stands now.

    `decision` says why words that may identify a child were kept, if there are any.
    """
    update.recorded_by = by
    record(update, by=by, reason=sentences(update.source, decision))
    for piece in evidence:
        piece.update = update
        _record_evidence(piece, by=by)
    refresh(update.element, by=by, reason=f"Update received on {update.received_on:%-d %B %Y}")
    return update


@transaction.atomic(savepoint=False)
def add_evidence(piece, *, by):
    _record_evidence(piece, by=by)
    refresh(piece.update.element, by=by, reason=f"Evidence: {piece.title}")


def _record_evidence(piece, *, by):
    """The name a file came with is kept beside the random one it is stored under."""
    piece.file_name = piece.file.name if piece.file else ""
    record(piece, by=by, reason=piece.update.source)


@transaction.atomic
def record_answers(report, answers, withdrawn=(), *, by):
    """Saves how `report` covers elements: each answer is new, or changes what was recorded for this report."""
    for answer in answers:
        answer.report = report
        record(answer, by=by, reason=f"Covered by {report}")
    _withdraw(withdrawn, by=by, reason=f"Taken back: {report} was recorded by mistake")
    for answer in (*answers, *withdrawn):
        refresh(answer.element, by=by, reason=f"Answer in {report}")


@transaction.atomic
def judge(item, judgements, withdrawn=(), *, by):
    """Saves the Board's judgements under one agenda item, several elements in one sitting."""
    for judgement in judgements:
        judgement.item = item
        record(judgement, by=by, reason=f"Judged at {item.meeting}")
    _withdraw(withdrawn, by=by, reason=f"Taken back: recorded at {item.meeting} by mistake")
    for judgement in (*judgements, *withdrawn):
        refresh(judgement.element, by=by, reason=f"Judged at {item.meeting}")


def _withdraw(rows, *, by, reason):
    for row in rows:
        remove(type(row).objects.get(pk=row.pk), by=by, reason=reason)


@transaction.atomic
def change_due_window(action, *, words, due_from, due_to, reason, agreed_by, by):
    """Moves the window; the one before stays readable with the reason (I-12)."""
    now = Action.objects.select_for_update().get(pk=action.pk)
    record(
        DueRevision(
            action=now,
            old_words=now.due_words,
            old_from=now.due_from,
            old_to=now.due_to,
            reason=reason,
            agreed_by=agreed_by,
            changed_on=timezone.localdate(),
        ),
        by=by,
        reason=reason,
    )
    now.due_words, now.due_from, now.due_to = words, due_from, due_to
    return record(now, by=by, reason=reason)


@transaction.atomic
def change_condition(element, *, state, check_on, reason, by):
    action = Action.objects.select_for_update().get(pk=element.action_id)
    now = Element.objects.select_for_update().get(pk=element.pk)
    now.condition_state, now.check_condition_on = state, check_on
    record(now, by=by, reason=reason)
    refresh_action(action, by=by, reason=reason)


@transaction.atomic
def lift_late(element, *, until, because, by):
    """Says of an element that it is not late, up to a day; the window stays as it was agreed."""
    return _set_late(element, until, because, by=by, reason=because)


@transaction.atomic
def count_late_again(element, *, reason, by):
    return _set_late(element, None, "", by=by, reason=reason)


def _set_late(element, until, because, *, by, reason):
    now = Element.objects.select_for_update().get(pk=element.pk)
    now.not_late_until, now.not_late_because = until, because
    return record(now, by=by, reason=reason)


@transaction.atomic
def link_learning(element, *, add=(), take_away=(), by):
    """Puts learning points behind an element, and takes others away; what somebody else linked stays."""
    Element.objects.select_for_update().get(pk=element.pk)
    held = {link.learning_id: link for link in element.learning_links.all()}
    for point in add:
        if point.pk not in held:
            record(ElementLearning(element=element, learning=point), by=by)
    for point in take_away:
        if point.pk in held:
            remove(held[point.pk], by=by)


def answers_of(report, elements):
    """For each element its answer in `report`, new where there is none yet."""
    return _one_each(Answer.objects.filter(report=report), elements, lambda: Answer(report=report))


def judgements_under(item, elements):
    """For each element its judgement under `item`, new where there is none yet."""
    return _one_each(Judgement.objects.filter(item=item), elements, lambda: Judgement(item=item))


def _one_each(known, elements, new):
    """The row of each element among `known`, or a new one; each with the very element that was given."""
    known = {row.element_id: row for row in known.filter(element__in=elements)}
    rows = [known.get(element.pk) or new() for element in elements]
    for row, element in zip(rows, elements, strict=True):
        row.element = element
    return rows
