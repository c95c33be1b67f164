"""A spreadsheet or CSV file as rows of cells. Nothing is computed: of a formula only its last value is read."""

import csv
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from io import StringIO
from pathlib import PurePath

from django.core.exceptions import ValidationError
from openpyxl import load_workbook

from actions.minutes.dates import day_or_none
from actions.tracker.columns import COLUMNS, KEYS, SEALED_ON
from scrutiny.toolkit.exports import FORMULA_SIGNS
from scrutiny.toolkit.forms import day_number, month_number, year_number

MOST_ROWS = 5_000
MOST_COLUMNS = 100
SEARCHED_FOR_HEADER = 20  # trackers begin with a title, or a logo, or both
LARGEST_UNPACKED = 200 * 1024 * 1024
NAMES = {column.title.lower(): column.key for column in COLUMNS}
TYPED_DAY = re.compile(
    r"(?P<day>\d{1,2})[/. -](?P<month>\d{1,2}|[a-z]+\.?)[/. ,-]+(?P<year>\d{4}|\d\d)", re.I
)
BRACKETS = re.compile(r"\s*\((new rows only|read only)\)$", re.IGNORECASE)


@dataclass
class Sheet:
    """`rows` are (number in the file, {column key: cell}); a cell is a text or a date. Empty rows are left out."""

    rows: list = field(default_factory=list)
    unknown: list = field(default_factory=list)


def read_sheet(upload):
    """The Sheet in an uploaded file. Raises ValidationError with a sentence that says what to do."""
    lines = enumerate(_lines(upload), start=1)
    names = None
    for _, cells in lines:
        names = _names(cells)
        if names:
            break
    if not names:
        raise ValidationError(
            "No row of column headers was found. It must hold “Reference” and “Element”, as in the tracker's "
            "own spreadsheet."
        )
    return _rows(lines, *names)


def _rows(lines, names, unknown):
    sheet = Sheet(unknown=unknown)
    for number, cells in lines:
        found = {key: cell for key, cell in zip(names, cells, strict=False) if key}
        if not any(found.values()) or str(cells[0]).startswith(SEALED_ON):
            continue
        if len(sheet.rows) == MOST_ROWS:
            raise ValidationError(
                f"This file has more than {MOST_ROWS:,} rows. Divide it and bring in the parts."
            )
        sheet.rows.append((number, found))
    return sheet


def _names(cells):
    """(the key of each column or None, the headers nobody knows) if these cells are the headers, else None."""
    titles = [BRACKETS.sub("", " ".join(str(cell).split())).lower() for cell in cells]
    keys = [NAMES.get(title) for title in titles]
    known = [key for key in keys if key]
    if not set(KEYS) <= set(known):
        return None
    if twice := next((key for key in known if known.count(key) > 1), None):
        raise ValidationError(
            f"The column “{dict(zip(NAMES.values(), NAMES, strict=True))[twice]}” is there twice."
        )
    unknown = [str(cell) for cell, key in zip(cells, keys, strict=True) if cell != "" and key is None]
    return keys, unknown


def _lines(upload):
    is_sheet = PurePath(upload.name).suffix.lower() == ".xlsx"
    return _sheet_lines(upload) if is_sheet else _csv_lines(upload)


def _sheet_lines(upload):
    if sum(part.file_size for part in zipfile.ZipFile(upload).infolist()) > LARGEST_UNPACKED:
        raise ValidationError(
            "This spreadsheet is too large once unpacked. Save the tracker alone as a new file."
        )
    upload.seek(0)
    try:
        book = load_workbook(upload, read_only=True, data_only=True, keep_links=False)
        page = book.worksheets[0]
        page.reset_dimensions()  # what a file says of its own size need not be true
        for cells in page.iter_rows(values_only=True, max_col=MOST_COLUMNS):
            yield [_cell(value) for value in cells]
    except ValidationError:
        raise
    except Exception as error:  # a broken file fails in many ways, none of them ours
        raise ValidationError(
            "This spreadsheet cannot be read. Save it again as .xlsx, or as CSV."
        ) from error


def _csv_lines(upload):
    content = upload.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        for cells in csv.reader(StringIO(text, newline=""), delimiter=delimiter):
            yield [_cell(cell) for cell in cells[:MOST_COLUMNS]]
    except csv.Error as error:
        raise ValidationError("This CSV file cannot be read. Save it again as CSV or .xlsx.") from error


def _cell(value):
    """A text or a date. The sign that kept a text from being a formula is taken away again, and NUL, which PostgreSQL
    does not take.
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return without_sign(str(value).replace("\0", "").replace("\r\n", "\n").strip())


def without_sign(text):
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_SIGNS) else text


def as_day(cell):
    """The date of a cell, typed as a date or as text: 31/10/2023, 31 October 2023, 2023-10-31. None if it is none."""
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return _typed_day(cell)


def _typed_day(text):
    typed = TYPED_DAY.fullmatch(text.strip())
    if not typed:
        return None
    year = typed["year"] if len(typed["year"]) == 4 else f"20{typed['year']}"
    numbers = year_number(year), month_number(typed["month"]), day_number(typed["day"])
    return day_or_none(*numbers) if all(numbers) else None


def as_text(cell):
    return f"{cell:%-d %B %Y}" if isinstance(cell, date) else cell
