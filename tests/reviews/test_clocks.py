"""Time limits: which holds when, when it is up, how it stands, and how that is said."""

from datetime import date
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import ProtectedError

from reviews.clocks import ClockState, due_date, run
from reviews.models import ClockRule, GuidanceVersion, Unit
from scrutiny.toolkit.dates import Calendar
from scrutiny.toolkit.history import record, version_of
from tests.scrutiny.toolkit.test_dates import on

CALENDAR = Calendar()
LONG_AGO = date(2000, 1, 1)


def limit(length=5, unit="WD", **values):
    return ClockRule(
        **{"start_event": "the incident was notified", "warn_days": 3} | values, length=length, unit=unit
    )


def clock(start, rule, **values):
    return run(rule, on(start), CALENDAR, **{"on": LONG_AGO} | values)


# The rules the product ships with


@pytest.fixture
def rule(db):
    """Finds a shipped rule, of one version of the guidance if it has any."""

    def find(code, version=None):
        return ClockRule.objects.get(code=code, guidance__code=version)

    return find


@pytest.mark.parametrize(
    ("code", "version", "start", "end"),
    [
        ("SIN5", "WT2018", "Thu 22 Dec 2022", "Tue 3 Jan 2023"),
        ("SINP5", "WT2018", "Wed 5 Apr 2023", "Fri 14 Apr 2023"),
        ("RR15", "WT2018", "Fri 14 Apr 2023", "Tue 9 May 2023"),
        ("RR15", "WT2026", "Fri 18 Dec 2026", "Wed 13 Jan 2027"),
        ("CSPR6", "WT2018", "Thu 31 Aug 2023", "Thu 29 Feb 2024"),
        ("CSPR7", "WT2018", "Mon 5 Jun 2023", "Wed 24 May 2023"),
        ("CSPR1Y", None, "Thu 29 Feb 2024", "Fri 28 Feb 2025"),
        ("NAT3Y", None, "Thu 29 Feb 2024", "Sun 28 Feb 2027"),
        ("LOC16", None, "Mon 2 Jan 2023", "Mon 24 Apr 2023"),
        ("YR12", None, "Tue 28 Feb 2023", "Wed 28 Feb 2024"),
        ("EX2M", None, "Wed 8 Mar 2023", "Sun 7 May 2023"),
        ("HS28", None, "Wed 8 Mar 2023", "Wed 5 Apr 2023"),
        ("AG5", None, "Wed 12 Apr 2023", "Fri 31 Mar 2023"),
        ("OSC10", None, "Wed 8 Mar 2023", "Wed 22 Mar 2023"),
        ("APP24", None, "Wed 8 Mar 2023", "Tue 7 Mar 2023"),
        ("FOI20", None, "Wed 1 Mar 2023", "Thu 30 Mar 2023"),  # 17 March is a holiday in Northern Ireland
        ("SAR1M", None, "Tue 31 Jan 2023", "Tue 28 Feb 2023"),
        ("BR72", None, "Fri 10 Mar 2023", "Mon 13 Mar 2023"),
        ("ACC28", None, "Wed 8 Mar 2023", "Wed 5 Apr 2023"),
    ],
)
def test_a_shipped_rule_leads_to_its_day(rule, code, version, start, end):
    assert due_date(rule(code, version), on(start), CALENDAR) == on(end)


@pytest.mark.parametrize(
    ("start", "end", "legal"),
    [
        ("Mon 5 Jun 2023", "Wed 24 May 2023", "Mon 29 May 2023"),
        ("Mon 17 Apr 2023", "Tue 4 Apr 2023", "Mon 10 Apr 2023"),
    ],
)
def test_before_publication_guidance_is_stricter_than_the_law_and_both_days_are_told(rule, start, end, legal):
    found = clock(start, rule("CSPR7", "WT2018"))
    assert (found.due, found.legal_due) == (on(end), on(legal))


def test_only_where_guidance_is_stricter_is_there_a_limit_in_law_beside_it(rule):
    assert clock("Mon 5 Jun 2023", rule("SIN5", "WT2018")).legal_due is None


@pytest.mark.parametrize("code", ["SIN5", "SINP5", "RR15", "CSPR6", "CSPR7"])
def test_what_guidance_gives_stands_once_for_each_version(db, code):
    versions = ClockRule.objects.filter(code=code).values_list("guidance__code", flat=True)
    assert list(versions) == ["WT2018", "WT2023", "WT2026"]


