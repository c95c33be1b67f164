"""Bringing minutes in: send, wait where it takes long, confirm beside the source words, save to the record."""

import hashlib
from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render

from actions.filters import ImportFilter
from actions.forms import ReadMinutesForm
from actions.minutes import uploads
from actions.minutes.divide import divide
from actions.minutes.forms import DivideForm, MeetingOfImportForm, row_formset, rows_from
from actions.minutes.proposal import GROUP, GROUPS, propose
from actions.minutes.reader import read
from actions.minutes.save import kept, notices, problems, save_import
from actions.models import MinutesImport
from reviews.models import Theme
from scrutiny.models import Attendance, Board, Point, Proposal, Resolution
from scrutiny.toolkit.access import can, fetch, permitted
from scrutiny.toolkit.forms import as_date
from scrutiny.toolkit.lists import RecordList
from scrutiny.toolkit.pages import form_page

CONTEXT = 60
LONGEST_QUOTE = 400
LABELS = {
    "kind": dict(Resolution.Kind.choices + Point.Kind.choices + Proposal.Kind.choices),
    "capacity": dict(Attendance.Capacity.choices),
}


class ImportList(RecordList):
    permission = "import_minutes"
    model = MinutesImport
    filterset_class = ImportFilter
    sorts = {"added": ["-created_at"], "meeting": ["-meeting_date", "-created_at"]}
    template_name = "actions/import_list.html"

    def shown(self, records):
        return records.select_related("board", "created_by", "item__meeting").defer("text", "draft")


def digest_of(text):
    """The same words give the same digest, however lines and spaces fall."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


@transaction.non_atomic_requests  # nobody else waits to save while a file is being read
@permitted("import_minutes")
def import_add(request):
    form = ReadMinutesForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        upload = form.cleaned_data["file"] or SimpleUploadedFile(
            "Pasted text.txt", form.cleaned_data["text"].encode()
        )
        found = MinutesImport.objects.create(source_name=upload.name[:200], created_by=request.user)
        uploads.start_reading(found, upload)
        if uploads.wait_a_little(found).is_finished:
            return take_up(request, found)
        return redirect("import-progress", found.pk)
    return form_page(
        request,
        form,
        title="Bring minutes in",
        lead="The text is read, and you confirm what was found. Nothing is written to the record before you save it.",
        button="Read the minutes",
        has_file=True,
        back=redirect("import-list").url,
    )


@transaction.atomic
def take_up(request, found):
    """Goes on with what the child process read: to the findings, or back with a sentence that says what to do."""
    found = (
        MinutesImport.objects.select_for_update()
        .filter(pk=found.pk, state=MinutesImport.State.READING)
        .first()
    )
    if found is None:  # taken up a moment ago, in another window
        return redirect("import-list")
    done = uploads.reading(found)
    transaction.on_commit(partial(uploads.forget, found.pk))
    if done.error is not None:
        found.delete()
        messages.error(request, done.error)
        return redirect("import-add")
    digest = digest_of(done.text)
    before = MinutesImport.objects.visible_to(request.user).filter(digest=digest)
    if same := before.exclude(state=MinutesImport.State.DROPPED).first():
        found.delete()
        messages.warning(request, "These minutes were brought in before. Here they are.")
        return redirect(same)
    found.text, found.digest, found.state = done.text, digest, MinutesImport.State.TO_CONFIRM
    minutes = read(done.text)
    found.board, found.meeting_date = board_of(request.user, minutes), minutes.meeting_date
    found.draft = propose(minutes, found.board)
    found.save()
    return redirect("import-items", found.pk) if found.items_left else redirect(found)


def board_of(user, minutes):
    """The board the minutes name, or the only one there is."""
    boards = [board for board in Board.objects.visible_to(user) if can(user, "import_minutes", board)]
    named = [
        board for board in boards if minutes.committee and board.name.lower() in minutes.committee.lower()
    ]
    if len(boards) == 1:
        return boards[0]
    return named[0] if len(named) == 1 else None


def import_progress(request, pk):
    """Where the reading of a long file is. Looking changes nothing; the officer goes on by a button."""
    found = fetch(MinutesImport.objects, request.user, "import_minutes", pk=pk)
    if found.state != MinutesImport.State.READING:
        return redirect(found)
    if request.method == "POST" and uploads.reading(found).is_finished:
        return take_up(request, found)
    answer = render(
        request, "actions/import_progress.html", {"import": found, "reading": uploads.reading(found)}
    )
    answer["Refresh"] = "3"
    return answer


def import_detail(request, pk):
    """What was found, beside the words it was found in."""
    found = fetch(MinutesImport.objects, request.user, "import_minutes", pk=pk)
    if found.state == MinutesImport.State.READING:
        return redirect("import-progress", pk)
    if found.state == MinutesImport.State.DIVIDED:
        return render(request, "actions/import_divided.html", {"import": found, "parts": found.parts.all()})
    labels = dict(Theme.objects.values_list("code", "label"))
    context = {
        "import": found,
        "groups": [
            (group, [_shown(row, found) | _theme_labels(row, labels) for row in found.draft[group.name]])
            for group in GROUPS
        ],
        "missed": [_shown(row, found) for row in found.draft["missed"]],
        "problems": list(problems(found)) if found.state == MinutesImport.State.TO_CONFIRM else [],
        "notices": list(notices(found.draft)),
        "counts": {group.name: len(kept(found.draft, group.name)) for group in GROUPS},
    }
    return render(request, "actions/import_detail.html", context)


def _shown(row, found):
    """A row with its source: the words at its place, a little before and after, and the line they stand in."""
    row = row | {f"{name}_day": as_date(row[name]) for name in ("due_from", "due_to") if name in row}
    row = row | {f"{name}_label": labels.get(row[name], "") for name, labels in LABELS.items() if name in row}
    if not row["at"]:
        return row | {"source": None}
    start, end = row["at"]
    text = found.words
    words = text[start:end]
    if len(words) > LONGEST_QUOTE:
        words = words[:LONGEST_QUOTE].rsplit(" ", 1)[0] + "…"
    before = text[max(0, start - CONTEXT) : start].rsplit("\n", 1)[-1]
    after = text[end : end + CONTEXT].split("\n", 1)[0]
    source = {"before": before, "words": words, "after": after, "line": text.count("\n", 0, start) + 1}
    own = row.get("text") or row.get("words") or ""
    same = " ".join(own.split()) == " ".join(text[start:end].split())
    return row | {"source": source, "word_for_word": same}


def _theme_labels(row, labels):
    return {"theme_labels": [labels[code] for code in row.get("themes", []) if code in labels]}


def import_text(request, pk):
    """The whole text with line numbers, so that any finding can be looked up."""
    found = fetch(MinutesImport.objects, request.user, "import_minutes", pk=pk)
    return render(request, "actions/import_text.html", {"import": found, "lines": found.words.split("\n")})


def being_confirmed(request, pk, states=(MinutesImport.State.TO_CONFIRM,)):
    """The import, locked while it is changed, so that two officers do not write over each other's rows."""
    imports = MinutesImport.objects.all()
    if request.method == "POST":
        imports = imports.select_for_update(of=("self",))
    found = fetch(imports, request.user, "import_minutes", pk=pk)
    if found.state not in states:
        raise Http404
    return found


