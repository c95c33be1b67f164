"""The Board's own record: meetings and what was minuted there, people and organisations."""

import django_filters as filters
from django.contrib import messages
from django.db.models import Max, Q
from django.shortcuts import redirect
from django.views.generic import DetailView

from scrutiny import forms
from scrutiny.choosing import boards, years
from scrutiny.models import (
    AgendaItem,
    Attendance,
    Board,
    BoardMembership,
    Meeting,
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
)
from scrutiny.publication import why_not_publish
from scrutiny.toolkit.access import Permitted, fetch
from scrutiny.toolkit.choices import KnownChoiceFilter
from scrutiny.toolkit.editing import AddView, EditView
from scrutiny.toolkit.forms import FilterForm
from scrutiny.toolkit.history import remove
from scrutiny.toolkit.lists import RecordList
from scrutiny.toolkit.pages import form_page

APPROVED = (
    "These minutes are approved, so their record is not changed any more. A correction is recorded "
    "as an amendment at the meeting that makes it."
)


class MeetingFilter(filters.FilterSet):
    board = KnownChoiceFilter(rows=boards)
    year = KnownChoiceFilter(label="Municipal year", rows=years)
    minutes_state = filters.ChoiceFilter(label="State of the minutes", choices=Meeting.MinutesState.choices)

    class Meta:
        model = Meeting
        fields = []
        form = FilterForm


class MeetingList(RecordList):
    model = Meeting
    filterset_class = MeetingFilter
    sorts = {"date": ["-date", "board__name", "pk"], "board": ["board__name", "-date", "pk"]}
    export = {
        "Board": "board.name",
        "Municipal year": "year.label",
        "Date": "date",
        "Kind": "get_kind_display",
        "Venue": "venue",
        "Minutes": "get_minutes_state_display",
    }

    def shown(self, records):
        return records.select_related("board", "year")


class MeetingAdd(AddView):
    model = Meeting
    form_class = forms.MeetingForm
    permission = "edit_record"


class MinutesRow:
    """A row of the minutes is edited by those who keep the record, until the minutes are approved."""

    permission = "edit_record"

    def locked(self, obj):
        meeting = obj if isinstance(obj, Meeting) else obj.minutes_of
        return APPROVED if meeting.is_locked else ""

    @property
    def reason_required(self):
        """A change to what is published is said to somebody (K-4)."""
        meeting = self.object if isinstance(self.object, Meeting) else self.object.minutes_of
        return meeting.is_published

    def get_success_url(self):
        return self.object.get_absolute_url()


class MeetingUpdate(MinutesRow, EditView):
    model = Meeting
    form_class = forms.MeetingForm


class MinutesStateUpdate(EditView):
    """How far the minutes are. A second person publishes them (D-8); approving locks their record (I-9)."""

    model = Meeting
    form_class = forms.MinutesStateForm
    permission = "move_minutes"
    title = "State of the minutes"

    @property
    def reason_required(self):
        """Opening approved minutes again is said to somebody."""
        return self.object.is_locked

    def get_form_kwargs(self):
        why_not = why_not_publish(self.request.user, self.object)
        return super().get_form_kwargs() | {"why_not_publish": why_not}


class AgendaItemUpdate(MinutesRow, EditView):
    model = AgendaItem
    form_class = forms.AgendaItemForm


class AgendaItemRestriction(MinutesRow, EditView):
    """Whether an item, and all that hangs on it, is kept from the public (M-13)."""

    model = AgendaItem
    form_class = forms.RestrictionForm
    permission = "move_minutes"
    title = "Kept from the public?"

    def get_form_kwargs(self):
        why_not = why_not_publish(self.request.user, self.object.meeting)
        return super().get_form_kwargs() | {"why_not_publish": why_not}


class AttendanceUpdate(MinutesRow, EditView):
    model = Attendance
    form_class = forms.AttendanceForm


class SectionUpdate(MinutesRow, EditView):
    model = Section
    form_class = forms.SectionForm


class PointUpdate(MinutesRow, EditView):
    model = Point
    form_class = forms.PointForm


class ProposalUpdate(MinutesRow, EditView):
    model = Proposal
    form_class = forms.ProposalForm


class RecordedVoteUpdate(MinutesRow, EditView):
    model = RecordedVote
    form_class = forms.RecordedVoteForm


class ResolutionUpdate(MinutesRow, EditView):
    model = Resolution
    form_class = forms.ResolutionForm


class MinutesRowAdd(MinutesRow, AddView):
    """Adds a row to the minutes under `parent`, last in order."""

    parent_field = ""
    siblings = ""

    def new(self, above):
        last = getattr(above, self.siblings).aggregate(last=Max("position"))["last"] or 0
        return self.model(**{self.parent_field: above, "position": last + 1})


class AgendaItemAdd(MinutesRowAdd):
    model = AgendaItem
    form_class = forms.AgendaItemForm
    parent, parent_field, siblings = Meeting, "meeting", "items"


class AttendanceAdd(MinutesRowAdd):
    model = Attendance
    form_class = forms.AttendanceForm
    parent, parent_field, siblings = Meeting, "meeting", "attendances"


class SectionAdd(MinutesRowAdd):
    model = Section
    form_class = forms.SectionForm
    parent, parent_field, siblings = AgendaItem, "item", "sections"


class PointAdd(MinutesRowAdd):
    model = Point
    form_class = forms.PointForm
    parent, parent_field, siblings = Section, "section", "points"


