"""The site as README starts it, as a process of its own, and ways to hurt it."""

import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60  # seconds for a start; the machine may be busy
KEPT_FROM_THE_SITE = {"DATABASE_URL", "DATA_DIR", "DJANGO_SETTINGS_MODULE", "DEBUG", "TMPDIR", "PORT"}
GUNICORN = "gunicorn scrutiny.wsgi --worker-class gthread --workers 2 --threads 4 --no-control-socket"


class Site:
    def __init__(self, database, directory, **popen):
        self.database, self.directory, self.popen = database, directory, popen
        self.port = free_port()
        self.log = directory / "gunicorn.log"
        self.killed = set()
        self.officers = []
        self.process = None

    @property
    def environment(self):
        clean = {name: value for name, value in os.environ.items() if name not in KEPT_FROM_THE_SITE}
        ours = {"DEVELOPMENT": "1", "DATABASE_URL": self.database.url, "DATA_DIR": str(self.directory)}
        return clean | ours

    def world(self, what):
        command = [sys.executable, "-m", "tests.faults.world", what]
        answer = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        assert answer.returncode == 0, answer.stderr[-3000:]
        return json.loads(answer.stdout)

    def start(self):
        command = [sys.executable, "-m", *GUNICORN.split(), "--bind", f"127.0.0.1:{self.port}"]
        with open(self.log, "a") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.popen,
            )
        self.wait_until_it_answers()

    def wait_until_it_answers(self, path="/accessibility/"):
        end = time.monotonic() + PATIENCE
        while self.status_of(path) != 200:
            assert time.monotonic() < end, self.log.read_text(errors="replace")[-3000:]
            time.sleep(0.05)

    def status_of(self, path, officer=None):
        """0 where nothing answered."""
        try:
            return self.send("GET", path, officer).status
        except (OSError, http.client.HTTPException):
            return 0

    def send(self, method, path, officer=None, body=None, **headers):
        """The answer, read to its end, as `body`. Each request has a connection of its own, as behind a proxy."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        cookies = f"sessionid={officer['session']}; csrftoken={CSRF}" if officer else ""
        base = {"Connection": "close", "Cookie": cookies, "Origin": f"http://127.0.0.1:{self.port}"}
        try:
            connection.request(method, path, body, base | headers)
            answer = connection.getresponse()
            answer.text = answer.read().decode()
            return answer
        finally:
            connection.close()

    def workers(self):
        """The processes that answer, as the server's own log tells them."""
        booted = re.findall(r"Booting worker with pid: (\d+)", self.log.read_text(errors="replace"))
        gone = re.findall(r"Worker exiting \(pid: (\d+)\)", self.log.read_text(errors="replace"))
        return [int(pid) for pid in booted if pid not in gone and int(pid) not in self.killed]

    def kill_a_worker(self):
        if not (workers := self.workers()):
            return
        pid = random.choice(workers)
        self.killed.add(pid)
        os.kill(pid, signal.SIGKILL)

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def kill(self):
        """kill -9 of the server and its workers at once."""
        self.killed |= set(self.workers())
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()


CSRF = "a" * 32  # Django compares the cookie with what the form sends; nobody else has to know it here


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextmanager
def running_site(database, directory, **popen):
    site = Site(database, directory, **popen)
    site.officers = site.world("prepare")
    site.start()
    try:
        yield site
    finally:
        site.stop()
