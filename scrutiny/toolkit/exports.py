"""Tables that leave the site."""

import csv

from django.dispatch import Signal
from django.http import StreamingHttpResponse

exported = (
    Signal()
)  # with the request, what left the site in words of ours, and the record it is about or None
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Echo:
    def write(self, line):
        return line


def safe_cell(value):
    """Text that a spreadsheet will not run as a formula. Only text can be one; numbers and dates stay as they are."""
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return "'" + value
    return "" if value is None else value


def csv_response(name, header, rows):
    """Streams `rows` as a CSV file that Excel reads as UTF-8."""
    writer = csv.writer(_Echo())

    def lines():
        yield "\ufeff" + writer.writerow(header)
        for row in rows:
            yield writer.writerow([safe_cell(value) for value in row])

    return StreamingHttpResponse(
        lines(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
