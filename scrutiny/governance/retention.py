"""How long each kind of record is kept (domain D.3), and what of it is due. A council changes the table here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min

from actions.models import Action
from reviews.models import ReviewCase
from scrutiny.models import Event, LegalHold, Meeting, User
from scrutiny.models.meetings import PUBLISHED
from scrutiny.toolkit.dates import add_months


@dataclass(frozen=True)
class Rule:
    """
    years      None: for good
    trigger    what the years count from
    action     what is then done, and by whom
    due        day → the records whose trigger lies on that day or before
    on         the field with the trigger
    disposes   True where this site deletes what two people agreed on
    """

    code: str
    record: str
    trigger: str
    years: int | None
    action: str
    source: str
    due: Callable | None = None
    on: str = ""
    disposes: bool = False

    def due_on(self, today):
        return self.due(add_months(today, -12 * self.years)) if self.due else None


def closed_actions(day):
    return Action.objects.closed().filter(closed_on__lte=day)


def ended_cases(day):
    return ReviewCase.objects.ended().filter(ended_on__lte=day, published_on=None)


def old_meetings(day):
    return Meeting.objects.filter(date__lte=day, minutes_state__in=PUBLISHED)


def old_events(day):
    return Event.objects.filter(at__date__lte=day)


def accounts_without_a_role(day):
    """Open accounts whose last role ended. That nothing was done with them since is for a person to see."""
    open_accounts = User.objects.filter(is_active=True, is_superuser=False, role_assignments__isnull=False)
    held = User.objects.filter(role_assignments__end=None) | User.objects.filter(
        role_assignments__end__gt=day
    )
    return open_accounts.exclude(pk__in=held.values("pk")).distinct()


RULES = [
    Rule(
        "actions",
        "Actions, with their elements, updates, evidence, answers, judgements and rounds",
        "the Board closed it",
        6,
        "Deleted here, after two people agreed",
        "Life of the ask and six years: the council’s own decision",
        closed_actions,
        "closed_on",
        disposes=True,
    ),
    Rule(
        "cases",
        "Review cases that were not published",
        "the case ended",
        7,
        "Looked at with the partnership, by its own schedule; never deleted by this site",
        "The partnership’s retention schedule",
        ended_cases,
        "ended_on",
    ),
    Rule(
        "minutes",
        "Minutes and agendas",
        "the meeting",
        None,
        "Kept for good, in the archive",
        "Local Government Act 1972, s100C; archive",
    ),
    Rule(
        "reports", "Scrutiny reports", "the report", None, "Kept for good", "The council’s retention schedule"
    ),
    Rule(
        "accounts",
        "User accounts",
        "their last role ended",
        0,
        "Closed by an administrator, not deleted: names stay in the histories",
        "The council’s own decision",
        accounts_without_a_role,
        "role_assignments__end",
    ),
    Rule(
        "events",
        "Event log",
        "the event",
        6,
        "Kept at least as long as the record it tells of, and goes with it",
        "At least 12 months: National Cyber Security Centre",
        old_events,
        "at",
    ),
]
RULE = {rule.code: rule for rule in RULES}


@dataclass(frozen=True)
class Due:
    rule: Rule
    count: int
    since: date | None
    holds: list


def report(today):
    """One `Due` for each rule."""
    holds = list(LegalHold.objects.standing().select_related("board", "by"))
    return [_due(rule, today, [hold for hold in holds if hold.rule in ("", rule.code)]) for rule in RULES]


def _due(rule, today, holds):
    found = rule.due_on(today)
    if found is None:
        return Due(rule, 0, None, holds)
    oldest = found.aggregate(oldest=Min(rule.on))["oldest"]
    return Due(rule, found.count(), oldest and may_go_since(rule, oldest), holds)


def may_go_since(rule, trigger):
    day = trigger.date() if hasattr(trigger, "date") else trigger
    return add_months(day, 12 * rule.years)


def held(rule, records):
    """The keys of those records that a standing hold covers. Records have a board where they are of one."""
    holds = LegalHold.objects.standing().filter(rule__in=["", rule.code])
    return {record.pk for record in records if any(_covers(hold, record) for hold in holds)}


def _covers(hold, record):
    of_board = hold.board_id is None or hold.board_id in boards_of(record)
    of_record = hold.key is None or (hold.noun, hold.key) == (record._meta.model_name, record.pk)
    return of_board and of_record


def boards_of(action):
    """The board that follows it, and those that did before."""
    return {action.board_id, *(board for board, _, _ in action.terms())}
