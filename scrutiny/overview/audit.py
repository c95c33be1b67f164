"""The pages of the audit trail: the seals over the history, and the event log."""

from itertools import groupby, islice

import django_filters as filters
from django.apps import apps

from scrutiny.events import KINDS
from scrutiny.models import Disposal, Event, Redaction, Seal, User
from scrutiny.toolkit.access import can, can_everywhere
from scrutiny.toolkit.forms import DateField, FilterForm
from scrutiny.toolkit.lists import RecordList

NOT_SHOWN = "a record that is not shown to you"
AT_ONCE = 500


class DayFilter(filters.Filter):
    field_class = DateField


class SealFilter(filters.FilterSet):
    on = DayFilter(label="Sealed on", field_name="at", lookup_expr="date")

    class Meta:
        model = Seal
        fields = []
        form = FilterForm


class SealList(RecordList):
    model = Seal
    permission = "view_seals"
    filterset_class = SealFilter
    sorts = {"number": ["-number"], "rows": ["-rows", "-number"]}
    export = {"Seal": "number", "Sealed on": "at", "Rows": "rows", "Digest": "digest"}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {
            "newest": Seal.objects.newest(),
            "checked": Event.objects.filter(kind="verified").first(),
        }


def nouns():
    """{name in an event: model} of everything that an event may be about."""
    tracked = [model for model in apps.get_models() if hasattr(model, "history")]
    return {model._meta.model_name: model for model in (*tracked, Redaction, Disposal)}


def nouns_shown_to(request):
    """Whose histories somebody may read, so that a choice does not tell of what they may not see."""
    return [
        (noun, str(model._meta.verbose_name).capitalize())
        for noun, model in sorted(nouns().items(), key=lambda pair: str(pair[1]._meta.verbose_name))
        if can(request.user, getattr(model, "HISTORY_NEEDS", "view_record"))
    ]


def people_in_events(request):
    return User.objects.filter(events__in=Event.objects.visible_to(request.user)).distinct()


class EventFilterForm(FilterForm):
    def clean(self):
        if self.cleaned_data.get("key") is not None and not self.cleaned_data.get("noun"):
            self.add_error("noun", "Select the kind of record that the number belongs to.")


class EventFilter(filters.FilterSet):
    kind = filters.ChoiceFilter(label="What happened", choices=list(KINDS.items()))
    by = filters.ModelChoiceFilter(label="Person", queryset=people_in_events)
    on = DayFilter(label="Day", field_name="at", lookup_expr="date")
    noun = filters.ChoiceFilter(label="Kind of record", method="of_noun")
    key = filters.NumberFilter(label="Number of the record, as in its address")

    class Meta:
        model = Event
        fields = []
        form = EventFilterForm

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["noun"].extra["choices"] = nouns_shown_to(self.request)

    def of_noun(self, events, name, value):
        """Asking for certain records finds no event of one that the person may not see."""
        return events.filter(noun=value, key__in=visible_keys(nouns()[value], self.request.user))


def visible_keys(model, user):
    rows = model._default_manager
    return (rows.visible_to(user) if hasattr(rows, "visible_to") else rows.all()).values("pk")


class EventList(RecordList):
    model = Event
    filterset_class = EventFilter
    sorts = {"when": ["-pk"]}
    export = {
        "When": "at",
        "Who": "who",
        "As": "roles",
        "From": "address",
        "What": "sentence",
        "Record": "shown",
        "Details": "detail",
        "Why": "reason",
    }

    def shown(self, records):
        return records.select_related("by")

    def exported_records(self):
        events = super().exported_records().iterator(chunk_size=AT_ONCE)
        while chunk := list(islice(events, AT_ONCE)):
            yield from with_records(chunk, self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        with_records(context["object_list"], self.request.user)
        return context | {"sees_all": can(self.request.user, "audit")}


def with_records(events, user):
    """The events, each with its `sentence`, its record as far as the person may see it (`shown`), and where it is."""
    models = nouns()
    for event in events:
        event.sentence = KINDS.get(event.kind, event.kind)
    by_noun = sorted((event for event in events if event.noun), key=lambda event: event.noun)
    for noun, group in groupby(by_noun, lambda event: event.noun):
        _show(models.get(noun), list(group), user)
    return events


def _show(model, events, user):
    keys = {event.key for event in events}
    seen = {}
    if model is not None:
        rows = model._default_manager.filter(pk__in=visible_keys(model, user))
        seen = rows.filter(pk__in=keys).in_bulk()
    gone = (
        keys - set(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True)) if model else set()
    )
    for event in events:
        is_shown = event.key in seen or (event.key in gone and _may_read_deleted(model, user))
        event.shown = event.label if is_shown else NOT_SHOWN
        event.url = getattr(seen.get(event.key), "get_absolute_url", lambda: "")()


def _may_read_deleted(model, user):
    """As on history pages."""
    return can_everywhere(user, "view_drafts") and can(user, getattr(model, "HISTORY_NEEDS", "view_history"))
