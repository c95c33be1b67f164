"""A document as a tagged PDF (PDF/UA-1). Typst checks the standard and refuses what does not hold it.

All text reaches the template as data, so nothing in it is read as markup.
"""

import json
from pathlib import Path

import typst

from scrutiny.toolkit.documents import shown
from scrutiny.toolkit.documents.fonts import FAMILIES, FOLDER, printable, without_marks

TEMPLATE = Path(__file__).parent / "document.typ"


def pdf(document):
    """The bytes of the file."""
    data = json.dumps(_data(document), ensure_ascii=False)
    try:
        return _compile(data)
    except typst.TypstError:
        return _compile(without_marks(data))


def _compile(data):
    return typst.compile(
        TEMPLATE,
        format="pdf",
        font_paths=[FOLDER],
        ignore_system_fonts=True,
        sys_inputs={"data": data, "fonts": json.dumps(list(FAMILIES))},
        pdf_standards=["ua-1"],
    )


def _data(document):
    return {
        "title": _text(document.title),
        "caption": _text(document.caption),
        "text": [_text(line) for line in document.text],
        "sections": [_section(section) for section in document.sections],
        "foot": _text(document.foot),
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
