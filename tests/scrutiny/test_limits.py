"""What is costly is done only so often; the page says when to try again, and nothing typed is lost."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse
from hypothesis import given
from hypothesis import strategies as st

from scrutiny import limits
from scrutiny.models import Event
from scrutiny.toolkit import limits as counting
from scrutiny.toolkit.limits import DAY, HOUR, MINUTE, Limit, client_address, in_words, spend
from scrutiny.toolkit.links import signed
from tests import factories
from tests.test_access import client_of, named_urls

pytestmark = [pytest.mark.limits, pytest.mark.django_db]
TWICE = Limit(2, HOUR)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The beginning of a window."""
    now = SimpleNamespace(seconds=1_700_006_400.0)
    monkeypatch.setattr(counting, "time", SimpleNamespace(time=lambda: now.seconds))
    return now


def only(monkeypatch, what, many=2):
    """The rule of that name, with a limit that is soon reached."""
    (rule,) = [rule for rule in limits.RULES if rule.what == what]
    values = vars(rule) | {"limit": Limit(many, rule.limit.seconds)}
    monkeypatch.setattr(limits, "RULES", [limits.Rule(**values)])


def statuses(client, address, times=3, **query):
    return [client.get(address, query).status_code for _ in range(times)]


def test_up_to_the_limit_nobody_waits_and_beyond_it_until_the_window_ends(clock):
    assert [spend("x", 1, TWICE).wait for _ in range(3)] == [0, 0, HOUR]
    clock.seconds += HOUR - 1
    assert spend("x", 1, TWICE).wait == 1
    clock.seconds += 1
    assert spend("x", 1, TWICE).wait == 0


def test_each_person_and_each_thing_is_counted_apart():
    for what, who in (("x", 1), ("x", 2), ("y", 1)):
        assert [spend(what, who, TWICE).wait for _ in range(2)] == [0, 0]


def test_a_request_may_take_more_than_one(clock):
    assert spend("bytes", 1, Limit(100, DAY), 100).wait == 0
    assert spend("bytes", 1, Limit(100, DAY), 1).wait > 0


def test_only_the_first_over_the_limit_is_told_of():
    assert [spend("x", 1, TWICE).is_first_over for _ in range(4)] == [False, False, True, False]


def test_counting_takes_one_statement(django_assert_num_queries):
    for _ in range(2):
        with django_assert_num_queries(1):
            spend("x", 1, TWICE)