@pytest.mark.parametrize(
    ("day", "code"),
    [
        ("Sun 1 Jul 2018", "WT2018"),
        ("Thu 30 Nov 2023", "WT2018"),
        ("Fri 1 Dec 2023", "WT2023"),
        ("Tue 17 Mar 2026", "WT2023"),
        ("Wed 18 Mar 2026", "WT2026"),
        ("Mon 18 Mar 2041", "WT2026"),
    ],
)
def test_one_version_of_the_guidance_is_in_force_on_a_day(db, day, code):
    assert [version.code for version in GuidanceVersion.objects.in_force(on(day))] == [code]


def test_no_version_is_in_force_before_the_first(db):
    assert not GuidanceVersion.objects.in_force(on("Sat 30 Jun 2018")).exists()


def test_a_case_is_under_the_rules_of_its_version_and_those_of_every_version(db):
    version = GuidanceVersion.objects.get(code="WT2018")
    under = ClockRule.objects.under(version)
    assert under.get(code="RR15").guidance == version
    assert under.filter(code="CSPR1Y").exists()
    assert under.count() == 5 + ClockRule.objects.filter(guidance=None).count()


def test_a_new_length_under_a_new_version_leaves_the_old_ones_alone(db, ada):
    newer = ClockRule.objects.get(code="RR15", guidance__code="WT2026")
    newer.length = 20
    record(newer, by=ada, reason="The guidance changed")
    assert set(ClockRule.objects.filter(code="RR15").values_list("guidance__code", "length")) == {
        ("WT2018", 15),
        ("WT2023", 15),
        ("WT2026", 20),
    }


def test_every_shipped_rule_keeps_what_a_form_would_ask(db):
    for each in ClockRule.objects.all():
        each.full_clean()
        assert each.source


@pytest.mark.parametrize(
    ("code", "kind", "starts_at", "stops_at"),
    [
        ("SIN5", "rapid_review", "aware", "notified"),
        ("SINP5", "rapid_review", "aware", "partners_told"),
        ("RR15", "rapid_review", "notified", "sent_to_panel"),
        ("CSPR6", "cspr", "decided", "published"),
        ("CSPR7", "cspr", "", "sent_to_panel_sos"),
        ("CSPR1Y", "cspr", "published", ""),
        ("NAT3Y", "national_review", "published", ""),
        ("LOC16", "local_review", "agreed", "findings_agreed"),
        ("YR12", "", "", ""),
    ],
)
def test_a_rule_names_the_stages_between_which_it_runs(db, code, kind, starts_at, stops_at):
    found = ClockRule.objects.filter(code=code).values_list("kind", "starts_at", "stops_at")
    assert set(found) == {(kind, starts_at, stops_at)}


def test_the_rules_and_the_versions_are_seen_by_whoever_has_a_role(mary, norma):
    for model in (ClockRule, GuidanceVersion):
        assert model.objects.visible_to(mary).exists()
        assert not model.objects.visible_to(norma).exists()


def test_a_version_with_rules_is_not_deleted(db):
    with pytest.raises(ProtectedError):
        GuidanceVersion.objects.get(code="WT2018").delete()


def test_an_administrator_changes_where_the_rapid_review_starts_and_the_history_says_why(client, ada, rule):
    found = rule("RR15", "WT2026")
    client.force_login(ada)
    names = [field.name for field in ClockRule._meta.fields]
    typed = {
        name: found.serializable_value(name) for name in names if found.serializable_value(name) is not None
    }
    typed |= {"starts_at": "aware", "change_reason": "Our partners count from becoming aware"}
    typed |= {"version": version_of(found)}
    assert client.post(f"/administration/reviews/clockrule/{found.pk}/change/", typed).status_code == 302
    found.refresh_from_db()
    assert found.starts_at == "aware"
    assert found.history.first().history_change_reason == "Our partners count from becoming aware"


@pytest.mark.slow
def test_the_rules_are_taken_away_and_come_back_with_their_history(db):
    migration = import_module("reviews.migrations.0003_clock_rules")
    then = MigrationLoader(connection).project_state(("reviews", "0003_clock_rules")).apps
    migration.take_away(then, None)
    assert not GuidanceVersion.objects.exists()
    assert not ClockRule.objects.exists()
    migration.add_rules(then, None)
    for model in (GuidanceVersion, ClockRule):
        told = [each.history.get().history_change_reason for each in model.objects.all()]
        assert set(told) == {"Ships with the product"}


# How a clock stands


@pytest.mark.parametrize(
    ("today", "state"),
    [
        ("Wed 8 Mar 2023", "due"),
        ("Sat 11 Mar 2023", "due"),
        ("Sun 12 Mar 2023", "due_soon"),  # three days before
        ("Wed 15 Mar 2023", "due_soon"),  # the last day is a day in time
        ("Thu 16 Mar 2023", "late"),
        ("Mon 16 Mar 2043", "late"),
    ],
)
def test_a_clock_that_runs_is_due_then_due_soon_then_late(today, state):
    assert clock("Wed 8 Mar 2023", limit(), on=on(today)).state == state


