"""Backups: made while others write, brought back whole, and refused where anything is wrong with them."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import threading
import zipfile
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from io import StringIO
from uuid import uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg import sql

from scrutiny.models import Organisation
from scrutiny.toolkit import backups
from scrutiny.toolkit.dumps import Refused, database_of

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
TABLES = """
    CREATE TABLE django_migrations (id integer PRIMARY KEY, app text, name text);
    CREATE TABLE note (id integer PRIMARY KEY, text text NOT NULL);
    CREATE TABLE historicalnote (history_id integer PRIMARY KEY, id integer, text text);
    INSERT INTO django_migrations VALUES (1, 'notes', '0001_initial'), (2, 'notes', '0002_more');
    INSERT INTO note VALUES (1, 'é “quoted” 👩'), (2, 'two');
    INSERT INTO historicalnote VALUES (1, 1, 'é “quoted” 👩'), (2, 2, 'two');
"""
KNOWN = {"notes": {"0001_initial", "0002_more"}}


class Site:
    """A database of its own, of the engine the tests run on, and a folder with uploads."""

    def __init__(self, settings, data_dir):
        self.settings, self.data_dir = settings, data_dir
        self.database = database_of(settings)
        with self.opened() as opened:
            for statement in filter(str.strip, TABLES.split(";")):
                opened.execute(statement)
        (data_dir / "files/evidence").mkdir(parents=True)
        (data_dir / "files/evidence/a.pdf").write_bytes(b"%PDF-" + os.urandom(3_000_000))
        (data_dir / "files/evidence/empty.txt").touch()

    @contextmanager
    def opened(self):
        if self.database.engine == "sqlite":
            with closing(sqlite3.connect(self.database.path, timeout=20, isolation_level=None)) as it:
                it.execute("PRAGMA journal_mode=WAL")
                yield it
        else:
            with psycopg.connect(**self.database.parameters, autocommit=True) as it:
                yield it

    def content(self):
        """Everything in it: {table: rows}, {file: bytes}."""
        with self.opened() as opened:
            rows = {
                table: opened.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
                for table in self.database.facts().rows
            }
        files = {
            path.relative_to(self.data_dir).as_posix(): path.read_bytes()
            for folder in backups.FOLDERS
            for path in sorted((self.data_dir / folder).rglob("*"))
            if path.is_file()
        }
        return rows, files

    def destroy(self):
        """As a failing disk would: the uploads are gone, and the database is empty or cannot be read."""
        shutil.rmtree(self.data_dir / "files")
        if self.database.engine == "sqlite":
            for path in self.database.path.parent.glob(f"{self.database.path.name}*"):
                path.write_bytes(os.urandom(10_000))
        else:
            with self.opened() as opened:
                opened.execute("DROP SCHEMA public CASCADE")

    def back_up(self, directory):
        return backups.write(
            directory, database=self.database, data_dir=self.data_dir, product="notes 1", now=NOW
        )

    def restore(self, path, known=KNOWN):
        return backups.restore(
            path,
            database=self.database,
            data_dir=self.data_dir,
            known=lambda app: known.get(app, set()),
            now=NOW,
        )


@pytest.fixture
def site(tmp_path, db):
    if connection.vendor == "sqlite":
        settings = {"ENGINE": connection.settings_dict["ENGINE"], "NAME": tmp_path / "site.sqlite3"}
        yield Site(settings, tmp_path / "data")
        return
    if not shutil.which("pg_dump"):
        pytest.skip("pg_dump is not installed")
    name = f"backup_{uuid4().hex[:12]}"
    server = database_of(connection.settings_dict).parameters
    with psycopg.connect(**server, autocommit=True) as it:
        it.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield Site(connection.settings_dict | {"NAME": name}, tmp_path / "data")
        it.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def busy(site):
    """Inside, somebody writes a note and its history in one transaction, again and again."""
    stop = threading.Event()

    def write():
        with site.opened() as opened:
            number = 10
            while not stop.is_set():
                opened.execute("BEGIN")
                opened.execute(f"INSERT INTO note VALUES ({number}, 'busy')")
                opened.execute(f"INSERT INTO historicalnote VALUES ({number}, {number}, 'busy')")
                opened.execute("COMMIT")
                number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        stop.set()
        writer.join()


def test_what_was_destroyed_comes_back_as_it_was(site, tmp_path):
    before = site.content()
    path = site.back_up(tmp_path / "backups")
    site.destroy()
    site.restore(path)
    assert site.content() == before


def test_a_backup_made_while_others_write_is_of_one_moment(site, tmp_path):
    with busy(site):
        paths = [site.back_up(tmp_path / f"backups-{n}") for n in range(3)]
    counts = []
    for path in paths:
        site.destroy()
        site.restore(path)
        (tmp_path / "data/before-restore-20261126-080000").rename(tmp_path / f"aside-{path.parent.name}")
        if site.database.engine == "postgresql":
            with site.opened() as opened:
                opened.execute("DROP SCHEMA before_restore_20261126_080000 CASCADE")
        rows, _ = site.content()
        assert [row[0] for row in rows["note"]] == [row[1] for row in rows["historicalnote"]]
        counts.append(len(rows["note"]))
    assert counts[0] < counts[1] < counts[2]


def test_what_was_there_before_is_kept_aside(site, tmp_path):
    path = site.back_up(tmp_path / "backups")
    with site.opened() as opened:
        opened.execute("INSERT INTO note VALUES (3, 'after the backup')")
    (site.data_dir / "files/later.txt").write_text("later")
    aside = site.restore(path)
    assert (aside / "files/later.txt").read_text() == "later"
    query = "SELECT text FROM {}note WHERE id = 3"
    if site.database.engine == "sqlite":
        with closing(sqlite3.connect(site.database.kept(aside))) as kept:
            assert kept.execute(query.format("")).fetchone() == ("after the backup",)
    else:
        with site.opened() as opened:
            assert opened.execute(query.format("before_restore_20261126_080000.")).fetchone()


def test_a_restored_database_can_be_backed_up_and_restored_again(site, tmp_path):
    before = site.content()
    site.restore(site.back_up(tmp_path / "first"))
    shutil.rmtree(site.data_dir / "before-restore-20261126-080000")
    if site.database.engine == "postgresql":
        with site.opened() as opened:
            opened.execute("DROP SCHEMA before_restore_20261126_080000 CASCADE")
    site.restore(site.back_up(tmp_path / "second"))
    assert site.content() == before


def test_only_its_owner_may_read_a_backup_and_nothing_else_is_left_beside_it(site, tmp_path):
    path = site.back_up(tmp_path / "backups")
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_without_room_for_it_no_half_backup_is_left(site, tmp_path, monkeypatch):
    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space left"):
        site.back_up(tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_restore_that_fails_half_way_puts_everything_back(site, tmp_path, monkeypatch):
    path = site.back_up(tmp_path / "backups")
    with site.opened() as opened:
        opened.execute("INSERT INTO note VALUES (3, 'after the backup')")
    before = site.content()

    @contextmanager
    def fail(*arguments):
        raise OSError(5, "Input/output error")
        yield

    monkeypatch.setattr(backups, "_swapped", fail)
    with pytest.raises(OSError, match="Input/output"):
        site.restore(path)
    assert site.content() == before
    assert sorted(each.name for each in site.data_dir.iterdir()) == ["files"]


def test_a_database_in_use_is_not_replaced(site, tmp_path):
    path = site.back_up(tmp_path / "backups")
    with site.opened() as opened:
        opened.execute("SELECT count(*) FROM note").fetchall()
        with pytest.raises(Refused, match="in use"):
            site.restore(path)


# Each kind of damage is refused, and what is there stays as it is.


def rewritten(path, change_manifest=None, change_members=None):
    """The same backup, put together anew by somebody who changed something in it."""
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    if change_members:
        change_members(members)
    if change_manifest:
        manifest = json.loads(members[backups.MANIFEST])
        change_manifest(manifest)
        members[backups.MANIFEST] = json.dumps(manifest).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def with_member(name, content=b"evil"):
    def damage(path):
        rewritten(
            path,
            lambda manifest: manifest["members"].update(
                {name: [len(content), hashlib.sha256(content).hexdigest()]}
            ),
            lambda members: members.update({name: content}),
        )

    return damage


def flipped(path, where):
    content = bytearray(path.read_bytes())
    content[int(len(content) * where)] ^= 0x10
    path.write_bytes(content)


def cut(path):
    path.write_bytes(path.read_bytes()[:-1_000])


def twice(path):
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("database", b"another")


def with_link(path):
    with_member("files/link", b"/etc/passwd")(path)
    with zipfile.ZipFile(path) as archive:
        members = [(info, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w") as archive:
        for info, content in members:
            if info.filename == "files/link":
                info.external_attr = 0o120777 << 16
            archive.writestr(info, content)


def other_database(content):
    def damage(path):
        digest = hashlib.sha256(content).hexdigest()
        rewritten(
            path,
            lambda manifest: manifest["members"].update({"database": [len(content), digest]}),
            lambda members: members.update({"database": content}),
        )

    return damage


def manifest_with(**changes):
    return lambda path: rewritten(path, lambda manifest: manifest.update(changes))


DAMAGE = {
    "cut off": (cut, "no backup, or it is damaged"),
    "one bit flipped in the database": (lambda path: flipped(path, 0.01), "damaged"),
    "one bit flipped in a file": (lambda path: flipped(path, 0.5), "damaged"),
    "another file altogether": (lambda path: path.write_bytes(b"%PDF-1.7 minutes"), "no backup"),
    "empty": (lambda path: path.write_bytes(b""), "no backup"),
    "missing": (lambda path: path.unlink(), "no such file"),
    "a zip of something else": (
        lambda path: rewritten(path, change_members=lambda members: members.pop("manifest.json")),
        "manifest cannot be read",
    ),
    "a manifest that says nothing": (
        lambda path: rewritten(path, change_members=lambda m: m.update({"manifest.json": b"{}"})),
        "manifest cannot be read",
    ),
    "a manifest that is no JSON": (
        lambda path: rewritten(path, change_members=lambda m: m.update({"manifest.json": b"\xff"})),
        "manifest cannot be read",
    ),
    "members without digests": (manifest_with(members={"database": 1}), "manifest cannot be read"),
    "a file changed, with the zip made right again": (
        lambda path: rewritten(path, change_members=lambda m: m.update({"files/evidence/a.pdf": b"%PDF"})),
        "files/evidence/a.pdf is not what its manifest says",
    ),
    "a file taken out": (
        lambda path: rewritten(path, change_members=lambda m: m.pop("files/evidence/a.pdf")),
        "not what its manifest says",
    ),
    "a file put in": (
        lambda path: rewritten(path, change_members=lambda m: m.update({"files/x": b""})),
        "not what its manifest says",
    ),
    "no database": (manifest_with(members={}), "no database"),
    "the same name twice": (twice, "not what its manifest says"),
    "a way out of the folder": (with_member("files/../../x"), "no backup of this product holds"),
    "an absolute path": (with_member("/etc/cron.d/x"), "no backup of this product holds"),
    "a Windows path": (with_member("files\\..\\x"), "no backup of this product holds"),
    "a folder of another kind": (with_member("staticfiles/x.js"), "no backup of this product holds"),
    "a symbolic link": (with_link, "no backup of this product holds"),
    "another engine": (manifest_with(engine="oracle"), "It was made of oracle"),
    "a later format": (manifest_with(format=2), "a format"),
    "made by newer code": (manifest_with(migrations={"notes": "0003_later"}), "notes.0003_later"),
    "an app nobody knows": (manifest_with(migrations={"other": "0001_initial"}), "newer version"),
    "rows that are not there": (manifest_with(rows={"note": 7}), "does not hold the rows"),
    "a database that is none": (other_database(b"nonsense" * 1000), ""),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", DAMAGE)
def test_a_wrong_or_damaged_backup_is_refused_and_nothing_changes(site, tmp_path, kind):
    damage, sentence = DAMAGE[kind]
    path = site.back_up(tmp_path / "backups")
    before = site.content()
    damage(path)
    with pytest.raises(Refused) as refused:
        site.restore(path)
    assert sentence in str(refused.value)
    assert site.content() == before
    assert sorted(each.name for each in site.data_dir.iterdir()) == ["files"]


# The commands


@pytest.mark.django_db(transaction=True)
def test_the_command_says_what_it_made(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    if connection.vendor == "postgresql" and not shutil.which("pg_dump"):
        pytest.skip("pg_dump is not installed")
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder(connection).ensure_schema()
    said = StringIO()
    call_command("backup", stdout=said)
    (path,) = (tmp_path / "backups").iterdir()
    assert str(path) in said.getvalue()
    assert "read back and right" in said.getvalue()
    assert backups.check(path).rows[Organisation._meta.db_table] == Organisation.objects.count()


@pytest.mark.django_db
def test_the_command_refuses_a_wrong_file_with_a_sentence(tmp_path):
    wrong = tmp_path / "minutes.pdf"
    wrong.write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match=r"minutes\.pdf was not restored, and nothing was changed"):
        call_command("restore", wrong, "--yes")


def test_nothing_is_restored_without_a_yes(site, tmp_path, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: "no")
    monkeypatch.setattr("scrutiny.management.commands.restore.migrations_known", lambda: KNOWN.get)
    path = site.back_up(tmp_path)
    said = StringIO()
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("restore", path, stdout=said)
    assert (
        "A backup of 26 November 2026, 08:00, made by notes 1: 6 rows in 3 tables, 2 files" in said.getvalue()
    )


def test_no_password_stands_on_a_command_line(monkeypatch):
    started = {}

    def run(command, env, **options):
        started.update(command=command, env=env)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr("scrutiny.toolkit.dumps.subprocess.run", run)
    monkeypatch.setattr("scrutiny.toolkit.dumps.shutil.which", lambda program: program)
    settings = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "scrutiny",
        "USER": "somebody",
        "PASSWORD": "a secret",
        "HOST": "db.example.gov.uk",
        "PORT": 5432,
        "OPTIONS": {"sslmode": "verify-full", "pool": {"min_size": 1}},
    }
    database_of(settings).check("dump")
    assert "a secret" not in " ".join(map(str, started["command"]))
    assert started["env"]["PGPASSWORD"] == "a secret"
    assert started["env"]["PGSSLMODE"] == "verify-full"
