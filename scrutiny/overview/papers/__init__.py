"""The papers of a meeting, each as data; scrutiny.toolkit.documents makes files of them.

A paper is built from one list of lines. Its document, for reading, and its table, for spreadsheets, tell of the same
lines, so that HTML, PDF, Word, spreadsheet and CSV cannot disagree.
"""

from collections.abc import Callable
from dataclasses import dataclass

from scrutiny.toolkit.documents import Column, Document, Table, shown

SHARE = 10  # characters that make one share of a table's width


@dataclass(frozen=True)
class Field:
    """A column of lines: `value` takes a line; `width` is in characters."""

    key: str
    title: str
    value: Callable
    width: int = 14
    words: bool = False

    @property
    def column(self):
        return Column(self.title, self.width / SHARE, self.words)


@dataclass(frozen=True)
class Paper:
    document: Document
    fields: list
    lines: list

    def table(self, keys=()):
        """All lines with the fields of these keys, with every field where none is known."""
        chosen = [field for field in self.fields if field.key in keys] or self.fields
        return Table(
            self.document.title,
            [Column(field.title, field.width) for field in chosen],
            [[field.value(line) for field in chosen] for line in self.lines],
        )


def table_of(caption, fields, lines):
    """A table for reading: cells as people read them."""
    rows = [[shown(field.value(line)) for field in fields] for line in lines]
    return Table(caption, [field.column for field in fields], rows)
