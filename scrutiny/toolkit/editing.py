"""Editing so that two people never overwrite each other unawares.

An edit form carries the version of the record it was opened with. When the record has moved on, changes to
different fields are merged; when both changed the same field, the page shows both texts and chooses neither.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from functools import cache

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseRedirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.views.generic import CreateView, UpdateView

from scrutiny.toolkit.access import Permitted, fetch, require
from scrutiny.toolkit.careful import sentences
from scrutiny.toolkit.errors import held
from scrutiny.toolkit.forms import ModelForm
from scrutiny.toolkit.history import record, version_of
from scrutiny.toolkit.pages import add_errors

UNKNOWN = object()
AT_THE_SAME_MOMENT = "Somebody saved something like this at the same moment. Save again to see what it is."


class VersionedForm(ModelForm):
    """A ModelForm that is saved by `save_by`. For a record that is there already it asks why it is changed.
    `versioned(form_class)` makes one of any other form here.

    A view that shows it reads the version before the row and gives it as `initial["version"]`, as `EditView`
    does: the other way round, what is saved in between would be overwritten.
    """

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why is this changed?", required=False, widget=forms.Textarea(attrs={"rows": "2"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.merged_fields = []
        self._loaded = {field: stored(field, self.instance) for field in self._model_fields()}
        if self.instance._state.adding:
            del self.fields["version"], self.fields["reason"]
        elif not self.is_bound and "version" not in self.initial:
            self.initial["version"] = version_of(self.instance)

    @transaction.atomic(savepoint=False)
    def save_by(self, user, reason=""):
        """The saved record. Raises Conflict if somebody changed the same fields, Http404 if it is gone."""
        if self.instance._state.adding:
            record(self.instance, by=user, reason=reason)
        else:
            self.instance = self._saved_over(self._locked_row(), user, reason)
        self._save_m2m()
        return self.instance

    def label_of(self, field):
        shown = self.fields.get(field.name)
        return str((shown and shown.label) or field.verbose_name)

    def _model_fields(self):
        return [field for field in self._meta.model._meta.concrete_fields if not field.primary_key]

    def _locked_row(self):
        # Ordered by key alone: a join that the model's own order would bring cannot be locked.
        rows = self._meta.model._base_manager.select_for_update().order_by("pk")
        row = rows.filter(pk=self.instance.pk).first()
        if row is None:
            raise Http404("The record was deleted meanwhile.")
        return row

    def _saved_over(self, row, user, reason):
        """Only what this form changed goes into the row: the rest may be newer than what the view fetched."""
        changed = self._merge(row)
        for field in changed:
            setattr(row, field.attname, getattr(self.instance, field.attname))
        if changed or reason:
            record(row, by=user, reason=reason)
        return row

    def _merge(self, row):
        """The fields to take from this form, comparing three rows: as opened, as saved now, as sent."""
        changed, clashes = [], []
        base = self._base(row)
        for field in self._fields_sent():
            opened, saved, sent = stored(field, base), stored(field, row), stored(field, self.instance)
            if sent == saved:
                continue
            if sent == opened:
                self.merged_fields.append(field)
            elif saved == opened:
                changed.append(field)
            else:
                clashes.append(field)
        if clashes:
            raise Conflict(self, row, clashes)
        return changed

    def _base(self, row):
        """The record as it was when the form was opened, None if that cannot be told."""
        seen = self.cleaned_data["version"]
        if seen == version_of(row):
            return row
        return row.history.filter(history_id=seen).first() if re.fullmatch("[0-9]{1,18}", seen) else None

    def _fields_sent(self):
        """The form's fields, and those that its `clean` set on the record."""
        return [
            field
            for field in self._model_fields()
            if field.name in self.fields or stored(field, self.instance) != self._loaded[field]
        ]


@cache
def versioned(form_class):
    if issubclass(form_class, VersionedForm):
        return form_class
    return type(f"Versioned{form_class.__name__}", (VersionedForm, form_class), {})


