"""Who is told when something is wrong with a record."""

from actions import outbox
from scrutiny.models import User
from scrutiny.models.people import Contact
from scrutiny.toolkit.access import can
from scrutiny.toolkit.links import absolute


def information_governance():
    """Those who may approve a redaction; the administrators where nobody holds that role."""
    active = list(User.objects.filter(is_active=True).order_by("pk"))
    return [user for user in active if can(user, "redact")] or [
        user for user in active if can(user, "administer")
    ]


def tell(about, *, subject, text, besides):
    """Writes to information governance, apart from who did it. What it is about stands behind the link only."""
    address = absolute(about.get_absolute_url())
    for user in information_governance():
        if user != besides:
            outbox.put(
                f"governance:{about._meta.model_name}:{about.pk}:{user.pk}",
                to=Contact(str(user), user.email),
                subject=subject,
                text=f"{text}\n\n{address}\n",
            )
