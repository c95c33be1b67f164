"""What is done about records of this floor. Each function is one step, stored together with its history."""

from django.db import transaction

from scrutiny.toolkit.history import record, remove


@transaction.atomic
def change_themes(tagged, *, add=(), take_away=(), by, reason=""):
    """Puts themes on the record `tagged` and takes others off; what somebody else did already stays done."""
    type(tagged)._base_manager.select_for_update().order_by("pk").get(pk=tagged.pk)
    held = {tag.theme_id: tag for tag in tagged.tags.all()}
    for theme in add:
        if theme.pk not in held:
            tag = tagged.tags.model(theme=theme)
            setattr(tag, tag.GOES_WITH, tagged)
            record(tag, by=by, reason=reason)
    for theme in take_away:
        if theme.pk in held:
            remove(held[theme.pk], by=by, reason=reason)
