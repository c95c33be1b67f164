"""Themes: what they are, how officers keep them, and how a person puts them on a record."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from actions.models import ElementTheme
from reviews.models import PointTheme, ReportTheme, Theme
from reviews.services.themes import change_themes
from tests import factories
from tests.conftest import hold
from tests.scrutiny.test_views import errors_of, fill, page_of, text_of

pytestmark = pytest.mark.django_db
WORDS = "Members asked about disguised compliance and professional curiosity."


@pytest.fixture
def desk(client, olivia):
    """The client of an officer."""
    client.force_login(olivia)
    return client


@pytest.fixture
def point(ask):
    return factories.PointFactory(section__item=ask.item, text=WORDS)


@pytest.fixture
def report(ask):
    return factories.ReportFactory(item=ask.item, title="Neglect", summary="Early help in schools.")


def codes(record):
    return [tag.theme.code for tag in record.tags.all()]


def keys(*wanted):
    return [str(factories.theme(code).pk) for code in wanted]


def change(record, add, *, take_away=(), by):
    added, taken = ([factories.theme(code) for code in found] for found in (add, take_away))
    change_themes(record, add=added, take_away=taken, by=by)


# The themes the product starts with (B.2, T-3).


def test_the_product_starts_with_themes_in_every_group_each_explained():
    themes = list(Theme.objects.all())
    assert len(themes) == 47
    assert {theme.group for theme in themes} == set(Theme.Group.values)
    assert all(theme.plain_english for theme in themes)
    assert [theme.position for theme in themes] == list(range(1, 48))


def test_a_contested_term_carries_a_caution_and_is_not_the_label():
    theme = factories.theme("DCO")
    assert "disguised compliance" in theme.other_names
    assert "disguised" not in theme.label.lower()
    assert "contested" in theme.caution


def test_what_the_product_ships_with_has_a_history_that_says_so():
    first = factories.theme("CUR").history.get()
    assert (first.history_type, first.label) == ("+", "Professional curiosity")


def test_other_names_stand_one_to_a_line():
    assert Theme(also_called=" one \n\n two\r\n").other_names == ["one", "two"]


# Keeping them.

TYPED = {"code": "FOO", "label": "Food and hunger", "group": "5", "plain_english": "Not enough to eat"}


def test_an_officer_adds_a_theme_and_it_comes_last_in_its_group(desk, olivia):
    response = fill(desk, "theme-add", **TYPED)
    theme = factories.theme("FOO")
    assert response.url == theme.get_absolute_url()
    assert list(Theme.objects.filter(group=5))[-1] == theme
    assert theme.history.get().history_user == olivia


@pytest.mark.parametrize(
    ("same", "sentence"),
    [
        ({"code": "CUR"}, "Another theme has this code. Choose a different one."),
        ({"label": "Neglect"}, "There is a theme of this label already. Change that one, or choose another."),
    ],
)
def test_no_two_themes_are_told_by_the_same_code_or_label(desk, same, sentence):
    assert errors_of(fill(desk, "theme-add", **TYPED | same)) == [sentence]


def test_a_theme_needs_plain_english(desk):
    assert errors_of(fill(desk, "theme-add", **TYPED | {"plain_english": ""})) == [
        "Enter the meaning in plain English."
    ]


def test_a_theme_is_changed_and_the_history_says_why(desk):
    theme = factories.theme("CUR")
    fill(desk, "theme-update", theme.pk, plain_english="Asking again", reason="Shorter")
    theme.refresh_from_db()
    assert theme.plain_english == "Asking again"
    assert theme.history.first().history_change_reason == "Shorter"


# Putting them on a record.


def open_page(client, record, noun="point"):
    return page_of(client.get(reverse(f"{noun}-themes", args=[record.pk])))


def boxes(page, legend):
    """{label: whether it is ticked} of the boxes under a legend."""
    fieldset = next(f for f in page.select("main fieldset") if f.legend.text.strip() == legend)
    return {
        page.select_one(f"label[for={box['id']}]").text.strip(): box.has_attr("checked")
        for box in fieldset.select("input")
    }


def send(client, record, noun="point", *, ticked=(), seen=()):
    data = {"seen": ",".join(keys(*seen)), "suggested": keys(*ticked)}
    return client.post(reverse(f"{noun}-themes", args=[record.pk]), data)


def test_the_words_are_quoted_and_what_they_suggest_is_ticked_first(desk, point):
    page = open_page(desk, point)
    assert page.blockquote.text == WORDS
    suggested = {"Professional curiosity": True, "Apparent or superficial co-operation": True}
    assert boxes(page, "Suggested from the words") == suggested
    assert page.select_one("main fieldset legend").text.strip() == "Suggested from the words"
    assert not any(boxes(page, "Types of harm").values())


def test_every_theme_is_offered_once_with_what_it_means(desk, point):
    page = open_page(desk, point)
    ticks = page.select("main input[type=checkbox]")
    assert len(ticks) == len({box["value"] for box in ticks}) == 47
    assert all(page.find(id=box["aria-describedby"]).text for box in ticks)


def test_once_there_are_tags_nothing_else_is_ticked(desk, point, olivia):
    change(point, ["NEG"], by=olivia)
    page = open_page(desk, point)
    assert not any(boxes(page, "Suggested from the words").values())
    assert boxes(page, "Types of harm")["Neglect"]


@pytest.mark.parametrize("noun", ["point", "report", "element"])
def test_what_is_ticked_is_put_on_the_record_with_history(desk, ask, point, report, olivia, noun):
    record = {"point": point, "report": report, "element": ask.elements[0]}[noun]
    response = send(desk, record, noun, ticked=["NEG", "CUR"])
    assert response.url == record.get_absolute_url()
    assert codes(record) == ["CUR", "NEG"]
    assert {tag.history.get().history_user for tag in record.tags.all()} == {olivia}


def test_sending_the_page_as_it_was_opened_keeps_what_was_suggested(desk, report):
    ticked = [box["value"] for box in open_page(desk, report, "report").select("input[checked]")]
    desk.post(reverse("report-themes", args=[report.pk]), {"suggested": ticked, "seen": ""})
    assert codes(report) == ["EDU", "NEG", "EHP"]


def test_what_is_unticked_is_taken_off_and_its_history_stays(desk, point, olivia):
    change(point, ["NEG", "CUR"], by=olivia)
    send(desk, point, seen=["NEG", "CUR"], ticked=["CUR"])
    assert codes(point) == ["CUR"]
    gone = PointTheme.history.filter(history_type="-").get()
    assert (gone.theme.code, gone.history_user) == ("NEG", olivia)


def test_two_officers_do_not_undo_each_other_s_choice(desk, point, olivia):
    change(point, ["NEG"], by=olivia)
    send(desk, point, seen=["NEG"], ticked=["NEG", "CUR"])
    send(desk, point, seen=["NEG"], ticked=["POV"])
    assert codes(point) == ["CUR", "POV"]


def test_what_somebody_else_did_already_stays_done(point, olivia, mary):
    change(point, ["NEG"], by=mary)
    change(point, ["NEG"], take_away=["CUR"], by=olivia)
    assert codes(point) == ["NEG"]
    assert point.tags.get().history.get().history_user == mary


@pytest.mark.parametrize(
    "data",
    [
        {"seen": "x,,9" * 50, "suggested": ["999999", "no", "9" * 5000]},
        {"group_1": ["²"], "other": ["1"]},
        {},
    ],
)
def test_what_no_page_would_send_changes_nothing(desk, point, olivia, data):
    change(point, ["NEG"], by=olivia)
    assert desk.post(reverse("point-themes", args=[point.pk]), data).status_code == 302
    assert codes(point) == ["NEG"]


def test_a_theme_that_moved_among_the_suggestions_meanwhile_is_kept_all_the_same(desk, point):
    desk.post(reverse("point-themes", args=[point.pk]), {"seen": "", "group_4": keys("CUR", "NEG")})
    assert codes(point) == ["CUR", "NEG"]


def test_approved_minutes_are_tagged_still(desk, point):
    meeting = point.minutes_of
    meeting.minutes_state = "approved"
    meeting.save()
    send(desk, point, ticked=["CUR"])
    assert codes(point) == ["CUR"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_moment_put_a_theme_on_once(point, olivia):
    theme = factories.theme("CUR")

    def press(_):
        try:
            change_themes(point, add=[theme], by=olivia)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(press, range(2)))
    assert codes(point) == ["CUR"]


# A tag goes with its record.


def test_a_point_is_deleted_with_its_themes_and_both_leave_their_history(desk, point, olivia):
    change(point, ["CUR"], by=olivia)
    fill(desk, "point-delete", point.pk, reason="Minuted twice")
    assert not PointTheme.objects.exists()
    assert PointTheme.history.filter(history_type="-").get().history_change_reason == "Minuted twice"


def test_the_history_of_a_meeting_tells_which_theme_was_put_on_which_point(desk, point, olivia):
    change(point, ["CUR"], by=olivia)
    told = text_of(desk.get(reverse("history", args=["meeting", point.minutes_of.pk])))
    assert "Theme of a point added" in told
    assert "Professional curiosity" in told
    assert str(point) in told


@pytest.mark.parametrize("noun", ["action", "element"])
def test_the_history_of_an_action_and_an_element_tells_of_its_themes(desk, ask, olivia, noun):
    change(ask.elements[0], ["CUR"], by=olivia)
    record = {"action": ask.action, "element": ask.elements[0]}[noun]
    assert "Professional curiosity" in text_of(desk.get(reverse("history", args=[noun, record.pk])))


# Where they are shown.


def links(client, url):
    return {link.text.strip(): link["href"] for link in page_of(client.get(url)).select("main .tags a")}


@pytest.mark.parametrize("where", ["meeting", "report", "action", "element"])
def test_tags_are_links_to_their_themes(client, mary, ask, point, report, olivia, where):
    client.force_login(mary)
    for record in (point, report, ask.elements[0]):
        change(record, ["CUR"], by=olivia)
    url = {
        "meeting": point.minutes_of,
        "report": report,
        "action": ask.action,
        "element": ask.elements[0],
    }[where].get_absolute_url()
    assert links(client, url) == {"Professional curiosity": factories.theme("CUR").get_absolute_url()}


@pytest.mark.parametrize("where", ["meeting", "report", "action", "element"])
def test_an_officer_is_led_to_the_page_of_themes(desk, ask, point, report, where):
    url, target = {
        "meeting": (point.minutes_of.get_absolute_url(), reverse("point-themes", args=[point.pk])),
        "report": (report.get_absolute_url(), reverse("report-themes", args=[report.pk])),
        "action": (ask.action.get_absolute_url(), reverse("element-themes", args=[ask.elements[0].pk])),
        "element": (
            ask.elements[0].get_absolute_url(),
            reverse("element-themes", args=[ask.elements[0].pk]),
        ),
    }[where]
    assert target in links(desk, url).values()


# Who sees a tag.


def test_tags_are_seen_by_those_who_see_the_record(cast, ask):
    draft = factories.MeetingFactory(board=ask.meeting.board, date=date(2023, 4, 5), minutes_state="drafting")
    item = factories.ItemFactory(meeting=draft)
    factories.PointThemeFactory(point__section__item=item)
    factories.ReportThemeFactory(report__item=item)
    factories.ElementThemeFactory(element__action__resolution__item=item)
    for model in (PointTheme, ReportTheme, ElementTheme):
        assert model.objects.visible_to(cast.olivia).count() == 1
        assert not model.objects.visible_to(cast.mary).exists()
        assert not model.objects.visible_to(cast.norma).exists()


def test_a_contributor_sees_the_themes_only_of_what_was_asked_of_their_own_body(ask, lena):
    factories.ElementThemeFactory(element=ask.elements[0])
    factories.ElementThemeFactory(element__action__resolution=ask.resolution)
    seen = ElementTheme.objects.visible_to(lena)
    assert [tag.element for tag in seen] == [ask.elements[0]]


def test_an_officer_of_another_board_puts_no_theme_on(point, db):
    client = Client()
    client.force_login(hold(factories.UserFactory(), "officer", board=factories.BoardFactory()))
    assert send(client, point, ticked=["CUR"]).status_code == 403
    assert codes(point) == []
