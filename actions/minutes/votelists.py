"""Named votes printed side by side or run into a sentence: columns under "FOR  AGAINST", "For: A and B. Against: C"."""

import re

from .blocks import COLUMN_GAP
from .findings import Name
from .names import is_name, people_in
from .sentences import sentences

SIDE_WORDS = (
    r"(?:(?:members|councillors|those|votes?|voting|cast)\s+)*(?:(?:who\s+)?(?:voted|voting)\s+)?(?:in\s+)?"
    r"(?P<side>for|favour|against|abstentions?|abstain(?:ed|ing)|abstain|not\s+voting"
    r"|did\s+not\s+vote|ayes?|noes|nays?"
    r"|opposed|dissenting|absent)"
)
COUNT = r"(?:\s*[(\[]?\s*(?P<count>\d{1,3}|nil|none)\s*(?:votes?)?\s*[)\]]?)?"
CELL = re.compile(
    rf"{SIDE_WORDS}(?:\s+(?:the\s+)?(?:substantive\s+)?(?:motion|amendment|proposal"
    rf"|recommendations?|resolution))?{COUNT}\s*:?$",
    re.IGNORECASE,
)
# "For: Cllrs Ash and Fir. Against: Cllr Elm." and "Abstained: 1 (Cllr Elm)"; the mark that opens each side.
MARK = re.compile(
    rf"(?:(?<=^)|(?<=[.;:,)\]]\s)|(?<=\sand\s))(?:and\s+)?{SIDE_WORDS}{COUNT}\s*(?::\s*[-–]?|[-–—])\s*"
    r"(?:(?P<number>\d{1,3})\b\s*\(?)?(?=\S)",
    re.IGNORECASE,
)
NOBODY = re.compile(r"\W*(?:none|nil|0|n/a|no one|nobody)\b", re.IGNORECASE)


def cells(block):
    """(offset, text) of the cells of a row."""
    found, start = [], 0
    for match in [*COLUMN_GAP.finditer(block.text), None]:
        stop = match.start() if match else len(block.text)
        found.append((start, block.text[start:stop].strip()))
        start = match.end() if match else stop
    return found


def columns_in(blocks, n, side_of):
    """(people by side, counts, block after the last row), or None when no row of sides stands here."""
    head = cells(blocks[n])
    marks = [CELL.match(text) for _, text in head if text]
    if len(marks) < 2 or not all(marks):
        return None
    starts = [blocks[n].indent + at for at, text in head if text]
    sides = [side_of(mark["side"]) for mark in marks]
    counts = {side: _count(mark["count"]) for side, mark in zip(sides, marks, strict=True) if mark["count"]}
    people, m = {"for": [], "against": [], "abstained": []}, n + 1
    while m < len(blocks) and (row := _row(blocks[m], starts, tabbed="\t" in blocks[n].text)):
        for column, names in row:
            if column < len(sides) and sides[column]:
                people[sides[column]] += names
        m += 1
    return people, counts, m


def _count(word):
    return int(word) if word.isdigit() else 0


def _row(block, starts, tabbed):
    """[(column, names)] of a line under the heads of the columns; nothing when the line is something else."""
    if block.label or len(block.text) > 1500:
        return []
    if any(CELL.match(text) for _, text in cells(block) if text):
        return []
    found = []
    for number, (at, text) in enumerate(cells(block)):
        if not text or NOBODY.match(text) or text in "-–":
            continue
        people = people_in(text, alone=True)
        if not people or people[0].start > 12 or re.search(r"\b(?:was|were|the|that)\b|[.:]$", text):
            return []
        column = number if tabbed else _nearest(starts, block.indent + at)
        found.append((column, [_name(block, at, person) for person in people]))
    return found


def _nearest(starts, at):
    return min(range(len(starts)), key=lambda k: abs(starts[k] - at))


def _name(block, at, person):
    return Name(person.name, block.place(at + person.start, at + person.end))


def sides_in(block, side_of):
    """(people by side, counts) of lists run into a sentence; None when nobody is named."""
    if (
        not re.search(r"\b(?:for|favour|against|ayes?)\b", block.text, re.IGNORECASE)
        or len(block.text) > 4000
    ):
        return None
    marks = list(MARK.finditer(block.text))
    if not any(side_of(mark["side"]) in ("for", "against") for mark in marks):
        return None
    people, counts = {"for": [], "against": [], "abstained": []}, {}
    stops = [mark.start() for mark in marks[1:]] + [len(block.text)]
    for mark, stop in zip(marks, stops, strict=True):
        side = side_of(mark["side"])
        if not side:
            continue
        if stated := mark["count"] or mark["number"]:
            counts[side] = _count(stated)
        people[side] += _named(block, mark.end(), stop)
    return (people, counts) if any(people.values()) else None


def _named(block, start, stop):
    """The names of one side: to the end of the sentence, brackets aside."""
    first = sentences(block.text[start:stop])[:1]
    text = block.text[start : start + first[0][1]] if first else ""
    text = re.sub(r"\((?!\d)[^()]{12,}\).*", "", text.rstrip(" .;,"))
    text = text.removesuffix(")") if "(" not in text else text
    if NOBODY.match(text):
        return []
    people = people_in(text, alone=True)
    if not people or people[0].start > 14:
        return []
    return [_name(block, start, person) for person in people if is_name(person.name, True)]
