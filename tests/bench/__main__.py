"""Measures our pages at two sizes, one request at a time, turn by turn, and compares with the budgets.

    python -m tests.bench                                   PostgreSQL, 1,000 and 100,000 actions
    python -m tests.bench --actions 1000 20000 --rounds 5
    python -m tests.bench --database sqlite
    python -m tests.bench --only home                       those jobs alone

With DATABASE_URL naming a PostgreSQL, the databases are made there and stay for the next time.

Times on a machine that does other work move by a third from run to run; the ratios of one run hold, because sizes and
jobs take turns. Ends with 1 if a budget is not held.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from tests.bench.budgets import BUDGETS, Results, general, judged
from tests.temporary_postgres import temporary_postgres

ROOT = Path(__file__).resolve().parent.parent.parent
AS_IN_PRODUCTION = {  # writes wait for the disk, as they do where nothing may be lost
    "autovacuum": "on",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "512MB",
    "max_wal_size": "4GB",
}
SLOW = ("CSV", "tracker report")
TIMES_SLOW = 3
BARE_AFTER = 6  # jobs
ALWAYS = {"bare", "empty"}


def main(arguments):
    asked = options(arguments)
    with ExitStack() as stack:
        places = stack.enter_context(databases(asked))
        workers = {size: stack.enter_context(worker(places[size])) for size in asked.actions}
        results = measure(workers, asked)
    return report(results)


def options(arguments):
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--actions", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    parser.add_argument("--rounds", type=int, default=11, help="how often each page is asked for")
    parser.add_argument("--only", default="", help="jobs with these words in their names")
    return parser.parse_args(arguments)


@contextmanager
def databases(asked):
    """{size: environment of a process that works on a database of so many actions}"""
    ours = ("DATABASE_URL", "DATA_DIR", "SECRET_KEY", "ALLOWED_HOSTS", "DEBUG")
    clean = {name: value for name, value in os.environ.items() if name not in ours}
    with tempfile.TemporaryDirectory(prefix="scrutiny-bench-") as directory:
        common = clean | {"DEVELOPMENT": "1"}
        places = {
            size: common | {"DATA_DIR": str(Path(directory, str(size)))} for size in sorted(asked.actions)
        }
        if asked.database == "sqlite":
            for size, place in places.items():
                filled(place, size)
            yield places
            return
        with temporary_postgres(AS_IN_PRODUCTION) as url:
            for size, place in places.items():
                name = f"bench_{size}"
                place["DATABASE_URL"] = f"{url.rpartition('/')[0]}/{name}"
                if made(url, name):
                    filled(place, size)
            yield places


def made(url, name):
    """Whether the database had to be made; on a server of one's own it stays for the next time."""
    with psycopg.connect(url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return False
        connection.execute(f"CREATE DATABASE {name}")
        return True


def filled(place, size):
    print(f"\nMaking {size:,} actions", flush=True)
    for command in (["migrate", "-v", "0"], ["bench_data", "--actions", str(size)]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=place, check=True)


@contextmanager
def worker(place):
    command = [sys.executable, "-m", "tests.bench.worker"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=place, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        process.jobs = json.loads(process.stdout.readline())
        yield process
    finally:
        process.stdin.close()
        process.wait()


def ask(process, job):
    process.stdin.write(f"{job}\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def measure(workers, asked):
    """Every job once to warm up, then in turns: each round every job, each job on every size."""
    results = Results(workers)
    first = next(iter(workers.values()))
    jobs = [job for job in first.jobs if job in ALWAYS or is_wanted(job, asked.only)]
    for turn in range(asked.rounds + 1):
        print(f"\rRound {turn} of {asked.rounds}", end="", flush=True)
        for job in round_of(jobs):
            if turn > TIMES_SLOW and job.startswith(("raw CSV", *SLOW)):
                continue
            for size, process in workers.items():
                answer = ask(process, job)
                if turn:
                    results.add(size, job, answer)
    print("\n")
    return results


def round_of(jobs):
    """The page without content stands among the others again and again: they are all compared with it, so that chance
    in its few measurements would be in every ratio.
    """
    for number, job in enumerate(jobs):
        yield job
        if number % BARE_AFTER == BARE_AFTER - 1:
            yield "bare"


def is_wanted(job, words):
    if words in job:
        return True
    against = [BUDGETS[name].against for name in BUDGETS if words in name]
    return any(job in names for names in against)


def report(results):
    """Prints what was found; 1 if a budget is not held."""
    small, large = results.sizes[0], results.sizes[-1]
    header = f"{'':26} {f'{small:,}':>9} {f'{large:,}':>9} {'growth':>7} {'x bare':>7} {'queries':>8}"
    print(f"Milliseconds, medians\n{header}")
    missed = 0
    for job in results.found[large]:
        print(
            f"{job:26} {results.ms(job, small):9.1f} {results.ms(job):9.1f} {results.growth(job):7.2f} "
            f"{results.ms(job) / results.ms('bare'):7.2f} {results.queries(job):8}",
            end="",
        )
        verdicts = judged(results, job)
        misses = [f"{what} {figure:.2f} > {limit:.2f}" for what, figure, limit, held in verdicts if not held]
        missed += len(misses)
        print(f"  NOT held: {'; '.join(misses)}" if misses else "  held" if verdicts else "")
    for what, figure, limit, held in general(results) if "admin list" in results.found[large] else []:
        missed += not held
        print(f"{what}: {figure:.1f}, at most {limit:.1f}: {'held' if held else 'NOT held'}")
    print(
        f"\nbench: {missed} budget{'' if missed == 1 else 's'} not held"
        if missed
        else "\nbench: all budgets held"
    )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
