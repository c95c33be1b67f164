"""The cast: the same few people in every test, each with the role their name says."""

import os
import re
from contextlib import contextmanager
from datetime import date, datetime, time
from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import override_settings
from django.urls import set_urlconf
from django.utils import timezone
from hypothesis import settings
from simple_history.signals import pre_create_historical_record

from scrutiny import indexing, limits
from tests import exercised, factories, foreign

settings.register_profile("everyday", deadline=None, max_examples=25)
settings.register_profile("ci", deadline=None, max_examples=200, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "everyday")


def pytest_configure(config):
    foreign.watch()
    if "EXERCISED" in os.environ:
        exercised.start()


def pytest_unconfigure(config):
    if "EXERCISED" in os.environ:
        exercised.leave(os.environ["EXERCISED"])


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """SQLite in a file, as on a real site: one in memory cannot serve two requests of a browser at once."""
    database = django_settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """What the migrations brought in is there too where tables are made without them (--nomigrations)."""
    with django_db_blocker.unblock():
        factories.reference_data()


DATABASE = {"db", "transactional_db", "live_server"}


@pytest.fixture(autouse=True)
def reference_data(request):
    """What the migrations brought in, put back where a test with real transactions has emptied the tables."""
    if request.node.get_closest_marker("django_db") or DATABASE & set(request.fixturenames):
        request.getfixturevalue("_django_db_helper")
        with site_addresses():
            factories.reference_data()


@contextmanager
def site_addresses():
    """The search keeps the address of each record. Where they are the site's already, nothing is set: Django would
    learn all addresses anew, which took half the time of a test."""
    if django_settings.ROOT_URLCONF == "scrutiny.urls":
        yield
        return
    with override_settings(ROOT_URLCONF="scrutiny.urls"):
        yield


SINCE = date(2020, 1, 1)


def hold(user, role, **scope):
    """Gives `user` a role from long ago on; `scope` may name a board or an organisation."""
    from scrutiny.models import RoleAssignment

    RoleAssignment.objects.create(user=user, role=role, start=SINCE, **scope)
    return user


@pytest.fixture(autouse=True)
def search_index(request, monkeypatch):
    """Half the time of a test went into entries that it does not look at: they are kept for those marked `search`."""
    if not request.node.get_closest_marker("search"):
        for name in ("index", "_index_new"):
            monkeypatch.setattr(indexing, name, lambda record: None)


@pytest.fixture(autouse=True)
def counted(request, monkeypatch):
    """Tests do many things in a short time. How often is counted for those marked `limits`, from nothing."""
    if request.node.get_closest_marker("limits"):
        cache.clear()
    else:
        monkeypatch.setattr(limits, "RULES", [])


@pytest.fixture(autouse=True)
def no_connection_to_another_machine():
    known = len(foreign.refused)
    yield
    assert not foreign.refused[known:]


@pytest.fixture(autouse=True)
def own_addresses():
    """A request leaves its URLconf behind in the thread: a test with one of its own does not hand it on."""
    yield
    set_urlconf(None)


def as_shown(client, url):
    """What the form of a page carries about what is stored, as a browser sends it along."""
    found = re.search(r'name="version" value="([^"]*)"', client.get(url).content.decode())
    return {"version": found[1]}


@contextmanager
def recorded_on(day):
    """What is saved inside came into the record on that day, says its history."""

    def stamp(history_instance, **kwargs):
        history_instance.history_date = timezone.make_aware(datetime.combine(day, time(12)))

    pre_create_historical_record.connect(stamp, weak=False)
    try:
        yield
    finally:
        pre_create_historical_record.disconnect(stamp)


@pytest.fixture
def recorded_at_once():
    """Everything came into the record before the days that tests are about."""
    with recorded_on(SINCE):
        yield


@pytest.fixture
def partnership(db):
    return factories.OrganisationFactory(
        name="Exampleton Safeguarding Children Partnership Executive",
        short_name="ESCP Executive",
        kind="partnership",
    )


@pytest.fixture
def board(db):
    return factories.BoardFactory(name="Scrutiny Board (Children and Families)", code="CF")


@pytest.fixture
def olivia(db):
    """The democratic services officer."""
    return hold(factories.UserFactory(username="olivia", first_name="Olivia", last_name="Marsh"), "officer")


@pytest.fixture
def petra(db):
    """The publisher: a senior officer who writes no minutes."""
    return hold(factories.UserFactory(username="petra"), "publisher")


@pytest.fixture
def chidi(db):
    """The chair."""
    return hold(factories.UserFactory(username="chidi"), "chair")


@pytest.fixture
def mary(db):
    """A board member."""
    return hold(factories.UserFactory(username="mary"), "member")


@pytest.fixture
def lena(db, partnership):
    """Answers for the partnership."""
    return hold(factories.UserFactory(username="lena"), "contributor", organisation=partnership)


@pytest.fixture
def bea(db, partnership):
    """Works in the partnership's business unit."""
    return hold(factories.UserFactory(username="bea"), "business_unit", organisation=partnership)


@pytest.fixture
def ben(db, partnership):
    """Works in the business unit too: the second person who publishes a review. Not in the cast, whom pages are
    tried with, as nothing tells him from Bea."""
    return hold(factories.UserFactory(username="ben"), "business_unit", organisation=partnership)


@pytest.fixture
def sunil(db):
    """The independent scrutineer."""
    return hold(factories.UserFactory(username="sunil"), "scrutineer")


@pytest.fixture
def arun(db):
    """The auditor."""
    return hold(factories.UserFactory(username="arun"), "auditor")


@pytest.fixture
def ada(db):
    """The administrator."""
    return hold(factories.UserFactory(username="ada"), "administrator")


@pytest.fixture
def grace(db):
    """Information governance."""
    return hold(factories.UserFactory(username="grace"), "governance")


@pytest.fixture
def norma(db):
    """Signed in, without any role."""
    return factories.UserFactory(username="norma")


@pytest.fixture
def cast(olivia, petra, chidi, mary, lena, bea, sunil, arun, grace, ada, norma):
    people = (olivia, petra, chidi, mary, lena, bea, sunil, arun, grace, ada, norma)
    return SimpleNamespace(**{person.username: person for person in people})


@pytest.fixture
def ask(board, partnership):
    """A resolution of 8 March 2023 with an action for the partnership and three elements, the third conditional."""
    meeting = factories.MeetingFactory(board=board)
    item = factories.ItemFactory(meeting=meeting, position=1)
    resolution = factories.ResolutionFactory(item=item, position=2)
    action = factories.ActionFactory(
        resolution=resolution, addressee=partnership, number=1, reference="SB-CF 22/23-01"
    )
    elements = [factories.ElementFactory(action=action, number=number) for number in (1, 2)]
    waiting = factories.ElementFactory(
        action=action,
        number=3,
        condition="dependent upon the timing of the national review",
        condition_state="waiting",
    )
    return SimpleNamespace(
        meeting=meeting, item=item, resolution=resolution, action=action, elements=[*elements, waiting]
    )
