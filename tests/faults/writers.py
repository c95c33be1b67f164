"""Eight officers who record progress at the same time, and the book that is kept of what they were told."""

import http.client
import random
import re
import secrets
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from tests.faults.server import CSRF

WORDS = "“Naïve” isn't <b>bold</b> & costs 5 % 👩‍👧\r\nThe second line of "
TOKEN = re.compile(r"token-[a-p]{32}")
GONE = (OSError, http.client.HTTPException)


@dataclass
class Note:
    """A progress update that was sent: `saved` once the site said so, `refused` where it said that it did not."""

    text: str
    element: int
    user: int
    saved: bool = False
    refused: bool = False
    sent: int = 0

    @property
    def token(self):
        return TOKEN.search(self.text)[0]


@dataclass
class Book:
    notes: list = field(default_factory=list)
    answers: Counter = field(default_factory=Counter)  # by method and status; 0 is no answer
    text_missing: int = 0  # answers 503 without the text that was typed
    slowest: float = 0.0
    last_saved: float = 0.0

    @property
    def saved(self):
        return sum(note.saved for note in self.notes)

    @property
    def sent_again(self):
        return sum(note.sent > 1 for note in self.notes)


class Officer(threading.Thread):
    def __init__(self, site, who, book, stopped):
        super().__init__(daemon=True)
        self.site, self.who, self.book, self.stopped = site, who, book, stopped
        self.form = f"{who['page']}progress/"

    def run(self):
        while not self.stopped.is_set():
            page = self.ask("GET", self.form)
            if page is None or page.status != 200:
                time.sleep(0.1)
                continue
            self.record(re.search(r'name="form_token" value="([^"]+)"', page.text)[1])

    def record(self, form_token):
        token = "token-" + "".join(chr(ord("a") + byte % 16) for byte in secrets.token_bytes(32))
        note = Note(WORDS + token, self.who["element"], self.who["user"])
        self.book.notes.append(note)
        fields = {
            "csrfmiddlewaretoken": CSRF,
            "form_token": form_token,
            "text": note.text,
            "owner_progress": "in_progress",
            "reported_by": "Service manager",
            "on_behalf_of": self.who["addressee"],
            "received_on_day": 3,
            "received_on_month": 6,
            "received_on_year": 2024,
            "source": "By e-mail",
        }
        body = urlencode(fields)
        while not (note.saved or note.refused or self.stopped.is_set()):
            self.send(note, body)

    def send(self, note, body):
        """The same form with the same token, until the site says what became of it."""
        note.sent += 1
        answer = self.ask("POST", self.form, body)
        if answer is None:
            time.sleep(0.1)
        elif answer.status == 302 and answer.headers["Location"] == self.who["page"]:
            note.saved = True
            self.book.last_saved = time.monotonic()
        elif answer.status == 503:
            shown = unescape(answer.text).replace("\r\n", "\n")
            self.book.text_missing += note.text.replace("\r\n", "\n") not in shown
            time.sleep(0.2)
        else:
            note.refused = True

    def ask(self, method, path, body=None):
        begun = time.monotonic()
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        try:
            answer = self.site.send(method, path, self.who, body, **headers)
        except GONE:
            answer = None
        self.book.slowest = max(self.book.slowest, time.monotonic() - begun)
        self.book.answers[method, answer.status if answer else 0] += 1
        return answer


@contextmanager
def saving(site):
    """Eight officers save while the block does its worst. A moment of peace afterwards ends what is under way."""
    book, stopped = Book(), threading.Event()
    officers = [Officer(site, who, book, stopped) for who in site.officers]
    for officer in officers:
        officer.start()
    try:
        yield book
        wait_for(book, 2 * len(officers))
    finally:
        stopped.set()
        for officer in officers:
            officer.join()


def wait_for(book, more, patience=60):
    """Until so many more updates were saved, or somebody has waited long enough; False then."""
    wanted = book.saved + more
    return wait_until(lambda: book.saved >= wanted, patience)


def wait_until(so, patience=60):
    end = time.monotonic() + patience
    while not so():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def pause():
    time.sleep(random.uniform(0.1, 0.5))


def balance(site, book):
    """What the database says of what people were told. Everything but the first three must be 0."""
    rows = site.database.rows("SELECT id, text, element_id FROM actions_progressupdate")
    history = site.database.rows(
        "SELECT id, text, history_user_id FROM actions_historicalprogressupdate WHERE history_type = '+'"
    )
    stored = Counter(token_in(text) for _, text, _ in rows)
    words = {token_in(text): (text, element) for _, text, element in rows}
    known = Counter((key, text) for key, text, _ in history)
    users = {token_in(text): user for _, text, user in history}
    saved = [note for note in book.notes if note.saved]
    looked_over = site.world("look_over")
    return {
        "sent": len(book.notes),
        "acknowledged": len(saved),
        "sent again": book.sent_again,
        "lost": sum(not stored[note.token] for note in saved),
        "changed": sum(
            words[note.token] != (note.text, note.element) for note in book.notes if note.token in words
        ),
        "doubled": sum(count > 1 for count in stored.values()),
        "without history": sum(known[key, text] != 1 for key, text, _ in rows)
        + len(looked_over["without history"]),
        "history without row": len(history) - len(rows) + len(looked_over["gone unawares"]),
        "not as their history says": len(looked_over["not as their history says"]),
        "by somebody else": sum(users[note.token] != note.user for note in book.notes if note.token in users),
        "refused but stored": sum(note.refused and stored[note.token] for note in book.notes),
        "answered 500": sum(
            count for (_, status), count in book.answers.items() if status >= 500 and status != 503
        ),
        "503 without the text": book.text_missing,
        "database not whole": int(not site.database.is_whole()),
    }


def token_in(text):
    found = TOKEN.search(text)
    return found[0] if found else text


FIRST_THREE = ("sent", "acknowledged", "sent again")


def wrong(found):
    return {name: count for name, count in found.items() if count and name not in FIRST_THREE}
