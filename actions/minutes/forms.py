"""What an officer may change in a draft: one form for each kind of row, keyed as in `proposal.GROUPS`.

A draft is plain JSON, so cleaned values are turned back into text (`as_row`).
"""

import hashlib
import json
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from actions.forms import refuse_backwards
from actions.models import Action, MinutesImport
from reviews.models import Theme
from reviews.suggestions import suggester
from scrutiny.models import Attendance, Organisation, Person, Point, Proposal, RecordedVote, Resolution
from scrutiny.models.decisions import DecisionMode
from scrutiny.models.people import surname
from scrutiny.toolkit.editing import AsShown, is_stale
from scrutiny.toolkit.forms import DateField, Form, ModelForm

NEW_PERSON = ("", "A new person")


class MeetingForm(ModelForm):
    """Which meeting the minutes are of."""

    class Meta:
        model = MinutesImport
        fields = ["board", "meeting_date"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["board"].required = self.fields["meeting_date"].required = True


class MeetingOfImportForm(AsShown, MeetingForm):
    title = forms.CharField(label="Title of the agenda item", max_length=300)
    minute_number = forms.CharField(label="Minute number", max_length=20, required=False)
    purpose = forms.CharField(label="Purpose as on the agenda", required=False, widget=forms.Textarea)
    report_title = forms.CharField(label="Title of the report received", max_length=300, required=False)


class DivideForm(MeetingForm):
    """Which agenda items of a whole meeting are brought in. Board and date are asked once, for all of them.

    Apologies, minutes and the like are offered, but not chosen beforehand.
    """

    items = forms.MultipleChoiceField(
        label="Agenda items to bring in",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one agenda item."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = self.instance.items_left
        self.fields["items"].choices = [(row["key"], _item_label(row)) for row in rows]
        self.initial["items"] = [row["key"] for row in rows if not row["routine"]]


def _item_label(row):
    return f"{row['number']} {row['title']} ({row['holds']})".strip()


class RowForm(Form):
    """One row of a draft. `keep` unticked leaves it out; an extra form left empty adds nothing."""

    keep = forms.BooleanField(label="Keep", required=False, initial=True)
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, draft, people, organisations, themes, suggested, **kwargs):
        self.draft, self.people, self.organisations = draft, people, organisations
        self.themes, self.suggested = themes, suggested
        super().__init__(*args, **kwargs)
        self.fit()

    def fit(self):
        """The place for choices that depend on the rest of the draft."""

    def choose_among(self, name, group, label):
        """Makes `name` a choice among the rows of another group."""
        rows = [(row["key"], label(row)) for row in self.draft[group] if row["keep"]]
        now = (self.initial or {}).get(name)
        if now and now not in dict(rows):
            rows.append((now, "One that is left out now"))
        self.fields[name].choices = [("", "Choose one"), *rows]

    def as_row(self):
        """The values as a draft keeps them: plain text, and no trace of the form itself."""
        own = {name: value for name, value in self.cleaned_data.items() if name not in ("key", "seen")}
        return {name: _plain(value) for name, value in own.items()}

    def clean(self):
        """What another officer changed since this page was opened is not overwritten unawares."""
        cleaned = super().clean()
        if self.initial and is_stale(self, "seen", self.initial["seen"]):
            raise ValidationError(
                "Somebody else changed this meanwhile. Send it again to put your words in its place."
            )
        return cleaned

    def has_changed(self):
        """An extra form counts once words are typed in it; what is chosen beforehand says nothing."""
        if self.initial:
            return True
        typed = [name for name, field in self.fields.items() if isinstance(field, forms.CharField)]
        return any((self[name].value() or "").strip() for name in typed)


def _plain(value):
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def _words(label, rows=3, required=True, **kwargs):
    widget = forms.Textarea(attrs={"rows": str(rows)})
    return forms.CharField(label=label, widget=widget, required=required, **kwargs)


def _line(label, required=False, most=300, **kwargs):
    return forms.CharField(label=label, required=required, max_length=most, **kwargs)


def _pick(label, choices, required=True, blank=None):
    return forms.ChoiceField(
        label=label, choices=[("", blank), *choices] if blank else choices, required=required
    )


def _start(text, length=70):
    return text if len(text) <= length else f"{text[:length].rsplit(' ', 1)[0]}…"


class PersonRow(RowForm):
    name = _line("Name as minuted", required=True, most=160)
    person = forms.ChoiceField(label="Who this is", required=False)

    def fit(self):
        """Known people of the same surname, and whoever is chosen now."""
        row = self.initial or {}
        wanted = surname(row.get("name", ""))
        known = [p for p in self.people if surname(p.name) == wanted or str(p.pk) == row.get("person")]
        self.fields["person"].choices = [NEW_PERSON, *((str(person.pk), str(person)) for person in known)]


class AttendanceRow(PersonRow):
    title = _line("Title as minuted")
    organisation = forms.ChoiceField(label="Organisation", required=False)
    capacity = _pick("Attended as", Attendance.Capacity.choices)
    substitute_for = _line("Substitute for", most=160)

    def fit(self):
        super().fit()
        self.fields["organisation"].choices = [("", "None, or not known"), *self.organisations]


class ApologyRow(PersonRow):
    pass


class PaperRow(RowForm):
    number = _line("Number of the appendix", required=True, most=10)
    title = _line("Title", required=True)


class ErratumRow(RowForm):
    words = _words("Words of the minutes")
    subject = _line("What is wrong", most=200)
    wrong_value = _line("As printed", most=200, help_text="Leave empty where the minutes do not say")
    correct_value = _line("Should read", most=200)
    announced_by = _line("Announced by", most=160)


class SectionRow(RowForm):
    heading = _line("Heading", required=True)
    introduced_by = _line("Introduced by")


class TaggedRow(RowForm):
    """A row whose words suggest themes. What is unticked is offered again, for as long as the words suggest it."""

    themes = forms.MultipleChoiceField(
        label="Themes suggested from the words", required=False, widget=forms.CheckboxSelectMultiple
    )

    def fit(self):
        """In a row of an older draft, which has no themes yet, those suggested are ticked."""
        row, field = self.initial or {}, self.fields["themes"]
        suggested = [theme.code for theme in self.suggested(row.get("text", ""))]
        field.initial = row.get("themes", suggested)
        field.choices = [(t.code, t.label) for t in self.themes if t.code in {*suggested, *field.initial}]
        if not field.choices:
            del self.fields["themes"]


class PointRow(TaggedRow):
    section = forms.ChoiceField(label="Section")
    kind = _pick("Kind", Point.Kind.choices)
    text = _words("Words of the minutes")

    field_order = ["keep", "section", "kind", "text", "themes"]

    def fit(self):
        super().fit()
        self.choose_among("section", "sections", lambda row: row["heading"])


class ProposalRow(RowForm):
    text = _words("Words of the minutes", rows=4)
    kind = _pick("Kind", Proposal.Kind.choices)
    mover = _line("Put forward by", most=160)
    seconder = _line("Seconded by", most=160)
    outcome = _pick("Outcome", Proposal.Outcome.choices, required=False, blank="Not said")
    decision_mode = _pick("How decided", DecisionMode.choices, required=False, blank="Not said")
    vote_requested_by = forms.IntegerField(
        label="Members who asked for the vote", required=False, min_value=0
    )
    votes_for = forms.IntegerField(label="Votes for", required=False, min_value=0)
    votes_against = forms.IntegerField(label="Votes against", required=False, min_value=0)
    votes_abstained = forms.IntegerField(label="Abstentions", required=False, min_value=0)

    NUMBERS = ("vote_requested_by", "votes_for", "votes_against", "votes_abstained")

    def as_row(self):
        """Numbers the minutes do not give stay unknown."""
        return super().as_row() | {name: self.cleaned_data[name] for name in self.NUMBERS}


class VoteRow(PersonRow):
    proposal = forms.ChoiceField(label="Proposal")
    side = _pick("Voted", RecordedVote.Side.choices)
    rule = _line("Rule cited", most=120)

    def fit(self):
        super().fit()
        self.choose_among("proposal", "proposals", lambda row: _start(row["text"]))


class ResolutionRow(RowForm):
    label = _line("Letter or number", most=10)
    text = _words("Words of the minutes", rows=4)
    kind = _pick("Kind", Resolution.Kind.choices)


class ActionRow(RowForm):
    resolution = forms.ChoiceField(label="Resolution", required=False)
    title = _line("Short title", required=True, most=200)
    addressee = _line("Addressed to, in the minutes' words", most=200)
    organisation = forms.ChoiceField(label="Organisation that is", required=False)
    legal_force = _pick("What binds them", Action.LegalForce.choices)
    due_words = _line("Due, in the minutes' words", most=200)
    due_from = DateField(label="Due from", required=False)
    due_to = DateField(label="Due until", required=False)

    def fit(self):
        self.choose_among(
            "resolution", "resolutions", lambda row: _start(f"{row['label']} {row['text']}".strip())
        )
        self.fields["organisation"].choices = [("", "A new organisation of that name"), *self.organisations]

    def clean(self):
        cleaned = super().clean()
        refuse_backwards(self, cleaned)
        return cleaned


class ElementRow(TaggedRow):
    action = forms.ChoiceField(label="Action")
    text = _words("Words of the minutes")
    due_words = _line("Its own date, in the minutes' words", most=200)
    due_from = DateField(label="Own date from", required=False)
    due_to = DateField(label="Own date until", required=False)
    condition = _line("Condition, in the minutes' words", most=500)

    field_order = ["keep", "action", "text", "due_words", "due_from", "due_to", "condition", "themes"]

    def clean(self):
        cleaned = super().clean()
        refuse_backwards(self, cleaned)
        return cleaned

    def fit(self):
        super().fit()
        self.choose_among("action", "actions", lambda row: row["title"])


class UndertakingRow(RowForm):
    text = _words("Words of the minutes")


class DocumentRow(RowForm):
    title = _line("Title", required=True)


ROW_FORMS = {
    "attendance": AttendanceRow,
    "apologies": ApologyRow,
    "papers": PaperRow,
    "errata": ErratumRow,
    "sections": SectionRow,
    "points": PointRow,
    "proposals": ProposalRow,
    "votes": VoteRow,
    "resolutions": ResolutionRow,
    "actions": ActionRow,
    "elements": ElementRow,
    "undertakings": UndertakingRow,
    "documents": DocumentRow,
}

EXTRA = 1
MOST_ROWS = 1000


def row_formset(group, minutes_import, data=None):
    """The forms of all rows of a group, and an empty one for what the reader missed.

    A sent form finds its row by key: other officers may have added rows since the page was opened.
    """
    rows = minutes_import.draft[group]
    if data is not None:
        by_key = {row["key"]: row for row in rows}
        rows = [by_key.get(key) for key in _keys_in(data, group)]
    themes = list(Theme.objects.all())
    needed = {
        "draft": minutes_import.draft,
        "people": _people_like([row for row in rows if row]),
        "organisations": [(str(body.pk), body.name) for body in Organisation.objects.all()],
        "themes": themes,
        "suggested": suggester(themes),
    }
    factory = forms.formset_factory(ROW_FORMS[group], extra=EXTRA)
    return factory(data, initial=[_initial(row) for row in rows], form_kwargs=needed, prefix=group)


def _keys_in(data, group):
    total = data.get(f"{group}-TOTAL_FORMS", "")
    count = min(int(total), MOST_ROWS) if total.isdecimal() else 0
    return [data.get(f"{group}-{number}-key", "") for number in range(count)]


def _initial(row):
    """The values of a row for its form, and a digest by which a later change is noticed."""
    if row is None:
        return {}
    digest = hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()
    return {name: value for name, value in row.items() if name != "at"} | {"seen": digest}


def _people_like(rows):
    """Everybody whose surname one of the rows has, in one query."""
    meant = Q(pk__in=[row["person"] for row in rows if row.get("person")])
    for name in {surname(row["name"]) for row in rows if row.get("name")}:
        meant |= Q(name__iendswith=name)
    return list(Person.objects.filter(meant))


def rows_from(formset, rows, group):
    """The rows as the officer left them: old ones keep key and place, new ones have a key and no place."""
    sent = {form.initial["key"]: form.as_row() for form in formset.forms if form.initial}
    changed = [row | sent.get(row["key"], {}) for row in rows]
    for form in formset.forms:
        if not form.initial and form.has_changed() and form.cleaned_data:
            changed.append({"key": _next_key(changed, group), "at": None} | form.as_row() | {"keep": True})
    return changed


def _next_key(rows, group):
    taken = [int(row["key"].rsplit("-", 1)[1]) for row in rows]
    return f"{group}-{max(taken, default=0) + 1}"
