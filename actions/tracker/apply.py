"""From the confirmed preview to the record: one transaction, through the services officers use themselves."""

from contextlib import contextmanager
from datetime import date
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from actions.minutes.proposal import short_title
from actions.models import Action, Element, ProgressUpdate, TrackerImport
from actions.services import add_element, change_condition, change_due_window, open_action, record_progress
from actions.tracker.columns import WINDOW, WORD
from actions.tracker.compare import tidy, versions
from scrutiny.models import AgendaItem, Meeting, MunicipalYear, Organisation, Resolution
from scrutiny.toolkit.history import record

STEP = 25  # rows; about a second's work, for which others wait to save
APPLIED = "Applied"
CHANGED_SINCE = "Not applied: somebody changed this after the file was compared. Bring the file in again."
ITEM = "Brought in from an earlier tracker"


@transaction.atomic
def apply_import(tracker_import, *, by):
    """Applies the next rows without errors, and notes in each what became of it.

    Many are applied in steps, each a transaction of its own, so that nobody else waits long to save. Pressing again
    after the last step does nothing more.
    """
    found = TrackerImport.objects.select_for_update().get(pk=tracker_import.pk)
    if found.state != TrackerImport.State.TO_CONFIRM:
        return found
    Applier(found, by).apply()
    if not found.waiting:
        found.state = TrackerImport.State.APPLIED
    found.save()
    return found


