"""The officer's pages of a round: opening it, seeing who answered, accepting, asking back, and the links."""

from dataclasses import dataclass
from datetime import timedelta
from textwrap import shorten

from django.contrib import messages
from django.db.models import Prefetch
from django.forms import all_valid
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from actions.forms import EvidenceForm
from actions.models import (
    Action,
    Element,
    Evidence,
    ProgressUpdate,
    Reply,
    ReplyEvidence,
    UpdateRequest,
    UpdateRound,
)
from actions.rounds import asking, settling
from actions.rounds.filters import RoundFilter
from actions.rounds.forms import GradeForm, OpenRoundForm, QuestionForm, RevokeForm, SettleForm
from actions.rounds.letters import delivery_of, is_undelivered
from actions.rounds.words import said_before
from scrutiny.models import Meeting
from scrutiny.models.people import contact_of
from scrutiny.toolkit.access import fetch
from scrutiny.toolkit.editing import lock, word_difference
from scrutiny.toolkit.errors import held
from scrutiny.toolkit.files import download
from scrutiny.toolkit.forms import Form
from scrutiny.toolkit.history import version_of
from scrutiny.toolkit.links import absolute, signed
from scrutiny.toolkit.lists import RecordList
from scrutiny.toolkit.pages import attempt, form_page

DAYS_WITHOUT_MEETING = timedelta(days=14)


class RoundList(RecordList):
    permission = "chase"
    model = UpdateRound
    template_name = "actions/round_list.html"
    filterset_class = RoundFilter
    sorts = {
        "opened": ["-opened_on", "-pk"],
        "due": ["due_on", "pk"],
        "board": ["board__name", "-opened_on", "-pk"],
    }
    export = {
        "Opened on": "opened_on",
        "Board": "board.name",
        "For the meeting on": "meeting.date",
        "Answers wanted by": "due_on",
        "Elements asked about": "asked_count",
        "Accepted": "accepted_count",
        "To look at": "sent_count",
    }

    def shown(self, records):
        return records.select_related("board", "meeting").with_counts()


def action_round(request, pk):
    """Opens a round for what is open in one action."""
    action = fetch(Action.objects, request.user, "chase", pk=pk)
    return _open_round(
        request,
        board=action.board,
        meeting=None,
        elements=asking.unanswered_of(action),
        due_on=request.today + DAYS_WITHOUT_MEETING,
        caption=str(action),
        back=action.get_absolute_url(),
    )


def meeting_round(request, pk):
    """Opens a round for everything due at a meeting to come."""
    meeting = fetch(Meeting.objects, request.user, "chase", pk=pk)
    if meeting.date <= request.today:
        return held(
            request,
            title="This meeting is not to come",
            sentence="A round asks for what a coming meeting wants to hear. Open it from the page of a later meeting.",
            status=409,
        )
    return _open_round(
        request,
        board=meeting.board,
        meeting=meeting,
        elements=asking.due_at(meeting, request.today),
        due_on=asking.wanted_before(meeting, request.today),
        caption=str(meeting),
        back=meeting.get_absolute_url(),
    )


def _open_round(request, *, board, meeting, elements, due_on, caption, back):
    plan = asking.plan(elements, request.today)
    form = OpenRoundForm(
        request.POST or None,
        elements=plan.elements,
        on=request.today,
        meeting=meeting,
        initial={"due_on": due_on},
    )
    if plan.elements and form.is_valid():
        opened = {}

        def step():
            opened["round"] = asking.open_round(
                board=board,
                meeting=meeting,
                addressees=plan.addressees,
                due_on=form.cleaned_data["due_on"],
                note=form.cleaned_data["note"],
                by=request.user,
                on=request.today,
            )

        if attempt(form, step):
            messages.success(request, "The round is open. The messages go out within minutes.")
            return redirect(opened["round"])
    context = {"plan": plan, "form": form, "caption": caption, "back": back, "meeting": meeting}
    return render(request, "actions/round_open.html", context)


@dataclass(frozen=True)
class Asked:
    """A request as a line of its round: how far it is answered, and how its message fares."""

    request: UpdateRequest
    message: object
    replies: list

    @property
    def accepted(self):
        return sum(reply.is_settled for reply in self.replies)

    @property
    def to_look_at(self):
        return sum(reply.is_to_look_at for reply in self.replies)

    @property
    def has_answered(self):
        return any(reply.is_sent or reply.is_settled for reply in self.replies)

    @property
    def is_undelivered(self):
        return is_undelivered(self.message)


