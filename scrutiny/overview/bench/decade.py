"""Ten years of meetings of every board, what they asked, and what became of it.

It is made in rounds: in each, every board meets once in every year. What is asked at one meeting is answered and
judged at the meeting of the next year in the same round, so that a round is whole in itself, and rounds can be added.
What was asked this year is open, most of last year's is closed, and of the years before hardly anything is left.
"""

from datetime import UTC, datetime, time, timedelta
from random import Random

from django.db.models import Max

from actions import tallies
from actions.inherited import inherit, inherit_item
from actions.models import Action, Answer, DueRevision, Element, Evidence, Judgement, ProgressUpdate
from reviews.models import Report
from scrutiny.models import (
    AgendaItem,
    Attendance,
    Board,
    Meeting,
    MunicipalYear,
    Organisation,
    Person,
    Point,
    Resolution,
    Section,
    User,
)
from scrutiny.overview.bench import words
from scrutiny.overview.bench.bulk import Book
from scrutiny.overview.bench.council import BOARDS, COUNCIL, PAPER_BOARD, YEARS, NotForBench

A_MEETING = 10  # actions of one meeting, about
UPDATES = 5  # of each action
PAPER = (125, 4)  # actions with so many elements: the tracker report of that board has 500 rows
STEPS = (
    97,
    89,
    83,
)  # days between one meeting and the next of the same board and year, until all days are taken
KINDS = [Meeting.Kind.ORDINARY, Meeting.Kind.THEMED, Meeting.Kind.EXTRAORDINARY, Meeting.Kind.CALL_IN]
YOUNGEST = timedelta(days=60)  # a municipal year of fewer days holds too few meetings
LAST_YEAR, THIS_YEAR = YEARS - 1, YEARS
STILL_OPEN = {THIS_YEAR: 1.0, LAST_YEAR: 0.25}
LONG_AGO = 0.005
Kind, Progress, State = Resolution.Kind, Element.OwnerProgress, Element.ConditionState


