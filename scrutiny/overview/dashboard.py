"""What needs somebody, and how each board's asks stand: counts, each with the list behind it."""

from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Q, Subquery, Value
from django.urls import reverse

from actions.chasing.askings import count_due
from actions.models import (
    Action,
    Element,
    Judgement,
    Message,
    MinutesImport,
    ProgressUpdate,
    Undertaking,
    UpdateRequest,
    UpdateRound,
)
from actions.models.asks import COMING, Timing, opens_or_ends_by
from actions.models.imports import visible_imports
from actions.models.tallies import tallied
from reviews.models import LearningPoint, ReviewCase
from reviews.timekeeping import LATE, PRESSED, pressed_by
from scrutiny.models import Board, Meeting, TrackingCategory
from scrutiny.models.problems import HIDDEN
from scrutiny.toolkit.access import NOWHERE, all_of, any_of, can, reader_of
from scrutiny.toolkit.kept import kept_for_each
from scrutiny.toolkit.words import many

CHART_SERIES = [
    ("closed", "Closed by the Board"),
    ("answered", "Answered, to be judged"),
    ("in_time", "In time"),
    ("waiting", "Waiting for a condition"),
    ("late", "Late"),
]
MOVES_SHOWN = 20
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

    `due_by_next` counts what is due by the next meeting, of the boards that meet soonest.
    """

    board: Board
    timings: dict = field(default_factory=dict)
    open_actions: int = 0
    answered: int = 0
    last_meeting: object = None
    next_meeting: object = None
    due_by_next: int = 0

    def add(self, row):
        """Numbers of its actions, or of its elements that stand alike; with the sign -1 they are taken off."""
        sign = row.get("sign", 1)
        self.open_actions += sign * row.get("open_actions_sum", 0)
        if elements := row.get("elements_sum", 0):
            self.timings[row["stands"]] = self.timings.get(row["stands"], 0) + sign * elements
            self.answered += sign * row["answered_sum"]
            self.due_by_next += sign * row.get("coming_sum", 0)

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
    return _standings(with_meetings(Board.objects.visible_to(user), today), user, today, _comes_up)


def standing_of(board, user, today):
    """How one of `with_meetings` stands, without what comes up."""
    return _standings([board], user, today, lambda found: NOWHERE)[0]


def _standings(boards, user, today, comes_up):
    found = {
        board.pk: BoardStanding(board, last_meeting=board.last_meeting, next_meeting=board.next_meeting)
        for board in boards
    }
    numbers = _counted if can(user, "view_own_actions") else _from_tallies
    for row in numbers(user, found, today, comes_up(found.values())):
        found[row["board"]].add(row)
    return list(found.values())


def _from_tallies(user, boards, today, comes_up):
    return tallied(user, boards, today, comes_up)


def _counted(user, boards, today, comes_up):
    """The same rows, counted themselves: what was asked of one's own body is in no tally."""
    actions = Action.objects.visible_to(user).filter(board__in=boards).open().order_by()
    yield from actions.values("board").annotate(open_actions_sum=Count("pk"))
    elements = Element.objects.visible_to(user).filter(board__in=boards).order_by()
    grouped = elements.with_timing(today).annotate(stands=F("timing")).values("board", "stands")
    yield from grouped.annotate(
        elements_sum=Count("pk"),
        answered_sum=Count("answered_on"),
        coming_sum=Count("pk", filter=comes_up),
    )


def _comes_up(standings):
    """The Q of what is due by the next meeting of the boards that meet soonest; needs `stands`."""
    by_board = (
        Q(opens_or_ends_by(each.next_meeting), board=each.board) for each in _meeting_soonest(standings)
    )
    return all_of(Q(stands__in=COMING), any_of(*by_board))


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
    ]
    of_elements, chasing, unfinished = _other_needs(user, today)
    found = [late, *_chasing_needs(user, today), *chasing, *others, *of_elements, *unfinished]
    return [need for need in found if need.count or need.is_more]


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
    rows = _numbers(reader_of(user), visible_imports(user), today)
    number = Counter({row["name"]: row["number"] for row in rows})
    rounds, failed, promised = number["rounds"], number["failed"], number["promised"]
    of_elements = [
        _need(
            number["reported"],
            "complete, says the owner, and not answered by a report",
            list_of("element-list", state="reported"),
        ),
        _need(number["silent"], "without a word for 90 days", list_of("element-list", state="silent")),
        _need(
            number["to_check"],
            "whose condition is to be looked at",
            list_of("element-list", state="condition"),
        ),
    ]
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
        Need(
            number["imports"],
            "minutes brought in and not finished",
            list_of("import-list", state="unfinished"),
        ),
    ]
    return of_elements, chasing, unfinished


@kept_for_each(Element)
def _numbers(reader, imports, today):
    """How many of each, in one statement."""
    elements = Element.objects.visible_to(reader)
    records = {
        "reported": elements.reported_complete(),
        "silent": elements.silent(today),
        "to_check": elements.condition_to_check(today),
        "rounds": UpdateRound.objects.visible_to(reader).to_look_at(),
        "failed": Message.objects.visible_to(reader).reached_nobody(),
        "promised": Undertaking.objects.visible_to(reader).to_look_at(today),
        "imports": MinutesImport.objects.filter(imports).unfinished(),
    }
    first, *others = [
        rows.order_by().values(name=Value(name)).annotate(number=Count("pk"))
        for name, rows in records.items()
    ]
    return first.union(*others, all=True)


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
    """Elements reported on from `day` on, each with its last word, and judgements made; the newest first, and of each
    kind no more than are shown.
    """
    elements = _with_reporter(Element.objects.visible_to(user).filter(board=board, last_word_on__gte=day))
    moves = [
        Move(element.last_word_on, _reported(element.reported_by), element)
        for element in elements.order_by("-last_word_on", "-pk")[: MOVES_SHOWN + 1]
    ]
    judged = _judged(reader_of(user), board.pk, day, MOVES_SHOWN + 1)
    return sorted([*moves, *map(_judgement, judged)], key=lambda move: move.when, reverse=True)


@kept_for_each(Judgement)
def _judged(reader, board, day, most):
    seen = Judgement.objects.visible_to(reader).filter(element__board=board, item__meeting__date__gte=day)
    return seen.values(
        "category__code",
        "category__name",
        "element",
        "element__number",
        "element__action__reference",
        on=F("item__meeting__date"),
    )[:most]


def _judgement(row):
    category = TrackingCategory.called(row["category__code"], row["category__name"])
    action = Action(reference=row["element__action__reference"])
    element = Element(pk=row["element"], number=row["element__number"], action=action)
    return Move(row["on"], f"The Board judged: {category}", element)


def _with_reporter(elements):
    """Adds who brought each element's last word."""
    updates = ProgressUpdate.objects.filter(element=OuterRef("pk")).order_by("-received_on", "-pk")
    named = elements.annotate(reported_by=Subquery(updates.values("reported_by")[:1]))
    return named.select_related("action").only("number", "last_word_on", "action__reference")


def _reported(reported_by):
    """Nobody is named whose words are hidden (D-4)."""
    return "Progress reported" if reported_by == HIDDEN else f"Progress reported by {reported_by}"