def import_items(request, pk):
    """Which agenda items of a whole meeting's minutes are brought in, each confirmed on pages of its own."""
    states = MinutesImport.State
    found = being_confirmed(request, pk, states=(states.TO_CONFIRM, states.DIVIDED))
    if not found.items_left:
        return redirect(found)
    form = DivideForm(request.POST or None, instance=found)
    if form.is_valid():
        first = divide(found, form.cleaned_data["items"], by=request.user)
        messages.success(request, "This is the first item to confirm. Nothing is in the record yet.")
        return redirect(first)
    return form_page(
        request,
        form,
        title="Which agenda items?",
        caption=found.source_name,
        lead="These are the minutes of a whole meeting. Each item is confirmed and saved on its own.",
        button="Go on to the first item",
        back=found.get_absolute_url(),
    )


def import_meeting(request, pk):
    """Board, date and title, where the text does not say or says something else."""
    found = being_confirmed(request, pk)
    item, report = found.draft["item"], found.draft["report"]
    form = MeetingOfImportForm(
        request.POST or None,
        instance=found,
        initial=item | {"report_title": report["title"]},
        stored=[found.board, found.meeting_date, *item.values(), report["title"]],
    )
    if form.is_valid():
        found.draft["item"] = {
            name: form.cleaned_data[name] for name in ("title", "minute_number", "purpose")
        }
        report["title"] = form.cleaned_data["report_title"]
        _read_again_with_date(found)
        found.save()
        messages.success(request, "Kept. Nothing is in the record yet.")
        return redirect(found)
    return form_page(
        request,
        form,
        title="Meeting and agenda item",
        caption=found.source_name,
        back=found.get_absolute_url(),
    )


def _read_again_with_date(found):
    """Windows such as "in six months" need the day of the meeting; where they had none they get it now."""
    known = {
        action.due_text: action for action in read(found.words, meeting_date=found.meeting_date).requests
    }
    for row in found.draft["actions"]:
        request = known.get(row["due_words"])
        if request and not (row["due_from"] or row["due_to"]):
            row["due_from"] = request.due_start.isoformat() if request.due_start else ""
            row["due_to"] = request.due_end.isoformat() if request.due_end else ""


def import_group(request, pk, group):
    """Keep, change, drop and add within one kind of finding."""
    if group not in GROUP:
        raise Http404
    found = being_confirmed(request, pk)
    rows = found.draft[group]
    formset = row_formset(group, found, request.POST if request.method == "POST" else None)
    if formset.is_valid():
        found.draft[group] = rows_from(formset, rows, group)
        found.save()
        messages.success(request, "Kept. Nothing is in the record yet.")
        return redirect(found)
    by_key = {row["key"]: _shown(row, found)["source"] for row in rows}
    pairs = [(form, by_key.get(form.initial.get("key"))) for form in formset.forms]
    context = {"import": found, "group": GROUP[group], "formset": formset, "pairs": pairs}
    return render(request, "actions/import_group.html", context)


def import_save(request, pk):
    """Save to the record: one transaction, and pressing twice does no harm."""
    found = fetch(MinutesImport.objects, request.user, "import_minutes", pk=pk)
    if request.method != "POST":
        return redirect(found)
    try:
        item = save_import(found, by=request.user)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect(found)
    following = found.next_part
    if following is None:
        messages.success(request, f"“{item.title}” is in the record.")
        return redirect(item)
    messages.success(request, f"“{item.title}” is in the record. This is the next item of the same minutes.")
    return redirect(following)


def import_drop(request, pk):
    """Asks, and sets the import aside. The record is not touched."""
    found = being_confirmed(request, pk)
    if request.method == "POST":
        found.state = MinutesImport.State.DROPPED
        found.save()
        messages.success(request, "The import was dropped. The record was not touched.")
        return redirect(found.next_part or found.whole or "import-list")
    return render(request, "actions/import_drop.html", {"import": found})
