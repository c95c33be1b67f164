"""What the lists of actions and elements can be narrowed to."""

import django_filters as filters
from django import forms
from django.db.models import OuterRef, Q, Subquery

from actions.models import Action, Element, MinutesImport, TrackerImport, Undertaking
from actions.models.asks import Timing
from scrutiny.choosing import boards, years
from scrutiny.models import Organisation
from scrutiny.toolkit.access import reader_of
from scrutiny.toolkit.choices import Choice, KnownChoiceFilter
from scrutiny.toolkit.controls import KnownSelect
from scrutiny.toolkit.forms import FilterForm, as_date
from scrutiny.toolkit.kept import kept_for_each


def today_of(filterset):
    return filterset.request.today


def addressees(request):
    """Bodies that something visible to this person is asked of: a draft's addressee does not show itself here."""
    return [Choice(**row) for row in _addressees(reader_of(request.user))]


@kept_for_each(Organisation)
def _addressees(reader):
    """The first in the order of an index is looked for: PostgreSQL would look for all to see if one exists."""
    asked = Action.objects.visible_to(reader).filter(addressee=OuterRef("pk")).order_by("due_to", "pk")
    seen = Organisation.objects.alias(seen=Subquery(asked.values("pk")[:1])).filter(seen__isnull=False)
    return seen.values("pk", "name")


ACTION_STATES = {  # in the address: the label, and what a list is narrowed to on a day
    "open": ("Open", lambda actions, on: actions.open()),
    "late": ("With something late", lambda actions, on: actions.late(on)),
    "closed": ("Closed", lambda actions, on: actions.closed()),
    "no_holder": ("Without a post-holder", lambda actions, on: actions.without_holder(on)),
}
ELEMENT_STATES = {
    "open": ("Open", lambda elements, on: elements.open()),
    "answered": ("Answered by a report", lambda elements, on: elements.exclude(answered_on=None)),
    "silent": ("No word for 90 days", lambda elements, on: elements.silent(on)),
    "condition": ("Condition to look at", lambda elements, on: elements.condition_to_check(on)),
    "reported": ("Reported complete, not judged", lambda elements, on: elements.reported_complete()),
    "no_evidence": ("Complete, without evidence", lambda elements, on: elements.complete_without_evidence()),
    "no_word": ("Judged without a word", lambda elements, on: elements.judged_without_word()),
    "backwards": ("Due before it was agreed", lambda elements, on: elements.due_before_agreed()),
}


def labels_of(states):
    return [(code, label) for code, (label, _) in states.items()]


def narrowed(records, states, code, on):
    return states[code][1](records, on)


class ActionFilter(filters.FilterSet):
    q = filters.CharFilter(label="Words", method="words")
    board = KnownChoiceFilter(rows=boards)
    year = KnownChoiceFilter(label="Municipal year", rows=years)
    addressee = KnownChoiceFilter(rows=addressees)
    state = filters.ChoiceFilter(
        label="State", choices=labels_of(ACTION_STATES), method="in_state", widget=KnownSelect
    )

    class Meta:
        model = Action
        fields = []
        form = FilterForm

    def words(self, queryset, name, value):
        return queryset.filter(Q(reference__icontains=value) | Q(title__icontains=value))

    def in_state(self, queryset, name, value):
        return narrowed(queryset, ACTION_STATES, value, today_of(self))


class ElementFilter(filters.FilterSet):
    """`timing` is how elements stand today; `state` what else is worth a list of its own."""

    q = filters.CharFilter(label="Words", method="words")
    board = KnownChoiceFilter(rows=boards)
    addressee = KnownChoiceFilter(label="Addressee", field_name="action__addressee", rows=addressees)
    timing = filters.ChoiceFilter(
        label="How it stands", choices=Timing.choices, method="stands", widget=KnownSelect
    )
    state = filters.ChoiceFilter(
        label="Show only", choices=labels_of(ELEMENT_STATES), method="in_state", widget=KnownSelect
    )
    due_by = filters.CharFilter(label="Due by", method="due_until", widget=forms.HiddenInput)

    class Meta:
        model = Element
        fields = []
        form = FilterForm

    def words(self, queryset, name, value):
        """Part of the words of the minutes, or of a reference. Asked apart: no index finds one or the other at once."""
        called = Action.objects.filter(reference__icontains=value)
        if not called.exists():
            return queryset.filter(text__icontains=value)
        found = Element.objects.filter(text__icontains=value).order_by().values("pk")
        return queryset.filter(pk__in=found.union(called.order_by().values("elements")))

    def stands(self, queryset, name, value):
        return queryset.closed() if value == Timing.CLOSED else queryset.standing(value, today_of(self))

    def in_state(self, queryset, name, value):
        return narrowed(queryset, ELEMENT_STATES, value, today_of(self))

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
    STATES = [("look", "To look at again"), ("open", "Open"), ("settled", "Settled")]

    q = filters.CharFilter(label="Words", field_name="text", lookup_expr="icontains")
    board = KnownChoiceFilter(label="Board", field_name="item__meeting__board", rows=boards)
    state = filters.ChoiceFilter(label="State", choices=STATES, method="in_state")

    class Meta:
        model = Undertaking
        fields = []
        form = FilterForm

    def in_state(self, queryset, name, value):
        if value == "look":
            return queryset.to_look_at(today_of(self))
        return queryset.open() if value == "open" else queryset.exclude(settled_on=None)
