"""The proofs that take minutes, on SQLite and on PostgreSQL side by side: python -m tests.verify

They print what they tried, and how often; those on PostgreSQL into var/verify-postgresql.txt, shown at the end.
Arguments are passed on to pytest.
"""

import sys

from tests.all import ROOT, closing_line, started
from tests.temporary_postgres import stopped_by_signals, temporary_postgres

# They measure, start servers of their own, and take as long as they take.
ONE_BY_ONE = ["-n", "0", "-s", "-o", "faulthandler_timeout=0"]
BESIDE = ROOT / "var" / "verify-postgresql.txt"


def main(arguments):
    BESIDE.parent.mkdir(exist_ok=True)
    with stopped_by_signals(), temporary_postgres() as url, BESIDE.open("w") as file:
        on_postgresql = [*ONE_BY_ONE, "-m", "verify or every_page", *arguments]
        on_sqlite = [*ONE_BY_ONE, "-m", "verify", *arguments]
        with (
            started("Proofs on PostgreSQL", on_postgresql, url, stdout=file, PYTHONUNBUFFERED="1") as beside,
            started("Proofs on SQLite", on_sqlite, None) as here,
        ):
            counts = here() + beside()
    print(BESIDE.read_text())
    print(closing_line(counts), flush=True)
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
