"""What became of the asks, entered as officers do: words received, answers, judgements, conditions, windows."""

from datetime import timedelta

from django.core.files.base import ContentFile

from actions import services
from actions.models import Answer, Element, ElementPart, Evidence, Judgement, ProgressUpdate
from reviews.models import OversightBody, Report, ReportPresentation
from scrutiny.models import TrackingCategory

from . import progress
from .days import MINUTES_TAKE, add_months, full, month_end, working_day
from .meetings import PAPERS_BEFORE

YEARLY = progress.YEARLY_REPORT


class FollowUp:
    def __init__(self, book):
        self.book = book

    def steps(self):
        calendar = self.book.calendar
        for word in progress.WORDS:
            yield word.day(calendar), lambda word=word: self._word(word)
        for looked in progress.CONDITIONS:
            yield looked.day(calendar), lambda looked=looked: self._look(looked)
        yield calendar.held("CF", 6), self._parts
        yield progress.MOVED_WINDOW["day"](calendar), self._move_window
        yield from self._presentations()

    def at_meeting(self, code, back):
        """What was received and judged at a meeting, entered with its minutes."""
        for answered in progress.ANSWERS:
            if (answered.board, answered.back) == (code, back):
                yield lambda answered=answered: self._answer(answered)
        for judged in progress.JUDGEMENTS:
            if (judged.board, judged.back) == (code, back):
                yield lambda judged=judged: self._judge(judged)
        if (code, back) == (YEARLY["board"], YEARLY["back"]):
            yield self._yearly_report

    def _element(self, action, number):
        return Element.objects.get(action=self.book.actions[action], number=number)

    def _word(self, word):
        for number in word.elements:
            element = self._element(word.action, number)
            update = ProgressUpdate(
                element=element,
                text=word.text,
                reported_by=word.who,
                on_behalf_of=element.action.addressee,
                received_on=self.book.day,
                source=f"{word.came} of {full(self.book.day)} from {word.who.split(',')[0]}",
                owner_progress=word.says,
            )
            services.record_progress(
                update, [_evidence(proof) for proof in word.proofs], by=self.book.officer
            )

    def _item_of(self, entry):
        """The item of minutes brought in, or one of this title, added where the meeting has none."""
        if entry.minutes:
            return self.book.items[entry.minutes]
        meeting = self.book.meeting(entry.board, entry.back)
        item = meeting.items.filter(title=entry.item).first()
        return item or self.book.item(meeting, entry.item, "That the progress made be noted.")

    def _answer(self, answered):
        item = self._item_of(answered)
        report = self.book.reports.get(answered.minutes)
        if report is None:
            author = self.book.body(answered.author)
            report = Report(
                item=item, title=answered.report, author_body=author, date=item.meeting.date - PAPERS_BEFORE
            )
            self.book.keep(report, "Received by the Board")
        answers = [
            Answer(
                element=self._element(answered.action, number),
                coverage=coverage,
                paragraph=paragraph,
                note=note,
            )
            for number, (coverage, paragraph, note) in answered.covers.items()
        ]
        services.record_answers(report, answers, by=self.book.officer)

    def _judge(self, judged):
        judgements = []
        for number, (code, comment) in judged.judged.items():
            element = self._element(judged.action, number)
            category = TrackingCategory.objects.get(scheme=element.action.board.tracking_scheme, code=code)
            judgements.append(Judgement(element=element, category=category, comment=comment))
        services.judge(self._item_of(judged), judgements, by=self.book.officer)

    def _yearly_report(self):
        meeting = self.book.meeting(YEARLY["board"], YEARLY["back"])
        last = add_months(meeting.date, -YEARLY["ended"])
        report = Report(
            item=self.book.item(meeting, YEARLY["item"], YEARLY["resolved"]),
            title=YEARLY["title"],
            kind=Report.Kind.ANNUAL,
            author_body=self.book.body(YEARLY["author"]),
            period_start=add_months(last, 1 - YEARLY["months"]),
            period_end=month_end(last),
            published_on=working_day(meeting.date + timedelta(days=YEARLY["published"])),
            summary=YEARLY["summary"],
        )
        self.book.reports["yearly"] = self.book.keep(report, "Received by the Board")
        self.book.tag(report, YEARLY["themes"])

    def _presentations(self):
        """Entered on their day, those before the meeting with its minutes."""
        received = self.book.calendar.held(YEARLY["board"], YEARLY["back"])
        for body, days, outcome in YEARLY["presented"]:
            on = working_day(received + timedelta(days=days))
            yield (
                max(on, received + MINUTES_TAKE),
                lambda on=on, body=body, outcome=outcome: self._presented(body, on, outcome),
            )

    def _presented(self, body, on, outcome):
        body = OversightBody.objects.get(name=body)
        report = self.book.reports["yearly"]
        self.book.keep(ReportPresentation(report=report, body=body, on=on, outcome=outcome))

    def _parts(self):
        (action, number), parts = progress.PARTS
        for letter, text in parts:
            self.book.keep(ElementPart(element=self._element(action, number), letter=letter, text=text))

    def _look(self, looked):
        services.change_condition(
            self._element(looked.action, looked.element),
            state=Element.ConditionState.WAITING,
            check_on=looked.again(self.book.calendar),
            reason=looked.why,
            by=self.book.officer,
        )

    def _move_window(self):
        moved = progress.MOVED_WINDOW
        first = moved["month"](self.book.calendar)
        services.change_due_window(
            self.book.actions[moved["action"]],
            words=moved["words"](self.book.calendar),
            due_from=first,
            due_to=month_end(first),
            reason=moved["reason"],
            agreed_by=moved["agreed_by"],
            by=self.book.officer,
        )


def _evidence(proof):
    piece = Evidence(title=proof.title, grade=proof.grade, link=proof.link)
    if proof.file:
        piece.file = ContentFile(proof.file.encode(), name=proof.name)
    return piece
