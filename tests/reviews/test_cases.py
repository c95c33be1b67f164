"""Review cases step by step: what may follow, what each step needs, which clocks it stops and what is kept."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from reviews.clocks import ClockState
from reviews.models import ClockRule, LateReason, PartnerView, ReviewCase, Stage
from reviews.services import cases as services
from reviews.timekeeping import Timekeeper
from scrutiny.toolkit.history import record
from tests import factories
from tests.scrutiny.toolkit.test_dates import on

pytestmark = pytest.mark.django_db
TABLES = (ReviewCase, Stage, PartnerView, LateReason)
LATER = date(2024, 6, 3)


def stored():
    """Everything there is of review cases, histories included."""
    return [list(rows.values()) for model in TABLES for rows in (model.objects.all(), model.history.all())]


@contextmanager
def refused(*words):
    """The step raises a sentence with these words in it, and nothing is stored."""
    before = stored()
    with pytest.raises(ValidationError) as refusal:
        yield
    said = " ".join(refusal.value.messages)
    assert [each for each in words if each not in said] == [], said
    assert stored() == before


def clock(case, code, day=LATER):
    """The clock of a rule as it stands on a day, None if it has not started."""
    case = ReviewCase.objects.get(pk=case.pk)
    found = [each.clock for each in Timekeeper(day).clocks_of(case) if each.clock.rule.code == code]
    return found[0] if found else None


def put_right(stage, *, by, **values):
    """What the page of a correction does."""
    for name, value in values.items():
        setattr(stage, name, value)
    record(stage, by=by, reason="Wrong day")
    return services.refresh_case(stage.case, by=by, reason="Wrong day")


# Beginning, and the guidance a case keeps (G-1).


def test_a_case_begins_at_its_first_stage(begin, bea):
    case = begin("rapid_review", "aware", date(2023, 5, 3))
    stage = case.stages.get()
    assert (case.stage, case.began_on, case.ended_on) == ("aware", date(2023, 5, 3), None)
    assert (stage.code, stage.on, stage.recorded_by) == ("aware", date(2023, 5, 3), bea)


def test_a_case_does_not_begin_in_the_middle(begin):
    with refused("A rapid review does not begin there."):
        begin("rapid_review", "notified", date(2023, 5, 3))


@pytest.mark.parametrize(
    ("first_day", "guidance"),
    [
        (date(2023, 11, 30), "WT2018"),
        (date(2023, 12, 1), "WT2023"),
        (date(2026, 3, 17), "WT2023"),
        (date(2026, 3, 18), "WT2026"),
    ],
)
def test_a_case_begins_under_the_guidance_in_force_on_its_first_day(begin, first_day, guidance):
    assert begin("rapid_review", "aware", first_day).guidance.code == guidance


def test_a_case_keeps_its_guidance_and_its_clocks_when_a_newer_version_comes(begin, step):
    newer = ClockRule.objects.get(code="RR15", guidance__code="WT2023")
    newer.length = 10
    newer.save()
    case = begin("rapid_review", "aware", on("Wed 29 Nov 2023"))
    case = step(case, "notified", on("Mon 4 Dec 2023"))
    assert case.guidance.code == "WT2018"
    assert clock(case, "RR15").due == on("Wed 27 Dec 2023")
    other = begin("rapid_review", "aware", on("Fri 1 Dec 2023"), reference="ESCP-2023-06")
    other = step(other, "notified", on("Mon 4 Dec 2023"))
    assert clock(other, "RR15").due == on("Mon 18 Dec 2023")


def test_a_day_before_every_guidance_asks_for_another_date(begin):
    with refused("No guidance version was in force on 30 June 2018."):
        begin("rapid_review", "aware", date(2018, 6, 30))


@pytest.mark.parametrize("reference", ["ESCP 2023 Smith", "Smith", "2023-04", "ESCP-2023", "escp-2023-04"])
def test_a_case_is_known_by_a_neutral_reference(begin, reference):
    with refused("Enter the partnership's neutral reference"):
        begin("rapid_review", "aware", date(2023, 5, 3), reference=reference)


def test_no_two_cases_have_the_same_reference(begin):
    begin("rapid_review", "aware", date(2023, 5, 3))
    with refused("There is a case with this reference already."):
        begin("audit", "planned", date(2023, 5, 3))


# What may follow.


def test_a_step_that_may_not_follow_is_refused_with_what_may(begin, step):
    case = begin("rapid_review", "aware", date(2023, 5, 3))
    with refused(
        "“Rapid review sent to the Panel” cannot follow “Local authority became aware”",
        "“Notified to the national Panel” or “Decided not to notify”",
    ):
        step(case, "sent_to_panel", date(2023, 5, 4))


def test_nothing_follows_the_end_not_even_an_event_beside(begin, step):
    case = begin("cspr", "decided", date(2023, 5, 3))
    case = step(case, "discontinued", date(2023, 5, 4), note="The parents' trial was halted.")
    with refused("“Time and quality looked at (reg. 14)” cannot follow “Discontinued”", "nothing more"):
        step(case, "monitored", date(2023, 5, 5))


def test_a_stage_of_another_kind_of_case_cannot_follow(begin, step):
    case = begin("rapid_review", "aware", date(2023, 5, 3))
    with refused("“scoping” cannot follow"):
        step(case, "scoping", date(2023, 5, 4))


def test_where_a_case_stands_is_read_from_the_record_not_from_the_page(begin, step):
    opened = begin("rapid_review", "aware", date(2023, 5, 3))
    step(opened, "notified", date(2023, 5, 4))
    stale = ReviewCase(pk=opened.pk, kind=opened.kind, stage="aware")
    with refused("“Decided not to notify” cannot follow “Notified to the national Panel”"):
        step(stale, "not_notified", date(2023, 5, 5), note="Late to the page.")


# Days, decisions and reasons.


def test_a_stage_is_not_recorded_before_it_is_reached(begin, step):
    tomorrow = timezone.localdate() + timedelta(days=1)
    with refused("This date is in the future"):
        begin("rapid_review", "aware", tomorrow)
    case = begin("rapid_review", "aware", date(2023, 5, 3))
    with refused("This date is in the future"):
        step(case, "notified", tomorrow)


def test_stages_follow_in_time(begin, step):
    case = begin("rapid_review", "aware", date(2023, 5, 3))
    with refused("This is before “Local authority became aware, 3 May 2023”"):
        step(case, "notified", date(2023, 5, 2))
    assert step(case, "notified", date(2023, 5, 3)).stage == "notified"


def test_an_event_beside_the_ladder_may_have_happened_on_any_day(notified, step):
    step(notified, "partners_told", date(2023, 4, 6))
    assert clock(notified, "SINP5").state == ClockState.MET


def test_a_decision_is_required_where_one_is_taken(notified, step):
    case = step(step(notified, "gathering", date(2023, 4, 17)), "panel_meeting", date(2023, 4, 26))
    for missing in ("", "agrees"):
        with refused("Select what was decided."):
            step(case, "partner_decision", date(2023, 4, 28), decision=missing)
    assert step(case, "partner_decision", date(2023, 4, 28), decision="lcspr").stage == "partner_decision"


def test_a_reason_is_required_where_a_case_goes_off_its_way(begin, step):
    case = begin("rapid_review", "aware", date(2023, 5, 3))
    with refused("Enter the reason."):
        step(case, "not_notified", date(2023, 5, 4))
    assert step(case, "not_notified", date(2023, 5, 4), note="No harm was found.").stage == "not_notified"


def test_a_step_keeps_only_the_facts_it_asks_for(begin, step):
    case = begin("cspr", "decided", date(2023, 5, 3))
    case = step(case, "scoping", date(2023, 5, 10), reviewer="Ann Lee")
    assert case.reviewer == ""
    case = step(case, "reviewer_appointed", date(2023, 5, 17), reviewer="Ann Lee")
    assert ReviewCase.objects.get().reviewer == "Ann Lee"


# The clock of a rapid review.


@pytest.mark.parametrize(
    ("notified_on", "state"),
    [("Fri 14 Apr 2023", ClockState.MET), ("Mon 17 Apr 2023", ClockState.LATE_WITH_REASON)],
)
def test_a_notification_is_in_time_until_the_fifth_working_day(begin, step, notified_on, state):
    case = begin("rapid_review", "aware", on("Wed 5 Apr 2023"))
    step(case, "notified", on(notified_on), late_reason="The health partner answered late.")
    assert clock(case, "SIN5").due == on("Fri 14 Apr 2023")
    assert clock(case, "SIN5").state == state


def test_a_late_step_is_refused_without_a_reason(begin, step):
    case = begin("rapid_review", "aware", on("Thu 22 Dec 2022"))
    with refused(
        "Notify the national Panel of a serious incident",
        "due on 3 January 2023 and this is 4 January 2023",
        "Enter the reason.",
    ):
        step(case, "notified", on("Wed 4 Jan 2023"))


def test_the_reason_for_a_late_step_is_kept_with_its_clock(begin, step, bea):
    case = begin("rapid_review", "aware", on("Thu 22 Dec 2022"))
    step(case, "notified", on("Wed 4 Jan 2023"), late_reason="The office was closed.")
    kept = LateReason.objects.get()
    assert (kept.case, kept.clock, kept.reason) == (case, "SIN5", "The office was closed.")
    assert kept.history.get().history_user == bea
    assert clock(case, "SIN5").reason == "The office was closed."


def test_a_step_in_time_keeps_no_reason_whatever_is_said(begin, step):
    case = begin("rapid_review", "aware", on("Thu 22 Dec 2022"))
    step(case, "notified", on("Tue 3 Jan 2023"), late_reason="The office was closed.")
    assert not LateReason.objects.exists()


def test_the_reason_of_an_earlier_clock_does_not_explain_a_later_one(begin, step):
    case = begin("rapid_review", "aware", on("Thu 22 Dec 2022"))
    case = step(case, "notified", on("Wed 4 Jan 2023"), late_reason="The office was closed.")
    with refused("Tell the safeguarding partners of a serious incident: it was due on 3 January 2023"):
        step(case, "partners_told", on("Thu 5 Jan 2023"))


def test_the_fifteen_days_run_from_the_notification_to_the_day_it_is_sent(notified):
    running = clock(notified, "RR15", on("Tue 9 May 2023"))
    assert (running.start, running.due) == (on("Fri 14 Apr 2023"), on("Tue 9 May 2023"))
    assert running.state == ClockState.DUE_SOON
    assert clock(notified, "RR15", on("Wed 10 May 2023")).state == ClockState.LATE


def test_the_fifteen_days_may_be_counted_from_becoming_aware(notified):
    rule = ClockRule.objects.get(code="RR15", guidance=notified.guidance)
    rule.starts_at = "aware"
    rule.save()
    assert clock(notified, "RR15").start == on("Wed 5 Apr 2023")
    assert clock(notified, "RR15").due == on("Fri 28 Apr 2023")


@pytest.mark.parametrize("withdrawn_on", ["Mon 24 Apr 2023", "Mon 15 May 2023"])
def test_a_withdrawn_notification_ends_the_clock_and_is_never_late(notified, step, withdrawn_on):
    case = step(notified, "withdrawn", on(withdrawn_on), note="The criteria are not met.")
    assert case.ended_on == on(withdrawn_on)
    assert clock(case, "RR15").state == ClockState.ENDED
    assert clock(case, "SIN5").state == ClockState.MET
    assert not LateReason.objects.exists()


# A local review, and what it may turn into (A.6).


@pytest.fixture
def local(begin, step):
    case = begin("local_review", "proposed", on("Mon 19 Dec 2022"), reference="ESCP-2023-07")
    return step(case, "agreed", on("Mon 2 Jan 2023"))


def turn(step, case, following):
    note = "New facts came out."
    return step(case, "converted_to_notification", on("Wed 5 Apr 2023"), note=note, following=following)


def test_a_local_review_that_turns_into_a_notification_begins_the_rapid_review_at_once(local, step, bea):
    case = turn(step, local, "ESCP-2023-08")
    follows = ReviewCase.objects.get(reference="ESCP-2023-08")
    assert case.ended_on == on("Wed 5 Apr 2023")
    assert (follows.kind, follows.stage, follows.origin) == ("rapid_review", "aware", case)
    assert follows.history.get().history_user == bea


def test_the_clock_of_the_notification_starts_on_the_day_the_local_review_turned(local, step):
    turn(step, local, "ESCP-2023-08")
    running = clock(ReviewCase.objects.get(reference="ESCP-2023-08"), "SIN5")
    assert (running.start, running.due) == (on("Wed 5 Apr 2023"), on("Fri 14 Apr 2023"))


@pytest.mark.parametrize(
    ("following", "sentence"),
    [
        ("", "Enter the reference of the rapid review that begins."),
        ("Baby Smith", "Enter the partnership's neutral reference"),
        ("ESCP-2023-07", "There is a case with this reference already."),
    ],
)
def test_without_a_reference_of_its_own_nothing_turns_into_anything(local, step, following, sentence):
    with refused(sentence):
        turn(step, local, following)


def test_a_local_review_has_sixteen_weeks(local):
    assert clock(local, "LOC16").due == on("Mon 24 Apr 2023")


def test_the_date_agreed_for_a_local_review_goes_before_the_sixteen_weeks(begin, step):
    case = begin("local_review", "proposed", on("Mon 19 Dec 2022"))
    case = step(case, "agreed", on("Mon 2 Jan 2023"), agreed_due=on("Fri 30 Jun 2023"))
    assert clock(case, "LOC16").due == on("Fri 30 Jun 2023")
    case = step(step(case, "scoped", on("Mon 9 Jan 2023")), "in_progress", on("Mon 16 Jan 2023"))
    assert step(case, "findings_agreed", on("Fri 30 Jun 2023")).stage == "findings_agreed"
    assert clock(case, "LOC16").state == ClockState.MET


# A practice review: its clocks do not stand still, and copies go ahead of publication (L-6, L-9).


@pytest.fixture
def under_way(begin, step):
    case = begin("cspr", "decided", on("Thu 31 Aug 2023"), reference="ESCP-2023-05")
    for code in ("scoping", "reviewer_appointed", "in_progress"):
        case = step(case, code, on("Fri 1 Sep 2023"))
    return case


def test_a_practice_review_has_six_months_from_the_decision(under_way):
    assert clock(under_way, "CSPR6").due == on("Thu 29 Feb 2024")


def test_the_clock_of_a_paused_review_goes_on(under_way, step):
    case = step(under_way, "paused", on("Mon 2 Oct 2023"), note="An inquest is open.")
    assert clock(case, "CSPR6").due == on("Thu 29 Feb 2024")
    assert clock(case, "CSPR6", on("Fri 1 Mar 2024")).state == ClockState.LATE
    case = step(case, "in_progress", on("Mon 5 Feb 2024"))
    assert clock(case, "CSPR6").due == on("Thu 29 Feb 2024")


def test_a_delay_told_to_the_panel_stops_no_clock(under_way, step):
    step(under_way, "delay_told", on("Mon 5 Feb 2024"), note="An inquest is open.")
    assert clock(under_way, "CSPR6", on("Fri 1 Mar 2024")).state == ClockState.LATE


def send_copies(step, case, day, **values):
    return step(case, "sent_to_panel_sos", on(day), planned_publication=on("Mon 5 Jun 2023"), **values)


def test_copies_go_seven_working_days_before_publication(agreed, step):
    case = send_copies(step, agreed, "Wed 24 May 2023")
    assert clock(case, "CSPR7").state == ClockState.MET


def test_copies_sent_later_are_refused_with_the_day_of_guidance_and_that_of_the_law(agreed, step):
    with refused(
        "Copies sent on 25 May 2023 are too late for publication on 5 June 2023",
        "guidance asks for them by 24 May 2023",
        "the law by 29 May 2023",
    ):
        send_copies(step, agreed, "Thu 25 May 2023")


@pytest.mark.parametrize("day", ["Thu 25 May 2023", "Mon 29 May 2023"])
def test_copies_may_go_later_for_a_reason_down_to_the_limit_of_the_law(agreed, step, day):
    case = send_copies(step, agreed, day, late_reason="The family asked for it before the holiday.")
    assert clock(case, "CSPR7").state == ClockState.LATE_WITH_REASON
    assert clock(case, "CSPR7").legal_due == on("Mon 29 May 2023")


def test_below_the_law_no_reason_helps(agreed, step):
    with refused("Copies sent on 30 May 2023 are too late", "the law asks for them by 29 May 2023"):
        send_copies(step, agreed, "Tue 30 May 2023", late_reason="The family asked for it.")


def plan(case, day, reason="", *, by):
    """What the page of the case does with another day of publication."""
    case = ReviewCase.objects.get(pk=case.pk)
    case.planned_publication = on(day)
    record(case, by=by)
    services.check_time_limits(case, reason, by=by)


def test_a_day_of_publication_moved_forward_is_measured_against_the_copies_sent(agreed, step, bea):
    case = send_copies(step, agreed, "Wed 24 May 2023")
    with pytest.raises(
        ValidationError, match="guidance asks for them by 23 May 2023, the law by 26 May 2023"
    ):
        plan(case, "Fri 2 Jun 2023", by=bea)
    plan(case, "Fri 2 Jun 2023", "The hall was free that day.", by=bea)
    assert clock(case, "CSPR7").state == ClockState.LATE_WITH_REASON
    with pytest.raises(ValidationError, match="the law asks for them by 23 May 2023"):
        plan(case, "Tue 30 May 2023", "The hall was free that day.", by=bea)


def test_a_review_published_earlier_than_planned_is_measured_by_the_day_itself(agreed, step):
    case = send_copies(step, agreed, "Wed 24 May 2023")
    with refused("Copies sent on 24 May 2023 are too late for publication on 2 June 2023"):
        step(case, "published", on("Fri 2 Jun 2023"))
    with refused("the law asks for them by 23 May 2023"):
        step(case, "published", on("Tue 30 May 2023"), late_reason="It had leaked.")
    case = step(case, "published", on("Fri 2 Jun 2023"), late_reason="It had leaked.")
    assert clock(case, "CSPR7").reason == "It had leaked."


def test_a_review_published_later_than_planned_needs_no_reason_for_its_copies(agreed, step):
    case = send_copies(step, agreed, "Wed 24 May 2023")
    case = step(case, "published", on("Mon 3 Jul 2023"))
    assert clock(case, "CSPR7").due == on("Thu 22 Jun 2023")
    assert not LateReason.objects.exists()


@pytest.mark.parametrize("way", ["published", "improvements_published"])
def test_publishing_stops_the_clock_and_opens_the_case_to_everybody(agreed, step, mary, way):
    case = send_copies(step, agreed, "Wed 24 May 2023")
    assert not ReviewCase.objects.visible_to(mary).exists()
    case = step(case, way, on("Mon 5 Jun 2023"), title="Child R", link="https://example.org/r")
    assert (case.published_on, case.title) == (on("Mon 5 Jun 2023"), "Child R")
    assert clock(case, "CSPR6").state == ClockState.MET
    assert ReviewCase.objects.visible_to(mary).get() == case


def test_whoever_took_the_step_before_does_not_publish_the_review(agreed, step, bea, ben):
    case = send_copies(step, agreed, "Wed 24 May 2023")
    day = on("Mon 5 Jun 2023")
    with refused("Somebody else of the business unit records the publication"):
        services.move(case, Stage(case=case, code="published", on=day), by=bea)
    assert services.move(case, Stage(case=case, code="published", on=day), by=ben).published_on == day


def test_a_review_that_is_not_published_stops_the_clock_and_stays_closed(agreed, step, mary):
    case = send_copies(step, agreed, "Wed 24 May 2023")
    case = step(case, "not_published", on("Mon 5 Jun 2023"), note="It would harm a sibling.")
    assert clock(case, "CSPR6").state == ClockState.MET
    assert (case.published_on, case.ended_on) == (None, on("Mon 5 Jun 2023"))
    assert not ReviewCase.objects.visible_to(mary).exists()


def test_a_learning_brief_opens_a_local_review_with_its_public_title(local, step, mary):
    case = step(local, "brief_published", on("Mon 6 Mar 2023"), title="Asking the next question")
    assert (case.stage, case.published_on) == ("agreed", on("Mon 6 Mar 2023"))
    assert ReviewCase.objects.visible_to(mary).get().title == "Asking the next question"


def test_a_title_before_publication_is_refused(local, bea):
    with refused("A public title is recorded only once the case is published"):
        local.title = "Child R"
        record(local, by=bea)


# What each partner thought (N-4).


def views_of(stage):
    return [(view.partner, view.view) for view in stage.views.all()]


def test_what_partners_thought_is_kept_apart_from_what_was_decided(begin, step, bea):
    case = begin("rapid_review", "aware", date(2023, 5, 3))
    step(case, "notified", date(2023, 5, 4), views=[("local_authority", "agrees"), ("police", "disagrees")])
    stage = case.stages.last()
    assert (stage.code, stage.decision) == ("notified", "")
    assert views_of(stage) == [("local_authority", "agrees"), ("police", "disagrees")]
    assert {view.history.get().history_user for view in stage.views.all()} == {bea}


def test_what_partners_thought_is_put_right(notified, bea):
    stage = notified.stages.last()
    factories.PartnerViewFactory(stage=stage, partner="police", view="disagrees")
    factories.PartnerViewFactory(stage=stage, partner="health", view="agrees")
    said = [
        PartnerView(partner="police", view="agrees", note="After a talk."),
        PartnerView(partner="local_authority", view="agrees"),
    ]
    services.record_views(stage, said, by=bea, reason="Misheard")
    assert views_of(stage) == [("police", "agrees"), ("local_authority", "agrees")]
    assert stage.views.get(partner="police").note == "After a talk."
    gone = PartnerView.history.get(history_type="-")
    assert (gone.partner, gone.history_user, gone.history_change_reason) == ("health", bea, "Misheard")


def test_a_case_moves_on_though_a_partner_disagrees(begin, step):
    case = begin("rapid_review", "aware", date(2023, 5, 3))
    case = step(case, "notified", date(2023, 5, 4), views=[("police", "disagrees")])
    assert case.stage == "notified"


# Taken back, and put right.


def test_the_last_stage_is_taken_back_with_what_partners_thought(begin, step, bea):
    case = begin("rapid_review", "aware", date(2023, 5, 3))
    step(case, "notified", date(2023, 5, 4), views=[("police", "agrees")])
    case = services.take_back(case, by=bea, reason="Recorded on the wrong case")
    assert case.stage == "aware"
    assert not PartnerView.objects.exists()
    gone = Stage.history.get(history_type="-")
    assert (gone.code, gone.history_user) == ("notified", bea)
    assert gone.history_change_reason == "Recorded on the wrong case"


def test_the_first_stage_is_not_taken_back(begin, bea):
    case = begin("rapid_review", "aware", date(2023, 5, 3))
    with refused("The first stage of a case cannot be taken back: change its date instead."):
        services.take_back(case, by=bea, reason="Wrong case")


def test_an_ended_case_is_open_again_once_its_end_is_taken_back(notified, step, bea):
    case = step(notified, "withdrawn", on("Mon 24 Apr 2023"), note="The criteria are not met.")
    case = services.take_back(case, by=bea, reason="They are met")
    assert (case.stage, case.ended_on) == ("notified", None)
    assert clock(case, "RR15", on("Wed 10 May 2023")).state == ClockState.LATE


def test_publication_taken_back_hides_the_case_and_empties_its_title(agreed, step, bea, mary):
    case = send_copies(step, agreed, "Wed 24 May 2023")
    case = step(case, "published", on("Mon 5 Jun 2023"), title="Child R", link="https://example.org/r")
    case = services.take_back(case, by=bea, reason="Published by mistake")
    assert (case.published_on, case.title, case.link) == (None, "", "")
    assert not ReviewCase.objects.visible_to(mary).exists()
    assert clock(case, "CSPR6").state == ClockState.LATE


def test_the_first_day_put_right_moves_the_beginning_of_the_case(begin, bea):
    case = begin("rapid_review", "aware", on("Wed 8 Mar 2023"))
    case = put_right(case.stages.get(), on=on("Wed 5 Apr 2023"), by=bea)
    assert case.began_on == on("Wed 5 Apr 2023")
    assert clock(case, "SIN5").due == on("Fri 14 Apr 2023")
    assert case.history.first().history_change_reason == "Wrong day"


def test_a_first_day_put_right_across_a_change_of_guidance_changes_the_guidance(begin, bea):
    case = begin("rapid_review", "aware", date(2023, 12, 1))
    assert put_right(case.stages.get(), on=date(2023, 11, 30), by=bea).guidance.code == "WT2018"


def test_the_day_of_publication_put_right_is_that_of_the_case(agreed, step, bea):
    case = send_copies(step, agreed, "Wed 24 May 2023")
    case = step(case, "published", on("Mon 5 Jun 2023"))
    case = put_right(case.stages.last(), on=on("Tue 6 Jun 2023"), by=bea)
    assert case.published_on == on("Tue 6 Jun 2023")


def test_a_day_put_right_stays_between_its_neighbours(notified, bea):
    first, last = notified.stages.all()
    with refused("This is after “Notified to the national Panel, 14 April 2023”"):
        put_right(first, on=date(2023, 4, 15), by=bea)
    with refused("This is before “Local authority became aware, 5 April 2023”"):
        put_right(last, on=date(2023, 4, 4), by=bea)


@pytest.mark.parametrize(
    ("code", "day", "law"),
    [
        ("sent_to_panel_sos", "Tue 30 May 2023", "29 May 2023"),
        ("published", "Tue 30 May 2023", "23 May 2023"),
    ],
)
def test_no_day_put_right_takes_a_case_below_the_law(agreed, step, bea, code, day, law):
    case = send_copies(step, agreed, "Wed 24 May 2023")
    case = step(case, "published", on("Mon 5 Jun 2023"))
    with pytest.raises(ValidationError, match=f"the law asks for them by {law}"):
        put_right(case.stages.get(code=code), on=on(day), by=bea)


# Why it is late, said later.


def test_a_clock_that_runs_late_is_explained_and_the_reason_changed(notified, bea):
    services.explain(notified, "RR15", by=bea, reason="Two agencies answered late.")
    services.explain(notified, "RR15", by=bea, reason="Three agencies answered late.")
    kept = LateReason.objects.get()
    assert kept.reason == "Three agencies answered late."
    assert kept.history.count() == 2
    assert clock(notified, "RR15").state == ClockState.LATE_WITH_REASON


def test_an_empty_reason_explains_nothing(notified, bea):
    with refused():
        services.explain(notified, "RR15", by=bea, reason="")


# The history.


def test_every_write_leaves_its_row_with_who_and_why(begin, step, bea):
    case = begin("rapid_review", "aware", on("Thu 22 Dec 2022"))
    case = step(case, "notified", on("Wed 4 Jan 2023"), views=[("police", "agrees")], late_reason="Closed.")
    services.take_back(case, by=bea, reason="Wrong case")
    told = {
        model: [(row.history_type, row.history_change_reason) for row in model.history.order_by("history_id")]
        for model in TABLES
    }
    assert told == {
        ReviewCase: [("+", None), ("~", "Notified to the national Panel"), ("~", "Wrong case")],
        Stage: [("+", None), ("+", None), ("-", "Wrong case")],
        PartnerView: [("+", None), ("-", "Wrong case")],
        LateReason: [("+", "Closed.")],
    }
    assert {row.history_user for model in TABLES for row in model.history.all()} == {bea}
