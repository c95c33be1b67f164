"""Each guard of access taken away in turn: some test of access must see it (A8)."""

import os
import subprocess
import sys

import pytest

from tests.guard_mutants import MUTANTS
from tests.numbers import tried


@pytest.mark.verify
def test_every_guard_that_is_taken_away_is_missed():
    """In a process of its own, on SQLite: the guards are the same on every database."""
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    found = subprocess.run(
        [sys.executable, "-m", "tests.guard_mutants"], env=environment, capture_output=True, text=True
    )
    print(found.stdout, flush=True)
    tried("guards taken away", len(MUTANTS))
    assert found.returncode == 0, found.stdout[-3000:] + found.stderr[-3000:]
