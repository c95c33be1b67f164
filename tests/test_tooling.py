"""Around the product: pinned requirements, settings that say what is wrong, the tests' PostgreSQL."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import psycopg
import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import exercised
from tests.all import closing_line, counted
from tests.temporary_postgres import NoPostgres, find_programs, numbers_in, temporary_postgres

ROOT = Path(__file__).resolve().parent.parent


# ---- pinned requirements


def declared(group=None):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lines = project["dependency-groups"][group] if group else project["project"]["dependencies"]
    return [Requirement(line) for line in lines]


def pinned(file):
    """Name to (version, number of hashes), for what applies on this machine."""
    found = {}
    for entry in re.split(r"\n(?=\S)", (ROOT / file).read_text().strip()):
        requirement, _, marker = entry.split(" \\\n")[0].partition(" ; ")
        name, _, version = requirement.partition("==")
        if not marker or Marker(marker).evaluate():
            found[canonicalize_name(name)] = (version, entry.count("--hash=sha256:"))
    return found


@pytest.mark.parametrize(
    ("requirement", "file"),
    [(r, "requirements.txt") for r in declared()]
    + [(r, "requirements-dev.txt") for r in [*declared(), *declared("dev")]],
    ids=str,
)
def test_every_dependency_is_pinned_with_a_hash(requirement, file):
    version, hashes = pinned(file).get(canonicalize_name(requirement.name), ("", 0))
    assert requirement.specifier.contains(version or "0"), (
        f"{file} has {requirement.name} {version}. Run: make lock"
    )
    assert hashes


def test_everything_that_is_pinned_has_a_hash():
    for file in ("requirements.txt", "requirements-dev.txt"):
        assert [name for name, (_, hashes) in pinned(file).items() if not hashes] == []


def test_tests_run_with_the_versions_that_are_served():
    served, tested = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert {name: tested.get(name) for name in served} == served


def test_requirements_name_no_place_to_download_from():
    for file in ("requirements.txt", "requirements-dev.txt"):
        assert not re.search(r"://|--index|--find-links|--extra|--trusted", (ROOT / file).read_text())


# ---- settings


def start(and_then="", **environment):
    """Starts the site as a server would, with these settings and no others."""
    return subprocess.run(
        [sys.executable, "-c", f"import scrutiny.wsgi\n{and_then}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


REAL = {
    "SECRET_KEY": "a-long-text-for-this-test-only-0123456789-abcdefghijklmnop",
    "ALLOWED_HOSTS": "scrutiny.example.gov.uk",
    "SITE_ADDRESS": "https://scrutiny.example.gov.uk",
    "EMAIL_URL": "submission://somebody:password@mail.example.gov.uk:587",
    "EMAIL_FROM": "scrutiny@example.gov.uk",
    "TOTP_KEY": "bmV2ZXItdXNlLXRoaXMta2V5LWZvci1hbnl0aGluZyE=",
}


@pytest.mark.slow
def test_a_site_with_its_settings_starts(tmp_path):
    assert start(**REAL, DATA_DIR=str(tmp_path)).returncode == 0


@pytest.mark.slow
def test_what_a_site_loads_at_its_start_is_not_looked_through_for_garbage(tmp_path):
    views = "import gc, sys\nprint('actions.views' in sys.modules, gc.get_freeze_count() > 100_000)"
    assert start(views, **REAL, DATA_DIR=str(tmp_path)).stdout == "True True\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "url",
    [
        "postgres://somebody@db.example/scrutiny?sslmode=verify-full&sslrootcert=/etc/ssl/council.pem",
        "postgres://somebody@localhost/scrutiny",
        "postgres://somebody@%2Fvar%2Frun%2Fpostgresql/scrutiny",
    ],
)
def test_a_database_on_this_machine_or_one_that_is_verified_is_accepted(url, tmp_path):
    assert start(**REAL, DATABASE_URL=url, DATABASE_POOL="0,4,10", DATA_DIR=str(tmp_path)).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SECRET_KEY": None}, "Set SECRET_KEY in the environment"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is empty"),
        ({"ALLOWED_HOSTS": None}, "Set ALLOWED_HOSTS in the environment"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty"),
        ({"SITE_ADDRESS": None}, "Set SITE_ADDRESS in the environment"),
        ({"EMAIL_URL": None}, "Set EMAIL_URL in the environment"),
        ({"EMAIL_URL": "nonsense"}, "EMAIL_URL cannot be used"),
        ({"EMAIL_FROM": None}, "Set EMAIL_FROM in the environment"),
        ({"TOTP_KEY": None}, "Set TOTP_KEY in the environment"),
        ({"TOTP_KEY": "short"}, "TOTP_KEY cannot be used"),
        ({"SESSION_IDLE_MINUTES": "never"}, "SESSION_IDLE_MINUTES"),
        ({"OIDC_SERVER": "https://login.example.gov.uk"}, "Set OIDC_CLIENT_ID in the environment"),
        ({"DATABASE_URL": "mysql://somebody@db/scrutiny"}, "DATABASE_URL cannot be used"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL cannot be used"),
        ({"DATABASE_URL": "postgres://somebody@db:port/scrutiny"}, "DATABASE_URL cannot be used"),
        ({"DATABASE_URL": "postgres://somebody@db.example/scrutiny"}, "is not verified"),
        ({"DATABASE_URL": "postgres://somebody@db.example/scrutiny?sslmode=require"}, "is not verified"),
        ({"DATABASE_POOL": "8,1,5"}, "DATABASE_POOL cannot be used"),
        ({"DATABASE_POOL": "many"}, "DATABASE_POOL cannot be used"),
        ({"DEVELOPMENT": "perhaps"}, "DEVELOPMENT or DEBUG cannot be used"),
        ({"SMALL_NUMBER_THRESHOLD": "2"}, "SMALL_NUMBER_THRESHOLD cannot be used"),
        ({"SMALL_NUMBER_THRESHOLD": "few"}, "SMALL_NUMBER_THRESHOLD cannot be used"),
    ],
    ids=str,
)
def test_a_wrong_setting_stops_the_start_with_a_sentence_that_names_it(changed, sentence, tmp_path):
    environment = {name: value for name, value in ({**REAL, **changed}).items() if value is not None}
    answer = start(**environment, DATA_DIR=str(tmp_path))
    assert answer.returncode != 0
    last_line = answer.stderr.strip().splitlines()[-1]
    assert last_line.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert sentence in last_line


# ---- the PostgreSQL of the tests


@pytest.fixture
def nothing_given(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)


def can_connect(url):
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def directory_of(url):
    return Path(psycopg.conninfo.conninfo_to_dict(url)["host"])


@pytest.mark.slow
def test_a_temporary_postgres_answers_and_is_gone_afterwards(nothing_given):
    try:
        with temporary_postgres() as url:
            with psycopg.connect(url) as connection:
                assert connection.execute("SELECT 1").fetchone() == (1,)
                assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
                assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
            assert directory_of(url).exists()
    except NoPostgres as error:
        pytest.skip(str(error))
    assert not can_connect(url)
    assert not directory_of(url).exists()


@pytest.mark.slow
def test_a_temporary_postgres_is_gone_after_an_error(nothing_given):
    try:
        with pytest.raises(ZeroDivisionError), temporary_postgres() as url:
            1 / 0  # noqa: B018
    except NoPostgres as error:
        pytest.skip(str(error))
    assert not directory_of(url).exists()


@pytest.mark.slow
def test_a_temporary_postgres_is_gone_when_the_tests_are_told_to_stop(nothing_given):
    say_and_wait = "import os, time; print(os.environ['DATABASE_URL'], flush=True); time.sleep(60)"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.temporary_postgres", sys.executable, "-c", say_and_wait],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    url = process.stdout.readline().strip()
    if not url:
        pytest.skip(process.communicate()[1])
    assert can_connect(url)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 128 + signal.SIGTERM
    end = time.monotonic() + 10
    while directory_of(url).exists() and time.monotonic() < end:
        time.sleep(0.1)
    assert not can_connect(url)
    process.communicate()


def test_a_given_postgres_is_used_as_it_is(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@db/scrutiny")
    with temporary_postgres() as url:
        assert url == "postgres://somebody@db/scrutiny"


def test_without_postgres_the_message_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(NoPostgres, match="apt-get install postgresql"):
        find_programs(None)


def test_newer_places_come_first():
    places = ["/usr/lib/postgresql/9.6/bin", "/usr/lib/postgresql/15/bin"]
    assert max(places, key=numbers_in) == "/usr/lib/postgresql/15/bin"


# ---- the counts of make test


def test_the_closing_line_counts_what_pytest_reported(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite tests="10" failures="1" errors="2" skipped="3"></testsuite></testsuites>'
    )
    assert closing_line(counted(report)) == "all: 4 passed, 3 failed, 3 skipped"


def test_a_run_without_a_report_counts_nothing(tmp_path):
    assert closing_line(counted(tmp_path / "none.xml")) == "all: 0 passed, 0 failed, 0 skipped"


# ---- what the tests have used


def test_an_address_and_a_template_that_no_test_has_used_are_named(tmp_path):
    everything = exercised.existing()
    for part, left_out in enumerate(["search/", "people/"]):
        used = {"addresses": sorted(everything["addresses"] - {left_out, "glossary/"})}
        used["templates"] = sorted(everything["templates"] - {"base.html"})
        (tmp_path / f"exercised-{part}.json").write_text(json.dumps(used))
    found = exercised.unused(tmp_path)
    assert found["addresses"] == (len(everything["addresses"]), ["glossary/"])
    assert found["templates"] == (len(everything["templates"]), ["base.html"])


def test_addresses_are_found_in_the_whole_url_map():
    addresses = exercised.existing()["addresses"]
    assert {"", "actions/<int:pk>/", "reports/<int:pk>/"} <= addresses
    assert not any(address.startswith("administration/") for address in addresses)
