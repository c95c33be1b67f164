"""Rules for every table: each named constraint refuses, links protect, reasons have room, migrations go back."""

from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.migrations import RunPython, RunSQL
from django.utils import timezone
from simple_history.models import HistoricalChanges

from actions.models import Answer, DueRevision, ElementPart, Judgement, LadderStep, Tally, Undertaking
from scrutiny.models import (
    Board,
    Entry,
    FormReceipt,
    Organisation,
    Person,
    RoleAssignment,
    Seal,
    SealedBlock,
    TrackingScheme,
    User,
)
from tests import factories
from tests.test_untracked_writes import UNTRACKED_MODELS

OURS = ("scrutiny", "reviews", "actions")
FIRST, LAST, BEFORE, LATER = date(2023, 3, 8), date(2023, 3, 9), date(2023, 3, 7), date(2023, 4, 5)


def our_models():
    """Our tables, those of histories left out."""
    found = [model for name in OURS for model in apps.get_app_config(name).get_models()]
    return [model for model in found if not issubclass(model, HistoricalChanges)]


CONSTRAINTS = {constraint.name: (m, constraint) for m in our_models() for constraint in m._meta.constraints}


# The examples. Each is a pair of functions: one that stores a row the constraint allows, and one whose row differs
# from it by no more than what the constraint forbids. They go past every form and every `clean`.


def row(build, allowed, forbidden):
    return lambda: build(**_made(allowed)), lambda: build(**_made(forbidden))


def twice(build, allowed, forbidden=()):
    """For what must be unique: a second row like the first, apart from what is given."""
    return lambda: _copy(build(), allowed), lambda: _copy(build(), dict(forbidden))


def _made(values):
    return {name: value() if callable(value) else value for name, value in values.items()}


def _copy(first, changes):
    copy = type(first)._base_manager.get(pk=first.pk)
    copy.pk, copy._state.adding = None, True
    for name, value in _made(changes).items():
        setattr(copy, name, value)
    copy.save()


def role(**values):
    user = factories.UserFactory()
    RoleAssignment.objects.create(**{"user": user, "role": "officer", "start": FIRST} | values)


def year(**values):
    factories.YearFactory(**{"label": "2022/23", "start": FIRST, "end": LAST} | values)


def category():
    scheme = TrackingScheme.objects.create(name="Two words")
    return scheme.categories.create(code="1", name="Done", effect="closes")


def seal(**values):
    return Seal.objects.create(**{"number": 1, "rows": 0, "digest": "0" * 64} | values)


def sealed_block(**values):
    blank = {"table": "scrutiny_event", "columns": "id", "ids": "1", "digests": b"", "salts": b""}
    SealedBlock.objects.create(seal=seal(), **blank | values)


def substitute(**values):
    return factories.AttendanceFactory(**{"capacity": "substitute", "status": "present"} | values)


def own_substitute():
    person = factories.PersonFactory()
    return substitute(person=person, substitute_for=person)


def receipt():
    return FormReceipt.objects.create(token="t" * 24, path="/", digest="d")


def entry():
    return Entry.objects.create(
        noun="term", object_id=1_000_001, title="Gulls", url="/", guard="record", guard_key=1
    )


def for_item():
    item = factories.ItemFactory()
    return factories.AttendanceFactory(meeting=item.meeting, item=item)


def due_revision(**values):
    DueRevision.objects.create(action=factories.ActionFactory(), changed_on=FIRST, **values)


def element_part():
    return ElementPart.objects.create(element=factories.ElementFactory(), letter="a", text="In schools")


def tally(**values):
    item = {"item": factories.ItemFactory()}
    Tally.objects.create(board=factories.BoardFactory(), **item | values)


def undertaking(**values):
    Undertaking.objects.create(item=factories.ItemFactory(), **values)


def planned():
    return factories.ProgrammeItemFactory(action=factories.ActionFactory())


def a_board():
    return Board.objects.first() or factories.BoardFactory()


def answer():
    return Answer.objects.create(
        element=factories.ElementFactory(), report=factories.ReportFactory(), coverage="fully"
    )


def judgement():
    element = factories.ElementFactory()
    scheme = element.action.board.tracking_scheme
    return Judgement.objects.create(
        element=element, item=factories.ItemFactory(), category=scheme.categories.first()
    )


def rule_of_guidance():
    return factories.ClockRuleFactory(guidance=factories.GuidanceFactory())


def curiosity():
    return factories.theme("CUR")


def neglect():
    return factories.theme("NEG")


