"""The page on which an addressee answers: opened by a signed link, or by somebody of the body who is signed in.

It shows one request and nothing else. Reading it changes nothing: mail programs open links before people do.
"""

import re
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import all_valid
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone

from actions.models import Reply, UpdateRequest
from actions.rounds import replying
from actions.rounds.forms import ReplyEvidenceForm, ReplyForm, WriterForm, values_of
from actions.rounds.letters import answers_go_to
from actions.rounds.words import said_before, windows
from scrutiny.events import log, log_reading
from scrutiny.models import Event
from scrutiny.toolkit.access import fetch
from scrutiny.toolkit.editing import same_line_ends
from scrutiny.toolkit.errors import held, typed_in
from scrutiny.toolkit.history import versions_of
from scrutiny.toolkit.links import unsigned

# Not "no-referrer": with it browsers send "Origin: null", and Django refuses the form. Either way other sites learn
# nothing of the address.
HEADERS = {"Referrer-Policy": "same-origin", "X-Robots-Tag": "noindex, nofollow"}
SETTLED_MEANWHILE = (
    "The council settled one of these while you were writing. What you wrote on it is below, to copy. "
    "Nothing else is saved yet: press the button again."
)
TAGS = {"asked_back": "The council asks", "accepted": "Received", "draft": "Draft"}
REQUESTS = UpdateRequest.objects.select_related("round__board", "round__meeting", "organisation", "post")


@login_not_required
def round_answer(request, token):
    """By link. Whatever is wrong with it, the answer is the same, and does not tell whether it ever opened anything."""
    try:
        asked = opened(token, request.today)
    except Http404:
        context = {"typed": typed_in(request), "navigation": []}
        answer = render(request, "actions/link_not_there.html", context, status=404)
    else:
        _note_opening(request, asked)
        answer = AnsweringPage(request, asked, by=None).answer()
    for name, value in HEADERS.items():
        answer.headers[name] = value
    return answer


def _note_opening(request, asked):
    """The event log keeps the first time only: people come back to their draft."""
    if not Event.objects.of(asked).filter(kind="link_opened").exists():
        log_reading("link_opened", request=request, on=asked)


def opened(token, on):
    found = REQUESTS.opened_by_link(unsigned(token), on).first()
    if found is None:
        raise Http404
    return found


def request_answer(request, pk):
    """The same page for somebody of the body who has an account."""
    asked = fetch(REQUESTS, request.user, "answer_requests", pk=pk)
    if not asked.is_live(request.today):
        return held(
            request,
            title="This can no longer be answered here",
            sentence=f"The time for it has run out, or it was taken back. Write to {answers_go_to()} to answer it.",
            status=409,
        )
    return AnsweringPage(request, asked, by=request.user).answer()


@dataclass
class Row:
    """One element on the page: what was asked, what was said, and the forms unless it is settled."""

    reply: Reply
    due: str
    last: object
    form: object = None
    evidence: object = None
    unsent: str = ""  # what was typed while an officer settled it

    @property
    def is_settled(self):
        return self.form is None

    @property
    def left_over(self):
        """Words of the writer's own that are not in the record: typed just now, or a draft that was never sent."""
        return self.unsent or (self.reply.text if self.is_settled and not self.reply.is_sent else "")

    @property
    def tag(self):
        return TAGS.get(self.reply.state, self.reply.get_state_display())

    @property
    def tone(self):
        return self.reply.tone

    @property
    def is_changed(self):
        return self.form.is_written or self.evidence.is_changed

    @property
    def says_something(self):
        return self.form.says_something or self.evidence.has_something

    @property
    def has_errors(self):
        return bool(self.form and (self.form.errors or self.evidence.errors))

    def is_sent_with(self, sending):
        """True if it goes along: what is changed, and of a draft all that is there."""
        is_draft = sending and self.reply.state == Reply.State.DRAFT and self.says_something
        return self.is_changed or is_draft

    def written(self):
        return replying.Written(
            self.reply,
            pieces=[self.evidence.instance] if self.evidence.is_given else [],
            taken_away=self.evidence.taken_away,
            decision=self.form.decision or self.evidence.decision,
        )


