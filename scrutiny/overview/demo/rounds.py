"""Two rounds: one that is finished, and one for a meeting to come with an answer in every state."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from actions.models import Element, Message, ProgressUpdate, Reply
from actions.rounds import asking, replying, settling

from .days import working_day
from .progress import ESCP, ESCP_AGAIN

LENA = "Lena Fischer, Business Manager"
OPENED = 6  # days ago: when the round that is open was opened
BEFORE = "Two or three sentences on each are enough. Figures help the Board most."


@dataclass(frozen=True)
class Said:
    action: tuple
    element: int
    text: str
    says: str = "in_progress"
    accepted: str = ""  # the words in the record, where the officer changed them
    proof: tuple = ()


FINISHED = [
    Said(
        ESCP,
        1,
        "The scrutineer has spoken to thirty practitioners and read forty notifications. The report is being drafted.",
        proof=("Questions put to practitioners", "https://escp.exampleton.example/notification-questions"),
    ),
    Said(
        ESCP,
        6,
        "We are drafting a response, it will go to the Exec soon.",
        accepted="The partners are drafting a joint response, which goes to the ESCP Executive next month.",
    ),
]
SENT = [
    Said(
        ESCP,
        2,
        "Sessions on escalation have now reached 640 practitioners. In a sample of sixty disputes, two in three were "
        "settled within five working days; a year ago it was one in three.",
        proof=("Sample of sixty disputes", "https://escp.exampleton.example/escalation-sample"),
    ),
    Said(ESCP_AGAIN, 1, "The tables are ready and will go to all three partners in the new year."),
]
ASKED_BACK = (
    Said(ESCP_AGAIN, 2, "Children said that they feel heard more often than before."),
    "How many children were asked, and what changed because of what they said?",
)
DRAFT = Said(ESCP, 3, "A second audit of plans is under way; the first figures")


class Rounds:
    def __init__(self, book):
        self.book = book

    def steps(self):
        calendar = self.book.calendar
        opened = working_day(calendar.held("CF", 5) + timedelta(days=18))
        yield opened, self._open_for_the_partnership
        yield working_day(opened + timedelta(days=5)), self._finish
        yield calendar.ago(OPENED), self._open_for_the_meeting
        yield calendar.ago(OPENED - 3), self._answer
        yield calendar.ago(OPENED - 4), self._ask_back

    def _open_for_the_partnership(self):
        action, day = self.book.actions[ESCP], self.book.day
        elements = action.elements.filter(number__in=[said.element for said in FINISHED])
        self._open(elements, board=action.board, meeting=None, due_on=day + timedelta(days=14))

    def _open_for_the_meeting(self):
        """For the meeting after the next one, so that there is time whatever day it is."""
        meeting = self.book.meetings["CF", self.book.calendar.coming["CF"][1]]
        due = asking.due_at(meeting, self.book.day)
        answered = [self._element(said).pk for said in [*SENT, ASKED_BACK[0], DRAFT]]
        elements = Element.objects.filter(pk__in=[*answered, *due.values_list("pk", flat=True)])
        wanted = asking.wanted_before(meeting, self.book.day)
        self._open(elements, board=meeting.board, meeting=meeting, due_on=wanted, note=BEFORE)

    def _open(self, elements, *, board, meeting, due_on, note=""):
        asking.open_round(
            board=board,
            meeting=meeting,
            addressees=asking.plan(elements, self.book.day).addressees,
            due_on=due_on,
            note=note,
            by=self.book.officer,
            on=self.book.day,
        )
        self._sent_out()

    def _sent_out(self):
        """The messages with an address went out at once."""
        at = self._at(10)
        Message.objects.filter(sent_at=None).exclude(to="").update(created_at=at, claimed_at=at, sent_at=at)

    def _at(self, hour):
        return timezone.make_aware(datetime.combine(self.book.day, time(hour)))

    def _finish(self):
        for said in FINISHED:
            self._send(said)
            self._accept(said)

    def _answer(self):
        for said in [*SENT, ASKED_BACK[0]]:
            self._send(said)
        replying.save_draft([self._written(DRAFT)], reported_by=LENA, by=self.book.users["lena"])

    def _ask_back(self):
        said, question = ASKED_BACK
        settling.ask_back(self._reply(said), question, by=self.book.officer, on=self.book.day)
        self._sent_out()

    def _element(self, said):
        return Element.objects.get(action=self.book.actions[said.action], number=said.element)

    def _reply(self, said):
        """The newest one that is asked for on the element."""
        return Reply.objects.filter(element=self._element(said)).order_by("-pk").first()

    def _written(self, said):
        reply = self._reply(said)
        reply.text, reply.owner_progress = said.text, said.says
        pieces = [reply.evidence.model(title=said.proof[0], link=said.proof[1])] if said.proof else []
        return replying.Written(reply, pieces)

    def _send(self, said):
        lena = self.book.users["lena"]
        replying.send([self._written(said)], reported_by=LENA, by=lena, now=self._at(11))

    def _accept(self, said):
        reply = self._reply(said)
        update = ProgressUpdate(
            element=reply.element,
            text=said.accepted or said.text,
            owner_progress=said.says,
            reported_by=LENA,
            on_behalf_of=reply.element.action.addressee,
            received_on=self.book.day,
            source=f"Round of {reply.request.round.opened_on:%-d %B %Y}, answered on this site by {LENA}",
        )
        graded = [settling.graded(piece, "E1") for piece in reply.evidence.all()]
        settling.accept(reply, update, graded, by=self.book.officer)
