"""What other parts only announce becomes events: things taken out, people turned away, roles given and ended."""

import logging

from simple_history.signals import post_create_historical_record

from scrutiny.events import log, log_reading
from scrutiny.models import RoleAssignment
from scrutiny.toolkit.errors import refused
from scrutiny.toolkit.exports import exported
from scrutiny.toolkit.history import KINDS

security = logging.getLogger("scrutiny.security")


def listen():
    exported.connect(keep_export)
    refused.connect(keep_refusal)
    post_create_historical_record.connect(keep_role_change, sender=RoleAssignment.history.model)


def keep_export(*, request, what, on, **kwargs):
    log_reading("exported", request=request, on=on, detail=what)


def keep_refusal(*, request, **kwargs):
    """Of somebody who is signed in: names and numbers from the address, nothing that was typed."""
    user, match = getattr(request, "user", None), request.resolver_match
    if not (user and user.is_authenticated and match):
        return
    page = f"{request.method} {match.view_name} {match.kwargs.get('pk', '')}".strip()
    log_reading("refused", request=request, detail=page)
    security.warning("Turned away: user %s, %s", user.pk, page)


def keep_role_change(*, instance, history_instance, **kwargs):
    until = f"until {instance.end:%-d %B %Y}" if instance.end else "without an end"
    scope = " and ".join(str(each) for each in (instance.board, instance.organisation) if each)
    log(
        "role_changed",
        by=history_instance.history_user,
        on=instance,
        reason=history_instance.history_change_reason or "",
        detail=f"{KINDS[history_instance.history_type]}: {instance.get_role_display()}, {scope or 'everywhere'}, "
        f"from {instance.start:%-d %B %Y} {until}",
    )
