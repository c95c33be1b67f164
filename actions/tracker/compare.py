"""What a sheet would change, row by row, told before anything is done. The result is kept as plain data.

A row of the preview:

row       its number in the file
element   the key of the element, None for a new one
named     what the reader knows it by: "SB-CF 22/23-04, element 1", or the words of a new one
version   how the record stood (see `versions`), so that nothing saved meanwhile is overwritten
changes   [{column, old, new}], as people read them
values    {column key: text or ISO date} of what changes, or of all there is in a new row
errors    [{column, sentence}]: a row with one is not applied
result    empty until it is applied
"""

import difflib
from datetime import date

from django.db.models import Max

from actions.models import Action, Element, ProgressUpdate
from actions.tracker.columns import COLUMN, COLUMNS, DAYS, NEEDED_FOR_NEW, WINDOW, Use
from actions.tracker.rows import rows_of
from actions.tracker.table import as_day, as_text, without_sign
from scrutiny.models import Meeting, MunicipalYear, Organisation
from scrutiny.toolkit.documents import shown
from scrutiny.toolkit.documents.sheet import LONGEST
from scrutiny.toolkit.identifying import identifying

READ_BACK = [
    column.key
    for column in COLUMNS
    if column.use == Use.CHANGES and column.key not in ("reference", "element")
]
TAKEN_OF_NEW = {*NEEDED_FOR_NEW, "minute", *READ_BACK} - {"check_on"}
FREE_TEXT = ("reported", "words", "resolution", "due_words", "reported_by")
SAYS = {label.lower(): value for value, label in Element.OwnerProgress.choices}
SAYS |= {value.replace("_", " "): value for value in Element.OwnerProgress.values} | {"complete": "complete"}
TOO_LONG = {"due_words": 200, "reported_by": 200, "minute": 300}


class CellError(Exception):
    """`column` is the key of the cell it is about; the text says what to do."""

    def __init__(self, column, sentence):
        super().__init__(sentence)
        self.column = column


