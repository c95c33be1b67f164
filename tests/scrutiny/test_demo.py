"""The demonstration council: complete, believable on any day, and only for trying things out."""

from datetime import date
from io import StringIO
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import F
from django.utils import timezone
from simple_history.utils import get_history_manager_for_model

from actions.models import (
    Action,
    Answer,
    Element,
    Evidence,
    MinutesImport,
    Reply,
    Undertaking,
    UpdateRequest,
    UpdateRound,
)
from actions.models.asks import Timing
from actions.standing import standing
from reviews.models import Erratum, LearningPoint, Report, ReviewCase, Stage, Theme
from reviews.stages import LEARNING, Kind
from reviews.timekeeping import Timekeeper
from reviews.timeliness import steps
from reviews.views.cases import rungs
from reviews.yearly import covers, notices
from scrutiny.demonstration import accounts
from scrutiny.models import Attendance, Board, BoardMembership, Meeting, PostHolding, Proposal, User
from scrutiny.overview import demo
from scrutiny.overview.dashboard import moved_since, standings
from scrutiny.overview.themes import came_back, sightings_of
from tests.factories import BoardFactory, UserFactory, reference_data

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.search]


@pytest.fixture(scope="class")
def council(django_db_setup, django_db_blocker, tmp_path_factory):
    """Loaded once for the class below, in a transaction of its own that is undone afterwards."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        reference_data()
        said = run()
        yield SimpleNamespace(today=timezone.localdate(), said=said)
        transaction.set_rollback(True)


def run(*arguments):
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def counts():
    return {
        model._meta.label: model._default_manager.count()
        for label in ("scrutiny", "reviews", "actions")
        for model in apps.get_app_config(label).get_models()
    }


def timings(on):
    return dict(Element.objects.with_timing(on).order_by().values_list("pk", "timing"))


def boards_with(found, path):
    return found.order_by().values_list(path, flat=True).distinct().count()


def clocks(on):
    """[(case, its clock)] of every case."""
    timekeeper = Timekeeper(on)
    cases = ReviewCase.objects.prefetch_related("stages", "late_reasons")
    return [(case, each.clock) for case in cases for each in timekeeper.clocks_of(case)]


def cases_with(state, on):
    return {case.pk for case, clock in clocks(on) if clock.state == state}


def themes_that_came_back(user):
    asked = Element.objects.visible_to(user)
    for theme in Theme.objects.filter(elementtheme__element__in=asked.closed()).distinct():
        found = came_back(sightings_of(theme, user), asked.filter(tags__theme=theme))
        if found.sightings:
            yield theme


def has_gap(case):
    seen = [bool(presentations) for _, presentations in rungs(case)]
    return any(seen) and not all(seen)


def states_of(rounds):
    return {reply.state for reply in Reply.objects.filter(request__round__in=rounds)}


def yearly_report():
    return Report.objects.get(kind="annual")


SITUATIONS = {
    "three boards": lambda on: Board.objects.count() == 3,
    "about ten actions": lambda on: 10 <= Action.objects.count() <= 14,
    "about forty elements": lambda on: 35 <= Element.objects.count() <= 48,
    "elements on every board": lambda on: boards_with(Element.objects, "action__board") == 3,
    "late": lambda on: 5 <= Element.objects.late(on).count() <= 15,
    "late and nothing heard": lambda on: Element.objects.late(on).filter(last_word_on=None).exists(),
    "due now": lambda on: Timing.DUE_NOW in timings(on).values(),
    "not yet due": lambda on: Timing.NOT_YET_DUE in timings(on).values(),
    "waiting for a condition": lambda on: Element.objects.waiting().count() >= 2,
    "a condition to be looked at": lambda on: Element.objects.condition_to_check(on).count() == 1,
    "answered fully": lambda on: Answer.objects.filter(coverage="fully").exists(),
    "answered partly": lambda on: Answer.objects.filter(coverage="partly").exists(),
    "answered, to be judged": lambda on: Element.objects.answered(on).exists(),
    "judged in several categories": lambda on: (
        boards_with(Element.objects.exclude(category=None), "category") >= 6
    ),
    "closed by the Board": lambda on: Element.objects.closed().exists(),
    "a whole action closed": lambda on: Action.objects.closed().count() == 1,
    "judged, open, and the window moved": lambda on: (
        Action.objects.open().filter(due_revisions__isnull=False, elements__judged_on__isnull=False).exists()
    ),
    "a round that is finished": lambda on: UpdateRound.objects.finished().count() == 1,
    "a round with a reply in every state": lambda on: (
        set(Reply.State.values) - {"accepted"}
        == set(
            Reply.objects.filter(request__round__in=UpdateRound.objects.unfinished()).values_list(
                "state", flat=True
            )
        )
    ),
    "words changed on accepting": lambda on: (
        Reply.objects.filter(state="accepted").exclude(text=F("update__text")).exists()
    ),
    "an addressee without an address": lambda on: UpdateRequest.objects.filter(to_email="").exists(),
    "without word for 90 days": lambda on: 3 <= Element.objects.silent(on).count() <= 20,
    "blocked": lambda on: Element.objects.filter(owner_progress="blocked").exists(),
    "complete, says the owner only": lambda on: (
        Element.objects.open().filter(owner_progress="complete", answered_on=None).exists()
    ),
    "evidence of every grade": lambda on: (
        set(Evidence.objects.values_list("grade", flat=True)) == set(Element.Grade.values)
    ),
    "a file as evidence": lambda on: Evidence.objects.get(file__gt="").file.read().startswith(b"agency"),
    "undertakings": lambda on: boards_with(Undertaking.objects, "item__meeting__board") == 3,
    "one import to confirm": lambda on: MinutesImport.objects.unfinished().count() == 1,
    "minutes brought in": lambda on: MinutesImport.objects.filter(state="saved").count() == 7,
    "a correction to an appendix": lambda on: Erratum.objects.exclude(appendix=None).exists(),
    "a lost proposal with two recorded votes": lambda on: (
        Proposal.objects.get(outcome="lost").recorded_votes.exclude(rule="").count() == 2
    ),
    "a substitute": lambda on: Attendance.objects.exclude(substitute_for=None).exists(),
    "a post that changed hands": lambda on: (
        PostHolding.objects.filter(post__holdings__end__lt=on, end=None).exclude(start__gt=on).exists()
    ),
    "a membership that ended": lambda on: BoardMembership.objects.filter(end__lt=on).exists(),
    "minutes being drafted": lambda on: (
        Meeting.objects.held(on).filter(minutes_state="drafting").count() == 1
    ),
    "minutes approved subject to an amendment": lambda on: Meeting.objects.filter(
        minutes_state="approved_subject_to_amendment"
    ).exists(),
    "meetings to come on every board": lambda on: Meeting.objects.coming(on).count() == 9,
    "movement since each board's last meeting": lambda on: all(
        moved_since(officer(), found.board, found.last_meeting) for found in standings(officer(), on)
    ),
    "something for the contributor": lambda on: Action.objects.visible_to(user("lena")).count() == 2,
    "a dozen cases and more": lambda on: ReviewCase.objects.count() >= 12,
    "cases of every kind": lambda on: (
        set(ReviewCase.objects.order_by().values_list("kind", flat=True)) == set(Kind.values)
    ),
    "cases only the partnership sees": lambda on: (
        ReviewCase.objects.visible_to(user("bea")).count()
        == ReviewCase.objects.visible_to(user("kwabena")).count()
        > ReviewCase.objects.visible_to(officer()).count()
        > 0
    ),
    "cases late with a reason": lambda on: len(cases_with("late_with_reason", on)) >= 2,
    "a clock that is up soon": lambda on: cases_with("due", on) | cases_with("due_soon", on),
    "the Panel disagreed and the decision was looked at again": lambda on: Stage.objects.filter(
        code="panel_responded", decision="disagrees", case__stages__code="decision_reviewed"
    ).exists(),
    "a local review that turned into a rapid review": lambda on: ReviewCase.objects.filter(
        kind="rapid_review", origin__kind="local_review"
    ).exists(),
    "a local response to a national review": lambda on: ReviewCase.objects.filter(
        kind="national_review", stages__code="local_response_agreed"
    ).exists(),
    "a published review that some body has not seen": lambda on: any(
        has_gap(case) for case in ReviewCase.objects.published().filter(kind="cspr")
    ),
    "learning in every state": lambda on: (
        set(LearningPoint.objects.order_by().values_list("state", flat=True)) == set(LEARNING)
    ),
    "learning behind what was asked": lambda on: (
        LearningPoint.objects.visible_to(officer()).exclude(element_links=None).exists()
    ),
    "a theme that came back after the Board closed an element about it": lambda on: any(
        themes_that_came_back(officer())
    ),
    "a quarter with enough cases to show a number": lambda on: any(
        isinstance(count, int) and count >= 5
        for step in steps(Timekeeper(on))
        for cells in step.numbers.cells.values()
        for count in cells.values()
    ),
    "a yearly report of eighteen months": lambda on: (
        covers(yearly_report()) == "18 months" and len(notices(yearly_report(), officer())) == 1
    ),
    "a yearly report presented to two bodies": lambda on: (
        set(yearly_report().presentations.filter(on__lt=on).values_list("body__name", flat=True))
        == {"LSCP Executive", "Executive Board"}
    ),
}


def user(username):
    return User.objects.get(username=username)


def officer():
    return user("olivia")


class TestTheCouncil:
    def test_it_says_how_to_sign_in(self, council):
        assert "http://127.0.0.1:8000" in council.said
        for account in accounts():
            assert any(
                account["username"] in line and account["password"] in line
                for line in council.said.splitlines()
            )

    @pytest.mark.parametrize("account", accounts(), ids=lambda account: account["username"])
    def test_everybody_can_sign_in_and_holds_their_role(self, council, account):
        held_by = user(account["username"])
        assert held_by.is_active
        assert held_by.check_password(account["password"])
        assert account["role"] in {grant.role.code for grant in held_by.grants}

    @pytest.mark.parametrize("arguments", [[], ["--first-time"]])
    def test_loading_it_again_changes_nothing(self, council, arguments):
        before = counts()
        assert "Nothing was changed" in run(*arguments)
        assert counts() == before

    @pytest.mark.parametrize("situation", SITUATIONS)
    def test_it_shows(self, council, situation):
        assert SITUATIONS[situation](council.today)

    def test_every_element_stands_as_its_rows_say(self, council):
        for element in Element.objects.all():
            now = standing(element)
            assert now == {name: getattr(element, name) for name in now}

    def test_its_history_was_written_by_people_and_not_in_the_future(self, council):
        for model in (Action, Element, Meeting, ReviewCase, LearningPoint):
            rows = get_history_manager_for_model(model).all()
            assert not rows.filter(history_user=None).exists()
            assert not rows.filter(history_date__gt=timezone.now()).exists()
            assert rows.earliest().history_date.date() < council.today


# Right after the council's year turned, in August without meetings, at New Year, on a Saturday in the spring.
DAYS = [date(2026, 5, 20), date(2025, 8, 31), date(2026, 1, 1), date(2026, 4, 11)]


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_it_is_believable_whatever_day_it_is_loaded(db, today):
    demo.load(today)
    missing = [name for name, is_there in SITUATIONS.items() if not is_there(today)]
    assert missing == []
    for model in (Meeting, ReviewCase, LearningPoint):
        assert not model.history.filter(history_date__date__gt=today).exists()


def test_it_is_refused_outside_development(db, settings):
    settings.DEVELOPMENT = False
    with pytest.raises(CommandError, match="Set DEVELOPMENT=1"):
        run()
    assert not Board.objects.exists()


def test_a_database_with_boards_of_its_own_is_left_alone(db):
    BoardFactory()
    before = counts()
    assert "was not loaded" in run("--first-time")
    with pytest.raises(CommandError, match="boards of its own"):
        run()
    assert counts() == before


def test_a_user_of_the_same_name_is_left_alone(db):
    UserFactory(username="olivia")
    with pytest.raises(CommandError, match="users called olivia"):
        run()


def test_when_it_breaks_off_nothing_stays(db, monkeypatch):
    monkeypatch.setattr(
        "scrutiny.overview.demo.followup.progress.MOVED_WINDOW", {"day": lambda calendar: calendar.today}
    )
    before = counts()
    with pytest.raises(KeyError):
        run()
    assert counts() == before
