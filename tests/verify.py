"""The proofs that take minutes, on SQLite, then on PostgreSQL: python -m tests.verify

They print what they tried, and how often. Arguments are passed on to pytest.
"""

import sys
from collections import Counter

from tests.all import closing_line, run
from tests.temporary_postgres import stopped_by_signals, temporary_postgres

# They measure, start servers of their own, and take as long as they take.
ONE_BY_ONE = ["-n", "0", "-s", "-o", "faulthandler_timeout=0"]


def main(arguments):
    counts = Counter()
    with stopped_by_signals():
        counts += run("Proofs on SQLite", [*ONE_BY_ONE, "-m", "verify", *arguments], database=None)
        with temporary_postgres() as url:
            on_postgresql = [*ONE_BY_ONE, "-m", "verify or every_page", *arguments]
            counts += run("Proofs on PostgreSQL", on_postgresql, database=url)
    print(closing_line(counts), flush=True)
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
