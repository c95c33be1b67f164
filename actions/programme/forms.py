"""Forms of the work programme."""

from django import forms

from actions.models import Action, ProgrammeItem, Undertaking
from scrutiny.models import Board, Meeting
from scrutiny.toolkit.editing import AsShown
from scrutiny.toolkit.forms import ChoiceOfRecords, DateField, Form, ModelForm


def day_of(meeting):
    return f"{meeting.date:%A %-d %B %Y}"


def coming(board, on):
    return Meeting.objects.filter(board=board, date__gte=on).order_by("date", "pk")


class MeetingField(forms.ModelChoiceField):
    def label_from_instance(self, meeting):
        return day_of(meeting)


class ProgrammeItemForm(ModelForm):
    """An item that has a meeting is moved by deferring it, which asks why."""

    class Meta:
        model = ProgrammeItem
        fields = ["title", "kind", "meeting", "action", "note"]
        field_classes = {"meeting": MeetingField}
        labels = {"action": "Action it takes up"}

    def __init__(self, *args, on, user, **kwargs):
        super().__init__(*args, **kwargs)
        item = self.instance
        if item.pk and item.meeting_id:
            del self.fields["meeting"]
        else:
            self.fields["meeting"].queryset = coming(item.board, on)
            self.fields["meeting"].empty_label = "Not yet known"
        actions = Action.objects.visible_to(user).filter(board=item.board)
        self.fields["action"].queryset = actions.open() | actions.filter(pk=item.action_id)
        self.fields["action"].empty_label = "None"


class DeferForm(AsShown, Form):
    meeting = MeetingField(
        Meeting.objects.none(),
        label="Where to",
        required=False,
        blank=True,
        empty_label="No meeting is found yet",
        widget=forms.RadioSelect,
    )
    why = forms.CharField(label="Why it is deferred", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args, item, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = coming(item.board, on).exclude(pk=item.meeting_id)


class DropForm(AsShown, Form):
    why = forms.CharField(label="Why it is dropped", widget=forms.Textarea(attrs={"rows": 2}))


class YearEndForm(Form):
    successor = forms.ModelChoiceField(
        Board.objects.none(), label="Board they go over to", widget=forms.RadioSelect, empty_label=None
    )
    on = DateField(label="Followed by that board from", help_text="The first day of its municipal year")
    actions = ChoiceOfRecords(
        Action.objects.none(),
        label="Actions that go over",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one action."},
    )

    def __init__(self, *args, board, actions, **kwargs):
        super().__init__(*args, **kwargs)
        successors = Board.objects.filter(predecessor=board)
        self.fields["successor"].queryset = successors
        self.fields["actions"].queryset = actions
        self.initial.setdefault("actions", [action.pk for action in actions])
        if len(successors) == 1:
            self.initial.setdefault("successor", successors[0].pk)


class UndertakingForm(ModelForm):
    """What became of it. Its words are the minutes' and are not changed here."""

    class Meta:
        model = Undertaking
        fields = ["look_on", "settled_on", "settled_how"]
