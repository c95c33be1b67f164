"""Forms of the tracker: what the officer suggests on one element, and a spreadsheet to bring in."""

from django import forms

from actions.forms import ElementRowForm
from actions.models import Suggestion
from scrutiny.models import Board
from scrutiny.toolkit.files import check_upload
from scrutiny.toolkit.forms import Form

KINDS = (".xlsx", ".csv")


class SuggestionForm(ElementRowForm):
    main = "category"

    class Meta:
        model = Suggestion
        fields = ["category", "reason"]

    def __init__(self, *args, categories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = categories
        self.fields["category"].choices = [
            ("", "No suggestion"),
            *((category.pk, str(category)) for category in categories),
        ]
        self.fields["category"].required = False

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("reason") and not cleaned.get("category"):
            self.cleaned_data["reason"] = ""  # a proposal that was set aside leaves its words behind
        return cleaned


class BringTrackerForm(Form):
    board = forms.ModelChoiceField(Board.objects.none(), label="Board")
    file = forms.FileField(
        label="Spreadsheet",
        validators=[check_upload],
        help_text="An .xlsx or .csv file of up to 20 MB and 5,000 rows, with the tracker's column headers",
    )

    def __init__(self, *args, boards, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["board"].queryset = boards
        if len(boards) == 1:
            self.initial["board"] = boards[0]

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if not upload.name.lower().endswith(KINDS):
            raise forms.ValidationError("Choose an .xlsx or .csv file.")
        return upload
