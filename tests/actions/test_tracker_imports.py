"""A tracker as a spreadsheet: out, changed, compared, confirmed; and an old tracker brought in."""

import csv
import time
import zipfile
from datetime import date
from io import BytesIO, StringIO
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from actions.models import Action, DueRevision, Element, ProgressUpdate, TrackerImport
from actions.services import record_progress
from actions.tracker.apply import apply_import
from actions.tracker.columns import COLUMNS
from actions.tracker.compare import Comparison
from actions.tracker.table import as_day, read_sheet
from scrutiny.models import AgendaItem, Meeting, Resolution, RoleAssignment
from scrutiny.overview.papers.tracker import tracker
from scrutiny.toolkit.documents.sheet import sheet
from scrutiny.toolkit.exports import safe_cell
from tests import factories

pytestmark = pytest.mark.django_db
HEADERS = {column.key: column.header for column in COLUMNS}


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def coming(board, today):
    year = factories.YearFactory(
        label="now", start=today.replace(month=1, day=1), end=today.replace(month=12, day=31)
    )
    return factories.MeetingFactory(board=board, year=year, date=today.replace(month=12, day=31))


@pytest.fixture
def reported(ask, olivia):
    update = factories.UpdateFactory.build(element=ask.elements[0], on_behalf_of=ask.action.addressee)
    record_progress(update, [], by=olivia)
    return ask


def exported(coming, user, today):
    return tracker(coming, user, today).table()


def as_xlsx(table):
    return sheet("Tracker", table)


def as_csv(table):
    kept = StringIO(newline="")
    writer = csv.writer(kept)
    writer.writerow([column.title for column in table.columns])
    writer.writerows([safe_cell(value) for value in row] for row in table.rows)
    return ("\ufeff" + kept.getvalue()).encode()


WRITERS = {".xlsx": as_xlsx, ".csv": as_csv}


def upload(content, ending=".xlsx"):
    return SimpleUploadedFile(f"tracker{ending}", content)


def book(rows):
    page = openpyxl.Workbook()
    for row in rows:
        page.active.append(row)
    kept = BytesIO()
    page.save(kept)
    return upload(kept.getvalue())


def of(**cells):
    """A file with one row of these cells."""
    cells = {"reference": "", "element": ""} | cells
    return book([[HEADERS[key] for key in cells], list(cells.values())])


def compared(board, user, file):
    read = read_sheet(file)
    rows, unchanged, in_vain = Comparison(board, user, timezone.localdate()).preview(read.rows)
    return SimpleNamespace(rows=rows, unchanged=unchanged, in_vain=in_vain, unknown=read.unknown)


def confirmed(board, user, file):
    found = TrackerImport.objects.create(
        board=board, name="tracker.xlsx", created_by=user, rows=compared(board, user, file).rows
    )
    return apply_import(found, by=user)


def errors(found):
    return [(error["column"], error["sentence"]) for row in found.rows for error in row["errors"]]


KNOWN = {"reference": "SB-CF 22/23-01", "element": 1}


# Out and in again.


@pytest.mark.parametrize("ending", WRITERS)
def test_what_was_exported_changes_nothing_when_it_comes_back(reported, coming, olivia, today, ending):
    made = WRITERS[ending](exported(coming, olivia, today))
    found = compared(coming.board, olivia, upload(made, ending))
    assert (found.rows, found.unchanged, found.in_vain, found.unknown) == ([], 3, [], [])


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize(
    "text", ["=1+1", "+44 20", "-", "@x", "'=x", "a\nb", "  two  spaces", "word " * 6_000]
)
def test_text_of_any_kind_comes_back_as_it_was(reported, coming, olivia, today, ending, text):
    update = ProgressUpdate.objects.get()
    update.text = text
    update.save()
    made = WRITERS[ending](exported(coming, olivia, today))
    assert compared(coming.board, olivia, upload(made, ending)).rows == []


