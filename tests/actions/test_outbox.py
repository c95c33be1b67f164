"""Messages are written down once and sent once."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
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


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({SAM.email: (450, b"Greylisted, try again")}),
        smtplib.SMTPDataError(451, b"Try again later"),
    ],
)
def test_a_mail_server_that_asks_to_try_later_is_asked_again(monkeypatch, error):
    message = put()

    def refuse(*args, **kwargs):
        raise error

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    assert outbox.send_waiting() == 0
    monkeypatch.undo()
    message.refresh_from_db()
    assert message.refused == ""
    assert outbox.send_waiting() == 0
    assert outbox.send_waiting(timezone.now() + CLAIM_HOLDS + timedelta(seconds=1)) == 1


def test_one_message_the_server_will_not_take_does_not_hold_up_the_next(monkeypatch):
    first, second = put("about:1"), put("about:2")
    send = mail.EmailMessage.send

    def refuse_the_first(email):
        if first.pk == Message.objects.filter(sent_at=None, refused="").order_by("pk").first().pk:
            raise smtplib.SMTPDataError(554, b"Rejected by policy")
        return send(email)

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse_the_first)
    assert outbox.send_waiting() == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.refused, second.sent_at is None) == ("554 Rejected by policy", False)


def test_a_subject_of_several_lines_goes_out_as_one():
    outbox.put("about:1", to=SAM, subject="One\r\nBcc: everybody@escp.example", text="Please.")
    assert outbox.send_waiting() == 1
    assert mail.outbox[0].subject == "One Bcc: everybody@escp.example"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_inside_somebody_else_s_transaction():
    put()
    with pytest.raises(RuntimeError), transaction.atomic():
        outbox.send_waiting()
    assert mail.outbox == []
