"""Review cases of the partnership: where each stands, against which clocks, and which bodies saw it."""

import django_filters as filters
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, Q
from django.forms import all_valid
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.generic import DetailView, TemplateView

from reviews.forms.cases import (
    CaseForm,
    CasePresentationForm,
    LateReasonForm,
    NewCaseForm,
    PartnersForm,
    PartnersPutRightForm,
    StageCorrectionForm,
    StageForm,
    TakeBackForm,
    asked_form,
)
from reviews.models import (
    CasePresentation,
    CaseTheme,
    LearningPoint,
    OversightBody,
    PartnerView,
    ReviewCase,
    Stage,
    Theme,
)
from reviews.services import cases as services
from reviews.stages import ASIDES, FOLLOWS, LADDERS, Kind, rules_of
from reviews.tagging import TagView
from reviews.timekeeping import PRESSED, WITH_CLOCKS, Timekeeper, pressed_by
from reviews.timeliness import learning_by_state, steps
from reviews.viewed import viewed
from scrutiny.toolkit.access import Permitted, can, fetch, permitted
from scrutiny.toolkit.editing import AddView, EditView, lock
from scrutiny.toolkit.errors import held
from scrutiny.toolkit.forms import FilterForm
from scrutiny.toolkit.lists import RecordList
from scrutiny.toolkit.pages import add_errors, attempt, form_page
from scrutiny.toolkit.small_numbers import suppressed_count

LEAST_SAMPLE = 10


class CaseFilter(filters.FilterSet):
    STATES = [
        ("open", "Open"),
        ("late", "With a time limit passed"),
        ("due_soon", "With a time limit due soon"),
        ("ended", "Ended"),
        ("published", "Published"),
    ]

    q = filters.CharFilter(label="Reference or title", method="words")
    kind = filters.ChoiceFilter(label="Kind", choices=Kind.choices)
    theme = filters.ModelChoiceFilter(label="Theme", field_name="tags__theme", queryset=Theme.objects.all())
    state = filters.ChoiceFilter(label="Show only", choices=STATES, method="in_state")

    class Meta:
        model = ReviewCase
        fields = []
        form = FilterForm

    def words(self, queryset, name, value):
        return queryset.filter(Q(reference__icontains=value) | Q(title__icontains=value))

    def in_state(self, queryset, name, value):
        if value in PRESSED:
            return queryset.filter(pk__in=pressed_by(queryset, PRESSED[value], self.request.today))
        return {"open": queryset.open, "ended": queryset.ended, "published": queryset.published}[value]()


class CaseList(RecordList):
    model = ReviewCase
    filterset_class = CaseFilter
    template_name = "reviews/case_list.html"
    sorts = {
        "began": ["-began_on", "reference"],
        "reference": ["reference"],
        "kind": ["kind", "-began_on", "reference"],
    }
    export = {
        "Reference": "reference",
        "Kind": "get_kind_display",
        "Title": "title",
        "Guidance": "guidance.code",
        "Began on": "began_on",
        "Stage": "rule.label",
        "Published on": "published_on",
        "Ended on": "ended_on",
    }

    def shown(self, records):
        return records.select_related("guidance").prefetch_related(*WITH_CLOCKS)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        timekeeper = Timekeeper(self.request.today)
        rows = [(case, timekeeper.pressing(case)) for case in context["object_list"]]
        return context | {"rows": rows}


class CaseDetail(Permitted, DetailView):
    """One case in one look: where it stands, its clocks, who saw it, what it taught."""

    permission = "view_record"
    model = ReviewCase
    template_name = "reviews/case_detail.html"
    context_object_name = "case"

    def get_queryset(self):
        user = self.request.user
        visible = ReviewCase.objects.visible_to(user).select_related("guidance")
        return visible.prefetch_related(
            "late_reasons",
            Prefetch("stages", Stage.objects.select_related("case")),
            Prefetch("stages__views", PartnerView.objects.visible_to(user)),
            Prefetch("presentations", CasePresentation.objects.select_related("body")),
            Prefetch("tags", CaseTheme.objects.select_related("theme")),
            Prefetch("learning", LearningPoint.objects.select_related("owner").with_spread()),
            Prefetch("following", ReviewCase.objects.visible_to(user)),
        )

    def get_context_data(self, **kwargs):
        viewed(self.request, self.object)
        case, timekeeper = self.object, Timekeeper(self.request.today)
        return super().get_context_data(**kwargs) | {
            "working": can(self.request.user, "view_cases"),
            "origin": ReviewCase.objects.visible_to(self.request.user).filter(pk=case.origin_id).first(),
            "clocks": timekeeper.clocks_of(case),
            "pressing": timekeeper.pressing(case),
            "public_until": timekeeper.public_until(case),
            "rungs": rungs(case),
            "sample": sample_of(case, self.request.user),
            "next": [LADDERS[case.kind][code] for code in case.rule.then],
            "asides": [] if case.rule.ends else ASIDES[case.kind].values(),
            "follows": follows(case),
        }