class ProposalAdd(MinutesRowAdd):
    model = Proposal
    form_class = forms.ProposalForm
    parent, parent_field, siblings = AgendaItem, "item", "proposals"


class ResolutionAdd(MinutesRowAdd):
    model = Resolution
    form_class = forms.ResolutionForm
    parent, parent_field, siblings = AgendaItem, "item", "resolutions"


class RecordedVoteAdd(MinutesRow, AddView):
    model = RecordedVote
    form_class = forms.RecordedVoteForm
    parent = Proposal

    def new(self, proposal):
        return RecordedVote(proposal=proposal)


DELETABLE = {
    "attendance": Attendance,
    "point": Point,
    "recorded-vote": RecordedVote,
}


def minutes_row_delete(request, noun, pk):
    """Asks, and then takes a row out of the minutes. Its history stays and says who did and why."""
    model = DELETABLE[noun]
    row = fetch(model.objects, request.user, "edit_record", pk=pk)
    meeting = row.minutes_of
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid() and not meeting.is_locked:
        remove(row, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, "It was deleted. The history of the meeting keeps what it was.")
        return redirect(meeting)
    return form_page(
        request,
        form,
        title=f"Delete this {model._meta.verbose_name}?",
        lead=APPROVED if meeting.is_locked else "It stays readable in the history of the meeting.",
        quote=getattr(row, "text", str(row)),
        button="Delete",
        warning=True,
        back=meeting.get_absolute_url(),
    )


class NameFilter(filters.FilterSet):
    q = filters.CharFilter(label="Name", method="named")

    class Meta:
        model = Person
        fields = []
        form = FilterForm

    def named(self, queryset, name, value):
        return queryset.filter(name__icontains=value)


class OrganisationFilter(NameFilter):
    kind = filters.ChoiceFilter(label="Kind", choices=Organisation.Kind.choices)

    class Meta(NameFilter.Meta):
        model = Organisation

    def named(self, queryset, name, value):
        known_as = (
            Q(name__icontains=value) | Q(short_name__icontains=value) | Q(aliases__name__icontains=value)
        )
        return queryset.filter(known_as).distinct()


class PersonList(RecordList):
    model = Person
    filterset_class = NameFilter
    sorts = {"name": ["name", "pk"]}


class OrganisationList(RecordList):
    model = Organisation
    filterset_class = OrganisationFilter
    sorts = {"name": ["name"], "kind": ["kind", "name"]}


class PersonDetail(Permitted, DetailView):
    """Somebody's seats, posts and appearances, each with the title of its time."""

    permission = "view_record"
    model = Person

    def get_context_data(self, **kwargs):
        visible = Attendance.objects.visible_to(self.request.user)
        there = visible.filter(person=self.object).select_related("meeting__board", "item")
        return super().get_context_data(**kwargs) | {
            "memberships": self.object.memberships.select_related("board").order_by("-start"),
            "post_holdings": self.object.post_holdings.select_related("post__organisation"),
            "attendances": there.order_by("-meeting__date")[:50],
        }


class OrganisationDetail(Permitted, DetailView):
    permission = "view_record"
    model = Organisation

    def get_queryset(self):
        return Organisation.objects.prefetch_related("aliases", "posts__holdings__person")


class PersonAdd(AddView):
    model = Person
    form_class = forms.PersonForm
    permission = "edit_record"


class PersonUpdate(EditView):
    model = Person
    form_class = forms.PersonForm
    permission = "edit_record"


class OrganisationAdd(AddView):
    model = Organisation
    form_class = forms.OrganisationForm
    permission = "edit_record"


class OrganisationUpdate(EditView):
    model = Organisation
    form_class = forms.OrganisationForm
    permission = "edit_record"


class OrganisationAliasAdd(AddView):
    model = OrganisationAlias
    form_class = forms.OrganisationAliasForm
    permission = "edit_record"
    title = "Add another name"
    parent = Organisation

    def new(self, organisation):
        return OrganisationAlias(organisation=organisation)

    def get_success_url(self):
        return self.object.organisation.get_absolute_url()


class PostAdd(AddView):
    model = Post
    form_class = forms.PostForm
    permission = "edit_record"
    parent = Organisation

    def new(self, organisation):
        return Post(organisation=organisation)

    def get_success_url(self):
        return self.object.organisation.get_absolute_url()


class PostHoldingAdd(AddView):
    model = PostHolding
    form_class = forms.PostHoldingForm
    permission = "edit_record"
    title = "Who holds this post?"
    parent = Post

    def new(self, post):
        return PostHolding(post=post)

    def get_success_url(self):
        return self.object.post.organisation.get_absolute_url()


class PostHoldingUpdate(EditView):
    model = PostHolding
    form_class = forms.PostHoldingForm
    permission = "edit_record"

    def get_success_url(self):
        return self.object.post.organisation.get_absolute_url()


class BoardMembershipAdd(AddView):
    model = BoardMembership
    form_class = forms.BoardMembershipForm
    permission = "edit_record"
    title = "Add a member"
    parent = Board

    def new(self, board):
        return BoardMembership(board=board)

    def get_success_url(self):
        return self.object.board.get_absolute_url()


class BoardMembershipUpdate(EditView):
    model = BoardMembership
    form_class = forms.BoardMembershipForm
    permission = "edit_record"

    def get_success_url(self):
        return self.object.board.get_absolute_url()
