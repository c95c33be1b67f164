"""Forms about actions. Forms over several elements have one small form for each, told apart by prefix."""

from textwrap import shorten

from django import forms
from django.core.exceptions import ValidationError

from actions.models import (
    Action,
    Answer,
    Element,
    ElementPart,
    Evidence,
    Judgement,
    ProgressUpdate,
)
from actions.models.asks import WINDOW_BACKWARDS
from actions.models.progress import ACHIEVED_UNANSWERED
from reviews.models import LearningPoint, Report
from scrutiny.models import AgendaItem, TrackingCategory
from scrutiny.toolkit.careful import Careful
from scrutiny.toolkit.editing import AsShown, is_stale
from scrutiny.toolkit.files import check_safe
from scrutiny.toolkit.forms import ChoiceOfRecords, DateField, Form, ModelForm
from scrutiny.toolkit.history import version_of


def refuse_backwards(form, cleaned):
    start, end = cleaned.get("due_from"), cleaned.get("due_to")
    if start and end and start > end:
        form.add_error("due_to", WINDOW_BACKWARDS)


class ActionForm(ModelForm):
    class Meta:
        model = Action
        fields = ["title", "addressee", "post", "legal_force"]


class NewActionForm(ModelForm):
    elements = forms.CharField(
        label="Agreed elements",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="One to a line, in the words of the minutes. Without any, the resolution itself is the element.",
    )

    class Meta:
        model = Action
        fields = ["title", "addressee", "post", "legal_force", "due_words", "due_from", "due_to"]

    def clean(self):
        cleaned = super().clean()
        refuse_backwards(self, cleaned)
        return cleaned

    def clean_elements(self):
        lines = [line.strip(" \t•·*-") for line in self.cleaned_data["elements"].splitlines()]
        return [Element(text=line) for line in lines if line]


class DueWindowForm(AsShown, Form):
    words = forms.CharField(
        label="When it is due, in words", max_length=200, help_text="For example: by the end of January 2024"
    )
    due_from = DateField(label="Due from", required=False)
    due_to = DateField(label="Due until", required=False)
    agreed_by = forms.CharField(
        label="Who agreed the change",
        required=False,
        max_length=200,
        help_text="For example: the Chair, by e-mail",
    )
    reason = forms.CharField(label="Why the window changes", widget=forms.Textarea)

    def clean(self):
        cleaned = super().clean()
        refuse_backwards(self, cleaned)
        return cleaned


class ElementForm(ModelForm):
    class Meta:
        model = Element
        fields = ["text", "due_words", "due_from", "due_to", "condition"]

    def clean(self):
        """A condition that is new is waited for; what became of it is recorded on a page of its own."""
        cleaned = super().clean()
        refuse_backwards(self, cleaned)
        states = Element.ConditionState
        if not cleaned.get("condition"):
            self.instance.condition_state = states.UNCONDITIONAL
        elif self.instance.condition_state == states.UNCONDITIONAL:
            self.instance.condition_state = states.WAITING
        return cleaned


class ElementPartForm(ModelForm):
    class Meta:
        model = ElementPart
        fields = ["letter", "text"]


class ConditionForm(AsShown, Form):
    STATES = [choice for choice in Element.ConditionState.choices if choice[0] != "unconditional"]

    state = forms.ChoiceField(label="How it stands", choices=STATES, widget=forms.RadioSelect)
    check_on = DateField(label="Look at it again on", required=False)
    reason = forms.CharField(label="Why it changes", widget=forms.Textarea)


class ProgressForm(Careful, ModelForm):
    careful_fields = ["source"]

    class Meta:
        model = ProgressUpdate
        fields = ["text", "owner_progress", "reported_by", "on_behalf_of", "received_on", "source"]
        widgets = {"owner_progress": forms.RadioSelect}


