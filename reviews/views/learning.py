"""What reviews taught: who owns it, how it spread, what shows that it arrived."""

import django_filters as filters
from django.contrib import messages
from django.shortcuts import redirect

from reviews.forms.learning import (
    AgencyAssuranceForm,
    DisseminationForm,
    LearningEvidenceForm,
    LearningForm,
    LearningStepForm,
)
from reviews.models import (
    AgencyAssurance,
    Dissemination,
    LearningEvidence,
    LearningPoint,
    LearningStep,
    ReviewCase,
    Theme,
)
from reviews.services import learning as services
from reviews.stages import LEARNING
from reviews.tagging import TagView
from scrutiny.models import Organisation
from scrutiny.toolkit.access import fetch
from scrutiny.toolkit.editing import AddView, EditView
from scrutiny.toolkit.errors import held
from scrutiny.toolkit.forms import FilterForm
from scrutiny.toolkit.lists import RecordList
from scrutiny.toolkit.pages import attempt, form_page


def owners(request):
    """Bodies that own learning this person may see."""
    seen = LearningPoint.objects.visible_to(request.user)
    return Organisation.objects.filter(learning__in=seen).distinct()


class LearningFilter(filters.FilterSet):
    STATES = [("late", "Late"), *[(rule.code, rule.label) for rule in LEARNING.values()]]

    q = filters.CharFilter(label="Words", field_name="text", lookup_expr="icontains")
    theme = filters.ModelChoiceFilter(label="Theme", field_name="tags__theme", queryset=Theme.objects.all())
    owner = filters.ModelChoiceFilter(label="Owner", queryset=owners)
    state = filters.ChoiceFilter(label="Show only", choices=STATES, method="in_state")

    class Meta:
        model = LearningPoint
        fields = []
        form = FilterForm

    def in_state(self, queryset, name, value):
        return queryset.late(self.request.today) if value == "late" else queryset.filter(state=value)


class LearningList(RecordList):
    model = LearningPoint
    filterset_class = LearningFilter
    template_name = "reviews/learning_list.html"
    sorts = {
        "due": ["due_on", "pk"],
        "owner": ["owner__name", "due_on", "pk"],
        "state": ["state", "due_on", "pk"],
    }
    export = {
        "Learning": "text",
        "Owner": "owner.name",
        "Post": "post.title",
        "Due": "due_on",
        "State": "get_state_display",
        "Activities": "activity_count",
        "Agencies that passed it on": "cascaded_count",
        "Agencies asked": "agency_count",
        "Best evidence": "evidence_grade",
    }

    def shown(self, records):
        return records.select_related("owner", "post").with_spread()


class LearningAdd(AddView):
    model = LearningPoint
    form_class = LearningForm
    permission = "edit_cases"
    title = "What was learned?"
    parent = ReviewCase

    def new(self, case):
        return LearningPoint(case=case)

    def save(self, form, reason):
        return services.add_learning(form.instance, by=self.request.user, reason=reason)


class LearningUpdate(EditView):
    model = LearningPoint
    form_class = LearningForm
    permission = "edit_cases"


def learning_move(request, pk, code):
    """The next state of a learning point, by somebody who may set it."""
    point = fetch(LearningPoint.objects, request.user, "move_learning", pk=pk)
    if code not in services.steps_for(request.user, point):
        sentence = f"This learning stands at “{point.rule.label}”, and you cannot take this step from there."
        return held(request, title="This step cannot be taken now", sentence=sentence, status=409)
    rule = LEARNING[code]
    step = LearningStep(learning=point, code=code, on=request.today, taken_by=str(point.post or ""))
    form = LearningStepForm(request.POST or None, instance=step, rule=rule)
    if form.is_valid():
        recheck_on = form.cleaned_data.get("recheck_on")
        if attempt(
            form,
            lambda: services.move_learning(
                point, step, by=request.user, recheck_on=recheck_on, reason=form.decision
            ),
        ):
            messages.success(request, f"Recorded: {rule.in_sentence}.")
            return redirect(point)
    return form_page(
        request, form, title=rule.label, caption="Learning", quote=point.text, back=point.get_absolute_url()
    )


class BesideLearning:
    """Something recorded beneath a learning point."""

    permission = "move_learning"

    def get_success_url(self):
        return self.object.learning.get_absolute_url()


class AddToLearning(BesideLearning, AddView):
    parent = LearningPoint

    def new(self, point):
        return self.model(learning=point)


class DisseminationAdd(AddToLearning):
    model = Dissemination
    form_class = DisseminationForm
    title = "How was it spread?"


class DisseminationUpdate(BesideLearning, EditView):
    model = Dissemination
    form_class = DisseminationForm


class Assurance:
    """That the review group checked it is recorded by those who assure, not by the owner."""

    def prepared(self, form):
        form = super().prepared(form)
        if not services.may_assure(self.request.user, form.instance.learning):
            del form.fields["checked_on"]
        return form


class AgencyAssuranceAdd(Assurance, AddToLearning):
    model = AgencyAssurance
    form_class = AgencyAssuranceForm
    title = "What does an agency say?"


class AgencyAssuranceUpdate(Assurance, BesideLearning, EditView):
    model = AgencyAssurance
    form_class = AgencyAssuranceForm


class LearningEvidenceAdd(AddToLearning):
    model = LearningEvidence
    form_class = LearningEvidenceForm
    title = "What shows that it arrived?"

    def save(self, form, reason):
        return services.add_learning_evidence(form.instance, by=self.request.user, reason=reason)


class LearningThemes(TagView):
    model = LearningPoint
    permission = "edit_cases"
