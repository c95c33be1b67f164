"""The papers of the next meeting: what the officer suggests to the Board, and a tracker brought in to be confirmed."""

from actions.models import Element, TrackerImport
from actions.tracker.columns import COLUMNS
from actions.tracker.compare import Comparison
from actions.tracker.rows import open_rows
from actions.tracker.suggesting import suggest, suggestions_for

BOARD = "CF"
LEFT_OPEN = 2  # suggestions the officer has still to think about


class Papers:
    def __init__(self, book):
        self.book = book

    def steps(self):
        yield self.book.calendar.ago(1), self._suggest
        yield self.book.calendar.ago(1), self._bring_in

    def _next_meeting(self):
        return self.book.meetings[BOARD, self.book.calendar.coming[BOARD][0]]

    def _suggest(self):
        """Saved as the rules propose them, except for the last few."""
        meeting = self._next_meeting()
        rows = open_rows(meeting.board, self.book.officer, before=meeting.date, meeting=meeting)
        proposed = [row for row in suggestions_for(meeting, rows, self.book.day) if row.category_id]
        suggest(proposed[:-LEFT_OPEN], by=self.book.officer)

    def _bring_in(self):
        """A sheet with one word from an owner and one cell that cannot be read."""
        board = self.book.boards[BOARD]
        elements = (
            Element.objects.filter(action__board=board).open().select_related("action").order_by("pk")[:2]
        )
        header = {
            column.key: "" for column in COLUMNS if column.key in ("reference", "element", "says", "reported")
        }
        said = [
            {"says": "In progress", "reported": "The first sessions were held this week."},
            {"says": "Nearly there", "reported": "The draft is with the partners."},
        ]
        sheet = [
            (number, header | {"reference": element.action.reference, "element": str(element.number)} | words)
            for number, (element, words) in enumerate(zip(elements, said, strict=True), start=2)
        ]
        rows, unchanged, in_vain = Comparison(board, self.book.officer, self.book.day).preview(sheet)
        found = TrackerImport(
            board=board,
            name="Tracker with replies.xlsx",
            rows=rows,
            unchanged=unchanged,
            in_vain=in_vain,
            created_by=self.book.officer,
        )
        found.full_clean()
        found.save()
