"""What needs somebody, and how each board's asks stand: counts, each with the list behind it."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.urls import reverse

from actions.chasing.askings import count_due
from actions.models import (
    Action,
    Element,
    Judgement,
    Message,
    MinutesImport,
    ProgressUpdate,
    Tally,
    Undertaking,
    UpdateRequest,
    UpdateRound,
)
from actions.models.asks import (
    COMING,
    REPORTED_COMPLETE,
    Timing,
    opens_or_ends_by,
    silent_on,
    to_check_on,
)
from reviews.models import LearningPoint, ReviewCase
from reviews.timekeeping import LATE, PRESSED, pressed_by
from scrutiny.models import Board, Meeting
from scrutiny.models.problems import HIDDEN
from scrutiny.toolkit.access import can
from scrutiny.toolkit.words import many

CHART_SERIES = [
    ("closed", "Closed by the Board"),
    ("answered", "Answered, to be judged"),
    ("in_time", "In time"),
    ("waiting", "Waiting for a condition"),
    ("late", "Late"),
]
MOVES_SHOWN = 50
ANSWERED = Count("pk", filter=Q(answered_on__isnull=False))
IN_TIME = (Timing.DUE_NOW, Timing.NOT_YET_DUE, Timing.NO_DATE)


def list_of(name, **query):
    """The address of a list, narrowed: `list_of("element-list", timing="late")`."""
    return f"{reverse(name)}?{urlencode({key: value for key, value in query.items() if value}, doseq=True)}"


@dataclass(frozen=True)
class Need:
    """One line of "What needs you": how many, of what, and the list behind the number."""

    count: int
    words: str
    url: str
    is_more: bool = False


@dataclass
class BoardStanding:
    """How the elements a board asked for stand today. `timings` is {Timing value: number of elements}.

    The numbers of what needs somebody are counted with them: the open elements are gone through once.
    """

    board: Board
    timings: dict = field(default_factory=dict)
    open_actions: int = 0
    answered: int = 0
    last_meeting: object = None
    next_meeting: object = None
    reported_complete: int = 0
    silent: int = 0
    to_check: int = 0
    due_by_next: int = 0

    @property
    def asked(self):
        return sum(self.timings.values())

    @property
    def late(self):
        return self.timings.get(Timing.LATE, 0)

    @property
    def closed(self):
        return self.timings.get(Timing.CLOSED, 0)

    @property
    def chart_counts(self):
        counts = {name: self.timings.get(name, 0) for name, _ in CHART_SERIES if name != "in_time"}
        counts["closed"] += self.timings.get(Timing.LAPSED, 0)
        return counts | {"in_time": sum(self.timings.get(timing, 0) for timing in IN_TIME)}


def with_meetings(boards, today):
    """Adds each board's `last_meeting` and `next_meeting`, by date: one to come is shown before its minutes exist."""
    days = Meeting.objects.filter(board=OuterRef("pk")).values("date")
    return boards.annotate(
        last_meeting=Subquery(days.filter(date__lte=today).order_by("-date")[:1]),
        next_meeting=Subquery(days.filter(date__gt=today).order_by("date")[:1]),
    )


def standings(user, today):
    """A `BoardStanding` for every board, with as many queries for three boards as for three hundred."""
    return _standings(with_meetings(Board.objects.visible_to(user), today), user, today)


def standing_of(board, user, today):
    """How one of `with_meetings` stands."""
    return _standings([board], user, today)[0]


def _standings(boards, user, today):
    found = {
        board.pk: BoardStanding(board, last_meeting=board.last_meeting, next_meeting=board.next_meeting)
        for board in boards
    }
    _add_settled(found, user)
    _add_open(found, Element.objects.visible_to(user).filter(board__in=found).order_by(), today)
    return list(found.values())


