"""Which step of following up is due next. Worked out from facts and the day, never stored.

What is followed up is an action's *asking*: its elements that share one window and are still unanswered.

- An element is left out while it is closed, lapsed, waiting for its condition, or lifted from being late; while an
  answer awaits the Board's judgement; and where a report answered it in this window, whatever the Board judged then:
  the Board asks again by a new window.
- The owner's word is no answer. It only makes the reminder needless, once there is a word on every element since the
  window began: they know, and are at it.
- A step that was taken for a window, or a higher one, is not prompted for that window again. A new window starts the
  ladder anew.
- A reminder is needless as soon as a higher step is due. The other steps are taken in turn, each no sooner after the
  one before it than the ladder has between them: whoever was chased late has the same time to answer.
- What minutes that are not published ask is not followed up: those who were asked cannot read it yet.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, Subquery

from actions.models import Action, Chase, Element, LadderStep
from actions.models.asks import TO_COME
from scrutiny.models.meetings import PUBLISHED
from scrutiny.toolkit.kept import IsGiven, kept_for_each

Kind, From = LadderStep.Kind, LadderStep.From

CALLED = {
    Kind.REMINDER: "the reminder",
    Kind.OFFICER_CHASE: "the officer's chase",
    Kind.CHAIR_LETTER: "the Chair's letter",
    Kind.CHIEF_EXECUTIVE: "the letter to the chief executive",
    Kind.INVITED: "the invitation to attend",
    Kind.PUBLIC_NOTE: "the note in the public report",
}
MOST_COUNTED = 30  # actions: what nobody gets through in a day
LINKS = ("board", "year", "addressee", "post__organisation", "resolution__item__meeting")


class Window(NamedTuple):
    start: date | None
    end: date | None


class Taken(NamedTuple):
    kind: str
    on: date


def next_step(ladder, window, taken, owner_has_spoken, on):
    """(step, the day from which it is due), due already or not; None where there is nothing left to do.

    ladder   LadderSteps in any order; taken   what was done for this very window, as `Taken`
    """
    reached = max((LadderStep.RANK[each.kind] for each in taken), default=-1)
    steps = sorted(ladder, key=lambda step: step.rank)
    left = [(s, day) for s in steps if s.rank > reached and (day := _day(s, window, steps, taken))]
    for position, (step, day) in enumerate(left):
        if step.kind != Kind.REMINDER:
            return step, day
        is_overtaken = any(later <= on for _, later in left[position + 1 :])
        if not (owner_has_spoken or is_overtaken):
            return step, day
    return None


def _day(step, window, steps, taken):
    """The day from which a step is due; None where the window has no such end."""
    planned = _shifted(window.start if step.counts_from == From.START else window.end, step.days)
    if planned is None or not taken:
        return planned
    before = [(s, each.on) for s in steps for each in taken if s.kind == each.kind and s.rank < step.rank]
    alike = [(on, s.days) for s, on in before if s.counts_from == step.counts_from]
    if not alike:
        return planned
    last_on, last_days = max(alike)
    return max(planned, _shifted(last_on, step.days - last_days) or planned)


def _shifted(day, days):
    """None for no day, and for one beyond the calendar."""
    try:
        return day and day + timedelta(days=days)
    except OverflowError:
        return None


@dataclass(frozen=True)
class Asking:
    """What an action asks within one window and nobody has answered, and the step that comes next.

    step, day   the next step and from when it is due; None where there is none left or no date to count from
    taken       the steps taken for this window, as `Chase`
    """

    action: Action
    window: Window
    elements: list
    taken: list
    step: LadderStep | None
    day: date | None
    on: date

    @property
    def is_due(self):
        return self.step is not None and self.day <= self.on

    @property
    def first(self):
        """The number by which a page knows it: that of its first element."""
        return self.elements[0].number

    @property
    def what(self):
        """element 2; 3 elements"""
        return f"element {self.first}" if len(self.elements) == 1 else f"{len(self.elements)} elements"

    @property
    def sentence(self):
        if self.step is None:
            return self._nothing_left
        step = CALLED[self.step.kind]
        if not self.is_due:
            return f"{step[0].upper()}{step[1:]} comes on {said(self.day)}, if nothing answers {self.what} before."
        since = "is due today" if self.day == self.on else f"is due since {said(self.day)}"
        return f"{self._where_the_window_stands} nothing has answered {self.what}: {step} {since}."

    @property
    def _where_the_window_stands(self):
        start, end = self.window
        if end and end < self.on:
            return f"The window ended on {said(end)} and"
        if start and start <= self.on:
            return f"The window began on {said(start)} and"
        return f"The window begins on {said(start)} and" if start else f"The window ends on {said(end)} and"

    @property
    def _nothing_left(self):
        if not any(self.window):
            return f"No date is known for {self.what}, so no step is due. Set a due window to have them followed up."
        if self.taken:
            return f"Nothing has answered {self.what}, and no step of the ladder is left for this window."
        return f"No step of the ladder is due for {self.what}."


def said(day):
    return f"{day:%-d %B %Y}"


def askings(actions, on):
    """{key of an action: its Askings, the earliest window first}, with as many queries for three actions as for 300."""
    chases = Chase.objects.filter(action__in=actions).select_related("message")
    elements = Element.objects.filter(action__in=actions, action__closed_on=None)
    asked = _asked(elements, on).select_related(*(f"action__{link}" for link in LINKS))
    return _grouped(asked.order_by("action", "number"), chases, on)


def askings_on_page(action, on):
    """The Askings of one action whose `elements`, with their timing, and `chases` its page has fetched already."""
    if action.closed_on or action.resolution.item.meeting.minutes_state not in PUBLISHED:
        return []
    asked = [element for element in action.elements.all() if _is_asked(element, on)]
    return _grouped(asked, action.chases.all(), on)[action.pk]


def _grouped(asked, chases, on):
    ladders, taken = _ladders(), _by_asking(chases)
    groups = defaultdict(list)
    for element in asked:
        window = Window(element.window_from, element.window_to)
        if not _is_answered(element):
            groups[element.action_id, window].append(element)
    found = defaultdict(list)
    for (key, window), elements in sorted(groups.items(), key=_by_window):
        action = elements[0].action
        ladder = ladders.get(action.board_id) or ladders.get(None, [])
        steps = taken[key, window]
        spoken = _has_spoken(elements, window)
        following = next_step(ladder, window, [Taken(step.kind, step.on) for step in steps], spoken, on)
        found[key].append(Asking(action, window, elements, steps, *(following or (None, None)), on))
    return found


def asking_of(action, on, number=None):
    """What an action asks within one window: that of the element of this number, else the earliest, None without."""
    found = askings(Action.objects.filter(pk=action.pk), on)[action.pk]
    named = [asking for asking in found if number in [element.number for element in asking.elements]]
    return next(iter(named or found), None)


def due(actions, on):
    """The Askings of which a step is due."""
    return [asking for of_action in askings(actions, on).values() for asking in of_action if asking.is_due]


def count_due(actions, on, most=MOST_COUNTED):
    """(the number of actions of which a step is due, whether there may be more): `due` on values alone, and among
    no more than twice `most` actions for which a step has come near, the earliest window first. A council that has
    fewer sees the exact number."""
    ladders, known, found = _ladders(), {}, set()
    earliest = F("due_to").asc(nulls_last=True)
    near = _near_a_step(actions.open(), ladders, on).order_by(earliest, "pk")
    keys = list(near.values_list("pk", flat=True)[: 2 * most])
    if not keys:
        return 0, False
    taken = _taken_values(keys)
    groups = {}
    for row in _asked_values(on, given=keys):
        key, board, start, end, answered, word = row.values()
        if answered and start and answered >= start:
            continue
        began = start or end
        spoken = bool(began and word and word >= began)
        group = key, board, Window(start, end)
        groups[group] = groups.get(group, True) and spoken
    for (key, board, window), spoken in groups.items():
        steps = tuple(taken[key, window])
        question = board, window, steps, spoken
        if question not in known:
            ladder = ladders.get(board) or ladders.get(None, [])
            following = next_step(ladder, window, steps, spoken, on)
            known[question] = following is not None and following[1] <= on
        if known[question]:
            found.add(key)
    return min(len(found), most), len(found) > most or len(keys) == 2 * most


def _near_a_step(actions, ladders, on):
    """Those with an element that is asked still, and whose window begins or ends so that any board's first step might
    be due. One such element is enough, looked for row by row in the order of the list.
    """
    first = min((step.days for steps in ladders.values() for step in steps), default=0)
    day = _shifted(on, -first) or date.max
    reached = Q(window_from__lte=day) | Q(window_to__lte=day)
    elements = Element.objects.filter(reached, action=OuterRef("pk")).to_come().order_by()
    return actions.alias(near=Subquery(elements.values("pk")[:1])).filter(near__isnull=False)


@kept_for_each(Element)
def _asked_values(on):
    elements = _asked(Element.objects.filter(IsGiven("action")), on).order_by()
    return elements.values("action", "board", "window_from", "window_to", "answered_on", "last_word_on")


def _taken_values(keys):
    found = defaultdict(list)
    for row in _chase_values(given=keys):
        key, start, end, kind, on = row.values()
        found[key, Window(start, end)].append(Taken(kind, on))
    return found


@kept_for_each(Chase)
def _chase_values():
    chases = Chase.objects.filter(IsGiven("action")).order_by()
    return chases.values("action", "due_from", "due_to", "kind", "on")


def _ladders():
    found = defaultdict(list)
    for step in LadderStep.objects.order_by():
        found[step.board_id].append(step)
    return found


def _by_asking(chases):
    found = defaultdict(list)
    for chase in chases:
        found[chase.action_id, Window(chase.due_from, chase.due_to)].append(chase)
    return found


def _asked(elements, on):
    """Those of open actions that are followed up."""
    return elements.exclude(not_late_until__gte=on).published().to_come()


def _is_asked(element, on):
    """What `_asked` asks of the database, of an element with its timing."""
    lifted = element.not_late_until and element.not_late_until >= on
    return element.timing in TO_COME and not lifted


def _is_answered(element):
    """By a report since the window began; one that awaits judgement is not among those asked."""
    began, answered = element.window_from, element.answered_on
    return bool(answered and began and answered >= began)


def _has_spoken(elements, window):
    began = window.start or window.end
    return bool(began) and all(e.last_word_on and e.last_word_on >= began for e in elements)


def _by_window(group):
    (key, window), elements = group
    return window.end or date.max, window.start or date.max, key, elements[0].number
