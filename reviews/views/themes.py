"""Keeping the themes, and confirming those of a point or a report."""

from django.urls import reverse

from reviews.forms.themes import ThemeForm
from reviews.models import Report, Theme
from reviews.tagging import TagView
from scrutiny.models import Point
from scrutiny.toolkit.editing import AddView, EditView


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
