"""What a reading of minutes holds: plain, frozen records.

A place (`at`) is a pair of character offsets into `Minutes.text`: where the words stand. Words that were broken
over lines are joined by single spaces; page numbers that stood between them are left out.
What the minutes do not say is None or empty: unknown is never made up.
"""

from dataclasses import dataclass, replace
from datetime import date

Place = tuple[int, int]


@dataclass(frozen=True)
class Passage:
    text: str
    at: Place


@dataclass(frozen=True)
class Name:
    """A person as minuted, with title and honours."""

    name: str
    at: Place


@dataclass(frozen=True)
class Attendee:
    """`group` is "present" (of the body that met) or "in_attendance" (domain M-6)."""

    name: str
    role: str | None
    organisation: str | None
    group: str
    at: Place


@dataclass(frozen=True)
class Substitute:
    substitute: str
    for_: str
    at: Place


@dataclass(frozen=True)
class Paper:
    """A report or appendix; `number` as printed ("1", "A"), None when it has none."""

    number: str | None
    title: str
    at: Place


@dataclass(frozen=True)
class Erratum:
    """A correction announced at the meeting (domain V-8); `wrong` stays None when the minutes do not say it."""

    text: str
    subject: str | None
    wrong: str | None
    correct: str | None
    announced_by: str | None
    at: Place


@dataclass(frozen=True)
class Section:
    heading: str
    introduced_by: str | None
    key_points: tuple[Passage, ...]
    discussion_points: tuple[Passage, ...]
    at: Place


@dataclass(frozen=True)
class Motion:
    """Anything put to the vote or the table (domain V-1 to V-4).

    `outcome`: carried, lost, withdrawn or None. `how_decided`: consensus, majority_view, vote_show_of_hands,
    recorded_vote, unanimous, chairs_casting_vote or None. Counts only where the minutes state them (V-3).
    """

    mover: str | None
    seconder: str | None
    text: str
    outcome: str | None
    how_decided: str | None
    requested_by_count: int | None
    votes_for: int | None
    votes_against: int | None
    votes_abstained: int | None
    recorded_for: tuple[Name, ...]
    recorded_against: tuple[Name, ...]
    abstained: tuple[Name, ...]
    rule: str | None
    at: Place


@dataclass(frozen=True)
class Resolution:
    """One limb (domain V-5). `kind`: note, approve, agree, request_report, recommend, refer or other."""

    label: str | None
    text: str
    kind: str
    at: Place


@dataclass(frozen=True)
class Element:
    """One thing the answer must cover, with its own date (Q-4) or condition (Q-5) if it has one."""

    text: str
    due_text: str | None
    due_start: date | None
    due_end: date | None
    condition: str | None
    at: Place


@dataclass(frozen=True)
class Request:
    """What a resolution asks somebody to bring back; `resolution` counts from 0 in `Minutes.resolutions`."""

    from_: str | None
    due_text: str | None
    due_start: date | None
    due_end: date | None
    elements: tuple[Element, ...]
    resolution: int | None
    legal: str
    at: Place


@dataclass(frozen=True)
class Item:
    """One headed item of the agenda, from its heading to the next one. Apologies and the like are routine."""

    number: str | None
    title: str
    purpose: str | None
    routine: bool
    at: Place

    def holds(self, found):
        return self.at[0] <= found.at[0] < self.at[1]


@dataclass(frozen=True)
class Minutes:
    text: str
    council: str | None
    committee: str | None
    meeting_date: date | None
    item_title: str | None
    purpose: str | None
    minute_number: str | None
    items: tuple[Item, ...]
    attendance: tuple[Attendee, ...]
    apologies: tuple[Name, ...]
    substitutes: tuple[Substitute, ...]
    reports: tuple[Paper, ...]
    appendices: tuple[Paper, ...]
    errata: tuple[Erratum, ...]
    sections: tuple[Section, ...]
    motions: tuple[Motion, ...]
    resolutions: tuple[Resolution, ...]
    requests: tuple[Request, ...]
    undertakings: tuple[Passage, ...]
    missed: tuple[Passage, ...]
    supporting_documents: tuple[Passage, ...]

    OF_ONE_ITEM = (
        "reports",
        "appendices",
        "errata",
        "sections",
        "motions",
        "resolutions",
        "undertakings",
        "missed",
        "supporting_documents",
    )

    def items_to_bring_in(self):
        """The items in which something was decided, put, asked for or promised."""
        weighty = (*self.resolutions, *self.motions, *self.requests, *self.undertakings, *self.sections)
        return [item for item in self.items if any(map(item.holds, weighty))]

    def of_item(self, item):
        """What the minutes say of one item, with who was at the meeting as a whole."""
        kept = {name: tuple(filter(item.holds, getattr(self, name))) for name in self.OF_ONE_ITEM}
        of_others = [other for other in self.items if other != item]
        return replace(
            self,
            **kept,
            item_title=item.title,
            minute_number=item.number,
            purpose=item.purpose,
            items=(item,),
            attendance=tuple(
                a for a in self.attendance if a.group == "present" or not any(o.holds(a) for o in of_others)
            ),
            requests=tuple(self.requests_of(item)),
        )

    def requests_of(self, item):
        """The requests of the item's resolutions, counted from 0 among those, and what it asks without one."""
        places = [number for number, found in enumerate(self.resolutions) if item.holds(found)]
        for request in self.requests:
            if request.resolution in places:
                yield replace(request, resolution=places.index(request.resolution))
            elif request.resolution is None and item.holds(request):
                yield request

    def as_json(self) -> dict:
        """A dict ready for json.dumps: dates in ISO form, no places."""
        return {
            "council": self.council,
            "committee": self.committee,
            "meeting_date": _iso(self.meeting_date),
            "item_title": self.item_title,
            "attendance": [
                {"name": a.name, "role_or_org": a.role or a.organisation} for a in self.attendance
            ],
            "apologies": _names(self.apologies),
            "substitutes": [{"substitute": s.substitute, "for": s.for_} for s in self.substitutes],
            "resolutions": [{"label": r.label, "text": r.text, "kind": r.kind} for r in self.resolutions],
            "requests": [_request(r) for r in self.requests],
            "motions": [_motion(m) for m in self.motions],
            "errata": [e.text for e in self.errata],
            "appendices": [{"number": p.number, "title": p.title} for p in self.appendices],
            "sections": [_section(s) for s in self.sections],
            "supporting_documents": _texts(self.supporting_documents),
            "undertakings": _texts(self.undertakings),
        }


def _iso(day):
    return day.isoformat() if day else None


def _names(people):
    return [person.name for person in people]


def _texts(passages):
    return [passage.text for passage in passages]


def _request(request):
    return {
        "from": request.from_,
        "due_text": request.due_text,
        "due_start": _iso(request.due_start),
        "due_end": _iso(request.due_end),
        "elements": _texts(request.elements),
    }


def _motion(motion):
    return {
        "mover": motion.mover,
        "seconder": motion.seconder,
        "text": motion.text,
        "outcome": motion.outcome,
        "recorded_for": _names(motion.recorded_for),
        "recorded_against": _names(motion.recorded_against),
        "abstained": _names(motion.abstained),
    }


def _section(section):
    return {
        "heading": section.heading,
        "introduced_by": section.introduced_by,
        "key_points": _texts(section.key_points),
        "discussion_points": _texts(section.discussion_points),
    }
