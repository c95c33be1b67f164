"""What the lists of due steps and of messages can be narrowed to."""

import django_filters as filters
from django.db.models import Q

from actions.filters import addressees
from actions.models import Action, LadderStep, Message
from scrutiny.choosing import boards
from scrutiny.toolkit.choices import KnownChoiceFilter
from scrutiny.toolkit.forms import FilterForm


class ChasingFilter(filters.FilterSet):
    board = KnownChoiceFilter(rows=boards)
    addressee = KnownChoiceFilter(rows=addressees)
    step = filters.ChoiceFilter(label="Step", choices=LadderStep.Kind.choices, method="of_step")

    class Meta:
        model = Action
        fields = []
        form = FilterForm

    def of_step(self, queryset, name, value):
        """Which step is due is not in the database: the list has worked it out, and left it on the request."""
        due = [asking.action.pk for asking in self.request.due_steps if asking.step.kind == value]
        return queryset.filter(pk__in=due)


class MessageFilter(filters.FilterSet):
    STATES = [("failed", "Reached nobody, to be seen to"), *Message.State.choices]

    q = filters.CharFilter(label="Words", method="words")
    board = KnownChoiceFilter(rows=boards)
    state = filters.ChoiceFilter(label="State", choices=STATES, method="in_state")

    class Meta:
        model = Message
        fields = []
        form = FilterForm

    def words(self, queryset, name, value):
        anywhere = Q(subject__icontains=value) | Q(text__icontains=value)
        return queryset.filter(anywhere | Q(to_name__icontains=value) | Q(to__icontains=value))

    def in_state(self, queryset, name, value):
        return queryset.reached_nobody() if value == "failed" else queryset.in_state(value)
