"""The minutes of a whole meeting → an import for each agenda item the officer chose."""

from django.db import transaction

from actions.minutes.proposal import propose
from actions.minutes.reader import read
from actions.models import MinutesImport


@transaction.atomic
def divide(whole, keys, *, by):
    """Makes a part of each item named by its key in `whole.draft`, and returns the first, to be confirmed next.

    `whole` is a row read under a lock; its board and date go to every part.
    """
    minutes = read(whole.text, meeting_date=whole.meeting_date)
    items = {item.at: item for item in minutes.items}
    parts = [
        _part(whole, row, minutes.of_item(items[tuple(row["at"])]), by)
        for row in whole.items_left
        if row["key"] in keys
    ]
    whole.state = MinutesImport.State.DIVIDED
    whole.save()
    return parts[0]


def _part(whole, row, minutes, by):
    name = f"{row['number']} {row['title']}".strip()
    return MinutesImport.objects.create(
        whole=whole,
        board=whole.board,
        meeting_date=whole.meeting_date,
        source_name=f"{whole.source_name}: {name}"[:200],
        draft=propose(minutes, whole.board) | {"part": row["key"]},
        state=MinutesImport.State.TO_CONFIRM,
        created_by=by,
    )
