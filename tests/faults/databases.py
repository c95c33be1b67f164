"""Databases of our own that may be killed: an SQLite file, and a PostgreSQL with its settings as on a real site."""

import signal
import sqlite3
import subprocess
import time
from contextlib import ExitStack, contextmanager
from urllib.parse import quote

import psycopg

from tests.faults.disks import small_disk
from tests.temporary_postgres import (
    NAME,
    PATIENCE,
    as_account,
    create_database,
    find_programs,
    make_cluster,
    private_directory,
    stop,
    unprivileged_account,
)


class SqliteFile:
    """Lives in the processes of the web server: whoever kills those kills it too."""

    name, vendor = "SQLite", "sqlite"

    def __init__(self, directory):
        self.directory = directory
        self.path = directory / "scrutiny.sqlite3"
        self.url = f"sqlite:///{self.path}"

    def rows(self, sql):
        connection = sqlite3.connect(self.path, timeout=PATIENCE)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def is_whole(self):
        return self.rows("PRAGMA integrity_check") == [("ok",)]

    def kill(self):
        pass

    start = kill


class PostgresServer:
    """A server that can be killed and started again. Nothing is switched off that keeps what is committed."""

    name, vendor = "PostgreSQL", "postgresql"
    OPTIONS = {"listen_addresses": "", "jit": "off", "max_connections": "60", "shared_buffers": "64MB"}

    def __init__(self, programs, directory, account):
        self.programs, self.directory, self.account = programs, directory, account
        self.url = f"postgres://{NAME}@{quote(str(directory), safe='')}/{NAME}"
        self.process = None

    def start(self):
        """Runs it until it answers. After a kill its own leftovers may keep it from starting for a moment."""
        end = time.monotonic() + PATIENCE
        while True:
            self.process = self.process if self._is_running() else self._run()
            try:
                self.connect().close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    raise
            time.sleep(0.05)

    def _is_running(self):
        return self.process is not None and self.process.poll() is None

    def _run(self):
        options = [part for name, value in self.OPTIONS.items() for part in ("-c", f"{name}={value}")]
        with open(self.directory / "log", "a") as log:
            return subprocess.Popen(
                [self.programs / "postgres", "-D", self.directory / "data", "-k", self.directory, *options],
                **as_account(self.account),
                stdout=log,
                stderr=log,
            )

    def create(self):
        self.process = self._run()
        create_database(self.process, self.directory)

    def connect(self):
        return psycopg.connect(self.url, autocommit=True, connect_timeout=5)

    def rows(self, sql):
        with self.connect() as connection:
            return connection.execute(sql).fetchall()

    def is_whole(self):
        return self.rows("SELECT 1") == [(1,)]

    def backends(self):
        """The processes that serve the site, not the one that asks."""
        found = self.rows(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return [pid for (pid,) in found]

    def kill(self):
        """kill -9 of the server itself; what it leaves behind ends when it notices."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """The fast stop, as at an upgrade: what is under way is broken off."""
        stop(self.process)

    def read_only(self, on):
        with self.connect() as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(f"ALTER SYSTEM SET default_transaction_read_only = {'on' if on else 'off'}")
            connection.execute("SELECT pg_reload_conf()")


@contextmanager
def postgres_server(**megabytes):
    """A PostgreSQL in a directory of its own, with its `data` and its write-ahead log, `wal`, apart.

    postgres_server(data=140) has its data on a disk that holds no more megabytes.
    """
    account = unprivileged_account()
    with private_directory(account) as directory, ExitStack() as stack:
        for name, size in megabytes.items():
            stack.enter_context(small_disk(directory / name, size, account))
        programs = find_programs(account)
        make_cluster(programs, directory, account, "--waldir", directory / "wal", "--wal-segsize", "1")
        server = PostgresServer(programs, directory, account)
        server.create()
        try:
            yield server
        finally:
            server.stop()
