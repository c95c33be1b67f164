"""What was kept long enough goes only when two people agreed and no hold stands, and then all of it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from actions.models import Action, Message, UpdateRequest, UpdateRound
from scrutiny.events import log
from scrutiny.governance.disposal import (
    approve,
    carry_out,
    certificate,
    hold,
    lift,
    prepare,
    refuse,
    to_dispose_of,
)
from scrutiny.governance.retention import RULE, RULES, report
from scrutiny.models import Disposal, DisposedRow, Entry, Event, LegalHold
from scrutiny.seals import seal_all, sealed_digest
from scrutiny.toolkit.append_only import maintenance, missing_triggers
from scrutiny.verifying import verify
from tests import factories
from tests.conftest import hold as give
from tests.scrutiny.governance.test_redaction import everywhere, files_holding

pytestmark = [pytest.mark.django_db, pytest.mark.search]
TODAY = date(2030, 3, 8)
MARK = "zqxdue"


@pytest.fixture
def no_hold(grace):
    for each in LegalHold.objects.standing():
        lift(each, reason="Nothing applies to this Council.", by=grace)


@pytest.fixture
def old(board, settings, tmp_path):
    """An action closed on 8 March 2024, with everything that can hang on it, and one closed the day after."""
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = settings.STORAGES | {"default": files}
    action = factories.ActionFactory(
        board=board, title=f"Title {MARK}", reference="CF 22/23-01", closed_on=date(2024, 3, 8)
    )
    element = factories.ElementFactory(action=action, number=1, text=f"Element {MARK}")
    update = factories.UpdateFactory(element=element, text=f"Update {MARK}")
    factories.EvidenceFactory(
        update=update, title=MARK, file=ContentFile(MARK.encode(), name="a.txt"), file_name=f"{MARK}.txt"
    )
    message = factories.MessageFactory(text=f"Please answer {MARK}")
    factories.ChaseFactory(action=action, note=MARK, message=message)
    factories.ProgrammeItemFactory(action=action, title=f"Look at {MARK}")
    factories.ElementThemeFactory(element=element, theme=factories.theme("CUR"))
    factories.AnswerFactory(element=element, note=MARK)
    factories.JudgementFactory(element=element, comment=MARK)
    factories.SuggestionFactory(element=element, reason=MARK)
    opened = factories.RoundFactory(board=board, note=MARK)
    request = factories.RequestFactory(round=opened)
    factories.ReplyFactory(request=request, element=element, text=MARK)
    factories.MessageFactory(text=f"You are asked {MARK}", link=request.link_value)
    log("exported", on=action)
    factories.ActionFactory(
        board=board,
        resolution=action.resolution,
        number=2,
        reference="CF 22/23-02",
        closed_on=date(2024, 3, 9),
    )
    return action


def prepared(by):
    return prepare(RULE["actions"], by=by, today=TODAY)


def test_nothing_is_left_of_what_was_disposed_of(
    old, no_hold, olivia, grace, tmp_path, django_capture_on_commit_callbacks
):
    assert len(set(everywhere(MARK))) > 15
    disposal = prepared(olivia)
    approve(disposal, by=grace)
    with django_capture_on_commit_callbacks(execute=True):
        carry_out(Disposal.objects.get(), by=grace, today=TODAY)
    assert everywhere(MARK) == []
    assert files_holding(tmp_path, MARK) == []
    assert not Entry.objects.filter(noun="action", object_id=old.pk).exists()
    assert not UpdateRequest.objects.exists()
    assert not UpdateRound.objects.exists()
    assert list(Action.objects.values_list("reference", flat=True)) == ["CF 22/23-02"]
    assert missing_triggers() == []


def test_what_others_still_need_stays(old, no_hold, olivia, grace):
    request = UpdateRequest.objects.get()
    other = factories.ElementFactory(action=Action.objects.get(reference="CF 22/23-02"), number=1)
    factories.ReplyFactory(request=request, element=other)
    approve(prepared(olivia), by=grace)
    carry_out(Disposal.objects.get(), by=grace, today=TODAY)
    assert UpdateRequest.objects.get().replies.get().element == other
    assert Message.objects.filter(link=request.link_value).exists()


def test_each_deleted_row_is_named_with_its_digest(old, no_hold, olivia, grace):
    list(seal_all())
    history = Action.history.model
    sealed = {str(row.pk): sealed_digest(history, row.pk) for row in history.objects.filter(id=old.pk)}
    approve(prepared(olivia), by=grace)
    carry_out(Disposal.objects.get(), by=grace, today=TODAY)
    kept = DisposedRow.objects.filter(table=history._meta.db_table).values_list("row_id", "digest")
    assert sealed.items() <= dict(kept).items()


def test_the_history_is_whole_afterwards_and_what_is_gone_is_listed(old, no_hold, olivia, grace):
    [*_, newest] = seal_all()
    approve(prepared(olivia), by=grace)
    carry_out(Disposal.objects.get(), by=grace, today=TODAY)
    report = verify({newest.number: newest.digest})
    assert report.findings == []
    assert {gap.words for gap in report.gaps} == {str(Disposal.objects.get())}


def test_a_row_of_a_history_that_went_without_a_disposal_is_found(old, no_hold, olivia, grace):
    row = factories.OrganisationFactory().history.latest()
    list(seal_all())
    approve(prepared(olivia), by=grace)
    carry_out(Disposal.objects.get(), by=grace, today=TODAY)
    with maintenance():
        type(row).objects.filter(pk=row.pk).delete()
    deleted = [each.key for each in verify().findings if each.kind == "deleted"]
    assert deleted == [row.pk]


def test_only_what_is_six_years_old_is_due(old, no_hold):
    assert [action.reference for action in to_dispose_of(RULE["actions"], TODAY)] == ["CF 22/23-01"]
    assert to_dispose_of(RULE["actions"], date(2030, 3, 7)) == []
    assert len(to_dispose_of(RULE["actions"], date(2030, 3, 9))) == 2


def test_the_hold_the_product_ships_with_stops_everything(old, olivia):
    with pytest.raises(ValidationError, match="Nothing is due that is not held"):
        prepared(olivia)


@pytest.mark.parametrize("covers", ["rule", "board", "record"])
def test_a_hold_stops_what_it_covers(old, no_hold, board, olivia, grace, covers):
    scope = {"rule": {"rule": "actions"}, "board": {"board": board}, "record": {"record": old}}[covers]
    hold(reason="An inquiry asked for it.", by=grace, **scope)
    assert to_dispose_of(RULE["actions"], TODAY) == []


@pytest.mark.parametrize("covers", ["rule", "board", "record"])
def test_a_hold_stops_nothing_else(old, no_hold, olivia, grace, covers):
    other = Action.objects.get(reference="CF 22/23-02")
    scope = {
        "rule": {"rule": "cases"},
        "board": {"board": factories.BoardFactory()},
        "record": {"record": other},
    }[covers]
    hold(reason="An inquiry asked for it.", by=grace, **scope)
    assert to_dispose_of(RULE["actions"], TODAY) == [old]


def test_a_hold_put_up_after_approval_stops_the_deletion(old, no_hold, olivia, grace):
    disposal = approve(prepared(olivia), by=grace).disposal
    hold(reason="An inquiry asked for it.", by=grace)
    with pytest.raises(ValidationError, match="legal hold stops this for CF 22/23-01"):
        carry_out(disposal, by=grace, today=TODAY)
    assert Action.objects.filter(pk=old.pk).exists()


def test_an_action_opened_again_stops_the_deletion(old, no_hold, olivia, grace):
    disposal = approve(prepared(olivia), by=grace).disposal
    old.closed_on = None
    old.save()
    with pytest.raises(ValidationError, match="Not everything on the list is due"):
        carry_out(disposal, by=grace, today=TODAY)


def test_two_people_are_needed(old, no_hold, grace):
    with pytest.raises(ValidationError, match="two people"):
        approve(prepared(grace), by=grace)


def test_nothing_is_deleted_without_approval(old, no_hold, olivia, grace):
    with pytest.raises(ValidationError, match="decided meanwhile"):
        carry_out(prepared(olivia), by=grace, today=TODAY)


def test_what_is_on_a_list_is_not_put_on_another_until_that_is_decided(old, no_hold, olivia, grace):
    disposal = prepared(olivia)
    with pytest.raises(ValidationError, match="Nothing is due"):
        prepared(grace)
    refuse(disposal, by=grace, reason="A court may ask for it.")
    assert prepared(grace).items.get().reference == "CF 22/23-01"


def test_an_approved_list_can_still_be_refused(old, no_hold, olivia, grace):
    disposal = approve(prepared(olivia), by=grace).disposal
    refuse(Disposal.objects.get(), by=grace, reason="A court may ask for it.")
    with pytest.raises(ValidationError, match="decided meanwhile"):
        carry_out(disposal, by=grace, today=TODAY)


def test_the_certificate_says_who_when_by_which_rule_and_how_much_and_no_content(old, no_hold, olivia, grace):
    approve(prepared(olivia), by=grace)
    carry_out(Disposal.objects.get(), by=grace, today=TODAY)
    text = repr(certificate(Disposal.objects.get()))
    for words in ("6 years after the Board closed it", "Olivia Marsh", "grace", "CF 22/23-01", "1 record"):
        assert words in text
    assert MARK not in text
    assert Event.objects.get(kind="disposed").by == grace


def test_every_rule_is_told_with_how_much_is_due(old, no_hold):
    found = {due.rule.code: due for due in report(TODAY)}
    assert list(found) == [rule.code for rule in RULES]
    assert (found["actions"].count, found["actions"].since) == (1, TODAY)
    assert found["reports"].count == 0


def test_an_account_is_due_when_its_last_role_ended(olivia, db):
    user = factories.UserFactory()
    user.role_assignments.create(role="member", start=date(2020, 1, 1), end=date(2024, 1, 1))
    assert list(RULE["accounts"].due_on(TODAY)) == [user]
    user.role_assignments.create(role="member", start=date(2024, 1, 1))
    assert list(RULE["accounts"].due_on(TODAY)) == []


def test_a_review_case_that_was_not_published_is_due_for_a_look(db):
    case = factories.CaseFactory(began_on=date(2020, 1, 6), ended_on=date(2023, 3, 8))
    assert list(RULE["cases"].due_on(TODAY)) == [case]


# Pages


def client(user):
    found = Client()
    found.force_login(user)
    return found


@pytest.mark.slow
def test_from_the_report_to_the_certificate(old, no_hold, olivia, grace, arun):
    Action.objects.filter(pk=old.pk).update(closed_on=date(2018, 1, 1))
    page = client(olivia).get(reverse("disposal-list")).content.decode()
    assert reverse("disposal-add") in page
    answer = client(olivia).post(reverse("disposal-add"), {"sure": "on"})
    url = answer["Location"]
    assert "Somebody else has to approve" in client(olivia).get(url).content.decode()
    assert "CF 22/23-01" in client(grace).get(url).content.decode()
    client(grace).post(f"{url}approve/", {"sure": "on"})
    answer = client(grace).post(f"{url}carry-out/", {"sure": "on"}, follow=True)
    assert "Certificate of disposal" in answer.content.decode()
    assert client(arun).get(f"{url}certificate/").content.startswith(b"%PDF-")


def test_a_hold_is_put_up_and_lifted_on_pages(grace, board):
    answer = client(grace).post(
        reverse("hold-add"),
        {"rule": "actions", "board": board.pk, "reason": "An inquiry asked for it."},
        follow=True,
    )
    assert "An inquiry asked for it." in answer.content.decode()
    made = LegalHold.objects.latest("pk")
    assert (made.rule, made.board, made.by) == ("actions", board, grace)
    answer = client(grace).post(reverse("hold-lift", args=[made.pk]), {"reason": "It is over."}, follow=True)
    assert "An inquiry asked for it." not in answer.content.decode()
    answer = client(grace).post(reverse("hold-lift", args=[made.pk]), {"reason": "Again."})
    assert "lifted already" in answer.content.decode()


def test_an_officer_of_one_board_prepares_no_list(db, board):
    user = give(factories.UserFactory(), "officer", board=board)
    assert client(user).get(reverse("disposal-add")).status_code == 403
