"""The council itself: its people, bodies, boards and calendar, and how they change."""

from datetime import time, timedelta

from django.contrib.auth.hashers import make_password

from scrutiny.demonstration import ACCOUNTS, PASSWORD
from scrutiny.models import (
    Board,
    BoardMembership,
    Meeting,
    MunicipalYear,
    Organisation,
    OrganisationAlias,
    Person,
    Post,
    PostHolding,
    RoleAssignment,
    TrackingScheme,
    User,
)
from scrutiny.models.accounts import ANSWERING_FOR_A_BODY

from . import people

STARTS_AT = {"CF": time(10), "AH": time(13, 30), "PE": time(18)}
VENUE = "Committee Room 1, Guildhall, Exampleton"


class Setting:
    def __init__(self, book):
        self.book = book

    def steps(self):
        start = self.book.calendar.start
        yield start, self._people
        yield start, self._bodies
        yield start, self._boards
        yield start, self._roles
        yield from self._years()
        yield self.book.handover, self._change_hands
        yield self.book.calendar.current.start, self._annual_meeting
        yield self.book.officer_left, self._officer_leaves

    def _people(self):
        hashed = make_password(PASSWORD)
        names = sorted(ACCOUNTS, key=lambda account: account[0] != "ada")
        for username, name, _ in names:
            first, last = name.split(" ", 1)
            user = User(username=username, first_name=first, last_name=last, password=hashed)
            self.book.users[username] = self.book.set_up(user)
        username, first, last = people.FORMER_OFFICER
        user = User(username=username, first_name=first, last_name=last, password=make_password(None))
        self.book.users[username] = self.book.set_up(user)

    def _bodies(self):
        for name, short, kind, others in people.ORGANISATIONS:
            email = people.SHARED_ADDRESSES.get(short or name, "")
            body = self.book.set_up(Organisation(name=name, short_name=short, kind=kind, email=email))
            for other in others:
                self.book.set_up(OrganisationAlias(organisation=body, name=other))
        for body, title, holders in people.POSTS:
            post = self.book.set_up(Post(organisation=self.book.body(body), title=title))
            for holder in holders:
                person = self.book.set_up(
                    Person(style=holder.style, name=holder.name, honours=holder.honours)
                )
                if not holder.from_handover:
                    email = people.email_of(body, holder.name)
                    self.book.set_up(
                        PostHolding(post=post, person=person, start=self.book.calendar.start, email=email)
                    )

    def _boards(self):
        for code, (name, scheme) in people.BOARDS.items():
            board = Board(
                name=name,
                code=code,
                council=self.book.body(people.COUNCIL),
                tracking_scheme=TrackingScheme.objects.get(name=scheme),
            )
            self.book.boards[code] = self.book.set_up(board)
            for seat in people.SEATS[code]:
                if seat.before:
                    self._sit(code, seat, self.book.calendar.start)

    def _sit(self, code, seat, start):
        person = Person.objects.filter(name=seat.name).first()
        person = person or self.book.set_up(Person(style=seat.style, name=seat.name))
        self.book.set_up(
            BoardMembership(board=self.book.boards[code], person=person, role=seat.role, start=start),
            "Appointed at the annual meeting of the Council",
        )

    def _roles(self):
        start = self.book.calendar.start
        for username, _, role in [*ACCOUNTS, ("hugh", "", "officer")]:
            user = self.book.users[username]
            if role in ANSWERING_FOR_A_BODY:
                since = self.book.handover if role == "contributor" else start
                held = RoleAssignment(
                    user=user, role=role, organisation=self.book.body("ESCP Executive"), start=since
                )
            elif role == "chair":
                held = RoleAssignment(user=user, role=role, board=self.book.boards["CF"], start=start)
                self.book.set_up(RoleAssignment(user=user, role="member", start=start))
            else:
                held = RoleAssignment(user=user, role=role, start=start)
            self.book.set_up(held)

    def _years(self):
        """A year and its meetings are entered when it begins; next year's calendar comes a little before."""
        for year in self.book.calendar.years:
            day = min(max(year.start, self.book.calendar.start), self.book.calendar.ago(7))
            yield max(day, self.book.calendar.start), lambda year=year: self._year(year)

    def _year(self, year):
        row = MunicipalYear(label=year.label, start=year.start, end=year.end)
        self.book.set_up(row, "Council calendar")
        for code, board in self.book.boards.items():
            for day in [*self.book.calendar.past[code], *self.book.calendar.coming[code]]:
                if year.start <= day <= year.end:
                    meeting = Meeting(board=board, year=row, date=day, starts_at=STARTS_AT[code], venue=VENUE)
                    self.book.meetings[code, day] = self.book.keep(meeting, "Council calendar")

    def _change_hands(self):
        """A post has a new holder, and the officer who kept the record before leaves later on."""
        body, title, holders = next(p for p in people.POSTS if any(h.from_handover for h in p[2]))
        post = Post.objects.get(organisation=self.book.body(body), title=title)
        before = post.holdings.get()
        before.end = self.book.handover - timedelta(days=1)
        self.book.keep(before, "Left the Partnership")
        new = next(holder for holder in holders if holder.from_handover)
        person = Person.objects.get(name=new.name)
        holding = PostHolding(
            post=post, person=person, start=self.book.handover, email=people.email_of(body, new.name)
        )
        self.book.keep(holding, "Took up the post")

    def _annual_meeting(self):
        """Who sits changes at the annual meeting of the Council."""
        for code, seats in people.SEATS.items():
            for seat in seats:
                if not seat.since:
                    held = BoardMembership.objects.get(
                        board=self.book.boards[code], person__name=seat.name, role=seat.role, end=None
                    )
                    held.end = self.book.calendar.current.start - timedelta(days=1)
                    self.book.set_up(held, "Not appointed again at the annual meeting of the Council")
            for seat in seats:
                if not seat.before:
                    self._sit(code, seat, self.book.calendar.current.start)

    def _officer_leaves(self):
        user = self.book.users["hugh"]
        role = user.role_assignments.get()
        role.end = self.book.officer_left
        self.book.set_up(role, "Left the Council")
        user.is_active = False
        self.book.set_up(user, "Left the Council")
