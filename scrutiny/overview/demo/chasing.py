"""How the asks were followed up: a ladder of one board's own, reminders sent, and steps officers took."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from actions.chasing.askings import Kind, due
from actions.chasing.digest import write_digests
from actions.chasing.letters import sent_to
from actions.chasing.reminders import chase_of, record_chase, write_reminders
from actions.models import Action, LadderStep, Message

SENT_AT = time(9, 45)
REMINDED = [150, 120, 90, 75, 60, 45, 30, 21, 14, 7, 2]  # so many days ago
CHASED, CHAIR_WROTE = 20, 5
OWN_LADDER = {  # of the board on place and environment
    Kind.REMINDER: ("window_end", -14, "message"),
    Kind.OFFICER_CHASE: ("window_end", 1, "officer"),
    Kind.CHAIR_LETTER: ("window_end", 10, "letter"),
    Kind.PUBLIC_NOTE: ("window_end", 30, "officer"),
}
UNKNOWN = "550 5.1.1 Recipient address rejected: no such user here"


class Chasing:
    def __init__(self, book):
        self.book = book

    def steps(self):
        calendar = self.book.calendar
        yield calendar.ago(160), self._addresses
        yield calendar.ago(155), self._own_ladder
        for days in REMINDED:
            yield calendar.ago(days), self._remind
        rang, wrote = "Rang, and was promised an answer.", "Sent by post and by e-mail."
        yield calendar.ago(CHASED), lambda: self._take(Kind.OFFICER_CHASE, rang, 2)
        yield calendar.ago(CHAIR_WROTE), lambda: self._take(Kind.CHAIR_LETTER, wrote, 1)
        yield self._last_monday(), self._digests
        yield calendar.ago(1), self._refuse_the_last

    def _addresses(self):
        for username, user in self.book.users.items():
            user.email = f"{username}@exampleton.example"
            self.book.set_up(user, "For digests")

    def _own_ladder(self):
        for kind, (counts_from, days, means) in OWN_LADDER.items():
            step = LadderStep(
                board=self.book.boards["PE"], kind=kind, counts_from=counts_from, days=days, means=means
            )
            self.book.set_up(step, "Agreed by the Board")

    def _last_monday(self):
        today = self.book.calendar.today
        return today - timedelta(days=today.weekday() or 7)

    def _remind(self):
        self._sent(write_reminders(self.book.day).messages)

    def _digests(self):
        self._sent(write_digests(self.book.day))

    def _sent(self, messages):
        """Written by the same functions as on a real site, and kept as sent on that day."""
        day = timezone.make_aware(datetime.combine(self.book.day, SENT_AT))
        for message in messages:
            Message.objects.filter(pk=message.pk).update(created_at=day, claimed_at=day, sent_at=day)

    def _take(self, kind, note, count):
        """The officer took the step where it was due, but not everywhere."""
        found = [asking for asking in due(Action.objects.open(), self.book.day) if asking.step.kind == kind]
        for asking in found[:count]:
            chase = chase_of(asking, kind, self.book.day)
            chase.sent_to = ", ".join(sent_to(asking, kind, self.book.day))
            chase.note = note
            record_chase(chase, by=self.book.officer)

    def _refuse_the_last(self):
        last = Message.objects.filter(chases__isnull=False).order_by("created_at", "pk").last()
        Message.objects.filter(pk=last.pk).update(sent_at=None, refused=UNKNOWN)
