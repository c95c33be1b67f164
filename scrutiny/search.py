"""What is searched of the Board's own record."""

from scrutiny.models import (
    AgendaItem,
    Meeting,
    Organisation,
    OrganisationAlias,
    Person,
    Point,
    Post,
    Proposal,
    Resolution,
    Section,
    Term,
)
from scrutiny.models.meetings import visible_items, visible_meetings
from scrutiny.models.search import Guard, Searchable

WITH_A_ROLE = Guard("record")
WITH_THE_MEETING = Guard("meeting", Meeting, visible_meetings)
WITH_THE_ITEM = Guard("item", AgendaItem, visible_items)


def part_of_meeting(model, kind, **words):
    item = model.MEETING.removesuffix("meeting").removesuffix("__")
    key = f"{item}_id" if item else "pk"
    return Searchable(model, kind, WITH_THE_ITEM, key, meeting=model.MEETING, **words)


def decision(model, kind):
    return part_of_meeting(
        model,
        kind,
        name=lambda decided: f"{decided.item.title}: {str(decided).lower()}",
        titled=False,
        body=("text",),
        repeats=("item",),
    )


RECORD = [
    Searchable(
        Meeting,
        "minutes",
        WITH_THE_MEETING,
        name=lambda meeting: f"Meeting of {meeting.date:%-d %B %Y}",
        body=("venue", "amendment"),
        board="board_id",
        day="date",
    ),
    part_of_meeting(AgendaItem, "minutes", body=("purpose",)),
    part_of_meeting(Section, "minutes", body=("introduced_by",)),
    part_of_meeting(
        Point,
        "minutes",
        name=lambda point: f"{point.section.heading}: {str(point).lower()}",
        titled=False,
        body=("text",),
        repeats=("section",),
    ),
    decision(Resolution, "resolution"),
    decision(Proposal, "proposal"),
    Searchable(Person, "person", WITH_A_ROLE),
    Searchable(Organisation, "person", WITH_A_ROLE, title=("short_name",)),
    Searchable(
        OrganisationAlias, "person", WITH_A_ROLE, url=lambda alias: alias.organisation.get_absolute_url()
    ),
    Searchable(Post, "person", WITH_A_ROLE, name=lambda post: post.title),
    Searchable(Term, "term", WITH_A_ROLE, title=("also_called",), body=("meaning",)),
]
