"""Builds the demonstration council, day by day and in order, through the same doors as the officers use."""

from datetime import timedelta

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.db import transaction

from actions import services
from actions.minutes.proposal import propose
from actions.minutes.reader import read
from actions.minutes.save import save_import
from actions.minutes.views import digest_of
from actions.models import Action, Answer, Element, ElementPart, Evidence, Judgement, MinutesImport, ProgressUpdate
from reviews.models import Report
from scrutiny.demonstration import ACCOUNTS, PASSWORD
from scrutiny.models import (
    AgendaItem,
    Board,
    BoardMembership,
    Meeting,
    MunicipalYear,
    Organisation,
    OrganisationAlias,
    Person,
    Post,
    PostHolding,
    Resolution,
    RoleAssignment,
    TrackingCategory,
    TrackingScheme,
    User,
)
from scrutiny.toolkit.history import record

from . import asks, people, progress
from .calendar import MINUTES_TAKE, Calendar, full, month_end
from .clock import running_clock

VENUE = "Committee Room 1, Guildhall, Exampleton"
STATES = Meeting.MinutesState


def is_loaded():
    return Organisation.objects.filter(name=people.COUNCIL, boards__isnull=False).exists()


@transaction.atomic
def load(today):
    """Builds the council as it stands on `today`, into a database without boards."""
    with running_clock() as clock:
        Council(today, clock).build()


