"""From what the reader found to what the officer confirms: a draft of plain rows, kept as JSON.

A draft is {"item": {...}, "report": {...}, "items": [...], group: [row, ...]} with the groups of `GROUPS`; "items" are
the agenda items among which an officer chooses where the text is the minutes of a whole meeting. Each row holds the
values of its group's fields, and besides:

    key    its name inside the draft, such as "resolution-2"; rows that belong together point at each other by it
    keep   whether it goes into the record
    at     [start, end], the place in the text it came from; null for what the officer added
"""

from dataclasses import dataclass

from actions.models import Action
from reviews.models import Theme
from reviews.suggestions import suggester
from scrutiny.models import Attendance, BoardMembership, Organisation, Person, Proposal, Resolution
from scrutiny.models.people import bare_name, same_name, surname

LONGEST_TITLE = 100


@dataclass(frozen=True)
class Group:
    name: str
    title: str
    one: str
    none: str


GROUPS = [
    Group("attendance", "Who was there", "Person", "Nobody was found in attendance."),
    Group("apologies", "Apologies", "Apology", "No apologies were found."),
    Group("papers", "Reports and appendices", "Appendix", "No appendices were found."),
    Group("errata", "Corrections to papers", "Correction", "No corrections were found."),
    Group("sections", "Sections", "Section", "No sections were found."),
    Group("points", "Points made", "Point", "No points were found."),
    Group("proposals", "Proposals", "Proposal", "No proposals were found."),
    Group("votes", "Votes recorded by name", "Vote", "No votes were recorded by name."),
    Group(
        "resolutions", "Resolutions", "Resolution", "No resolution was found: nothing will become an action."
    ),
    Group("actions", "Actions", "Action", "Nothing was asked of anybody, so there is no action."),
    Group("elements", "Agreed elements", "Element", "No elements were found."),
    Group(
        "undertakings", "Undertakings (promised, not resolved)", "Undertaking", "No undertakings were found."
    ),
    Group("documents", "Supporting documents", "Document", "No supporting documents are listed."),
]
GROUP = {group.name: group for group in GROUPS}

LEGAL_FORCE = {
    Resolution.Kind.RECOMMEND: Action.LegalForce.RECOMMENDATION,
    Resolution.Kind.REFER: Action.LegalForce.REFERRAL,
}


def propose(minutes, board=None):
    """The first draft for `minutes` (see actions.minutes.findings), people and bodies matched to known ones."""
    voters = [name for motion in minutes.motions for name in _voters(motion)]
    matched = PersonMatcher(board, minutes)
    draft = {
        "item": {
            "title": minutes.item_title or "",
            "purpose": minutes.purpose or "",
            "minute_number": minutes.minute_number or "",
        },
        "report": _report(minutes),
        "items": [_item(item, minutes) for item in minutes.items_to_bring_in()],
        "attendance": [_attendee(found, minutes) for found in minutes.attendance],
        "apologies": [{"name": found.name, "at": found.at} for found in minutes.apologies],
        "papers": [{"number": str(p.number), "title": p.title, "at": p.at} for p in minutes.appendices],
        "errata": [_erratum(found) for found in minutes.errata],
        "sections": [
            {"heading": s.heading, "introduced_by": s.introduced_by or "", "at": s.at}
            for s in minutes.sections
        ],
        "points": list(_points(minutes.sections)),
        "proposals": [_proposal(motion, minutes.text) for motion in minutes.motions],
        "votes": list(_votes(minutes.motions)),
        "resolutions": [
            {"label": r.label or "", "text": r.text, "kind": r.kind, "at": r.at} for r in minutes.resolutions
        ],
        "actions": [_action(request, minutes) for request in minutes.requests],
        "elements": list(_elements(minutes.requests)),
        "undertakings": [{"text": found.text, "at": found.at} for found in minutes.undertakings],
        "documents": [{"title": found.text, "at": found.at} for found in minutes.supporting_documents],
        "missed": [{"text": found.text, "at": found.at} for found in minutes.missed],
    }
    _add_substitutes(draft, minutes)
    _add_voters(draft, voters)
    _add_themes(draft)
    for group in [*GROUP, "missed", "items"]:
        for number, row in enumerate(draft[group], start=1):
            row["key"] = f"{group}-{number}"
            row.setdefault("keep", True)
            row["at"] = list(row["at"])
    for row in [*draft["attendance"], *draft["apologies"], *draft["votes"]]:
        row["person"] = matched.key_of(row["name"])
    return draft


