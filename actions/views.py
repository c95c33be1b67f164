"""Pages about actions and elements. A step follows one pattern: fetch, ask, do, say so, go back."""

from itertools import chain

from django.contrib import messages
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.forms import all_valid
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.generic import DetailView

from actions import services
from actions.chasing.askings import askings_on_page
from actions.chasing.letters import OPENINGS
from actions.coverage import coverage, coverage_for
from actions.filters import ActionFilter, ElementFilter, UndertakingFilter
from actions.forms import (
    ActionForm,
    AnswerForm,
    AnsweringForm,
    ConditionForm,
    ConsideredForm,
    DueWindowForm,
    ElementForm,
    ElementPartForm,
    EvidenceForm,
    JudgementForm,
    LearningLinksForm,
    NewActionForm,
    ProgressForm,
)
from actions.minutes.proposal import short_title
from actions.models import (
    Action,
    CarryOver,
    Chase,
    DueRevision,
    Element,
    ElementLearning,
    ElementPart,
    ElementTheme,
    Evidence,
    Judgement,
    ProgrammeItem,
    ProgressUpdate,
    Undertaking,
)
from actions.models.asks import Timing
from actions.quality import clarity_of
from actions.standing import refresh_action
from actions.trail import as_it_was
from reviews.models import LearningPoint, LearningTheme
from reviews.tagging import TagView
from scrutiny.models import Resolution, TrackingCategory
from scrutiny.toolkit.access import Permitted, fetch
from scrutiny.toolkit.editing import AddView, EditView, lock
from scrutiny.toolkit.exports import Shown
from scrutiny.toolkit.files import download
from scrutiny.toolkit.forms import DateField, Form
from scrutiny.toolkit.lists import RecordList
from scrutiny.toolkit.pages import attempt, form_page
from scrutiny.toolkit.seldom import Seldom

CHECK = "Check the words first"
SELDOM = ("parts", "tags", "learning_links")  # of an element
ACTION_LINKS = ("board", "addressee", "resolution__item__meeting")


class ActionList(RecordList):
    model = Action
    filterset_class = ActionFilter
    sorts = {
        "due": ["due_to", "pk"],
        "reference": ["place", "pk"],
        "addressee": ["addressee__name", "due_to", "pk"],
    }
    export = {
        "Reference": "reference",
        "Board": "board.name",
        "Municipal year": "year.label",
        "Title": "title",
        "Addressee": "addressee.name",
        "Asked on": "resolution.item.meeting.date",
        "Resolution": "resolution.text",
        "Due, in the minutes' words": "due_words",
        "Due from": "due_from",
        "Due until": "due_to",
        "Elements": "element_count",
        "Answered": "answered_count",
        "Late": "late_count",
        "Closed on": "closed_on",
    }

    def shown(self, records):
        return records.select_related("addressee").with_counts().with_late_count(self.request.today)


class ElementList(RecordList):
    model = Element
    filterset_class = ElementFilter
    sorts = {
        "due": ["window_to", "pk"],
        "reference": ["action__place", "action_id", "number"],
        "word": ["last_word_on", "pk"],
    }
    export = {
        "Reference": "action.reference",
        "Element": "number",
        "Words of the minutes": "text",
        "Board": "action.board.name",
        "Addressee": "action.addressee.name",
        "Due, in the minutes' words": "action.due_words",
        "Due from": "window_from",
        "Due until": "window_to",
        "How it stands": Shown(("timing",), dict(Timing.choices).get),
        "The owner says": Shown(("owner_progress",), dict(Element.OwnerProgress.choices).get),
        "Last word on": "last_word_on",
        "Evidence": "evidence_grade",
        "The Board judged": Shown(("category__code", "category__name"), TrackingCategory.called),
        "Judged on": "judged_on",
    }

    def shown(self, records):
        return records.with_timing(self.request.today).select_related("category", "action")


def learned_by(user):
    """The links to what reviews taught that this user may see."""
    return ElementLearning.objects.visible_to(user).select_related("learning__owner")


def learning_for(user):
    """Fetches them with each element, as `learned`."""
    return Prefetch("learning_links", learned_by(user), to_attr="learned")


def parts_tags_and_learning(seldom, user, path=""):
    """What an element seldom has."""
    tags = ElementTheme.objects.select_related("theme")
    return (
        Prefetch("parts", seldom.rows(f"{path}parts", ElementPart.objects.all())),
        Prefetch("tags", seldom.rows(f"{path}tags", tags)),
        Prefetch("learning_links", seldom.rows(f"{path}learning_links", learned_by(user)), to_attr="learned"),
    )


