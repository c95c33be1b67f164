"""Documents as PDF, Word and spreadsheets: their structure, and any text that people may write."""

from datetime import date
from io import BytesIO

import docx
import openpyxl
import pikepdf
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from scrutiny.toolkit.documents import Column, Document, Section, Table, shown
from scrutiny.toolkit.documents.fonts import FAMILIES, covered, printable
from scrutiny.toolkit.documents.pdf import pdf
from scrutiny.toolkit.documents.sheet import LONGEST, sheet
from scrutiny.toolkit.documents.word import word

NASTY = [
    '# heading *bold* _under_ $x^2$ <label> @ref \\ `code` //comment #import "x"',
    "=1+1",
    "+44 113",
    "-5",
    "@SUM(A1)",
    "'=quoted",
    "😀 👩‍👩‍👧 🏳️‍🌈",
    "العربية: متى تجيب اللجنة؟",
    "עברית: מתי תשיב הוועדה?",
    "漢字とかな",
    "a mark of another script م\u059a, alone \u064f",
    "combined e\u0301 and \u0301 alone",
    "\x00\x07\x1b control \ufeff mark \u202e turned \ufffe",
    "first\r\nsecond\nthird\u2028fourth",
    "<w:p>&amp;</w:p> ]]> &",
    "word " * 5_000,
]


def document(rows=((1, "a", date(2023, 10, 31)),), tables=1):
    columns = [Column("No.", 0.5), Column("Words", 4), Column("Day", 1.5)]
    table = Table("What was asked", columns, [list(row) for row in rows])
    sections = [Section(f"Action {n}", ["Asked."], "That it be done.", table) for n in range(tables)]
    return Document("Tracker for 4 October", "Scrutiny Board", ["Two are late."], sections)


# Text.


def test_a_cell_is_shown_as_people_write_it():
    assert [shown(value) for value in (None, 3, date(2023, 10, 31), "a\r\nb\x07")] == [
        "",
        "3",
        "31 October 2023",
        "a\nb",
    ]


def test_what_the_fonts_have_stays_and_the_rest_is_told_by_its_name():
    assert printable("Café “½” – Ω Я مرحبا שלום") == "Café “½” – Ω Я مرحبا שלום"
    assert printable("Done 😀") == "Done [grinning face]"
    assert "[" not in printable("e\u0301\u200d\ufeff")


def test_every_family_has_characters_of_its_own():
    assert len(FAMILIES) == 3
    assert {ord("A"), ord("é"), ord("ש"), ord("م")} <= covered()
    assert ord("漢") not in covered()


# PDF.


