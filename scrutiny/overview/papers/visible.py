"""Whose papers somebody may open: of meetings they may see, and of those to come, which are no secret."""

from django.db.models import Q
from django.http import Http404

from scrutiny.models import Meeting
from scrutiny.toolkit.access import NOWHERE, can, require


def with_papers(meetings, user, today):
    seen = Q(pk__in=Meeting.objects.visible_to(user).values("pk"))
    coming = Q(date__gte=today) if can(user, "view_record") else NOWHERE
    return meetings.filter(seen | coming)


def meeting_with_papers(request, pk):
    require(request.user, "view_record")
    meetings = Meeting.objects.select_related("board", "year")
    found = with_papers(meetings, request.user, request.today).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