def day_of(year, turn, today):
    """A day of the year for a board's turn, and the kind of meeting: first all days are taken, then the next kind."""
    days = _days_of(year, today)
    step = next(step for step in STEPS if days % step)
    return year.start + timedelta(days=turn * step % days), KINDS[turn // days]


def _days_of(year, today):
    return (min(year.end, today - timedelta(days=1)) - year.start).days + 1


def at(day):
    return datetime.combine(day, time(15), UTC)


class Decade:
    def __init__(self, today, seed=1):
        self.today, self.seed = today, seed
        self.by = User.objects.get(username="bench-officer")
        self.book = Book(self.by)
        boards = Board.objects.filter(council__name=COUNCIL).select_related("tracking_scheme")
        self.boards = list(boards.exclude(code=PAPER_BOARD).order_by("pk"))
        self.paper_board = boards.get(code=PAPER_BOARD)
        self.years = [
            year for year in MunicipalYear.objects.order_by("start") if year.start < today - YOUNGEST
        ][-YEARS:]
        self.bodies = list(Organisation.objects.exclude(name=COUNCIL).prefetch_related("posts"))
        self.members = {
            board.pk: list(Person.objects.filter(memberships__board=board))
            for board in [*self.boards, self.paper_board]
        }
        categories = self.boards[0].tracking_scheme.categories.order_by("position")
        self.closing = [each for each in categories if each.effect == "closes"]
        self.numbers = {
            (row["board"], row["year"]): row["last"]
            for row in Action.objects.values("board", "year").order_by().annotate(last=Max("number"))
        }
        self.rounds = Meeting.objects.filter(board=self.boards[0], year=self.years[0]).count()

    def fill(self, actions):
        """Writes so many actions, and yields after each round how many there are."""
        if self.rounds == 0:
            self._paper_board()
        meetings = BOARDS * len(self.years)
        rounds = min(-(-actions // (meetings * A_MEETING)), self._rounds_left())
        done = 0
        for count in range(rounds):
            of_round = actions * (count + 1) // rounds - done
            self._round(of_round)
            self.book.write()
            done += of_round
            yield done
        tallies.rebuild()

    def _rounds_left(self):
        left = len(KINDS) * min(_days_of(year, self.today) for year in self.years) - self.rounds
        if left < 1:
            raise NotForBench("Every day of these years has its meetings. Use an empty database.")
        return left

    def _round(self, actions):
        rng = Random(f"{self.seed} {self.rounds}")
        held = {
            (board, position): self._meeting(rng, board, position)
            for board in self.boards
            for position in range(1, len(self.years) + 1)
        }
        shares = [actions * (n + 1) // len(held) - actions * n // len(held) for n in range(len(held))]
        for ((board, position), meeting), share in zip(held.items(), shares, strict=True):
            self._asked(rng, meeting, position, share, held.get((board, position + 1)))
        self.rounds += 1

    def _meeting(self, rng, board, position, day=None):
        """With who was there, and under its first item the report that answers what was asked a year ago."""
        year = self.years[position - 1]
        date, kind = (day, Meeting.Kind.ORDINARY) if day else day_of(year, self.rounds, self.today)
        meeting = self.book.add(
            Meeting,
            at(date),
            board=board,
            year=year,
            date=date,
            kind=kind,
            venue="Committee Room 2",
            minutes_state=self._state(rng, date),
        )
        for number, person in enumerate(self.members[board.pk]):
            self.book.add(
                Attendance,
                at(date),
                meeting=meeting,
                person=person,
                name_as_minuted=str(person),
                capacity="member" if number else "chair",
                position=number,
            )
        item = self._item(meeting, 1, "Progress on what the Board asked for")
        report = self.book.add(
            Report,
            at(date),
            item=item,
            title=f"Progress report of {date:%B %Y}",
            author_body=rng.choice(self.bodies),
            date=date - timedelta(days=9),
            summary=words.reported(rng, rng.choice(words.TOPICS)),
        )
        meeting.bench_item, meeting.bench_report = item, report
        return meeting

    def _state(self, rng, day):
        age = (self.today - day).days
        if age > 90:
            return "approved"
        return rng.choice(["draft_published", "with_officers" if age < 40 else "approved"])

    def _item(self, meeting, position, title):
        return self.book.add(
            AgendaItem,
            at(meeting.date),
            meeting=meeting,
            position=position,
            minute_number=str(position + 20),
            title=title,
        )

    def _asked(self, rng, meeting, position, count, following, elements=None):
        """Two items with what was said and resolved; `following` is the meeting that may answer."""
        shares = (count - count // 2, count // 2)
        for number, share in enumerate(shares, start=2):
            topic = rng.choice(words.TOPICS)
            item = self._item(meeting, number, topic[0].upper() + topic[1:])
            when = at(meeting.date)
            section = self.book.add(Section, when, item=item, position=1, heading=item.title)
            for point in (1, 2):
                text = words.point(rng, topic)
                self.book.add(Point, when, section=section, kind="discussion", position=point, text=text)
            noted = "That the report be noted."
            self.book.add(Resolution, when, item=item, position=1, label="(a)", text=noted, kind=Kind.NOTE)
            for limb in range(share):
                resolution = self.book.add(
                    Resolution,
                    when,
                    item=item,
                    position=limb + 2,
                    label=f"({chr(98 + limb % 25)})",
                    text=words.request(rng, topic),
                    kind=Kind.REQUEST_REPORT,
                )
                self._action(rng, resolution, topic, position, following, elements)

    def _action(self, rng, resolution, topic, position, following, elements):
        meeting = resolution.item.meeting
        board, year, asked = meeting.board, meeting.year, meeting.date
        self.numbers[board.pk, year.pk] = number = self.numbers.get((board.pk, year.pk), 0) + 1
        body = rng.choice(self.bodies)
        start = asked + timedelta(days=rng.randint(60, 330))
        action = self.book.new(
            Action,
            resolution=resolution,
            board=board,
            year=year,
            number=number,
            reference=f"SB-{board.code} {year.short}-{number:02}",
            title=f"Report on {topic}",
            addressee=body,
            post=body.posts.all()[0] if rng.random() < 0.8 else None,
        )
        inherit_item(action, resolution)
        if rng.random() < 0.95:
            action.due_from, action.due_to = start, start + timedelta(days=rng.choice([30, 60]))
            action.due_words = f"{start:%B %Y}"
        self.book.note(action, at(asked), "Opened from the minutes", kind="+")
        self._revision(rng, action)
        is_open = rng.random() < STILL_OPEN.get(position, LONG_AGO) or following is None
        count = elements or rng.choice([1, 2, 3, 3, 3, 4, 5])
        found = [self._element(rng, action, number + 1, topic, is_open) for number in range(count)]
        self._reported(rng, action, found, topic)
        for element in found:
            self._followed(rng, element, following, is_open)
            self.book.keep(element)
        if not is_open:
            action.closed_on = following.date
            self.book.note(action, at(following.date), f"Judged at {following}")
        self.book.keep(action)

    def _revision(self, rng, action):
        if action.due_to is None or rng.random() > 0.1:
            return
        day = action.due_from - timedelta(days=20)
        if day > self.today:
            return
        self.book.add(
            DueRevision,
            at(day),
            "Agreed with the Chair",
            action=action,
            old_words="as soon as possible",
            old_from=action.due_from - timedelta(days=40),
            old_to=action.due_from - timedelta(days=10),
            reason="The data come later than planned.",
            agreed_by="the Chair",
            changed_on=day,
        )

    def _element(self, rng, action, number, topic, is_open):
        element = self.book.new(Element, action=action, number=number, text=words.asked(rng, topic))
        inherit(element, action)
        if is_open and rng.random() < 0.04:
            element.condition, element.condition_state = "once the new case system is in use", State.WAITING
            element.check_condition_on = self.today + timedelta(days=rng.randint(-20, 90))
        self.book.note(element, at(action.resolution.item.meeting.date), kind="+")
        return element

    def _reported(self, rng, action, elements, topic):
        """What was said of its elements in the year after, and a piece of evidence with every third."""
        asked = action.resolution.item.meeting.date
        end = min(asked + timedelta(days=320), self.today)
        days = sorted(
            asked + timedelta(days=rng.randint(1, max((end - asked).days, 1))) for _ in range(UPDATES)
        )
        for day in days:
            element = rng.choice(elements)
            update = self.book.add(
                ProgressUpdate,
                at(day),
                f"E-mail of {day:%-d %B %Y}",
                element=element,
                text=words.reported(rng, topic),
                reported_by="Director",
                on_behalf_of=action.addressee,
                received_on=min(day, self.today),
                source=f"E-mail of {day:%-d %B %Y}",
                owner_progress=rng.choice([Progress.IN_PROGRESS, Progress.IN_PROGRESS, Progress.COMPLETE]),
                recorded_by=self.by,
            )
            element.owner_progress, element.last_word_on = update.owner_progress, update.received_on
            if rng.random() < 1 / 3:
                title, grade = rng.choice(words.EVIDENCE), rng.choice(Element.Grade.values)
                self.book.add(Evidence, at(day), update.source, update=update, title=title, grade=grade)
                element.evidence_grade = max(element.evidence_grade, grade)
            self.book.note(element, at(day), f"Update received on {day:%-d %B %Y}")

    def _followed(self, rng, element, following, is_open):
        """Answered and judged at the following meeting; of an open action some elements are, some are not."""
        if following is None or (is_open and rng.random() < 0.4):
            return
        report, day = following.bench_report, following.date
        self.book.add(
            Answer,
            at(day),
            element=element,
            report=report,
            coverage=rng.choice([Answer.Coverage.FULLY, Answer.Coverage.PARTLY]),
            paragraph=f"{rng.randint(2, 9)}.{rng.randint(1, 9)}",
        )
        element.answered_on = day
        self.book.note(element, at(day), f"Answer in {report}")
        if is_open:
            return
        category = rng.choice(self.closing)
        self.book.add(
            Judgement,
            at(day),
            element=element,
            item=following.bench_item,
            category=category,
            comment="The Board thanked the officers." if rng.random() < 0.3 else "",
        )
        element.category, element.judged_on, element.closed_on = category, day, day
        self.book.note(element, at(day), f"Judged at {following}")

    def _paper_board(self):
        """A board with two meetings behind it and one to come, for papers of a known length: what was asked at the
        first is not new any more, and some of it moved since the second.
        """
        rng = Random(self.seed)
        actions, elements = PAPER
        past = self._meeting(rng, self.paper_board, len(self.years), self.today - timedelta(days=100))
        self._meeting(rng, self.paper_board, len(self.years), self.today - timedelta(days=30))
        self._asked(rng, past, THIS_YEAR, actions, None, elements)
        self.book.add(
            Meeting,
            at(past.date),
            board=self.paper_board,
            year=past.year,
            date=self.today + timedelta(days=14),
        )
