"""Forms of a round: opening it, answering it, and settling what was answered."""

from django import forms
from django.core.exceptions import ValidationError

from actions.forms import ProgressForm
from actions.models import Element, Reply, ReplyEvidence
from scrutiny.toolkit.careful import Careful
from scrutiny.toolkit.editing import is_stale, same_line_ends
from scrutiny.toolkit.forms import DateField, Form, ModelForm

WANTED_TOO_EARLY = "Enter a day from today on."
WANTED_TOO_LATE = "Enter a day before the meeting, which is on %s."


class OpenRoundForm(Careful, Form):
    """`seen` are the elements that the page showed: nobody is asked what the officer has not seen."""

    due_on = DateField(label="Answers wanted by")
    note = forms.CharField(
        label="A note to everybody who is asked",
        required=False,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text="It stands in the message, above what the Board asked.",
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, elements, on, meeting=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.on, self.meeting = on, meeting
        self.initial["seen"] = self.now = ",".join(str(element.pk) for element in elements)

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on < self.on:
            raise ValidationError(WANTED_TOO_EARLY)
        if self.meeting and due_on >= self.meeting.date:
            raise ValidationError(WANTED_TOO_LATE % f"{self.meeting.date:%-d %B %Y}")
        return due_on

    def clean(self):
        cleaned = super().clean()
        if is_stale(self, "seen", self.now):
            raise ValidationError(
                "What would be asked has changed meanwhile. Check it below and open it again."
            )
        return cleaned


class WriterForm(Form):
    """Who answers: asked once for the page."""

    reported_by = forms.CharField(
        label="Your name and post",
        max_length=200,
        help_text="For example Sam Weir, Business Manager. It stands beside what you write.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args, required, **kwargs):
        super().__init__(*args, **kwargs)
        self.mark_optional = False
        self.fields["reported_by"].required = required


class ReplyForm(Careful, ModelForm):
    """What is written about one element. Empty as a whole where there is nothing to say.

    `sending` asks for what a draft may lack. `theirs` is the reply as somebody else saved it meanwhile.
    """

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    mark_optional = False

    class Meta:
        model = Reply
        fields = ["text", "owner_progress"]
        labels = {"text": "What has happened since", "owner_progress": "How it stands"}
        widgets = {
            "text": forms.Textarea(attrs={"rows": "6"}),
            "owner_progress": forms.RadioSelect,
        }

    def __init__(self, *args, stored_version, sending=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.sending, self.theirs = sending, None
        self.stored = values_of(self.instance)
        self.initial["version"] = self.stored_version = stored_version
        self.fields["text"].required = self.fields["owner_progress"].required = False
        self.fields["owner_progress"].choices = [
            (value, OWN_WORDS.get(value, label)) for value, label in Element.OwnerProgress.choices
        ]

    def clean(self):
        cleaned = super().clean()
        wrote = {name: cleaned.get(name, "") for name in self.Meta.fields}
        if is_stale(self, "version", self.stored_version) and wrote != self.stored:
            self.theirs = self.stored | {"by": self.instance.reported_by, "state": self.instance.state}
            raise ValidationError(
                "Somebody else wrote here while you were writing. Their words are below, yours are still in the box. "
                "Save or send again to put yours in place of theirs."
            )
        return cleaned

    def ask_for_what_lacks(self, has_evidence):
        """Sending needs words and how it stands, for an element about which anything is said at all."""
        wrote = {name: self.cleaned_data.get(name) for name in self.Meta.fields}
        if not (any(wrote.values()) or has_evidence):
            return
        if not wrote["text"] and "text" not in self.errors:
            self.add_error("text", "Write what has happened since.")
        if not wrote["owner_progress"] and "owner_progress" not in self.errors:
            self.add_error("owner_progress", "Select how it stands.")

    @property
    def is_written(self):
        """True if something was changed, or taken away."""
        return {name: self.cleaned_data.get(name, "") for name in self.Meta.fields} != self.stored

    @property
    def says_something(self):
        return any(self.cleaned_data.get(name) for name in self.Meta.fields)


OWN_WORDS = {"complete": "Complete", "not_started": "Not started yet"}


def values_of(reply):
    """What the form asks of a reply, as the form gives it back."""
    return {"text": same_line_ends(reply.text).strip(), "owner_progress": reply.owner_progress}


class ReplyEvidenceForm(Careful, ModelForm):
    """One more piece of evidence, left empty where there is none. Without a title its file or link names it."""

    careful_fields = ["title"]
    mark_optional = False

    take_away = forms.MultipleChoiceField(
        label="Take away what was attached",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = ReplyEvidence
        fields = ["title", "link", "file"]
        labels = {"title": "What shows it, if there is something", "link": "Link to it", "file": "Or a file"}
        help_texts = {"title": "For example: register of the training, or minutes of our meeting in May"}

    def __init__(self, *args, attached, **kwargs):
        super().__init__(*args, **kwargs)
        self.attached = {str(piece.pk): piece for piece in attached}
        self.fields["title"].required = False
        self.fields["take_away"].choices = [(key, str(piece)) for key, piece in self.attached.items()]
        if not attached:
            del self.fields["take_away"]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("title"):
            file = cleaned.get("file")
            cleaned["title"] = (file.name if file else cleaned.get("link") or "")[:200]
        return cleaned

    def _post_clean(self):
        """An empty piece is none: the model's rules are asked when it is saved."""
        if self.is_given:
            super()._post_clean()

    @property
    def is_given(self):
        return bool(self.cleaned_data.get("title"))

    @property
    def taken_away(self):
        return [self.attached[key] for key in self.cleaned_data.get("take_away", [])]

    @property
    def is_changed(self):
        return self.is_given or bool(self.taken_away)

    @property
    def has_something(self):
        """True if evidence is there once this is saved."""
        return self.is_given or len(self.attached) > len(self.taken_away)


class SettleForm(ProgressForm):
    """What goes into the record. `version` tells that what is settled is what was read."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, stored_version, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.stored_version = stored_version

    def clean(self):
        cleaned = super().clean()
        if is_stale(self, "version", self.stored_version):
            raise ValidationError("This was changed while you were reading. Check what it says now.")
        return cleaned


class GradeForm(Form):
    """What a piece of evidence that was sent shows, or that it stays out of the record."""

    LEFT_OUT = "left_out"

    grade = forms.ChoiceField(
        choices=[("", "Choose one"), *Element.Grade.choices, (LEFT_OUT, "Leave it out of the record")]
    )

    def __init__(self, *args, piece, **kwargs):
        super().__init__(*args, **kwargs)
        self.piece = piece
        self.fields["grade"].label = f"What “{piece}” shows"
        self.fields["grade"].error_messages["required"] = (
            f"Select what “{piece}” shows, or leave it out of the record."
        )

    @property
    def is_kept(self):
        return self.cleaned_data["grade"] != self.LEFT_OUT


class QuestionForm(Careful, Form):
    question = forms.CharField(
        label="What do you ask?",
        widget=forms.Textarea(attrs={"rows": "4"}),
        help_text="It goes out as a message, with the link to the answer.",
    )


class RevokeForm(Form):
    reason = forms.CharField(label="Why the link is taken back", widget=forms.Textarea(attrs={"rows": "2"}))
