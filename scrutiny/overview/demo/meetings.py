"""What the boards' meetings left behind: items, minutes brought in, drafts published and approved."""

from datetime import timedelta

from actions import services
from actions.minutes.proposal import propose
from actions.minutes.reader import read
from actions.minutes.save import save_import
from actions.minutes.views import digest_of
from actions.models import Action, MinutesImport
from scrutiny.models import Meeting, Point, Post, Resolution
from scrutiny.toolkit.history import record

from . import asks
from .days import MINUTES_TAKE, full

PAPERS_BEFORE = timedelta(days=8)
EXECUTIVE_ANSWERS = timedelta(days=61)
STATES = Meeting.MinutesState


class Meetings:
    def __init__(self, book, at_meeting):
        """`at_meeting(code, back)` yields the further steps a meeting brings."""
        self.book, self.at_meeting = book, at_meeting

    def steps(self):
        for code, days in self.book.calendar.past.items():
            for back in range(len(days), 0, -1):
                yield from self._after_meeting(code, back)

    def _after_meeting(self, code, back):
        held = self.book.calendar.held(code, back)
        drafted = held + MINUTES_TAKE
        brought = [m for m in asks.MINUTES if (m.board, m.back) == (code, back)]
        if any(not minutes.finished for minutes in brought):
            yield drafted, lambda: self._bring_in(brought[0])
            return
        yield drafted, lambda: self._routine_items(code, back)
        for minutes in brought:
            yield drafted, lambda minutes=minutes: self._save(minutes)
        for step in self.at_meeting(code, back):
            yield drafted, step
        yield drafted, lambda: self._publish(code, back)
        if back > 1:
            yield self.book.calendar.held(code, back - 1), lambda: self._approve(code, back)

    def _routine_items(self, code, back):
        meeting = self.book.meeting(code, back)
        if back < len(self.book.calendar.past[code]):
            previous = self.book.calendar.held(code, back + 1)
            self.book.item(
                meeting,
                f"Minutes: {full(previous)}",
                f"That the minutes of the meeting held on {full(previous)} be approved as a correct record.",
                Resolution.Kind.APPROVE,
            )
        if not any((m.board, m.back) == (code, back) for m in asks.MINUTES):
            topic = asks.TOPICS[code].get(meeting.date.month, "Work Schedule")
            self.book.item(meeting, topic, "That the report, and the comments made by Members, be noted.")
        if kept_back := asks.KEPT_BACK.get((code, back)):
            self._keep_back(meeting, *kept_back)

    def _keep_back(self, meeting, title, resolved, paragraphs, why):
        item = self.book.item(meeting, title, resolved)
        item.restriction, item.exempt_paragraphs = item.Restriction.EXEMPT, paragraphs
        item.public_interest_reason = why
        self.book.keep(item, "The Board excluded the public for this item")

    def _publish(self, code, back):
        meeting = self.book.meeting(code, back)
        meeting.minutes_state = STATES.DRAFT_PUBLISHED
        record(meeting, by=self.book.users["petra"], reason="Draft minutes published")

    def _approve(self, code, back):
        meeting = self.book.meeting(code, back)
        meeting.minutes_state, meeting.approved_at = STATES.APPROVED, self.book.meeting(code, back - 1)
        if (code, back) == asks.AMENDED[:2]:
            meeting.minutes_state, meeting.amendment = STATES.APPROVED_AMENDED, asks.AMENDED[2]
        self.book.keep(meeting, "Approved at the next meeting")

    def _bring_in(self, minutes):
        """The first page of bringing minutes in: the text is read, and waits for the officer."""
        held = self.book.calendar.held(minutes.board, minutes.back)
        text, board = minutes.filled(self.book.calendar), self.book.boards[minutes.board]
        found = MinutesImport(
            board=board,
            meeting_date=held,
            source_name=f"{board.name}, {full(held)}.txt",
            text=text,
            digest=digest_of(text),
            draft=propose(read(text, meeting_date=held), board),
            state=MinutesImport.State.TO_CONFIRM,
            created_by=self.book.officer,
        )
        found.full_clean()
        found.save()
        found.created_at = self.book.clock.moment
        found.save()
        return found

    def _save(self, minutes):
        """The other pages: the officer mends titles, saves to the record, and adds what the minutes do not say."""
        found = self._bring_in(minutes)
        self._mend(found.draft, minutes)
        found.save()
        item = self.book.items[minutes.text] = save_import(found, by=self.book.officer)
        self._complete_report(item.reports.get(), minutes)
        actions = Action.objects.filter(resolution__item=item).order_by("number")
        for number, (action, (_, post)) in enumerate(zip(actions, minutes.actions, strict=True), start=1):
            self.book.actions[minutes.text, number] = action
            if post:
                action.post = Post.objects.get(organisation=self.book.body(post[0]), title=post[1])
                self.book.keep(action, "The post that answers")
        if minutes.text == asks.RECOMMENDED[0]:
            self._recommend(item, len(minutes.actions) + 1)
        self._tag(item, minutes)

    def _mend(self, draft, minutes):
        draft["item"]["title"] = minutes.title or draft["item"]["title"]
        draft["report"]["title"] = minutes.report
        asked = [row for row in draft["actions"] if row["keep"]]
        for row, (title, _) in zip(asked, minutes.actions, strict=True):
            row["title"] = title

    def _complete_report(self, report, minutes):
        self.book.reports[minutes.text] = report
        report.author_body = self.book.body(minutes.report_of)
        report.date = report.item.meeting.date - PAPERS_BEFORE
        self.book.keep(report, "The body that wrote it, and the date of the paper")

    def _tag(self, item, minutes):
        """The themes the officer put on what was said, asked and reported."""
        for words, codes in minutes.said.items():
            self.book.tag(Point.objects.get(section__item=item, text__startswith=words), codes)
        for number, codes in minutes.asked.items():
            self.book.tag(self.book.actions[minutes.text, 1].elements.get(number=number), codes)
        self.book.tag(self.book.reports[minutes.text], minutes.told)

    def _recommend(self, item, number):
        """An action for a limb that recommends something to the Executive, which has two months to answer."""
        text, label, title = asks.RECOMMENDED
        action = Action(
            resolution=item.resolutions.get(label=label),
            title=title,
            addressee=self.book.body("Executive"),
            legal_force=Action.LegalForce.STATUTORY,
            due_words="within two months of receiving the notice",
            due_to=self.book.day + EXECUTIVE_ANSWERS,
        )
        services.open_action(action, [], by=self.book.officer, reason="Notice sent to the Executive")
        self.book.actions[text, number] = action