class Comparison:
    """Compares the rows of a sheet with the record of a board, as `user` may see it on the day `on`."""

    def __init__(self, board, user, on):
        self.board, self.user, self.on = board, user, on

    def preview(self, rows):
        """(the rows of the preview, how many rows change nothing, titles of columns changed in vain)."""
        self._look_up(rows)
        self.first_row_of, self.windows, self.in_vain = {}, {}, {}
        found = [self._row(number, cells) for number, cells in rows]
        changing = [row for row in found if row["changes"] or row["errors"]]
        return changing, len(found) - len(changing), list(self.in_vain)

    def _look_up(self, rows):
        references = {as_text(cells.get("reference", "")) for _, cells in rows}
        elements = Element.objects.visible_to(self.user).filter(
            action__board=self.board, action__reference__in=references
        )
        self.known = {}
        for row in rows_of(elements, self.user):
            self.known.setdefault(row.action.reference, {})[row.element.number] = row
        self.versions = versions(self.board)
        self.organisations = _organisations()
        self.years = list(MunicipalYear.objects.all())
        self.asked = _asked_before(self.board, self.user)
        self.meetings = {meeting.date: meeting for meeting in Meeting.objects.filter(board=self.board)}

    def _row(self, number, cells):
        made = {"row": number, "element": None, "named": "", "version": "", "result": ""}
        made |= {"changes": [], "values": {}, "errors": []}
        try:
            if cells.get("reference"):
                self._known_row(made, cells)
            else:
                self._new_row(made, cells)
        except CellError as error:
            _add_error(made, error)
        return made

    # A row whose reference is known.

    def _known_row(self, made, cells):
        made["named"] = as_text(cells["reference"])
        row = self._element(cells)
        made["named"], made["element"] = str(row.element), row.element.pk
        made["version"] = self.versions.get(row.element.pk, "")
        if row.element.pk in self.first_row_of:
            raise CellError("element", f"This element is in row {self.first_row_of[row.element.pk]} already.")
        self.first_row_of[row.element.pk] = made["row"]
        self._note_in_vain(row, cells)
        for key in READ_BACK:
            if key in cells and not self._is_emptied(key, row, cells[key]):
                self._change(made, row, key, cells[key])
        self._check_window(made, row)
        self._check_word(made)

    def _element(self, cells):
        reference, number = as_text(cells["reference"]), as_text(cells.get("element", ""))
        elements = self.known.get(reference)
        if elements is None:
            raise CellError(
                "reference",
                f"No action of this board has the reference {reference}. Correct it, or empty it for a new action."
                + _near(reference, Action.objects.visible_to(self.user).filter(board=self.board)),
            )
        if number == "" and len(elements) == 1:
            return next(iter(elements.values()))
        if not number.isdecimal() or int(number) not in elements:
            raise CellError(
                "element", f"Enter the number of an element of {reference}, from 1 to {max(elements)}."
            )
        return elements[int(number)]

    def _note_in_vain(self, row, cells):
        for key, cell in cells.items():
            column = COLUMN[key]
            if column.use == Use.CHANGES or key == "timing":
                continue
            if not _is_same(cell, column.value(row, self.on)):
                self.in_vain.setdefault(column.title)

    def _is_emptied(self, key, row, cell):
        """What was reported, and who answers, is not taken back by an empty cell; a date is."""
        if cell or key in WINDOW or key == "check_on":
            return False
        if COLUMN[key].value(row, self.on):
            self.in_vain.setdefault(COLUMN[key].title)
        return True

    def _change(self, made, row, key, cell):
        old = COLUMN[key].value(row, self.on)
        if _is_same(cell, old):
            return
        try:
            value, words = self._read(key, cell)
        except CellError as error:
            _add_error(made, error)
            return
        if value == _plain(old):
            return
        made["values"][key] = value
        made["changes"].append({"column": COLUMN[key].title, "old": shown(old), "new": words})

    def _check_window(self, made, row):
        """Both ends fit, and rows of one action do not contradict each other. Cells not given stay as they are."""
        for key in ("addressee", *WINDOW):
            if key not in made["values"]:
                continue
            other, value = self.windows.setdefault((row.action.pk, key), (made["row"], made["values"][key]))
            if value != made["values"][key]:
                _add_error(made, CellError(key, f"Row {other} says something else for the same action."))
        if any(key in made["values"] for key in WINDOW):
            start = made["values"].get("due_from", _plain(row.window.start))
            end = made["values"].get("due_to", _plain(row.window.end))
            _refuse_backwards(made, start, end)
        if "check_on" in made["values"] and not row.element.is_conditional:
            _add_error(made, CellError("check_on", "This element has no condition. Empty this cell."))

    def _check_word(self, made):
        received = made["values"].get("received_on")
        if received and received > self.on.isoformat():
            _add_error(
                made, CellError("received_on", "This day is in the future. Enter when it was received.")
            )

    # A row without a reference: something from a council's old tracker.

    def _new_row(self, made, cells):
        made["named"] = as_text(cells.get("words", ""))[:120] or "A new row"
        for key in NEEDED_FOR_NEW:
            if not cells.get(key):
                title = COLUMN[key].title
                _add_error(made, CellError(key, f"A row without a reference is new and needs “{title}”."))
        for key, cell in cells.items():
            if cell and key in TAKEN_OF_NEW:
                self._take(made, key, cell)
        self._check_new(made)
        self._check_word(made)
        values = made["values"]
        _refuse_backwards(made, values.get("due_from"), values.get("due_to"))

    def _take(self, made, key, cell):
        try:
            value, words = self._read(key, cell)
        except CellError as error:
            _add_error(made, error)
            return
        made["values"][key] = value
        made["changes"].append({"column": COLUMN[key].title, "old": "", "new": words})

    def _check_new(self, made):
        values = made["values"]
        day = values.get("asked_on")
        if not day:
            return
        if day > self.on.isoformat():
            _add_error(made, CellError("asked_on", "This day is in the future. Enter when the Board asked."))
        elif not any(year.start.isoformat() <= day <= year.end.isoformat() for year in self.years):
            _add_error(
                made,
                CellError("asked_on", "No municipal year holds this day. Ask an administrator to add it."),
            )
        self._check_minutes(made, day)

    def _check_minutes(self, made, day):
        values = made["values"]
        asked = (day, tidy(values.get("resolution", "")))
        if known := self.asked.get((*asked, values.get("addressee"), tidy(values.get("words", "")))):
            _add_error(
                made,
                CellError("words", f"This is in the record as {known}. Enter that reference in this row."),
            )
        meeting = self.meetings.get(date.fromisoformat(day))
        if meeting and meeting.is_locked and asked not in self.asked:
            _add_error(
                made,
                CellError(
                    "resolution",
                    "The minutes of that day are approved and hold no such resolution. Use their exact words.",
                ),
            )

    # One cell.

    def _read(self, key, cell):
        """(what is kept, what is shown) of a cell; a key of an organisation, an ISO date, a code or a text."""
        if cell == "":
            return "", ""
        if key in DAYS:
            day = as_day(cell)
            if day is None:
                raise CellError(key, f"“{cell}” is no date. Enter one such as 31/10/2023.")
            return day.isoformat(), shown(day)
        text = as_text(cell)
        if key == "addressee":
            return self._organisation(text), text
        if key == "says":
            return _owner_says(text)
        return _free_text(key, text), text

    def _organisation(self, name):
        found = self.organisations.get(name.lower(), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise CellError(
                "addressee", f"More than one organisation is called “{name}”. Enter the full name."
            )
        raise CellError(
            "addressee",
            f"No organisation is called “{name}”. Add it first, or correct the name."
            + _near_names(name, self.organisations),
        )


def versions(board):
    """{key of an element: a text that changes with the element, its action or what is reported on it}."""
    elements = Element.objects.filter(action__board=board)
    of_elements = dict(_newest(Element, elements.values("pk")))
    of_actions = dict(_newest(Action, elements.values("action")))
    updates = ProgressUpdate.objects.filter(element__action__board=board).order_by()
    last = dict(updates.values_list("element").annotate(last=Max("pk")))
    return {
        pk: f"{of_elements.get(pk)}.{of_actions.get(action)}.{last.get(pk)}"
        for pk, action in elements.values_list("pk", "action")
    }


def _newest(model, keys):
    return model.history.filter(id__in=keys).order_by().values_list("id").annotate(Max("history_id"))


def tidy(words):
    return " ".join(words.split()).lower()


def _organisations():
    """{name, short name or other name in small letters: keys of the organisations that have it}."""
    names = {}
    for organisation in Organisation.objects.prefetch_related("aliases"):
        others = [alias.name for alias in organisation.aliases.all()]
        for name in filter(None, (organisation.name, organisation.short_name, *others)):
            names.setdefault(name.lower(), set()).add(organisation.pk)
    return names


def _asked_before(board, user):
    """What the board asked already: {(day, resolution): "", (day, resolution, addressee, element): its reference}."""
    found = {}
    elements = (
        Element.objects.visible_to(user)
        .filter(action__board=board)
        .select_related("action__resolution__item__meeting")
    )
    for element in elements:
        resolution = element.action.resolution
        asked = (resolution.item.meeting.date.isoformat(), tidy(resolution.text))
        found[asked] = ""
        found[*asked, element.action.addressee_id, tidy(element.text)] = str(element)
    return found


def _add_error(made, error):
    made["errors"].append({"column": COLUMN[error.column].title, "sentence": str(error)})


def _is_same(cell, value):
    """True where the cell holds what the export wrote, give or take spaces."""
    if isinstance(value, date):
        return as_day(cell) == value
    return " ".join(as_text(cell).split()) == " ".join(without_sign(shown(value)[:LONGEST]).split())


def _plain(value):
    return value.isoformat() if isinstance(value, date) else shown(value)


def _refuse_backwards(made, start, end):
    if start and end and start > end:
        _add_error(made, CellError("due_to", "The window ends before it starts. Check both dates."))


def _owner_says(text):
    code = SAYS.get(text.lower())
    if code is None:
        offered = "; ".join(map(str, Element.OwnerProgress.labels))
        raise CellError("says", f"“{text}” is not one of: {offered}.")
    return code, Element.OwnerProgress(code).label


def _free_text(key, text):
    text = shown(text)
    if found := identifying(text) if key in FREE_TEXT else []:
        raise CellError(key, f"“{found[0].words}” reads like {found[0].kind}. Take it out of the sheet.")
    if len(text) > TOO_LONG.get(key, len(text)):
        raise CellError(key, f"Shorten this to {TOO_LONG[key]} characters. It has {len(text)}.")
    return text


def _near(reference, actions):
    close = difflib.get_close_matches(reference, list(actions.values_list("reference", flat=True)), n=3)
    return f" Did you mean {' or '.join(close)}?" if close else ""


def _near_names(name, names):
    close = difflib.get_close_matches(name.lower(), names, n=3, cutoff=0.6)
    keys = {next(iter(names[each])) for each in close}
    found = Organisation.objects.filter(pk__in=keys).values_list("name", flat=True)
    return f" Did you mean {' or '.join(found)}?" if found else ""
