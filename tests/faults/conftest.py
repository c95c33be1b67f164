"""One site for each fault, on SQLite; on a PostgreSQL of its own when the tests run on that."""

import signal
from contextlib import ExitStack, contextmanager, suppress

import pytest
from django.conf import settings

from tests.faults.databases import SqliteFile, postgres_server
from tests.faults.server import running_site


@contextmanager
def database_of_the_run(directory):
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield SqliteFile(directory)
        return
    with postgres_server() as server:
        yield server


@pytest.fixture(autouse=True)
def stopped_as_by_hand():
    """Whoever ends the tests ends them as Ctrl-C does, so that the servers they started are stopped."""
    with suppress(ValueError):  # not in the main thread: signals are somebody else's business
        signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.fixture
def site(tmp_path):
    with ExitStack() as stack:
        database = stack.enter_context(database_of_the_run(tmp_path))
        yield stack.enter_context(running_site(database, tmp_path))


@pytest.fixture
def server(site):
    """The database, where it is a server that can be killed by itself."""
    if site.database.vendor != "postgresql":
        pytest.skip("SQLite has no server: it dies with the processes of the site.")
    return site.database