def sent(**values):
    return factories.MessageFactory(sent_at=timezone.now(), **values)


def asked_of_a_post():
    return factories.RequestFactory(post=factories.PostFactory())


def default_step():
    return LadderStep.objects.get(board=None, kind="reminder")


def disposal_step():
    disposal = factories.DisposalFactory()
    return disposal.steps.create(kind="approved", by=disposal.prepared_by)


def redaction_step():
    redaction = factories.RedactionFactory()
    return redaction.steps.create(kind="approved", by=redaction.asked_by)


def lifted(**values):
    return factories.ElementFactory(**{"not_late_until": LATER, "not_late_because": "Received."} | values)


def reminded(**values):
    return factories.ChaseFactory(**{"due_from": None, "due_to": LATER} | values)


EXAMPLES = {
    "tally_counts_something": row(tally, {"open_actions": -1, "elements": 1}, {}),
    "tally_sum_is_not_in_a_sum": row(
        tally, {"elements": 1, "is_in_sum": True}, {"elements": 1, "is_in_sum": True, "item": None}
    ),
    "role_assignment_ends_after_start": row(role, {"end": FIRST}, {"end": BEFORE}),
    "role_assignment_contributor_has_organisation": row(
        role,
        {"role": "contributor", "organisation": factories.OrganisationFactory},
        {"role": "contributor"},
    ),
    "municipal_year_ends_after_start": row(year, {"end": LAST}, {"end": FIRST}),
    "tracking_category_unique_in_scheme": twice(category, {"code": "2"}),
    "board_membership_ends_after_start": row(
        factories.MembershipFactory, {"start": FIRST, "end": FIRST}, {"start": FIRST, "end": BEFORE}
    ),
    "board_membership_unique_start": twice(factories.MembershipFactory, {"start": LATER}),
    "post_unique_in_organisation": twice(factories.PostFactory, {"title": "Independent Scrutineer"}),
    "post_holding_ends_after_start": row(
        factories.PostHoldingFactory, {"start": FIRST, "end": FIRST}, {"start": FIRST, "end": BEFORE}
    ),
    "meeting_unique_for_board_and_day": twice(factories.MeetingFactory, {"kind": "call_in"}),
    "meeting_approved_at_only_when_approved": row(
        factories.MeetingFactory,
        {"approved_at": factories.MeetingFactory, "minutes_state": "approved"},
        {"approved_at": factories.MeetingFactory, "minutes_state": "draft_published"},
    ),
    "agenda_item_kept_back_with_reason": row(
        factories.ItemFactory,
        {"restriction": "exempt", "exempt_paragraphs": "1", "public_interest_reason": "A person is named."},
        {"restriction": "exempt", "exempt_paragraphs": "1"},
    ),
    "agenda_item_unique_position": twice(factories.ItemFactory, {"position": 999}),
    "attendance_once_at_meeting": twice(factories.AttendanceFactory, {"person": factories.PersonFactory}),
    "attendance_once_for_item": twice(for_item, {"person": factories.PersonFactory}),
    "attendance_only_substitutes_stand_in": row(
        substitute,
        {"substitute_for": factories.PersonFactory},
        {"substitute_for": factories.PersonFactory, "capacity": "member"},
    ),
    "attendance_nobody_stands_in_for_themselves": (
        lambda: substitute(substitute_for=factories.PersonFactory()),
        own_substitute,
    ),
    "section_unique_position": twice(factories.SectionFactory, {"position": 999}),
    "point_unique_position": twice(factories.PointFactory, {"kind": "discussion"}),
    "proposal_unique_position": twice(factories.ProposalFactory, {"position": 999}),
    "recorded_vote_once_each": twice(
        factories.RecordedVoteFactory, {"person": factories.PersonFactory}, {"side": "for"}
    ),
    "resolution_unique_position": twice(factories.ResolutionFactory, {"position": 999}),
    "resolution_has_words": row(factories.ResolutionFactory, {"text": "That it be noted."}, {"text": ""}),
    "term_has_meaning": row(factories.TermFactory, {"meaning": "A visit."}, {"meaning": ""}),
    "clash_has_meanings": row(factories.ClashFactory, {"meanings": "One\nTwo"}, {"meanings": ""}),
    "entry_once_for_each_record": twice(entry, {"object_id": 1_000_002}),
    "seal_unique_number": twice(seal, {"number": 2}),
    "sealed_block_in_order": row(sealed_block, {"first": 1, "last": 1}, {"first": 2, "last": 1}),
    "form_receipt_unique_token": twice(receipt, {"token": "u" * 24}),
    "disposal_step_once": twice(disposal_step, {"kind": "carried_out"}),
    "redaction_step_once": twice(redaction_step, {"kind": "carried_out"}),
    "message_claimed_before_it_is_sent": (
        lambda: sent(claimed_at=timezone.now()),
        lambda: sent(claimed_at=None),
    ),
    "update_round_due_after_it_opens": row(
        factories.RoundFactory, {"due_on": LAST, "opened_on": LAST}, {"due_on": FIRST, "opened_on": LAST}
    ),
    "update_request_once_for_a_post": twice(
        asked_of_a_post, {"organisation": factories.OrganisationFactory}, {"to_name": "Somebody else"}
    ),
    "update_request_once_without_a_post": twice(
        factories.RequestFactory, {"organisation": factories.OrganisationFactory}
    ),
    "reply_once_for_an_element": twice(factories.ReplyFactory, {"element": factories.ElementFactory}),
    "reply_sent_says_something": row(
        factories.ReplyFactory, {"sent": True, "text": "Done."}, {"sent": True, "text": ""}
    ),
    "reply_asked_back_has_question": row(
        factories.ReplyFactory,
        {"sent": True, "state": "asked_back", "question": "How many?"},
        {"sent": True, "state": "asked_back"},
    ),
    "reply_accepted_is_in_the_record": row(
        factories.ReplyFactory,
        {"state": "accepted", "update": factories.UpdateFactory},
        {"state": "accepted"},
    ),
    "reply_evidence_says_what_it_is": row(
        factories.ReplyEvidenceFactory, {"title": "Register"}, {"title": ""}
    ),
    "appendix_unique_number": twice(factories.AppendixFactory, {"number": "9a"}),
    "report_period_forwards": row(
        factories.ReportFactory,
        {"period_start": FIRST, "period_end": FIRST},
        {"period_start": FIRST, "period_end": BEFORE},
    ),
    "report_presentation_once_a_day": twice(
        factories.ReportPresentationFactory, {"on": LATER}, {"outcome": "Noted"}
    ),
    "erratum_has_words": row(factories.ErratumFactory, {"words": "An error was noted."}, {"words": ""}),
    "guidance_version_ends_after_start": row(
        factories.GuidanceFactory,
        {"valid_from": FIRST, "valid_to": FIRST},
        {"valid_from": FIRST, "valid_to": BEFORE},
    ),
    "clock_rule_unique_in_guidance": twice(rule_of_guidance, {"guidance": factories.GuidanceFactory}),
    "clock_rule_unique_whatever_the_guidance": twice(
        factories.ClockRuleFactory, {"guidance": factories.GuidanceFactory}
    ),
    "clock_rule_has_length": row(factories.ClockRuleFactory, {"length": 1}, {"length": 0}),
    "clock_rule_legal_length_has_unit": row(
        factories.ClockRuleFactory,
        {"legal_length": 7, "legal_unit": "CD"},
        {"legal_length": 7, "legal_unit": ""},
    ),
    "carry_over_changes_board": row(
        factories.CarryOverFactory, {}, {"from_board": a_board, "to_board": a_board}
    ),
    "carry_over_once_a_day": twice(factories.CarryOverFactory, {"on": LATER}),
    "programme_item_action_once": twice(planned, {"state": "taken", "meeting": factories.MeetingFactory}),
    "programme_item_moved_with_reason": row(
        factories.ProgrammeItemFactory,
        {"state": "deferred", "why": "The review is late."},
        {"state": "deferred", "why": ""},
    ),
    "programme_item_taken_at_a_meeting": row(
        factories.ProgrammeItemFactory,
        {"state": "taken", "meeting": factories.MeetingFactory},
        {"state": "taken", "meeting": None},
    ),
    "action_window_forwards": row(
        factories.ActionFactory, {"due_from": FIRST, "due_to": FIRST}, {"due_from": FIRST, "due_to": BEFORE}
    ),
    "due_revision_has_reason": row(due_revision, {"reason": "The review is late."}, {"reason": ""}),
    "element_unique_number": twice(factories.ElementFactory, {"number": 999}),
    "element_has_words": row(factories.ElementFactory, {"text": "Progress"}, {"text": ""}),
    "element_window_forwards": row(
        factories.ElementFactory, {"due_from": FIRST, "due_to": FIRST}, {"due_from": FIRST, "due_to": BEFORE}
    ),
    "element_condition_has_words_and_state": row(
        factories.ElementFactory,
        {"condition": "dependent upon the national review", "condition_state": "waiting"},
        {"condition": "", "condition_state": "waiting"},
    ),
    "element_part_unique_letter": twice(element_part, {"letter": "b"}),
    "element_not_late_has_reason": row(lifted, {"not_late_because": "Received."}, {"not_late_because": ""}),
    "ladder_step_once_for_board": twice(factories.LadderStepFactory, {"kind": "chair_letter"}),
    "ladder_step_once_for_every_board": twice(default_step, {"board": factories.BoardFactory}),
    "ladder_step_days_can_be_counted": row(factories.LadderStepFactory, {"days": -1000}, {"days": -1001}),
    "ladder_step_means_fit_kind": row(
        factories.LadderStepFactory,
        {"kind": "reminder", "means": "message"},
        {"kind": "chair_letter", "means": "message"},
    ),
    "chase_by_the_site_once_for_window": twice(reminded, {"due_from": FIRST}, {"on": LATER}),
    "undertaking_settled_with_words": row(
        factories.UndertakingFactory,
        {"settled_on": LATER, "settled_how": "Circulated by e-mail"},
        {"settled_on": LATER, "settled_how": ""},
    ),
    "undertaking_has_words": row(undertaking, {"text": "She would write."}, {"text": ""}),
    "progress_update_has_words": row(factories.UpdateFactory, {"text": "Half done."}, {"text": ""}),
    "theme_unique_code": twice(
        lambda: factories.theme("CUR"), {"code": "XYZ", "label": "Another"}, {"label": "Another"}
    ),
    "theme_unique_label": twice(
        lambda: factories.theme("CUR"), {"code": "XYZ", "label": "Another"}, {"code": "XYZ"}
    ),
    "point_theme_once": twice(factories.PointThemeFactory, {"theme": neglect}),
    "report_theme_once": twice(factories.ReportThemeFactory, {"theme": neglect}),
    "element_theme_once": twice(factories.ElementThemeFactory, {"theme": neglect}),
    "answer_once_for_report": twice(answer, {"report": factories.ReportFactory}, {"coverage": "not"}),
    "suggestion_once_for_a_meeting": twice(
        factories.SuggestionFactory, {"meeting": factories.MeetingFactory}, {"reason": "Again"}
    ),
    "judgement_once_under_an_item": twice(judgement, {"item": factories.ItemFactory}, {"comment": "Again"}),
    "review_case_title_only_published": row(
        factories.CaseFactory, {"title": "Child R", "published_on": FIRST}, {"title": "Child R"}
    ),
    "review_case_ends_after_start": row(
        factories.CaseFactory, {"began_on": FIRST, "ended_on": FIRST}, {"began_on": FIRST, "ended_on": BEFORE}
    ),
    "partner_view_once_for_stage": twice(
        factories.PartnerViewFactory, {"partner": "health"}, {"view": "agrees"}
    ),
    "late_reason_once_for_clock": twice(
        factories.LateReasonFactory, {"clock": "RR15"}, {"reason": "Easter."}
    ),
    "late_reason_has_words": row(
        factories.LateReasonFactory, {"reason": "An inquest was open."}, {"reason": ""}
    ),
    "case_theme_once": twice(factories.CaseThemeFactory, {"theme": neglect}),
    "case_presentation_once_a_day": twice(
        factories.CasePresentationFactory, {"on": LATER}, {"outcome": "Noted"}
    ),
    "learning_point_unique_number": twice(factories.LearningFactory, {"number": 999}, {"text": "Another."}),
    "learning_point_has_words": row(factories.LearningFactory, {"text": "Ask again."}, {"text": ""}),
    "learning_theme_once": twice(factories.LearningThemeFactory, {"theme": neglect}),
    "dissemination_reaches_no_more_than_target": row(
        factories.DisseminationFactory, {"reached": 40, "target": 40}, {"reached": 41, "target": 40}
    ),
    "agency_assurance_once": twice(
        factories.AssuranceFactory, {"agency": factories.OrganisationFactory}, {"cascaded": "no"}
    ),
    "element_learning_once": twice(factories.ElementLearningFactory, {"learning": factories.LearningFactory}),
}


