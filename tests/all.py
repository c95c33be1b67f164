"""Every test on SQLite, then on PostgreSQL, with one closing line for both: python -m tests.all

What cannot be run here (no browser, no PostgreSQL) is said loudly at the end, and is a failure when CI=true.
Arguments are passed on to pytest.
"""

import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.browser.chromium import HOW_TO_GET_ONE, find_chromium
from tests.temporary_postgres import NoPostgres, stopped_by_signals, temporary_postgres

ROOT = Path(__file__).resolve().parent.parent
ON_POSTGRESQL = "not browser and not verify and not every_page"
PYTEST = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "worksteal"]


def main(arguments):
    counts = Counter()
    missing = []
    with stopped_by_signals():
        if not find_chromium():
            missing.append(f"The browser tests did not run. {HOW_TO_GET_ONE}")
        with tempfile.TemporaryDirectory(prefix="scrutiny-exercised-") as exercised:
            counts += run("SQLite and browser", ["-m", "not verify", *arguments], None, EXERCISED=exercised)
            if not arguments and not missing:
                counts["failed"] += all_exercised(exercised)
        try:
            with ExitStack() as stack:
                url = stack.enter_context(temporary_postgres())
                counts += run("PostgreSQL", ["-m", ON_POSTGRESQL, *arguments], database=url)
        except NoPostgres as error:
            missing.append(f"The tests on PostgreSQL did not run. {error}")

    for sentence in missing:
        shout(sentence)
    if in_ci():
        counts["failed"] += len(missing)
    print(closing_line(counts), flush=True)
    return 1 if counts["failed"] or not counts["passed"] else 0


def run(title, arguments, database, **more):
    """Runs pytest once and counts."""
    with started(title, arguments, database, **more) as counts:
        return counts()


@contextmanager
def started(title, arguments, database, stdout=None, **more):
    """Starts pytest, and gives what waits for it and counts. It is ended if the block is left before.

    A run that broke off, or had nothing to run, counts as a failure.
    """
    print(f"\n=== {title} ===", flush=True)
    start = time.monotonic()

    def counts():
        code = process.wait()
        found = counted(report)
        if code != 0 and not found["failed"]:
            print(f"pytest ended with code {code}" + (": it ran no test." if code == 5 else "."))
            found["failed"] += 1
        print(f"{title}: {time.monotonic() - start:.0f} seconds", flush=True)
        return found

    with tempfile.TemporaryDirectory(prefix="scrutiny-all-") as directory:
        report = Path(directory, "report.xml")
        command = [*PYTEST, f"--junitxml={report}", "-o", "junit_family=xunit2", *arguments]
        environ = environment(database, directory) | more
        with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=stdout) as process:
            try:
                yield counts
            finally:
                process.kill()


def environment(database, directory):
    """The tests see the one database meant for them, none of the settings of a real site, and leave no files."""
    ours = (
        "DATABASE_URL",
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "SITE_ADDRESS",
        "EMAIL_URL",
        "EMAIL_FROM",
        "DATA_DIR",
        "DEBUG",
        "COUNCIL_NAME",
    )
    clean = {name: value for name, value in os.environ.items() if name not in ours}
    return (
        clean | {"DEVELOPMENT": "1", "TMPDIR": directory} | ({"DATABASE_URL": database} if database else {})
    )


def all_exercised(directory):
    """1 if there is an address or a template that no test has used, which is printed; else 0."""
    command = [sys.executable, "-m", "tests.exercised", directory]
    with tempfile.TemporaryDirectory(prefix="scrutiny-all-") as temporary:
        environ = environment(None, temporary) | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
        return subprocess.run(command, cwd=ROOT, env=environ).returncode


def counted(report):
    """The sums of one of pytest's XML reports."""
    if not report.exists():
        return Counter()
    counts = Counter()
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        skipped = int(suite.get("skipped"))
        failed = int(suite.get("failures")) + int(suite.get("errors"))
        counts.update(skipped=skipped, failed=failed, passed=int(suite.get("tests")) - skipped - failed)
    return counts


def closing_line(counts):
    return f"all: {counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped"


def in_ci():
    return os.environ.get("CI") == "true"


def shout(sentence):
    bar = "!" * 100
    print(f"\n{bar}\nNOT RUN: {sentence}\n{bar}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
