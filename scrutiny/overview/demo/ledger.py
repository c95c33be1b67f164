"""What the steps of the demonstration share: the day it is, who keeps the record, and what was made so far."""

from datetime import timedelta

from reviews.models import Theme
from reviews.services.themes import change_themes
from scrutiny.models import AgendaItem, Organisation, Resolution
from scrutiny.toolkit.history import record

from .days import Calendar


class Ledger:
    """Keeps what was made by the names the data uses, so that later days find earlier ones."""

    def __init__(self, today, clock):
        self.calendar, self.clock = Calendar(today), clock
        self.users, self.boards, self.meetings = {}, {}, {}
        self.items, self.reports, self.actions = {}, {}, {}
        self.handover = self.calendar.held("CF", 5) + timedelta(days=5)
        self.officer_left = self.calendar.held("CF", 4)

    def go_to(self, day):
        self.day = day
        self.clock.go_to(day)

    @property
    def officer(self):
        return self.users["hugh" if self.day < self.officer_left else "olivia"]

    def keep(self, obj, reason=""):
        return record(obj, by=self.officer, reason=reason)

    def tag(self, tagged, codes, by=None):
        change_themes(tagged, add=Theme.objects.filter(code__in=codes), by=by or self.officer)

    def set_up(self, obj, reason=""):
        """By the administrator, whose own account nobody made."""
        return record(obj, by=self.users.get("ada"), reason=reason)

    def body(self, name):
        return Organisation.objects.called(name).get()

    def meeting(self, code, back):
        return self.meetings[code, self.calendar.held(code, back)]

    def item(self, meeting, title, resolved, kind=Resolution.Kind.NOTE):
        item = AgendaItem(meeting=meeting, position=meeting.items.count() + 1, title=title)
        self.keep(item, "Minutes drafted")
        self.keep(Resolution(item=item, position=1, text=resolved, kind=kind), "Minutes drafted")
        return item
