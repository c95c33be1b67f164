"""Where one agenda item ends and the next begins; the head of the page: council, committee, date."""

import re
from dataclasses import dataclass

from .blocks import Block, squeeze
from .dates import EXACT, exact_date

TRAILING = re.compile(
    r"\s*(?:[(\[]?(?:agenda )?item \d+\w?[)\]]?|,?\s*item \d+\.?"
    r"|(?:pdf icon\s*)?pdf\s+[\d.,]+\s*[km]b.*|[\d.,]+\s*[KM]B|View the full minutes.*"
    r"|-?\s*Additional documents:?)\s*$",
    re.IGNORECASE,
)
DECISION_WORDS = re.compile(
    r"(?:(?:UNANIMOUSLY )?(?:RESOLVED|AGREED)|RECOMMENDED|ORDERED|NOTED|T\s*H\s*A\s*T\b|That\b|THAT\b|Resolved"
    r"|Recommended|Recommendations?\b|Agreed|Decisions?\b|Minutes:?$|Amendment|Motion\b"
    r"|Proposed\b)"
)
ROUTINE = re.compile(
    r"apolog|declaration|disclosure|minutes|substitut|urgent|exclu|work (?:programme|plan"
    r"|schedule)|forward plan|date (?:and|of)|next meeting|welcome"
    r"|announcement|updates?$|public question|question time|petition|election of|appointment of"
    r"|chair|membership|late items|exempt|any other|close of|open forum",
    re.IGNORECASE,
)
NOT_A_HEADING = re.compile(
    r"(?:UNRESTRICTED|PUBLIC|EXEMPT|PART |PRESENT|MINUTES|AGENDA$|COUNCIL$|DRAFT|IN ATTENDANCE"
    r"|ALSO|OFFICERS|COUNCILLORS?|MEMBERS|APOLOGIES:|FOR\b|AGAINST|ABSTAIN|NOT VOTING|CHAIR|ACTION"
    r"|REASON|OPEN |THE MEETING|SIGNED|PDF|RECORD)"
)
BODIES = (
    r"Committee|Sub-Committee|Board|Panel|Cabinet|Council|Executive|Commission|Forum|Group"
    r"|Partnership|Assembly|Authority"
)
COUNCIL_LINE = re.compile(
    r"(?:(?:the\s+)?(?:London |Royal |Metropolitan )*(?:Borough|City|County|District"
    r"|Town)(?: and County| and District)? of [A-Z][\w’' -]+|(?!Councillor|Cllr)[A-Z][\w’'.& -]{2,60}?\b(?:council"
    r"|combined authority|national park authority|C\.C\.))(?=$|\s*[-–,:(]|\s+(?:minutes|agenda)\b)",
    re.IGNORECASE,
)
HELD = re.compile(
    r"(?:(?:(?:ordinary|annual|special|extraordinary|virtual|remote|hybrid)\s+)*\b(?:meeting"
    r"|proceedings)s?\s+of\s+|^minutes?\s+of\s+)(?:(?:a|an|the)\s+)?(?!(?:(?:a|an"
    r"|the)\s+)?(?:\w+\s+){0,2}(?:meeting|proceedings)\b)(?P<body>.+?)"
    r"(?:\s+meeting)?(?=\s*,?\s+(?:held|which|on\s|at\s|in\s+the)|\s*$|\s+[-–]\s|,)",
    re.IGNORECASE,
)
# How the page of one item says whose it was: "Meeting of Elm Board, Monday, 3rd March, 2025 (Item 6.)".
PAGE_HEAD = re.compile(r"Meeting(?: of |: )(?P<said>.+?)\s*\(Item \w+\.?\)$")


@dataclass(frozen=True)
class Item:
    """blocks[start:end]; `title` None for what stands before the first heading."""

    start: int
    end: int
    number: str | None
    title: str | None


@dataclass(frozen=True)
class Head:
    council: str | None
    committee: str | None
    meeting_date: object


def items_of(blocks: list[Block]) -> list[Item]:
    starts = [(n, *_heading(blocks, n)) for n in range(len(blocks)) if _heading(blocks, n)]
    bounds = [0] + [n for n, *_ in starts] + [len(blocks)]
    items = [Item(0, bounds[1], None, None)]
    for k, (n, number, title) in enumerate(starts):
        items.append(Item(n, bounds[k + 2], number, title))
    return items


def clean_title(text):
    text = squeeze(text)
    while (shorter := TRAILING.sub("", text)) != text:
        text = shorter
    return text.strip(" -–:")


