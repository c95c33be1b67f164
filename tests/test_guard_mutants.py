"""Each guard of access taken away in turn: some test of access must see it (A8)."""

import os
import subprocess
import sys

import pytest

from tests.guard_mutants import MUTANTS, SURVIVORS

FAST = [
    "-q",
    "-x",
    "--nomigrations",
    "-m",
    "not slow and not verify",
    "-p",
    "tests.guard_mutants",
    "-p",
    "no:cacheprovider",
]


@pytest.mark.verify
@pytest.mark.parametrize("name", MUTANTS)
def test_a_guard_that_is_taken_away_is_missed(name):
    tests = MUTANTS[name][-1]
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}  # SQLite will do
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *FAST, *tests],
        env=environment | {"MUTANT": name},
        capture_output=True,
        text=True,
    )
    survived = run.returncode == 0
    print(f"\nmutant “{name}” {'survived' if survived else 'killed'}", flush=True)
    assert run.returncode in (0, 1), run.stdout[-2000:]
    assert survived == (name in SURVIVORS), run.stdout[-2000:]
