"""Digests: for each person, as often as they chose, one message with what needs them. None where nothing does."""

from django.db import transaction
from django.urls import reverse

from actions import outbox
from actions.chasing.askings import due, said
from actions.models import Action, Element, Message
from actions.models.asks import Timing
from scrutiny.models import User
from scrutiny.models.people import Contact
from scrutiny.toolkit.access import can, within
from scrutiny.toolkit.links import absolute
from scrutiny.toolkit.words import counted

MONDAY = 0
LISTED = 20  # longer lists are for the page


def write_digests(on):
    """Writes the digests of a day down; the messages. One a day for each person, whoever asks and how often."""
    return [message for user in readers(on) if (message := _write(user, on))]


def readers(on):
    """Those who want a digest on this day and have an address to send it to."""
    wanted = [User.Digest.DAILY, *([User.Digest.WEEKLY] if on.weekday() == MONDAY else [])]
    return User.objects.filter(is_active=True, digest__in=wanted).exclude(email="").order_by("pk")


@transaction.atomic
def _write(user, on):
    """The message if it was not written before; None too where there is nothing to say."""
    key = f"digest:{user.pk}:{on.isoformat()}"
    if Message.objects.filter(key=key).exists() or not (parts := digest(user, on)):
        return None
    return outbox.put(key, to=Contact(str(user), user.email), subject="What needs you", text=_text(parts))


def _text(parts):
    settings = absolute(reverse("digest-settings"))
    end = f"How often this comes, or that it does not: {settings}"
    return "\n\n".join([*parts, end]) + "\n"


def digest(user, on):
    """Paragraphs of what needs somebody: only what they may see, and nothing where there is nothing."""
    return [*_for_officers(user, on), *_for_own_body(user, on)]


def _for_officers(user, on):
    if not can(user, "chase"):
        return
    steps = due(Action.objects.chased_by(user), on)
    if steps:
        lines = [f"{asking.action.reference}: {asking.sentence}" for asking in steps]
        yield _listed("Steps of chasing due", lines, "chasing-list")
    elements = Element.objects.visible_to(user).filter(within(user, "chase", "action__board"))
    for words, found, query in (
        ("late", elements.late(on), "timing=late"),
        ("answered, for the Board to judge", elements.answered(on), "timing=answered"),
    ):
        if count := found.count():
            yield f"{counted(count, 'element')} {words}: {absolute(reverse('element-list'))}?{query}"
    if failed := Message.objects.visible_to(user).reached_nobody().count():
        url = absolute(reverse("message-list"))
        yield f"{counted(failed, 'message')} that reached nobody: {url}?state=failed"


def _for_own_body(user, on):
    """What was asked of the body somebody answers for, and is due or late."""
    own = within(user, "view_own_actions", "action__addressee", scope="organisation_id")
    elements = Element.objects.visible_to(user).filter(own).with_timing(on).select_related("action__board")
    for timing, heading in ((Timing.LATE, "Late"), (Timing.DUE_NOW, "Due now")):
        found = elements.filter(timing=timing).order_by("window_to", "action", "number")
        if lines := [_asked_line(element) for element in found]:
            yield _listed(f"{heading}, asked of you", lines, "element-list")


def _asked_line(element):
    text = " ".join(element.text.split())
    return f"{element.action.reference}, element {element.number}, until {said(element.window_to)}: {text}"


def _listed(heading, lines, name):
    shown = [f"- {line}" for line in lines[:LISTED]]
    left = len(lines) - len(shown)
    more = [f"and {left} more"] if left else []
    return "\n".join([f"{heading} ({len(lines)}): {absolute(reverse(name))}", *shown, *more])