def round_detail(request, pk):
    found = UpdateRound.objects.select_related("board", "meeting", "opened_by").with_counts()
    opened = fetch(found, request.user, "chase", pk=pk)
    requests = list(opened.requests.select_related("organisation", "post").prefetch_related("replies"))
    delivery = delivery_of(requests)
    asked = [Asked(each, delivery[each.pk], list(each.replies.all())) for each in requests]
    context = {
        "round": opened,
        "asked": asked,
        "silent": sum(not each.has_answered for each in asked),
        "answered": sum(reply.is_sent or reply.is_settled for each in asked for reply in each.replies),
        "today": request.today,
    }
    return render(request, "actions/round_detail.html", context)


REQUESTS = UpdateRequest.objects.select_related("round__board", "round__meeting", "organisation", "post")


def fetch_request(request, pk):
    return fetch(REQUESTS, request.user, "chase", pk=pk)


def request_detail(request, pk):
    """What one addressee was asked: for each element the last word beside the new one."""
    asked = fetch_request(request, pk)
    replies = replies_of(asked, request.today)
    message = delivery_of([asked])[asked.pk]
    context = {
        "asked": asked,
        "round": asked.round,
        "replies": replies,
        "message": message,
        "is_live": asked.is_live(request.today),
        "is_settled": all(reply.is_settled for reply in replies),
        "is_undelivered": is_undelivered(message),
        "answered": sum(reply.is_sent or reply.is_settled for reply in replies),
        "to_look_at": sum(reply.is_to_look_at for reply in replies),
    }
    return render(request, "actions/request_detail.html", context)


def replies_of(asked, on):
    """The replies of a request, each with `last`, what was said before, and what became of what was sent."""
    elements = Element.objects.with_timing(on).select_related("action", "category")
    replies = list(
        asked.replies.select_related("update__recorded_by").prefetch_related(
            Prefetch("element", elements), "evidence", "update__evidence"
        )
    )
    said = said_before(replies)
    earlier = sent_earlier(replies)
    for reply in replies:
        reply.last = said[reply.pk]
        reply.earlier = earlier.get(reply.pk)
        reply.difference = difference_of(reply)
    return replies


def sent_earlier(replies):
    """{key of a reply: its history row} of what was sent before the council asked back."""
    asked_back = [reply.pk for reply in replies if reply.question]
    rows = Reply.history.filter(id__in=asked_back, state=Reply.State.ASKED_BACK).order_by("history_id")
    return {row.id: row for row in rows}


def difference_of(reply):
    """Pieces of what was sent against what was accepted; none where they are the same."""
    if not (reply.is_settled and reply.is_sent) or reply.text.split() == reply.update.text.split():
        return []
    return list(word_difference(reply.text, reply.update.text))


def request_renew(request, pk):
    asked = fetch_request(request, pk)
    form = Form(request.POST or None)
    if request.method == "POST" and attempt(
        form, lambda: asking.renew(asked, by=request.user, on=request.today)
    ):
        messages.success(request, "There is a new link, and its message goes out within minutes.")
        return redirect(asked)
    contact = contact_of(asked.organisation, asked.post, request.today)
    return form_page(
        request,
        form,
        title="Send a new link",
        caption=asked.addressee,
        lead=f"It goes to {contact.name}, {contact.email or 'for whom no address is known'}. "
        "The link that was sent before opens nothing any more.",
        button="Send a new link",
        back=asked.get_absolute_url(),
    )


def request_revoke(request, pk):
    asked = fetch_request(request, pk)
    form = RevokeForm(request.POST or None)
    if form.is_valid() and attempt(
        form, lambda: asking.revoke(asked, by=request.user, on=request.today, **form.cleaned_data)
    ):
        messages.success(request, "The link was taken back. It opens nothing any more.")
        return redirect(asked)
    return form_page(
        request,
        form,
        title="Take the link back",
        caption=asked.addressee,
        lead="Nobody can answer any more until you send a new link. What was sent stays.",
        button="Take it back",
        back=asked.get_absolute_url(),
    )


def request_link(request, pk):
    """The link itself, for an addressee whom no message reaches. A button shows it, and that is written down."""
    asked = fetch_request(request, pk)
    if not asked.is_live(request.today) or not is_undelivered(delivery_of([asked])[asked.pk]):
        return held(
            request,
            title="The link is in the message",
            sentence="It is shown here only where no message can be delivered, and only while it works.",
            status=409,
        )
    link = ""
    if request.method == "POST":
        asking.reveal(asked, by=request.user)
        link = absolute(reverse("round-answer", args=[signed(asked.link_value)]))
    return render(request, "actions/request_link.html", {"asked": asked, "link": link})


REPLIES = Reply.objects.select_related(
    "request__round__board", "request__round__meeting", "request__organisation", "element__action__addressee"
)


