"""Whose papers somebody may open: of meetings they may see, and of those to come, which are no secret."""

from django.db.models import Q
from django.http import Http404

from scrutiny.models import Meeting
from scrutiny.toolkit.access import require


def meeting_with_papers(request, pk):
    require(request.user, "view_record")
    seen = Q(pk__in=Meeting.objects.visible_to(request.user).values("pk"))
    meetings = Meeting.objects.select_related("board", "year").filter(seen | Q(date__gte=request.today))
    found = meetings.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