@pytest.mark.parametrize("ending", WRITERS)
def test_only_the_cells_that_were_changed_are_changes(reported, coming, olivia, today, ending):
    table = exported(coming, olivia, today)
    titles = [column.title for column in table.columns]
    table.rows[1][titles.index("The owner says")] = "Blocked"
    table.rows[1][titles.index("What was reported")] = "The system is late."
    table.rows[2][titles.index("Due until")] = date(2024, 1, 31)
    found = compared(coming.board, olivia, upload(WRITERS[ending](table), ending))
    assert [[change["column"] for change in row["changes"]] for row in found.rows] == [
        ["The owner says", "What was reported"],
        ["Due until"],
    ]
    assert (found.unchanged, errors(found)) == (1, [])
    assert found.rows[1]["changes"] == [
        {"column": "Due until", "old": "31 October 2023", "new": "31 January 2024"}
    ]


# Known rows.


def test_what_is_reported_becomes_an_update_with_the_file_as_its_source(ask, olivia):
    file = of(
        **KNOWN,
        says="In progress",
        reported="Half is done.",
        reported_by="B. Lind",
        received_on=date(2023, 5, 3),
    )
    confirmed(ask.meeting.board, olivia, file)
    update = ProgressUpdate.objects.get()
    assert (update.text, update.owner_progress, update.reported_by) == (
        "Half is done.",
        "in_progress",
        "B. Lind",
    )
    assert (update.received_on, update.recorded_by) == (date(2023, 5, 3), olivia)
    assert update.source.startswith("Spreadsheet tracker.xlsx, imported")
    assert Element.objects.get(pk=ask.elements[0].pk).owner_progress == "in_progress"


def test_where_only_the_state_changes_its_name_is_what_was_reported(reported, olivia):
    confirmed(reported.meeting.board, olivia, of(**KNOWN, says="complete"))
    last = ProgressUpdate.objects.order_by("pk").last()
    assert (last.text, last.reported_by) == ("Complete, says the owner.", "Business Manager")
    assert last.received_on == timezone.localdate()


def test_a_new_window_keeps_the_one_before(ask, olivia):
    confirmed(ask.meeting.board, olivia, of(**KNOWN, due_words="January 2024", due_to="31/01/2024"))
    action = Action.objects.get()
    assert (action.due_words, action.due_from, action.due_to) == (
        "January 2024",
        date(2023, 9, 1),
        date(2024, 1, 31),
    )
    assert DueRevision.objects.get().reason.startswith("Spreadsheet tracker.xlsx")


def test_an_emptied_date_is_taken_away_and_an_emptied_word_is_not(reported, olivia):
    found = compared(reported.meeting.board, olivia, of(**KNOWN, due_to="", reported=""))
    assert [change["column"] for change in found.rows[0]["changes"]] == ["Due until"]
    assert found.in_vain == ["What was reported"]


def test_another_addressee_is_found_by_any_of_its_names(ask, olivia):
    body = factories.OrganisationFactory(name="Exampleton Council", short_name="EC")
    confirmed(ask.meeting.board, olivia, of(**KNOWN, addressee="ec"))
    action = Action.objects.get()
    assert action.addressee == body
    assert action.history.first().history_change_reason.startswith("Spreadsheet")


def test_a_condition_is_looked_at_again_on_another_day(ask, olivia):
    confirmed(ask.meeting.board, olivia, of(**KNOWN | {"element": 3}, check_on="1 March 2024"))
    assert Element.objects.get(number=3).check_condition_on == date(2024, 3, 1)


def test_the_words_of_the_minutes_are_not_changed_by_a_sheet(ask, olivia):
    found = compared(ask.meeting.board, olivia, of(**KNOWN, words="Something milder."))
    assert (found.rows, found.in_vain) == ([], ["Words of the minutes"])


