"""A whole database in one file, and back: SQLite by its backup API, PostgreSQL by pg_dump and pg_restore."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

PATIENCE = 20  # seconds to wait for a moment in which SQLite can be read
# What libpq calls it, and the variable that its programs read: nothing secret stands on a command line.
LIBPQ = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
}


class Refused(Exception):
    """What was asked cannot be done; the message says why, and what to do."""


@dataclass(frozen=True)
class Facts:
    """`rows` of each table, and the newest of the `migrations` of each app."""

    rows: dict
    migrations: dict


def database_of(settings):
    """The database that one entry of DATABASES names."""
    return (Postgresql if settings["ENGINE"].endswith("postgresql") else Sqlite)(settings)


class Sqlite:
    engine = "sqlite"

    def __init__(self, settings):
        self.path = Path(settings["NAME"])
        self.name = str(self.path)

    def dump(self, path):
        """A copy as of one moment, also while others write. Gives its Facts."""
        with self._open(self.path) as source, closing(sqlite3.connect(path)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # so that it is one file
        return self.check(path)

    def check(self, path):
        """The Facts of a dump. Raises Refused if it is not whole."""
        try:
            with self._open(path) as connection:
                found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
                if found != "ok":
                    raise Refused(f"The database in it is damaged: {found}")
                return Facts(self._rows(connection), _newest(connection.execute(MIGRATIONS)))
        except sqlite3.DatabaseError as error:
            raise Refused(f"The database in it cannot be read: {error}") from error

    @contextmanager
    def replaced(self, dump, aside):
        """Inside, the dump stands in the place of the database. It stays, unless an error gets out of the block."""
        self._check_that_nobody_uses_it()
        parts = [Path(f"{self.path}{ending}") for ending in ("", "-wal", "-shm", "-journal")]
        moved = [(part, aside / part.name) for part in parts if part.exists()]
        try:
            for part, kept in moved:
                shutil.move(part, kept)
            shutil.move(dump, self.path)
            yield
        except BaseException:
            for part in parts:
                part.unlink(missing_ok=True)
            for part, kept in moved:
                shutil.move(kept, part)
            raise

    def facts(self):
        return self.check(self.path)

    def kept(self, aside):
        """Where the database that was replaced is now."""
        return str(aside / self.path.name)

    @contextmanager
    def _open(self, path):
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=PATIENCE)) as it:
            yield it

    def _rows(self, connection):
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
        )
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for (name,) in tables.fetchall()
        }

    def _check_that_nobody_uses_it(self):
        """SQLite gives up its write-ahead log only while a single connection is open."""
        if not self.path.exists():
            return
        try:
            with closing(sqlite3.connect(self.path, timeout=1)) as connection:
                connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            raise Refused("The database is in use. Stop the site first, then try again.") from error
        except sqlite3.DatabaseError:
            return  # it is damaged, so nobody can be using it


class Postgresql:
    engine = "postgresql"

    def __init__(self, settings):
        given = {
            "host": settings.get("HOST"),
            "port": settings.get("PORT"),
            "user": settings.get("USER"),
            "password": settings.get("PASSWORD"),
            "dbname": settings["NAME"],
        } | settings.get("OPTIONS", {})
        self.parameters = {name: str(given[name]) for name in LIBPQ if given.get(name)}
        self.name = settings["NAME"]

    def dump(self, path):
        """A dump as of one moment, also while others write. Gives its Facts, as of the same moment."""
        with self._connect() as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()[0]
            self._run(
                "pg_dump",
                "--format=custom",
                "--compress=0",
                "--no-owner",
                "--no-privileges",
                "--schema=public",
                f"--snapshot={snapshot}",
                f"--file={path}",
            )
            return self._facts(connection)

    def check(self, path):
        """Raises Refused if pg_restore cannot read the dump to its end. Its rows are counted when they are there."""
        self._run("pg_restore", f"--file={os.devnull}", path)

    @contextmanager
    def replaced(self, dump, aside):
        """Inside, the dump stands in the place of the database. It stays, unless an error gets out of the block."""
        kept = sql.Identifier(self._schema(aside))
        public = sql.Identifier("public")
        with self._connect(autocommit=True) as connection:
            self._check_that_nobody_uses_it(connection)
            with connection.transaction():
                connection.execute("CREATE SCHEMA IF NOT EXISTS public")
                connection.execute(sql.SQL("ALTER SCHEMA public RENAME TO {}").format(kept))
                connection.execute("CREATE SCHEMA public")
                connection.execute("ALTER SCHEMA public OWNER TO pg_database_owner")
                connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
            self._bring_trigrams(connection)
            try:
                self._run(
                    "pg_restore",
                    "--exit-on-error",
                    "--single-transaction",
                    "--no-owner",
                    "--no-privileges",
                    "--schema=public",
                    f"--dbname={self.name}",
                    dump,
                )
                yield
            except BaseException:
                with connection.transaction():
                    connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(public))
                    connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO public").format(kept))
                raise

    def _bring_trigrams(self, connection):
        """What the indexes of a dump need, and a dump of one schema does not hold; where the server has it."""
        if connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'").fetchone():
            connection.execute("CREATE SCHEMA IF NOT EXISTS trigrams")
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA trigrams")

    def facts(self):
        with self._connect() as connection:
            return self._facts(connection)

    def kept(self, aside):
        """Where the database that was replaced is now."""
        return f"the schema {self._schema(aside)} of the database {self.name}"

    def _schema(self, aside):
        return aside.name.replace("-", "_")

    def _facts(self, connection):
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        count = "SELECT count(*) FROM public.{}"
        rows = {
            name: connection.execute(sql.SQL(count).format(sql.Identifier(name))).fetchone()[0]
            for (name,) in tables.fetchall()
        }
        return Facts(rows, _newest(connection.execute(MIGRATIONS)) if "django_migrations" in rows else {})

    def _check_that_nobody_uses_it(self, connection):
        others = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchone()[0]
        if others:
            raise Refused(f"The database is in use by {others} others. Stop the site first, then try again.")

    def _connect(self, **options):
        try:
            return psycopg.connect(**self.parameters, **options)
        except psycopg.OperationalError as error:
            raise Refused(f"The database does not answer: {error}") from error

    def _run(self, program, *arguments):
        if not shutil.which(program):
            raise Refused(f"{program} is not installed. On Debian: apt-get install postgresql-client")
        secrets = {LIBPQ[name]: value for name, value in self.parameters.items()}
        answer = subprocess.run(
            [program, *arguments], env=os.environ | secrets, capture_output=True, text=True, errors="replace"
        )
        if answer.returncode != 0:
            raise Refused(f"{program} failed. {answer.stderr.strip()}")


MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY id"


def _newest(applied):
    return dict(applied.fetchall())