def _heading(blocks, n):
    """(number, title) when this block heads an item, else None."""
    block = blocks[n]
    title = clean_title(block.text)
    if re.fullmatch(r"agenda item\s*\d*:?", block.text, re.I) or not title or PAGE_HEAD.match(block.text):
        return None
    if n and re.fullmatch(r"agenda item\s*\d*:?", blocks[n - 1].text, re.I) and not blocks[n - 1].label:
        return block.label, title
    if block.style == "item":
        return block.label, title
    if DECISION_WORDS.match(title) and not re.match(r"Minutes\s+\S|MINUTES", title):
        return None
    inline = (
        re.match(
            r"(?:\(\d+\)\s*)?(?P<title>[A-Z][A-Z’',/&() \d-]{7,}?)\s+[–-]\s+(?=[A-Z\d]\S*\s)", block.text
        )
        if block.label and block.style in (".1", "ref", "gap")
        else None
    )
    if inline and not _is_title(title):
        return block.label, squeeze(inline["title"])
    if block.label and block.style in (".1", "ref", "gap") and _is_title(title) and not _is_lead_in(block):
        following = blocks[n + 1].text if n + 1 < len(blocks) else ""
        marked = (
            title.isupper()
            or block.style == "ref"
            or block.style == "gap"
            or re.match(r"\((?:Agenda |Item )", following, re.I)
        )
        alone = n == 0 or block.spaced or title != squeeze(block.text) or "\n" in block.text
        nested = (
            n
            and blocks[n - 1].style == block.style
            and blocks[n - 1].value == (block.value or 0) - 1
            and not marked
        )
        return (block.label, title) if (marked or alone or _label_alone(block)) and not nested else None
    if block.label:
        return None
    numbered = re.match(r"(\d{1,3}[A-Z]?)\s+(?=[A-Z])", title)
    plain = title[numbered.end() :] if numbered else title
    if _is_capitals(title) or (
        title != squeeze(block.text)
        and re.search(r"pdf|\(item \d|\bKB\b", block.text, re.I)
        and _is_title(plain)
        and not re.match(r"Appendix|\(", title)
        and not _in_documents(blocks, n)
    ):
        return (numbered and numbered[1]), plain
    return None


def _is_lead_in(block):
    """ "4.1 Members wished the next report to cover:" heads a list, not an item."""
    return block.text.endswith(":") and len(block.text.split()) > 6


def _in_documents(blocks, n):
    return any(
        re.match(r"(?:supporting|additional) documents", b.text, re.I) for b in blocks[max(0, n - 8) : n]
    )


def _label_alone(block):
    return block.label_at is not None and block.pieces[0][1] - block.label_at > len(block.label) + 8


def _is_title(title):
    return (
        len(title.split()) <= 18
        and (title[:1].isupper() or (title[:1].isdigit() and title.isupper()))
        and not re.search(r"[.;:,]$|\b(?:that|following)$", title)
        and not re.search(
            r"\b(?:RESOLVED|was|were|has|had|be|would|introduced|presented|reported|noted|agreed|asked"
            r"|proposed|seconded|advised)\b",
            title,
        )
    )


def _is_capitals(title):
    letters = re.sub(r"[^A-Za-z]", "", title)
    return (
        len(letters) > 7
        and letters.isupper()
        and len(title.split()) > 1
        and not NOT_A_HEADING.match(title)
        and not (
            re.search(EXACT, title, re.IGNORECASE)
            and re.search(rf"\b(?:{BODIES})\b|^\W*\d", title, re.IGNORECASE)
            and "MINUTES" not in title
        )
        and not re.search(r"\b(?:COUNCIL|COMMITTEE|BOARD|PANEL|CABINET|SCRUTINY|COMMISSION|ITEMS?)$", title)
    )


def main_title(items):
    """(number, title) of the one item that is more than routine; nothing for a whole meeting."""
    heads = [item for item in items if item.title]
    weighty = [item for item in heads if not ROUTINE.search(item.title) and item.end - item.start > 1]
    chosen = heads[0] if len(heads) == 1 else weighty[0] if len(weighty) == 1 and len(heads) < 8 else None
    if not chosen:
        return None, None
    title = chosen.title
    return chosen.number, title


def head_of(blocks, items):
    """What the page says of itself before its first item."""
    first = items[1].start if len(items) > 1 and items[1].start > 2 else 14
    top = [b for b in blocks[: min(first, 25)] if not b.label]
    top = top[
        : next(
            (
                n
                for n, b in enumerate(top)
                if re.match(r"(?:Minutes|Decisions?):?$|RESOLVED|To (?:consider|receive)", b.text)
            ),
            len(top),
        )
    ]
    page = [b for b in blocks[:25] if PAGE_HEAD.match(b.text)]
    return Head(_council(top), _committee(page + top), _meeting_date(page + top))