class ActionDetail(Permitted, DetailView):
    permission = "view_record"
    model = Action

    def get_queryset(self):
        visible = Action.objects.visible_to(self.request.user)
        return visible.select_related(*ACTION_LINKS, "post")

    def get_object(self, queryset=None):
        action, user = super().get_object(queryset), self.request.user
        of_elements = [f"elements__{name}" for name in SELDOM]
        seldom = Seldom(action, *of_elements, "chases", "programme_items", "carry_overs", "due_revisions")
        elements = Element.objects.with_timing(self.request.today).select_related("category")
        elements = elements.prefetch_related(
            coverage_for(user), *parts_tags_and_learning(seldom, user, "elements__")
        )
        planned = ProgrammeItem.objects.to_come().select_related("meeting")
        steps = CarryOver.objects.select_related("from_board")
        prefetch_related_objects(
            [action],
            Prefetch("elements", elements),
            Prefetch("chases", seldom.rows("chases", Chase.objects.select_related("message"))),
            Prefetch("programme_items", seldom.rows("programme_items", planned), to_attr="planned"),
            Prefetch("carry_overs", seldom.rows("carry_overs", steps)),
            Prefetch("due_revisions", seldom.rows("due_revisions", DueRevision.objects.all())),
        )
        return action

    def get_context_data(self, **kwargs):
        elements = list(self.object.elements.all())
        return super().get_context_data(**kwargs) | {
            "elements": elements,
            "coverage": coverage(elements, chain.from_iterable(element.coverage for element in elements)),
            "answered": sum(element.answered_on is not None for element in elements),
            "waiting": sum(element.timing == "waiting" for element in elements),
            "late": sum(element.timing == "late" for element in elements),
            "askings": self.askings,
            "letters": OPENINGS,
        }

    def askings(self):
        """Asked for by the page where somebody may chase."""
        return askings_on_page(self.object, self.request.today)


class ElementDetail(Permitted, DetailView):
    permission = "view_record"
    model = Element

    def get_queryset(self):
        user = self.request.user
        visible = Element.objects.visible_to(user).with_timing(self.request.today)
        judgements = Judgement.objects.visible_to(user).select_related("category", "item__meeting")
        links = (f"action__{link}" for link in (*ACTION_LINKS, "post__organisation"))
        updates = ProgressUpdate.objects.select_related("on_behalf_of", "recorded_by")
        return visible.select_related("category", *links).prefetch_related(
            Prefetch(
                "updates", updates.prefetch_related(Prefetch("evidence", Evidence.objects.order_by("pk")))
            ),
            coverage_for(user),
            Prefetch("judgements", judgements),
        )

    def get_object(self, queryset=None):
        element, user = super().get_object(queryset), self.request.user
        prefetch_related_objects([element], *parts_tags_and_learning(Seldom(element, *SELDOM), user))
        return element

    def get_context_data(self, **kwargs):
        element = self.object
        numbers = dict(element.action.elements.order_by().values_list("number", "pk"))
        return super().get_context_data(**kwargs) | {
            "action": element.action,
            "clarity": [clarity_of(element, element.action)],
            "previous": numbers.get(element.number - 1),
            "next": numbers.get(element.number + 1),
            "count": len(numbers),
            "points": element.learned and self.points(),
        }

    def points(self):
        points = LearningPoint.objects.filter(pk__in=[link.learning_id for link in self.object.learned])
        return points.select_related("owner").with_spread().prefetch_related("tags__theme")


def only_checks(request):
    """True where the officer wants advice on the words, and nothing saved."""
    return "check" in request.POST


def action_add(request, pk):
    """An action for a resolution of minutes that are in the record already."""
    resolution = fetch(Resolution.objects, request.user, "edit_actions", pk=pk)
    action = Action(resolution=resolution, title=short_title(resolution.text))
    form = NewActionForm(request.POST or None, instance=action)
    clarity = []
    if form.is_valid() and only_checks(request):
        elements = form.cleaned_data["elements"] or [Element(text=resolution.text)]
        clarity = [clarity_of(element, action) for element in elements]
    elif form.is_valid() and attempt(
        form, lambda: services.open_action(action, form.cleaned_data["elements"], by=request.user)
    ):
        messages.success(request, f"{action.reference} is in the record.")
        return redirect(action)
    return form_page(
        request,
        form,
        title="Add an action",
        caption=str(resolution.item),
        quote=resolution.text,
        back=resolution.get_absolute_url(),
        clarity=clarity,
        check_button=CHECK,
    )


class ActionUpdate(EditView):
    model = Action
    form_class = ActionForm
    permission = "edit_actions"


class ElementUpdate(EditView):
    model = Element
    form_class = ElementForm
    permission = "edit_actions"
    reason_required = True

    @transaction.atomic
    def save(self, form, reason):
        """An element whose condition was taken away counts again, and may open its action."""
        action = Action.objects.select_for_update().get(pk=form.instance.action_id)
        element = super().save(form, reason)
        refresh_action(action, by=self.request.user, reason=reason)
        return element


