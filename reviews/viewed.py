"""Whoever reads a review case that is not published is in the event log, once an hour (K-4)."""

from datetime import timedelta

from django.utils import timezone

from scrutiny.events import log_reading
from scrutiny.models import Event

ONCE_IN = timedelta(hours=1)


def viewed(request, case):
    """To be called where a page shows a case, or what it taught."""
    if case is None or case.is_published:
        return
    lately = timezone.now() - ONCE_IN
    of_case = Event.objects.filter(kind="case_viewed", noun=case._meta.model_name, key=case.pk)
    if not of_case.filter(by=request.user.pk, at__gte=lately).exists():
        log_reading("case_viewed", request=request, on=case)
