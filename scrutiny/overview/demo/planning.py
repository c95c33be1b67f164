"""The boards' work programme, and the days on which somebody looks again at what was promised."""

from datetime import timedelta

from actions.models import ProgrammeItem, Undertaking
from actions.programme import services
from actions.programme.plan import asks_of
from scrutiny.models import Meeting

from . import asks

KINDS = {"Budget Proposals": "pre_decision", "Sources of Work for the Year": "other"}
PLACED_OF_EACH_BOARD = 2
LOOK_IN_DAYS = [-5, 21, None]  # from today, for one undertaking after the other
SETTLED_HOW = "The note was circulated to members by e-mail"


class Planning:
    def __init__(self, book):
        self.book = book

    def steps(self):
        ago = self.book.calendar.ago
        yield ago(6), self._plan
        yield ago(5), self._place
        yield ago(4), self._defer
        yield ago(3), self._look_again

    def _plan(self):
        for code, days in self.book.calendar.coming.items():
            for day in days:
                title = asks.TOPICS[code].get(day.month, "Work Schedule")
                item = ProgrammeItem(
                    board=self.book.boards[code],
                    meeting=self.book.meetings[code, day],
                    title=title,
                    kind=KINDS.get(title, "performance"),
                )
                self.book.keep(item, "Agreed with the Chair")

    def _place(self):
        """Some of what was asked, where a meeting falls in its window; the rest is left for whoever tries it out."""
        for board in self.book.boards.values():
            meetings = list(Meeting.objects.filter(board=board).order_by("date"))
            open_asks = asks_of(board, self.book.officer, self.book.day, meetings).values()
            fitting = [ask for ask in open_asks if ask.suggestion and not ask.warning]
            for ask in fitting[:PLACED_OF_EACH_BOARD]:
                services.place(ask.action, ask.suggestion, by=self.book.officer)

    def _defer(self):
        first, second = self.book.calendar.coming["CF"][:2]
        item = ProgrammeItem.objects.filter(meeting=self.book.meetings["CF", first], action=None).first()
        services.defer(
            item,
            meeting=self.book.meetings["CF", second],
            why="The figures for the year are published only after this meeting",
            by=self.book.officer,
        )

    def _look_again(self):
        today = self.book.calendar.today
        for number, undertaking in enumerate(Undertaking.objects.order_by("pk")):
            if number < len(LOOK_IN_DAYS):
                days = LOOK_IN_DAYS[number]
                undertaking.look_on = None if days is None else today + timedelta(days=days)
            else:
                undertaking.settled_on, undertaking.settled_how = self.book.day, SETTLED_HOW
            self.book.keep(undertaking, "Followed up")