def tree(file):
    """(tag, element) of every element of the structure tree."""
    waiting = [file.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop(0)
        if isinstance(element, pikepdf.Dictionary):
            if "/S" in element:
                yield str(element.S), element
            kids = element.get("/K", [])
            waiting[:0] = list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def opened(made):
    return pikepdf.open(BytesIO(made))


def test_a_pdf_is_tagged_titled_and_in_british_english():
    file = opened(pdf(document()))
    assert file.Root.MarkInfo.Marked
    assert str(file.Root.Lang) == "en-GB"
    assert file.Root.ViewerPreferences.DisplayDocTitle
    with file.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == "Tracker for 4 October"


def test_a_table_over_many_pages_is_one_table_with_one_header_in_a_pdf():
    file = opened(pdf(document([(n, "word " * 40, None) for n in range(60)])))
    tags = [tag for tag, _ in tree(file)]
    assert len(file.pages) > 3
    assert (tags.count("/Table"), tags.count("/THead"), tags.count("/TR")) == (1, 1, 61)
    headers = [element for tag, element in tree(file) if tag == "/TH"]
    assert len(headers) == 3
    assert {
        str(header.A.Scope if not isinstance(header.A, pikepdf.Array) else header.A[0].Scope)
        for header in headers
    } == {"/Column"}


def test_a_pdf_has_its_headings_in_order_and_its_fonts_inside():
    file = opened(pdf(document(tables=2)))
    assert [tag for tag, _ in tree(file) if tag.startswith("/H") and tag[2:].isdigit()] == [
        "/H1",
        "/H2",
        "/H2",
    ]
    fonts = [font for page in file.pages for font in page.Resources.Font.values()]
    assert fonts
    assert all("FontFile" in str(dict(font.DescendantFonts[0].FontDescriptor).keys()) for font in fonts)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_any_text_goes_into_a_pdf(text):
    assert opened(pdf(document([(1, text, None)]))).pages


@pytest.mark.slow
@given(st.lists(st.text(st.characters(), max_size=60), min_size=1, max_size=3))
@settings(max_examples=60)
def test_no_text_stops_a_pdf_or_a_word_file(texts):
    made = document([(n, text, None) for n, text in enumerate(texts)])
    assert pdf(made).startswith(b"%PDF-")
    assert word(made).startswith(b"PK")


def test_a_document_without_anything_is_a_pdf_and_a_word_file():
    empty = Document("Tracker", "Scrutiny Board", ["Nothing is open."], [])
    assert pdf(empty).startswith(b"%PDF-")
    assert docx.Document(BytesIO(word(empty))).paragraphs[2].text == "Nothing is open."


def test_markup_in_text_is_printed_and_not_obeyed():
    def tags(text):
        return [tag for tag, _ in tree(opened(pdf(document([(1, text, None)]))))]

    assert tags("= no heading\n#table[a]") == tags("xx no heading\nxtable[a]")


# Word.


def test_a_word_file_has_real_headings_a_title_and_one_language():
    file = docx.Document(BytesIO(word(document(tables=2))))
    headings = [(p.style.name, p.text) for p in file.paragraphs if p.style.name.startswith("Heading")]
    assert headings == [
        ("Heading 1", "Tracker for 4 October"),
        ("Heading 2", "Action 0"),
        ("Heading 2", "Action 1"),
    ]
    assert file.core_properties.title == "Tracker for 4 October"
    languages = {lang.get(qn("w:val")) for lang in file.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}


def test_a_header_row_repeats_and_no_row_is_divided_in_a_word_file():
    (table,) = docx.Document(BytesIO(word(document([(n, "a", None) for n in range(3)])))).tables
    rows = [row._tr.trPr for row in table.rows]
    assert [row.find(qn("w:tblHeader")) is not None for row in rows] == [True, False, False, False]
    assert all(row.find(qn("w:cantSplit")) is not None for row in rows)


def test_columns_and_cells_of_a_word_file_have_the_same_widths():
    (table,) = docx.Document(BytesIO(word(document()))).tables
    widths = [column.width for column in table.columns]
    assert widths[1] > widths[2] > widths[0] > 0
    assert [[cell.width for cell in row.cells] for row in table.rows] == [widths, widths]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_any_text_goes_into_a_word_file(text):
    (table,) = docx.Document(BytesIO(word(document([(1, text, None)])))).tables
    assert table.rows[1].cells[1].text.split() == shown(text).split()


# Spreadsheet.


def cells(rows):
    made = sheet("Tracker: 4 October", document(rows).sections[0].table)
    return openpyxl.load_workbook(BytesIO(made)).active


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_any_text_is_a_text_in_a_spreadsheet_and_no_formula(text):
    cell = cells([(1, text, None)])["B2"]
    assert (cell.data_type, cell.value) == ("s", shown(text)[:LONGEST])


def test_numbers_and_days_stay_what_they_are_in_a_spreadsheet():
    page = cells([(1, "a", date(2023, 10, 31)), (2, None, None)])
    assert page["A2"].value == 1
    assert page["C2"].value.date() == date(2023, 10, 31)
    assert (page["B3"].value, page["C3"].value) == (None, None)


def test_the_header_of_a_spreadsheet_stays_in_sight():
    page = cells([(1, "a", None)])
    assert [cell.value for cell in page[1]] == ["No.", "Words", "Day"]
    assert page.freeze_panes == "A2"
    assert page["A1"].font.bold
    assert page.title == "What was asked"
