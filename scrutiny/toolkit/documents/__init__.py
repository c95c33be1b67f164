"""Documents as data, and nothing of how they look: the writers beside this file make files of them.

A document has a title, sentences and sections; a section may hold one table. Cells hold text, whole numbers, dates
or None; a line break in a text is one in the cell too.
"""

import re
from dataclasses import dataclass, field
from datetime import date

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Column:
    """`width` is a share of the whole; `words` tells that the cells quote a record word for word."""

    title: str
    width: float = 1
    words: bool = False

    @property
    def size(self):
        """For pages, where a column is as wide as its kind needs: "narrow", "wide" or "middling"."""
        if self.width < 1:
            return "narrow"
        return "wide" if self.width >= 3 else "middling"


@dataclass(frozen=True)
class Table:
    caption: str
    columns: list
    rows: list


@dataclass(frozen=True)
class Section:
    """`quote` are words of the record, shown as such; `link` is where to read on, on the page only."""

    title: str
    text: list = field(default_factory=list)
    quote: str = ""
    table: Table | None = None
    link: str = ""


@dataclass(frozen=True)
class Document:
    """`foot` is a small line below everything."""

    title: str
    caption: str
    text: list = field(default_factory=list)
    sections: list = field(default_factory=list)
    foot: str = ""


def shown(value):
    """A cell as text for people, without characters that no file format can hold."""
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    return CONTROLS.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n"))
