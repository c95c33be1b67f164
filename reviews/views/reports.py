"""Papers a board received."""

import django_filters as filters

from reviews.forms.reports import AppendixForm, ErratumForm, ReportForm, ReportPresentationForm
from reviews.models import Appendix, Erratum, Report, ReportPresentation
from reviews.yearly import notices
from scrutiny.choosing import boards
from scrutiny.models import AgendaItem
from scrutiny.toolkit.choices import KnownChoiceFilter
from scrutiny.toolkit.editing import AddView, EditView
from scrutiny.toolkit.forms import FilterForm
from scrutiny.toolkit.lists import RecordList


class ReportFilter(filters.FilterSet):
    q = filters.CharFilter(label="Title", field_name="title", lookup_expr="icontains")
    kind = filters.ChoiceFilter(label="Kind of report", choices=Report.Kind.choices)
    board = KnownChoiceFilter(label="Board", field_name="item__meeting__board", rows=boards)

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
        "Kind": "get_kind_display",
        "Report of": "author_body",
        "Author's post": "author_post",
        "Date of the report": "date",
        "Period from": "period_start",
        "Period until": "period_end",
        "Published on": "published_on",
        "Board": "item.meeting.board.name",
        "Received on": "item.meeting.date",
    }

    def shown(self, records):
        return records.select_related("author_body", "item__meeting__board")


class ReportSaving:
    """Saving a yearly report tells what is noticed about it."""

    def message(self, form):
        return " ".join([super().message(form), *notices(form.instance, self.request.user)])


class ReportAdd(ReportSaving, AddView):
    """A report received under an agenda item."""

    model = Report
    form_class = ReportForm
    permission = "edit_record"
    parent = AgendaItem

    def new(self, item):
        return Report(item=item)


class ReportUpdate(ReportSaving, EditView):
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


class ReportPresentationAdd(PaperAdd):
    model = ReportPresentation
    form_class = ReportPresentationForm
    title = "Add a presentation"

    def new(self, report):
        return ReportPresentation(report=report)


class ReportPresentationUpdate(EditView):
    model = ReportPresentation
    form_class = ReportPresentationForm
    permission = "edit_record"

    def get_success_url(self):
        return self.object.report.get_absolute_url()