def _item(item, minutes):
    counts = {
        "resolution": sum(map(item.holds, minutes.resolutions)),
        "request": len(list(minutes.requests_of(item))),
        "proposal": sum(map(item.holds, minutes.motions)),
        "undertaking": sum(map(item.holds, minutes.undertakings)),
    }
    holds = [f"{count} {noun}{'' if count == 1 else 's'}" for noun, count in counts.items() if count]
    return {
        "number": item.number or "",
        "title": item.title,
        "holds": ", ".join(holds) or "discussion only",
        "routine": item.routine,
        "at": item.at,
    }


def _report(minutes):
    """The paper the appendices belong to. Without papers there is none."""
    if not (minutes.reports or minutes.appendices or minutes.errata):
        return {"title": "", "author_post": ""}
    first = minutes.reports[0].title if minutes.reports else ""
    first = first[:1].upper() + first[1:]
    return {"title": first or minutes.item_title or "Report received", "author_post": ""}


def _attendee(found, minutes):
    """`at_meeting`: named in the list of the whole meeting, before its first item."""
    return {
        "name": found.name,
        "title": found.role or "",
        "organisation": key_of_organisation(found.organisation),
        "capacity": capacity_of(found.role or "", found.group),
        "substitute_for": "",
        "at_meeting": bool(minutes.items) and not any(item.holds(found) for item in minutes.items),
        "at": found.at,
    }


def key_of_organisation(name):
    """The key of the known organisation of that name, as text; empty where there is none."""
    known = Organisation.objects.called(name).first() if name else None
    return str(known.pk) if known else ""


def capacity_of(role, group):
    """In which capacity somebody attended, from the words after the name."""
    words = role.lower()
    if "executive member" in words or "cabinet member" in words:
        return Attendance.Capacity.EXECUTIVE_MEMBER
    if group != "present":
        return Attendance.Capacity.IN_ATTENDANCE
    if "chair" in words and "vice" not in words and "deputy" not in words:
        return Attendance.Capacity.CHAIR
    return Attendance.Capacity.COOPTED if "co-opt" in words else Attendance.Capacity.MEMBER


def _add_substitutes(draft, minutes):
    """Marks who stood in for whom, and adds substitutes the lists do not name."""
    for found in minutes.substitutes:
        row = next((row for row in draft["attendance"] if same_name(row["name"], found.substitute)), None)
        if row is None:
            row = {"name": found.substitute, "title": "", "organisation": "", "at": found.at}
            draft["attendance"].append(row)
        row |= {"capacity": Attendance.Capacity.SUBSTITUTE, "substitute_for": found.for_ or ""}


def _add_voters(draft, voters):
    """Whoever voted was there as a member, even where the minutes of the item do not list the Board."""
    there = [row["name"] for row in draft["attendance"]]
    surnames = {surname(name) for name in there}
    for voter in voters:
        known = any(same_name(name, voter.name) for name in there)
        if not known and bare_name(voter.name).lower() not in surnames:
            there.append(voter.name)
            draft["attendance"].append(
                {
                    "name": voter.name,
                    "title": "",
                    "organisation": "",
                    "capacity": Attendance.Capacity.MEMBER,
                    "substitute_for": "",
                    "at": voter.at,
                }
            )


def _add_themes(draft):
    """Codes of the themes that the words of a point or an element suggest."""
    suggested = suggester(Theme.objects.all())
    for row in [*draft["points"], *draft["elements"]]:
        row["themes"] = [theme.code for theme in suggested(row["text"])]


def _erratum(found):
    return {
        "words": found.text,
        "subject": found.subject or "",
        "wrong_value": found.wrong or "",
        "correct_value": found.correct or "",
        "announced_by": found.announced_by or "",
        "at": found.at,
    }


