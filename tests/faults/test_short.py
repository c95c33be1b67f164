"""The short form of the fault tests, for every day: about twenty seconds."""

import pytest

from tests.faults.writers import balance, saving, wait_for, wrong
from tests.numbers import tried

pytestmark = pytest.mark.slow


def test_what_the_site_said_is_saved_survives_the_death_of_its_workers(site):
    with saving(site) as book:
        for _ in range(3):
            assert wait_for(book, 8)
            site.kill_a_worker()
        wait_for(book, 8)
    found = balance(site, book)
    tried(f"kills of a web worker on {site.database.name}: {found}", 3)
    assert found["acknowledged"] >= 32
    assert wrong(found) == {}
