"""One process for one database. It is told the names of jobs, one a line, and answers each with what it took."""

import json
import os
import sys
import time
from importlib import import_module


class Statements:
    """Counts what is sent to the database, and what of it only reads."""

    def __init__(self):
        self.count = self.reads = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        self.reads += sql.lstrip("(").startswith("SELECT")
        return execute(sql, params, many, context)


def memory(name):
    """VmRSS or VmHWM of this process in MB; None where there is no /proc."""
    try:
        with open("/proc/self/status") as status:
            line = next(line for line in status if line.startswith(name))
    except OSError:
        return None
    return int(line.split()[1]) / 1024


def forget_peak():
    try:
        with open("/proc/self/clear_refs", "w") as control:
            control.write("5")
    except OSError:
        pass


def measured(job):
    from django.db import connection

    statements = Statements()
    forget_peak()
    before = memory("VmRSS")
    with connection.execute_wrapper(statements):
        start = time.perf_counter()
        job()
        passed = time.perf_counter() - start
    peak = memory("VmHWM")
    return {
        "ms": passed * 1000,
        "queries": statements.count,
        "reads": statements.reads,
        "mb": peak - before if before is not None else None,
    }


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import_module("scrutiny.wsgi")  # set up as where it is served
    from tests.bench.jobs import Jobs

    jobs = Jobs().all
    print(json.dumps(list(jobs)), flush=True)
    for line in sys.stdin:
        print(json.dumps(measured(jobs[line.strip()])), flush=True)


if __name__ == "__main__":
    main()
