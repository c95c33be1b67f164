"""The decision sheet: what a meeting resolved, of whom it asked something, and by when."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Prefetch

from actions.models import Action
from scrutiny.models import Resolution
from scrutiny.overview.papers import Field, Paper, table_of
from scrutiny.toolkit.documents import Document, Section
from scrutiny.toolkit.words import counted

TITLE = "Decision sheet"


@dataclass(frozen=True)
class Line:
    item: object
    resolution: Resolution
    action: Action | None


def _of_action(value):
    return lambda line: value(line.action) if line.action else ""


FIELDS = [
    Field("item", "Agenda item", lambda line: str(line.item), 40),
    Field("label", "Letter", lambda line: line.resolution.label, 7),
    Field("resolved", "Resolved", lambda line: line.resolution.text, 60, words=True),
    Field("kind", "Kind", lambda line: str(line.resolution.get_kind_display()), 18),
    Field("reference", "Reference", _of_action(lambda action: action.reference), 17),
    Field("whom", "Asked of", _of_action(lambda action: action.addressee.name), 28),
    Field("elements", "What it must cover", _of_action(lambda action: _elements(action)), 50, words=True),
    Field("due", "By when", _of_action(lambda action: _due(action)), 28),
]
ON_PAPER = [field for field in FIELDS if field.key not in ("item", "kind")]


def decision_sheet(meeting, user, today):
    actions = Action.objects.visible_to(user).select_related("addressee").prefetch_related("elements")
    resolutions = (
        Resolution.objects.visible_to(user)
        .filter(item__meeting=meeting)
        .select_related("item")
        .prefetch_related(Prefetch("actions", actions.order_by("number"), to_attr="seen_actions"))
        .order_by("item__position", "position")
    )
    lines = [
        Line(resolution.item, resolution, action)
        for resolution in resolutions
        for action in resolution.seen_actions or [None]
    ]
    document = Document(
        title=f"{TITLE} of {meeting.date:%-d %B %Y}",
        caption=str(meeting.board),
        text=[_sentence(lines)],
        sections=[
            Section(str(item), table=table_of(str(item), ON_PAPER, list(group)))
            for item, group in groupby(lines, lambda line: line.item)
        ],
    )
    return Paper(document, FIELDS, lines)


def _sentence(lines):
    if not lines:
        return "No resolution of this meeting is in the record yet, or its minutes are not published."
    resolutions = len({line.resolution.pk for line in lines})
    asked = sum(line.action is not None for line in lines)
    return f"The Board resolved {counted(resolutions, 'thing')} and asked for {counted(asked, 'action')}."


def _elements(action):
    return "\n".join(f"{element.number}. {element.text}" for element in action.elements.all())


def _due(action):
    if action.due_from and action.due_to:
        span = f"{action.due_from:%-d %B %Y} to {action.due_to:%-d %B %Y}"
    else:
        span = f"until {action.due_to:%-d %B %Y}" if action.due_to else ""
    return "\n".join(filter(None, (action.due_words, span))) or "The minutes give no date"