def _named(words):
    """Capitals made gentle: "PEOPLE SCRUTINY PANEL" → "People Scrutiny Panel"."""
    words = squeeze(words).strip(" .,:-–")
    if not words.isupper():
        return words
    small = {"of", "and", "the", "for", "in", "on", "with", "upon", "under"}
    parts = [
        w.lower() if w.lower() in small else "-".join(p.capitalize() for p in w.split("-"))
        for w in words.split()
    ]
    return (parts[0][:1].upper() + parts[0][1:] + " " + " ".join(parts[1:])).strip() if parts else None


def _council(top):
    for block in top:
        match = COUNCIL_LINE.match(re.split(r"\s+/\s+", block.text)[-1])
        words = match.group().split() if match else []
        if (
            match
            and len(words) > 1
            and len(block.text) < 200
            and not re.match(
                r"(?:At|The|This|That|Minutes)\b.*(?:meeting|considered)|(?:the\s+)?(?:full"
                r"|county|parish|city|town"
                r"|borough|district) council$",
                match.group(),
                re.I,
            )
        ):
            return _named(match.group())
    for block in top:
        match = re.search(
            r"\bof\s+(?:the\s+)?(?P<council>[A-Z][\w’'-]+(?:\s+(?:and\s+|of\s+)?[A-Z][\w’'-]+){0,4}\s+Council)\b",
            block.text[:300],
        )
        generic = match and re.fullmatch(
            r"(?:Parish|Town|City|County|District|Borough|Full) Council", squeeze(match["council"])
        )
        if match and not generic and re.search(r"\bmeeting|minutes", block.text[: match.start()], re.I):
            return squeeze(match["council"])
    return None


def _committee(top):
    for block in top:
        page = PAGE_HEAD.match(block.text)
        if page:
            return _named(re.sub(rf"^{EXACT}\s*[-–]\s*|,?\s+{EXACT}.*$", "", page["said"], flags=re.I))
        match = HELD.search(block.text[:400])
        if (
            match
            and len(match["body"].split()) < 15
            and not re.match(r"(?:previous|last)\b", match["body"], re.I)
        ):
            body = re.sub(
                r"^(?:the|its)\s+|\s+of\s+(?:the\s+)?[A-Z][\w’' -]+\bCouncil$", "", match["body"], flags=re.I
            )
            of_council = re.search(r"council$", body, re.I) and len(body.split()) > 2
            if not of_council and re.search(rf"\b(?:{BODIES})\b", body, re.I) and body.lower() != "board":
                return _named(body)
    for block in top:
        line = re.split(rf"\s+[-–]\s+(?={EXACT})|\s*,?\s+(?={EXACT})", block.text, flags=re.I)[0].strip()
        line = re.sub(
            r"^minutes?\s+of\s+(?:(?:a|the)\s+)?(?:meeting\s+of\s+)?(?:the\s+)?", "", line, flags=re.I
        )
        if (
            line
            and len(block.text) < 160
            and re.search(rf"\b(?:{BODIES})s?(?:\s*\([^()]*\)|\s+[-–]\s+[\w ,&’']+)?$", line, re.I)
            and len(line.split()) < 12
            and line[0].isupper()
            and not re.fullmatch(rf"(?:{BODIES})s", line)
            and not _is_council(line)
        ):
            return _named(line)
    return None


def _is_council(line):
    """ "Elm County Council" is the council; "County Council" or "Council" alone is the body that met."""
    if re.fullmatch(r"(?:full |county |city |parish |town )?council", line, re.I):
        return False
    return bool(COUNCIL_LINE.fullmatch(re.split(r"\s+/\s+", line)[-1]))


def _meeting_date(top):
    for block in top:
        text = block.text[:500]
        if re.search(r"^minutes\s*[-–]\s*\d|previous|last meeting|next meeting|dated|published", text, re.I):
            continue
        match = re.search(EXACT, text, re.IGNORECASE)
        if match and _is_heading_date(text, match):
            found = exact_date(match.group())
            if found:
                return found
    return None


def _is_heading_date(text, match):
    if len(text) < 60 or re.search(r"\b(?:held|meeting)\b|\bdate\s*:\s*$", text[: match.start()], re.I):
        return True
    return bool(re.search(rf"\b(?:{BODIES})\s*[-–,]\s*$", text[: match.start()], re.I))


def purpose_of(blocks):
    """The sentence "To receive a report ..." that opens an item's page."""
    return next(
        (
            squeeze(b.text)
            for b in blocks[:12]
            if re.match(r"\(?To (?:consider|receive|note|review|discuss|approve|agree|scrutinise)\b", b.text)
        ),
        None,
    )
