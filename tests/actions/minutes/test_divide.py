"""The minutes of a whole meeting, brought in item by item."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.db import connections
from django.urls import reverse

from actions.minutes.divide import divide
from actions.minutes.reader import read
from actions.minutes.save import save_import
from actions.models import Action, MinutesImport
from scrutiny.models import AgendaItem, Attendance, Meeting, Person
from tests import factories

CORPUS = Path(__file__).parent / "corpus"
TEXT = (CORPUS / "08-pellbrook-resolved-alone.txt").read_text("utf-8")
DAY = date(2024, 11, 14)
HOUSING = "TEMPORARY ACCOMMODATION FOR FAMILIES WITH CHILDREN"


def item(minutes, title):
    return next(found for found in minutes.items if found.title == title)


def test_an_item_holds_its_own_resolutions_and_no_others():
    minutes = read(TEXT)
    own = minutes.of_item(item(minutes, HOUSING))
    assert [found.label for found in own.resolutions] == ["a)", "b)", "c)", "c)"]
    assert len(minutes.resolutions) == 7


def test_the_requests_of_an_item_point_at_its_own_resolutions():
    minutes = read(TEXT)
    own = minutes.of_item(item(minutes, HOUSING))
    assert [own.resolutions[found.resolution].label for found in own.requests] == ["b)"]


def test_everybody_at_the_meeting_was_there_for_each_item():
    minutes = read(TEXT)
    own = minutes.of_item(item(minutes, "MINUTES"))
    assert own.attendance == minutes.attendance
    assert own.apologies == minutes.apologies


def test_whoever_came_for_another_item_was_not_there_for_this_one():
    text = (
        "1. School Meals\n\nMs Ada Poll, Catering Manager, was in attendance for this item.\n\nRESOLVED: That the "
        "report be noted.\n\n2. School Buses\n\nMr Tom Weir, Transport Manager, was in attendance for this item.\n\n"
        "RESOLVED: That the report be noted.\n"
    )
    minutes = read(text)
    assert [found.name for found in minutes.attendance] == ["Ms Ada Poll", "Mr Tom Weir"]
    assert [found.name for found in minutes.of_item(minutes.items[1]).attendance] == ["Mr Tom Weir"]


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.txt")), ids=lambda path: path.stem)
def test_no_resolution_is_in_two_items(path):
    minutes = read(path.read_text("utf-8"))
    divided = [found for one in minutes.items for found in minutes.of_item(one).resolutions]
    assert len(divided) == len({found.at for found in divided})
    assert {found.at for found in divided} <= {found.at for found in minutes.resolutions}


# Choosing the items, and confirming one after the other.

db = pytest.mark.django_db


@pytest.fixture
def whole(olivia, board, client):
    factories.YearFactory(label="2024/25", start=date(2024, 5, 23), end=date(2025, 5, 21))
    client.force_login(olivia)
    return factories.ImportFactory(
        board=board, meeting_date=DAY, created_by=olivia, text=TEXT, source_name="pellbrook.txt"
    )


def choice(client, whole):
    """{label: chosen} of the page that asks which items."""
    page = BeautifulSoup(client.get(reverse("import-items", args=[whole.pk])).content, "html.parser")
    boxes = page.select("input[name=items]")
    return {page.select_one(f"label[for={box['id']}]").text.strip(): box.has_attr("checked") for box in boxes}


def choose(client, whole, *keys):
    sent = {"board": whole.board_id, "items": keys}
    sent |= {"meeting_date_day": "14", "meeting_date_month": "11", "meeting_date_year": "2024"}
    return client.post(reverse("import-items", args=[whole.pk]), sent)


def keys_of(whole):
    return {row["title"]: row["key"] for row in whole.draft["items"]}


@db
def test_items_with_something_in_them_are_offered_and_routine_is_not_chosen(client, whole):
    assert choice(client, whole) == {
        "OS.34 MINUTES (1 resolution)": False,
        f"OS.36 {HOUSING} (4 resolutions, 1 request)": True,
        "OS.38 EXCLUSION OF PRESS AND PUBLIC (1 resolution)": False,
        "OS.39 HOSTEL CONTRACT (EXEMPT) (1 resolution)": False,
    }


@db
def test_each_chosen_item_is_confirmed_on_its_own(client, whole):
    keys = keys_of(whole)
    answer = choose(client, whole, keys[HOUSING], keys["HOSTEL CONTRACT (EXEMPT)"])
    whole.refresh_from_db()
    first, second = whole.parts.order_by("pk")
    assert answer.headers["Location"] == first.get_absolute_url()
    assert whole.state == MinutesImport.State.DIVIDED
    assert [len(part.draft["resolutions"]) for part in (first, second)] == [4, 1]
    assert (first.board, first.meeting_date) == (whole.board, DAY)
    assert not AgendaItem.objects.exists(), "nothing is in the record yet"


@db
def test_no_item_chosen_is_asked_about(client, whole):
    answer = choose(client, whole)
    assert "Select at least one agenda item." in answer.content.decode()
    assert not whole.parts.exists()


@db
def test_findings_of_a_part_keep_their_line_in_the_whole_text(client, whole):
    part = divide(whole, [keys_of(whole)[HOUSING]], by=whole.created_by)
    page = client.get(part.get_absolute_url()).content.decode()
    line = next(
        n for n, words in enumerate(TEXT.split("\n"), start=1) if "report back to the Committee" in words
    )
    assert f"#line-{line}" in page
    assert (
        "report back to the Committee" in client.get(reverse("import-text", args=[part.pk])).content.decode()
    )


@db
def test_saving_one_item_leads_to_the_next_and_the_last_one_to_the_record(client, whole):
    keys = keys_of(whole)
    first = divide(whole, [keys["MINUTES"], keys["HOSTEL CONTRACT (EXEMPT)"]], by=whole.created_by)
    second = whole.parts.order_by("pk").last()
    answer = client.post(reverse("import-save", args=[first.pk]))
    assert answer.headers["Location"] == second.get_absolute_url()
    answer = client.post(reverse("import-save", args=[second.pk]))
    second.refresh_from_db()
    assert answer.headers["Location"] == second.item.get_absolute_url()


@db
def test_all_items_stand_under_one_meeting_with_one_list_of_who_was_there(client, whole):
    divide(whole, [row["key"] for row in whole.draft["items"]], by=whole.created_by)
    for part in whole.parts.order_by("pk"):
        client.post(reverse("import-save", args=[part.pk]))
    meeting = Meeting.objects.get()
    assert [item.minute_number for item in meeting.items.order_by("position")] == [
        "OS.34",
        "OS.36",
        "OS.38",
        "OS.39",
    ]
    there = Attendance.objects.filter(status="present")
    assert there.filter(item=None).count() == there.count() == 8
    assert Action.objects.count() == 1


@db
def test_an_item_left_out_can_be_brought_in_later_and_none_twice(client, whole):
    keys = keys_of(whole)
    divide(whole, [keys[HOUSING]], by=whole.created_by)
    whole.refresh_from_db()
    assert "OS.34 MINUTES (1 resolution)" in choice(client, whole)
    assert not any(HOUSING in label for label in choice(client, whole))
    choose(client, whole, keys[HOUSING])
    assert whole.parts.count() == 1


@db
def test_a_dropped_item_is_offered_again(client, whole):
    part = divide(whole, [keys_of(whole)[HOUSING]], by=whole.created_by)
    answer = client.post(reverse("import-drop", args=[part.pk]))
    assert answer.headers["Location"] == whole.get_absolute_url()
    assert any(HOUSING in label for label in choice(client, whole))


@db
def test_the_page_of_divided_minutes_says_what_became_of_each_item(client, whole):
    divide(whole, [keys_of(whole)["MINUTES"]], by=whole.created_by)
    client.post(reverse("import-save", args=[whole.parts.get().pk]))
    page = BeautifulSoup(client.get(whole.get_absolute_url()).content, "html.parser")
    assert " ".join(page.select_one("tbody").text.split()) == "OS.34 MINUTES In the record"


@db
def test_the_minutes_of_one_item_are_not_divided(client, olivia, board, whole):
    one = factories.ImportFactory(
        board=board,
        created_by=olivia,
        text=(CORPUS / "01-brackenfirth-children.txt").read_text("utf-8"),
    )
    answer = client.get(reverse("import-items", args=[one.pk]))
    assert answer.headers["Location"] == one.get_absolute_url()


@db
def test_somebody_new_is_made_once_and_known_to_the_items_that_follow(client, whole):
    first = divide(whole, [row["key"] for row in whole.draft["items"]], by=whole.created_by)
    client.post(reverse("import-save", args=[first.pk]))
    second = first.next_part
    stokoe = Person.objects.get(name="Merrily Stokoe")
    assert second.draft["attendance"][0]["person"] == str(stokoe.pk)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_items_saved_at_the_same_moment_share_meeting_and_people(whole, olivia):
    divide(whole, [row["key"] for row in whole.draft["items"]], by=olivia)

    def press(part):
        try:
            return save_import(part, by=olivia).meeting_id
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        meetings = set(pool.map(press, whole.parts.all()))
    assert len(meetings) == 1
    assert Person.objects.filter(name="Merrily Stokoe").count() == 1
    assert AgendaItem.objects.count() == 4
