"""From the confirmed draft to the record: one transaction, safe to press twice."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from actions.models import Action, Element, MinutesImport, Undertaking
from actions.services import open_action
from reviews.models import Appendix, Erratum, Report, SupportingDocument, Theme
from reviews.services.themes import change_themes
from scrutiny.models import (
    AgendaItem,
    Attendance,
    Meeting,
    MunicipalYear,
    Organisation,
    Person,
    Point,
    Proposal,
    RecordedVote,
    Resolution,
    Section,
)
from scrutiny.models.people import HONOURS, bare_name, same_name, surname
from scrutiny.toolkit.history import record


def kept(draft, group):
    return [row for row in draft.get(group, []) if row["keep"]]


def problems(minutes_import):
    """What stops the draft from being saved, as (sentence, group to mend it in; "item" for the first page)."""
    return [*_problems_of_meeting(minutes_import), *_problems_of_rows(minutes_import.draft)]


def _problems_of_meeting(minutes_import):
    day, board, draft = minutes_import.meeting_date, minutes_import.board, minutes_import.draft
    if board is None:
        yield "Select the board whose meeting this was.", "item"
    if day is None:
        yield "Enter the date of the meeting.", "item"
    if not draft["item"]["title"]:
        yield "Enter the title of the agenda item.", "item"
    if day is None or board is None:
        return
    if day > timezone.localdate():
        yield "The date of the meeting is in the future. Check it.", "item"
    if not MunicipalYear.objects.containing(day).exists():
        yield (
            f"No municipal year holds {day:%-d %B %Y}. Ask an administrator to add it, or check the date.",
            "item",
        )
    meeting = Meeting.objects.filter(board=board, date=day).first()
    if meeting and meeting.is_locked:
        yield "The minutes of this meeting are approved, so nothing can be added to them.", "item"
    if meeting and meeting.items.filter(title__iexact=draft["item"]["title"]).exists():
        yield "This meeting has an item of that title already. Change the title, or drop this import.", "item"


def _problems_of_rows(draft):
    resolutions = {row["key"]: row for row in kept(draft, "resolutions")}
    actions = {row["key"] for row in kept(draft, "actions")}
    proposals = {row["key"] for row in kept(draft, "proposals")}
    sections = {row["key"] for row in kept(draft, "sections")}
    for row in kept(draft, "actions"):
        resolution = resolutions.get(row["resolution"])
        if resolution is None:
            yield f"Say which resolution the action “{row['title']}” belongs to, or drop it.", "actions"
        elif resolution["kind"] == Resolution.Kind.NOTE:
            yield "A resolution that only notes has no action. Drop the action or change the kind.", "actions"
        if not (row["addressee"] or row["organisation"]):
            yield f"Say who the action “{row['title']}” is addressed to.", "actions"
        if _is_backwards(row):
            yield f"The window of “{row['title']}” ends before it starts. Check both dates.", "actions"
    if any(row["action"] not in actions for row in kept(draft, "elements")):
        yield "An element belongs to no action. Choose its action, or drop it.", "elements"
    if any(_is_backwards(row) for row in kept(draft, "elements")):
        yield "The own date of an element ends before it starts. Check both dates.", "elements"
    if any(row["proposal"] not in proposals for row in kept(draft, "votes")):
        yield "A vote belongs to no proposal. Choose its proposal, or drop it.", "votes"
    if any(row["section"] not in sections for row in kept(draft, "points")):
        yield "A point belongs to no section. Choose its section, or drop it.", "points"


def _is_backwards(row):
    return bool(row["due_from"] and row["due_to"]) and row["due_from"] > row["due_to"]


def notices(draft):
    """What an officer may want to look at before saving; none of it stops them."""
    resolutions = kept(draft, "resolutions")
    if not resolutions:
        yield "These minutes hold no resolution. You can save them; nothing will become an action."
    if not labels_run_on([row["label"] for row in resolutions]):
        yield "The letters of the resolutions do not run on from one to the next. Check that none is missing."
    asked = [row for row in resolutions if row["kind"] == Resolution.Kind.REQUEST_REPORT]
    covered = {row["resolution"] for row in kept(draft, "actions")}
    for row in asked:
        if row["key"] not in covered:
            yield f"Resolution {row['label']} asks for a report, but no action carries it.".replace("  ", " ")


def labels_run_on(labels):
    """I-20: (a), (b), (c) without a gap. Unlabelled resolutions, and numbers, are read the same way."""
    signs = [sign for label in labels if (sign := label.strip("(). ").lower())]
    if not signs or signs[0] == "i":  # roman numbers are left to the officer's eye
        return True
    places = [int(sign) if sign.isdecimal() else ord(sign[0]) - ord("a") + 1 for sign in signs]
    return places == list(range(places[0], places[0] + len(places)))


@transaction.atomic
def save_import(minutes_import, *, by):
    """Puts the confirmed rows into the record and returns the agenda item.

    Pressing twice gives the same item. Raises ValidationError with sentences for what stops it.
    """
    found = _locked(minutes_import)
    if found.state == MinutesImport.State.SAVED:
        return found.item
    if found.state != MinutesImport.State.TO_CONFIRM:
        raise ValidationError(
            "Only what is being confirmed can be saved to the record. Bring the minutes in again."
        )
    if stops := [sentence for sentence, _ in problems(found)]:
        raise ValidationError(stops)
    recorder = Recorder(found, by)
    found.item = recorder.save()
    found.state = MinutesImport.State.SAVED
    found.save()
    if found.whole:
        tell_other_parts(found, recorder.people)
    return found.item


def _locked(minutes_import):
    """The row, under a lock. Parts of one meeting share its people, so they are saved one after the other."""
    imports = MinutesImport.objects.select_for_update()
    if minutes_import.whole_id:
        imports.get(pk=minutes_import.whole_id)
    return imports.get(pk=minutes_import.pk)


def tell_other_parts(saved, people):
    """People made for one item of a meeting are known to the items still to confirm."""
    for part in saved.whole.parts.select_for_update().filter(state=MinutesImport.State.TO_CONFIRM):
        for group in ("attendance", "apologies", "votes"):
            for row in part.draft[group]:
                if made := _among(people, row["name"]):
                    row["person"] = row["person"] or str(made.pk)
        part.save()


class Recorder:
    """Writes one draft. Keeps what it has made by the keys of the draft, so that later rows find earlier ones."""

    def __init__(self, minutes_import, by):
        self.source = minutes_import
        self.draft = minutes_import.draft
        self.by = by
        self.reason = f"Brought in from {minutes_import.source_name}"
        self.made = {}
        self.people = []
        self.themes = {theme.code: theme for theme in Theme.objects.all()}

    def save(self):
        self.meeting = self._meeting()
        self.item = self._item()
        self._attendances()
        self._sections()
        self._papers()
        self._proposals()
        self._resolutions()
        self._actions()
        for row in kept(self.draft, "undertakings"):
            self._record(Undertaking(item=self.item, text=row["text"]))
        for row in kept(self.draft, "documents"):
            self._record(SupportingDocument(item=self.item, title=row["title"][:300]))
        return self.item

    def _record(self, obj, row=None):
        record(obj, by=self.by, reason=self.reason)
        if row:
            self.made[row["key"]] = obj
        return obj

    def _meeting(self):
        board, day = self.source.board, self.source.meeting_date
        meeting = Meeting.objects.filter(board=board, date=day).first()
        if meeting:
            return meeting
        year = MunicipalYear.objects.containing(day).first()
        state = Meeting.MinutesState.WITH_OFFICERS  # a second person publishes (D-8)
        return self._record(Meeting(board=board, date=day, year=year, minutes_state=state))

    def _item(self):
        last = self.meeting.items.aggregate(last=Max("position"))["last"] or 0
        return self._record(AgendaItem(meeting=self.meeting, position=last + 1, **self.draft["item"]))

    def _person(self, name, key=""):
        """The known person chosen for a row, or one of this name at this meeting, or a new one.

        Nobody is made twice by two items of one meeting, also where both were read before either was saved.
        """
        if key:
            return Person.objects.get(pk=key)
        namesakes = Person.objects.called(name).filter(attendances__meeting=self.meeting).distinct()
        if known := _among(self.people, name) or _among(namesakes, name):
            return known
        self.people.append(self._record(_new_person(name)))
        return self.people[-1]

    def _attendances(self):
        board_members = [*Attendance.OF_THE_BOARD, Attendance.Capacity.SUBSTITUTE]
        for position, row in enumerate(kept(self.draft, "attendance"), start=1):
            person = self._person(row["name"], row["person"])
            stands_in = row["capacity"] == Attendance.Capacity.SUBSTITUTE and row["substitute_for"]
            attendance = Attendance(
                meeting=self.meeting,
                item=None if row["capacity"] in board_members or row.get("at_meeting") else self.item,
                person=person,
                name_as_minuted=row["name"],
                title_as_minuted=row["title"][:300],
                organisation_id=row["organisation"] or None,
                capacity=row["capacity"],
                substitute_for=self._absent(row["substitute_for"]) if stands_in else None,
                position=position,
            )
            self._attend(attendance)
        for position, row in enumerate(kept(self.draft, "apologies"), start=1):
            apology = Attendance(
                meeting=self.meeting,
                person=self._person(row["name"], row["person"]),
                name_as_minuted=row["name"],
                capacity=Attendance.Capacity.MEMBER,
                status=Attendance.Status.APOLOGIES,
                position=position,
            )
            self._attend(apology)

    def _attend(self, attendance):
        """A meeting's own list is written by the first of its items that is brought in; later ones add to it."""
        there = Attendance.objects.filter(
            meeting=attendance.meeting, item=attendance.item, person=attendance.person
        )
        if not there.exists():
            self._record(attendance)

    def _absent(self, name):
        """Whoever is substituted, often by surname only, is looked for among those who sent apologies."""
        apologies = kept(self.draft, "apologies")
        same = [row for row in apologies if same_name(row["name"], name)]
        same = same or [row for row in apologies if surname(row["name"]) == bare_name(name).lower()]
        return self._person(same[0]["name"], same[0]["person"]) if len(same) == 1 else self._person(name)

    def _sections(self):
        for position, row in enumerate(kept(self.draft, "sections"), start=1):
            section = Section(
                item=self.item,
                position=position,
                heading=row["heading"][:300],
                introduced_by=row["introduced_by"][:300],
            )
            self._record(section, row)
        counted = {}
        for row in kept(self.draft, "points"):
            place = (row["section"], row["kind"])
            counted[place] = counted.get(place, 0) + 1
            section = self.made[row["section"]]
            point = Point(section=section, kind=row["kind"], position=counted[place], text=row["text"])
            self._tag(self._record(point), row)

    def _tag(self, made, row):
        """Drafts from before there were themes have none; a theme may be gone by another code since."""
        themes = [self.themes[code] for code in row.get("themes", []) if code in self.themes]
        if themes:
            change_themes(made, add=themes, by=self.by, reason=self.reason)

    def _papers(self):
        papers, errata = kept(self.draft, "papers"), kept(self.draft, "errata")
        if not (self.draft["report"]["title"] or papers or errata):
            return
        title = self.draft["report"]["title"] or "Report received"
        report = self._record(
            Report(item=self.item, title=title[:300], author_post=self.draft["report"]["author_post"])
        )
        for row in papers:
            self._record(Appendix(report=report, number=row["number"], title=row["title"][:300]), row)
        for row in errata:
            values = {
                name: row[name]
                for name in ("words", "subject", "wrong_value", "correct_value", "announced_by")
            }
            appendix = next((self.made[p["key"]] for p in papers if _names_appendix(row["words"], p)), None)
            self._record(Erratum(report=report, appendix=appendix, meeting=self.meeting, **values))

    def _proposals(self):
        for position, row in enumerate(kept(self.draft, "proposals"), start=1):
            same = ["text", "kind", "outcome", "decision_mode", "vote_requested_by"]
            same += ["votes_for", "votes_against", "votes_abstained"]
            proposal = Proposal(
                item=self.item,
                position=position,
                mover=self._named(row["mover"]),
                seconder=self._named(row["seconder"]),
                **{name: row[name] for name in same},
            )
            self._record(proposal, row)
        for row in kept(self.draft, "votes"):
            person = self._named(row["name"], row["person"])
            proposal = self.made[row["proposal"]]
            self._record(RecordedVote(proposal=proposal, person=person, side=row["side"], rule=row["rule"]))

    def _named(self, name, key=""):
        """The person of a name that may be a surname only, looked for among those who were there."""
        if not name:
            return None
        if key:
            return Person.objects.get(pk=key)
        bare = bare_name(name).lower()
        present = Attendance.objects.filter(meeting=self.meeting).select_related("person")
        same = {a.person for a in present if same_name(str(a.person), name) or bare == surname(a.person.name)}
        return same.pop() if len(same) == 1 else self._person(name)

    def _resolutions(self):
        for position, row in enumerate(kept(self.draft, "resolutions"), start=1):
            resolution = Resolution(
                item=self.item, position=position, label=row["label"], text=row["text"], kind=row["kind"]
            )
            self._record(resolution, row)

    def _actions(self):
        for row in kept(self.draft, "actions"):
            action = Action(
                resolution=self.made[row["resolution"]],
                title=row["title"],
                addressee=self._organisation(row),
                legal_force=row["legal_force"],
                due_words=row["due_words"],
                due_from=_day(row["due_from"]),
                due_to=_day(row["due_to"]),
            )
            found = [e for e in kept(self.draft, "elements") if e["action"] == row["key"]]
            elements = [_element(e) for e in found]
            open_action(action, elements, by=self.by, reason=self.reason)
            for element, of_element in zip(elements, found, strict=True):
                self._tag(element, of_element)

    def _organisation(self, row):
        if row["organisation"]:
            return Organisation.objects.get(pk=row["organisation"])
        known = Organisation.objects.called(row["addressee"]).first()
        return known or self._record(Organisation(name=row["addressee"][:200]))


def _new_person(name):
    """Splits a minuted name into style, name and honours."""
    words = " ".join(name.split())
    bare = bare_name(words)
    style = words.partition(bare)[0]
    honours = HONOURS.search(words)
    return Person(
        style=style.strip()[:60], name=bare[:120], honours=honours.group().strip(" ,")[:40] if honours else ""
    )


def _among(people, name):
    """The one of `people` that a minuted name means, or None."""
    return next((person for person in people if same_name(str(person), name)), None)


def _names_appendix(words, paper):
    return f"appendix {paper['number']}".lower() in words.lower()


def _element(row):
    condition = row["condition"]
    states = Element.ConditionState
    return Element(
        text=row["text"],
        due_words=row["due_words"],
        due_from=_day(row["due_from"]),
        due_to=_day(row["due_to"]),
        condition=condition,
        condition_state=states.WAITING if condition else states.UNCONDITIONAL,
    )


def _day(iso):
    return date.fromisoformat(iso) if iso else None
