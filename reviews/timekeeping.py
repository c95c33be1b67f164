"""The clocks of review cases: the rules and the calendar are read once, whatever the number of cases."""

from dataclasses import dataclass

from reviews.clocks import Clock, ClockState, run
from reviews.models import ClockRule, Unit
from reviews.stages import rules_of
from scrutiny.models import BankHoliday

PRESSING = [ClockState.LATE, ClockState.LATE_WITH_REASON, ClockState.DUE_SOON, ClockState.DUE]
LATE = (ClockState.LATE, ClockState.LATE_WITH_REASON)
PRESSED = {"late": LATE, "due_soon": (ClockState.DUE_SOON,)}
WITH_CLOCKS = ("stages", "late_reasons")  # to prefetch


@dataclass(frozen=True)
class CaseClock:
    """A clock of a case, and the stage that stopped it if one did."""

    clock: Clock
    stopped: bool

    @property
    def is_running(self):
        return not self.stopped and self.clock.state != ClockState.ENDED

    @property
    def is_late(self):
        return self.clock.state in LATE


class Timekeeper:
    """`clocks_of(case)` reads the case's stages and late reasons: prefetch `WITH_CLOCKS` for more than one case."""

    def __init__(self, on):
        self.on = on
        self.calendar = BankHoliday.objects.calendar()
        self.rules = list(ClockRule.objects.exclude(kind=""))

    def clocks_of(self, case):
        """The `CaseClock`s that have started, in the order of their ends."""
        found = [self._clock(rule, case) for rule in self._rules_of(case) if rule.unit != Unit.YEARS_AT_LEAST]
        return sorted(filter(None, found), key=lambda each: each.clock.due)

    def pressing(self, case):
        """The running clock of a case that presses most, or None."""
        running = [each for each in self.clocks_of(case) if each.is_running]
        return min(running, key=lambda each: PRESSING.index(each.clock.state), default=None)

    def may_stop(self, case, stage_rule):
        """True if this stage stops a clock of the case, or moves the day that copies are counted back from."""
        stops = any(rule.stops_at == stage_rule.reaches for rule in self._rules_of(case))
        return stops or stage_rule.publishes

    def public_until(self, case):
        """The clock of how long a published case stays public at least, or None."""
        if not case.is_published:
            return None
        rules = [rule for rule in self._rules_of(case) if rule.unit == Unit.YEARS_AT_LEAST]
        found = [self._clock(rule, case) for rule in rules]
        return next((each.clock for each in found if each), None)

    def _rules_of(self, case):
        """A case keeps the time limits of the guidance it began under (G-1)."""
        return [
            rule
            for rule in self.rules
            if rule.kind == case.kind and rule.guidance_id in (None, case.guidance_id)
        ]

    def _clock(self, rule, case):
        reached = days_reached(case)
        start = (
            reached.get(rule.starts_at) if rule.starts_at else case.published_on or case.planned_publication
        )
        if start is None:
            return None
        stopped_on = reached.get(rule.stops_at)
        clock = run(
            as_agreed(rule, case, start),
            start,
            self.calendar,
            on=self.on,
            stopped_on=stopped_on,
            reason=next((each.reason for each in case.late_reasons.all() if each.clock == rule.code), ""),
            ended_on=case.ended_on or waived_on(case),
        )
        return CaseClock(clock, stopped_on is not None)


def pressed_by(cases, states, on):
    """The keys of those of the open `cases` whose most pressing clock stands at one of `states`."""
    timekeeper = Timekeeper(on)
    return [
        case.pk
        for case in cases.open().prefetch_related(*WITH_CLOCKS)
        if (pressing := timekeeper.pressing(case)) and pressing.clock.state in states
    ]


def days_reached(case):
    """{code: the first day on which the case reached it}, events beside the ladder included."""
    rules, reached = rules_of(case.kind), {}
    for stage in case.stages.all():
        reached.setdefault(rules[stage.code].reaches, stage.on)
    return reached


def waived_on(case):
    """The day on which the duties of an open case fell away, as when it was decided not to notify; or None."""
    rules = rules_of(case.kind)
    return next((stage.on for stage in case.stages.all() if rules[stage.code].waives), None)


def as_agreed(rule, case, start):
    """A local review runs to the date agreed for it, where one was (X-2)."""
    if not case.agreed_due or rule.stops_at != "findings_agreed":
        return rule
    return ClockRule(
        code=rule.code,
        name=rule.name,
        kind=rule.kind,
        start_event=rule.start_event,
        length=max((case.agreed_due - start).days, 1),
        unit=Unit.CALENDAR_DAYS,
        force=rule.force,
        warn_days=rule.warn_days,
    )
