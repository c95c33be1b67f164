"""A table as a spreadsheet. Text stays text: no cell is a formula, whatever it begins with."""

from datetime import date
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from scrutiny.toolkit.documents import shown
from scrutiny.toolkit.exports import FORMULA_SIGNS

LONGEST = 32_767  # what a cell can hold
LONGEST_FOOT = 200
DAY = "D MMMM YYYY"
TOP = Alignment(vertical="top", wrap_text=True)
WIDEST = 60  # characters


def sheet(title, table, foot=""):
    """The bytes of an .xlsx file with the one table; `title` stands in its properties and on its tab, `foot` in its
    properties and at the foot of each printed page."""
    book = Workbook(write_only=True)
    book.properties.title, book.properties.language = shown(title), "en-GB"
    page = book.create_sheet(_tab(table.caption))
    book.properties.description = shown(foot)
    page.oddFooter.left.text = shown(foot).replace("&", "&&")[:LONGEST_FOOT]
    page.freeze_panes = "A2"
    for number, column in enumerate(table.columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = min(column.width, WIDEST)
    page.append([_header(page, column.title) for column in table.columns])
    for row in table.rows:
        page.append([_cell(page, value) for value in row])
    page.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def _tab(words):
    """The name of a tab has at most 31 characters, and not those of a formula."""
    return "".join(letter for letter in shown(words) if letter not in "[]:*?/\\'")[:31].strip() or "Table"


def _header(page, title):
    cell = _cell(page, title)
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="EEF4F1")
    return cell


def _cell(page, value):
    if isinstance(value, date | int):
        cell = WriteOnlyCell(page, value)
        cell.number_format = DAY if isinstance(value, date) else "0"
    else:
        text = shown(value)[:LONGEST]
        cell = WriteOnlyCell(page, text or None)
        if text:
            cell.data_type, cell.quotePrefix = "s", text.startswith(FORMULA_SIGNS)
    cell.alignment = TOP
    return cell
