"""Forms for the Board's own record: each edits the fields of one kind of row."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max

from scrutiny.models import (
    AgendaItem,
    Attendance,
    BoardMembership,
    Meeting,
    MunicipalYear,
    Organisation,
    OrganisationAlias,
    Person,
    Point,
    Post,
    PostHolding,
    Proposal,
    RecordedVote,
    Resolution,
    Section,
    Term,
)
from scrutiny.models.meetings import FINAL, PUBLISHED
from scrutiny.schedule_12a import PARAGRAPHS
from scrutiny.toolkit.careful import Careful
from scrutiny.toolkit.forms import Form, ModelForm


class MeetingForm(ModelForm):
    """The municipal year follows from the date."""

    class Meta:
        model = Meeting
        fields = ["board", "date", "starts_at", "kind", "venue"]

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get("date")
        year = MunicipalYear.objects.containing(day).first() if day else None
        if day and year is None:
            self.add_error("date", "No municipal year holds this date. Ask an administrator to add it.")
        if year:
            self.instance.year = year
        return cleaned


class MinutesStateForm(ModelForm):
    """`why_not_publish` is the sentence for those who may not publish these minutes, else empty."""

    class Meta:
        model = Meeting
        fields = ["minutes_state", "approved_at", "amendment"]

    def __init__(self, *args, why_not_publish="", **kwargs):
        super().__init__(*args, **kwargs)
        self.was_published = self.instance.is_published
        if why_not_publish and not self.was_published:
            state = self.fields["minutes_state"]
            state.choices = [choice for choice in state.choices if choice[0] not in PUBLISHED]
            state.help_text = why_not_publish
            state.error_messages["invalid_choice"] = why_not_publish
        later = Meeting.objects.filter(board=self.instance.board_id, date__gt=self.instance.date)
        self.fields["approved_at"].queryset = later.select_related("board").order_by("date")

    def clean(self):
        cleaned = super().clean()
        state = cleaned.get("minutes_state")
        if state not in FINAL:
            cleaned["approved_at"] = None
        elif not cleaned.get("approved_at"):
            self.add_error("approved_at", "Select the meeting that approved these minutes.")
        if state == Meeting.MinutesState.APPROVED_AMENDED and not cleaned.get("amendment"):
            self.add_error("amendment", "Enter the amendment in the words of the later minutes.")
        if self.was_published and state not in PUBLISHED and not cleaned.get("reason"):
            self.add_error("reason", "Enter why these minutes are no longer published.")
        return cleaned


class AgendaItemForm(ModelForm):
    class Meta:
        model = AgendaItem
        fields = ["minute_number", "title", "purpose"]


class RestrictionForm(Careful, ModelForm):
    """Whether an item is kept from the public. `why_not_publish` is the sentence for those who may not publish."""

    exempt_paragraphs = forms.MultipleChoiceField(
        label="Paragraphs of Schedule 12A, if it is exempt",
        required=False,
        choices=[(number, f"{number}: {words}") for number, words in PARAGRAPHS.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = AgendaItem
        fields = ["restriction", "exempt_paragraphs", "public_interest_reason", "members_access"]

    def __init__(self, *args, why_not_publish="", **kwargs):
        super().__init__(*args, **kwargs)
        self.why_not_publish = why_not_publish
        self.was_restricted = bool(self.instance.restriction)
        chosen = self.initial.get("exempt_paragraphs") or ""
        self.initial["exempt_paragraphs"] = chosen.split(",") if chosen else []
        self.fields["restriction"].choices = [("", "Open to the public"), *AgendaItem.Restriction.choices]
        self.fields["members_access"].choices = [
            ("", "As the law has it: items exempt under paragraphs 3 and 6 only"),
            *AgendaItem.MembersAccess.choices,
        ]

    def clean_exempt_paragraphs(self):
        return ",".join(sorted(self.cleaned_data["exempt_paragraphs"]))

    def clean(self):
        cleaned = super().clean()
        restriction = cleaned.get("restriction")
        if restriction != AgendaItem.Restriction.EXEMPT:
            cleaned["exempt_paragraphs"] = ""
        elif not cleaned.get("exempt_paragraphs"):
            self.add_error("exempt_paragraphs", "Select the paragraph that makes it exempt.")
        if not restriction:
            cleaned["public_interest_reason"] = cleaned["members_access"] = ""
            self._refuse_opening()
        elif not cleaned.get("public_interest_reason"):
            self.add_error("public_interest_reason", "Enter why it is kept from the public.")
        return cleaned

    def _refuse_opening(self):
        """To open what was kept back is to publish it."""
        if self.was_restricted and self.instance.meeting.is_published and self.why_not_publish:
            self.add_error("restriction", self.why_not_publish)


class AttendanceForm(ModelForm):
    class Meta:
        model = Attendance
        fields = [
            "item",
            "person",
            "name_as_minuted",
            "title_as_minuted",
            "organisation",
            "capacity",
            "status",
            "substitute_for",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        items = self.instance.meeting.items.all()
        self.fields["item"] = forms.ModelChoiceField(
            items, required=False, label="For which item", empty_label="The whole meeting"
        )


class SectionForm(ModelForm):
    class Meta:
        model = Section
        fields = ["heading", "introduced_by"]


class PointForm(ModelForm):
    class Meta:
        model = Point
        fields = ["kind", "text"]

    def clean(self):
        """A point that changes its kind goes last among the others of that kind."""
        cleaned = super().clean()
        if self.instance.pk and "kind" in self.changed_data and "kind" in cleaned:
            others = self.instance.section.points.filter(kind=cleaned["kind"])
            self.instance.position = (others.aggregate(last=Max("position"))["last"] or 0) + 1
        return cleaned


class ProposalForm(ModelForm):
    class Meta:
        model = Proposal
        fields = [
            "text",
            "kind",
            "mover",
            "seconder",
            "outcome",
            "decision_mode",
            "vote_requested_by",
            "votes_for",
            "votes_against",
            "votes_abstained",
            "on_education",
        ]


class RecordedVoteForm(ModelForm):
    class Meta:
        model = RecordedVote
        fields = ["person", "side", "rule"]


class ResolutionForm(ModelForm):
    class Meta:
        model = Resolution
        fields = ["label", "text", "kind", "decision_mode"]


class PersonForm(ModelForm):
    class Meta:
        model = Person
        fields = ["style", "name", "honours"]


class OrganisationForm(ModelForm):
    class Meta:
        model = Organisation
        fields = ["name", "short_name", "kind", "email"]


class OrganisationAliasForm(ModelForm):
    class Meta:
        model = OrganisationAlias
        fields = ["name"]

    def clean_name(self):
        name = self.cleaned_data["name"]
        if Organisation.objects.filter(name__iexact=name).exists():
            raise ValidationError("An organisation has this as its own name.")
        return name


class PostForm(ModelForm):
    class Meta:
        model = Post
        fields = ["title"]


class PostHoldingForm(ModelForm):
    class Meta:
        model = PostHolding
        fields = ["person", "start", "end", "email"]


class BoardMembershipForm(ModelForm):
    class Meta:
        model = BoardMembership
        fields = ["person", "role", "start", "end"]


class TermForm(ModelForm):
    class Meta:
        model = Term
        fields = ["name", "also_called", "meaning", "explain"]


class ReasonForm(Form):
    reason = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 2}))
