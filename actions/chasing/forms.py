"""Forms for following up: a step taken, a late lifted, a message that came back, one's own digest."""

from django import forms
from django.core.exceptions import ValidationError

from actions.models import Chase, LadderStep
from scrutiny.models import User
from scrutiny.toolkit.careful import Careful
from scrutiny.toolkit.editing import AsShown
from scrutiny.toolkit.forms import DateField, Form, ModelForm


class ChaseForm(Careful, ModelForm):
    """A step that was taken. `contact` is whom the site can write to, None where no address is known."""

    send = forms.BooleanField(required=False)

    class Meta:
        model = Chase
        fields = ["kind", "on", "sent_to", "note"]

    def __init__(self, *args, contact, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        if contact:
            self.fields["send"].label = f"Write to {contact.name} ({contact.email}) for me"
            self.fields["send"].help_text = "The site sends a reminder or a chase today, and keeps its words."
        else:
            del self.fields["send"]

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("send"):
            return cleaned
        if cleaned.get("kind") not in LadderStep.WRITTEN_BY_OFFICERS:
            self.add_error(
                "send", "The site writes reminders and chases. For this step, download the letter."
            )
        elif cleaned.get("on") != self.today:
            self.add_error("on", "A message written now goes out today: enter today's date.")
        return cleaned


class ReasonForm(Careful, Form):
    reason = forms.CharField(label="Why", widget=forms.Textarea)


class LateAgainForm(AsShown, ReasonForm):
    pass


class NotLateForm(AsShown, Careful, Form):
    until = DateField(label="Not counted late until")
    because = forms.CharField(
        label="Why it is not late",
        widget=forms.Textarea,
        help_text="For example: the report came on 30 October and is on the agenda of the next meeting",
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until < self.today:
            raise ValidationError("Enter today or a day to come.")
        return until


class ReturnedForm(Form):
    on = DateField(label="When it came back")

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError("The day it came back cannot be in the future.")
        return on


class DigestForm(ModelForm):
    class Meta:
        model = User
        fields = ["digest"]
        widgets = {"digest": forms.RadioSelect}