def test_every_constraint_has_an_example_here():
    assert sorted(CONSTRAINTS) == sorted(EXAMPLES)


def test_every_unique_or_checked_rule_of_our_tables_has_a_name_of_its_own():
    names = [constraint.name for model in our_models() for constraint in model._meta.constraints]
    assert len(names) == len(set(names))
    assert not [model for model in our_models() if model._meta.unique_together]


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_database_keeps_what_this_constraint_allows(name):
    allowed, _ = EXAMPLES[name]
    before = CONSTRAINTS[name][0]._base_manager.count()
    allowed()
    assert CONSTRAINTS[name][0]._base_manager.count() > before


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_the_database_refuses_what_this_constraint_forbids(name):
    _, forbidden = EXAMPLES[name]
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        forbidden()
    assert name_or_columns(name, str(refusal.value))


def name_or_columns(name, message):
    """SQLite names the columns where a unique row stands twice, and the constraint otherwise."""
    model, constraint = CONSTRAINTS[name]
    columns = [model._meta.get_field(field).column for field in getattr(constraint, "fields", ())]
    listed = ", ".join(f"{model._meta.db_table}.{column}" for column in columns)
    return name in message or (listed and message.endswith(listed))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "half",
    [
        {"due_from": None, "due_to": BEFORE},
        {"due_from": FIRST, "due_to": None},
        {"due_from": None, "due_to": None},
    ],
)
def test_a_window_may_have_one_end_or_none(half):
    factories.ActionFactory(**half)
    factories.ElementFactory(**half)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"condition": "dependent upon it", "condition_state": "unconditional"},
        {"condition": "", "condition_state": "met"},
        {"condition": "", "condition_state": "not_met_lapsed"},
    ],
)
def test_a_condition_has_both_words_and_state_or_neither(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.ElementFactory(**values)


@pytest.mark.django_db
def test_nobody_stands_in_by_sending_apologies():
    with pytest.raises(IntegrityError), transaction.atomic():
        substitute(substitute_for=factories.PersonFactory(), status="apologies")


# Links


def links():
    """Every foreign key of our tables, as (model.field, field)."""
    return {
        f"{model._meta.label}.{field.name}": field
        for model in our_models()
        for field in model._meta.concrete_fields
        if field.many_to_one or field.one_to_one
    }


@pytest.mark.parametrize("name", sorted(links()))
def test_what_something_points_at_cannot_be_deleted(name):
    assert links()[name].remote_field.on_delete is models.PROTECT


def test_the_walk_over_links_finds_people_boards_users_and_organisations():
    assert {Person, Board, User, Organisation} <= {field.related_model for field in links().values()}


# Histories


TRACKED = [model for model in our_models() if hasattr(model, "history")]


def test_everything_is_tracked_but_receipts_and_working_papers():
    untracked = {model.__name__ for model in set(our_models()) - set(TRACKED)}
    assert untracked == UNTRACKED_MODELS


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model.__name__)
def test_a_reason_may_be_of_any_length(model):
    reason = model.history.model._meta.get_field("history_change_reason")
    assert isinstance(reason, models.TextField)
    assert reason.max_length is None


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model.__name__)
def test_the_history_stays_when_a_user_would_go(model):
    user = model.history.model._meta.get_field("history_user")
    assert user.remote_field.on_delete is not models.CASCADE


