"""Home and boards: every number is the length of the list behind it. History pages of every kind of record."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.models import Element
from actions.standing import refresh
from scrutiny.models.problems import HIDDEN
from scrutiny.overview.dashboard import list_of, moved_since, needs, standings
from scrutiny.overview.trails import NOUNS
from scrutiny.toolkit.history import record, remove
from tests import factories

pytestmark = pytest.mark.django_db
CONDITION = {"condition": "dependent upon the review"}
DAY = timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def world(board, partnership, cast, today):
    """Two boards, and elements that stand in every way there is, all recently heard of."""
    other = factories.BoardFactory(name="Scrutiny Board (Places)")
    year = factories.YearFactory(label="now", start=today - 200 * DAY, end=today + 300 * DAY)
    own_body = {"addressee": partnership}
    for where, bodies in ((board, own_body), (other, {}), (board, {})):
        asked = factories.MeetingFactory(board=where, year=year, date=today - (30 + 3 * len(bodies)) * DAY)
        resolution = factories.ResolutionFactory(item__meeting=asked, item__position=1)

        def element(number, start=None, end=None, *, resolution=resolution, bodies=bodies, **values):
            action = factories.ActionFactory(resolution=resolution, due_from=start, due_to=end, **bodies)
            return factories.ElementFactory(
                action=action, number=number, **({"last_word_on": today} | values)
            )

        past, future = (today - 20 * DAY, today - 10 * DAY), (today + 20 * DAY, today + 40 * DAY)
        element(1, *past)
        element(2, *past, answered_on=today - DAY)
        element(3, *past, condition_state="waiting", check_condition_on=today, **CONDITION)
        element(4, *past, condition_state="not_met_lapsed", last_word_on=today - 91 * DAY, **CONDITION)
        element(5, *past, closed_on=today, judged_on=today, owner_progress="complete")
        element(6, *future, owner_progress="complete")
        element(7, *future, owner_progress="complete", answered_on=today - DAY)
        element(8, past[0], future[1], last_word_on=today - 91 * DAY)
        element(9)
        element(10, *past, condition_state="waiting", answered_on=today - DAY, **CONDITION)
    factories.MeetingFactory(board=board, year=year, date=today + 30 * DAY, minutes_state="drafting")
    factories.MeetingFactory(board=other, year=year, date=today + 5 * DAY, minutes_state="drafting")
    for look_on in (None, today, today + DAY):
        factories.UndertakingFactory(item__meeting=asked, look_on=look_on)
    for state in ("to_confirm", "reading", "saved", "dropped"):
        factories.ImportFactory(created_by=cast.olivia, state=state)
    return SimpleNamespace(board=board, other=other)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def number_links(client, url):
    """(number, words, address of the list) of every link that is a number, or starts or ends a sentence with one."""
    page = BeautifulSoup(client.get(url).content, "html.parser")
    for link in page.select("main a[href]"):
        found = [word for word in link.get_text().split() if word.isdigit()]
        if found and "?" in link["href"]:
            yield int(found[0]), " ".join(link.get_text().split()), link["href"]


def length_of(client, url):
    return client.get(url).context["paginator"].count


def wrong_numbers(client, url):
    links = list(number_links(client, url))
    assert links
    return [
        f"{words}: {length_of(client, to)} in {to}"
        for number, words, to in links
        if length_of(client, to) != number
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["olivia", "chidi", "mary", "lena", "arun"])
def test_every_number_on_the_home_page_is_the_length_of_the_list_behind_it(world, cast, name):
    assert wrong_numbers(signed_in(getattr(cast, name)), reverse("home")) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["olivia", "chidi", "mary", "lena"])
def test_every_number_on_the_list_of_boards_is_the_length_of_the_list_behind_it(world, cast, name):
    assert wrong_numbers(signed_in(getattr(cast, name)), reverse("board-list")) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", ["olivia", "chidi", "lena"])
def test_every_number_on_a_board_s_page_is_the_length_of_the_list_behind_it(world, cast, name):
    client = signed_in(getattr(cast, name))
    assert wrong_numbers(client, world.board.get_absolute_url()) == []


def lines_for(user, today):
    return needs(user, today, standings(user, today))


@pytest.mark.parametrize(
    "words",
    [
        "elements late",
        "elements answered and not judged",
        "not answered by a report",
        "elements without a word for 90 days",
        "elements whose condition is to be looked at",
        "minutes brought in and not finished",
        "undertakings to look at again",
        "due by the next meeting of Scrutiny Board (Children and Families)",
        "due by the next meeting of Scrutiny Board (Places)",
    ],
)
def test_each_need_counts_what_its_list_holds(world, olivia, today, words):
    (need,) = [need for need in lines_for(olivia, today) if words in need.words]
    assert length_of(signed_in(olivia), need.url) == need.count > 0


def test_what_is_late_comes_first(world, olivia, today):
    assert lines_for(olivia, today)[0].words == "elements late"


def test_only_what_there_is_is_said(olivia, board, today):
    assert lines_for(olivia, today) == []


def test_the_home_page_says_so_when_nothing_needs_an_officer(olivia, board):
    assert "Nothing needs you today" in signed_in(olivia).get("/").content.decode()


@pytest.mark.parametrize(
    ("name", "shown"), [("olivia", True), ("chidi", False), ("mary", False), ("lena", False)]
)
def test_only_officers_are_told_what_needs_them(world, cast, name, shown):
    assert (signed_in(getattr(cast, name)).get("/").context["needs"] is not None) is shown


def test_a_contributor_s_numbers_are_those_of_their_own_body(world, lena, today):
    assert {s.board.name: s.asked for s in standings(lena, today)} == {
        "Scrutiny Board (Children and Families)": 10,
        "Scrutiny Board (Places)": 0,
    }


# How a board stands.


def standing_of(board, user, today):
    return next(standing for standing in standings(user, today) if standing.board == board)


def test_a_board_stands_as_its_elements_do(world, olivia, today):
    standing = standing_of(world.other, olivia, today)
    assert (standing.asked, standing.late, standing.closed, standing.answered) == (10, 1, 1, 3)


def test_every_element_is_in_the_chart_once(world, olivia, today):
    standing = standing_of(world.other, olivia, today)
    assert sum(standing.chart_counts.values()) == standing.asked


def test_the_open_actions_of_a_board_are_those_not_closed(world, olivia, today):
    resolution = Element.objects.filter(action__board=world.other).first().action.resolution
    factories.ElementFactory(action__resolution=resolution, action__closed_on=today, closed_on=today)
    standing = standing_of(world.other, olivia, today)
    assert (standing.open_actions, standing.asked, standing.closed) == (10, 11, 2)


def test_a_board_without_anything_stands_at_nothing(board, olivia, today):
    standing = standing_of(board, olivia, today)
    assert (standing.asked, standing.open_actions, standing.last_meeting, standing.next_meeting) == (
        0,
        0,
        None,
        None,
    )


def test_a_meeting_of_today_is_the_last_and_not_the_next(board, olivia, today):
    year = factories.YearFactory(label="now", start=today - 9 * DAY, end=today + 9 * DAY)
    for day in (today - DAY, today, today + DAY, today + 2 * DAY):
        factories.MeetingFactory(board=board, year=year, date=day)
    standing = standing_of(board, olivia, today)
    assert (standing.last_meeting, standing.next_meeting) == (today, today + DAY)


def test_an_officer_of_one_board_counts_no_drafts_of_another(world, today):
    from tests.conftest import hold

    draft = factories.MeetingFactory(board=world.other, date=date(2023, 5, 3), minutes_state="drafting")
    factories.ElementFactory(action__resolution__item__meeting=draft)
    limited = hold(factories.UserFactory(), "officer", board=world.board)
    assert standing_of(world.other, limited, today).asked == 0


def test_an_address_leaves_out_what_is_empty():
    assert list_of("element-list", timing="late", board=None) == f"{reverse('element-list')}?timing=late"


# What moved.


def reported(element, **values):
    update = factories.UpdateFactory(element=element, **values)
    with transaction.atomic():
        refresh(element, by=None, reason="Reported")
    return update


def test_what_moved_is_updates_and_judgements_from_a_day_on_the_newest_first(ask, olivia):
    day = date(2023, 5, 3)
    reported(ask.elements[0], received_on=day - DAY)
    reported(ask.elements[1], received_on=day)
    item = factories.ItemFactory(meeting__board=ask.action.board, meeting__date=day + DAY)
    factories.JudgementFactory(element=ask.elements[2], item=item)
    moves = moved_since(olivia, ask.action.board, day)
    assert [(move.when, move.element) for move in moves] == [
        (day + DAY, ask.elements[2]),
        (day, ask.elements[1]),
    ]


def test_an_element_that_was_reported_on_twice_is_told_once_with_its_last_word(ask, olivia):
    day = date(2023, 5, 3)
    reported(ask.elements[0], received_on=day + DAY, reported_by="Lena Fischer")
    reported(ask.elements[0], received_on=day, reported_by="Kwabena Osei")
    (move,) = moved_since(olivia, ask.action.board, day)
    assert (move.when, move.what) == (day + DAY, "Progress reported by Lena Fischer")


@pytest.mark.parametrize(
    ("reported_by", "told"),
    [("Lena Fischer", "Progress reported by Lena Fischer"), (HIDDEN, "Progress reported")],
)
def test_who_reported_is_told_where_the_words_are_not_hidden(ask, olivia, reported_by, told):
    update = reported(ask.elements[0], reported_by=reported_by)
    (move,) = moved_since(olivia, ask.action.board, update.received_on)
    assert move.what == told


def test_what_moved_for_another_body_is_not_told_to_a_contributor(ask, lena):
    element = factories.ElementFactory(action__resolution=ask.resolution)
    reported(element)
    assert moved_since(lena, ask.action.board, date(2023, 1, 1)) == []


def test_a_judgement_in_unpublished_minutes_is_not_told_to_a_member(ask, mary):
    item = factories.ItemFactory(
        meeting__board=ask.action.board, meeting__date=date(2023, 5, 3), meeting__minutes_state="drafting"
    )
    factories.JudgementFactory(element=ask.elements[0], item=item)
    assert moved_since(mary, ask.action.board, date(2023, 1, 1)) == []


# History pages.


@pytest.fixture
def one_of_each(ask, partnership):
    """{noun: a record}."""
    item = ask.item
    person = factories.PersonFactory()
    section = factories.SectionFactory(item=item)
    proposal = factories.ProposalFactory(item=item)
    post = factories.PostFactory(organisation=partnership)
    report = factories.ReportFactory(item=item)
    update = factories.UpdateFactory(element=ask.elements[0])
    case = factories.CaseFactory(published_on=date(2026, 9, 1))
    stage = factories.StageFactory(case=case)
    learning = factories.LearningFactory(case=case)
    theme = factories.theme("CUR")
    opened = factories.RoundFactory(board=ask.meeting.board)
    request = factories.RequestFactory(round=opened, organisation=partnership)
    reply = factories.ReplyFactory(request=request, element=ask.elements[0], sent=True)
    return {
        "action": ask.action,
        "agency-assurance": factories.AssuranceFactory(learning=learning),
        "agenda-item": item,
        "answer": factories.AnswerFactory(element=ask.elements[0], report=report),
        "appendix": factories.AppendixFactory(report=report),
        "attendance": factories.AttendanceFactory(meeting=ask.meeting, person=person),
        "board": ask.meeting.board,
        "board-membership": factories.MembershipFactory(board=ask.meeting.board, person=person),
        "carry-over": factories.CarryOverFactory(action=ask.action),
        "case": case,
        "case-presentation": case.presentations.create(
            body=factories.oversight_body("Executive Board"), on=date(2026, 9, 2)
        ),
        "case-theme": case.tags.create(theme=theme),
        "chase": factories.ChaseFactory(action=ask.action),
        "dissemination": factories.DisseminationFactory(learning=learning),
        "element": ask.elements[0],
        "element-learning": factories.ElementLearningFactory(element=ask.elements[0], learning=learning),
        "element-theme": factories.ElementThemeFactory(element=ask.elements[0]),
        "erratum": factories.ErratumFactory(report=report),
        "evidence": factories.EvidenceFactory(update=update),
        "judgement": factories.JudgementFactory(element=ask.elements[0], item=item),
        "late-reason": factories.LateReasonFactory(case=case),
        "learning": learning,
        "learning-evidence": factories.LearningEvidenceFactory(learning=learning),
        "learning-step": factories.LearningStepFactory(learning=learning),
        "learning-theme": learning.tags.create(theme=theme),
        "meeting": ask.meeting,
        "organisation": partnership,
        "partner-view": factories.PartnerViewFactory(stage=stage),
        "person": person,
        "point": (point := factories.PointFactory(section=section)),
        "point-theme": factories.PointThemeFactory(point=point),
        "post": post,
        "post-holding": factories.PostHoldingFactory(post=post, person=person),
        "programme-item": factories.ProgrammeItemFactory(board=ask.action.board, action=ask.action),
        "progress-update": update,
        "proposal": proposal,
        "recorded-vote": factories.RecordedVoteFactory(proposal=proposal, person=person),
        "reply": reply,
        "reply-evidence": factories.ReplyEvidenceFactory(reply=reply),
        "report": report,
        "report-presentation": factories.ReportPresentationFactory(report=report),
        "report-theme": factories.ReportThemeFactory(report=report),
        "resolution": ask.resolution,
        "section": section,
        "stage": stage,
        "suggestion": factories.SuggestionFactory(element=ask.elements[0], meeting=ask.meeting),
        "supporting-document": item.supporting_documents.create(title="Report"),
        "theme": theme,
        "term": factories.TermFactory(),
        "undertaking": factories.UndertakingFactory(item=item),
        "update-request": request,
        "update-round": opened,
    }


NEEDED = {noun: getattr(model, "HISTORY_NEEDS", "view_history") for noun, model in NOUNS.items()}
OF_CASES = [noun for noun, needed in NEEDED.items() if needed == "view_cases"]
OF_ROUNDS = [noun for noun, needed in NEEDED.items() if needed == "chase"]
WHO_READS = {
    "view_history": ("olivia", "mary", "arun", "sunil"),
    "view_cases": ("bea", "sunil"),
    "view_drafts": ("olivia", "chidi", "arun"),
    "chase": ("olivia",),
}
READERS = sorted({name for names in WHO_READS.values() for name in names})


def history_of(noun, obj, user):
    return signed_in(user).get(reverse("history", args=[noun, obj.pk]))


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_every_kind_of_record_has_a_history_page(one_of_each, cast, name):
    for noun in (noun for noun, needed in NEEDED.items() if name in WHO_READS[needed]):
        obj = one_of_each[noun]
        answer = history_of(noun, obj, getattr(cast, name))
        assert answer.status_code == 200, noun
        assert obj._meta.verbose_name in [entry.noun for entry in answer.context["entries"]], noun


@pytest.mark.parametrize("name", ["olivia", "mary", "arun"])
def test_the_history_of_a_published_case_stays_with_those_who_work_on_cases(one_of_each, cast, name):
    for noun in OF_CASES:
        assert history_of(noun, one_of_each[noun], getattr(cast, name)).status_code == 404, noun


@pytest.mark.parametrize("name", ["chidi", "mary", "lena", "bea", "arun"])
def test_the_history_of_a_round_stays_with_the_officers(one_of_each, cast, name):
    for noun in OF_ROUNDS:
        assert history_of(noun, one_of_each[noun], getattr(cast, name)).status_code == 404, noun


@pytest.mark.slow
@pytest.mark.parametrize(
    "noun", ["attendance", "point", "recorded-vote", "evidence", "answer", "judgement", "section"]
)
def test_a_deleted_record_has_its_history_page_still(one_of_each, cast, noun):
    obj = one_of_each[noun]
    if noun == "section":
        remove(one_of_each["point"], by=cast.olivia)
    pk = obj.pk
    remove(obj, by=cast.olivia, reason="Recorded by mistake")
    answer = signed_in(cast.arun).get(reverse("history", args=[noun, pk]))
    assert "Recorded by mistake" in answer.content.decode()
    assert signed_in(cast.mary).get(reverse("history", args=[noun, pk])).status_code == 404


def test_the_history_says_who_why_and_what_it_was_before(ask, olivia, mary):
    ask.elements[0].text = "Corrected words."
    record(ask.elements[0], by=olivia, reason="As minuted")
    text = signed_in(mary).get(reverse("history", args=["element", ask.elements[0].pk])).content.decode()
    for words in ("Olivia Marsh", "As minuted", "Corrected words.", "Progress on escalation"):
        assert words in text


@pytest.mark.parametrize("noun", ["user", "Action", "form-receipt", "role-assignment"])
def test_nothing_else_has_a_history_page(ask, olivia, noun):
    assert signed_in(olivia).get(f"/history/{noun}/1/").status_code == 404


def test_a_record_that_never_was_has_no_history_page(olivia):
    assert signed_in(olivia).get(reverse("history", args=["action", 999])).status_code == 404


def test_the_history_of_a_meeting_holds_what_was_deleted_from_it(one_of_each, cast):
    remove(one_of_each["point"], by=cast.olivia, reason="Said under another item")
    answer = signed_in(cast.arun).get(reverse("history", args=["meeting", one_of_each["meeting"].pk]))
    assert [entry.why for entry in answer.context["entries"] if entry.kind == "deleted"] == [
        "Said under another item"
    ] * 2  # the point, and the theme it carried


def test_of_many_moves_the_newest_are_shown_and_the_page_says_so(ask, olivia, monkeypatch):
    meeting = factories.MeetingFactory(board=ask.action.board, date=date(2023, 5, 3))
    for element in ask.elements:
        reported(element, received_on=meeting.date)
        factories.JudgementFactory(element=element, item__meeting=meeting)
    assert len(moved_since(olivia, ask.action.board, meeting.date)) == 6
    for module in ("dashboard", "views"):
        monkeypatch.setattr(f"scrutiny.overview.{module}.MOVES_SHOWN", 2)
    page = signed_in(olivia).get(ask.action.board.get_absolute_url())
    assert len(page.context["moves"]) == 2
    assert "These are the newest 2." in page.content.decode()