def _add_settled(found, user):
    """Open actions and closed elements, from the tallies; what was asked of one's own body is counted itself."""
    tally = _own_tally if can(user, "view_own_actions") else _tally
    for board, open_actions, closed, answered in tally(found, user):
        standing = found[board]
        standing.open_actions += open_actions
        standing.timings[Timing.CLOSED] = standing.closed + closed
        standing.answered += answered


def _tally(boards, user):
    for row in Tally.objects.visible_to(user).filter(board__in=boards).summed("board"):
        yield row["board"], *(row[f"{name}_sum"] for name in Tally.NUMBERS)


def _own_tally(boards, user):
    actions = Action.objects.visible_to(user).filter(board__in=boards).open().order_by()
    for board, number in actions.values_list("board").annotate(Count("pk")):
        yield board, number, 0, 0
    elements = Element.objects.visible_to(user).filter(board__in=boards).closed().order_by()
    for board, closed, answered in elements.values_list("board").annotate(Count("pk"), Count("answered_on")):
        yield board, 0, closed, answered


def _add_open(found, elements, today):
    grouped = elements.open().with_timing(today).with_last_sign().values("board", "timing")
    coming = Q(pk__in=[])
    for standing in _meeting_soonest(found.values()):
        coming |= Q(opens_or_ends_by(standing.next_meeting), board=standing.board)
    for row in grouped.annotate(
        number=Count("pk"),
        answered=ANSWERED,
        reported=Count("pk", filter=REPORTED_COMPLETE),
        silent=Count("pk", filter=silent_on(today)),
        to_check=Count("pk", filter=to_check_on(today)),
        coming=Count("pk", filter=coming & Q(timing__in=COMING)),
    ):
        standing = found[row["board"]]
        standing.timings[row["timing"]] = row["number"]
        standing.answered += row["answered"]
        standing.reported_complete += row["reported"]
        standing.silent += row["silent"]
        standing.to_check += row["to_check"]
        standing.due_by_next += row["coming"]


def _meeting_soonest(standings):
    """The three boards that meet soonest."""
    coming = [standing for standing in standings if standing.next_meeting]
    return sorted(coming, key=lambda each: (each.next_meeting, each.board.pk))[:3]


def needs(user, today, boards):
    """What an officer has to see to, the pressing first; only what there is."""
    late, *others = [
        _need(sum(each.late for each in boards), "late", list_of("element-list", timing="late")),
        *(_due_before_next_meeting(each) for each in _meeting_soonest(boards)),
        _need(
            sum(each.timings.get(Timing.ANSWERED, 0) for each in boards),
            "answered and not judged",
            list_of("element-list", timing="answered"),
        ),
        _need(
            sum(each.reported_complete for each in boards),
            "complete, says the owner, and not answered by a report",
            list_of("element-list", state="reported"),
        ),
        _need(
            sum(each.silent for each in boards),
            "without a word for 90 days",
            list_of("element-list", state="silent"),
        ),
        _need(
            sum(each.to_check for each in boards),
            "whose condition is to be looked at",
            list_of("element-list", state="condition"),
        ),
    ]
    chasing, unfinished = _other_needs(user, today)
    found = [late, *_chasing_needs(user, today), *chasing, *others, *unfinished]
    return [need for need in found if need.count]


def waiting_for_answer(user, today):
    """The requests that somebody may answer for their own body, each with the number of elements as `awaited`."""
    if not can(user, "answer_requests"):
        return []
    own = UpdateRequest.objects.to_own_body(user).live(today).awaiting()
    return own.select_related("round__board").order_by("round__due_on", "pk")


def _chasing_needs(user, today):
    actions, is_more = count_due(Action.objects.chased_by(user), today)
    yield Need(actions, f"{many(actions, 'action')} to chase", list_of("chasing-list"), is_more)