@pytest.mark.parametrize(
    ("cells", "column", "part"),
    [
        ({"reference": "SB-CF 22/23-99"}, "Reference", "Did you mean SB-CF 22/23-01?"),
        ({"element": 9}, "Element", "from 1 to 3"),
        ({"element": "first"}, "Element", "Enter the number"),
        ({"says": "nearly"}, "The owner says", "“nearly” is not one of: Not started"),
        ({"received_on": "soon"}, "Received on", "“soon” is no date"),
        ({"due_to": "31/02/2024"}, "Due until", "is no date"),
        ({"due_to": "1/1/2023"}, "Due until", "ends before it starts"),
        ({"received_on": "1/1/2999"}, "Received on", "in the future"),
        (
            {"addressee": "Exampleton Safeguarding Childrens Partnership"},
            "Addressee",
            "Did you mean Exampleton",
        ),
        ({"check_on": "1/3/2024"}, "Look at the condition again on", "has no condition"),
        ({"reported": "The child was born 3 May 2015."}, "What was reported", "Take it out of the sheet"),
        ({"due_words": "x" * 201}, "Due, in words", "Shorten this to 200"),
    ],
)
def test_a_wrong_cell_says_which_it_is_and_what_to_do(ask, olivia, cells, column, part):
    found = compared(ask.meeting.board, olivia, of(**KNOWN | cells))
    (error,) = errors(found)
    assert error[0] == column
    assert part in error[1]
    assert found.rows[0]["row"] == 2


def test_an_element_in_two_rows_is_an_error_in_the_second(ask, olivia):
    head = [HEADERS[key] for key in ("reference", "element", "says")]
    row = ["SB-CF 22/23-01", 1, "Blocked"]
    found = compared(ask.meeting.board, olivia, book([head, row, row]))
    assert [len(row["errors"]) for row in found.rows] == [0, 1]


def test_rows_of_one_action_do_not_contradict_each_other(ask, olivia):
    head = [HEADERS[key] for key in ("reference", "element", "due_to")]
    rows = [["SB-CF 22/23-01", 1, "1/2/2024"], ["SB-CF 22/23-01", 2, "1/3/2024"]]
    found = compared(ask.meeting.board, olivia, book([head, *rows]))
    assert errors(found) == [("Due until", "Row 2 says something else for the same action.")]


def test_a_row_in_error_is_left_out_and_the_others_are_applied(ask, olivia):
    head = [HEADERS[key] for key in ("reference", "element", "says")]
    rows = [["SB-CF 22/23-01", 1, "Blocked"], ["SB-CF 22/23-01", 2, "nearly"]]
    confirmed(ask.meeting.board, olivia, book([head, *rows]))
    assert [update.element.number for update in ProgressUpdate.objects.all()] == [1]


@pytest.mark.parametrize("what", ["update", "window", "element"])
def test_a_row_that_somebody_changed_meanwhile_is_refused(ask, olivia, what):
    head = [HEADERS[key] for key in ("reference", "element", "says")]
    rows = [["SB-CF 22/23-01", number, "Blocked"] for number in (1, 2)]
    board = ask.meeting.board
    found = TrackerImport.objects.create(
        board=board, name="t.xlsx", created_by=olivia, rows=compared(board, olivia, book([head, *rows])).rows
    )
    if what == "update":
        factories.UpdateFactory(element=ask.elements[0])
    elif what == "window":
        ask.action.due_words = "later"
        ask.action.save()
    else:
        ask.elements[0].text = "Other words."
        ask.elements[0].save()
    results = [row["result"] for row in apply_import(found, by=olivia).rows]
    assert results[0].startswith("Not applied: somebody changed this")
    assert (results[1] == "Applied") == (what != "window")


def test_applying_twice_does_it_once(ask, olivia):
    found = confirmed(ask.meeting.board, olivia, of(**KNOWN, says="Blocked", reported="Stuck."))
    apply_import(found, by=olivia)
    assert ProgressUpdate.objects.count() == 1


