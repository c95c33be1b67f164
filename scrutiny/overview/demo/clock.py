"""History as it would stand if the demonstration had been entered day by day."""

from contextlib import contextmanager
from datetime import datetime, time, timedelta

from django.utils import timezone
from simple_history.signals import pre_create_historical_record

OFFICE_OPENS = time(9, 40)
BETWEEN_ENTRIES = timedelta(seconds=20)


class Clock:
    """Dates what is entered: `day` is set by whoever enters, and time passes a little with every entry."""

    def __init__(self):
        self.last = self.moment = None

    def go_to(self, day):
        opens = timezone.make_aware(datetime.combine(day, OFFICE_OPENS))
        self.moment = opens if self.last is None else max(opens, self.last)

    def stamp(self, history_instance, **kwargs):
        """Receives simple-history's signal: it has no other hook for rows that services write."""
        self.last = self.moment = min(self.moment + BETWEEN_ENTRIES, timezone.now())
        history_instance.history_date = self.moment


@contextmanager
def running_clock():
    clock = Clock()
    pre_create_historical_record.connect(clock.stamp)
    try:
        yield clock
    finally:
        pre_create_historical_record.disconnect(clock.stamp)