def _other_needs(user, today):
    counts = _numbers(
        rounds=UpdateRound.objects.visible_to(user).to_look_at(),
        failed=Message.objects.visible_to(user).reached_nobody(),
        promised=Undertaking.objects.visible_to(user).to_look_at(today),
        imports=MinutesImport.objects.visible_to(user).unfinished(),
    )
    rounds, failed, promised, imports = counts
    chasing = [
        Need(rounds, f"{many(rounds, 'round')} with answers to look at", list_of("round-list", state="look")),
        Need(
            failed, f"{many(failed, 'message')} that reached nobody", list_of("message-list", state="failed")
        ),
    ]
    unfinished = [
        Need(
            promised,
            f"{many(promised, 'undertaking')} to look at again",
            list_of("undertaking-list", state="look"),
        ),
        Need(imports, "minutes brought in and not finished", list_of("import-list", state="unfinished")),
    ]
    return chasing, unfinished


def _numbers(**records):
    """How many of each, in one statement, in the order given."""
    first, *others = [
        rows.order_by().values(name=Value(name)).annotate(number=Count("pk"))
        for name, rows in records.items()
    ]
    found = {row["name"]: row["number"] for row in first.union(*others, all=True)}
    return [found.get(name, 0) for name in records]


def publishing_needs(user):
    """Minutes that are written and that a second person has to publish."""
    state = Meeting.MinutesState.WITH_OFFICERS
    count = Meeting.objects.visible_to(user).filter(minutes_state=state).count()
    words = f"{many(count, 'meeting')} with minutes to check and publish"
    return [Need(count, words, list_of("meeting-list", minutes_state=state))] if count else []


def case_needs(user, today):
    """What the partnership's business unit has to see to; only what there is."""
    cases = ReviewCase.objects.visible_to(user)
    learning = LearningPoint.objects.visible_to(user)
    lines = [
        (len(pressed_by(cases, LATE, today)), "review", "with a time limit passed", ("case-list", "late")),
        (
            len(pressed_by(cases, PRESSED["due_soon"], today)),
            "review",
            "with a time limit due soon",
            ("case-list", "due_soon"),
        ),
        (learning.late(today).count(), "learning point", "late", ("learning-list", "late")),
        (
            learning.filter(state="reported_complete").count(),
            "learning point",
            "complete, says the owner, and to be assured",
            ("learning-list", "reported_complete"),
        ),
    ]
    return [
        Need(count, f"{many(count, noun)} {words}", list_of(name, state=state))
        for count, noun, words, (name, state) in lines
        if count
    ]


def _need(count, words, url):
    return Need(count, f"{many(count, 'element')} {words}", url)


def _due_before_next_meeting(standing):
    board, day = standing.board, standing.next_meeting
    url = list_of("element-list", board=board.pk, due_by=day.isoformat())
    return _need(standing.due_by_next, f"due by the next meeting of {board.name}, {day:%-d %B %Y}", url)


@dataclass(frozen=True)
class Move:
    """Something that happened to an element since a day."""

    when: object
    what: str
    element: Element


def moved_since(user, board, day):
    """Updates received and judgements made from `day` on, newest first; of each kind no more than are shown."""
    element = ("element__number", "element__action__reference")
    updates = ProgressUpdate.objects.visible_to(user).filter(element__board=board, received_on__gte=day)
    judgements = Judgement.objects.visible_to(user).filter(element__board=board, item__meeting__date__gte=day)
    updates = updates.select_related("element__action").only("received_on", "reported_by", *element)
    judgements = judgements.select_related("category", "item__meeting", "element__action")
    moves = [
        Move(update.received_on, _reported(update), update.element)
        for update in updates.order_by("-received_on", "-pk")[: MOVES_SHOWN + 1]
    ]
    moves += [
        Move(judgement.item.meeting.date, f"The Board judged: {judgement.category}", judgement.element)
        for judgement in judgements.only("category__name", "category__code", "item__meeting__date", *element)[
            : MOVES_SHOWN + 1
        ]
    ]
    return sorted(moves, key=lambda move: move.when, reverse=True)


def _reported(update):
    """Nobody is named whose words are hidden (D-4)."""
    return (
        "Progress reported" if update.reported_by == HIDDEN else f"Progress reported by {update.reported_by}"
    )
