"""Papers a board received, and themes."""

import django_filters as filters
from django.urls import reverse

from reviews.forms import AppendixForm, ErratumForm, ReportForm, ThemeForm
from reviews.models import Appendix, Erratum, Report, Theme
from reviews.tagging import TagView
from scrutiny.models import AgendaItem, Board, Point
from scrutiny.toolkit.editing import AddView, EditView
from scrutiny.toolkit.forms import FilterForm
from scrutiny.toolkit.lists import RecordList


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


class ThemeAdd(AddView):
    """A theme comes last in its group."""

    model = Theme
    form_class = ThemeForm
    permission = "edit_reference"

    def new(self):
        return Theme(position=Theme.objects.next_position())

    def get_cancel_url(self):
        return reverse("theme-list")


class ThemeUpdate(EditView):
    model = Theme
    form_class = ThemeForm
    permission = "edit_reference"


class PointThemes(TagView):
    model = Point
    permission = "edit_record"


class ReportThemes(TagView):
    model = Report
    permission = "edit_record"

    def words_of(self, report):
        return f"{report.title}\n{report.summary}".strip()