@pytest.mark.parametrize("today", ["Wed 15 Mar 2023", "Mon 16 Mar 2043"])
@pytest.mark.parametrize(
    ("stopped", "reason", "state"),
    [
        ("Wed 8 Mar 2023", "", "met"),
        ("Wed 15 Mar 2023", "", "met"),
        ("Wed 15 Mar 2023", "The police asked for a day more.", "met"),
        ("Thu 16 Mar 2023", "", "late"),
        ("Thu 16 Mar 2023", "The police asked for a day more.", "late_with_reason"),
    ],
)
def test_a_clock_that_stopped_was_in_time_or_late_whatever_the_day(today, stopped, reason, state):
    found = clock("Wed 8 Mar 2023", limit(), on=on(today), stopped_on=on(stopped), reason=reason)
    assert (found.state, found.stopped_on, found.reason) == (state, on(stopped), reason)


def test_a_clock_that_is_late_and_still_runs_may_have_a_reason_too():
    found = clock("Wed 8 Mar 2023", limit(), on=on("Thu 16 Mar 2023"), reason="A witness is abroad.")
    assert found.state == ClockState.LATE_WITH_REASON


@pytest.mark.parametrize("today", ["Thu 9 Mar 2023", "Mon 16 Mar 2043"])
def test_where_the_duty_fell_away_the_clock_ended(today):
    found = clock("Wed 8 Mar 2023", limit(), on=on(today), ended_on=on("Thu 9 Mar 2023"))
    assert found.state == ClockState.ENDED


@pytest.mark.parametrize(("stopped", "state"), [("Thu 9 Mar 2023", "met"), ("Fri 17 Mar 2023", "late")])
def test_what_was_done_before_the_duty_fell_away_stays_in_time_or_late(stopped, state):
    found = clock("Wed 8 Mar 2023", limit(), stopped_on=on(stopped), ended_on=on("Mon 20 Mar 2023"))
    assert found.state == state


@pytest.mark.parametrize(
    ("today", "state"),
    [("Tue 4 Jun 2024", "due"), ("Wed 5 Jun 2024", "ended")],
)
def test_what_has_to_stay_public_is_never_late(today, state):
    assert clock("Mon 5 Jun 2023", limit(1, "Y"), on=on(today)).state == state


def test_what_has_to_stay_public_may_be_withdrawn():
    found = clock("Mon 5 Jun 2023", limit(1, "Y"), on=on("Tue 6 Jun 2023"), ended_on=on("Tue 6 Jun 2023"))
    assert found.state == ClockState.ENDED


def test_a_count_back_is_late_after_its_day_though_the_law_leaves_more():
    rule = limit(7, "WD_BEFORE", legal_length=7, legal_unit="CD_BEFORE")
    found = clock("Mon 5 Jun 2023", rule, stopped_on=on("Thu 25 May 2023"))
    assert found.state == ClockState.LATE
    assert found.stopped_on <= found.legal_due


def test_only_the_two_late_states_look_alarming_and_all_have_a_colour_of_their_own():
    assert {state.value: state.tone for state in ClockState} == {
        "due": "blue",
        "due_soon": "yellow",
        "met": "green",
        "late": "red",
        "late_with_reason": "orange",
        "ended": "grey",
    }


def test_the_legal_end_is_kept_and_the_working_day_before_stands_beside_it():
    found = clock("Fri 31 Mar 2023", limit(6, "M"), on=on("Sat 30 Sep 2023"))
    assert (found.due, found.last_working_day) == (on("Sat 30 Sep 2023"), on("Fri 29 Sep 2023"))
    assert found.state == ClockState.DUE_SOON


def test_an_end_on_a_working_day_needs_no_other_day():
    assert clock("Thu 31 Aug 2023", limit(6, "M")).last_working_day is None


# In words


def test_it_is_said_how_working_days_were_counted():
    assert clock("Wed 14 Sep 2022", limit()).in_words == (
        "The incident was notified on Wednesday 14 September 2022; 5 working days, leaving out Monday "
        "19 September 2022 (State Funeral of Queen Elizabeth II, bank holiday); due Thursday 22 September 2022."
    )


def test_several_days_left_out_are_told_in_a_row():
    assert clock("Wed 5 Apr 2023", limit(15)).in_words == (
        "The incident was notified on Wednesday 5 April 2023; 15 working days, leaving out Friday 7 April 2023 "
        "(Good Friday, bank holiday) and Monday 10 April 2023 (Easter Monday, bank holiday); "
        "due Friday 28 April 2023."
    )


