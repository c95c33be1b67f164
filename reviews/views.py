"""Papers a board received, and the time limits of reviews and reports."""

import django_filters as filters
from django.views.generic import ListView

from reviews.clocks import run
from reviews.forms import AppendixForm, ClockForm, ErratumForm, ReportForm
from reviews.models import Appendix, ClockRule, Erratum, Report
from scrutiny.models import AgendaItem, BankHoliday, Board
from scrutiny.toolkit.access import Permitted
from scrutiny.toolkit.dates import FIRST_KNOWN_YEAR, LAST_KNOWN_YEAR, bank_holidays_are_known
from scrutiny.toolkit.editing import AddView, EditView
from scrutiny.toolkit.forms import FilterForm
from scrutiny.toolkit.lists import RecordList

BEYOND = (
    f"The answer lies outside the years {FIRST_KNOWN_YEAR} to {LAST_KNOWN_YEAR}, and bank holidays are known for "
    "those only. Enter another date or a smaller number."
)


class ReportFilter(filters.FilterSet):
    q = filters.CharFilter(label="Title", field_name="title", lookup_expr="icontains")
    board = filters.ModelChoiceFilter(
        label="Board", field_name="item__meeting__board", queryset=Board.objects.all()
    )

    class Meta:
        model = Report
        fields = []
        form = FilterForm


class ReportList(RecordList):
    model = Report
    filterset_class = ReportFilter
    sorts = {"received": ["-item__meeting__date", "title", "pk"], "title": ["title", "pk"]}
    export = {
        "Title": "title",
        "Report of": "author_body",
        "Author's post": "author_post",
        "Date of the report": "date",
        "Board": "item.meeting.board.name",
        "Received on": "item.meeting.date",
    }

    def records(self, visible):
        return visible.select_related("author_body", "item__meeting__board")


class ReportAdd(AddView):
    """A report received under an agenda item."""

    model = Report
    form_class = ReportForm
    permission = "edit_record"
    parent = AgendaItem

    def new(self, item):
        return Report(item=item)


class ReportUpdate(EditView):
    model = Report
    form_class = ReportForm
    permission = "edit_record"


class PaperAdd(AddView):
    """Something that belongs to a report."""

    permission = "edit_record"
    parent = Report

    def get_success_url(self):
        return self.object.report.get_absolute_url()


class AppendixAdd(PaperAdd):
    model = Appendix
    form_class = AppendixForm

    def new(self, report):
        return Appendix(report=report)


class AppendixUpdate(EditView):
    model = Appendix
    form_class = AppendixForm
    permission = "edit_record"

    def get_success_url(self):
        return self.object.report.get_absolute_url()


class ErratumAdd(PaperAdd):
    model = Erratum
    form_class = ErratumForm
    title = "Add a correction"

    def new(self, report):
        return Erratum(report=report, meeting=report.item.meeting)


class ErratumUpdate(EditView):
    model = Erratum
    form_class = ErratumForm
    permission = "edit_record"

    def get_success_url(self):
        return self.object.report.get_absolute_url()


class ClockList(Permitted, ListView):
    """Every time limit, and one worked out."""

    model = ClockRule
    permission = "view_record"

    def get_queryset(self):
        return ClockRule.objects.visible_to(self.request.user).select_related("guidance")

    def get_context_data(self, **kwargs):
        form = ClockForm(self.request.GET or None)
        clock = worked_out(form, self.request.today) if form.is_valid() else None
        return super().get_context_data(form=form, clock=clock, **kwargs)


def worked_out(form, today):
    """The clock asked for; None where it ends beyond what is known of bank holidays: the form says so."""
    calendar = BankHoliday.objects.calendar()
    clock = run(form.limit, form.cleaned_data["start"], calendar, on=today)
    if bank_holidays_are_known(clock.due):
        return clock
    form.add_error("start", BEYOND)
    return None
