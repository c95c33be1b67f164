"""Messages are written down once and sent once."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from actions import outbox
from actions.models import Message
from actions.models.messages import CLAIM_HOLDS
from scrutiny.models.people import Contact

pytestmark = pytest.mark.django_db
SAM = Contact("Sam Weir, Business Manager", "sam.weir@escp.example")


def put(key="about:1", to=SAM, **values):
    return outbox.put(key, to=to, subject="What is asked", text="Please answer.", **values)


def sent():
    return [(message.to, message.subject) for message in mail.outbox]


def test_a_message_is_sent_and_marked_as_sent():
    message = put()
    assert outbox.send_waiting() == 1
    message.refresh_from_db()
    assert sent() == [(["sam.weir@escp.example"], "What is asked")]
    assert message.sent_at


def test_the_same_message_is_written_down_once():
    assert put() == put()
    assert Message.objects.count() == 1


def test_a_second_run_sends_nothing_again():
    put()
    outbox.send_waiting()
    assert outbox.send_waiting() == 0
    assert len(mail.outbox) == 1


def test_without_an_address_nothing_is_sent_and_the_message_is_kept():
    message = put(to=Contact("Business Manager", ""))
    assert outbox.send_waiting() == 0
    message.refresh_from_db()
    assert message.sent_at is None


def test_what_another_process_has_claimed_is_left_to_it():
    put()
    Message.objects.update(claimed_at=timezone.now())
    assert outbox.send_waiting() == 0
    assert mail.outbox == []


def test_a_claim_left_by_a_process_that_died_is_taken_over():
    put()
    Message.objects.update(claimed_at=timezone.now() - CLAIM_HOLDS - timedelta(seconds=1))
    assert outbox.send_waiting() == 1


def test_of_two_processes_with_the_same_row_one_claims_it():
    message, now = put(), timezone.now()
    assert [outbox._claim(message, now), outbox._claim(message, now)] == [True, False]


def test_an_address_the_mail_server_refuses_is_noted_and_not_tried_again(monkeypatch):
    message = put()

    def refuse(*args, **kwargs):
        raise smtplib.SMTPRecipientsRefused({SAM.email: (550, b"No such user")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    assert outbox.send_waiting() == 0
    message.refresh_from_db()
    assert message.refused == "550 No such user"
    assert not Message.objects.waiting(timezone.now() + timedelta(days=1)).exists()


def test_both_copies_of_a_message_sent_twice_by_a_crash_carry_one_id():
    message = put()
    outbox.send_waiting()
    Message.objects.filter(pk=message.pk).update(sent_at=None, claimed_at=None)
    outbox.send_waiting()
    first, second = (each.extra_headers["Message-ID"] for each in mail.outbox)
    assert first == second
