"""What the lists of actions and elements can be narrowed to."""

import django_filters as filters
from django import forms
from django.db.models import Q

from actions.models import Action, Element, MinutesImport, TrackerImport, Undertaking
from actions.models.asks import Timing
from scrutiny.models import Board, MunicipalYear, Organisation
from scrutiny.toolkit.forms import FilterForm, as_date


def today_of(filterset):
    return filterset.request.today


def addressees(request):
    """Bodies that something visible to this person is asked of: a draft's addressee does not show itself here."""
    actions = Action.objects.visible_to(request.user)
    return Organisation.objects.filter(actions__in=actions).distinct()


class ActionFilter(filters.FilterSet):
    STATES = [("open", "Open"), ("late", "With something late"), ("closed", "Closed")]

    q = filters.CharFilter(label="Words", method="words")
    board = filters.ModelChoiceFilter(queryset=Board.objects.all())
    year = filters.ModelChoiceFilter(label="Municipal year", queryset=MunicipalYear.objects.all())
    addressee = filters.ModelChoiceFilter(queryset=addressees)
    state = filters.ChoiceFilter(label="State", choices=STATES, method="in_state")

    class Meta:
        model = Action
        fields = []
        form = FilterForm

    def words(self, queryset, name, value):
        return queryset.filter(Q(reference__icontains=value) | Q(title__icontains=value))

    def in_state(self, queryset, name, value):
        if value == "late":
            return queryset.late(today_of(self))
        return queryset.open() if value == "open" else queryset.closed()


class ElementFilter(filters.FilterSet):
    """`timing` is how elements stand today; `state` what else is worth a list of its own."""

    STATES = [
        ("open", "Open"),
        ("answered", "Answered by a report"),
        ("silent", "No word for 90 days"),
        ("condition", "Condition to look at"),
        ("reported", "Reported complete, not judged"),
    ]

    q = filters.CharFilter(label="Words", method="words")
    board = filters.ModelChoiceFilter(label="Board", field_name="action__board", queryset=Board.objects.all())
    addressee = filters.ModelChoiceFilter(
        label="Addressee",
        field_name="action__addressee",
        queryset=addressees,
    )
    timing = filters.ChoiceFilter(label="How it stands", choices=Timing.choices)
    state = filters.ChoiceFilter(label="Show only", choices=STATES, method="in_state")
    due_by = filters.CharFilter(label="Due by", method="due_until", widget=forms.HiddenInput)

    class Meta:
        model = Element
        fields = []
        form = FilterForm

    def words(self, queryset, name, value):
        return queryset.filter(Q(text__icontains=value) | Q(action__reference__icontains=value))

    def in_state(self, queryset, name, value):
        today = today_of(self)
        lists = {
            "open": queryset.open,
            "answered": lambda: queryset.exclude(answered_on=None),
            "silent": lambda: queryset.silent(today),
            "condition": lambda: queryset.condition_to_check(today),
            "reported": queryset.reported_complete,
        }
        return lists[value]()

    def due_until(self, queryset, name, value):
        day = as_date(value)
        return queryset.due_by(today_of(self), day) if day else queryset.none()


class ImportFilter(filters.FilterSet):
    STATES = [("unfinished", "Not finished"), *MinutesImport.State.choices]

    state = filters.ChoiceFilter(label="State", choices=STATES, method="in_state")

    class Meta:
        model = MinutesImport
        fields = []
        form = FilterForm

    def in_state(self, queryset, name, value):
        return queryset.unfinished() if value == "unfinished" else queryset.filter(state=value)


class TrackerImportFilter(filters.FilterSet):
    state = filters.ChoiceFilter(label="State", choices=TrackerImport.State.choices)

    class Meta:
        model = TrackerImport
        fields = []
        form = FilterForm


class UndertakingFilter(filters.FilterSet):
    q = filters.CharFilter(label="Words", field_name="text", lookup_expr="icontains")
    board = filters.ModelChoiceFilter(
        label="Board", field_name="item__meeting__board", queryset=Board.objects.all()
    )

    class Meta:
        model = Undertaking
        fields = []
        form = FilterForm
