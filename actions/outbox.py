"""Sending each message once. Claimed in the database before it is sent; a claim that came to nothing is retried.

`put` writes a message down in the caller's transaction, so that a message and what it tells of stand or fall
together. `send_waiting` holds no transaction while it talks to the mail server, and is safe to run twice, at once,
and after a crash. Only a crash in the moment between the mail server's "accepted" and our note of it can send one
twice; both then carry the same Message-ID.
"""

import hashlib
import logging
import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from actions.models import Message
from scrutiny.toolkit.links import absolute, signed

logger = logging.getLogger(__name__)

LINK = "{link}"
SUBJECT_HOLDS = 300
FOR_GOOD = 500  # a server's answers from here on are final; those below ask to try later
ANSWERING = "round-answer"  # the page that a signed link opens


def put(key, *, to, subject, text, board=None, link=""):
    """The message about `key`, written now or before; `to` is a `Contact`. Without an address it is kept unsent."""
    values = {
        "to_name": to.name,
        "to": to.email,
        "organisation": to.organisation,
        "post": to.post,
        "subject": " ".join(subject.split())[:SUBJECT_HOLDS],
        "text": text,
        "board": board,
        "link": link,
    }
    message, _ = Message.objects.get_or_create(key=key, defaults=values)
    return message


def put_again(message, *, to):
    """The next try of a message that reached nobody, to the address as it is now. One next try each."""
    again = put(
        f"{message.key}#{message.pk}",
        to=to,
        subject=message.subject,
        text=message.text,
        board=message.board,
        link=message.link,
    )
    Message.objects.filter(pk=again.pk).update(again_of=message)
    return again


def text_of(message):
    """What is sent, with the signed address in place of `{link}`."""
    if not message.link:
        return message.text
    return message.text.replace(LINK, absolute(reverse(ANSWERING, args=[signed(message.link)])))


def send_waiting(now=None):
    """Sends what waits, one after the other; the number sent. A mail server that is away ends the run."""
    now = now or timezone.now()
    sent = 0
    with get_connection() as connection:
        for message in Message.objects.waiting(now).order_by("created_at", "pk"):
            if _claim(message, timezone.now()):
                sent += _send(message, connection)
    return sent


def _claim(message, now):
    """True for the one process that gets it: nobody else can have changed `claimed_at` meanwhile.

    The claim is in the database when this returns: inside somebody else's transaction nobody would see it.
    """
    as_read = {"pk": message.pk, "sent_at": None, "claimed_at": message.claimed_at}
    with transaction.atomic(durable=True):
        return bool(Message.objects.filter(**as_read).update(claimed_at=now))


def _send(message, connection):
    """1 if it was sent. What the server will take later stays claimed, and is tried again when the claim is old."""
    try:
        _email(message, connection).send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
        answers = _answers(error)
        logger.warning("Message %s was not taken: %s", message.pk, answers[0][0])
        if all(code >= FOR_GOOD for code, _ in answers):
            _note(message, refused="; ".join(f"{code} {said}" for code, said in answers))
        return 0
    _note(message, sent_at=timezone.now())
    return 1


def _answers(error):
    """[(code, what the server said)]"""
    if isinstance(error, smtplib.SMTPDataError):
        found = [(error.smtp_code, error.smtp_error)]
    else:
        found = error.recipients.values()
    return [
        (code, said.decode(errors="replace") if isinstance(said, bytes) else said) for code, said in found
    ]


def _email(message, connection):
    site = urlsplit(settings.SITE_ADDRESS).hostname
    digest = hashlib.sha256(message.key.encode()).hexdigest()[:32]
    return EmailMessage(
        message.subject,
        text_of(message),
        to=[message.to],
        headers={"Message-ID": f"<{digest}@{site}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )


def _note(message, **values):
    Message.objects.filter(pk=message.pk).update(**values)
