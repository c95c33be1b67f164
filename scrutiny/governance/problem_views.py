"""Pages about data problems: reporting one in a sentence, looking at what was hidden, showing it again."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from scrutiny.events import log_reading
from scrutiny.governance import problems
from scrutiny.governance.forms import ReasonForm, ReportForm
from scrutiny.governance.views import Overseen
from scrutiny.overview.trails import NOUNS
from scrutiny.toolkit.access import fetch, require
from scrutiny.toolkit.pages import attempt, form_page


class DataProblemList(Overseen):
    template_name = "governance/dataproblem_list.html"

    def get_queryset(self):
        return problems.problems_for(self.request.user).select_related("by", "end__by")


def data_problem_add(request):
    """For everybody who sees the record."""
    noun, key = request.GET.get("noun", ""), request.GET.get("key", "")
    if noun not in NOUNS or not key.isdecimal():
        raise Http404
    record = fetch(NOUNS[noun].objects, request.user, pk=key)
    form = ReportForm(request.POST or None)
    back = getattr(record, "get_absolute_url", lambda: reverse("home"))()
    if form.is_valid():
        why = form.cleaned_data["why"]
        if attempt(form, lambda: problems.report(record, noun=noun, why=why, by=request.user)):
            messages.success(
                request, "Thank you. The words are hidden now, and information governance is told."
            )
            return redirect(back)
    return form_page(
        request,
        form,
        title="Report a data problem",
        caption=str(record),
        lead="The words of this record are hidden at once from everybody but those who can put it right.",
        back=back,
        button="Hide it and tell information governance",
    )


def data_problem_detail(request, pk):
    """What was hidden is shown to those who can put it right, and the event log says that they looked."""
    problem = get_object_or_404(problems.problems_for(request.user), pk=pk)
    may_lift = problem.is_open and problems.may_lift(request.user, problem)
    if may_lift:
        log_reading("data_problem_read", request=request, on=problem)
    fields = NOUNS[problem.noun]._meta
    words = problems.words_of(problem) if may_lift else {}
    context = {
        "problem": problem,
        "noun": fields.verbose_name,
        "may_lift": may_lift,
        "words": [(fields.get_field(name).verbose_name, text) for name, text in words.items()],
    }
    return render(request, "governance/dataproblem_detail.html", context)


def data_problem_lift(request, pk):
    problem = get_object_or_404(problems.problems_for(request.user), pk=pk)
    if not problems.may_lift(request.user, problem):
        require(request.user, "redact")
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: problems.lift(problem, reason=reason, by=request.user)):
            messages.success(request, "The words are shown again.")
            return redirect(problem)
    return form_page(
        request,
        form,
        title="Show the words again",
        caption=str(problem),
        lead="What was taken out meanwhile stays out, and what was changed meanwhile stays changed.",
        back=problem.get_absolute_url(),
        button="Show the words again",
    )
