"""Forms for taking words out. The words themselves are not checked for what may identify a child: they do."""

from django import forms

from scrutiny.governance.retention import RULES
from scrutiny.models import Board, Redaction
from scrutiny.toolkit.careful import Careful
from scrutiny.toolkit.forms import Form


class RedactionForm(Careful, Form):
    words = forms.CharField(
        label="The words to take out",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Exactly as they stand, and no more than has to go. They are found in any case, however the line is "
        "broken, in every record, history, message and file. This site forgets them as soon as it is done.",
    )
    category = forms.ChoiceField(
        label="Why they have to go", choices=Redaction.Category, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="What happened, without the words",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example: an update named a family, reported by the partnership on 3 May",
    )

    def _checked_names(self):
        return ["reason"]


class ReasonForm(Careful, Form):
    reason = forms.CharField(label="Why", widget=forms.Textarea)


class Confirmation(Form):
    sure = forms.BooleanField(label="I have looked at every place in the list")


class ReportForm(Careful, Form):
    why = forms.CharField(
        label="What is wrong, in one sentence",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Do not repeat the words: for example, the second sentence names a family",
    )


class HoldForm(Careful, Form):
    rule = forms.ChoiceField(label="Kind of record", required=False)
    board = forms.ModelChoiceField(Board.objects.order_by("name"), label="Board", required=False)
    reason = forms.CharField(
        label="Why nothing may be destroyed",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example: the inquiry into … asked the Council on 3 May not to destroy records",
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        disposed_of = [(rule.code, rule.record) for rule in RULES if rule.disposes]
        self.fields["rule"].choices = [("", "All records"), *disposed_of]
        self.fields["board"].empty_label = "Every board"
