"""What stands beside a question: when it is due, and what was said last time."""

from actions.models import ProgressUpdate


def last_words(elements):
    """{key of an element: its newest update}."""
    return {update.element_id: update for update in _updates(elements)}


def said_before(replies):
    """{key of a reply: the newest update on its element, or the newest before the one it became}."""
    updates = {}
    for update in _updates([reply.element for reply in replies]):
        updates.setdefault(update.element_id, []).append(update)
    return {reply.pk: _before(updates.get(reply.element_id, []), reply) for reply in replies}


def _before(updates, reply):
    keys = [update.pk for update in updates]
    end = keys.index(reply.update_id) if reply.update_id in keys else len(updates)
    return updates[end - 1] if end else None


def _updates(elements):
    """Oldest first."""
    return ProgressUpdate.objects.filter(element__in=elements).order_by("received_on", "pk")


def windows(element):
    """When an element is due, as one reads it: the words of the minutes, then the days they come to.

    >>> windows(element)
    "in September/October 2023 (1 September 2023 to 31 October 2023); this element: in July 2023"
    """
    action = element.action
    own = _window(element)
    whole = _window(action) or "the minutes give no date"
    return f"{whole}; this element: {own}" if own else whole


def _window(asked):
    days = ""
    if asked.due_to:
        days = f"until {asked.due_to:%-d %B %Y}"
    if asked.due_from and asked.due_to:
        days = f"{asked.due_from:%-d %B %Y} to {asked.due_to:%-d %B %Y}"
    if asked.due_words and days:
        return f"{asked.due_words} ({days})"
    return asked.due_words or days
