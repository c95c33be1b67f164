"""Forms about review cases. A page about a stage has up to three: the stage, the case's own facts, the partners."""

from django import forms

from reviews.models import CasePresentation, PartnerView, ReviewCase, Stage
from reviews.stages import FOLLOWS, STARTS, Kind, rules_of
from scrutiny.forms import ReasonForm
from scrutiny.toolkit.careful import Careful
from scrutiny.toolkit.editing import AsShown
from scrutiny.toolkit.forms import DateField, Form, ModelForm

START_CHOICES = [
    (f"{kind}:{code}", f"{Kind(kind).label}: {rules_of(kind)[code].in_sentence}") for kind, code in STARTS
]


class AboutCase(Careful):
    """What is typed about a case: a child's pseudonym is no secret any more once the case is published with it."""

    @property
    def pseudonyms_allowed(self):
        return getattr(self.instance, "case", self.instance).is_published


class NewCaseForm(Careful, Form):
    """Where a case begins: its kind, its first stage, its neutral reference."""

    careful_fields = ("taken_by",)

    start = forms.ChoiceField(label="What begins", choices=START_CHOICES, widget=forms.RadioSelect)
    reference = forms.CharField(
        label="Reference",
        max_length=30,
        help_text="The neutral reference the partnership issues, for example ESCP-2026-04",
    )
    on = DateField(label="Date", help_text="The day of this first stage: the time limits count from it")
    taken_by = forms.CharField(
        label="Who", required=False, max_length=200, help_text="A body or a post, not a name"
    )
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)

    def case_and_stage(self):
        """What the form describes, not saved yet."""
        kind, code = self.cleaned_data["start"].split(":")
        case = ReviewCase(kind=kind, reference=self.cleaned_data["reference"])
        given = {name: self.cleaned_data[name] for name in ("on", "taken_by", "note")}
        return case, Stage(case=case, code=code, **given)


class StageForm(AboutCase, ModelForm):
    """The next stage of a case, or an event beside, as its `StageRule` asks for it."""

    careful_fields = ("taken_by",)

    late_reason = forms.CharField(
        label="Why it is late",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Only if a time limit has passed",
    )
    following = forms.CharField(
        label="Reference of the rapid review that begins", max_length=30, help_text="For example ESCP-2026-05"
    )

    class Meta:
        model = Stage
        fields = ["on", "taken_by", "decision", "note"]
        widgets = {"decision": forms.RadioSelect}

    def __init__(self, *args, stops_a_clock=False, **kwargs):
        super().__init__(*args, **kwargs)
        case, rule = self.instance.case, self.instance.rule
        if rule.decisions:
            self.fields["decision"].choices = rule.decisions
            self.fields["decision"].required = True
        else:
            del self.fields["decision"]
        if not stops_a_clock:
            del self.fields["late_reason"]
        if not any(
            follow.at_once and (follow.kind, follow.stage) == (case.kind, rule.code) for follow in FOLLOWS
        ):
            del self.fields["following"]
        if rule.needs_note:
            ask_for_reason(self.fields["note"])


def ask_for_reason(note):
    """A note that has to be there is called what it is."""
    note.label, note.required = "Reason", True
    note.error_messages["required"] = "Enter the reason."


class StageCorrectionForm(AboutCase, ModelForm):
    """A slip in a stage that is recorded: its day, who took it, its note."""

    careful_fields = ("taken_by",)

    class Meta:
        model = Stage
        fields = ["on", "taken_by", "note"]


class CaseForm(AboutCase, ModelForm):
    """The facts of a case that no stage asks for again; which ones depends on its kind."""

    careful_fields = ("reviewer", "independence", "title")

    FIELDS = {
        Kind.RAPID_REVIEW: [],
        Kind.CSPR: ["reviewer", "independence", "planned_publication", "title", "link"],
        Kind.LOCAL_REVIEW: ["agreed_due", "title", "link"],
        Kind.AUDIT: ["sample_size", "re_audit_on", "practice_change", "title", "link"],
        Kind.NATIONAL_REVIEW: ["title", "link"],
    }
    ONLY_PUBLISHED = ("title", "link")

    class Meta:
        model = ReviewCase
        fields = [
            "reference",
            "reviewer",
            "independence",
            "planned_publication",
            "agreed_due",
            "sample_size",
            "re_audit_on",
            "practice_change",
            "title",
            "link",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        wanted = ["reference", *self.FIELDS[self.instance.kind]]
        for name in self.Meta.fields:
            hidden = name in self.ONLY_PUBLISHED and not self.instance.is_published
            if name not in wanted or hidden:
                del self.fields[name]


def asked_form(rule):
    """The form of the facts a stage asks for about its case; without any fields where it asks for none."""
    return forms.modelform_factory(ReviewCase, form=AskedForm, fields=rule.asks)


class AskedForm(AboutCase, ModelForm):
    careful_fields = ("reviewer", "independence")


def view_of(partner):
    choices = [("", "View not recorded"), *PartnerView.View.choices]
    return forms.ChoiceField(label=partner.label, required=False, choices=choices)


def words_of(partner):
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=f"{partner.label}: in their words", required=False, widget=widget)


class PartnersForm(Careful, Form):
    """What each safeguarding partner thought of the decision (N-4). Nothing is assumed of a partner left empty."""

    local_authority_view = view_of(PartnerView.Partner.LOCAL_AUTHORITY)
    local_authority_note = words_of(PartnerView.Partner.LOCAL_AUTHORITY)
    health_view = view_of(PartnerView.Partner.HEALTH)
    health_note = words_of(PartnerView.Partner.HEALTH)
    police_view = view_of(PartnerView.Partner.POLICE)
    police_note = words_of(PartnerView.Partner.POLICE)

    def __init__(self, *args, stage=None, **kwargs):
        super().__init__(*args, **kwargs)
        for view in stage.views.all() if stage else ():
            self.initial |= {f"{view.partner}_view": view.view, f"{view.partner}_note": view.note}

    def views(self):
        given = self.cleaned_data
        return [
            PartnerView(partner=code, view=given[f"{code}_view"], note=given[f"{code}_note"])
            for code in PartnerView.Partner.values
            if given[f"{code}_view"]
        ]


class PartnersPutRightForm(AsShown, PartnersForm):
    """The same for a decision that is recorded already."""

    def __init__(self, *args, stage, **kwargs):
        views = list(stage.views.order_by("partner"))
        stored = [
            f"{view.get_partner_display()}: {view.get_view_display()} {view.note}".strip() for view in views
        ]
        super().__init__(*args, stored=stored, stage=stage, **kwargs)


class LateReasonForm(AsShown, Careful, Form):
    reason = forms.CharField(label="Why is it late?", widget=forms.Textarea)


class TakeBackForm(AsShown, ReasonForm):
    """Takes back the very stage that its page names."""


class CasePresentationForm(AboutCase, ModelForm):
    class Meta:
        model = CasePresentation
        fields = ["body", "on", "outcome", "link"]
