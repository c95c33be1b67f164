"""Pages of the papers, and the files they come as."""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import render
from django.utils.text import slugify

from scrutiny.models import Meeting
from scrutiny.overview.papers.action_log import action_log
from scrutiny.overview.papers.decision_sheet import decision_sheet
from scrutiny.overview.papers.tracker import tracker
from scrutiny.overview.papers.visible import meeting_with_papers
from scrutiny.overview.papers.work_schedule import work_schedule
from scrutiny.toolkit.documents.pdf import pdf
from scrutiny.toolkit.documents.sheet import sheet
from scrutiny.toolkit.documents.word import word
from scrutiny.toolkit.exports import csv_response, exported
from scrutiny.toolkit.files import attachment

PAPERS = {  # name in the address: (title, what it is for, builder)
    "tracker": (
        "Tracker report",
        "Every open element with what was said, shown and judged, and what is new since the last meeting.",
        tracker,
    ),
    "action-log": ("Action log", "What was asked and promised at the last meeting, done or not.", action_log),
    "work-schedule": (
        "Work schedule",
        "The meetings of the municipal year, and what is planned for each.",
        work_schedule,
    ),
    "decision-sheet": (
        "Decision sheet",
        "What this meeting resolved, asked of whom, and by when.",
        decision_sheet,
    ),
}


@dataclass(frozen=True)
class Format:
    name: str
    title: str
    kind: str
    write: object


FORMATS = [
    Format("pdf", "PDF", "application/pdf", lambda paper, keys: pdf(paper.document)),
    Format(
        "docx",
        "Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        lambda paper, keys: word(paper.document),
    ),
    Format(
        "xlsx",
        "Spreadsheet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda paper, keys: sheet(paper.document.title, paper.table(keys), paper.document.foot),
    ),
]
FORMAT = {each.name: each for each in FORMATS}


def meeting_papers(request, pk):
    meeting = meeting_with_papers(request, pk)
    papers = [
        {"name": name, "title": title, "purpose": purpose} for name, (title, purpose, _) in PAPERS.items()
    ]
    is_seen = Meeting.objects.visible_to(request.user).filter(pk=pk).exists()
    above = meeting if is_seen else meeting.board
    context = {
        "meeting": meeting,
        "papers": papers,
        "formats": FORMATS,
        "back": above.get_absolute_url(),
        "back_title": "The meeting" if is_seen else str(meeting.board),
    }
    return render(request, "scrutiny/meeting_papers.html", context)


def meeting_paper(request, pk, name):
    meeting = meeting_with_papers(request, pk)
    if name not in PAPERS:
        raise Http404
    paper = PAPERS[name][2](meeting, request.user, request.today)
    wanted, keys = request.GET.get("format", ""), request.GET.getlist("columns")
    if wanted == "csv" or wanted in FORMAT:
        title, kind = PAPERS[name][0], FORMAT[wanted].title if wanted in FORMAT else "CSV"
        exported.send(None, request=request, what=f"{title} as {kind}", on=meeting)
    if wanted == "csv":
        table = paper.table(keys)
        foot = [[paper.document.foot]] if paper.document.foot else []
        return csv_response(
            _file_name(paper), [column.title for column in table.columns], [*table.rows, *foot]
        )
    if wanted in FORMAT:
        return _file(paper, FORMAT[wanted], keys)
    context = {
        "meeting": meeting,
        "paper": paper,
        "document": paper.document,
        "name": name,
        "formats": FORMATS,
    }
    return render(request, "scrutiny/paper.html", context)


def _file(paper, format, keys):
    return attachment(format.write(paper, keys), f"{_file_name(paper)}.{format.name}", format.kind)


def _file_name(paper):
    return slugify(f"{paper.document.title} {paper.document.caption}")[:120]