def element_add(request, pk):
    action = fetch(Action.objects, request.user, "edit_actions", pk=pk)
    element = Element(action=action)
    form = ElementForm(request.POST or None, instance=element)
    clarity = []
    if form.is_valid() and only_checks(request):
        clarity = [clarity_of(element, action)]
    elif form.is_valid() and attempt(form, lambda: services.add_element(action, element, by=request.user)):
        messages.success(request, f"Element {element.number} was added.")
        return redirect(action)
    return form_page(
        request,
        form,
        title="Add an element",
        caption=str(action),
        back=action.get_absolute_url(),
        clarity=clarity,
        check_button=CHECK,
    )


class ElementThemes(TagView):
    model = Element
    permission = "edit_actions"


def element_learning(request, pk):
    """What reviews taught that stands behind an element; what shares a theme with it comes first."""
    user = request.user
    element = fetch(Element.objects, user, "link_learning", pk=pk)
    shared = LearningTheme.objects.filter(learning=OuterRef("pk"), theme__in=element.tags.values("theme"))
    points = LearningPoint.objects.visible_to(user).select_related("owner")
    points = points.annotate(shares_a_theme=Exists(shared)).order_by("-shares_a_theme", "-pk")
    linked = points.filter(element_links__element=element)
    form = LearningLinksForm(request.POST or None, points=points, linked=linked)
    if form.is_valid() and attempt(
        form,
        lambda: services.link_learning(element, add=form.added, take_away=form.taken_away, by=user),
    ):
        messages.success(request, "The learning behind this element was recorded.")
        return redirect(element)
    return form_page(
        request,
        form,
        title="Which learning stands behind it?",
        caption=str(element),
        quote=element.text,
        lead="" if points else "No learning from reviews is in the record yet.",
        back=element.get_absolute_url(),
    )


class ElementPartAdd(AddView):
    model = ElementPart
    form_class = ElementPartForm
    permission = "edit_actions"

    def new(self):
        return ElementPart(
            element=fetch(Element.objects, self.request.user, "edit_actions", pk=self.kwargs["pk"])
        )

    def get_success_url(self):
        return self.object.element.get_absolute_url()


def action_due_window(request, pk):
    lock(request, Action, pk)
    action = fetch(Action.objects, request.user, "edit_actions", pk=pk)
    now = {"words": action.due_words, "due_from": action.due_from, "due_to": action.due_to}
    form = DueWindowForm(request.POST or None, initial=now, stored=now.values())
    if form.is_valid() and attempt(
        form, lambda: services.change_due_window(action, by=request.user, **form.given)
    ):
        messages.success(request, "The window was changed. The one before is kept with your reason.")
        return redirect(action)
    return form_page(
        request, form, title="Change the due window", caption=str(action), back=action.get_absolute_url()
    )


def element_condition(request, pk):
    lock(request, Element, pk)
    element = fetch(Element.objects, request.user, "edit_actions", pk=pk)
    if not element.is_conditional:
        raise Http404
    now = {"state": element.condition_state, "check_on": element.check_condition_on}
    stored = [element.get_condition_state_display(), element.check_condition_on]
    form = ConditionForm(request.POST or None, initial=now, stored=stored)
    if form.is_valid() and attempt(
        form, lambda: services.change_condition(element, by=request.user, **form.given)
    ):
        messages.success(request, "The state of the condition was recorded.")
        return redirect(element)
    return form_page(
        request,
        form,
        title="Where does the condition stand?",
        caption=str(element),
        quote=element.condition,
        back=element.get_absolute_url(),
    )


def element_progress(request, pk):
    """What was reported on an element, with a first piece of evidence, on one page."""
    elements = Element.objects.select_related("action__addressee")
    element = fetch(elements, request.user, "record_progress", pk=pk)
    action = element.action
    update = ProgressUpdate(element=element, on_behalf_of=action.addressee, received_on=request.today)
    form = ProgressForm(request.POST or None, instance=update)
    evidence = EvidenceForm(
        request.POST or None, request.FILES or None, prefix="evidence", may_be_empty=True, instance=Evidence()
    )
    if form.is_valid() and evidence.is_valid():
        pieces = [evidence.instance] if evidence.has_changed() else []
        update.recorded_by = request.user
        if attempt(
            form, lambda: services.record_progress(update, pieces, by=request.user, decision=form.decision)
        ):
            messages.success(request, f"Progress on element {element.number} was recorded.")
            return redirect(element)
    last = element.updates.first()
    return render(
        request,
        "actions/element_progress.html",
        {
            "element": element,
            "action": action,
            "form": form,
            "evidence": evidence,
            "last": last,
            "has_errors": any_errors(evidence),
        },
    )


