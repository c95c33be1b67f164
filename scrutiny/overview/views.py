"""Read-only pages that look across the whole house."""

from django.db.models import OuterRef, Prefetch, Subquery
from django.http import Http404
from django.shortcuts import render
from django.utils.text import slugify
from django.views.generic import DetailView, TemplateView

from actions.coverage import coverage_at, coverage_in
from actions.models import Action, Element, Undertaking
from reviews.models import AgencyAssurance, LearningPoint, Report, ReportPresentation, ReviewCase
from reviews.services.learning import steps_for
from reviews.stages import LEARNING
from reviews.viewed import viewed
from reviews.yearly import covers, notices
from scrutiny.models import AgendaItem, Attendance, Board, Meeting, Point, Proposal, Resolution
from scrutiny.overview.dashboard import (
    CHART_SERIES,
    MOVES_SHOWN,
    case_needs,
    list_of,
    moved_since,
    needs,
    publishing_needs,
    standing_of,
    standings,
    waiting_for_answer,
    with_meetings,
)
from scrutiny.overview.trails import NOUNS, hidden_from, history_rows, hung_on_hidden, may_put_right
from scrutiny.publication import why_not_publish
from scrutiny.toolkit.access import Permitted, can, can_everywhere
from scrutiny.toolkit.charts import stacked_bars
from scrutiny.toolkit.exports import csv_response, exported
from scrutiny.toolkit.history import timeline

HISTORY_HEADER = ["When", "Who", "Record", "What", "Why", "Field", "From", "To"]
CHART_LOOK = {
    "closed": ("#1f5c4a", ""),
    "answered": ("#1d70b8", ""),
    "in_time": ("#b1b4b6", ""),
    "waiting": ("#f3f2f1", "dots"),
    "late": ("#b3262a", "stripes"),
}


def chart_of(boards, title):
    """One bar for each board: how its elements stand today."""
    return stacked_bars(
        title=title,
        description="For each board the number of elements closed, answered, in time, waiting and late.",
        rows=[
            (
                standing.board.name,
                {title: standing.chart_counts[name] for name, title in CHART_SERIES},
            )
            for standing in boards
        ],
        series=[(title, *CHART_LOOK[name]) for name, title in CHART_SERIES],
    )


def needs_of(user, today, boards):
    """What needs this person; None for those who only read."""
    found = {
        "edit_actions": lambda: needs(user, today, boards),
        "edit_cases": lambda: case_needs(user, today),
        "publish": lambda: publishing_needs(user),
    }
    held = [lines for permission, lines in found.items() if can(user, permission)]
    return [need for lines in held for need in lines()] if held else None


class Home(TemplateView):
    """Whoever keeps something sees first what needs them; everybody sees how each board's asks stand."""

    template_name = "scrutiny/home.html"

    def get_context_data(self, **kwargs):
        user, today = self.request.user, self.request.today
        boards = standings(user, today)
        return super().get_context_data(**kwargs) | {
            "boards": boards,
            "needs": needs_of(user, today, boards),
            "waiting": waiting_for_answer(user, today),
            "chart": chart_of(boards, "How the agreed elements stand today"),
            "asked": sum(standing.asked for standing in boards),
            "answered": sum(standing.answered for standing in boards),
            "late": sum(standing.late for standing in boards),
        }


class BoardList(Permitted, TemplateView):
    permission = "view_record"
    template_name = "scrutiny/board_list.html"

    def get_context_data(self, **kwargs):
        boards = standings(self.request.user, self.request.today)
        return super().get_context_data(**kwargs) | {"boards": boards}


class BoardDetail(Permitted, DetailView):
    """A board in one look: what it asked, what came of it, what is late, what moved, who sits."""

    permission = "view_record"
    model = Board

    def get_queryset(self):
        boards = Board.objects.visible_to(self.request.user).select_related("council")
        coming = Meeting.objects.filter(board=OuterRef("pk")).coming(self.request.today)
        return with_meetings(boards, self.request.today).annotate(coming=Subquery(coming.values("pk")[:1]))

    def get_context_data(self, **kwargs):
        user, today, board = self.request.user, self.request.today, self.object
        standing = standing_of(board, user, today)
        since = standing.last_meeting
        actions = Action.objects.visible_to(user).filter(board=board).open()
        moves = moved_since(user, board, since) if since else []
        return super().get_context_data(**kwargs) | {
            "standing": standing,
            "chart": chart_of([standing], f"How the elements {board} asked for stand today"),
            "moves": moves[:MOVES_SHOWN],
            "more_moves": len(moves) > MOVES_SHOWN,
            "actions": actions.with_counts()
            .with_late_count(today)
            .select_related("addressee")
            .only("reference", "title", "due_words", "addressee__name")
            .order_by("due_to", "pk")[:10],
            "memberships": board.memberships.current(today)
            .select_related("person")
            .only("board", "role", "person__style", "person__name", "person__honours")
            .order_by("role", "person__name"),
            "meetings": Meeting.objects.visible_to(user)
            .filter(board=board)
            .only("date")
            .order_by("-date", "pk")[:10],
            "late_url": list_of("element-list", board=board.pk, timing="late"),
            "word_url": list_of("element-list", board=board.pk, sort="-word"),
            "open_url": list_of("action-list", board=board.pk, state="open"),
        }


