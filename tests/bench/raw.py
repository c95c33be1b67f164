"""The same rows by plain SQL and plain strings: what the database itself takes."""

import csv
import uuid
from html import escape

from django.db import connection, transaction

from actions.models import Element, ProgressUpdate
from scrutiny.models import Entry, FormReceipt

LATE = """
    (SELECT count(*) FROM actions_element e WHERE e.action_id = a.id AND e.closed_on IS NULL
     AND e.condition_state NOT IN ('waiting', 'not_met_lapsed')
     AND NOT (e.answered_on IS NOT NULL AND (e.judged_on IS NULL OR e.judged_on < e.answered_on))
     AND coalesce(e.due_to, a.due_to) < CURRENT_DATE)
"""
COUNTS = f"""
    (SELECT count(*) FROM actions_element e WHERE e.action_id = a.id),
    (SELECT count(*) FROM actions_element e WHERE e.action_id = a.id AND e.answered_on IS NOT NULL), {LATE}
"""
FROM_ACTIONS = """
    FROM actions_action a JOIN scrutiny_resolution r ON r.id = a.resolution_id
    JOIN scrutiny_agendaitem i ON i.id = r.item_id JOIN scrutiny_meeting m ON m.id = i.meeting_id
    JOIN scrutiny_board b ON b.id = a.board_id JOIN scrutiny_municipalyear y ON y.id = a.year_id
    JOIN scrutiny_organisation o ON o.id = a.addressee_id
"""
PAGE = f"SELECT a.id, a.reference, a.title, o.name, a.due_words, a.due_to, {COUNTS} {FROM_ACTIONS}"
EXPORT = f"""
    SELECT a.reference, b.name, y.label, a.title, o.name, m.date, r.text, a.due_words, a.due_from, a.due_to,
    {COUNTS}, a.closed_on {FROM_ACTIONS} ORDER BY a.due_to, a.id
"""
EXPORT_OF_ELEMENTS = """
    SELECT a.reference, e.number, e.text, b.name, o.name, a.due_words, coalesce(e.due_from, a.due_from),
    coalesce(e.due_to, a.due_to), e.closed_on, e.owner_progress, e.last_word_on, e.evidence_grade, c.name, e.judged_on
    FROM actions_element e JOIN actions_action a ON a.id = e.action_id
    JOIN scrutiny_resolution r ON r.id = a.resolution_id JOIN scrutiny_agendaitem i ON i.id = r.item_id
    JOIN scrutiny_meeting m ON m.id = i.meeting_id JOIN scrutiny_board b ON b.id = a.board_id
    JOIN scrutiny_organisation o ON o.id = a.addressee_id
    LEFT JOIN scrutiny_trackingcategory c ON c.id = e.category_id
    ORDER BY coalesce(e.due_to, a.due_to), e.id
"""


class _Length:
    """A file that only counts what is written to it."""

    def __init__(self):
        self.length = 0

    def write(self, text):
        self.length += len(text)


def list_of_actions():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT 1 FROM actions_action LIMIT 1001) counted")
        (count,) = cursor.fetchone()
        cursor.execute(f"{PAGE} ORDER BY a.due_to, a.id LIMIT 25")
        rows = cursor.fetchall()
    cells = ("".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows)
    return len(f"<p>{count}</p><table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>")


def csv_of_actions():
    return _csv(EXPORT)


def csv_of_elements():
    return _csv(EXPORT_OF_ELEMENTS)


def _csv(statement):
    counted = _Length()
    writer = csv.writer(counted)
    with transaction.atomic():
        connection.ensure_connection()
        with _stream(connection) as cursor:
            cursor.execute(statement)
            while rows := cursor.fetchmany(2000):
                writer.writerows(rows)
    return counted.length


def _stream(connection):
    if connection.vendor == "postgresql":
        return connection.connection.cursor(name=f"raw_{uuid.uuid4().hex}")
    return connection.cursor()


def record_progress(element):
    """The rows that recording progress writes: update, element, their history, the entry, the form's receipt."""
    update = _names(ProgressUpdate)
    of_update = _names(ProgressUpdate.history.model, but="history_id")
    of_element = _names(Element.history.model, but="history_id")
    entry, receipt = _names(Entry), _names(FormReceipt)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO scrutiny_formreceipt ({receipt}) VALUES (%s, NULL, 'x', 'x', 'x', CURRENT_TIMESTAMP)",
            [uuid.uuid4().hex],
        )
        cursor.execute(
            f"INSERT INTO actions_progressupdate ({update}) SELECT {update} FROM actions_progressupdate "
            "ORDER BY id DESC LIMIT 1 RETURNING id"
        )
        (key,) = cursor.fetchone()
        cursor.execute(
            f"INSERT INTO actions_historicalprogressupdate ({of_update}) SELECT {of_update} "
            "FROM actions_historicalprogressupdate ORDER BY history_id DESC LIMIT 1"
        )
        cursor.execute("UPDATE actions_element SET last_word_on = CURRENT_DATE WHERE id = %s", [element])
        cursor.execute(
            f"INSERT INTO actions_historicalelement ({of_element}) SELECT {of_element} "
            "FROM actions_historicalelement ORDER BY history_id DESC LIMIT 1"
        )
        values = entry.replace('"object_id"', "-%s")
        cursor.execute(
            f"INSERT INTO scrutiny_entry ({entry}) SELECT {values} FROM scrutiny_entry ORDER BY id DESC LIMIT 1",
            [key],
        )


def _names(model, but="id"):
    return ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if field.name != but)