def evidence_add(request, pk):
    update = fetch(ProgressUpdate.objects, request.user, "record_progress", pk=pk)
    piece = Evidence(update=update)
    form = EvidenceForm(request.POST or None, request.FILES or None, instance=piece)
    if form.is_valid() and attempt(form, lambda: services.add_evidence(piece, by=request.user)):
        messages.success(request, "The evidence was recorded.")
        return redirect(update.element)
    return form_page(
        request,
        form,
        title="Add evidence",
        caption=str(update.element),
        back=update.element.get_absolute_url(),
        has_file=True,
    )


def evidence_file(request, pk):
    piece = fetch(Evidence.objects, request.user, pk=pk)
    return download(piece.file, piece.file_name)


def given_and_withdrawn(rows):
    """What is recorded now, and what was recorded before and is empty now: a slip can be taken back."""
    given = [row.instance for row in rows if row.is_given]
    return given, [row.instance for row in rows if row.instance.pk and not row.is_given]


def any_errors(*forms):
    return any(form.errors for form in forms)


def chosen_before(request, name):
    """What a link to the page has chosen already; None where it has not, so that nothing is asked for too early."""
    return request.GET if name in request.GET else None


def action_answers(request, pk):
    """How a later report covers each element, recorded on one page."""
    lock(request, Action, pk)
    action = fetch(Action.objects, request.user, "record_progress", pk=pk)
    elements = list(action.elements.select_related("action"))
    chosen = AnsweringForm(request.POST or chosen_before(request, "report"), action=action)
    report = chosen.cleaned_data["report"] if chosen.is_bound and chosen.is_valid() else None
    rows = [
        AnswerForm(request.POST or None, instance=answer, prefix=f"element-{answer.element.number}")
        for answer in services.answers_of(report, elements)
    ]
    if request.method == "POST" and all_valid([chosen, *rows]):
        given, withdrawn = given_and_withdrawn(rows)
        if not (given or withdrawn):
            chosen.add_error(None, "Say for at least one element how the report covers it.")
        elif attempt(chosen, lambda: services.record_answers(report, given, withdrawn, by=request.user)):
            messages.success(request, f"The answers in “{report}” were recorded.")
            return redirect(action)
    return render(
        request,
        "actions/action_answers.html",
        {"action": action, "chosen": chosen, "rows": rows, "has_errors": any_errors(chosen, *rows)},
    )


def action_judge(request, pk):
    """The Board's judgement on several elements in one sitting."""
    lock(request, Action, pk)
    action = fetch(Action.objects, request.user, "judge", pk=pk)
    asked = Element.objects.filter(action=action).with_timing(request.today)
    asked = asked.select_related("action__board__tracking_scheme", "category")
    elements = list(asked.prefetch_related(coverage_for(request.user), learning_for(request.user)))
    sent = request.POST or None
    considered = ConsideredForm(sent or chosen_before(request, "item"), action=action, on=request.today)
    item = considered.cleaned_data["item"] if considered.is_bound and considered.is_valid() else None
    rows = [
        JudgementForm(sent, instance=judgement, prefix=f"element-{judgement.element.number}")
        for judgement in services.judgements_under(item, elements)
    ]
    if request.method == "POST" and all_valid([considered, *rows]):
        given, withdrawn = given_and_withdrawn(rows)
        if not (given or withdrawn):
            considered.add_error(None, "Select the Board's judgement on at least one element.")
        elif attempt(considered, lambda: services.judge(item, given, withdrawn, by=request.user)):
            messages.success(
                request, f"The Board's judgement on {len(given)} of {len(rows)} elements was recorded."
            )
            return redirect(action)
    return render(
        request,
        "actions/action_judge.html",
        {
            "action": action,
            "considered": considered,
            "rows": rows,
            "has_errors": any_errors(considered, *rows),
        },
    )


class AsAtForm(Form):
    day = DateField(label="The end of which day")


def action_as_at(request, pk):
    """The action as the record had it at the end of a past day."""
    action = fetch(Action.objects, request.user, "view_history", pk=pk)
    form = AsAtForm(request.GET or None)
    was = as_it_was(action, form.cleaned_data["day"]) if form.is_bound and form.is_valid() else None
    return render(request, "actions/action_as_at.html", {"action": action, "form": form, "was": was})


class UndertakingList(RecordList):
    model = Undertaking
    filterset_class = UndertakingFilter
    sorts = {"date": ["-item__meeting__date", "pk"], "look": ["look_on", "pk"]}
    export = {
        "Board": "item.meeting.board.name",
        "Meeting": "item.meeting.date",
        "Words of the minutes": "text",
        "Look at it again on": "look_on",
        "Settled on": "settled_on",
        "How it was settled": "settled_how",
    }

    def shown(self, records):
        return records.select_related("item__meeting__board")