def test_what_was_counted_is_swept_away_when_its_time_has_ended(clock):
    spend("x", 1, TWICE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(expires), max(expires) FROM shared_cache")
        first, last = (str(each)[:13] for each in cursor.fetchone())
    ends = datetime.fromtimestamp((clock.seconds // HOUR + 1) * HOUR, UTC)
    assert first == last == f"{ends:%Y-%m-%d %H}"


def test_where_the_database_is_away_nobody_is_stopped(monkeypatch):
    def away(*args):
        raise counting.Error

    monkeypatch.setattr(counting, "_counted", away)
    assert spend("x", 1, Limit(0, HOUR)).wait == 0


def test_searching_too_often(monkeypatch, cast):
    only(monkeypatch, "searches")
    assert statuses(client_of(cast, "m"), reverse("search"), q="panel") == [200, 200, 429]
    assert statuses(client_of(cast, "o"), reverse("search"), q="panel", times=1) == [200]


def test_looking_at_the_empty_search_is_not_counted(monkeypatch, cast):
    only(monkeypatch, "searches")
    assert statuses(client_of(cast, "m"), reverse("search")) == [200, 200, 200]


def test_taking_lists_out_too_often(monkeypatch, cast):
    only(monkeypatch, "lists and papers taken out")
    assert statuses(client_of(cast, "m"), reverse("action-list"), format="csv") == [200, 200, 429]
    assert statuses(client_of(cast, "m"), reverse("action-list"), times=1) == [200]


def test_the_page_says_when_to_try_again_and_the_log_tells_of_it_once(monkeypatch, cast, clock):
    only(monkeypatch, "searches", many=0)
    client = client_of(cast, "m")
    clock.seconds += 20
    answer = client.get(reverse("search"), {"q": "panel"})
    client.get(reverse("search"), {"q": "panel"})
    assert answer.headers["Retry-After"] == "40"
    assert "Try again in 40 seconds" in answer.content.decode()
    (event,) = Event.objects.filter(kind="limited")
    assert (event.by, event.detail) == (cast.mary, "searches")


def test_what_was_typed_with_a_file_too_many_is_still_there(monkeypatch, cast, ask):
    only(monkeypatch, "files sent", many=0)
    update = factories.UpdateFactory(element=ask.elements[0])
    client = client_of(cast, "o")
    data = {"title": "Register of the training", "grade": "E3", "file": SimpleUploadedFile("a.txt", b"words")}
    answer = client.post(
        reverse("evidence-add", args=[update.pk]), data, headers={"origin": "http://testserver"}
    )
    assert answer.status_code == 429
    assert "Register of the training" in answer.content.decode()
    assert not update.evidence.exists()


def test_files_are_counted_by_their_size_too(monkeypatch, cast, ask):
    only(monkeypatch, "bytes sent", many=10)
    update = factories.UpdateFactory(element=ask.elements[0])

    def sent(content):
        data = {"title": "Names", "grade": "E3", "file": SimpleUploadedFile("a.txt", content)}
        return client_of(cast, "o").post(reverse("evidence-add", args=[update.pk]), data).status_code

    assert [sent(b"ten bytes!"), sent(b"x")] == [302, 429]


def test_a_form_without_a_file_is_no_file_sent(monkeypatch, cast, ask):
    only(monkeypatch, "files sent", many=0)
    assert client_of(cast, "o").post(reverse("person-add"), {"name": "Alex Quill"}).status_code == 302


def test_opening_a_link_is_counted_for_each_address(monkeypatch, ask):
    only(monkeypatch, "openings of a link")
    asked = factories.RequestFactory(round=factories.RoundFactory(board=ask.meeting.board))
    address = reverse("round-answer", args=[signed(asked.link_value)])
    assert statuses(Client(), address) == [200, 200, 429]
    assert statuses(Client(REMOTE_ADDR="192.0.2.7"), address, times=1) == [200]


def test_trying_links_out_is_counted_for_the_address(monkeypatch, db):
    only(monkeypatch, "openings of links")
    answers = [Client().get(reverse("round-answer", args=[f"{n}-1:x"])).status_code for n in range(3)]
    assert answers == [404, 404, 429]


@pytest.mark.parametrize("what", ["files read", "new links", "letters", "readings of a calendar"])
def test_every_rule_names_pages_that_there_are(what):
    names = named_urls(get_resolver())
    for rule in limits.RULES:
        assert rule.pages <= names.keys()
    assert what in {rule.what for rule in limits.RULES}


def test_reading_minutes_too_often(monkeypatch, cast):
    only(monkeypatch, "files read", many=0)
    client = client_of(cast, "o")
    assert client.get(reverse("import-add")).status_code == 200
    assert client.post(reverse("import-add"), {"text": "RESOLVED"}).status_code == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.1", "127.0.0.1"),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.1", "198.51.100.1"),
        (2, "10.0.0.1", "127.0.0.1"),
        (1, "not an address", "127.0.0.1"),
    ],
)
def test_the_address_is_what_our_own_proxies_say(rf, settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    assert client_address(rf.get("/", headers={"x-forwarded-for": forwarded})) == address


@given(st.integers(1, 10 * DAY))
def test_the_time_to_wait_is_told_in_full_units_that_are_enough(seconds):
    number, unit = in_words(seconds).split()
    length = {"s": 1, "m": MINUTE, "h": HOUR}[unit[0]]
    assert seconds <= int(number) * length < seconds + length