def sample_of(case, user):
    """A small sample is not told to everybody (A.7)."""
    if case.sample_size is None or can(user, "view_cases"):
        return case.sample_size
    return suppressed_count(case.sample_size, LEAST_SAMPLE)


def rungs(case):
    """[(body, presentations to it)] from the review group up, so that the gaps show."""
    seen = {}
    for presentation in case.presentations.all():
        seen.setdefault(presentation.body_id, []).append(presentation)
    return [(body, seen.get(body.pk, [])) for body in OversightBody.objects.all()]


def follows(case):
    """[(start, its label)] of cases that may begin from where this one has been."""
    taken = {(stage.code, stage.decision) for stage in case.stages.all()}
    return [
        (":".join(follow.start), Kind(follow.start[0]).label.lower())
        for follow in FOLLOWS
        if follow.kind == case.kind and not follow.at_once and (follow.stage, follow.decision) in taken
    ]


@permitted("edit_cases")
def case_add(request):
    """A new case. A link from the case that led to it names it as `origin`, and where the new one starts."""
    origin = origin_of(request)
    form = NewCaseForm(request.POST or None, initial={"start": request.GET.get("start")})
    if form.is_valid():
        case, stage = form.case_and_stage()
        case.origin = origin
        if attempt(form, lambda: services.open_case(case, stage, by=request.user, reason=form.decision)):
            messages.success(request, f"{case.reference} is in the record.")
            return redirect(case)
    back = origin.get_absolute_url() if origin else reverse("case-list")
    lead = f"It follows from {origin.reference}." if origin else ""
    return form_page(request, form, title="Add a review case", lead=lead, back=back)


def origin_of(request):
    key = request.GET.get("origin", "")
    if not key:
        return None
    if not key.isdecimal():
        raise Http404
    return fetch(ReviewCase.objects, request.user, pk=key)


class CaseUpdate(EditView):
    model = ReviewCase
    form_class = CaseForm
    permission = "edit_cases"

    @transaction.atomic
    def save(self, form, reason):
        """A day of publication that leaves the Panel too little time is refused here too (reg. 16)."""
        case = super().save(form, reason)
        services.check_time_limits(case, reason, by=self.request.user)
        return case


def stage_add(request, pk, code):
    """The next stage of a case, or an event beside; what may not follow is refused with a sentence."""
    case = fetch(ReviewCase.objects, request.user, "edit_cases", pk=pk)
    if code not in rules_of(case.kind):
        raise Http404
    try:
        rule = services.next_rule(case, code)
        services.refuse_alone(case, rule, request.user)
    except ValidationError as refusal:
        return held(request, title="This step cannot be taken now", sentence=refusal.messages[0], status=409)
    sent = request.POST or None
    stage = Stage(case=case, code=code, on=request.today, taken_by=rule.who)
    form = StageForm(sent, instance=stage, stops_a_clock=Timekeeper(request.today).may_stop(case, rule))
    asked = asked_form(rule)(sent, instance=case, prefix="case")
    partners = PartnersForm(sent, prefix="partners") if rule.asks_partners else None
    forms = [each for each in (form, asked, partners) if each]
    if request.method == "POST" and all_valid(forms) and attempt_step(form, asked, partners, request.user):
        messages.success(request, f"{case.reference}: {rule.in_sentence}.")
        return redirect(case)
    context = {"case": case, "rule": rule, "forms": forms, "has_errors": any(each.errors for each in forms)}
    return render(request, "reviews/stage_add.html", context)


