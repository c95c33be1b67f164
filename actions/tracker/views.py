"""Preparing the tracker for a meeting, and bringing an old tracker in: compare, look, confirm."""

import time

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import all_valid
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from actions.filters import TrackerImportFilter
from actions.models import TrackerImport
from actions.tracker.apply import apply_import
from actions.tracker.columns import COLUMNS, NEEDED_FOR_NEW, Use
from actions.tracker.compare import Comparison
from actions.tracker.forms import BringTrackerForm, SuggestionForm
from actions.tracker.rows import open_rows
from actions.tracker.suggesting import suggest, suggestions_for
from actions.tracker.table import read_sheet
from actions.views import any_errors, given_and_withdrawn
from scrutiny.models import Board, Meeting
from scrutiny.toolkit.access import can, fetch, permitted
from scrutiny.toolkit.forms import Form
from scrutiny.toolkit.lists import RecordList
from scrutiny.toolkit.pages import attempt

ROWS_SHOWN = 200
STEPS = 4  # with one press of the button
PAUSE = 0.2  # seconds; on SQLite whoever waits to save tries again every tenth of one


def tracker_suggestions(request, pk):
    """ "Prepare the tracker": what the officer suggests on each open element, proposed by rules until it is saved."""
    meeting = fetch(
        Meeting.objects.select_related("board__tracking_scheme"), request.user, "edit_actions", pk=pk
    )
    day = min(meeting.date, request.today)
    rows = open_rows(meeting.board, request.user, before=meeting.date, meeting=meeting)
    categories = meeting.board.tracking_scheme.categories.order_by("position")
    forms = [
        SuggestionForm(
            request.POST or None,
            instance=suggestion,
            categories=categories,
            prefix=f"element-{suggestion.element_id}",
        )
        for suggestion in suggestions_for(meeting, rows, day)
    ]
    back = reverse("meeting-papers", args=[pk])
    summary = Form(request.POST or None)
    if request.method == "POST" and all_valid([summary, *forms]):
        given, withdrawn = given_and_withdrawn(forms)
        if attempt(summary, lambda: suggest(given, withdrawn, by=request.user)):
            count = len(given)
            messages.success(request, f"{count} suggestion{'' if count == 1 else 's'} saved for {meeting}.")
            return redirect(back)
    context = {
        "meeting": meeting,
        "summary": summary,
        "forms": forms,
        "pairs": [(row, form, row.timing(day)) for row, form in zip(rows, forms, strict=True)],
        "back": back,
        "has_errors": any_errors(summary, *forms),
    }
    return render(request, "actions/tracker_suggestions.html", context)


class TrackerImportList(RecordList):
    permission = "import_minutes"
    model = TrackerImport
    filterset_class = TrackerImportFilter
    sorts = {"added": ["-created_at"]}

    def shown(self, records):
        return records.select_related("board", "created_by").defer("rows")


@permitted("import_minutes")
def tracker_import_add(request):
    """The file is compared with the record at once; nothing is applied before the officer has looked."""
    boards = [
        board
        for board in Board.objects.visible_to(request.user)
        if can(request.user, "import_minutes", board)
    ]
    form = BringTrackerForm(
        request.POST or None,
        request.FILES or None,
        boards=Board.objects.filter(pk__in=[board.pk for board in boards]),
    )
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            sheet = read_sheet(upload)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect(_compared(form.cleaned_data["board"], upload.name, sheet, request))
    context = {
        "form": form,
        "back": reverse("tracker-import-list"),
        "columns": [column for column in COLUMNS if column.use != Use.READ_ONLY],
        "needed": NEEDED_FOR_NEW,
    }
    return render(request, "actions/tracker_import_add.html", context)


def _compared(board, name, sheet, request):
    rows, unchanged, in_vain = Comparison(board, request.user, request.today).preview(sheet.rows)
    return TrackerImport.objects.create(
        board=board,
        name=name[:200],
        rows=rows,
        unchanged=unchanged,
        unknown=sheet.unknown,
        in_vain=in_vain,
        created_by=request.user,
    )


def tracker_import_detail(request, pk):
    """What would change, row by row; after it was applied, what became of each row."""
    found = fetch(
        TrackerImport.objects.select_related("board", "created_by"), request.user, "import_minutes", pk=pk
    )
    context = {
        "import": found,
        "to_apply": found.to_apply,
        "applied": len(found.to_apply) - len(found.waiting),
        "in_error": found.in_error,
        "shown": found.to_apply[:ROWS_SHOWN],
        "refused": [row for row in found.to_apply if row["result"].startswith("Not applied")],
    }
    return render(request, "actions/tracker_import_detail.html", context)


@transaction.non_atomic_requests  # each step is a transaction of its own: others save in between
def tracker_import_apply(request, pk):
    found = fetch(TrackerImport.objects, request.user, "import_minutes", pk=pk)
    if request.method != "POST":
        return redirect(found)
    for _ in range(STEPS):
        found = apply_import(found, by=request.user)
        if not found.waiting:
            break
        time.sleep(PAUSE)
    return redirect(found)


@transaction.atomic
def tracker_import_drop(request, pk):
    found = fetch(
        TrackerImport.objects.select_for_update(of=("self",)), request.user, "import_minutes", pk=pk
    )
    is_begun = len(found.waiting) < len(found.to_apply)
    if is_begun or found.state != TrackerImport.State.TO_CONFIRM:
        raise Http404
    if request.method == "POST":
        found.state = TrackerImport.State.DROPPED
        found.save()
        messages.success(request, "The spreadsheet was dropped. The record was not touched.")
        return redirect("tracker-import-list")
    return redirect(found)
