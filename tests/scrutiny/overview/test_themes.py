"""A theme across the whole house: how often it was seen, where, what was asked, and whether it came back (T-2)."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviews.models import (
    CaseTheme,
    LearningEvidence,
    LearningPoint,
    LearningTheme,
    PointTheme,
    ReportTheme,
    ReviewCase,
)
from reviews.stages import Kind
from scrutiny.models import Point
from tests import factories
from tests.scrutiny.test_views import page_of, text_of
from tests.scrutiny.toolkit.test_exports import table

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme():
    return factories.theme("CUR")


@pytest.fixture
def reader(client, mary):
    """The client of a board member."""
    client.force_login(mary)
    return client


def said(board, day, theme, **meeting):
    """A point of a meeting that day, with the theme."""
    year = factories.YearFactory(label="long", start=date(2015, 1, 1), end=date(2035, 1, 1))
    met = factories.MeetingFactory(board=board, date=day, year=year, **meeting)
    return factories.PointThemeFactory(point__section__item__meeting=met, theme=theme)


def asked(ask, theme, closed_on=None, number=0):
    element = ask.elements[number]
    element.closed_on = closed_on
    element.save()
    return factories.ElementThemeFactory(element=element, theme=theme)


def opened(client, theme):
    return client.get(theme.get_absolute_url())


def sentence(client, theme):
    return page_of(opened(client, theme)).select_one(".sentence").text


# One theme.


def test_a_theme_nobody_has_seen_says_so(reader, theme):
    assert sentence(reader, theme) == "Not seen yet."
    assert "The Board has closed nothing about this theme yet." in text_of(opened(reader, theme))


def test_seen_once_is_told_in_the_singular(reader, ask, theme):
    asked(ask, theme)
    assert sentence(reader, theme) == "Seen once, on 8 March 2023; 1 element is open."


def test_it_says_how_often_since_when_and_what_is_open(reader, ask, board, theme):
    asked(ask, theme)
    asked(ask, theme, number=1)
    said(board, date(2023, 10, 4), theme)
    factories.ReportThemeFactory(report__item=ask.item, theme=theme)
    expected = "Seen 4 times since 8 March 2023, last on 4 October 2023; 2 elements are open."
    assert sentence(reader, theme) == expected


def test_seen_on_one_day_only_is_told_so(reader, ask, theme):
    asked(ask, theme)
    asked(ask, theme, number=1)
    assert sentence(reader, theme) == "Seen 2 times, all on 8 March 2023; 2 elements are open."


def test_nothing_open_is_said_too(reader, ask, theme):
    asked(ask, theme, closed_on=date(2023, 10, 4))
    assert sentence(reader, theme).endswith("; no elements are open.")


def test_a_contested_term_is_shown_with_its_caution_and_other_names(reader):
    page = text_of(opened(reader, factories.theme("DCO")))
    assert "Take care with this term" in page
    assert "Also called: disguised compliance" in page


def test_each_place_it_was_seen_leads_there(reader, ask, board, theme):
    tag = said(board, date(2023, 10, 4), theme)
    on_report = factories.ReportThemeFactory(report__item=ask.item, theme=theme)
    on_element = asked(ask, theme)
    links = {link["href"] for link in page_of(opened(reader, theme)).select("main a")}
    for record in (tag.point, on_report.report, on_element.element):
        assert record.get_absolute_url() in links


def test_what_was_asked_is_shown_with_how_it_stands(reader, ask, theme):
    asked(ask, theme, closed_on=date(2023, 10, 4))
    assert "Closed by the Board" in text_of(opened(reader, theme))


def test_other_themes_are_not_mixed_in(reader, board, theme):
    said(board, date(2023, 10, 4), factories.theme("NEG"))
    assert sentence(reader, theme) == "Not seen yet."


# Still recurring after action?


@pytest.mark.parametrize(
    ("closed", "days", "expected", "again"),
    [
        ([], [date(2023, 10, 4)], "The Board has closed nothing about this theme yet.", 0),
        (
            [date(2023, 10, 4)],
            [date(2023, 10, 4)],
            "The Board closed an element about this theme on 4 October 2023. It was not seen again since.",
            0,
        ),
        (
            [date(2023, 10, 4)],
            [date(2023, 11, 1)],
            "The Board closed an element about this theme on 4 October 2023. "
            "It was seen again once after that.",
            1,
        ),
        (
            [date(2023, 10, 4), date(2024, 6, 5)],
            [date(2023, 11, 1), date(2024, 3, 6)],
            "The Board closed an element about this theme on 4 October 2023. "
            "It was seen again 2 times after that, but not since it closed another on 5 June 2024.",
            2,
        ),
    ],
)
def test_it_says_whether_it_came_back_after_action(reader, ask, board, theme, closed, days, expected, again):
    for number, day in enumerate(closed):
        asked(ask, theme, closed_on=day, number=number)
    for day in days:
        said(board, day, theme)
    found = opened(reader, theme).context["return"]
    assert (found.sentence, len(found.sightings)) == (expected, again)


# The picture.


def drawn(chart):
    """[(label of a bar, {source: count})] without what is none."""
    names = [series.name for series in chart.series]
    return [
        (bar.label, {name: n for name, n in zip(names, bar.counts, strict=True) if n}) for bar in chart.bars
    ]


def bars(client, theme):
    return dict(drawn(opened(client, theme).context["chart"]))


def test_the_picture_shows_every_quarter_from_first_to_last_and_each_source(reader, ask, board, theme):
    asked(ask, theme)
    factories.ReportThemeFactory(report__item=ask.item, theme=theme)
    said(board, date(2023, 10, 4), theme)
    assert bars(reader, theme) == {
        "January to March 2023": {"Report received": 1, "Asked by the Board": 1},
        "April to June 2023": {},
        "July to September 2023": {},
        "October to December 2023": {"Scrutiny discussion": 1},
    }


def test_many_quarters_become_years(reader, board, theme):
    for year in (2019, 2022, 2023):
        said(board, date(year, 5, 3), theme)
    assert bars(reader, theme) == {
        "2019": {"Scrutiny discussion": 1},
        "2020": {},
        "2021": {},
        "2022": {"Scrutiny discussion": 1},
        "2023": {"Scrutiny discussion": 1},
    }


def test_the_numbers_of_the_picture_are_there_as_a_table(reader, board, theme):
    said(board, date(2023, 10, 4), theme)
    assert page_of(opened(reader, theme)).select("figure.chart table")


# Reviews as sources.


def seen_in_a_review(theme, kind="rapid_review", published=True, **values):
    """A review that began on 3 May 2023 and carries the theme."""
    values |= {"published_on": date(2023, 11, 2), "title": "What was learned"} if published else {}
    case = factories.CaseFactory(kind=kind, began_on=date(2023, 5, 3), **values)
    CaseTheme.objects.create(case=case, theme=theme)
    return case


@pytest.mark.parametrize("kind", Kind)
def test_a_published_review_is_a_place_where_a_theme_was_seen(reader, theme, kind):
    case = seen_in_a_review(theme, kind)
    response = opened(reader, theme)
    assert bars(reader, theme) == {"April to June 2023": {kind.label: 1}}
    assert sentence(reader, theme) == "Seen once, on 3 May 2023; no elements are open."
    assert case.get_absolute_url() in {link["href"] for link in page_of(response).select("main a")}
    assert f"{kind.label}, 3 May 2023 , {case} : {case}" in text_of(response)
    assert rows(reader)["Professional curiosity"].times == 1


def test_a_review_not_published_is_seen_only_by_those_who_work_on_it(cast, theme):
    case = seen_in_a_review(theme, published=False)
    for name, user in vars(cast).items():
        if name == "norma":
            continue
        client = Client()
        client.force_login(user)
        sees = name in ("bea", "sunil")
        assert (bars(client, theme) == {"April to June 2023": {"Rapid review": 1}}) == sees
        assert (case.reference in opened(client, theme).content.decode()) == sees
        assert rows(client)["Professional curiosity"].times == sees
        assert drawn(client.get(reverse("theme-list")).context["chart"]) == (
            [("Professional curiosity", {"Rapid review": 1})] if sees else []
        )


def test_a_theme_comes_back_in_a_review_as_far_as_one_may_see_it(cast, ask, theme):
    asked(ask, theme, closed_on=date(2023, 4, 5))
    seen_in_a_review(theme, published=False)
    for user, words in (
        (cast.mary, "It was not seen again since."),
        (cast.sunil, "It was seen again once after that."),
    ):
        client = Client()
        client.force_login(user)
        assert opened(client, theme).context["return"].sentence.endswith(words)


# What was learned about it.


def learned(theme, published=True, **values):
    values |= {"case__published_on": date(2023, 11, 2)} if published else {}
    point = factories.LearningFactory(**{"text": "Staff ask the next question."} | values)
    point.tags.create(theme=theme)
    return point


def section(response, heading):
    """The text between a heading of the page and the next one, and the links in it."""
    title = next(h for h in page_of(response).select("h2") if h.text == heading)
    parts = []
    for part in title.find_next_siblings():
        if part.name == "h2" or "no-print" in part["class"]:
            break
        parts.append(part)
    text = " ".join(" ".join(part.get_text(" ") for part in parts).split())
    return text, {link["href"] for part in parts for link in part.select("a")}


def test_what_was_learned_is_shown_with_state_spread_and_best_evidence(reader, theme):
    point = learned(theme, state="assured", evidence_grade="E4")
    point.tags.create(theme=factories.theme("NEG"))
    factories.DisseminationFactory.create_batch(2, learning=point)
    factories.AssuranceFactory(learning=point)
    text, links = section(opened(reader, theme), "What was learned")
    assert text == (
        f"Staff ask the next question. Assured, {point.owner}. 2 activities to spread it; "
        "1 of 1 agency passed it on; best evidence E4 Practice: practice changed."
    )
    assert links == {point.get_absolute_url()}


def test_evidence_is_shown_best_first_and_leads_to_its_learning(reader, theme):
    point = learned(theme)
    for grade, title in (("E2", "Attendance"), ("E4", "Dip sample")):
        factories.LearningEvidenceFactory(learning=point, grade=grade, title=title, on=date(2023, 11, 8))
    factories.LearningEvidenceFactory(learning=learned(factories.theme("NEG")), title="Another theme")
    text, links = section(opened(reader, theme), "What evidence there is")
    assert text == "E4 Dip sample , 8 November 2023 E2 Attendance , 8 November 2023"
    assert links == {point.get_absolute_url()}


def test_without_learning_and_evidence_the_page_says_so(reader, theme):
    response = opened(reader, theme)
    assert section(response, "What was learned")[0] == "No learning from a review is about it."
    assert section(response, "What evidence there is")[0] == (
        "Nothing shows yet that what was learned about it arrived."
    )


def test_learning_and_evidence_of_a_review_not_published_are_not_given_away(cast, theme):
    point = learned(theme, published=False)
    factories.LearningEvidenceFactory(learning=point, title="Dip sample")
    for name in ("olivia", "chidi", "mary", "lena", "arun", "ada", "bea", "sunil"):
        client = Client()
        client.force_login(getattr(cast, name))
        content = opened(client, theme).content.decode()
        sees = name in ("bea", "sunil")
        assert ((point.text in content), ("Dip sample" in content)) == (sees, sees)


# The list.


def rows(client, **query):
    return {row.label: row.seen for row in client.get(reverse("theme-list"), query).context["object_list"]}


def test_the_list_holds_every_theme_by_group_and_how_often_it_was_seen(reader, board, theme):
    said(board, date(2023, 10, 4), theme)
    said(board, date(2023, 11, 1), theme)
    found = rows(reader)
    assert len(found) == 47
    assert next(iter(found)) == "Voice and lived experience of the child"
    seen = found["Professional curiosity"]
    assert (seen.times, seen.first, seen.last) == (2, date(2023, 10, 4), date(2023, 11, 1))
    assert (found["Neglect"].times, found["Neglect"].first) == (0, None)


def test_the_list_is_narrowed_by_words_and_group(reader):
    assert list(rows(reader, q="compliance")) == ["Apparent or superficial co-operation"]
    assert len(rows(reader, group="1")) == 5
    assert rows(reader, q="nothing like this") == {}


def test_the_list_is_sorted_by_name(reader):
    assert next(iter(rows(reader, sort="label"))) == "Accurate and timely risk assessment"


def test_the_list_is_exported_with_what_was_counted(reader, board, theme):
    said(board, date(2023, 10, 4), theme)
    header, *lines = table(reader.get(reverse("theme-list"), {"format": "csv", "q": "curiosity"}))
    assert header[:4] == ["Code", "Theme", "Group", "In plain English"]
    assert lines[0][:3] == ["CUR", "Professional curiosity", "Thinking and judgement"]
    assert lines[0][4:] == ["1", "2023-10-04", "2023-10-04"]


def test_the_ten_themes_seen_most_are_shown_most_first(reader, board, ask):
    codes = ["CUR", "NEG", "DCO", "VOC", "POV", "INF", "ESC", "RSO", "DOM", "EHP", "SYS"]
    for code in codes:
        factories.ReportThemeFactory(report__item=ask.item, theme=factories.theme(code))
    said(board, date(2023, 10, 4), factories.theme("SYS"))
    chart = reader.get(reverse("theme-list")).context["chart"]
    assert len(chart.bars) == 10
    assert drawn(chart)[0] == ("Systems kept up to date", {"Scrutiny discussion": 1, "Report received": 1})


# Who sees what.


@pytest.mark.parametrize(("name", "times"), [("olivia", 2), ("mary", 1), ("lena", 1)])
def test_only_what_one_may_see_is_counted(cast, board, theme, name, times):
    said(board, date(2023, 10, 4), theme)
    said(board, date(2023, 11, 1), theme, minutes_state="drafting")
    client = Client()
    client.force_login(getattr(cast, name))
    assert rows(client)["Professional curiosity"].times == times
    answer = opened(client, theme)
    assert sum(bar.total for bar in answer.context["chart"].bars) == times
    assert ("1 November 2023" in text_of(answer)) == (times == 2)


def test_a_contributor_is_told_nothing_of_what_was_asked_of_others(ask, lena, theme):
    factories.ElementThemeFactory(
        element__action__resolution=ask.resolution, element__text="Waiting times", theme=theme
    )
    client = Client()
    client.force_login(lena)
    assert sentence(client, theme) == "Not seen yet."
    assert "Waiting times" not in text_of(opened(client, theme))


def test_only_an_officer_is_offered_to_change_a_theme(cast, theme):
    for name, may in {"olivia": True, "mary": False, "arun": False, "lena": False}.items():
        client = Client()
        client.force_login(getattr(cast, name))
        assert ("Change this theme" in text_of(opened(client, theme))) == may
        assert ("Add a theme" in text_of(client.get(reverse("theme-list")))) == may


# Growth.


def grow_reviews(theme, number):
    case, owner = seen_in_a_review(theme), factories.OrganisationFactory()
    points = LearningPoint.objects.bulk_create(
        LearningPoint(case=case, number=n, text="Learned", owner=owner) for n in range(number)
    )
    LearningTheme.objects.bulk_create(LearningTheme(learning=point, theme=theme) for point in points)
    LearningEvidence.objects.bulk_create(
        LearningEvidence(learning=point, title="Survey", grade="E3") for point in points
    )
    cases = ReviewCase.objects.bulk_create(
        factories.CaseFactory.build(guidance=case.guidance, published_on=date(2023, 11, 2))
        for _ in range(number)
    )
    CaseTheme.objects.bulk_create(CaseTheme(case=each, theme=theme) for each in cases)


def grow(section, report, theme, number):
    start = Point.objects.count()
    points = Point.objects.bulk_create(
        factories.PointFactory.build(section=section, position=n) for n in range(start, start + number)
    )
    PointTheme.objects.bulk_create(PointTheme(point=point, theme=theme) for point in points)
    if not report.tags.exists():
        ReportTheme.objects.bulk_create([ReportTheme(report=report, theme=theme)])


@pytest.mark.slow
@pytest.mark.parametrize("page", ["list", "theme", "meeting"])
def test_a_page_asks_the_database_as_often_for_much_as_for_little(client, olivia, ask, theme, page):
    client.force_login(olivia)
    section, report = factories.SectionFactory(item=ask.item), factories.ReportFactory(item=ask.item)
    urls = {"list": reverse("theme-list"), "theme": theme.get_absolute_url()}
    url = urls.get(page, ask.meeting.get_absolute_url())

    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    asked(ask, theme)
    grow(section, report, theme, 3)
    grow_reviews(theme, 3)
    queries()
    few = queries()
    grow(section, report, theme, 300)
    grow_reviews(theme, 300)
    assert queries() == few <= 45
