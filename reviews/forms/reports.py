"""Forms for papers received."""

from reviews.models import Appendix, Erratum, Report, ReportPresentation
from reviews.models.reports import PERIOD_BACKWARDS
from scrutiny.toolkit.careful import Careful
from scrutiny.toolkit.forms import ModelForm


class ReportForm(Careful, ModelForm):
    class Meta:
        model = Report
        fields = [
            "title",
            "kind",
            "author_body",
            "author_post",
            "date",
            "period_start",
            "period_end",
            "published_on",
            "summary",
            "link",
        ]

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("period_start"), cleaned.get("period_end")
        if start and end and start > end:
            self.add_error("period_end", PERIOD_BACKWARDS)
        return cleaned


class ReportPresentationForm(ModelForm):
    class Meta:
        model = ReportPresentation
        fields = ["body", "on", "outcome", "link"]


class AppendixForm(ModelForm):
    class Meta:
        model = Appendix
        fields = ["number", "title", "author_body", "date", "section"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section"].queryset = self.instance.report.item.sections.all()


class ErratumForm(ModelForm):
    """The paper itself is not touched (I-17)."""

    class Meta:
        model = Erratum
        fields = ["appendix", "meeting", "words", "subject", "wrong_value", "correct_value", "announced_by"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        report = self.instance.report
        self.fields["appendix"].queryset = report.appendices.all()
        meetings = self.fields["meeting"].queryset.filter(
            board=report.board_id, date__gte=report.item.meeting.date
        )
        self.fields["meeting"].queryset = meetings.select_related("board")