def reply_accept(request, pk):
    """What was sent, ready to be accepted; what the officer changes is seen to be changed."""
    lock(request, Reply, pk)
    version = version_of(Reply(pk=pk))
    reply = fetch(REPLIES, request.user, "chase", pk=pk)
    if not reply.is_to_look_at:
        return _nothing_to_do(request, reply)
    update = ProgressUpdate(
        element=reply.element,
        text=reply.text,
        owner_progress=reply.owner_progress,
        reported_by=reply.reported_by,
        on_behalf_of=reply.element.action.addressee,
        received_on=timezone.localdate(reply.sent_at),
        source=source_of(reply),
        recorded_by=request.user,
    )
    form = SettleForm(request.POST or None, instance=update, stored_version=version)
    grades = [
        GradeForm(request.POST or None, prefix=f"evidence-{piece.pk}", piece=piece)
        for piece in reply.evidence.all()
    ]
    if all_valid([form, *grades]):
        pieces = [
            settling.graded(grade.piece, grade.cleaned_data["grade"]) for grade in grades if grade.is_kept
        ]
        if attempt(
            form, lambda: settling.accept(reply, update, pieces, by=request.user, decision=form.decision)
        ):
            messages.success(request, f"The answer on {reply.element} is in the record.")
            return redirect(reply.request)
    context = _beside(reply) | {"form": form, "grades": grades, "has_errors": any(g.errors for g in grades)}
    return render(request, "actions/reply_accept.html", context)


def source_of(reply):
    """ "Round of 3 May 2026, answered through the link by Sam Weir on 5 May 2026", in the room there is for it."""
    opened, sent = reply.request.round.opened_on, timezone.localdate(reply.sent_at)
    by_account = reply.history.filter(state=Reply.State.SUBMITTED, history_user__isnull=False)
    how = "on this site" if by_account.filter(sent_at=reply.sent_at).exists() else "through the link"
    start, end = f"Round of {opened:%-d %B %Y}, answered {how} by ", f" on {sent:%-d %B %Y}"
    return f"{start}{shorten(reply.reported_by, 200 - len(start + end), placeholder='…')}{end}"


def reply_ask_back(request, pk):
    reply = fetch(REPLIES, request.user, "chase", pk=pk)
    if not reply.is_to_look_at:
        return _nothing_to_do(request, reply)
    form = QuestionForm(request.POST or None)
    if form.is_valid() and attempt(
        form,
        lambda: settling.ask_back(reply, form.cleaned_data["question"], by=request.user, on=request.today),
    ):
        messages.success(request, "The question goes out within minutes, with the link to the answer.")
        return redirect(reply.request)
    return form_page(
        request,
        form,
        title="Ask back",
        caption=f"{reply.element}, {reply.request.organisation}",
        quote=reply.text,
        button="Send the question",
        back=reply.request.get_absolute_url(),
    )


def reply_type_in(request, pk):
    """What came by e-mail or another way, entered on somebody's behalf, with its source."""
    lock(request, Reply, pk)
    version = version_of(Reply(pk=pk))
    reply = fetch(REPLIES, request.user, "chase", pk=pk)
    if reply.is_settled:
        return _nothing_to_do(request, reply)
    update = ProgressUpdate(
        element=reply.element,
        on_behalf_of=reply.element.action.addressee,
        received_on=request.today,
        recorded_by=request.user,
    )
    form = SettleForm(request.POST or None, instance=update, stored_version=version)
    evidence = EvidenceForm(
        request.POST or None, request.FILES or None, prefix="evidence", may_be_empty=True, instance=Evidence()
    )
    if form.is_valid() and evidence.is_valid():
        pieces = [evidence.instance] if evidence.has_changed() else []
        if attempt(
            form,
            lambda: settling.enter_for_them(reply, update, pieces, by=request.user, decision=form.decision),
        ):
            messages.success(request, f"The answer on {reply.element} is in the record.")
            return redirect(reply.request)
    context = _beside(reply) | {"form": form, "evidence": evidence, "has_errors": bool(evidence.errors)}
    return render(request, "actions/reply_type_in.html", context)


def _beside(reply):
    """What stands beside a form that settles a reply."""
    element = reply.element
    return {
        "reply": reply,
        "asked": reply.request,
        "element": element,
        "action": element.action,
        "last": said_before([reply])[reply.pk],
    }


def _nothing_to_do(request, reply):
    return held(
        request,
        title="There is nothing to settle here",
        sentence=f"The reply on {reply.element} is: {reply.get_state_display().lower()}. "
        "It may have changed since you opened the page.",
        status=409,
    )


def reply_evidence_file(request, pk):
    piece = fetch(ReplyEvidence.objects, request.user, pk=pk)
    return download(piece.file, piece.file_name)
