"""Reference data in the administration: two people do not overwrite each other unawares."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from scrutiny.models import Board, RoleAssignment

STALE = "Somebody else changed this after you opened it"


@pytest.fixture
def client(ada):
    client = Client()
    client.force_login(ada)
    return client


def opened(client, url):
    """What a browser would send of the form: every box with what stands in it."""
    form = BeautifulSoup(client.get(url).content, "html.parser").select_one("#content-main form")
    fields = {}
    for box in form.select("input[name], textarea[name]"):
        if box.get("type") in ("checkbox", "radio") and not box.has_attr("checked"):
            continue
        fields[box["name"]] = box.get(
            "value", box.get_text().removeprefix("\n") if box.name == "textarea" else ""
        )
    for box in form.select("select[name]"):
        chosen = box.select_one("option[selected]")
        fields[box["name"]] = chosen["value"] if chosen else ""
    return {name: value for name, value in fields.items() if not name.startswith("_")}


def test_the_second_of_two_administrators_is_told_and_keeps_their_entries(client, board):
    url = reverse("admin:scrutiny_board_change", args=[board.pk])
    mine, theirs = opened(client, url), opened(client, url)
    assert client.post(url, theirs | {"name": "Theirs", "change_reason": "New name"}).status_code == 302
    answer = client.post(url, mine | {"name": "Mine", "change_reason": "Another name"})
    assert STALE in answer.content.decode()
    assert Board.objects.get().name == "Theirs"
    kept = BeautifulSoup(answer.content, "html.parser")
    assert kept.select_one("[name=name]")["value"] == "Mine"
    again = mine | {
        "name": "Mine",
        "change_reason": "Another name",
        "version": kept.select_one("[name=version]")["value"],
    }
    assert client.post(url, again).status_code == 302
    assert Board.objects.get().name == "Mine"


def test_two_administrators_who_change_one_user_are_told_too(client, olivia):
    url = reverse("admin:scrutiny_user_change", args=[olivia.pk])
    mine, theirs = opened(client, url), opened(client, url)
    assert client.post(url, theirs | {"first_name": "Theirs"}).status_code == 302
    assert STALE in client.post(url, mine | {"first_name": "Mine"}).content.decode()


def test_two_administrators_who_change_one_role_are_told_too(client, olivia):
    url = reverse("admin:scrutiny_user_change", args=[olivia.pk])
    mine, theirs = opened(client, url), opened(client, url)
    assert client.post(url, theirs | {"role_assignments-0-end": "2030-01-01"}).status_code == 302
    answer = client.post(
        url, mine | {"role_assignments-0-end": "2031-01-01", "version": opened(client, url)["version"]}
    )
    assert STALE in answer.content.decode()
    assert RoleAssignment.objects.get(user=olivia).end.year == 2030


def test_a_record_that_is_not_there_is_said_to_be_missing(client):
    assert client.post(reverse("admin:scrutiny_board_change", args=["nonsense"]), {}).status_code == 302


def test_what_is_new_needs_no_version(client):
    url = reverse("admin:scrutiny_municipalyear_add")
    sent = {"label": "2031/32", "start": "2031-05-22", "end": "2032-05-20", "change_reason": "Next year"}
    assert client.post(url, sent).status_code == 302