def test_many_rows_are_applied_in_steps_and_a_step_does_not_refuse_the_next(ask, olivia, monkeypatch):
    monkeypatch.setattr("actions.tracker.apply.STEP", 1)
    head = [HEADERS[key] for key in ("reference", "element", "due_to", "says")]
    rows = [["SB-CF 22/23-01", number, "1/2/2024", "Blocked"] for number in (1, 2, 3)]
    found = confirmed(ask.meeting.board, olivia, book([head, *rows]))
    assert ([row["result"] for row in found.rows], found.state) == (["Applied", "", ""], "to_confirm")
    found = apply_import(apply_import(found, by=olivia), by=olivia)
    assert ([row["result"] for row in found.rows], found.state) == (["Applied"] * 3, "applied")
    assert DueRevision.objects.count() == 1


# New rows.

NEW = {
    "asked_on": "1 February 2023",
    "minute": "47. Fostering",
    "resolution": "That the Executive reports on fostering.",
    "addressee": "ESCP Executive",
    "words": "The number of foster carers",
}


def test_a_row_of_an_old_tracker_becomes_meeting_item_resolution_action_and_element(
    board, partnership, olivia
):
    factories.YearFactory()
    file = of(**NEW, due_words="by June 2023", due_to="30/6/2023", says="In progress", reported="Half way.")
    found = confirmed(board, olivia, file)
    assert [row["result"] for row in found.rows] == ["Applied"]
    element = Element.objects.get()
    resolution = element.action.resolution
    assert (element.text, element.action.addressee) == ("The number of foster carers", partnership)
    assert (resolution.text, resolution.item.minute_number, resolution.item.title) == (
        "That the Executive reports on fostering.",
        "47",
        "Fostering",
    )
    assert (resolution.item.meeting.date, element.action.due_to) == (date(2023, 2, 1), date(2023, 6, 30))
    assert element.action.reference == "SB-CF 22/23-01"
    assert element.updates.get().text == "Half way."


def test_rows_of_one_resolution_become_elements_of_one_action(board, partnership, olivia):
    factories.YearFactory()
    rows = [NEW | {"words": words} for words in ("One", "Two", "Three")]
    head = ["Reference", "Element", *(HEADERS[key] for key in NEW)]
    confirmed(board, olivia, book([head, *(["", "", *row.values()] for row in rows)]))
    assert Action.objects.count() == Meeting.objects.count() == Resolution.objects.count() == 1
    assert [element.text for element in Element.objects.order_by("number")] == ["One", "Two", "Three"]


def test_what_is_in_the_record_already_is_not_made_again(ask, olivia):
    cells = {
        "asked_on": ask.meeting.date,
        "resolution": ask.resolution.text,
        "addressee": ask.action.addressee.name,
        "words": ask.elements[0].text,
    }
    ((_, sentence),) = errors(compared(ask.meeting.board, olivia, of(**cells)))
    assert sentence.startswith("This is in the record as SB-CF 22/23-01")


def test_a_new_element_of_a_known_resolution_joins_its_action(ask, olivia):
    cells = {
        "asked_on": ask.meeting.date,
        "resolution": ask.resolution.text,
        "addressee": ask.action.addressee.name,
        "words": "Something more",
    }
    confirmed(ask.meeting.board, olivia, of(**cells))
    assert Element.objects.get(text="Something more").action == ask.action
    assert AgendaItem.objects.count() == 1


@pytest.mark.parametrize("missing", ["asked_on", "resolution", "addressee", "words"])
def test_a_new_row_needs_its_meeting_words_and_addressee(board, partnership, olivia, missing):
    factories.YearFactory()
    ((column, sentence),) = errors(compared(board, olivia, of(**NEW | {missing: ""})))
    assert f"needs “{column}”" in sentence


@pytest.mark.parametrize(("day", "part"), [("1/2/2999", "in the future"), ("1/2/1999", "No municipal year")])
def test_the_day_of_a_new_row_is_one_the_record_can_hold(board, partnership, olivia, day, part):
    ((_, sentence),) = errors(compared(board, olivia, of(**NEW | {"asked_on": day})))
    assert part in sentence


