"""Keeping the audit trail and reading it in plain words."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext

from actions.models import Answer, Element, Judgement, ProgressUpdate
from reviews.models import Erratum
from scrutiny.models import Attendance, Meeting, Organisation, PostHolding, Proposal, RecordedVote
from scrutiny.toolkit.history import Change, because, changed_only, record, remove, timeline, version_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def police(olivia):
    return record(Organisation(name="Borough Police", kind="police"), by=olivia, reason="First named today")


def change(obj, by, reason="", **values):
    for name, value in values.items():
        setattr(obj, name, value)
    return record(obj, by=by, reason=reason)


def changes(entry):
    return {change.field: (change.before, change.after) for change in entry.changes}


# Keeping


def test_a_record_is_kept_with_who_and_why(police, olivia):
    row = police.history.get()
    assert (row.history_type, row.history_user, row.history_change_reason) == (
        "+",
        olivia,
        "First named today",
    )


def test_reason_and_user_do_not_stick_to_the_record(police, ada):
    assert not hasattr(police, "_change_reason")
    assert not hasattr(police, "_history_user")
    change(police, ada, short_name="BP")
    assert police.history.first().history_change_reason is None


def test_reason_and_user_do_not_stick_even_when_saving_fails(police, olivia):
    with pytest.raises(RuntimeError), because(police, "A reason", olivia):
        raise RuntimeError
    assert not hasattr(police, "_change_reason")
    assert not hasattr(police, "_history_user")


def test_whoever_hears_of_a_change_is_told_what_changed_and_it_does_not_stick(police, olivia):
    heard = []

    def hear(instance, **kwargs):
        heard.append((changed_only(instance, ["name", "email"]), changed_only(instance, ["email"])))

    with_signal = {"sender": type(police), "dispatch_uid": "a test"}
    post_save.connect(hear, **with_signal)
    try:
        record(police, by=olivia, changed=["name"])
        record(police, by=olivia)
    finally:
        post_save.disconnect(**with_signal)
    assert heard == [(True, False), (False, False)]


def test_the_class_of_a_history_is_made_once_and_its_rows_are_those_of_the_record(police, partnership):
    assert type(police.history) is type(partnership.history) is type(type(police).history)
    assert {row.id for row in police.history.all()} == {police.pk}


def test_what_the_rules_refuse_is_not_kept(police, olivia):
    with pytest.raises(ValidationError):
        change(police, olivia, name="")
    police.refresh_from_db()
    assert police.name == "Borough Police"
    assert police.history.count() == 1


def test_what_is_removed_stays_in_the_history_with_who_and_why(police, ada):
    key = police.pk
    remove(police, by=ada, reason="Entered twice")
    row = Organisation.history.filter(id=key).first()
    assert (row.history_type, row.history_user, row.history_change_reason) == ("-", ada, "Entered twice")
    assert not Organisation.objects.filter(pk=key).exists()
    assert not hasattr(police, "_change_reason")


def test_a_reason_may_be_long(police, olivia):
    change(police, olivia, reason="Because. " * 500, short_name="BP")
    assert police.history.first().history_change_reason == "Because. " * 500


# The version


def test_a_record_not_yet_saved_has_no_version():
    assert version_of(Organisation(name="New")) == ""


def test_the_version_is_the_newest_history_row_and_moves_with_each_change(police, olivia):
    first = version_of(police)
    assert first == str(police.history.get().history_id)
    change(police, olivia, short_name="BP")
    assert version_of(police) == str(police.history.first().history_id) != first


def test_the_change_of_another_record_leaves_the_version_alone(police, olivia, partnership):
    before = version_of(police)
    change(partnership, olivia, short_name="The partnership")
    assert version_of(police) == before


# Reading


def test_a_timeline_tells_who_did_what_and_why_newest_first(police, olivia, ada):
    change(police, ada, reason="As they call themselves", short_name="BP")
    newest, oldest = timeline(police.history.all())
    assert (newest.noun, newest.kind, newest.by, newest.why) == (
        "organisation",
        "changed",
        "ada",
        "As they call themselves",
    )
    assert (oldest.kind, oldest.by, oldest.why) == ("added", "Olivia Marsh", "First named today")
    assert newest.changes == [Change("short name", "", "BP")]


def test_choices_are_told_in_words(police, olivia):
    change(police, olivia, kind="health")
    assert changes(timeline(police.history.all())[0]) == {"kind": ("Police", "Health")}


def test_dates_are_told_in_words_and_empty_ones_as_nothing(olivia):
    holding = factories.PostHoldingFactory(start=date(2022, 5, 26))
    change(holding, olivia, end=date(2023, 5, 4))
    told = timeline(holding.history.all())[0]
    assert changes(told) == {"until": ("", "4 May 2023")}


def test_linked_records_are_told_by_name(olivia):
    holding = factories.PostHoldingFactory()
    old, new = str(holding.person), factories.PersonFactory(style="Dr", name="Ann Lee")
    change(holding, olivia, person=new)
    assert changes(timeline(holding.history.all())[0]) == {"person": (old, "Dr Ann Lee")}


def test_a_linked_record_that_was_deleted_is_told_so(olivia, meeting_with_item):
    there, item = meeting_with_item
    change(there, olivia, item=None)
    remove(item, by=olivia)
    assert changes(timeline(there.history.all())[0]) == {"item": ("a record deleted since", "")}


@pytest.fixture
def meeting_with_item(olivia):
    item = factories.ItemFactory()
    there = factories.AttendanceFactory(meeting=item.meeting, item=item, capacity="officer")
    return there, item


def test_yes_no_and_unknown_are_told_in_words(olivia):
    proposal = factories.ProposalFactory()
    change(proposal, olivia, on_education=True)
    change(proposal, olivia, on_education=False)
    told = [changes(entry) for entry in timeline(Proposal.history.all())[:2]]
    assert told == [{"about education functions": ("yes", "no")}, {"about education functions": ("", "yes")}]


def test_a_tally_of_none_is_told_as_a_number(olivia):
    proposal = factories.ProposalFactory()
    change(proposal, olivia, votes_against=0)
    assert changes(timeline(Proposal.history.all())[0]) == {"votes against": ("", "0")}


def test_what_only_sums_up_other_records_is_left_out(ask, olivia):
    element = ask.elements[0]
    change(element, olivia, reason="", owner_progress="complete", last_word_on=date(2023, 5, 3))
    assert [entry.kind for entry in timeline(Element.history.filter(id=element.pk))] == ["added"]


def test_our_own_keys_are_left_out(police):
    assert set(changes(timeline(police.history.all())[0])) == {"name", "kind"}


def test_a_reason_is_told_though_nothing_was_changed(police, olivia):
    record(police, by=olivia, reason="Checked with the force")
    newest = timeline(police.history.all())[0]
    assert (newest.why, newest.changes) == ("Checked with the force", [])


def test_what_the_label_says_already_is_left_out(ask):
    told = timeline(Element.history.filter(id=ask.elements[0].pk))[0]
    assert (told.label, set(changes(told))) == ("1", {"words of the minutes", "state of the condition"})


def test_a_deletion_is_told_with_its_reason(police, olivia):
    key = police.pk
    remove(police, by=olivia, reason="Entered twice")
    newest = timeline(Organisation.history.filter(id=key))[0]
    assert (newest.kind, newest.why, newest.changes) == ("deleted", "Entered twice", [])


def test_what_nobody_did_was_done_by_the_system(police):
    police.short_name = "BP"
    police.save()
    assert timeline(police.history.all())[0].by == "the system"


def test_two_records_are_not_compared_with_each_other(police, partnership):
    assert [entry.kind for entry in timeline(Organisation.history.all())] == ["added", "added"]


def test_histories_of_different_kinds_stand_in_one_timeline(ask, olivia):
    update = factories.UpdateFactory(element=ask.elements[0])
    change(ask.elements[0], olivia, text="Progress on thresholds.")
    told = timeline(
        Element.history.filter(id=ask.elements[0].pk), ProgressUpdate.history.filter(id=update.pk)
    )
    assert [(entry.noun, entry.label, entry.kind) for entry in told] == [
        ("element", "1", "changed"),
        ("progress update", "received on 3 May 2023", "added"),
        ("element", "1", "added"),
    ]


# How much reading it costs


def attendances(number):
    meeting = factories.MeetingFactory()
    factories.AttendanceFactory.create_batch(number, meeting=meeting)
    return Attendance.history.filter(meeting_id=meeting.pk)


def votes(number):
    for _ in range(number):
        factories.RecordedVoteFactory()
    return RecordedVote.history.all()


def updates(number):
    recorder = factories.UserFactory()
    factories.UpdateFactory.create_batch(number, recorded_by=recorder)
    return ProgressUpdate.history.all()


def holdings(number):
    factories.PostHoldingFactory.create_batch(number)
    return PostHolding.history.all()


def errata(number):
    factories.ErratumFactory.create_batch(number)
    return Erratum.history.all()


def answers(number):
    for _ in range(number):
        element, report = factories.ElementFactory(), factories.ReportFactory()
        Answer.objects.create(element=element, report=report, coverage="fully")
    return Answer.history.all()


def judgements(number):
    for _ in range(number):
        element = factories.ElementFactory()
        category = element.action.board.tracking_scheme.categories.first()
        Judgement.objects.create(element=element, item=factories.ItemFactory(), category=category)
    return Judgement.history.all()


def approvals(number):
    for _ in range(number):
        factories.MeetingFactory(approved_at=factories.MeetingFactory(), minutes_state="approved")
    return Meeting.history.all()


@pytest.mark.parametrize(
    "rows",
    [attendances, votes, updates, holdings, errata, answers, judgements, approvals],
    ids=lambda f: f.__name__,
)
def test_thirty_rows_cost_as_many_queries_as_three(rows):
    assert queries_for(rows(3)) == queries_for(rows(27))


def queries_for(history):
    with CaptureQueriesContext(connection) as captured:
        assert timeline(history)
    return len(captured)
