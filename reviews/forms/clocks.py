"""Working a date out."""

from django import forms

from reviews.models import ClockRule, Unit
from reviews.models.clocks import LONGEST
from scrutiny.toolkit.dates import FIRST_KNOWN_YEAR, LAST_KNOWN_YEAR, bank_holidays_are_known
from scrutiny.toolkit.forms import DateField, Form

WHOLE_NUMBER = f"Enter a whole number from 1 to {LONGEST}."
KNOWN_YEARS = (
    f"Enter a year from {FIRST_KNOWN_YEAR} to {LAST_KNOWN_YEAR}. Bank holidays are known for those only."
)


class ClockForm(Form):
    """A start date, and a rule or a number with its unit. `limit` is what to count by."""

    start = DateField(label="Start date", help_text="The day of the event. For example, 14 9 2022")
    rule = forms.ModelChoiceField(
        ClockRule.objects.select_related("guidance"), required=False, label="By this rule"
    )
    number = forms.IntegerField(required=False, label="Or by this number", min_value=1, max_value=LONGEST)
    unit = forms.ChoiceField(required=False, label="Of what", choices=[("", "Choose one"), *Unit.choices])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        number = self.fields["number"]
        number.widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "govuk-input--width-4"})
        for code in ("invalid", "min_value", "max_value"):
            number.error_messages[code] = WHOLE_NUMBER

    def clean_start(self):
        start = self.cleaned_data["start"]
        if not bank_holidays_are_known(start):
            raise forms.ValidationError(KNOWN_YEARS)
        return start

    def clean(self):
        cleaned = super().clean()
        rule, number, unit = (cleaned.get(name) for name in ("rule", "number", "unit"))
        if rule and (number or unit):
            self.add_error("rule", "Select a rule, or enter a number and select its unit, but not both.")
        elif not (rule or number or unit or self.errors):
            self.add_error("rule", "Select a rule, or enter a number and select its unit.")
        elif unit and not number and "number" not in self.errors:
            self.add_error("number", WHOLE_NUMBER)
        elif number and not unit and "unit" not in self.errors:
            self.add_error("unit", "Select what the number counts.")
        return cleaned

    @property
    def limit(self):
        """The rule, or one that stands for the number and its unit."""
        chosen = self.cleaned_data
        counted = ClockRule(start_event="counting starts", length=chosen["number"], unit=chosen["unit"])
        return chosen["rule"] or counted
