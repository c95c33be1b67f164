"""A document as a tagged PDF (PDF/UA-1). Typst checks the standard and refuses what does not hold it.

All text reaches the template as data, so nothing in it is read as markup.
"""

import json
from pathlib import Path

import typst

from scrutiny.toolkit.documents import shown
from scrutiny.toolkit.documents.fonts import FAMILIES, FOLDER, printable

TEMPLATE = Path(__file__).parent / "document.typ"


def pdf(document, **options):
    """The bytes of the file. `options` are typst's, such as another format."""
    return typst.compile(
        TEMPLATE,
        font_paths=[FOLDER],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(_data(document)), "fonts": json.dumps(list(FAMILIES))},
        **({"format": "pdf", "pdf_standards": ["ua-1"]} | options),
    )


def _data(document):
    return {
        "title": _text(document.title),
        "caption": _text(document.caption),
        "text": [_text(line) for line in document.text],
        "sections": [_section(section) for section in document.sections],
    }


def _section(section):
    return {
        "title": _text(section.title),
        "text": [_text(line) for line in section.text],
        "quote": _text(section.quote),
        "table": section.table and _table(section.table),
    }


def _table(table):
    return {
        "columns": [{"title": _text(column.title), "width": column.width} for column in table.columns],
        "rows": [[_text(cell) for cell in row] for row in table.rows],
    }


def _text(value):
    return printable(shown(value))
