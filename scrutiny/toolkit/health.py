"""Two questions that machines ask every few seconds, answered before a host, a session or a database is asked for.

/healthz    does this process answer? Asks nobody.
/readyz     is a database there to read from, with all migrations applied? 503 if not, and no word about why.

They need no session, host name or HTTPS: who asks is a load balancer, by number, from inside.
"""

from functools import cache

from django.db import Error, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpResponse, HttpResponseNotAllowed

PLAIN = {"Content-Type": "text/plain", "Cache-Control": "no-store"}


def health(get_response):
    """Middleware, the first of all."""

    def middleware(request):
        is_well = ANSWERS.get(request.path_info)
        if is_well is None:
            return get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        return answer(is_well())

    return middleware


def answer(is_well):
    response = HttpResponse(
        "ok\n" if is_well else "not ready\n", status=200 if is_well else 503, headers=PLAIN
    )
    response._has_been_logged = (
        True  # asked every few seconds, a 503 would fill the log while the database is away
    )
    return response


def is_alive():
    return True


def is_ready():
    return any(is_up_to_date(connection) for connection in connections.all())


def is_up_to_date(connection):
    try:
        return newest_migrations() <= set(MigrationRecorder(connection).applied_migrations())
    except Error:
        return False


@cache
def newest_migrations():
    """{(app, name)} of the last migration of each app."""
    return set(MigrationLoader(None).graph.leaf_nodes())


ANSWERS = {"/healthz": is_alive, "/readyz": is_ready}
