"""Sections inside an item: a bare title, then lead-ins that end in a colon, each with its bullets."""

import re

from .blocks import squeeze
from .findings import Passage, Section

DISCUSSION = re.compile(
    r"\b(?:discuss\w*|comments?|questions?|raised|debate|considered|consideration|responses?)\b",
    re.IGNORECASE,
)
INTRODUCED = re.compile(
    r"(?:The\s+)?(?P<who>[A-Z][^.:;]*?)\s+(?:then\s+|also\s+)?(?:introduced|presented|outlined"
    r"|gave|provided|took the \w+ through)\b"
)
INTRODUCED_BY = re.compile(r"\b(?:introduced|presented)\s+by\s+(?:the\s+)?(?P<who>[A-Z][^.:;,]*)")
LEAD_IN = re.compile(r"(?::\s*[-–]?|\bfollowing (?:key |main )?(?:points|areas|issues|matters))\s*$")
NOT_TITLES = re.compile(
    (
        r"(?:minutes|decisions?|resolved|recommended|agreed|supporting|additional|present"
        r"|in attendance|agenda|apologies|note|voting)\b"
    ),
    re.IGNORECASE,
)


def sections_of(blocks, used):
    found, n = [], 0
    while n < len(blocks):
        if _is_title(blocks, n, used):
            section, n = _section(blocks, n)
            found += [section] if section else []
        else:
            n += 1
    return tuple(found)


def _is_title(blocks, n, used):
    text = squeeze(blocks[n].text)
    if n in used or blocks[n].label or n + 2 >= len(blocks) or NOT_TITLES.match(text):
        return False
    plain = len(text.split()) <= 16 and text[:1].isupper() and not re.search(r"[.:;,]$", text)
    return plain and _is_lead_in(blocks, n + 1)


def _is_lead_in(blocks, n):
    return (
        n + 1 < len(blocks)
        and not blocks[n].label
        and bool(LEAD_IN.search(blocks[n].text))
        and blocks[n + 1].style.startswith(("bullet", "(", ")", "."))
        and not re.match(r"RESOLVED|Resolved", blocks[n].text)
    )


def _section(blocks, n):
    heading, start, introduced = squeeze(blocks[n].text), blocks[n].at[0], None
    points = {"key": [], "discussion": []}
    m = n + 1
    while m < len(blocks) and _is_lead_in(blocks, m):
        lead = blocks[m].text
        who = INTRODUCED.match(lead) or INTRODUCED_BY.search(lead)
        introduced = introduced or (who and squeeze(who["who"]))
        side = (
            "discussion"
            if DISCUSSION.search(lead) and not re.search(r"key points|highlighted|main points", lead)
            else "key"
        )
        if points[side] or (side == "key" and points["discussion"]):
            break
        style, m = blocks[m + 1].style, m + 1
        while m < len(blocks) and blocks[m].style == style:
            points[side].append(Passage(squeeze(blocks[m].text), blocks[m].at))
            m += 1
    if not points["key"] or not (points["discussion"] or introduced):
        return None, max(m, n + 1)
    return Section(
        heading, introduced, tuple(points["key"]), tuple(points["discussion"]), (start, blocks[m - 1].at[1])
    ), m
