"""Taking words out of the record for good: one person asks, another one approves, and it is carried out.

Everywhere at once: the records, their histories, the search, messages, drafts, the event log, sessions and files.
What is kept is that it happened, who decided it and which rows changed; the words are kept nowhere (D-4).
"""

from collections import Counter
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import DatabaseError, models, transaction
from django.utils import timezone

from scrutiny.events import log
from scrutiny.governance.people import tell
from scrutiny.indexing import index
from scrutiny.models import Entry, RedactedRow, Redaction, RedactionPassage, RedactionStep
from scrutiny.models.search import SEARCHABLE
from scrutiny.overview.trails import NOUNS
from scrutiny.seals import release, row_digest
from scrutiny.toolkit.history import record
from scrutiny.toolkit.redacting import (
    SHORTEST,
    find,
    find_in,
    merge_search_table,
    pattern_of,
    redact,
    sessions_with,
    too_short,
)
from scrutiny.toolkit.redacting_files import files_with, redact_files
from scrutiny.toolkit.words import counted

DERIVED = [Entry, RedactionPassage]  # made anew from the records, and removed once it is done
Kind = RedactionStep.Kind


def folders():
    return [Path(settings.DATA_DIR) / "imports", Path(default_storage.location)]


def stands_in(words, model, pk):
    """True where the words stand in the record or in its history."""
    pattern = pattern_of(words)
    both = [model._base_manager.filter(pk=pk), model.history.filter(id=pk)]
    return any(True for rows in both for _ in find_in(rows, pattern, words))


@transaction.atomic
def ask(words, *, category, reason, by, noun="", key=None):
    """Asks that the words be taken out wherever they stand; `noun` and `key` tell where they were seen."""
    _check(words, reason)
    if not (stands_in(words, NOUNS[noun], key) if noun else any(places(words))):
        raise ValidationError(
            f"These words do not stand {'here' if noun else 'anywhere'}. Copy them from the record or its history."
        )
    redaction = Redaction.objects.create(noun=noun, key=key, category=category, reason=reason, asked_by=by)
    RedactionPassage.objects.create(redaction=redaction, text=words)
    log("redaction_asked", by=by, on=redaction, reason=reason)
    tell(
        redaction,
        subject="Words are to be taken out of the record",
        text=f"{by} asks that words be taken out of the record for good. Please look at it.",
        besides=by,
    )
    return redaction


def _check(words, reason):
    if too_short(words):
        raise ValidationError(f"Enter at least {SHORTEST} letters: fewer stand in many other words.")
    if pattern_of(words).search(reason):
        raise ValidationError("The reason is kept: leave the words themselves out of it.")


def approve(redaction, *, by):
    """A second person's yes. Carried out at once where this account may change histories; gives the last step."""
    if redaction.asked_by_id == by.pk:
        raise ValidationError("Somebody else approves what you asked for: two people are needed.")
    with transaction.atomic():
        step = _step(redaction, Kind.APPROVED, by)
        log("redaction_approved", by=by, on=redaction)
    try:
        return carry_out(redaction)
    except DatabaseError:
        return step


@transaction.atomic
def refuse(redaction, *, by, reason):
    """Nothing is taken out; also for the one who asked and thinks better of it."""
    if pattern_of(redaction.passage.text).search(reason):
        raise ValidationError("The reason is kept: leave the words themselves out of it.")
    step = _step(redaction, Kind.REFUSED, by, reason=reason)
    redaction.passage.delete()
    log("redaction_refused", by=by, on=redaction, reason=reason)
    return step


def _step(redaction, kind, by, **values):
    expected = {Kind.CARRIED_OUT: [Kind.APPROVED]}.get(kind, [])
    if [step.kind for step in redaction.steps.all()] != expected:
        raise ValidationError("This was decided meanwhile. Go back to the list.")
    return RedactionStep.objects.create(redaction=redaction, kind=kind, by=by, **values)


@transaction.atomic
def carry_out(redaction):
    """Takes the words out. DatabaseError where this account may not change histories: then nothing has changed."""
    approved_by = redaction.steps.get(kind=Kind.APPROVED).by
    words, mark = redaction.passage.text, redaction.mark(timezone.localdate())
    redaction.passage.delete()
    reason = f"{redaction}: words were taken out, {redaction.get_category_display()}."
    changed = redact(
        words, mark, by=approved_by, reason=reason, leave=DERIVED, before=release, after=row_digest
    )
    _keep_digests(redaction, changed)
    _search_anew(words)
    ended = [session.delete() for session in sessions_with(words)]
    rewritten, removed = redact_files(words, mark, folders())
    _unlink(removed, by=approved_by, reason=reason)
    counts = told(changed, len(rewritten), len(removed), len(ended))
    step = _step(redaction, Kind.CARRIED_OUT, approved_by, counts=counts)
    log("redacted", by=approved_by, on=redaction, reason=redaction.reason, detail=counts)
    return step


def _keep_digests(redaction, changed):
    RedactedRow.objects.bulk_create(
        RedactedRow(
            redaction=redaction,
            table=each.table,
            row_id=str(each.pk),
            digest_before=each.before,
            digest_after=each.after,
        )
        for each in changed
    )


def _search_anew(words):
    """Saving a record brings its entry up to date; what stands in others is put right here."""
    for found in list(find_in(Entry.objects.all(), pattern_of(words), words)):
        entry = Entry.objects.get(pk=found.pk)
        if source := SEARCHABLE[entry.noun].records().filter(pk=entry.object_id).first():
            index(source)
        else:
            entry.delete()
    merge_search_table("scrutiny_entry_fts")


def _unlink(removed, *, by, reason):
    """Records let go of files that are not there any more; their histories keep the name, which says nothing."""
    root = Path(default_storage.location)
    names = [path.relative_to(root).as_posix() for path in removed if path.is_relative_to(root)]
    for model in apps.get_models():
        for field in model._meta.concrete_fields if hasattr(model, "history") and names else []:
            if isinstance(field, models.FileField):
                for row in model._base_manager.filter(**{f"{field.name}__in": names}):
                    setattr(row, field.name, "")
                    record(row, by=by, reason=reason)


def told(changed, rewritten, removed, sessions):
    """ "12 rows of 5 tables changed, 1 file removed." """
    tables = Counter(each.table for each in changed)
    parts = [f"{counted(len(changed), 'row')} of {counted(len(tables), 'table')} changed"]
    others = [(rewritten, "file", "rewritten"), (removed, "file", "removed"), (sessions, "session", "ended")]
    parts += [f"{counted(number, noun)} {what}" for number, noun, what in others if number]
    return ", ".join(parts) + "."


def places(words):
    """[(what it is, number of rows of it, of which in histories, one excerpt)], for the one who approves."""
    found = {}
    for place in find(words, DERIVED):
        source = getattr(place.model, "instance_type", place.model)
        rows = found.setdefault(source, [0, 0, next(iter(place.excerpts.values()))])
        rows[0] += 1
        rows[1] += source is not place.model
    listed = [(str(model._meta.verbose_name), *rows) for model, rows in found.items()]
    return sorted(listed, key=lambda row: row[0])


def elsewhere(words):
    """(number of files to be rewritten or removed, number of sessions to be ended)."""
    return len(files_with(words, folders())), len(sessions_with(words))
