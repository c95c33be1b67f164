"""The fault tests in full: `make verify`. The names say which of safety-notes F1 to F9 they try."""

import os
import random
import signal
import time
from contextlib import ExitStack

import pytest
from django.db import connection

from tests.faults.databases import SqliteFile, postgres_server
from tests.faults.disks import full, small_disk
from tests.faults.server import running_site
from tests.faults.writers import balance, pause, saving, wait_for, wait_until, wrong
from tests.numbers import tried

pytestmark = pytest.mark.verify

WORKER_KILLS = int(os.environ.get("WORKER_KILLS", 100))
SERVER_KILLS = int(os.environ.get("SERVER_KILLS", 50))  # of the database, and as many of one of its processes
EVERYTHING = int(os.environ.get("EVERYTHING_KILLS", 30))
BETWEEN = 10  # updates that are saved before the next fault, so that each meets people at work


def settle(site, book, what, count):
    """Prints what was tried and asks that nothing was lost."""
    found = balance(site, book)
    answers = {
        f"{method} {status or 'none'}": count for (method, status), count in sorted(book.answers.items())
    }
    tried(f"{what} on {site.database.name}: {found}; answers {answers}", count)
    assert found["acknowledged"] > 0
    assert wrong(found) == {}
    return found


def hurt(site, what, count, fault):
    with saving(site) as book:
        for _ in range(count):
            assert wait_for(book, BETWEEN, patience=120)
            pause()
            fault()
    return settle(site, book, what, count)


def test_f1_kills_of_web_workers(site):
    hurt(site, "kills of a web worker", WORKER_KILLS, site.kill_a_worker)


def test_f2_kills_of_the_database_server(site, server):
    def kill_and_start():
        server.kill()
        pause()
        server.start()

    hurt(site, "kills of the database server", SERVER_KILLS, kill_and_start)


def test_f3_kills_of_one_process_of_the_database(site, server):
    def kill_one():
        os.kill(random.choice(server.backends()), signal.SIGKILL)
        server.start()

    hurt(site, "kills of one process of the database", SERVER_KILLS, kill_one)


def test_f4_kills_of_everything_at_once(site):
    def kill_all():
        site.kill()
        site.database.kill()
        site.database.start()
        site.start()

    hurt(site, "kills of everything at once", EVERYTHING, kill_all)


def test_f5_the_database_is_restarted_while_people_save(site, server):
    """Away for two seconds: 503 with the text, never a 500, and saving goes on as soon as it is back."""
    waits = []
    with saving(site) as book:
        for _ in range(5):
            assert wait_for(book, BETWEEN, patience=120)
            server.stop()
            time.sleep(2)
            server.start()
            back = time.monotonic()
            assert wait_for(book, 1)
            waits.append(book.last_saved - back)
    found = settle(site, book, f"restarts of the database, first save after at most {max(waits):.1f} s", 5)
    assert found["answered 500"] == 0
    assert max(waits) <= 5


def test_f6_what_was_sent_again_is_there_once(site):
    """Every worker dies several times in the middle of a write: much is sent again with the same token."""

    def kill_workers():
        for _ in range(2):
            site.kill_a_worker()

    found = hurt(site, "kills of all workers", 10, kill_workers)
    assert found["sent again"] > 0


def test_f7_a_new_version_is_taken_up_while_people_save(site):
    with saving(site) as book:
        for _ in range(5):
            assert wait_for(book, BETWEEN, patience=120)
            site.reload()
            assert wait_for(book, 3 * BETWEEN, patience=120)
    settle(site, book, "reloads of the web server", 5)
    assert {status for _, status in book.answers} == {200, 302}


@pytest.fixture
def cramped(tmp_path):
    """A site whose database lies on a small disk, and the place of that disk."""
    with ExitStack() as stack:
        if connection.vendor == "sqlite":
            place = stack.enter_context(small_disk(tmp_path / "data", 30))
            database = SqliteFile(place)
        else:
            database = stack.enter_context(postgres_server(data=100))
            place = database.directory / "data"
        yield stack.enter_context(running_site(database, tmp_path)), place


@pytest.fixture
def cramped_log(tmp_path):
    """A site whose database has its write-ahead log on a small disk, and the place of that disk."""
    if connection.vendor != "postgresql":
        pytest.skip("Only PostgreSQL has its log on a disk of its own.")
    with postgres_server(wal=20) as database, running_site(database, tmp_path) as site:
        yield site, database.directory / "wal"


def test_f8_the_disk_of_the_database_is_full(cramped):
    reads = fill(*cramped)
    assert reads.count(200) >= 0.9 * len(reads)


def test_f8_the_disk_of_the_write_ahead_log_is_full(cramped_log):
    """The server itself gives up, and so do pages; what was acknowledged is there when it starts again."""
    fill(*cramped_log)


def fill(site, place):
    """Fills a disk twice while people save and read; gives how the pages were answered while it was full."""
    reads = []
    with saving(site) as book:
        for _ in range(2):
            assert wait_for(book, BETWEEN, patience=120)
            with full(place):
                before = book.answers["POST", 503]
                assert wait_until(lambda before=before: book.answers["POST", 503] > before, patience=300)
                for _ in range(20):
                    reads.append(site.status_of("/actions/", site.officers[0]))
                    time.sleep(0.25)
                refused = book.answers["POST", 503] - before
            site.database.start()  # what a supervisor does, where the server gave up
            back = time.monotonic()
            assert wait_for(book, 1)
            recovered = book.last_saved - back
    what = f"full disks, {refused} answers 503 in the last, saving again after {recovered:.1f} s, reads {set(reads)}"
    settle(site, book, what, 2)
    assert recovered <= 5
    return reads


def test_f9_the_database_can_only_be_read(site, server):
    """Reading goes on and the pages say so; writing is refused with the text kept; it ends by itself."""
    with saving(site) as book:
        assert wait_for(book, BETWEEN, patience=120)
        server.read_only(True)
        assert wait_until(
            lambda: book.answers["POST", 503] >= 3 * len(site.officers)
        )  # what was begun has ended
        saved = book.saved
        pages = [site.send("GET", site.officers[0]["page"], site.officers[0]) for _ in range(20)]
        time.sleep(2)
        refused = book.answers["POST", 503]
        assert book.saved == saved
        server.read_only(False)
        back = time.monotonic()
        assert wait_for(book, 1)
        recovered = book.last_saved - back
        page = site.send("GET", site.officers[0]["page"], site.officers[0])
    what = f"spells of a read-only database, {refused} answers 503, saving again after {recovered:.1f} s"
    settle(site, book, what, 1)
    assert {answer.status for answer in pages} == {200}
    assert all(SAYS_SO in answer.text for answer in pages)
    assert SAYS_SO not in page.text
    assert refused > 0
    assert recovered <= 5


SAYS_SO = "can only be read just now"
