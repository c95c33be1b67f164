"""A site of its own for proofs that destroy, kill or measure: an empty database, a folder, and its own processes."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from tests.temporary_postgres import given_url

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds


class OwnSite:
    """Runs the product with `environment`, and with nothing else of ours."""

    def __init__(self, environment):
        self.environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"} | environment
        self.url = ""

    def manage(self, *arguments, check=True, **environment):
        answer = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env=self.environment | environment,
            capture_output=True,
            text=True,
        )
        if check and answer.returncode != 0:
            raise AssertionError(f"{arguments}: {answer.stdout}{answer.stderr}")
        return answer

    def demonstration(self):
        self.manage("migrate", "--verbosity", "0")
        self.manage("demo")

    @contextmanager
    def serving(self, *options, **environment):
        """gunicorn, ended after the block. Its address is in `url`."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "scrutiny.wsgi", "--bind", address, *WORKERS, *options],
            cwd=ROOT,
            env=self.environment | environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.url = f"http://{address}"
        try:
            wait_until(lambda: answers(f"{self.url}/sign-in/"))
            yield server
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(PATIENCE)


WORKERS = ("--worker-class", "gthread", "--workers", "2", "--threads", "4", "--log-level", "critical")


def answers(url):
    try:
        return urllib.request.urlopen(url, timeout=5).status == 200
    except (urllib.error.URLError, OSError):
        return False


def wait_until(is_so, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(f"{is_so} is not so after {seconds} seconds")
        time.sleep(0.1)


@contextmanager
def own_site(directory):
    """An empty site on the engine that the tests run on; its database is dropped afterwards."""
    environment = {"DEVELOPMENT": "1", "DATA_DIR": str(directory)}
    server = given_url()
    if not server:
        yield OwnSite(environment)
        return
    name = f"site_{uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield OwnSite(environment | {"DATABASE_URL": urlsplit(server)._replace(path=f"/{name}").geturl()})
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