class MeetingDetail(Permitted, DetailView):
    """A meeting reads like its minutes, and leads from each limb to its action."""

    permission = "view_record"
    model = Meeting

    def get_queryset(self):
        visible = Meeting.objects.visible_to(self.request.user).select_related(
            "board", "year", "approved_at__board"
        )
        people = Attendance.objects.select_related("person", "substitute_for", "organisation")
        actions = Action.objects.visible_to(self.request.user).with_counts().select_related("addressee")
        return visible.prefetch_related(
            Prefetch("items", AgendaItem.objects.visible_to(self.request.user)),
            Prefetch("attendances", people.filter(item=None).order_by("position"), to_attr="at_meeting"),
            Prefetch("items__attendances", people.order_by("position"), to_attr="for_item"),
            "items__reports__appendices__errata",
            "items__reports__errata",
            Prefetch("items__sections__points", Point.objects.order_by("-kind", "position")),
            "items__sections__points__tags__theme",
            "items__sections__appendices",
            Prefetch("items__proposals", Proposal.objects.select_related("mover", "seconder")),
            "items__proposals__recorded_votes__person",
            Prefetch("items__resolutions", Resolution.objects.order_by("position")),
            Prefetch("items__resolutions__actions", actions),
            Prefetch("items__undertakings", Undertaking.objects.all()),
            "items__supporting_documents",
        )

    def get_context_data(self, **kwargs):
        """The minutes are read without distraction; links for correcting them come on request."""
        user, meeting = self.request.user, self.object
        correcting = "correct" in self.request.GET and not meeting.is_locked
        approving = Meeting.objects.visible_to(user).filter(pk=meeting.approved_at_id)
        return super().get_context_data(**kwargs) | {
            "correcting": correcting,
            "reporting": "report" in self.request.GET,
            "may_edit": correcting and can(user, "edit_record", meeting),
            "approving_is_seen": approving.exists(),
            "coverage": coverage_at(meeting, user),
            "publication": publication_of(meeting, user),
        }


def publication_of(meeting, user):
    """For those who move minutes on: who may publish these, and why the reader may not."""
    if meeting.is_published or not can(user, "move_minutes", meeting):
        return ""
    return why_not_publish(user, meeting) or "You may publish these minutes: you wrote none of them."


class ReportDetail(Permitted, DetailView):
    """A paper with its appendices and corrections, whom it was presented to, and the elements it answers."""

    permission = "view_record"
    model = Report

    def get_queryset(self):
        visible = Report.objects.visible_to(self.request.user)
        return visible.select_related("author_body", "item__meeting__board").prefetch_related(
            "appendices__author_body",
            "appendices__errata",
            "errata__appendix",
            Prefetch("presentations", ReportPresentation.objects.select_related("body")),
            "tags__theme",
        )

    def get_context_data(self, **kwargs):
        user, report = self.request.user, self.object
        awaiting = Action.objects.visible_to(user).awaiting(report)
        return super().get_context_data(**kwargs) | {
            "covers": covers(report),
            "points": report.points(),
            "notices": notices(report, user),
            "coverage": coverage_in(report, user),
            "awaiting": awaiting if can(user, "record_progress", report) else [],
        }


class LearningDetail(Permitted, DetailView):
    """One learning point: what the Board asked, the review it came from, and what shows that it arrived."""

    permission = "view_record"
    model = LearningPoint
    template_name = "reviews/learning_detail.html"
    context_object_name = "point"

    def get_queryset(self):
        visible = LearningPoint.objects.visible_to(self.request.user).select_related("owner", "post")
        return visible.prefetch_related(
            "steps",
            "dissemination",
            "evidence",
            "tags__theme",
            Prefetch("assurances", AgencyAssurance.objects.select_related("agency")),
        )

    def get_context_data(self, **kwargs):
        point, user = self.object, self.request.user
        case = ReviewCase.objects.visible_to(user).filter(pk=point.case_id).first()
        viewed(self.request, case)
        elements = Element.objects.visible_to(user).filter(learning_links__learning=point)
        return super().get_context_data(**kwargs) | {
            "case": case,
            "elements": elements.select_related("action", "category"),
            "next": [LEARNING[code] for code in steps_for(user, point)],
            "late": LearningPoint.objects.filter(pk=point.pk).late(self.request.today).exists(),
        }


def history_lines(entries):
    """A line for each change, and one for an entry without any, such as a deletion."""
    for entry in entries:
        told = [entry.when, entry.by, f"{entry.noun} {entry.label}".strip(), entry.kind, entry.why]
        changes = [[change.field, change.before, change.after] for change in entry.changes]
        yield from ([*told, *change] for change in changes or [["", "", ""]])


def history(request, noun, pk):
    """The history page of any record, in plain words; of deleted ones too, for those who see all drafts."""
    model = NOUNS.get(noun)
    if model is None or not can(request.user, getattr(model, "HISTORY_NEEDS", "view_history")):
        raise Http404
    record = model.objects.visible_to(request.user).filter(pk=pk).first()
    if record is None and (
        model.objects.filter(pk=pk).exists() or not can_everywhere(request.user, "view_drafts")
    ):
        raise Http404
    own, *inside = history_rows(noun, pk, request.user)
    newest = own.order_by("-history_id").first()
    if newest is None or (record is None and hung_on_hidden(newest, request.user)):
        raise Http404
    if model is ReviewCase:
        viewed(request, record or newest.instance)
    entries = timeline(own, *inside, hidden=hidden_from(request.user))
    name = str(record or newest.instance)
    if request.GET.get("format") == "csv":
        exported.send(None, request=request, what="The history as CSV", on=record or newest.instance)
        return csv_response(f"History of {slugify(name)}", HISTORY_HEADER, history_lines(entries))
    context = {
        "record": record,
        "noun": model._meta.verbose_name,
        "name": name,
        "entries": entries,
        "slug": noun,
        "key": pk,
        "may_redact": may_put_right(request.user, model, record),
        "events": list_of("event-list", noun=model._meta.model_name, key=pk) if record else "",
    }
    return render(request, "scrutiny/history.html", context)
