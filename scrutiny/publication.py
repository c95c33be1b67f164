"""Minutes are published by a second person (D-8): whoever wrote them does not; the history tells who did."""

from itertools import pairwise

from scrutiny.models import Meeting
from scrutiny.models.meetings import PartOfMeeting
from scrutiny.toolkit.access import can

ONLY_PUBLISHERS = (
    "Publishing is for a publisher of this board: a second person, who did not write the minutes."
)
AUTHOR = (
    "You wrote in these minutes, so another publisher has to publish them: "
    "what goes out has been read by two people."
)
NOT_THE_WORDS = ("minutes_state", "approved_at_id", "amendment")


def why_not_publish(user, meeting):
    """A sentence that says why somebody may not publish these minutes; empty if they may."""
    if not can(user, "publish", meeting):
        return ONLY_PUBLISHERS
    return AUTHOR if user.pk in authors(meeting) else ""


def authors(meeting):
    """The keys of all who entered or changed the meeting or a row of its minutes."""
    found = set(_authors_of_meeting(meeting))
    for model in rows_of_minutes():
        rows = model.history.filter(**{model.MEETING: meeting.pk}).order_by()
        found |= set(rows.values_list("history_user", flat=True).distinct())
    return found - {None}


def _authors_of_meeting(meeting):
    """Moving the minutes on is not writing them."""
    rows = list(Meeting.history.filter(id=meeting.pk).order_by("history_id"))
    yield from (row.history_user_id for row in rows[:1])
    for before, after in pairwise(rows):
        if _words(before) != _words(after):
            yield after.history_user_id


def _words(row):
    fields = (field.attname for field in Meeting._meta.concrete_fields)
    return [getattr(row, name) for name in fields if name not in NOT_THE_WORDS]


def rows_of_minutes(parent=PartOfMeeting):
    """Every model of a row of the minutes."""
    for model in parent.__subclasses__():
        if not model._meta.abstract:
            yield model
        yield from rows_of_minutes(model)
