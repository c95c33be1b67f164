"""Who may do what: one question, one way to the rows, one way to one row."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.views.generic import View

from actions.models.imports import visible_imports
from scrutiny.models import Meeting
from scrutiny.toolkit.access import (
    EVERYWHERE,
    NOWHERE,
    Grant,
    Permitted,
    Role,
    all_of,
    any_of,
    by_grants,
    can,
    fetch,
    permitted,
    reader_of,
    require,
    within,
)
from tests import factories
from tests.conftest import hold

READER = Role("reader", "Reader", "Reads.", frozenset({"read"}))
KEEPER = Role("keeper", "Keeper", "Reads and writes.", frozenset({"read", "write"}))
OF_BOARD_7, OF_BOARD_8 = SimpleNamespace(board_id=7), SimpleNamespace(board_id=8)
OF_NO_BOARD = object()


def somebody(*grants, active=True):
    return SimpleNamespace(grants=list(grants), is_authenticated=True, is_active=active)


def test_a_role_gives_its_permissions_and_no_others():
    assert can(somebody(Grant(READER)), "read")
    assert not can(somebody(Grant(READER)), "write")


def test_a_role_for_every_board_covers_each():
    keeper = somebody(Grant(KEEPER))
    assert can(keeper, "write", OF_BOARD_7)
    assert can(keeper, "write", OF_BOARD_8)


def test_a_role_for_one_board_covers_that_board_and_what_belongs_to_none():
    keeper = somebody(Grant(KEEPER, board_id=7))
    assert can(keeper, "write", OF_BOARD_7)
    assert not can(keeper, "write", OF_BOARD_8)
    assert can(keeper, "write", OF_NO_BOARD)
    assert can(keeper, "write")


def test_permissions_of_one_role_are_not_carried_to_the_board_of_another():
    both = somebody(Grant(KEEPER, board_id=7), Grant(READER, board_id=8))
    assert can(both, "read", OF_BOARD_8)
    assert not can(both, "write", OF_BOARD_8)


@pytest.mark.parametrize("nobody", [AnonymousUser(), somebody(), somebody(Grant(KEEPER), active=False)])
def test_strangers_the_roleless_and_the_deactivated_may_nothing(nobody):
    assert not can(nobody, "read")
    with pytest.raises(PermissionDenied):
        require(nobody, "read")


def test_what_is_required_and_held_is_let_through():
    assert require(somebody(Grant(KEEPER)), "write", OF_BOARD_7) is None


# The rows


@pytest.fixture
def meetings(db):
    return [factories.MeetingFactory(minutes_state=state) for state in ("drafting", "drafting", "approved")]


def drafts_seen(meetings, *grants, path="board", scope="board_id"):
    return set(Meeting.objects.filter(within(somebody(*grants), "read", path, scope=scope)))


def test_a_role_without_limit_lies_everywhere(meetings):
    assert drafts_seen(meetings, Grant(READER)) == set(meetings)


def test_a_role_for_one_board_lies_there_only(meetings):
    assert drafts_seen(meetings, Grant(READER, board_id=meetings[0].board_id)) == {meetings[0]}


def test_roles_for_two_boards_lie_in_both(meetings):
    grants = [Grant(READER, board_id=meeting.board_id) for meeting in meetings[:2]]
    assert drafts_seen(meetings, *grants) == set(meetings[:2])


def test_one_role_without_limit_outweighs_one_with(meetings):
    grants = [Grant(READER, board_id=meetings[0].board_id), Grant(KEEPER)]
    assert drafts_seen(meetings, *grants) == set(meetings)


def test_a_limit_counts_only_for_the_role_that_gives_the_permission(meetings):
    reading_7 = Grant(READER, board_id=meetings[0].board_id)
    elsewhere = Grant(Role("none", "None", "", frozenset()), board_id=meetings[1].board_id)
    assert drafts_seen(meetings, reading_7, elsewhere) == {meetings[0]}


def test_without_the_permission_there_are_no_rows(meetings):
    assert drafts_seen(meetings, Grant(Role("none", "None", "", frozenset()))) == set()


def test_a_role_may_be_limited_by_another_scope(meetings):
    council = meetings[1].board.council_id
    grants = [Grant(READER, organisation_id=council)]
    assert drafts_seen(meetings, *grants, path="board__council", scope="organisation_id") == {meetings[1]}


def test_where_one_condition_holds_everywhere_the_others_are_not_asked():
    assert any_of(Q(board=1), EVERYWHERE, NOWHERE) == EVERYWHERE
    assert all_of(Q(board=1), EVERYWHERE) == Q(board=1)


def test_where_one_condition_holds_nowhere_the_others_do_not_help():
    assert all_of(Q(board=1), NOWHERE, EVERYWHERE) == NOWHERE
    assert any_of(NOWHERE, Q(board=1)) == Q(board=1)


def test_nothing_but_everywhere_or_nowhere_stays_what_it_is():
    assert any_of(NOWHERE, NOWHERE) == NOWHERE
    assert all_of(EVERYWHERE, EVERYWHERE) == EVERYWHERE


def test_conditions_between_the_two_are_joined():
    assert any_of(Q(board=1), Q(year=2)) == Q(board=1) | Q(year=2)
    assert all_of(Q(board=1), Q(year=2)) == Q(board=1) & Q(year=2)


def test_everywhere_or_published_is_everywhere(meetings, olivia):
    assert set(Meeting.objects.visible_to(olivia)) == set(meetings)


def test_nowhere_or_published_is_what_is_published(meetings, mary):
    assert set(Meeting.objects.visible_to(mary)) == {meetings[2]}


# One row


def test_a_row_is_fetched_by_those_who_may_change_it(meetings, olivia):
    assert fetch(Meeting.objects, olivia, "edit_record", pk=meetings[0].pk) == meetings[0]


def test_a_row_that_cannot_be_seen_is_not_found(meetings, mary):
    with pytest.raises(Http404):
        fetch(Meeting.objects, mary, pk=meetings[0].pk)


def test_a_row_that_cannot_be_seen_is_not_found_even_to_be_changed(meetings, mary):
    with pytest.raises(Http404):
        fetch(Meeting.objects, mary, "edit_record", pk=meetings[0].pk)


def test_a_row_that_is_not_there_is_not_found(meetings, olivia):
    with pytest.raises(Http404):
        fetch(Meeting.objects, olivia, pk=0)


def test_a_row_that_can_be_read_and_not_changed_is_forbidden(meetings, mary):
    assert fetch(Meeting.objects, mary, pk=meetings[2].pk) == meetings[2]
    with pytest.raises(PermissionDenied):
        fetch(Meeting.objects, mary, "edit_record", pk=meetings[2].pk)


def test_a_row_of_another_board_can_be_read_and_not_changed(meetings, norma):
    hold(norma, "officer", board=meetings[0].board)
    assert fetch(Meeting.objects, norma, "edit_record", pk=meetings[0].pk) == meetings[0]
    with pytest.raises(PermissionDenied):
        fetch(Meeting.objects, norma, "edit_record", pk=meetings[2].pk)


def test_a_board_itself_can_be_changed_only_by_those_whose_role_is_for_it(board, norma):
    """A board belongs to itself."""
    hold(norma, "officer", board=board)
    assert can(norma, "edit_record", board)
    assert not can(norma, "edit_record", factories.BoardFactory())


# Views


@permitted("write")
def write(request):
    return HttpResponse("written")


class Write(Permitted, View):
    permission = "write"

    def get(self, request):
        return HttpResponse("written")


@pytest.mark.parametrize("view", [write, Write.as_view()])
def test_a_view_lets_in_those_with_its_permission_and_nobody_else(view):
    request = RequestFactory().get("/")
    request.user = somebody(Grant(KEEPER))
    assert view(request).content == b"written"
    request.user = somebody(Grant(READER))
    with pytest.raises(PermissionDenied):
        view(request)


def test_those_who_hold_the_same_are_one_reader_and_others_are_another():
    member, officer = Grant(READER), Grant(KEEPER, board_id=7)
    assert reader_of(somebody(member, officer)) == reader_of(somebody(member, officer))
    assert reader_of(somebody(officer)) != reader_of(somebody(Grant(KEEPER, board_id=8)))
    assert hash(reader_of(somebody(officer))) == hash(reader_of(somebody(officer)))


def test_a_reader_may_do_what_those_may_who_hold_the_same_and_nothing_where_they_are_not_active():
    officer = somebody(Grant(KEEPER, board_id=7))
    for on in (OF_BOARD_7, OF_BOARD_8):
        assert can(reader_of(officer), "write", on) == can(officer, "write", on)
    assert not can(reader_of(somebody(Grant(KEEPER), active=False)), "read")
    assert not can(reader_of(AnonymousUser()), "read")


def test_a_rule_is_worked_out_once_for_all_who_hold_the_same_and_for_each_path():
    worked_out = []

    @by_grants
    def rule(user, path=""):
        worked_out.append(path)
        return within(user, "write", f"{path}board")

    for path in ("", "item__"):
        for somebody_else in (somebody(Grant(KEEPER, board_id=7)), somebody(Grant(KEEPER, board_id=7))):
            assert rule(somebody_else, path) == Q(**{f"{path}board__in": {7}})
    assert rule(somebody(Grant(KEEPER, board_id=8))) == Q(board__in={8})
    assert rule(somebody(Grant(READER))) == rule(AnonymousUser()) == NOWHERE
    assert worked_out == ["", "item__", "", "", ""]


def test_a_rule_of_grants_that_asks_who_somebody_is_fails(olivia):
    with pytest.raises(AttributeError, match="pk"):
        by_grants(visible_imports)(olivia)


def test_a_rule_that_asks_who_somebody_is_fails_for_a_reader(olivia):
    with pytest.raises(AttributeError, match="pk"):
        visible_imports(reader_of(olivia))
