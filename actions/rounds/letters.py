"""The messages of a round, in plain text, each with the Board's exact words."""

from django.conf import settings
from django.template.loader import render_to_string

from actions import outbox
from actions.models import Message
from actions.rounds.words import last_words, windows
from scrutiny.models.people import Contact
from scrutiny.toolkit.history import version_of


def delivery_of(requests):
    """{key of a request: the newest message with the link that it has now}, None where there is none."""
    found = Message.objects.filter(link__in=[request.link_value for request in requests])
    newest = {message.link: message for message in found.order_by("created_at", "pk")}
    return {request.pk: newest.get(request.link_value) for request in requests}


def is_undelivered(message):
    """True where a message cannot reach anybody by itself: no address, refused, or come back."""
    return message is None or not message.to or bool(message.refused) or message.returned_on is not None


def ask(requests):
    """Writes the message of each request, given with the elements that are asked about."""
    elements = [element for _, asked in requests for element in asked]
    said = last_words(elements)
    for request, asked in requests:
        _put(
            f"request:{request.pk}:{request.issue}",
            request,
            f"{request.round.board}: please answer by {request.round.due_on:%-d %B %Y}",
            "emails/update_request.txt",
            asked=[(element, windows(element), said.get(element.pk)) for element in asked],
        )


def ask_back(reply):
    """Writes the message with what the council asks about a reply."""
    request = reply.request
    _put(
        f"question:{reply.pk}:{version_of(reply)}",
        request,
        f"{request.round.board}: a question about your answer",
        "emails/reply_asked_back.txt",
        reply=reply,
    )


def _put(key, request, subject, template, **context):
    context |= {
        "request": request,
        "round": request.round,
        "council": settings.COUNCIL_NAME,
        "answers_go_to": answers_go_to(),
    }
    outbox.put(
        key,
        to=Contact(request.to_name, request.to_email),
        subject=subject,
        text=render_to_string(template, context),
        board=request.round.board,
        link=request.link_value,
    )


def answers_go_to():
    """The address that reads what comes back."""
    return settings.CONTACT_EMAIL or settings.DEFAULT_FROM_EMAIL