class Applier:
    def __init__(self, tracker_import, by):
        self.board, self.by = tracker_import.board, by
        self.rows, self.later = tracker_import.waiting[:STEP], tracker_import.waiting[STEP:]
        self.today = timezone.localdate()
        self.reason = f"Spreadsheet {tracker_import.name}, imported {self.today:%-d %B %Y}"

    def apply(self):
        known = [row for row in self.rows if row["element"]]
        actions = Action.objects.filter(elements__in=[row["element"] for row in known])
        list(
            actions.select_for_update(of=("self",)).order_by("pk")
        )  # held, so that the versions below stay true
        now = versions(self.board)
        for row in known:
            row["result"] = "" if now.get(row["element"]) == row["version"] else CHANGED_SINCE
        for row in known:
            if not row["result"]:
                with refusals_noted(row):
                    self._change(row)
        self._add_new()
        self._follow(now)

    def _follow(self, before):
        """What this step changed is no reason to refuse a later one; what somebody else changed is."""
        after = versions(self.board) if self.later else {}
        for row in self.later:
            if row["element"] and row["version"] == before.get(row["element"]):
                row["version"] = after[row["element"]]

    def _change(self, row):
        values = row["values"]
        element = Element.objects.select_related("action__addressee").get(pk=row["element"])
        self._change_action(element.action, values)
        if "check_on" in values:
            change_condition(
                element,
                state=element.condition_state,
                check_on=_day(values["check_on"]),
                reason=self.reason,
                by=self.by,
            )
        self._report(element, values)

    def _change_action(self, action, values):
        if values.get("addressee", action.addressee_id) != action.addressee_id:
            action.addressee = Organisation.objects.get(pk=values["addressee"])
            record(action, by=self.by, reason=self.reason)
        window = {
            "due_words": action.due_words,
            "due_from": action.due_from,
            "due_to": action.due_to,
        }
        wanted = window | {
            key: values[key] if key == "due_words" else _day(values[key]) for key in WINDOW if key in values
        }
        if wanted != window:
            change_due_window(
                action,
                words=wanted["due_words"],
                due_from=wanted["due_from"],
                due_to=wanted["due_to"],
                reason=self.reason,
                agreed_by="",
                by=self.by,
            )

    def _report(self, element, values):
        """What the cells do not say stays as it was last; where only the state changes, its name is what is said."""
        if not any(key in values for key in WORD):
            return
        last = element.updates.order_by("received_on", "pk").last()
        says = values.get("says") or (last.owner_progress if last else Element.OwnerProgress.IN_PROGRESS)
        text = values.get("reported") or f"{Element.OwnerProgress(says).label}."
        by_whom = values.get("reported_by") or (last.reported_by if last else element.action.addressee.name)
        update = ProgressUpdate(
            element=element,
            text=text,
            owner_progress=says,
            reported_by=by_whom[:200],
            on_behalf_of=element.action.addressee,
            received_on=_day(values.get("received_on")) or self.today,
            source=self.reason[:200],
        )
        record_progress(update, [], by=self.by)

    # Rows without a reference.

    def _add_new(self):
        new = [row for row in self.rows if not row["element"]]
        new.sort(key=_asked_together)
        for _, rows in groupby(new, key=_asked_together):
            rows = sorted(rows, key=lambda row: row["row"])
            with refusals_noted(*rows):
                self._ask(rows)

    def _ask(self, rows):
        """The rows of one resolution to one body are one action with an element for each."""
        values = rows[0]["values"]
        resolution = self._resolution(values)
        elements = [Element(text=row["values"]["words"]) for row in rows]
        action = resolution.actions.filter(addressee=values["addressee"], board=self.board).first()
        if action:
            for element in elements:
                add_element(action, element, by=self.by, reason=self.reason)
        else:
            self._open(resolution, values, elements)
        for row, element in zip(rows, elements, strict=True):
            self._report(element, row["values"])

    def _open(self, resolution, values, elements):
        action = Action(
            resolution=resolution,
            title=short_title(resolution.text),
            addressee=Organisation.objects.get(pk=values["addressee"]),
            due_words=values.get("due_words", ""),
            due_from=_day(values.get("due_from")),
            due_to=_day(values.get("due_to")),
        )
        return open_action(action, elements, by=self.by, reason=self.reason)

    def _resolution(self, values):
        meeting = self._meeting(_day(values["asked_on"]))
        there = Resolution.objects.filter(item__meeting=meeting)
        same = [each for each in there if tidy(each.text) == tidy(values["resolution"])]
        if same:
            return same[0]
        item = self._item(meeting, values.get("minute") or ITEM)
        last = item.resolutions.aggregate(last=Max("position"))["last"] or 0
        resolution = Resolution(
            item=item, position=last + 1, text=values["resolution"], kind=Resolution.Kind.OTHER
        )
        return record(resolution, by=self.by, reason=self.reason)

    def _meeting(self, day):
        meeting = Meeting.objects.filter(board=self.board, date=day).order_by("pk").first()
        if meeting:
            return meeting
        year = MunicipalYear.objects.containing(day).first()
        state = Meeting.MinutesState.WITH_OFFICERS  # a second person publishes (D-8)
        made = Meeting(board=self.board, date=day, year=year, minutes_state=state)
        return record(made, by=self.by, reason=self.reason)

    def _item(self, meeting, minute):
        """The item called so, with or without its minute number; a new one where the meeting has none."""
        number, dot, title = minute.partition(". ")
        if not (dot and number.isdecimal()):
            number, title = "", minute
        items = list(meeting.items.all())
        if same := [item for item in items if tidy(item.title) == tidy(title)]:
            return same[0]
        last = max((item.position for item in items), default=0)
        item = AgendaItem(meeting=meeting, position=last + 1, title=title[:300], minute_number=number[:20])
        return record(item, by=self.by, reason=self.reason)


def _asked_together(row):
    values = row["values"]
    return values["asked_on"], tidy(values["resolution"]), values["addressee"]


def _day(text):
    return date.fromisoformat(text) if text else None


@contextmanager
def refusals_noted(*rows):
    """What the rules of the record refuse is undone and told in the rows; the others go on."""
    result = APPLIED
    try:
        with transaction.atomic():
            yield
    except ValidationError as error:
        result = f"Not applied: {' '.join(error.messages)}"
    for row in rows:
        row["result"] = result