# Migrations


def our_migrations():
    """Read from their files, because the everyday run makes its tables without them."""
    files = [
        (app, path.stem) for app in OURS for path in Path(settings.BASE_DIR, app).glob("migrations/0*.py")
    ]
    return {
        f"{app}.{name}": import_module(f"{app}.migrations.{name}").Migration(name, app) for app, name in files
    }


@pytest.mark.parametrize("name", sorted(our_migrations()))
def test_a_migration_can_be_taken_back(name):
    operations = our_migrations()[name].operations
    assert [step for step in operations if not step.reversible] == []


def test_the_check_of_migrations_would_notice_one_that_only_goes_forwards():
    assert not RunPython(RunPython.noop).reversible
    assert not RunSQL("SELECT 1").reversible
    assert any(isinstance(step, RunPython) for each in our_migrations().values() for step in each.operations)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"length": 1001},
        {"legal_length": None, "legal_unit": "CD"},
        {"legal_length": 0, "legal_unit": "CD"},
        {"legal_length": 1001, "legal_unit": "CD"},
    ],
)
def test_a_clock_rule_has_lengths_one_can_count(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.ClockRuleFactory(**values)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "half",
    [{"reached": None, "target": 40}, {"reached": 40, "target": None}, {"reached": None, "target": None}],
)
def test_of_the_people_reached_and_those_meant_either_may_be_unknown(half):
    factories.DisseminationFactory(**half)


@pytest.mark.django_db
def test_a_case_that_is_open_has_no_end():
    factories.CaseFactory(began_on=FIRST, ended_on=None)
