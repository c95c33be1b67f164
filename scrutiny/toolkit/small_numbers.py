"""Counts so small that they might point at somebody are not shown, nor what would give them away (domain.md D-7).

What holds for one table does not hold for two: the same things counted in another split, or their total elsewhere,
can be set against it.
"""

from dataclasses import dataclass

NOT_SHOWN = "not shown"


@dataclass(frozen=True)
class FewerThan:
    """Stands in place of a count from 1 to `threshold` - 1, and does not know which."""

    threshold: int

    def __str__(self):
        return f"fewer than {self.threshold}"


@dataclass(frozen=True)
class Published:
    """A table as everybody may see it. A cell is a number or FewerThan, a total a number or NOT_SHOWN."""

    cells: dict  # {row label: {column label: cell}}
    row_totals: dict
    column_totals: dict
    total: int | str


def suppressed(table, threshold):
    """`table`, {row label: {column label: count}}, without its small numbers. `threshold` is at least 3."""
    cells = {
        row: {column: suppressed_count(count, threshold) for column, count in counts.items()}
        for row, counts in table.items()
    }
    columns = {}
    for counts in cells.values():
        for column, cell in counts.items():
            columns.setdefault(column, []).append(cell)
    return Published(
        cells=cells,
        row_totals={row: total_of(counts.values()) for row, counts in cells.items()},
        column_totals={column: total_of(column_cells) for column, column_cells in columns.items()},
        total=total_of(cell for counts in cells.values() for cell in counts.values()),
    )


def suppressed_count(count, threshold):
    """None is no secret: 0 stays 0."""
    return FewerThan(threshold) if 0 < count < threshold else count


def total_of(cells):
    """The sum; not shown as soon as one cell is suppressed, for it could be worked out from the others."""
    cells = list(cells)
    return NOT_SHOWN if any(isinstance(cell, FewerThan) for cell in cells) else sum(cells)