def attempt_step(form, asked, partners, user):
    """Takes the step. What a rule says about a fact of the case is shown at that fact."""
    stage, given = form.instance, form.cleaned_data
    decisions = [each.decision for each in (form, asked, partners) if each and each.decision]
    try:
        with transaction.atomic():
            services.move(
                asked.instance,
                stage,
                partners.views() if partners else (),
                by=user,
                late_reason=given.get("late_reason", ""),
                following=given.get("following", ""),
                reason=" ".join(decisions),
            )
    except ValidationError as error:
        stage.pk, stage._state.adding = None, True
        add_errors(asked if names_a_field(error, asked) else form, error)
        return False
    return True


def names_a_field(error, form):
    return any(name in form.fields for name in getattr(error, "error_dict", {}))


class StageUpdate(EditView):
    model = Stage
    form_class = StageCorrectionForm
    permission = "edit_cases"
    reason_required = True

    @transaction.atomic
    def save(self, form, reason):
        stage = super().save(form, reason)
        services.refresh_case(stage.case, by=self.request.user, reason=reason)
        return stage


def stage_views(request, pk):
    """What each partner thought of a decision, recorded later or put right."""
    lock(request, Stage, pk)
    stage = fetch(Stage.objects.select_related("case"), request.user, "edit_cases", pk=pk)
    if not stage.rule.asks_partners:
        raise Http404
    form = PartnersPutRightForm(request.POST or None, stage=stage)
    if form.is_valid() and attempt(
        form, lambda: services.record_views(stage, form.views(), by=request.user, reason=form.decision)
    ):
        messages.success(request, "The partners’ views were recorded.")
        return redirect(stage.case)
    return form_page(
        request,
        form,
        title="What did each partner think?",
        caption=f"{stage.case.reference}: {stage}",
        back=stage.case.get_absolute_url(),
    )


def stage_take_back(request, pk):
    """Asks, and takes the last stage of a case back."""
    lock(request, ReviewCase, pk)
    case = fetch(ReviewCase.objects, request.user, "edit_cases", pk=pk)
    last = case.stages.select_related("case").last()
    form = TakeBackForm(request.POST or None, stored=[last])
    if form.is_valid() and attempt(
        form, lambda: services.take_back(case, by=request.user, reason=form.cleaned_data["reason"])
    ):
        messages.success(request, "The last stage was taken back. The history of the case keeps it.")
        return redirect(case)
    return form_page(
        request,
        form,
        title="Take the last stage back?",
        caption=case.reference,
        quote=str(last),
        button="Take it back",
        warning=True,
        back=case.get_absolute_url(),
    )


def late_reason(request, pk, clock):
    """Why a time limit of a case was not kept."""
    lock(request, ReviewCase, pk)
    case = fetch(ReviewCase.objects.prefetch_related(*WITH_CLOCKS), request.user, "edit_cases", pk=pk)
    clocks = Timekeeper(request.today).clocks_of(case)
    found = next((each.clock for each in clocks if each.is_late and each.clock.rule.code == clock), None)
    if found is None:
        raise Http404
    form = LateReasonForm(request.POST or None, initial={"reason": found.reason}, stored=[found.reason])
    if form.is_valid() and attempt(
        form, lambda: services.explain(case, clock, by=request.user, reason=form.cleaned_data["reason"])
    ):
        messages.success(request, "The reason was recorded.")
        return redirect(case)
    return form_page(
        request,
        form,
        title=found.rule.name,
        caption=case.reference,
        lead=found.in_words,
        back=case.get_absolute_url(),
    )


class CasePresentationAdd(AddView):
    model = CasePresentation
    form_class = CasePresentationForm
    permission = "edit_cases"
    title = "Which body saw it?"
    parent = ReviewCase

    def new(self, case):
        return CasePresentation(case=case)

    def get_success_url(self):
        return self.object.case.get_absolute_url()


class CasePresentationUpdate(EditView):
    model = CasePresentation
    form_class = CasePresentationForm
    permission = "edit_cases"


class CaseThemes(TagView):
    model = ReviewCase
    permission = "edit_cases"

    def words_of(self, case):
        """The learning tells a case's themes; its working notes stay where they are."""
        return "\n".join([case.title, *case.learning.values_list("text", flat=True)]).strip()


class Timeliness(Permitted, TemplateView):
    """The statutory steps by quarter, for everybody: the numbers of all cases, and none that is small."""

    permission = "view_record"
    template_name = "reviews/timeliness.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "steps": steps(Timekeeper(self.request.today)),
            "learning": learning_by_state(),
            "threshold": settings.SMALL_NUMBER_THRESHOLD,
        }
