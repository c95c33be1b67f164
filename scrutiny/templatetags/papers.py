"""`{% body_rows table %}`: the rows of a table. Written here, because a template takes five times as long."""

from django import template
from django.utils.html import format_html, format_html_join

from scrutiny.templatetags.glossary import explained

register = template.Library()

CELL = '<td class="govuk-table__cell preserve-lines">{}</td>'
FIRST = '<th scope="row" class="govuk-table__header preserve-lines">{}</th>'


@register.simple_tag(takes_context=True)
def body_rows(context, table):
    """A row is named by its first cell. Words of a record are explained where they stand."""
    return format_html_join(
        "\n", '<tr class="govuk-table__row">{}</tr>', ([_row(context, table, r)] for r in table.rows)
    )


def _row(context, table, row):
    first, *rest = row
    shown = (
        explained(context, cell) if column.words and cell else cell
        for column, cell in zip(table.columns[1:], rest, strict=True)
    )
    return format_html(
        "{}{}", format_html(FIRST if first else CELL, first), format_html_join("", CELL, ([c] for c in shown))
    )
