"""docs/deploy.md is run from beginning to end, nginx and PostgreSQL included, by the script that stands beside it."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.numbers import tried
from tests.own_site import ROOT
from tests.temporary_postgres import given_url

pytestmark = pytest.mark.verify


def test_the_site_is_set_up_as_documented_and_answers():
    if not given_url():
        pytest.skip("the rehearsal starts a PostgreSQL of its own: once is enough")
    if os.geteuid() != 0 and not (shutil.which("nginx") or os.path.exists("/usr/sbin/nginx")):
        pytest.skip("nginx is not installed, and only root could install it")
    answer = subprocess.run(
        [sys.executable, ROOT / "docs/deploy/rehearse"], cwd=ROOT, capture_output=True, text=True
    )
    print(f"\n{answer.stdout}")
    assert answer.returncode == 0, answer.stderr
    tried("rehearsals of docs/deploy.md", 1)