def _points(sections):
    for number, section in enumerate(sections, start=1):
        for kind, points in (("key", section.key_points), ("discussion", section.discussion_points)):
            for point in points:
                yield {"section": f"sections-{number}", "kind": kind, "text": point.text, "at": point.at}


def _proposal(motion, text):
    """The words around the motion say what it was: "put forward a suggestion", "an additional recommendation"."""
    words = text[slice(*motion.at)].lower()
    additional = "additional recommendation" in words or "suggest" in words
    return {
        "text": motion.text,
        "kind": Proposal.Kind.ADDITIONAL if additional else Proposal.Kind.MOTION,
        "mover": motion.mover or "",
        "seconder": motion.seconder or "",
        "outcome": motion.outcome or "",
        "decision_mode": motion.how_decided or "",
        "vote_requested_by": motion.requested_by_count,
        "votes_for": motion.votes_for,
        "votes_against": motion.votes_against,
        "votes_abstained": motion.votes_abstained,
        "at": motion.at,
    }


def _voters(motion):
    return [*motion.recorded_for, *motion.recorded_against, *motion.abstained]


def _votes(motions):
    for number, motion in enumerate(motions, start=1):
        sides = {
            "for": motion.recorded_for,
            "against": motion.recorded_against,
            "abstained": motion.abstained,
        }
        for side, names in sides.items():
            for name in names:
                yield {
                    "proposal": f"proposals-{number}",
                    "name": name.name,
                    "side": side,
                    "rule": motion.rule or "",
                    "at": name.at,
                }


def _action(request, minutes):
    """A request becomes an action of its resolution. One that no resolution carries is shown, but not kept."""
    resolution = None if request.resolution is None else minutes.resolutions[request.resolution]
    return {
        "resolution": "" if resolution is None else f"resolutions-{request.resolution + 1}",
        "keep": resolution is not None and resolution.kind != Resolution.Kind.NOTE,
        "title": short_title(resolution.text if resolution else request.due_text or "A further report"),
        "addressee": request.from_ or "",
        "organisation": key_of_organisation(request.from_),
        "legal_force": LEGAL_FORCE.get(resolution and resolution.kind, Action.LegalForce.REQUEST_REPORT),
        "due_words": (request.due_text or "")[:200],
        "due_from": _iso(request.due_start),
        "due_to": _iso(request.due_end),
        "at": request.at,
    }


def _elements(requests):
    for number, request in enumerate(requests, start=1):
        for element in request.elements:
            yield {
                "action": f"actions-{number}",
                "text": element.text,
                "due_words": (element.due_text or "")[:200],
                "due_from": _iso(element.due_start),
                "due_to": _iso(element.due_end),
                "condition": element.condition or "",
                "at": element.at,
            }


def short_title(words):
    """The first words of a resolution, without its "That", as a title.

    >>> short_title("That the officers report back in June.")
    'The officers report back in June'
    """
    words = " ".join(words.split()).removeprefix("That ").removeprefix("that ").rstrip(".")
    if len(words) > LONGEST_TITLE:
        words = words[:LONGEST_TITLE].rsplit(" ", 1)[0] + "…"
    return words[:1].upper() + words[1:]


def _iso(day):
    return day.isoformat() if day else None


class PersonMatcher:
    """Finds the known person a minuted name means: the same name, or a surname only one board member has."""

    def __init__(self, board, minutes):
        self.board = board
        names = [found.name for found in (*minutes.attendance, *minutes.apologies)]
        names += [name.name for motion in minutes.motions for name in _voters(motion)]
        self.known = list(Person.objects.filter(name__in={bare_name(name) for name in names}))
        self.by_surname = self._members_by_surname() if board else {}

    def _members_by_surname(self):
        found = {}
        for membership in BoardMembership.objects.filter(board=self.board).select_related("person"):
            found.setdefault(surname(membership.person.name), set()).add(membership.person_id)
        return found

    def key_of(self, name):
        """The key of the one person meant, as text; empty where nobody, or more than one, could be."""
        named = [person.pk for person in self.known if same_name(str(person), name)]
        candidates = named or self.by_surname.get(bare_name(name).lower()) or []
        return str(next(iter(candidates))) if len(candidates) == 1 else ""
