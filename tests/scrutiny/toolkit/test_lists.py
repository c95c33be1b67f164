"""Lists: what the address asks for is what is shown, counted and exported."""

import django_filters as filters
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory

from scrutiny.models import Meeting, Organisation
from scrutiny.toolkit.forms import FilterForm
from scrutiny.toolkit.lists import RecordList
from tests import factories
from tests.scrutiny.toolkit.test_exports import table

pytestmark = pytest.mark.django_db


class BodyFilter(filters.FilterSet):
    q = filters.CharFilter(field_name="name", lookup_expr="icontains")
    kind = filters.ChoiceFilter(choices=Organisation.Kind.choices)

    class Meta:
        model = Organisation
        fields = []
        form = FilterForm


class BodyList(RecordList):
    model = Organisation
    filterset_class = BodyFilter
    sorts = {"name": ["name"], "kind": ["-kind", "name"]}
    export = {
        "Name": "name",
        "Kind": "get_kind_display",
        "Record": "self_again",
        "Nothing": "missing.further",
    }
    paginate_by = 2


class MeetingFilter(filters.FilterSet):
    class Meta:
        model = Meeting
        fields = ["kind"]


class MeetingList(RecordList):
    model = Meeting
    filterset_class = MeetingFilter
    sorts = {"date": ["date"]}
    export = {"Board": "board", "Code": "board.code"}


@pytest.fixture
def bodies():
    return [
        factories.OrganisationFactory(name=name, kind=kind)
        for name, kind in [("Beta", "police"), ("Alpha", "police"), ("Gamma", "health")]
    ]


@pytest.fixture
def ask_for(olivia):
    def answer(query="", view=BodyList, user=olivia):
        request = RequestFactory().get(f"/{query}")
        request.user = user
        return view.as_view()(request)

    return answer


def names(response):
    return [body.name for body in response.context_data["object_list"]]


def all_names(response):
    return [body.name for body in response.context_data["paginator"].object_list]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("", ["Alpha", "Beta", "Gamma"]),
        ("name", ["Alpha", "Beta", "Gamma"]),
        ("-name", ["Gamma", "Beta", "Alpha"]),
        ("kind", ["Alpha", "Beta", "Gamma"]),
        ("-kind", ["Gamma", "Beta", "Alpha"]),
    ],
)
def test_a_list_is_sorted_by_link_both_ways(ask_for, bodies, sort, expected):
    assert all_names(ask_for(f"?sort={sort}")) == expected


def test_the_rows_of_a_page_stand_in_the_order_of_the_list(ask_for, bodies):
    assert names(ask_for("?sort=-name")) == ["Gamma", "Beta"]
    assert names(ask_for("?sort=-name&page=2")) == ["Alpha"]


@pytest.mark.parametrize("sort", ["password", "--name", "name,kind", "kind__x", "?", "pk"])
def test_an_unknown_sort_is_ignored(ask_for, bodies, sort):
    assert all_names(ask_for(f"?sort={sort}")) == ["Alpha", "Beta", "Gamma"]


def test_a_list_knows_how_it_is_sorted(ask_for, bodies):
    assert ask_for("").context_data["sort"] == "name"
    assert ask_for("?sort=-kind").context_data["sort"] == "-kind"


def test_a_filter_narrows_the_list(ask_for, bodies):
    response = ask_for("?kind=police&q=be")
    assert all_names(response) == ["Beta"]
    assert response.context_data["is_filtered"]


def test_a_list_without_a_filter_is_whole(ask_for, bodies):
    response = ask_for("?sort=name&page=1")
    assert len(all_names(response)) == 3
    assert not response.context_data["is_filtered"]


def test_a_filter_that_is_not_understood_shows_nothing_and_says_why(ask_for, bodies):
    response = ask_for("?kind=pirates&q=a")
    assert all_names(response) == []
    assert "pirates" in str(response.context_data["filter"].form.errors["kind"])


def test_a_filter_that_is_not_understood_exports_nothing(ask_for, bodies):
    assert len(table(ask_for("?kind=pirates&format=csv"))) == 1


def test_a_list_is_shown_in_pages(ask_for, bodies):
    assert names(ask_for("")) == ["Alpha", "Beta"]
    assert names(ask_for("?page=2")) == ["Gamma"]
    assert names(ask_for("?page=last&sort=-name")) == ["Alpha"]


@pytest.mark.parametrize("page", ["3", "0", "-1", "one"])
def test_a_page_that_is_not_there_is_not_found(ask_for, bodies, page):
    with pytest.raises(Http404):
        ask_for(f"?page={page}")


def test_an_export_holds_the_whole_list_as_filtered_and_sorted(ask_for, bodies):
    assert [row[:2] for row in table(ask_for("?kind=police&sort=-name&format=csv"))] == [
        ["Name", "Kind"],
        ["Beta", "Police"],
        ["Alpha", "Police"],
    ]
    assert len(table(ask_for("?format=csv&page=2"))) == 4


def test_an_export_leaves_empty_what_is_not_there(ask_for, bodies):
    assert table(ask_for("?format=csv"))[1][2:] == ["", ""]


def test_an_export_names_linked_records(ask_for, board):
    factories.MeetingFactory(board=board)
    assert table(ask_for("?format=csv", MeetingList))[1] == [board.name, "CF"]


def test_an_export_runs_nothing_in_a_spreadsheet(ask_for):
    factories.OrganisationFactory(name="=cmd|' /C calc'!A0")
    assert table(ask_for("?format=csv"))[1][0] == "'=cmd|' /C calc'!A0"


def test_a_list_without_an_export_is_a_page(ask_for, bodies):
    class Plain(BodyList):
        export = {}

    response = ask_for("?format=csv", Plain)
    assert names(response) == ["Alpha", "Beta"]
    assert not response.context_data["can_export"]


def test_a_list_and_its_export_hold_what_the_person_may_see(ask_for, board, mary):
    factories.MeetingFactory(board=board, minutes_state="drafting")
    assert not ask_for("", MeetingList, user=mary).context_data["object_list"]
    assert len(table(ask_for("?format=csv", MeetingList, user=mary))) == 1


def test_a_list_is_shut_to_those_without_a_role(ask_for, bodies, norma):
    with pytest.raises(PermissionDenied):
        ask_for("", user=norma)
    with pytest.raises(PermissionDenied):
        ask_for("?format=csv", user=norma)
