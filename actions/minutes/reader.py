"""Minutes as text → what they say, each thing with its place. Pure Python, no Django.

The order of reading: text → blocks (whole paragraphs and list entries) → items → people, decisions, motions, papers.
"""

from datetime import date

from .absences import apologies_of, substitutes_of
from .attendance import attendance_of, initials_of, with_substitutes
from .blocks import blocks_of
from .decisions import limbs_of
from .due import find_due
from .findings import Item, Minutes, Resolution
from .items import ROUTINE, head_of, items_of, main_title, purpose_of
from .kinds import asks, kind_of
from .motions import motions_of
from .papers import appendices_of, documents_of, errata_of, reports_of
from .promises import promises_of
from .requests import requests_of
from .sections import sections_of


def read(text: str, meeting_date: date | None = None) -> Minutes:
    """Reads any text; what is not there stays None or empty. A given date wins over the one in the text."""
    blocks = blocks_of(text)
    items = items_of(blocks)
    head = head_of(blocks, items)
    day = meeting_date or head.meeting_date
    number, title = main_title(items)
    attendance, people_blocks, absent = attendance_of(blocks, items)
    substitutes = substitutes_of(blocks, items)
    limbs, limb_blocks = limbs_of(blocks, items)
    asked = [_due_and_ask(limb, day) for limb in limbs]
    undertakings, missed = promises_of(blocks, limb_blocks | people_blocks)
    return Minutes(
        text=text,
        council=head.council,
        committee=head.committee,
        meeting_date=day,
        item_title=title,
        purpose=purpose_of(blocks),
        minute_number=number,
        items=tuple(_item(item, blocks) for item in items if item.title),
        attendance=with_substitutes(attendance, substitutes),
        apologies=apologies_of(blocks, items, absent),
        substitutes=substitutes,
        reports=reports_of(blocks, limb_blocks),
        appendices=appendices_of(blocks),
        errata=errata_of(blocks),
        sections=sections_of(blocks, limb_blocks | people_blocks),
        motions=motions_of(blocks, items, initials_of(blocks)),
        resolutions=tuple(_resolution(limb, ask) for limb, (_, ask) in zip(limbs, asked, strict=True)),
        requests=requests_of(blocks, limbs, asked, day),
        undertakings=undertakings,
        missed=missed,
        supporting_documents=documents_of(blocks),
    )


def _item(item, blocks):
    own = blocks[item.start : item.end]
    at = (own[0].whole[0], own[-1].at[1])
    return Item(item.number, item.title, purpose_of(own), bool(ROUTINE.search(item.title)), at)


def _due_and_ask(limb, day):
    """When the limb is due, and its words that ask for something; None for what it has not."""
    due = find_due(limb.text, day)
    return due, asks(limb.text, due)


def _resolution(limb, ask):
    return Resolution(limb.label, limb.text, kind_of(limb.text, limb.stem, limb.trigger, ask), limb.at)
