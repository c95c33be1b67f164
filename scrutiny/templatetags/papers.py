"""`{% head_row table %}` and `{% body_rows table %}`: the rows of a table, written here because papers have hundreds
and a template takes ten times as long."""

from html import escape

from django import template
from django.utils.safestring import mark_safe

from scrutiny.templatetags.glossary import explained

register = template.Library()

HEAD = '<th scope="col" class="govuk-table__header paper__{}">{}</th>'
CELL = '<td class="govuk-table__cell preserve-lines">{}</td>'
FIRST = '<th scope="row" class="govuk-table__header preserve-lines">{}</th>'


@register.simple_tag
def head_row(table):
    cells = "".join(HEAD.format(column.size, escape(column.title)) for column in table.columns)
    return mark_safe(f'<tr class="govuk-table__row">{cells}</tr>')  # every title was escaped


@register.simple_tag(takes_context=True)
def body_rows(context, table):
    """A row is named by its first cell. Words of a record are explained where they stand."""
    words = [column.words for column in table.columns]
    rows = (_row(context, words, row) for row in table.rows)
    return mark_safe("\n".join(rows))  # every cell was escaped below


def _row(context, words, row):
    first, *rest = (
        explained(context, cell) if quotes and cell else escape(str(cell))
        for quotes, cell in zip(words, row, strict=True)
    )
    cells = "".join(map(CELL.format, rest))
    return f'<tr class="govuk-table__row">{(FIRST if first else CELL).format(first)}{cells}</tr>'