class AnsweringPage:
    def __init__(self, request, asked, *, by):
        self.request, self.asked, self.by = request, asked, by
        self.is_sent = request.method == "POST"
        self.sending = "send" in request.POST
        if self.is_sent:
            replying.locked(asked)
        self.rows = self._rows()
        self.open_rows = [row for row in self.rows if not row.is_settled]
        self.writer = WriterForm(
            request.POST or None, required=self.sending, initial={"reported_by": self._name_before()}
        )

    def answer(self):
        if self.is_sent and self._is_valid() and self._is_saved():
            return HttpResponseRedirect("?")  # relative: the address with the link is written down nowhere
        return render(self.request, "actions/answering.html", self._context())

    def _rows(self):
        replies = self.asked.replies.select_related(
            "element__action__addressee", "element__action__board", "update"
        )
        replies = list(replies.prefetch_related("evidence"))
        said = said_before(replies)
        versions = versions_of(Reply, [reply.pk for reply in replies])
        data = self._data(replies, versions)
        rows = [Row(reply, windows(reply.element), said[reply.pk]) for reply in replies]
        for row in rows:
            if row.reply.is_settled:
                row.unsent = self._unsent(row.reply)
            else:
                self._add_forms(row, data, versions[row.reply.pk])
        return rows

    def _unsent(self, reply):
        prefix = f"reply-{reply.pk}"
        if not self.is_sent or self._is_untouched(reply, self.request.POST, prefix):
            return ""
        return self.request.POST.get(f"{prefix}-text", "").strip()

    def _add_forms(self, row, data, version):
        prefix = f"reply-{row.reply.pk}"
        row.form = ReplyForm(
            data, instance=row.reply, prefix=prefix, stored_version=version, sending=self.sending
        )
        row.evidence = ReplyEvidenceForm(
            data,
            self.request.FILES or None,
            prefix=f"{prefix}-evidence",
            attached=list(row.reply.evidence.all()),
        )

    def _data(self, replies, versions):
        """What was sent; where somebody else saved a reply that the sender did not touch, theirs in its place."""
        if not self.is_sent:
            return None
        data = self.request.POST.copy()
        for reply in replies:
            prefix, version = f"reply-{reply.pk}", versions[reply.pk]
            if data.get(f"{prefix}-version") != version and self._is_untouched(reply, data, prefix):
                data[f"{prefix}-version"] = version
                for name, value in values_of(reply).items():
                    data[f"{prefix}-{name}"] = value
        return data

    def _is_untouched(self, reply, data, prefix):
        seen = data.get(f"{prefix}-version", "")
        known = reply.history.filter(history_id=seen).first() if re.fullmatch("[0-9]{1,18}", seen) else None
        if known is None:
            return False
        sent = {name: same_line_ends(data.get(f"{prefix}-{name}", "")).strip() for name in values_of(reply)}
        return sent == values_of(known)

    def _name_before(self):
        """Who wrote here last, else who is signed in, else nobody: the link may have been passed on."""
        names = [row.reply.reported_by for row in self.rows if row.reply.reported_by]
        return names[-1] if names else str(self.by or "")

    def _is_valid(self):
        forms = [self.writer, *(form for row in self.open_rows for form in (row.form, row.evidence))]
        all_valid(forms)
        if self.sending:
            for row in self.open_rows:
                row.form.ask_for_what_lacks(row.evidence.has_something)
        if any(row.unsent for row in self.rows):
            self.writer.add_error(None, SETTLED_MEANWHILE)
        return not (self.writer.errors or any(row.has_errors for row in self.open_rows))

    def _is_saved(self):
        rows = [row for row in self.open_rows if row.is_sent_with(self.sending)]
        if not rows:
            self.writer.add_error(None, "Write something about at least one element first.")
            return False
        name = self.writer.cleaned_data["reported_by"]
        sent = [row for row in rows if self.sending and row.says_something]
        drafts = [row for row in rows if row not in sent]
        replying.save_draft([row.written() for row in drafts], reported_by=name, by=self.by)
        replying.send([row.written() for row in sent], reported_by=name, by=self.by, now=timezone.now())
        if sent and self.by is None:
            log("link_used", request=self.request, on=self.asked)
        messages.success(self.request, self._said(sent))
        return True

    def _said(self, sent):
        if not sent:
            return "Your draft is saved. Only those with this page can read it, and you can come back to it."
        many = "1 answer was" if len(sent) == 1 else f"{len(sent)} answers were"
        return f"Thank you. {many} sent to the council."

    def _context(self):
        states = [row.reply.state for row in self.rows]
        return {
            "asked": self.asked,
            "round": self.asked.round,
            "rows": self.rows,
            "open_rows": self.open_rows,
            "row_forms": [form for row in self.open_rows for form in (row.form, row.evidence)],
            "writer": self.writer,
            "has_errors": bool(self.writer.errors) or any(row.has_errors for row in self.open_rows),
            "awaited": sum(state in Reply.AWAITED for state in states),
            "answers_go_to": answers_go_to(),
            "by_link": self.by is None,
        } | ({"navigation": []} if self.by is None else {})
