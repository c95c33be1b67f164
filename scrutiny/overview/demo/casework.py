"""Enters the partnership's review cases as its business unit does, stage by stage, and what they taught."""

from actions import services as actions
from actions.models import Element
from reviews.models import (
    AgencyAssurance,
    CasePresentation,
    Dissemination,
    LearningEvidence,
    LearningPoint,
    LearningStep,
    OversightBody,
    PartnerView,
    ReviewCase,
    Stage,
)
from reviews.services import cases, learning
from scrutiny.models import BankHoliday
from scrutiny.toolkit.history import record

from .cases import CASES, LEARNED

LINKED = 30  # days ago: when the officer put the learning behind what the Board had asked


class Casework:
    def __init__(self, book):
        self.book = book
        self.working = BankHoliday.objects.calendar()
        self.made, self.ended, self.numbers = {}, {}, {}

    @property
    def unit(self):
        return self.book.users["bea"]

    def steps(self):
        """(day, what was entered on it): nothing that is still to come. What is older than the record was
        entered on its first day."""
        start, today = self.book.calendar.start, self.book.calendar.today
        every = [pair for case in CASES for pair in self._of_case(case)]
        every += [pair for learned in LEARNED for pair in self._of_learning(learned)]
        yield from ((max(day, start), step) for day, step in every if day < today)
        yield self.book.calendar.ago(LINKED), self._link

    def _after(self, day, working_days):
        return self.working.add_working_days(day, working_days) if working_days else day

    def _of_case(self, case):
        day = self.ended.get(case.opened_by) or case.begins(self.book.calendar)
        for number, at in enumerate(case.stages):
            day = self._after(day, at.after)
            is_first = number == 0 and not case.opened_by
            yield day, lambda day=day, at=at, first=is_first: self._stage(case, at, day, first)
        self.ended[case.key] = day
        yield day, lambda: self._themes(case)
        for body, after, outcome in case.seen_by:
            seen = self._after(day, after)
            yield (
                max(seen, day),
                lambda seen=seen, body=body, outcome=outcome: self._seen(case, body, seen, outcome),
            )

    def _stage(self, case, at, day, is_first):
        if is_first:
            self.made[case.key] = self._open(case, at, day)
            return
        found = self.made[case.key]
        stage = Stage(
            code=at.code, on=day, taken_by=at.who or _rule(found, at).who, decision=at.decision, note=at.note
        )
        for name, value in at.facts.items():
            setattr(found, name, value)
        if at.publication_in:
            found.planned_publication = self._after(day, at.publication_in)
        reference = self._reference(day) if at.following else ""
        views = [
            PartnerView(partner=partner, view=view, note=note) for partner, (view, note) in at.views.items()
        ]
        by = self.book.users["ben"] if _rule(found, at).publishes else self.unit
        self.made[case.key] = cases.move(found, stage, views, by=by, late_reason=at.late, following=reference)
        if at.following:
            self.made[at.following] = ReviewCase.objects.get(reference=reference)

    def _open(self, case, at, day):
        found = ReviewCase(kind=case.kind, reference=self._reference(day), origin=self.made.get(case.origin))
        stage = Stage(code=at.code, on=day, taken_by=at.who, note=at.note)
        cases.open_case(found, stage, by=self.unit)
        views = [
            PartnerView(partner=partner, view=view, note=note) for partner, (view, note) in at.views.items()
        ]
        cases.record_views(stage, views, by=self.unit)
        return found

    def _reference(self, day):
        """ESCP-2026-04: the year and the number in it."""
        self.numbers[day.year] = self.numbers.get(day.year, 0) + 1
        return f"ESCP-{day.year}-{self.numbers[day.year]:02}"

    def _themes(self, case):
        self.book.tag(self.made[case.key], case.themes, by=self.unit)

    def _seen(self, case, body, day, outcome):
        presentation = CasePresentation(
            case=self.made[case.key], body=OversightBody.objects.get(name=body), on=day, outcome=outcome
        )
        record(presentation, by=self.unit)

    def _of_learning(self, learned):
        start = self._after(self.ended[learned.case], learned.after)
        yield start, lambda: self._learn(learned, start)
        for kind, title, after, audience, reached, target in learned.spread:
            activity = Dissemination(
                kind=kind, title=title, audience=audience, reached=reached, target=target
            )
            yield from self._beside(learned, activity, start, after)
        for agency, cascaded, how, shown, grade, who, after in learned.agencies:
            row = AgencyAssurance(
                cascaded=cascaded, method=how, evidence=shown, grade=grade, confirmed_by=who
            )
            yield from self._beside(learned, row, start, after, agency)
        for grade, title, after in learned.evidence:
            piece = LearningEvidence(grade=grade, title=title)
            yield from self._beside(learned, piece, start, after)
        day = start
        for code, after, who, note in learned.steps:
            day = self._after(day, after)
            yield (
                day,
                lambda day=day, code=code, who=who, note=note: self._step(learned, code, day, who, note),
            )

    def _learn(self, learned, day):
        point = LearningPoint(
            case=self.made[learned.case],
            text=learned.text,
            owner=self.book.body(learned.owner) if learned.owner else None,
            due_on=self._after(day, learned.due),
        )
        self.made[learned.text] = learning.add_learning(point, by=self.unit)
        self.book.tag(point, learned.themes, by=self.unit)

    def _beside(self, learned, row, start, after, agency=""):
        """What is recorded beneath a learning point, on its day; a row that is only asked for has none."""
        day = self._after(start, after)

        def enter():
            row.learning, row.on = self.made[learned.text], day if after else None
            if agency:
                row.agency = self.book.body(agency)
            save = learning.add_learning_evidence if isinstance(row, LearningEvidence) else record
            save(row, by=self.unit)

        yield day, enter

    def _step(self, learned, code, day, who, note):
        step = LearningStep(code=code, on=day, taken_by=who, note=note)
        recheck_on = self._after(day, 60) if code == "embedded_check_due" else None
        learning.move_learning(self.made[learned.text], step, by=self.unit, recheck_on=recheck_on)

    def _link(self):
        for learned in LEARNED:
            if not learned.behind:
                continue
            action, numbers = learned.behind
            for element in Element.objects.filter(action=self.book.actions[action], number__in=numbers):
                actions.link_learning(element, add=[self.made[learned.text]], by=self.book.officer)


def _rule(case, at):
    return cases.rules_of(case.kind)[at.code]
