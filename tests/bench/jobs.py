"""What is measured. A job is made once for a database and done as often as asked; it fails loudly if a page does."""

import random
import re
import time
from unittest import mock

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions.models import Action, Element
from scrutiny.models import Meeting, User
from scrutiny.overview.bench.council import PAPER_BOARD
from scrutiny.toolkit.receipts import new_token
from tests.bench import raw
from tests.bench.budgets import LISTS, SLOW_DISK

COMMON, RARE = "performance", "unaccompanied"  # words of the made-up minutes
PAPERS = {"tracker report": "", "tracker report, PDF": "pdf", "tracker report, Word": "docx"}


class Jobs:
    """{name: function} for the database this process works on."""

    def __init__(self):
        self.officer, self.member = self._signed_in("bench-officer"), self._signed_in("bench-member")
        of_boards = Action.objects.exclude(board__code=PAPER_BOARD).exclude(closed_on=None)
        self.action = of_boards.filter(elements__isnull=False).order_by("pk")[100]
        self.open = Action.objects.exclude(board__code=PAPER_BOARD).filter(closed_on=None).order_by("pk")[10]
        keys = {"board": self.action.board_id, "year": self.action.year_id}
        self.keys = keys | {"addressee": self.action.addressee_id}
        reported = Element.objects.open().filter(updates__evidence__isnull=False)
        self.element = reported.exclude(board__code=PAPER_BOARD).order_by("pk").first()
        self.all = dict(self._all())

    def _signed_in(self, name):
        client = Client()
        client.force_login(User.objects.get(username=name))
        return client

    def _get(self, url, client=None):
        client = client or self.officer

        def job():
            response = client.get(url)
            assert response.status_code == 200, (url, response.status_code)
            if not response.streaming:
                return len(response.content)
            return sum(len(part) for part in response.streaming_content)

        return job

    def _all(self):
        yield "bare", self._get("/bench/bare/")
        yield "empty", self._get("/bench/empty/")
        for name, (page, query) in LISTS.items():
            yield name, self._get(reverse(page) + query.format(**self.keys))
        yield "actions, of a member", self._get(reverse("action-list"), self.member)
        yield "admin list", self._get("/bench/admin/actions/action/")
        yield (
            "admin list of a year",
            self._get(f"/bench/admin/actions/action/?year__id__exact={self.keys['year']}"),
        )
        yield "raw list", raw.list_of_actions
        yield "one action", self._get(self.action.get_absolute_url())
        yield "one open action", self._get(self.open.get_absolute_url())
        yield "one element", self._get(self.element.get_absolute_url())
        yield "home of an officer", self._get("/")
        yield "home of a member", self._get("/", self.member)
        yield "board", self._get(reverse("board-detail", args=[self.keys["board"]]), self.member)
        yield "board of an officer", self._get(reverse("board-detail", args=[self.keys["board"]]))
        search = reverse("search")
        yield "search, common word", self._get(f"{search}?q={COMMON}")
        yield "search, rare words", self._get(f"{search}?q={RARE}+interpreters")
        yield "search, reference", self._get(f"{search}?q={self.action.reference.replace(' ', '+')}")
        yield "search of a member", self._get(f"{search}?q={COMMON}", self.member)
        yield "record progress", self._record
        yield "raw record", self._raw_record
        yield "record progress, slow disk", on_a_slow_disk(self._record)
        yield "raw record, slow disk", on_a_slow_disk(self._raw_record)
        yield "CSV of all actions", self._get(f"{reverse('action-list')}?format=csv")
        yield "raw CSV of all actions", raw.csv_of_actions
        yield "CSV of all elements", self._get(f"{reverse('element-list')}?format=csv")
        yield "raw CSV of all elements", raw.csv_of_elements
        meeting = Meeting.objects.get(board__code=PAPER_BOARD, date__gt=timezone.localdate())
        for name, format in PAPERS.items():
            page = reverse("meeting-paper", args=[meeting.pk, "tracker"])
            yield name, self._get(f"{page}?format={format}" if format else page)

    def _record(self):
        today = timezone.localdate()
        element, addressee = self._some_element()
        sent = {
            "form_token": new_token(),
            "text": "The protocol was agreed by all partners and is used in four localities.",
            "owner_progress": "in_progress",
            "reported_by": "Business Manager",
            "on_behalf_of": addressee,
            "received_on_day": today.day,
            "received_on_month": today.month,
            "received_on_year": today.year,
            "source": "E-mail to the Board's officer",
        }
        response = self.officer.post(reverse("element-progress", args=[element]), sent)
        assert response.status_code == 302, re.findall(r"error-message.*", response.content.decode())

    def _raw_record(self):
        element, _ = self._some_element()
        raw.record_progress(element)

    def _some_element(self):
        """Another one each time, so that no page grows while it is measured; and whom it is addressed to."""
        if not hasattr(self, "_elements"):
            found = Element.objects.open().exclude(action=self.open).order_by("pk")
            self._elements = list(found.values_list("pk", "action__addressee")[:400])
        return random.choice(self._elements)


def on_a_slow_disk(job):
    """With a pause before each commit of a transaction."""
    commit = connection._commit

    def slowly():
        time.sleep(SLOW_DISK)
        commit()

    def done():
        with mock.patch.object(connection, "_commit", slowly):
            job()

    return done
