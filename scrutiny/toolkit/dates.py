"""Days. A page reads the calendar once, so that nothing on it disagrees around midnight."""

from datetime import datetime, time

from django.utils import timezone


class Today:
    """Middleware: `request.today`, the date in London."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.today = timezone.localdate()
        return self.get_response(request)


def end_of(day):
    """The last moment of a day in London."""
    return timezone.make_aware(datetime.combine(day, time.max))