ABOUT_HOURS = " Hours run from the minute itself, which is not kept here."
LEADS_TO = [
    (1, "WD", "1 working day; due Thursday 9 March 2023."),
    (28, "CD", "28 calendar days; due Wednesday 5 April 2023."),
    (
        1,
        "M",
        "1 month; due 8 April 2023, which falls on a Saturday; "
        "the last working day before it is Thursday 6 April 2023.",
    ),
    (
        2,
        "MB",
        "2 months beginning with that day; due 7 May 2023, which falls on a Sunday; "
        "the last working day before it is Friday 5 May 2023.",
    ),
    (1, "Y", "1 year beginning with that day; until at least Thursday 7 March 2024."),
    (3, "Y", "3 years beginning with that day; until at least Saturday 7 March 2026."),
    (5, "CLR", "5 clear working days before; due Tuesday 28 February 2023."),
    (7, "WD_BEFORE", "7 working days before; due Monday 27 February 2023."),
    (7, "CD_BEFORE", "7 calendar days before; due Wednesday 1 March 2023."),
    (24, "H_BEFORE", "24 hours before; due Tuesday 7 March 2023."),
    (36, "H_BEFORE", "36 hours before; due Monday 6 March 2023."),
    (1, "H", "1 hour; due Wednesday 8 March 2023."),
    (36, "H", "36 hours; due Thursday 9 March 2023."),
    (
        72,
        "H",
        "72 hours; due 11 March 2023, which falls on a Saturday; "
        "the last working day before it is Friday 10 March 2023.",
    ),
]


@pytest.mark.parametrize(("length", "unit", "words"), LEADS_TO)
def test_every_unit_has_its_words(length, unit, words):
    found = clock("Wed 8 Mar 2023", limit(length, unit)).in_words
    after = ABOUT_HOURS if unit in ("H", "H_BEFORE") else ""
    assert found == f"The incident was notified on Wednesday 8 March 2023; {words}{after}"


def test_every_unit_is_tried_in_words():
    assert {unit for _, unit, _ in LEADS_TO} | {"WD_UK"} == set(Unit.values)


def test_across_the_united_kingdom_the_holiday_of_another_part_is_named():
    assert clock("Wed 15 Mar 2023", limit(5, "WD_UK", start_event="the request was received")).in_words == (
        "The request was received on Wednesday 15 March 2023; 5 working days by the bank holidays of the whole "
        "United Kingdom, leaving out Friday 17 March 2023 (Saint Patrick's Day, bank holiday); "
        "due Thursday 23 March 2023."
    )


def test_an_end_on_a_bank_holiday_names_it():
    assert clock("Thu 30 Mar 2023", limit(2, "MB")).in_words.endswith(
        "; due 29 May 2023, which falls on a bank holiday (Spring Bank Holiday); "
        "the last working day before it is Friday 26 May 2023."
    )


def test_a_name_that_says_bank_holiday_is_not_followed_by_the_same_words():
    found = clock("Mon 5 Jun 2023", limit(7, "WD_BEFORE"))
    assert "leaving out Monday 29 May 2023 (Spring Bank Holiday); due" in found.in_words
    assert found.left_out == [(on("Mon 29 May 2023"), "Spring Bank Holiday")]


def test_the_limit_in_law_is_told_beside_that_of_guidance(rule):
    assert clock("Mon 17 Apr 2023", rule("CSPR7", "WT2018")).in_words.endswith(
        "; due Tuesday 4 April 2023; the limit in law is Monday 10 April 2023 (7 calendar days before)."
    )


def test_calendar_days_leave_no_bank_holiday_out():
    assert clock("Wed 5 Apr 2023", limit(28, "CD")).left_out == []


def test_a_day_added_as_data_is_left_out_by_its_name():
    calendar = Calendar({on("Thu 9 Mar 2023"): "Day of mourning"})
    found = run(limit(), on("Wed 8 Mar 2023"), calendar, on=LONG_AGO)
    assert found.due == on("Thu 16 Mar 2023")
    assert "leaving out Thursday 9 March 2023 (Day of mourning, bank holiday)" in found.in_words


@pytest.mark.parametrize("unit", Unit.values)
@pytest.mark.parametrize("length", [1, 1000])
@pytest.mark.parametrize("start", [date(1872, 1, 1), date(2024, 2, 29), date(2100, 12, 31)])
def test_every_length_that_the_database_keeps_can_be_counted(start, length, unit):
    rule = limit(length, unit)
    found = run(rule, start, CALENDAR, on=start)
    goes_back = unit.endswith("_BEFORE") or unit == "CLR"
    assert (found.due <= start) if goes_back else (found.due >= start)
