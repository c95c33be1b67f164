"""What the list of rounds can be narrowed to."""

import django_filters as filters

from actions.models import UpdateRound
from scrutiny.choosing import boards
from scrutiny.toolkit.choices import KnownChoiceFilter
from scrutiny.toolkit.forms import FilterForm


class RoundFilter(filters.FilterSet):
    STATES = [
        ("look", "With answers to look at"),
        ("unfinished", "Not finished"),
        ("finished", "Finished"),
    ]

    board = KnownChoiceFilter(rows=boards)
    state = filters.ChoiceFilter(label="State", choices=STATES, method="in_state")

    class Meta:
        model = UpdateRound
        fields = []
        form = FilterForm

    def in_state(self, queryset, name, value):
        lists = {
            "look": queryset.to_look_at,
            "unfinished": queryset.unfinished,
            "finished": queryset.finished,
        }
        return lists[value]()
