"""One site for each fault, on SQLite; on a PostgreSQL of its own when the tests run on that."""

from contextlib import ExitStack, contextmanager

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