class Council:
    """Keeps what it has made by the names the data uses, so that later days find earlier ones."""

    def __init__(self, today, clock):
        self.calendar, self.clock = Calendar(today), clock
        self.users, self.boards, self.meetings, self.years = {}, {}, {}, {}
        self.items, self.reports, self.actions = {}, {}, {}
        self.handover = self.calendar.held("CF", 5) + timedelta(days=3)
        self.officer_left = self.calendar.held("CF", 4)

    def build(self):
        for day, step in sorted(self.steps(), key=lambda pair: pair[0]):
            self.day = day
            self.clock.go_to(day)
            step()

    def steps(self):
        """(day, what was entered on it). What falls on one day stays in this order."""
        yield self.calendar.start, self._people
        yield self.calendar.start, self._bodies
        yield self.calendar.start, self._boards
        yield self.calendar.start, self._roles
        yield from self._years()
        yield self.handover, self._change_hands
        yield self.calendar.current.start, self._annual_meeting
        for code, days in self.calendar.past.items():
            for back in range(len(days), 0, -1):
                yield from self._after_meeting(code, back)
        yield from self._progress()

    # ---- writing

    @property
    def officer(self):
        return self.users["hugh" if self.day < self.officer_left else "olivia"]

    def _keep(self, obj, reason="", by=None):
        return record(obj, by=by or self.officer, reason=reason)

    def _set_up(self, obj, reason=""):
        return self._keep(obj, reason, by=self.users.get("ada"))

    # ---- the council before its first meeting

    def _people(self):
        hashed = make_password(PASSWORD)
        names = sorted(ACCOUNTS, key=lambda account: account[0] != "ada")
        for username, name, _ in names:
            first, last = name.split(" ", 1)
            user = User(username=username, first_name=first, last_name=last, password=hashed)
            self.users[username] = self._set_up(user)
        username, first, last = people.FORMER_OFFICER
        user = User(username=username, first_name=first, last_name=last, password=make_password(None))
        self.users[username] = self._set_up(user)

    def _bodies(self):
        for name, short, kind, others in people.ORGANISATIONS:
            body = self._set_up(Organisation(name=name, short_name=short, kind=kind))
            for other in others:
                self._set_up(OrganisationAlias(organisation=body, name=other))
        for body, title, holders in people.POSTS:
            post = self._set_up(Post(organisation=self._body(body), title=title))
            for holder in holders:
                person = self._set_up(Person(style=holder.style, name=holder.name, honours=holder.honours))
                if not holder.from_handover:
                    self._set_up(PostHolding(post=post, person=person, start=self.calendar.start))

    def _body(self, name):
        return Organisation.objects.called(name).get()

    def _boards(self):
        for code, (name, scheme) in people.BOARDS.items():
            board = Board(
                name=name,
                code=code,
                council=self._body(people.COUNCIL),
                tracking_scheme=TrackingScheme.objects.get(name=scheme),
            )
            self.boards[code] = self._set_up(board)
            for seat in people.SEATS[code]:
                if seat.before:
                    self._sit(code, seat, self.calendar.start)

    def _sit(self, code, seat, start):
        person = Person.objects.filter(name=seat.name).first()
        person = person or self._set_up(Person(style=seat.style, name=seat.name))
        self._set_up(
            BoardMembership(board=self.boards[code], person=person, role=seat.role, start=start),
            "Appointed at the annual meeting of the Council",
        )

    def _roles(self):
        start = self.calendar.start
        for username, _, role in [*ACCOUNTS, ("hugh", "", "officer")]:
            user = self.users[username]
            if role == "contributor":
                held = RoleAssignment(user=user, role=role, organisation=self._body("ESCP Executive"), start=start)
            elif role == "chair":
                held = RoleAssignment(user=user, role=role, board=self.boards["CF"], start=start)
                self._set_up(RoleAssignment(user=user, role="member", start=start))
            else:
                held = RoleAssignment(user=user, role=role, start=start)
            self._set_up(held)

    def _years(self):
        """A year and its meetings are entered when it begins; next year's calendar comes a little before."""
        for year in self.calendar.years:
            day = min(max(year.start, self.calendar.start), self.calendar.ago(7))
            yield max(day, self.calendar.start), lambda year=year: self._year(year)

    def _year(self, year):
        row = MunicipalYear(label=year.label, start=year.start, end=year.end)
        self.years[year] = self._set_up(row, "Council calendar")
        for code, board in self.boards.items():
            for day in [*self.calendar.past[code], *self.calendar.coming[code]]:
                if year.start <= day <= year.end:
                    meeting = Meeting(board=board, year=row, date=day, venue=VENUE)
                    self.meetings[code, day] = self._keep(meeting, "Council calendar")

    # ---- changes of people

    def _change_hands(self):
        """A post has a new holder, and the officer who kept the record before leaves later on."""
        body, title, holders = next(p for p in people.POSTS if any(h.from_handover for h in p[2]))
        post = Post.objects.get(organisation=self._body(body), title=title)
        before = post.holdings.get()
        before.end = self.handover - timedelta(days=1)
        self._keep(before, "Left the Partnership")
        new = next(holder for holder in holders if holder.from_handover)
        person = Person.objects.get(name=new.name)
        self._keep(PostHolding(post=post, person=person, start=self.handover), "Took up the post")

    def _annual_meeting(self):
        """Who sits changes at the annual meeting of the Council."""
        for code, seats in people.SEATS.items():
            for seat in seats:
                if not seat.since:
                    held = BoardMembership.objects.get(
                        board=self.boards[code], person__name=seat.name, role=seat.role, end=None
                    )
                    held.end = self.calendar.current.start - timedelta(days=1)
                    self._set_up(held, "Not appointed again at the annual meeting of the Council")
            for seat in seats:
                if not seat.before:
                    self._sit(code, seat, self.calendar.current.start)

    def _officer_leaves(self):
        user = self.users["hugh"]
        role = user.role_assignments.get()
        role.end = self.officer_left
        self._set_up(role, "Left the Council")
        user.is_active = False
        self._set_up(user, "Left the Council")

    # ---- meetings and their minutes

    def _after_meeting(self, code, back):
        held = self.calendar.held(code, back)
        drafted = held + MINUTES_TAKE
        brought = [m for m in asks.MINUTES if (m.board, m.back) == (code, back)]
        if any(not minutes.finished for minutes in brought):
            yield drafted, lambda: self._bring_in(brought[0])
            return
        yield drafted, lambda: self._routine_items(code, back)
        for minutes in brought:
            yield drafted, lambda minutes=minutes: self._save(minutes)
        for answered in [a for a in progress.ANSWERS if (a.board, a.back) == (code, back)]:
            yield drafted, lambda answered=answered: self._answer(answered)
        for judged in [j for j in progress.JUDGEMENTS if (j.board, j.back) == (code, back)]:
            yield drafted, lambda judged=judged: self._judge(judged)
        yield drafted, lambda: self._publish(code, back)
        if back > 1:
            yield self.calendar.held(code, back - 1), lambda: self._approve(code, back)

    def _meeting(self, code, back):
        return self.meetings[code, self.calendar.held(code, back)]

    def _routine_items(self, code, back):
        meeting = self._meeting(code, back)
        if back < len(self.calendar.past[code]):
            previous = self.calendar.held(code, back + 1)
            self._item(
                meeting,
                f"Minutes: {full(previous)}",
                f"That the minutes of the meeting held on {full(previous)} be approved as a correct record.",
                Resolution.Kind.APPROVE,
            )
        if not any((m.board, m.back) == (code, back) for m in asks.MINUTES):
            topic = asks.TOPICS[code].get(meeting.date.month, "Work Schedule")
            self._item(meeting, topic, "That the report, and the comments made by Members, be noted.")

    def _item(self, meeting, title, resolved, kind=Resolution.Kind.NOTE):
        item = AgendaItem(meeting=meeting, position=meeting.items.count() + 1, title=title)
        self._keep(item, "Minutes drafted")
        self._keep(Resolution(item=item, position=1, text=resolved, kind=kind), "Minutes drafted")
        return item

    def _publish(self, code, back):
        meeting = self._meeting(code, back)
        meeting.minutes_state = STATES.DRAFT_PUBLISHED
        self._keep(meeting, "Draft minutes published")

    def _approve(self, code, back):
        meeting = self._meeting(code, back)
        meeting.minutes_state, meeting.approved_at = STATES.APPROVED, self._meeting(code, back - 1)
        if (code, back) == asks.AMENDED[:2]:
            meeting.minutes_state, meeting.amendment = STATES.APPROVED_AMENDED, asks.AMENDED[2]
        self._keep(meeting, "Approved at the next meeting")

    def _bring_in(self, minutes):
        """The first page of bringing minutes in: the text is read, and waits for the officer."""
        held = self.calendar.held(minutes.board, minutes.back)
        text, board = minutes.filled(self.calendar), self.boards[minutes.board]
        found = MinutesImport(
            board=board,
            meeting_date=held,
            source_name=f"{board.name}, {full(held)}.txt",
            text=text,
            digest=digest_of(text),
            draft=propose(read(text, meeting_date=held), board),
            state=MinutesImport.State.TO_CONFIRM,
            created_by=self.officer,
        )
        found.full_clean()
        found.save()
        found.created_at = self.clock.moment
        found.save()
        return found

    def _save(self, minutes):
        """The other pages: the officer mends titles, and saves to the record."""
        found = self._bring_in(minutes)
        draft = found.draft
        draft["item"]["title"] = minutes.title or draft["item"]["title"]
        draft["report"]["title"] = minutes.report or draft["report"]["title"]
        asked = [row for row in draft["actions"] if row["keep"]]
        for row, (title, _) in zip(asked, minutes.actions, strict=True):
            row["title"] = title
        found.save()
        item = self.items[minutes.text] = save_import(found, by=self.officer)
        self.reports[minutes.text] = item.reports.get()
        actions = Action.objects.filter(resolution__item=item).order_by("number")
        for number, (action, (_, post)) in enumerate(zip(actions, minutes.actions, strict=True), start=1):
            self.actions[minutes.text, number] = action
            if post:
                action.post = Post.objects.get(organisation=self._body(post[0]), title=post[1])
                self._keep(action, "The post that answers")
        if minutes.text == asks.RECOMMENDED[0]:
            self._recommend(item)

    def _recommend(self, item):
        """An action for a limb that recommends something to the Executive, which has two months to answer."""
        text, label, title = asks.RECOMMENDED
        action = Action(
            resolution=item.resolutions.get(label=label),
            title=title,
            addressee=self._body("Executive"),
            legal_force=Action.LegalForce.STATUTORY,
            due_words="within two months of receiving the notice",
            due_to=self.day + timedelta(days=61),
        )
        services.open_action(action, [], by=self.officer, reason="Notice sent to the Executive")
        self.actions[text, action.resolution.item.resolutions.count() - 1] = action

    # ---- what became of it

    def _progress(self):
        yield self.officer_left, self._officer_leaves
        for word in progress.WORDS:
            yield word.day(self.calendar), lambda word=word: self._word(word)
        for looked in progress.CONDITIONS:
            yield looked.day(self.calendar), lambda looked=looked: self._look(looked)
        yield self.calendar.held("CF", 6), self._parts
        yield progress.MOVED_WINDOW["day"](self.calendar), self._move_window

    def _element(self, action, number):
        return Element.objects.get(action=self.actions[action], number=number)

    def _word(self, word):
        element = self._element(word.action, word.element)
        update = ProgressUpdate(
            element=element,
            text=word.text,
            reported_by=word.who,
            on_behalf_of=element.action.addressee,
            received_on=self.day,
            source=f"{word.came} of {full(self.day)} from {word.who.split(',')[0]}",
            owner_progress=word.says,
        )
        services.record_progress(update, [_evidence(proof) for proof in word.proofs], by=self.officer)

    def _item_of(self, entry):
        """The item of minutes brought in, or one of this title, added where the meeting has none."""
        if entry.minutes:
            return self.items[entry.minutes]
        meeting = self._meeting(entry.board, entry.back)
        item = meeting.items.filter(title=entry.item).first()
        return item or self._item(meeting, entry.item, "That the progress made be noted.")

    def _answer(self, answered):
        item = self._item_of(answered)
        report = self.reports.get(answered.minutes)
        if report is None:
            author = self._body(answered.author)
            report = Report(item=item, title=answered.report, author_body=author, date=item.meeting.date - timedelta(days=8))
            self._keep(report, "Received by the Board")
        answers = [
            Answer(element=self._element(answered.action, number), coverage=coverage, paragraph=paragraph, note=note)
            for number, (coverage, paragraph, note) in answered.covers.items()
        ]
        services.record_answers(report, answers, by=self.officer)

    def _judge(self, judged):
        judgements = []
        for number, (code, comment) in judged.judged.items():
            element = self._element(judged.action, number)
            category = TrackingCategory.objects.get(scheme=element.action.board.tracking_scheme, code=code)
            judgements.append(Judgement(element=element, category=category, comment=comment))
        services.judge(self._item_of(judged), judgements, by=self.officer)

    def _parts(self):
        (action, number), parts = progress.PARTS
        for letter, text in parts:
            self._keep(ElementPart(element=self._element(action, number), letter=letter, text=text))

    def _look(self, looked):
        services.change_condition(
            self._element(looked.action, looked.element),
            state=Element.ConditionState.WAITING,
            check_on=looked.again(self.calendar),
            reason=looked.why,
            by=self.officer,
        )

    def _move_window(self):
        moved = progress.MOVED_WINDOW
        first = moved["month"](self.calendar)
        services.change_due_window(
            self.actions[moved["action"]],
            words=moved["words"](self.calendar),
            due_from=first,
            due_to=month_end(first),
            reason=moved["reason"],
            agreed_by=moved["agreed_by"],
            by=self.officer,
        )


def _evidence(proof):
    piece = Evidence(title=proof.title, grade=proof.grade, link=proof.link)
    if proof.file:
        piece.file = ContentFile(proof.file.encode(), name=proof.name)
    return piece