class Conflict(Exception):
    """Two people changed the same fields. `initial` fills a form that keeps the sender's text in them."""

    def __init__(self, form, row, clashes):
        super().__init__("Somebody else changed the same fields.")
        newest = newest_change(row)
        self.row, self.who, self.when = row, str(newest.history_user or "the system"), newest.history_date
        self.differences = [difference(form.label_of(field), field, row, form.instance) for field in clashes]
        self.taken = [form.label_of(field) for field in form.merged_fields]
        theirs = {field.name for field in form.merged_fields}
        mine = {name: value for name, value in form.cleaned_data.items() if name not in theirs}
        self.initial = mine | {"version": str(newest.history_id)}


@dataclass(frozen=True)
class Difference:
    label: str
    saved: str
    mine: str
    pieces: list


def is_stale(form, name, now):
    """True if the hidden field `name` tells of an older state than `now`; the form then carries `now`.

    Sent again, it replaces knowingly what somebody else saved meanwhile.
    """
    if form.cleaned_data.get(name) == now:
        return False
    form.data = form.data.copy()
    form.data[form.add_prefix(name)] = now
    return True


class AsShown:
    """Put it before Form, for a step that replaces what is stored. `stored` are the values its page shows of that.

    Where somebody else changed them while the page was open, nothing is saved: the page says what they are now, and
    sending again replaces them knowingly. The view calls `lock` before it reads them.
    """

    def __init__(self, *args, stored, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored = [_in_words(value) for value in stored if value]
        self.fields["version"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self.initial["version"] = hashlib.sha256("\n".join(self.stored).encode()).hexdigest()[:20]

    def clean(self):
        cleaned = super().clean()
        if is_stale(self, "version", self.initial["version"]):
            raise ValidationError(
                f"Somebody else changed this meanwhile. Now it says: {'; '.join(self.stored) or 'nothing'}. "
                "Your words are still in the form: send it again to put them in place of theirs."
            )
        return cleaned

    @property
    def given(self):
        """What was entered, without what the form carries for itself."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def _in_words(value):
    return date_format(value, "j F Y") if isinstance(value, date) else same_line_ends(str(value))


def lock(request, model, pk):
    """While something is sent, nobody else changes this row until that is over. For reading nothing is held."""
    if request.method == "POST":
        model._base_manager.select_for_update().order_by("pk").filter(pk=pk).first()


def newest_change(row):
    return row.history.select_related("history_user").order_by("-history_id").first()


def stored(field, obj):
    """The value to compare. Browsers change line ends and forms trim text; neither is a change."""
    value = getattr(obj, field.attname, UNKNOWN)
    if value is UNKNOWN:
        return UNKNOWN
    value = field.get_prep_value(value)
    return same_line_ends(value).strip() if isinstance(value, str) else value


def same_line_ends(text):
    return text.replace("\r\n", "\n").replace("\r", "\n")


def difference(label, field, row, sent):
    saved, mine = as_text(field, row), as_text(field, sent)
    return Difference(label, saved, mine, list(word_difference(saved, mine)))


def as_text(field, obj):
    value = getattr(obj, f"get_{field.name}_display")() if field.choices else getattr(obj, field.name)
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "j F Y, H:i")
    if isinstance(value, date):
        return date_format(value, "j F Y")
    return same_line_ends(str(value))


def word_difference(saved, mine):
    """Pairs of kind and words: "same", or "saved" or "mine" for what only that text has."""
    old, new = re.findall(r"\S+\s*", saved), re.findall(r"\S+\s*", mine)
    words = [[piece.rstrip() for piece in pieces] for pieces in (old, new)]
    for kind, start, end, new_start, new_end in SequenceMatcher(None, *words).get_opcodes():
        if kind == "equal":
            yield "same", "".join(new[new_start:new_end])
            continue
        if end > start:
            yield "saved", "".join(old[start:end])
        if new_end > new_start:
            yield "mine", "".join(new[new_start:new_end])


class Refused(Exception):
    """The record may not be edited now; the message says why."""


class Saving:
    """What adding and editing share: any ModelForm of ours, made `versioned`, on `includes/edit_form.html`."""

    template_name = "includes/edit_form.html"
    permission = None
    reason_required = False
    success_message = "Saved."
    title = ""

    def get_form_class(self):
        return versioned(super().get_form_class())

    def get_form(self, form_class=None):
        return self.prepared(super().get_form(form_class))

    def prepared(self, form):
        if "reason" in form.fields:
            form.fields["reason"].required = self.reason_required
        return form

    def save(self, form, reason):
        """The saved record; the place for what else is stored with it. A ValidationError becomes the form's."""
        return form.save_by(self.request.user, reason)

    def form_valid(self, form):
        """The permission is asked for again: the form may have moved the record to another board."""
        require(self.request.user, self.permission, form.instance)
        reason = sentences(form.cleaned_data.get("reason"), getattr(form, "decision", ""))
        try:
            with transaction.atomic():
                self.object = self.save(form, reason)
        except Conflict as conflict:
            return self.conflict(conflict)
        except ValidationError as error:
            add_errors(form, error)
            return self.form_invalid(form)
        except IntegrityError:
            form.add_error(None, AT_THE_SAME_MOMENT)
            return self.form_invalid(form)
        messages.success(self.request, self.message(form))
        return HttpResponseRedirect(self.get_success_url())

    def message(self, form):
        if not form.merged_fields:
            return self.success_message
        labels = ", ".join(f"“{form.label_of(field)}”" for field in form.merged_fields)
        return f"{self.success_message} {self.others(form)} changed {labels} meanwhile, and that is kept too."

    def others(self, form):
        """Who else saved since the form was opened, to be thanked by name."""
        opened = int(form.cleaned_data["version"])
        since = form.instance.history.filter(history_id__gt=opened).select_related("history_user")
        users = {row.history_user for row in since} - {self.request.user}
        names = {str(user or "The system") for user in users}
        return " and ".join(sorted(names)) or "You"

    def get_cancel_url(self):
        return self.get_success_url()

    def get_context_data(self, **kwargs):
        return super().get_context_data(title=self.get_title(), cancel_url=self.get_cancel_url(), **kwargs)


class EditView(Saving, UpdateView):
    """Changes one record that the user may see and holds `permission` on."""

    version = ""

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except Refused as refusal:
            return held(request, title="This cannot be changed", sentence=str(refusal), status=409)

    def locked(self, obj):
        """A sentence that says why the record cannot be edited, empty if it can."""
        return ""

    def get_object(self, queryset=None):
        """The version is read before the row: a save in between then counts as somebody else's."""
        self.version = version_of(self.model(pk=self.kwargs["pk"]))
        found = fetch(self.get_queryset(), self.request.user, self.permission, pk=self.kwargs["pk"])
        if sentence := self.locked(found):
            raise Refused(sentence)
        self.name = str(found)
        return found

    def get_initial(self):
        return super().get_initial() | {"version": self.version}

    def get_title(self):
        return self.title or f"Change {self.name}"

    def conflict(self, conflict):
        """The form once more, to save knowingly: my text, and theirs where only they changed a field."""
        self.object = conflict.row
        files = [file.name for _, sent in self.request.FILES.lists() for file in sent]
        kwargs = self.get_form_kwargs() | {"data": None, "files": None, "initial": conflict.initial}
        form = self.prepared(self.get_form_class()(**kwargs))
        context = self.get_context_data(form=form, conflict=conflict, lost_files=files)
        return self.render_to_response(context, status=409)


class AddView(Saving, Permitted, CreateView):
    """Adds a record. With a `parent` model, the address names the record it belongs to, and `new` gets that."""

    parent = None

    def new(self, *above):
        return self.model()

    @cached_property
    def above(self):
        """The record this one belongs to."""
        return fetch(self.parent.objects, self.request.user, self.permission, pk=self.kwargs["pk"])

    def get_form_kwargs(self):
        instance = self.new(self.above) if self.parent else self.new()
        return super().get_form_kwargs() | {"instance": instance}

    def get_title(self):
        return self.title or f"Add {self.model._meta.verbose_name}"

    def get_cancel_url(self):
        """Without a parent only the page that lists such records knows where to go back to."""
        return self.above.get_absolute_url() if self.parent else ""