class EvidenceForm(ModelForm):
    """A piece of evidence. On the page of an update it may be left empty as a whole."""

    class Meta:
        model = Evidence
        fields = ["title", "grade", "link", "file"]

    def __init__(self, *args, may_be_empty=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.empty_permitted = may_be_empty
        if may_be_empty:
            self.fields["title"].required = self.fields["grade"].required = False

    def clean(self):
        cleaned = super().clean()
        if self.empty_permitted and not self.has_changed():
            return cleaned
        for name, sentence in (
            ("title", "Enter what the evidence is."),
            ("grade", "Select a grade for the evidence."),
        ):
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        return cleaned


class ConsideredForm(Form):
    """Under which item the Board considered the action: one of a meeting that was held, after it asked."""

    item = forms.ModelChoiceField(
        AgendaItem.objects.none(),
        label="Considered under",
        error_messages={"required": "Select the agenda item."},
    )

    def __init__(self, *args, action, on, **kwargs):
        super().__init__(*args, **kwargs)
        items = AgendaItem.objects.filter(action.in_meetings("meeting__"), meeting__date__lte=on)
        self.fields["item"].queryset = items.select_related("meeting__board").order_by(
            "-meeting__date", "position"
        )
        self.fields["item"].label_from_instance = lambda item: f"{item.meeting.date:%-d %B %Y}: {item}"


class ElementRowForm(ModelForm):
    """One element's row on a page that records several: left empty where there is nothing to say.

    The rules of the model need what is chosen above the rows, so the service asks them. What somebody else recorded
    meanwhile is not overwritten unawares: the row says what it is, and sending again replaces it knowingly.
    """

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    main = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.stored_version = version_of(self.instance)

    def clean(self):
        cleaned = super().clean()
        if is_stale(self, "version", self.stored_version):
            raise ValidationError(self._what_changed())
        return cleaned

    def _what_changed(self):
        if self.instance.pk is None:
            return "Meanwhile somebody took back what was recorded here. Send this again to record yours."
        return f"Meanwhile somebody recorded “{getattr(self.instance, self.main)}” here. Send this again to replace it."

    def _post_clean(self):
        for name in self.Meta.fields:
            if name in self.cleaned_data:
                setattr(self.instance, name, self.cleaned_data[name])

    @property
    def is_given(self):
        return bool(self.cleaned_data.get(self.main))


class JudgementForm(ElementRowForm):
    """The Board's judgement on one element."""

    main = "category"

    class Meta:
        model = Judgement
        fields = ["category", "comment"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        scheme = self._board().tracking_scheme_id
        self.fields["category"].queryset = TrackingCategory.objects.filter(scheme=scheme)
        self.fields["category"].required = False
        self.fields["category"].empty_label = "Not judged this time"
        self.fields["comment"].widget.attrs["rows"] = "2"

    def _board(self):
        """The one that judged; until its meeting is chosen, the one that follows the action now."""
        judgement = self.instance
        return judgement.item.meeting.board if judgement.item_id else judgement.element.action.board

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("comment") and not cleaned.get("category"):
            self.add_error("category", "Select the judgement this comment belongs to.")
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        if self.is_given and self.instance.lacks_reason:
            self.add_error("comment", ACHIEVED_UNANSWERED)


class AnsweringForm(Form):
    """The report whose answers are recorded: one the Board received after it asked."""

    report = forms.ModelChoiceField(
        Report.objects.none(), label="Report", error_messages={"required": "Select the report that answers."}
    )

    def __init__(self, *args, action, **kwargs):
        super().__init__(*args, **kwargs)
        asked = action.resolution.item.meeting.date
        reports = Report.objects.filter(action.in_meetings("item__meeting__"), item__meeting__date__gt=asked)
        self.fields["report"].queryset = reports.select_related("item__meeting")
        self.fields["report"].label_from_instance = lambda report: (
            f"{report.title} ({report.item.meeting.date:%-d %B %Y})"
        )


class AnswerForm(ElementRowForm):
    """How the report covers one element."""

    main = "coverage"

    class Meta:
        model = Answer
        fields = ["coverage", "paragraph", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["coverage"].required = False
        self.fields["coverage"].choices = [("", "Not looked at yet"), *Answer.Coverage.choices]
        self.fields["note"].widget.attrs["rows"] = "2"

    def clean(self):
        cleaned = super().clean()
        said = cleaned.get("paragraph") or cleaned.get("note")
        if said and not cleaned.get("coverage"):
            raise ValidationError({"coverage": "Select how the report covers this element."})
        return cleaned


class LearningLinksForm(Form):
    """What reviews taught that stands behind an element.

    `seen` are the points that were linked when the page was opened. Only what was ticked or unticked since is done,
    so that two officers at once do not undo each other's choice.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    points = ChoiceOfRecords(
        LearningPoint.objects.none(),
        label="Learning",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, points, linked, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["points"] = [point.pk for point in linked]
        self.initial["seen"] = ",".join(str(point.pk) for point in linked)
        self.fields["points"].queryset = points
        self.fields["points"].label_from_instance = named_with_owner

    @property
    def added(self):
        return [point for point in self.cleaned_data["points"] if str(point.pk) not in self._seen]

    @property
    def taken_away(self):
        offered = self.fields["points"].queryset
        return [
            point
            for point in offered.exclude(pk__in=self.cleaned_data["points"])
            if str(point.pk) in self._seen
        ]

    @property
    def _seen(self):
        return set(self.cleaned_data["seen"].split(","))


def named_with_owner(point):
    owner = f" ({point.owner})" if point.owner else ""
    return f"{shorten(point.text, 200, placeholder='…')}{owner}"


class ReadMinutesForm(Form):
    """Minutes as a file or as pasted text; board and date where the text does not say."""

    file = forms.FileField(
        label="File with the minutes",
        required=False,
        validators=[check_safe],
        help_text="A .txt, .docx, .pdf or .html file of up to 20 MB",
    )
    text = forms.CharField(
        label="Or paste the text", required=False, widget=forms.Textarea(attrs={"rows": 12}), strip=False
    )

    def clean(self):
        cleaned = super().clean()
        has_text = bool((cleaned.get("text") or "").strip())
        if bool(cleaned.get("file")) == has_text and not self.errors:
            raise ValidationError(
                "Choose a file or paste the text, not both."
                if has_text
                else "Choose a file or paste the text."
            )
        return cleaned
