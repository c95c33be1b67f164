"""Forms about what a review taught, how it is spread, and what shows that it arrived."""

from reviews.forms.cases import AboutCase, ask_for_reason
from reviews.models import AgencyAssurance, Dissemination, LearningEvidence, LearningPoint, LearningStep
from scrutiny.toolkit.careful import Careful
from scrutiny.toolkit.forms import DateField, ModelForm


class LearningForm(AboutCase, ModelForm):
    class Meta:
        model = LearningPoint
        fields = ["text", "owner", "post", "due_on"]


class LearningStepForm(Careful, ModelForm):
    careful_fields = ("taken_by",)

    recheck_on = DateField(label="When it is looked at again")

    class Meta:
        model = LearningStep
        fields = ["on", "taken_by", "note"]

    def __init__(self, *args, rule, **kwargs):
        super().__init__(*args, **kwargs)
        if "recheck_on" not in rule.asks:
            del self.fields["recheck_on"]
        if rule.needs_note:
            ask_for_reason(self.fields["note"])


class DisseminationForm(Careful, ModelForm):
    careful_fields = ("title", "audience")

    class Meta:
        model = Dissemination
        fields = ["kind", "title", "on", "audience", "reached", "target", "link"]


class AgencyAssuranceForm(Careful, ModelForm):
    careful_fields = ("method", "evidence", "confirmed_by")

    class Meta:
        model = AgencyAssurance
        fields = ["agency", "cascaded", "on", "method", "evidence", "grade", "confirmed_by", "checked_on"]


class LearningEvidenceForm(Careful, ModelForm):
    careful_fields = ("title",)

    class Meta:
        model = LearningEvidence
        fields = ["title", "grade", "on", "link"]
