"""What is due goes out once: written in one transaction, claimed before it is sent, whatever dies in between."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from actions.chasing.askings import Kind
from actions.chasing.reminders import write_reminders
from actions.models import Chase, LadderStep, Message
from actions.models.messages import CLAIM_HOLDS
from tests import factories
from tests.conftest import hold

DUE = date(2023, 9, 1)
MONDAY, TUESDAY = date(2023, 11, 6), date(2023, 11, 7)


def run(on=DUE, **options):
    out = StringIO()
    call_command("send_reminders", on=on, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def asked(ask, partnership):
    """The action is asked of a post whose holder has an address."""
    post = factories.PostFactory(organisation=partnership, title="Business Manager")
    factories.PostHoldingFactory(
        post=post, person__style="", person__name="Sam Weir", email="sam.weir@escp.example"
    )
    ask.action.post = post
    ask.action.save()
    return ask.action


def another(asked, **values):
    """One more action for the same contact."""
    return factories.ElementFactory(
        number=1,
        action__resolution=asked.resolution,
        action__addressee=asked.addressee,
        action__post=asked.post,
        **values,
    ).action


@pytest.mark.django_db
def test_a_reminder_goes_out_on_the_first_day_of_the_window_and_is_a_step_taken(asked):
    assert run(DUE - timedelta(days=1)) == "0 reminders and 0 digests written.\n0 messages sent.\n"
    assert run() == "1 reminder and 0 digests written.\n1 message sent.\n"
    (message,) = mail.outbox
    assert message.to == ["sam.weir@escp.example"]
    assert message.subject == "Due now: what Scrutiny Board (Children and Families) asked of you"
    for words in (
        "For Sam Weir, Business Manager",
        "Due in September/October 2023 (1 September 2023 to 31 October 2023).",
        "1. Progress on escalation and the resolution of concerns.",
    ):
        assert words in message.body
    chase = asked.chases.get()
    assert (chase.kind, chase.on, chase.done_by, chase.message.sent_at is None) == (
        "reminder",
        DUE,
        None,
        False,
    )


@pytest.mark.django_db
def test_a_second_run_sends_nothing_on_that_day_or_another(asked):
    run()
    for on in (DUE, DUE + timedelta(days=1), date(2023, 10, 31)):
        assert run(on).startswith("0 reminders")
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_one_message_tells_a_contact_of_everything_that_is_due(asked):
    other = another(asked)
    run()
    (message,) = mail.outbox
    assert asked.reference in message.body
    assert other.reference in message.body
    assert Chase.objects.count() == 2


@pytest.mark.django_db
def test_a_contact_hears_once_a_day_and_of_the_rest_on_the_next(asked):
    run()
    another(asked)
    assert run().startswith("0 reminders")
    assert run(DUE + timedelta(days=1)).startswith("1 reminder ")


@pytest.mark.django_db
def test_what_waits_for_its_condition_is_not_asked_for(asked):
    run()
    assert "\n2. " in mail.outbox[0].body
    assert "\n3. " not in mail.outbox[0].body


@pytest.mark.django_db
def test_nothing_goes_out_once_everything_is_answered(asked):
    asked.elements.update(answered_on=date(2023, 8, 1))
    assert run().startswith("0 reminders")


@pytest.mark.django_db
def test_without_an_address_the_step_stays_due_and_goes_out_when_there_is_one(asked):
    holding = asked.post.holdings.get()
    holding.email = ""
    holding.save()
    assert "No address is known for Sam Weir, Business Manager" in run()
    assert not Chase.objects.exists()
    holding.email = "sam@escp.example"
    holding.save()
    assert run().startswith("1 reminder ")


@pytest.mark.django_db
def test_steps_of_officers_are_left_to_officers(asked):
    run()
    assert run(date(2023, 12, 31)).startswith("0 reminders")
    LadderStep.objects.filter(kind=Kind.OFFICER_CHASE).update(means="message")
    assert run(date(2023, 12, 31)).startswith("1 reminder ")
    assert mail.outbox[1].subject.startswith("Overdue")


@pytest.mark.django_db
def test_a_dry_run_shows_what_would_go_out_and_changes_nothing(asked):
    said = run(dry_run=True)
    assert "To Sam Weir, Business Manager <sam.weir@escp.example>" in said
    assert said.endswith("Nothing was sent or changed.\n")
    assert (mail.outbox, Message.objects.count(), Chase.objects.count(), Chase.history.count()) == (
        [],
        0,
        0,
        0,
    )
    assert run().startswith("1 reminder ")


@pytest.mark.django_db
def test_a_day_that_is_none_is_refused_with_a_sentence():
    with pytest.raises(CommandError, match="Write it like 2023-10-31"):
        call_command("send_reminders", "--on", "31/10/2023")


# Digests.


@pytest.fixture
def reader(olivia):
    olivia.email = "olivia@exampleton.example"
    olivia.save()
    return olivia


def digests():
    return [message for message in mail.outbox if message.subject == "What needs you"]


@pytest.mark.django_db
def test_an_officer_hears_on_mondays_of_steps_due_and_of_what_is_late(asked, reader):
    run(TUESDAY)
    assert digests() == []
    run(MONDAY)
    run(MONDAY)
    (digest,) = digests()
    assert "the officer's chase is due since 1 November 2023" in digest.body
    assert "2 elements late: " in digest.body
    assert digest.body.rstrip().endswith("/messages/settings/")


@pytest.mark.django_db
@pytest.mark.parametrize(("choice", "count"), [("daily", 2), ("weekly", 1), ("never", 0)])
def test_each_person_chooses_how_often(asked, reader, choice, count):
    reader.digest = choice
    reader.save()
    run(MONDAY)
    run(TUESDAY)
    assert len(digests()) == count


@pytest.mark.django_db
def test_with_nothing_to_say_nothing_is_sent(reader):
    run(MONDAY)
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_contributor_hears_of_their_own_body_only(asked, lena):
    other = factories.ElementFactory(number=1, text="A secret of another body.").action
    draft = factories.ElementFactory(
        number=1,
        text="A secret of draft minutes.",
        action__addressee=asked.addressee,
        action__resolution__item__meeting__minutes_state="drafting",
    ).action
    lena.email = "lena@escp.example"
    lena.save()
    run(MONDAY)
    (digest,) = digests()
    assert asked.reference in digest.body
    assert "secret" not in digest.body
    assert other.reference not in digest.body
    assert draft.reference not in digest.body


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["member", "auditor", "administrator"])
def test_those_who_keep_nothing_get_no_digest(asked, role):
    hold(factories.UserFactory(email="reader@exampleton.example"), role)
    run(MONDAY)
    assert digests() == []


# Real processes, a real mail server, and the database as a file or on a server.


class Mailbox:
    """Counts what arrives, by Message-ID. While it is `slow`, it keeps a process waiting before it takes a message."""

    def __init__(self):
        self.taken, self.waiting, self.slow = Counter(), 0, False

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.waiting += 1
        while self.slow:
            await asyncio.sleep(0.02)
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        headers = envelope.content.decode().split("\r\n\r\n")[0]
        (found,) = [line for line in headers.split("\r\n") if line.lower().startswith("message-id:")]
        self.taken[found] += 1
        return "250 taken"


@contextmanager
def mail_server():
    mailbox = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        mailbox.port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    try:
        yield mailbox
    finally:
        mailbox.slow = False
        controller.stop()


def start(mailbox):
    """One process of the command, on the database of this test."""
    values = settings.DATABASES["default"] | {"NAME": connection.settings_dict["NAME"]}
    if connection.vendor == "sqlite":
        url = f"sqlite:///{values['NAME']}"
    else:
        url = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{values['NAME']}"
    environment = os.environ | {
        "DEVELOPMENT": "1",
        "DJANGO_SETTINGS_MODULE": "scrutiny.settings",
        "DATABASE_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{mailbox.port}",
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", "send_reminders", "--on", DUE.isoformat()],
        cwd=Path(settings.BASE_DIR),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process):
    said, _ = process.communicate(timeout=90)
    assert process.returncode == 0, said
    return said


def wait_until(condition, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "It took too long"
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_and_run_twice_at_once_each_message_arrives_once():
    factories.BoardFactory()
    for number in range(6):
        body = factories.OrganisationFactory(email=f"body{number}@bodies.example")
        factories.ElementFactory(number=1, action__addressee=body)
    with mail_server() as mailbox:
        mailbox.slow = True
        first = start(mailbox)
        wait_until(lambda: mailbox.waiting)
        first.send_signal(signal.SIGKILL)
        first.communicate(timeout=30)
        mailbox.slow = False

        assert Message.objects.filter(claimed_at__isnull=False, sent_at=None).count() == 1
        assert (Message.objects.count(), Chase.objects.count()) == (6, 6)

        both = [start(mailbox), start(mailbox)]
        said = [finish(process) for process in both]
        assert all(each.startswith("0 reminders") for each in said)
        assert sum(mailbox.taken.values()) == 5  # the claim of the one that died holds still

        Message.objects.filter(sent_at=None).update(claimed_at=timezone.now() - CLAIM_HOLDS * 2)
        both = [start(mailbox), start(mailbox)]
        for process in both:
            finish(process)
        assert len(mailbox.taken) == 6
        assert set(mailbox.taken.values()) == {1}
        assert not Message.objects.filter(sent_at=None).exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_two_processes_that_both_find_it_due_write_it_once():
    for number in range(6):
        body = factories.OrganisationFactory(email=f"body{number}@bodies.example")
        factories.ElementFactory(number=1, action__addressee=body)
    with mail_server() as mailbox:
        both = [start(mailbox), start(mailbox)]
        said = "".join(finish(process) for process in both)
    written = [int(line.split()[0]) for line in said.splitlines() if "written" in line]
    assert sum(written) == 6
    assert (Message.objects.count(), Chase.objects.count()) == (6, 6)
    assert set(mailbox.taken.values()) == {1}
    assert len(mailbox.taken) == 6


@pytest.mark.django_db
def test_a_message_and_the_steps_it_takes_stand_or_fall_together(asked, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("died")

    monkeypatch.setattr("actions.chasing.reminders.record", fail)
    with pytest.raises(RuntimeError):
        write_reminders(DUE)
    assert not Message.objects.exists()