def test_approved_minutes_take_no_new_resolution(board, partnership, olivia):
    factories.MeetingFactory(board=board, date=date(2023, 2, 1), minutes_state="approved")
    ((column, sentence),) = errors(compared(board, olivia, of(**NEW)))
    assert (column, "approved" in sentence) == ("Resolution", True)


# The file.


def test_a_title_above_the_headers_and_empty_rows_are_tolerated(ask, olivia):
    head = [HEADERS[key] for key in ("reference", "element", "says")]
    file = book([["Our tracker"], [], head, [], ["SB-CF 22/23-01", 1, "Blocked"], [None, None, None]])
    (row,) = compared(ask.meeting.board, olivia, file).rows
    assert (row["row"], row["errors"]) == (5, [])


def test_columns_nobody_knows_are_named(ask, olivia):
    file = book([["Reference", "Element", "Colour"], ["SB-CF 22/23-01", 1, "red"]])
    assert compared(ask.meeting.board, olivia, file).unknown == ["Colour"]


@pytest.mark.parametrize(
    "rows", [[], [["Element", "The owner says"]], [["Reference", "Element", "Reference"]]]
)
def test_a_file_without_the_key_columns_or_with_one_twice_is_refused(rows):
    with pytest.raises(ValidationError):
        read_sheet(book(rows))


def test_more_rows_than_can_be_looked_at_are_refused():
    lines = "Reference,Element\n" + "SB-1,1\n" * 5_001
    with pytest.raises(ValidationError, match="more than 5,000 rows"):
        read_sheet(upload(lines.encode(), ".csv"))


def test_of_a_formula_only_its_value_is_read(ask, olivia):
    """openpyxl writes no values of formulas, so there is none: the cell counts as empty."""
    file = of(**KNOWN, reported="=HYPERLINK(1)")
    assert compared(ask.meeting.board, olivia, file).rows == []


@pytest.mark.parametrize(
    "content",
    [
        b"Reference;Element;The owner says\nSB-CF 22/23-01;1;Blocked\n",
        "Reference,Element,Reported by\nSB-CF 22/23-01,1,Zo\xeb\n".encode("cp1252"),
    ],
)
def test_csv_as_excel_writes_it_is_read(ask, olivia, content):
    (row,) = compared(ask.meeting.board, olivia, upload(content, ".csv")).rows
    assert row["errors"] == []
    assert row["changes"][0]["new"] in ("Blocked", "Zoë")


def test_a_broken_spreadsheet_says_what_to_do():
    kept = BytesIO()
    with zipfile.ZipFile(book([["Reference", "Element"]])) as good, zipfile.ZipFile(kept, "w") as broken:
        for name in good.namelist():
            broken.writestr(name, b"<broken" if "sheet1" in name else good.read(name))
    with pytest.raises(ValidationError, match="cannot be read"):
        read_sheet(upload(kept.getvalue()))


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_a_day_is_read_in_every_way_it_is_written(day):
    for text in (
        f"{day:%-d/%-m/%Y}",
        f"{day:%d.%m.%Y}",
        f"{day:%d-%m-%Y}",
        f"{day:%-d %B %Y}",
        day.isoformat(),
    ):
        assert as_day(text) == day, text


@given(st.text(max_size=12))
@settings(max_examples=200)
def test_whatever_else_is_no_day(text):
    assert as_day(text) is None or any(sign.isdigit() for sign in text)


