"""What happens to review cases. Each function is one step, stored together with its history, by somebody."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from reviews.models import GuidanceVersion, LateReason, PartnerView, ReviewCase, Stage
from reviews.stages import ASIDES, FOLLOWS, LADDERS, STARTS, rules_of
from reviews.timekeeping import WITH_CLOCKS, Timekeeper
from scrutiny.toolkit.history import record, remove

NO_GUIDANCE = (
    "No guidance version was in force on {day:%-d %B %Y}. Ask an administrator to add it, or check the date."
)
BELOW_THE_LAW = (
    "Copies sent on {sent:%-d %B %Y} are too late for publication on {publish:%-d %B %Y}: the law asks for them by "
    "{legal:%-d %B %Y}. Choose a later date of publication."
)
BELOW_GUIDANCE = (
    "Copies sent on {sent:%-d %B %Y} are too late for publication on {publish:%-d %B %Y}: guidance asks for them by "
    "{due:%-d %B %Y}, the law by {legal:%-d %B %Y}. Choose a later date, or enter the reason."
)
ALONE = (
    "You recorded the step before, “{step}”. Somebody else of the business unit records the publication, "
    "so that two people have looked at what goes out."
)
TOO_LATE = "{name}: it was due on {due:%-d %B %Y} and this is {stopped:%-d %B %Y}. Enter the reason."


@transaction.atomic
def open_case(case, stage, *, by, reason=""):
    """Begins a case at its first stage, under the guidance in force on that day (G-1)."""
    if (case.kind, stage.code) not in STARTS:
        raise ValidationError(f"A {case.get_kind_display().lower()} does not begin there.")
    case.guidance = guidance_on(stage.on)
    case.stage, case.began_on = stage.code, stage.on
    record(case, by=by, reason=reason)
    _record_stage(case, stage, by=by, reason=reason)
    return case


def guidance_on(day):
    found = GuidanceVersion.objects.in_force(day).first()
    if found is None:
        raise ValidationError({"on": NO_GUIDANCE.format(day=day)})
    return found


@transaction.atomic
def move(case, stage, views=(), *, by, late_reason="", following="", reason=""):
    """Takes a case to its next stage, or records an event beside, with what the form asked for about the case.

    `following` is the reference of the case that begins with this step, where one does.
    """
    now = ReviewCase.objects.select_for_update().get(pk=case.pk)
    rule = next_rule(now, stage.code)
    refuse_alone(now, rule, by)
    for name in rule.asks:
        setattr(now, name, getattr(case, name))
    _record_stage(now, stage, by=by, reason=reason)
    record_views(stage, views, by=by, reason=reason)
    refresh(now, by=by, reason=rule.label)
    check_time_limits(now, late_reason, by=by)
    _open_following(now, stage, following, by=by)
    return now


def next_rule(case, code):
    """The `StageRule` of a step that may be taken now. Raises ValidationError with what may follow instead."""
    ladder = LADDERS[case.kind]
    if not case.rule.ends and code in ASIDES[case.kind]:
        return ASIDES[case.kind][code]
    if code in case.rule.then:
        return ladder[code]
    label = rules_of(case.kind)[code].label if code in rules_of(case.kind) else code
    may = " or ".join(f"“{ladder[each].label}”" for each in case.rule.then) or "nothing more"
    raise ValidationError(f"“{label}” cannot follow “{case.rule.label}”: after that comes {may}.")


def refuse_alone(case, rule, by):
    """A review is published by a second person (D-8): whoever took the step before does not."""
    last = case.stages.order_by("pk").last()
    if rule.publishes and last and last.recorded_by_id == by.pk:
        raise ValidationError(ALONE.format(step=last.rule.label))


def _record_stage(case, stage, *, by, reason=""):
    stage.case, stage.recorded_by = case, by
    record(stage, by=by, reason=reason)


@transaction.atomic
def record_views(stage, views, *, by, reason=""):
    """Keeps one `PartnerView` for each partner that has one in `views`; a partner left out has none any more."""
    known = {view.partner: view for view in stage.views.select_for_update()}
    for view in views:
        kept = known.pop(view.partner, None) or PartnerView(stage=stage, partner=view.partner)
        kept.view, kept.note = view.view, view.note
        record(kept, by=by, reason=reason)
    for view in known.values():
        remove(view, by=by, reason=reason)


def refresh_case(case, *, by, reason):
    """Sums up again after a stage was put right, which may take no case below a limit of the law."""
    now = refresh(ReviewCase.objects.select_for_update().get(pk=case.pk), by=by, reason=reason)
    for clock in stopped_late(now):
        refuse_below_the_law(clock)
    return now


def refresh(case, *, by, reason):
    """Sums the stages up on the case; `case` was read under a lock. The only writer of `ReviewCase.DERIVED`."""
    stages = list(case.stages.all())
    on_ladder = [stage for stage in stages if stage.code in LADDERS[case.kind]]
    last = on_ladder[-1]
    rules = rules_of(case.kind)
    if case.began_on != on_ladder[0].on:
        case.began_on = on_ladder[0].on
        case.guidance = guidance_on(case.began_on)
    case.stage = last.code
    case.published_on = next((stage.on for stage in stages if rules[stage.code].publishes), None)
    case.ended_on = last.on if rules[last.code].ends else None
    if not case.published_on:
        case.title = case.link = ""
    return record(case, by=by, reason=reason)


def check_time_limits(case, late_reason, *, by):
    """Refuses a step that stops a clock late without a reason, or below a limit of the law with any."""
    for clock in stopped_late(case):
        refuse_below_the_law(clock)
        if clock.reason:
            continue
        if not late_reason:
            words = BELOW_GUIDANCE if clock.legal_due else TOO_LATE
            raise ValidationError({"late_reason": _in_words(words, clock)})
        record(LateReason(case=case, clock=clock.rule.code, reason=late_reason), by=by, reason=late_reason)


def stopped_late(case):
    """The clocks of a case, as it is stored, that a stage stopped late."""
    case = ReviewCase.objects.prefetch_related(*WITH_CLOCKS).get(pk=case.pk)
    return [each.clock for each in Timekeeper(date.max).clocks_of(case) if each.stopped and each.is_late]


def refuse_below_the_law(clock):
    if clock.legal_due and clock.stopped_on > clock.legal_due:
        raise ValidationError({"planned_publication": _in_words(BELOW_THE_LAW, clock)})


def _in_words(sentence, clock):
    return sentence.format(
        sent=clock.stopped_on,
        stopped=clock.stopped_on,
        publish=clock.start,
        due=clock.due,
        legal=clock.legal_due or clock.due,
        name=clock.rule.name,
    )


def _open_following(case, stage, reference, *, by):
    """A local review that turns into a notification begins the rapid review, whose clock starts with it (A.6)."""
    for follow in FOLLOWS:
        if follow.at_once and (follow.kind, follow.stage) == (case.kind, stage.code):
            if not reference:
                raise ValidationError({"following": "Enter the reference of the rapid review that begins."})
            kind, code = follow.start
            open_case(
                ReviewCase(reference=reference, kind=kind, origin=case),
                Stage(code=code, on=stage.on, taken_by=stage.taken_by),
                by=by,
            )


@transaction.atomic
def take_back(case, *, by, reason):
    """Takes the last stage back, where it was recorded by mistake; its history stays."""
    now = ReviewCase.objects.select_for_update().get(pk=case.pk)
    stages = list(now.stages.all())
    if len(stages) < 2:
        raise ValidationError("The first stage of a case cannot be taken back: change its date instead.")
    for view in stages[-1].views.all():
        remove(view, by=by, reason=reason)
    remove(stages[-1], by=by, reason=reason)
    return refresh(now, by=by, reason=reason)


@transaction.atomic
def explain(case, clock, *, by, reason):
    """Records why a clock is late, or changes what was recorded."""
    found = LateReason.objects.select_for_update().filter(case=case, clock=clock).first()
    late_reason = found or LateReason(case=case, clock=clock)
    late_reason.reason = reason
    return record(late_reason, by=by, reason=reason)
