"""Reading pages from a streaming copy of the database, without anybody missing what they have just written.

A request that only reads is answered from the replica if the replica has come as far as

- the last thing this person wrote: their browser keeps the place of it in the primary's log, and
- where the primary stood a second ago, so that a role or a session that was ended is ended there too.

Otherwise it is answered from the primary, and so is everything in a request that writes. While the primary is away,
reading goes on from the replica; while the replica is away, everything goes on from the primary.
"""

import re
import threading
import time
from contextvars import ContextVar

import psycopg
from django.conf import settings
from django.core.signals import request_finished
from django.db import Error, connections

from scrutiny.toolkit.dumps import database_of

PRIMARY, REPLICA = "default", "replica"
COOKIE = "written"
COOKIE_AGE = 10 * 60  # seconds; nobody waits longer for a replica
PLACE = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}")
START = "0/0"
ASK_EVERY = 1.0  # seconds between two looks at where the primary is
REST = 10.0  # seconds for which a server that did not answer is left alone
IMPATIENT = {"connect_timeout": 2, "tcp_user_timeout": 2000}  # seconds, milliseconds
SAFE_METHODS = {"GET", "HEAD"}

reading = ContextVar("reading", default=PRIMARY)


class Router:
    """settings.DATABASE_ROUTERS"""

    def db_for_read(self, model, **hints):
        return PRIMARY if connections[PRIMARY].in_atomic_block else reading.get()

    def db_for_write(self, model, **hints):
        return PRIMARY

    def allow_relation(self, one, other, **hints):
        return True

    def allow_migrate(self, database, app_label, **hints):
        return database == PRIMARY


def reads_from_replica(get_response):
    """Middleware, outside of sessions: they too are read from the replica."""

    def middleware(request):
        is_reading = request.method in SAFE_METHODS
        reading.set(REPLICA if is_reading and replica.has_come_to(written_by(request)) else PRIMARY)
        response = get_response(request)
        if not is_reading and response.status_code < 500:
            keep_place(response)
        return response

    return middleware


def finished(**kwargs):
    """Also after an answer that was streamed: until then it goes on reading from where it began."""
    reading.set(PRIMARY)


request_finished.connect(finished)


def written_by(request):
    """The place in the primary's log of what this browser wrote last."""
    place = request.COOKIES.get(COOKIE, "")
    return place if PLACE.fullmatch(place) else START


def keep_place(response):
    try:
        with connections[PRIMARY].cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_lsn()")
            place = cursor.fetchone()[0]
    except Error:
        return
    response.set_cookie(
        COOKIE,
        place,
        max_age=COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


class Primary:
    """Where the primary is, asked once a second by one thread, over a connection that does not wait for long."""

    def __init__(self):
        self.place, self.asked, self.is_away = START, 0.0, False
        self.connection, self.asking = None, threading.Lock()

    def place_a_moment_ago(self):
        if time.monotonic() >= self.asked + (REST if self.is_away else ASK_EVERY) and self.asking.acquire(
            False
        ):
            try:
                self._ask()
            finally:
                self.asking.release()
        return self.place

    def is_still_away(self):
        """Asks once more where it did not answer: it may be back, and have taken writes."""
        if self.is_away:
            with self.asking:
                self._ask()
        return self.is_away

    def _ask(self):
        try:
            self.place = self._connected().execute("SELECT pg_current_wal_lsn()").fetchone()[0]
            self.is_away = False
        except psycopg.Error:
            self.connection, self.is_away = None, True
        self.asked = time.monotonic()

    def _connected(self):
        if self.connection is None or self.connection.closed:
            parameters = database_of(connections[PRIMARY].settings_dict).parameters
            self.connection = psycopg.connect(**parameters, **IMPATIENT, autocommit=True)
        return self.connection


class Replica:
    def __init__(self, primary):
        self.primary, self.rest_until = primary, 0.0

    def has_come_to(self, place):
        """True if it answers and has replayed the log as far as `place`, and as far as the primary was."""
        if time.monotonic() < self.rest_until:
            return False
        there = self.primary.place_a_moment_ago()
        try:
            with connections[REPLICA].cursor() as cursor:
                cursor.execute(
                    "SELECT coalesce(pg_last_wal_replay_lsn() >= greatest(%s::pg_lsn, %s::pg_lsn), false)",
                    [place, there],
                )
                return cursor.fetchone()[0] or self.primary.is_still_away()
        except Error:
            self.rest_until = time.monotonic() + REST
            return False


primary = Primary()
replica = Replica(primary)
