"""F16 and F17 of the whole product: backups while people write, everything destroyed, brought back and compared."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import psycopg
import pytest

from tests.numbers import tried
from tests.own_site import ROOT, own_site, wait_until

pytestmark = pytest.mark.verify

BACKUPS = 5
WRITER = """
import django; django.setup()
from scrutiny.models import Organisation, User
from scrutiny.toolkit.history import record
olivia = User.objects.get(username="olivia")
number = 0
while True:
    number += 1
    record(Organisation(name=f"Body {number}", short_name=f"B{number}"), by=olivia)
    print(number, flush=True)
"""
CONTENT = """
import django; django.setup()
import hashlib
from django.db import connection
with connection.cursor() as cursor:
    for table in sorted(connection.introspection.table_names(cursor)):
        if not table.startswith("scrutiny_entry_fts"):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = sorted(map(repr, cursor.fetchall()))
            print(table, len(rows), hashlib.sha256("\\n".join(rows).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with own_site(tmp_path_factory.mktemp("site")) as site:
        site.demonstration()
        yield site


def python(site, code):
    return [sys.executable, "-c", code], site.environment | {"DJANGO_SETTINGS_MODULE": "scrutiny.settings"}


def content(site):
    """{table: (rows, digest)} and {file: digest}."""
    command, environment = python(site, CONTENT)
    answer = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=300
    )
    folder = data_dir(site) / "files"
    files = {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
    return {line.split()[0]: line.split()[1:] for line in answer.stdout.splitlines()}, files


def lines_in(path):
    return len(path.read_text().splitlines())


def data_dir(site):
    return Path(site.environment["DATA_DIR"])


def rows_in(directory):
    (path,) = directory.iterdir()
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("manifest.json"))["rows"]


def bodies_and_histories(rows):
    return rows["scrutiny_organisation"], rows["scrutiny_historicalorganisation"]


def destroy(site):
    shutil.rmtree(data_dir(site) / "files")
    if url := site.environment.get("DATABASE_URL"):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
    else:
        for path in data_dir(site).glob("scrutiny.sqlite3*"):
            path.write_bytes(os.urandom(50_000))


def test_what_was_acknowledged_before_a_backup_is_in_it_and_comes_back(site, tmp_path):
    (data_dir(site) / "files/evidence").mkdir(parents=True, exist_ok=True)
    (data_dir(site) / "files/evidence/large.bin").write_bytes(os.urandom(5_000_000))
    site.manage("backup", tmp_path / "quiet")
    bodies, histories = bodies_and_histories(rows_in(tmp_path / "quiet"))

    command, environment = python(site, WRITER)
    acknowledged = tmp_path / "acknowledged"
    with acknowledged.open("w") as out:
        writer = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out)
    try:
        wait_until(lambda: lines_in(acknowledged) > 20)
        for number in range(BACKUPS):
            before = lines_in(acknowledged)
            site.manage("backup", tmp_path / f"busy-{number}")
            bodies_then, histories_then = bodies_and_histories(rows_in(tmp_path / f"busy-{number}"))
            assert bodies_then - bodies == histories_then - histories >= before
    finally:
        writer.kill()
        writer.wait()
    tried(f"records acknowledged while {BACKUPS} backups were made; missing 0", lines_in(acknowledged))

    site.manage("backup", tmp_path / "last")
    (path,) = (tmp_path / "last").iterdir()
    expected = content(site)
    destroy(site)
    site.manage("restore", path, "--yes")
    assert content(site) == expected
    assert "agrees with the records" in site.manage("rebuild_search", "--check").stdout
    assert "agree with the records" in site.manage("rebuild_tallies", "--check").stdout
    site.manage("check", "--database", "default")  # the triggers that guard the history stand
    tried("tables destroyed, restored and compared; different 0", len(expected[0]))


@pytest.mark.parametrize("where", [0.02, 0.2, 0.5, 0.9])
def test_a_damaged_backup_is_refused_and_the_site_stays(site, tmp_path, where):
    site.manage("backup", tmp_path)
    (path,) = tmp_path.iterdir()
    before = content(site)
    damaged = bytearray(path.read_bytes())
    damaged[int(len(damaged) * where)] ^= 1
    path.write_bytes(damaged)
    answer = site.manage("restore", path, "--yes", check=False)
    assert answer.returncode == 1
    assert "nothing was changed" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert content(site) == before
