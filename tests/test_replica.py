"""Two real PostgreSQL servers, one streaming to the other: everybody reads what they wrote, and reading goes on."""

import http.cookiejar
import re
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from urllib.parse import quote

import psycopg
import pytest

from scrutiny.demonstration import accounts
from tests.numbers import tried
from tests.own_site import OwnSite, wait_until
from tests.temporary_postgres import (
    NAME,
    NoPostgres,
    as_account,
    find_programs,
    given_url,
    make_cluster,
    private_directory,
    stop,
    unprivileged_account,
)

pytestmark = pytest.mark.verify

PEOPLE, ROUNDS = 4, 25
# What a server tidies by itself would be counted among what pages ask of it.
SETTINGS = ["listen_addresses=", "shared_buffers=64MB", "max_connections=60", "autovacuum=off"]
DELAY = "200ms"  # how far the replica stays behind


class Server:
    def __init__(self, programs, directory, account):
        self.programs, self.directory, self.account, self.process = programs, directory, account, None
        self.url = f"postgres://{NAME}@{quote(str(directory), safe='')}/{NAME}"

    def start(self):
        chosen = [part for setting in SETTINGS for part in ("-c", setting)]
        self.process = subprocess.Popen(
            [self.programs / "postgres", "-D", self.directory / "data", "-k", self.directory, *chosen],
            **as_account(self.account),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self.answers)

    def answers(self):
        try:
            psycopg.connect(host=str(self.directory), user=NAME, dbname="postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def ask(self, statement, database=NAME):
        with psycopg.connect(
            host=str(self.directory), user=NAME, dbname=database, autocommit=True
        ) as connection:
            answer = connection.execute(statement)
            return answer.fetchone() if answer.description else None

    def stop(self):
        if self.process and self.process.poll() is None:
            stop(self.process)


@pytest.fixture(scope="module")
def servers():
    if not given_url():
        pytest.skip("replicas are of PostgreSQL")
    account = unprivileged_account()
    try:
        programs = find_programs(account)
    except NoPostgres as error:
        pytest.skip(str(error))
    if not (programs / "pg_basebackup").exists():
        pytest.skip("pg_basebackup is not installed")
    with ExitStack() as stack:
        primary, replica = (
            Server(programs, stack.enter_context(private_directory(account)), account) for _ in range(2)
        )
        make_cluster(programs, primary.directory, account)
        for server in (primary, replica):
            stack.callback(server.stop)
        primary.start()
        primary.ask(f"CREATE DATABASE {NAME}", database="postgres")
        command = ["pg_basebackup", "-h", primary.directory, "-U", NAME, "-D", replica.directory / "data"]
        subprocess.run(
            [programs / command[0], *command[1:], "--write-recovery-conf", "--checkpoint=fast"],
            **as_account(account),
            check=True,
        )
        replica.start()
        yield SimpleNamespace(primary=primary, replica=replica)


@pytest.fixture(scope="module")
def site(servers, tmp_path_factory):
    site = OwnSite(
        {
            "DEVELOPMENT": "1",
            "DATA_DIR": str(tmp_path_factory.mktemp("site")),
            "DATABASE_URL": servers.primary.url,
            "REPLICA_URL": servers.replica.url,
        }
    )
    site.demonstration()
    wait_until(lambda: caught_up(servers))
    with site.serving():
        yield site


def caught_up(servers):
    there = servers.primary.ask("SELECT pg_current_wal_lsn()")[0]
    return servers.replica.ask(f"SELECT pg_last_wal_replay_lsn() >= '{there}'")[0]


class Browser:
    def __init__(self, site, username):
        self.site = site
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
        (password,) = {account["password"] for account in accounts() if account["username"] == username}
        self.send("/sign-in/", username=username, password=password)

    def get(self, path):
        """(status, text) of a page."""
        return self._open(urllib.request.Request(self.site.url + path))

    def send(self, path, **typed):
        """Fills in the form of a page, keeping what stands in it."""
        _, page = self.get(path)
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        body = urllib.parse.urlencode(hidden | typed).encode()
        headers = {"Origin": self.site.url}
        return self._open(urllib.request.Request(self.site.url + path, data=body, headers=headers))

    def _open(self, request):
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def add_and_look(browser, name):
    """Adds an organisation; the page that follows, and the list, show it."""
    status, page = browser.send("/organisations/add/", name=name, kind="other")
    assert status == 200
    return name in page and name in browser.get(f"/organisations/?q={quote(name)}")[1]


def is_found(browser, name):
    """False while a process of the site has no connection yet. A list that is shown shows it."""
    status, page = browser.get(f"/organisations/?q={quote(name)}")
    if status == 503:
        return False
    assert name in page
    return True


@contextmanager
def replica_behind(servers, delay):
    servers.replica.ask(f"ALTER SYSTEM SET recovery_min_apply_delay = '{delay}'", database="postgres")
    servers.replica.ask("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        servers.replica.ask("ALTER SYSTEM RESET recovery_min_apply_delay", database="postgres")
        servers.replica.ask("SELECT pg_reload_conf()")


PAGES = 20
ASKED_BY_A_PAGE = 7  # statements: the list of elements (tests/bench)
REPORTED_AFTER = 11  # seconds: a connection of PostgreSQL that rests tells what it did after ten


def commits(server):
    """How many transactions a server has ended, reading ones too."""
    time.sleep(1.5)  # a server adds its counters up every second
    return server.ask(f"SELECT xact_commit FROM pg_stat_database WHERE datname = '{NAME}'")[0]


def test_pages_come_from_the_replica(site, servers):
    olivia = Browser(site, "olivia")
    olivia.get("/elements/")
    time.sleep(REPORTED_AFTER)
    before = commits(servers.primary), commits(servers.replica)
    for _ in range(PAGES):
        assert olivia.get("/elements/")[0] == 200
    time.sleep(REPORTED_AFTER)
    on_primary, on_replica = commits(servers.primary) - before[0], commits(servers.replica) - before[1]
    tried(f"statements on the replica, {on_primary} on the primary, for {PAGES} pages", on_replica)
    assert on_replica >= PAGES * ASKED_BY_A_PAGE
    assert on_primary < on_replica / 3  # where it is, once a second, and our own looking


def test_everybody_reads_what_they_wrote_while_the_replica_is_behind(site, servers):
    missing = []

    def work(number):
        browser = Browser(site, "olivia")
        missing.extend(
            name
            for name in (f"Body {number} of round {turn}" for turn in range(ROUNDS))
            if not add_and_look(browser, name)
        )

    with replica_behind(servers, DELAY):
        people = [threading.Thread(target=work, args=(number,)) for number in range(PEOPLE)]
        for person in people:
            person.start()
        for person in people:
            person.join()
    tried(f"writes read again at once, replica {DELAY} behind; not seen {len(missing)}", PEOPLE * ROUNDS)
    assert missing == []


def test_somebody_else_sees_it_within_moments_though_the_replica_stands_still(site, servers):
    olivia, chidi = Browser(site, "olivia"), Browser(site, "chidi")
    servers.replica.ask("SELECT pg_wal_replay_pause()")
    try:
        assert add_and_look(olivia, "Seen by others")
        start = time.monotonic()
        wait_until(lambda: "Seen by others" in chidi.get("/organisations/?q=Seen+by+others")[1], seconds=10)
        took = time.monotonic() - start
    finally:
        servers.replica.ask("SELECT pg_wal_replay_resume()")
    tried(f"time until another person saw it: {took:.1f} s, with replay stopped; checks", 1)
    assert took < 3


def test_everything_goes_on_while_the_replica_is_away(site, servers):
    olivia = Browser(site, "olivia")
    servers.replica.stop()
    slowest = 0
    for number in range(10):
        start = time.monotonic()
        assert add_and_look(olivia, f"Without the replica {number}")
        slowest = max(slowest, time.monotonic() - start)
    servers.replica.start()
    tried(f"writes and reads without the replica; slowest {slowest:.1f} s", 10)
    assert slowest < 15


def test_reading_goes_on_while_the_primary_is_away(site, servers):
    wait_until(lambda: caught_up(servers))
    time.sleep(11)  # until the replica is looked at again
    olivia = Browser(site, "olivia")
    pages = ["/", "/elements/", "/actions/", "/meetings/", "/search/?q=report"]
    assert {olivia.get(page)[0] for page in pages} == {200}
    wait_until(lambda: caught_up(servers))
    servers.primary.process.kill()
    servers.primary.process.wait()
    times = []
    try:
        for page in pages * 6:
            start = time.monotonic()
            status, _ = olivia.get(page)
            times.append(time.monotonic() - start)
            assert status == 200, page
        status, page = olivia.send("/organisations/add/", name="Typed while it was away", kind="other")
        assert status == 503
        assert "Typed while it was away" in page
    finally:
        servers.primary.start()
    times.sort()
    tried(f"pages without the primary; median {times[len(times) // 2]:.2f} s, slowest {times[-1]:.2f} s", 30)
    wait_until(lambda: olivia.send("/organisations/add/", name="After it came back", kind="other")[0] == 200)
    wait_until(lambda: is_found(olivia, "After it came back"))