@given(
    rows=st.lists(
        st.lists(st.one_of(st.none(), st.text(max_size=20), st.integers(), st.dates()), max_size=5),
        max_size=4,
    )
)
@example(rows=[["\0"], ["SB-CF 22/23-01\0", "1", "Blo\0cked"]])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_no_csv_stops_the_comparison(ask, olivia, rows):
    kept = StringIO(newline="")
    csv.writer(kept).writerows(
        [[HEADERS[key] for key in ("reference", "element", "says", "due_to", "reported")], *rows]
    )
    file = upload(kept.getvalue().encode("utf-8", "replace"), ".csv")
    for row in compared(ask.meeting.board, olivia, file).rows:
        assert row["changes"] or row["errors"]


# The pages.


@pytest.fixture
def client(olivia):
    client = Client()
    client.force_login(olivia)
    return client


def test_a_file_is_sent_looked_at_and_confirmed(ask, client, board):
    sent = {"board": board.pk, "file": of(**KNOWN, says="Blocked", reported="Stuck.")}
    answer = client.post(reverse("tracker-import-add"), sent)
    found = TrackerImport.objects.get()
    assert answer.headers["Location"] == found.get_absolute_url()
    page = client.get(found.get_absolute_url()).content.decode()
    assert "1 row would change something" in page
    assert "“Stuck.”" in page
    assert ProgressUpdate.objects.count() == 0
    client.post(reverse("tracker-import-apply", args=[found.pk]))
    assert ProgressUpdate.objects.get().text == "Stuck."
    assert "are in the record" in client.get(found.get_absolute_url()).content.decode()


def test_a_file_that_cannot_be_read_says_so_beside_the_field(ask, client, board):
    sent = {"board": board.pk, "file": book([["A", "B"]])}
    answer = client.post(reverse("tracker-import-add"), sent)
    assert "No row of column headers was found" in answer.content.decode()
    assert TrackerImport.objects.count() == 0


@pytest.mark.parametrize("name", ["tracker.pdf", "tracker.txt"])
def test_only_spreadsheets_are_taken(ask, client, board, name):
    sent = {"board": board.pk, "file": SimpleUploadedFile(name, b"%PDF-1.7 text")}
    assert client.post(reverse("tracker-import-add"), sent).status_code == 200
    assert TrackerImport.objects.count() == 0


def test_a_dropped_spreadsheet_changes_nothing_and_cannot_be_applied(ask, client, board, olivia):
    rows = compared(board, olivia, of(**KNOWN, says="Blocked", reported="Stuck.")).rows
    found = factories.TrackerImportFactory(board=board, created_by=olivia, rows=rows)
    client.post(reverse("tracker-import-drop", args=[found.pk]))
    client.post(reverse("tracker-import-apply", args=[found.pk]))
    found.refresh_from_db()
    assert (found.state, ProgressUpdate.objects.count()) == ("dropped", 0)


def test_the_tracker_of_a_board_one_keeps_not_is_not_there(olivia, client):
    RoleAssignment.objects.filter(user=olivia).update(board=factories.BoardFactory())
    found = factories.TrackerImportFactory()
    assert client.get(found.get_absolute_url()).status_code == 404


@pytest.mark.slow
def test_five_hundred_rows_are_compared_and_applied_without_a_long_wait(ask, olivia, capsys):
    """Measured as work of this process, because tests share their machine with others."""
    head = [HEADERS[key] for key in ("reference", "element", "says", "reported")]
    for number in range(4, 504):
        factories.ElementFactory(action=ask.action, number=number)
    file = book(
        [head, *([ask.action.reference, number, "In progress", "Begun."] for number in range(4, 504))]
    )
    start = time.process_time()
    rows = compared(ask.meeting.board, olivia, file).rows
    looked = time.process_time()
    found = TrackerImport.objects.create(board=ask.meeting.board, name="t", created_by=olivia, rows=rows)
    for _ in range(20):
        found = apply_import(found, by=olivia)
    assert {row["result"] for row in found.rows} == {"Applied"}
    assert found.state == "applied"
    done = time.process_time()
    with capsys.disabled():
        print(f"\n500 rows compared in {looked - start:.1f} s of work, applied in {done - looked:.1f} s")
    assert looked - start < 5
    assert done - looked < 30
