"""Text → blocks: paragraphs and list entries, whole again after line wrapping and page breaks.

A block knows its label ("(a)", "3.", a bullet), and where each of its characters stands in the text.
"""

import re
from dataclasses import dataclass, field, replace
from itertools import pairwise

BULLETS = "·•●○◦▪■□–—\\-*Ø➢➤►▶‣⁃§\uf0b7\uf0a7\uf0d8\uf0fc\uf06f"
MONTHS = "JANUARY|FEBRUARY|MARCH|APRIL|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER"
LABEL = re.compile(
    rf"""(?P<bullet>[{BULLETS}](?=\s)|o(?=\s+\S))\s+
    |\((?P<inside>\d{{1,3}}|[a-zA-Z]|[ivx]{{2,5}})\)\s*(?=\S)
    |(?P<half>\d{{1,3}}|[a-zA-Z]|[ivx]{{2,5}})\)\s*(?=\S)
    |(?P<dot>\d{{1,3}}|[a-z]|[ivx]{{2,5}})\.(?=\s)\s+
    |(?P<item>[Ii][Tt][Ee][Mm]\s+\d{{1,3}}[a-zA-Z]?)\s*[:.–-]\s+
    |(?P<ref>[A-Z]{{1,6}}[./-]?\d{{1,4}}(?:[./-]\d+)*|\d{{1,4}}/\d{{2,4}}|\d{{1,3}}\.\d{{1,3}}\.?|[A-Z]{{2,6}}/\d\d/\d+
       |(?!(?:PART|TABLE|APPENDIX|ITEM|PAGE|ANNEX|ROOM|PARA|VERSION|FIGURE)\s)(?:[A-Z]{{1,6}}\s){{1,2}}\d{{1,4}}(?:/\d{{2,4}}\b|(?=\.\s|\t|\s\s))
       |\d{{1,4}}[A-Z])[.:]?\s+(?=\S)
    |(?P<gap>\d{{1,4}})(?:\s{{2,}}|\t+|\s+(?=T\s*[Hh]\s*[Aa]\s*[Tt]\b|To\b|(?!{MONTHS})[A-Z’']{{4,}}\b))(?=[A-Za-z“"])""",
    re.VERBOSE,
)
LABEL_ALONE = re.compile(
    r"(?:\d{1,4}[A-Z]?\.?|[A-Z]{1,6}[./]?\d{1,4}(?:[./]\d+)*\.?|\d{1,4}/\d{2,4}\.?|[a-z]\)"
    r"|\(?[a-z0-9ivx]{1,4}\)|[·•])$"
)
PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–]?\s*\d{1,3}\s*[-–]?(?:\s*(?:of|/)\s*\d{1,3})?$", re.IGNORECASE)
STRUCTURE = re.compile(
    r"(?:RESOLVED|RECOMMENDED|AGREED|ORDERED|NOTED|DECISION|PRESENT|ALSO PRESENT|IN ATTENDANCE"
    r"|OFFICERS|APOLOGIES|ACTION|REASON|CARRIED|LOST)\b"
    r"|and (?:it was )?(?:unanimously )?(?:[Aa]greed|AGREED|[Rr]esolved|RESOLVED|CARRIED)\s*:"
    r"|(?:Resolved|Recommended|Recommendations?|Decisions?|Minutes|Present|In attendance"
    r"|Also present|Officers|Apologies|Supporting documents"
    r"|Additional documents|Reasons? for \w+|Action)\s*[:–-]"
    r"|(?:Members|Officers|Others|Also) (?:present|in attendance)\b"
    r"|(?:For|Against|Abstain(?:ed|ing)?|Abstentions?|FOR|AGAINST|ABSTAIN(?:ED)?|ABSTENTIONS?"
    r"|NOT VOTING)\s*(?:\(|:|$)"
    r"|(?:Amendment|Motion|Substantive [Mm]otion) (?:carried|lost|fell|withdrawn)|\((?:Item|Agenda)"
)
OPEN_ENDED = re.compile(
    r"(?:,|[(&]|\b(?:and|of|the|for|to|by|in|with|from|or|a|an|Mr|Mrs|Ms|Dr|Councillor|Cllr)|[a-z]-)$"
)
RUN_IN = re.compile(
    r"(?<=\S)\s+(?=(?:Minutes|Decision):(?:\s|$))|(?<=Minutes:)\s+(?=\S)|(?<=Decision:)\s+(?=\S)|\s\|\s+(?=\S)"
)
# White space and the bars of a table copied as text; `strip` takes them off a cell.
EDGES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "|"
# A line of a list of people: a title, then hardly a word in small letters.
TITLED = re.compile(
    r"(?:The\s+)?(?:Councillor|Cllr|Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Rev|Revd"
    r"|Alderman|Ald|Canon|Sir|Dame|Lord|Lady)\b"
)
SMALL_WORDS = re.compile(
    r"(?<![\w’'-])(?!(?:of|and|the|for|in|on|with|to|chair|vice|as|substitute)\b)[a-z]{2,}"
)
# What parts the cells of a row copied as text.
COLUMN_GAP = re.compile(r"\t|\s{3,}")
# A row of a table, or a line that is one person whole: "Jane Roe (Head of Service)".
PERSON_ROW = re.compile(
    r"[A-Z][\w’'.-]*(?: [\w’'.&-]+){0,5}(?: ?\([^()]*\))?(?:(?<=\))$|\s*\t\s*\S|\s{3,}\S)"
)
LONG_LINE = 160
# No paragraph of minutes is longer; what is longer is cut, so that no pattern ever meets a very long string.
MOST = 5000


@dataclass(frozen=True)
class Line:
    text: str
    start: int
    indent: int

    @property
    def width(self):
        return self.indent + len(self.text)


@dataclass(frozen=True)
class Block:
    """`style` groups labels of one list ("(1", "(a", "1.", "bullet·"); `value` counts in it, None for bullets."""

    text: str
    pieces: tuple[tuple[int, int], ...]
    label: str | None = None
    style: str = ""
    value: int | None = None
    indent: int = 0
    spaced: bool = False
    label_at: int | None = None
    number: int = field(default=0, compare=False)

    @property
    def at(self):
        return self.place(0, len(self.text))

    @property
    def whole(self):
        """The place with the label."""
        start, end = self.at
        return (start if self.label_at is None else self.label_at, end)

    def place(self, start, end):
        """Offsets in the block's text → offsets in the whole text."""
        if end <= start:
            return (self._source(start), self._source(start))
        return (self._source(start), self._source(end - 1) + 1)

    def sources(self, offsets):
        """The same for many rising offsets of single characters, in one pass."""
        found, piece = [], 0
        for offset in offsets:
            while piece + 1 < len(self.pieces) and self.pieces[piece + 1][0] <= offset:
                piece += 1
            here, there = self.pieces[piece]
            found.append(there + offset - here)
        return found

    def _source(self, offset):
        here, there = self.pieces[0]
        for inside, outside in self.pieces:
            if inside > offset:
                break
            here, there = inside, outside
        return there + offset - here


def blocks_of(text: str) -> list[Block]:
    lines = _lines(text)
    width = _wrap_width(lines)
    repeated = _repeated(lines)
    blocks, gap, noise, last = [], 0, False, None
    for line in lines:
        if not line.text:
            gap += 1
        elif _is_noise(line, repeated):
            noise = True
        else:
            _add(blocks, line, last, width, gap, noise)
            last, gap, noise = line, 0, False
    blocks = _adopt_lone_labels(blocks)
    return [replace(block, number=n) for n, block in enumerate(blocks)]


def squeeze(text: str) -> str:
    """Words parted by single spaces."""
    return " ".join(text.split())


def exact(block: Block, start: int, stop: int) -> tuple[str, list[int]]:
    """The words of a stretch parted by single spaces, and where in the text each of their characters stands."""
    chars, spots = [], []
    for at in range(start, stop):
        char = block.text[at]
        if not char.isspace():
            chars.append(char)
        elif chars and chars[-1] != " ":
            chars.append(" ")
        else:
            continue
        spots.append(at)
    words = "".join(chars).rstrip()
    return words, block.sources(spots[: len(words)])


def entry_of(block: Block) -> tuple[str, tuple[int, int]]:
    """An entry of a list in the minutes' own words, its place; the "; and" that leads on to the next is left out."""
    joint = re.search(r"(?:[;,]\s*(?:and|or|AND)?|\s(?:and|or))\s*$", block.text)
    text, spots = exact(block, 0, joint.start() if joint else len(block.text))
    return (text, (spots[0], spots[-1] + 1)) if text else (squeeze(block.text), block.at)


def _lines(text):
    lines, start = [], 0
    for raw in text.split("\n"):
        for part, offset in _parted(raw):
            body = part.strip(EDGES)
            indent = len(part) - len(part.lstrip(EDGES))
            lines.append(Line(body, start + offset + indent, indent))
        start += len(raw) + 1
    return lines


def _parted(raw):
    """Pages copied from a table run "Minutes:" and what follows into one line."""
    run_in = "inutes:" in raw or "ecision:" in raw or " |" in raw
    cuts = [0, *(m.end() for m in RUN_IN.finditer(raw)), len(raw)] if run_in else [0, len(raw)]
    short = [n for a, b in pairwise(cuts) for n in range(a, max(b, a + 1), MOST)]
    return [(raw[a:b], a) for a, b in pairwise([*short, len(raw)])]


def _wrap_width(lines):
    """The width a page was wrapped at, or None for text with one line per paragraph."""
    widths = sorted(line.width for line in lines if len(line.text) > 40)
    if len(widths) < 6 or sum(w > LONG_LINE for w in widths) > len(widths) / 10:
        return None
    width = widths[int(len(widths) * 0.9)]
    return width if _runs_on(lines, width) else None


def _runs_on(lines, width):
    """Wrapped text shows it: after a full line the sentence often goes on in small letters."""
    after = [b.text[0] for a, b in pairwise(lines) if a.width > 0.75 * width and b.text]
    return len(after) > 3 and sum(c.islower() for c in after) > len(after) / 4


def _repeated(lines):
    """Running headers and footers: the same words, page number aside, three times or more."""
    seen = {}
    for line in lines:
        if 6 < len(line.text) < 90 and re.search(r"\d", line.text):
            key = re.sub(r"\d+", "#", line.text.casefold())
            seen.setdefault(key, []).append(line)
    pages = re.compile(rf"\bpage\b|#(?:st|nd|rd|th)? (?:{MONTHS.lower()}|may),? #")
    return {
        line.start
        for key, group in seen.items()
        if len(group) > 2 and pages.search(key) and not LABEL.match(group[0].text)
        for line in group
    }


def _is_noise(line, repeated):
    return line.start in repeated or bool(PAGE_NUMBER.match(line.text) and not line.text.endswith("."))


def _add(blocks, line, last, width, gap, noise):
    match = LABEL.match(line.text)
    if blocks and _continues(blocks[-1], last, line, match, width, gap, noise):
        blocks[-1] = _joined(blocks[-1], line)
        return
    if match and match.end() < len(line.text):
        blocks.append(_labelled(line, match, blocks, gap))
    else:
        blocks.append(Block(line.text, ((0, line.start),), indent=line.indent, spaced=gap > 0))


def _continues(block, last, line, match, width, gap, noise):
    """Does this line go on with the block before it, or begin a new one?"""
    if len(block.text) + len(line.text) > MOST:
        return False
    if match and not _stray_label(block, line, match):
        return False
    lone_label = LABEL_ALONE.match(line.text) and (gap or not OPEN_ENDED.search(last.text))
    if STRUCTURE.match(line.text) or lone_label or line.indent - last.indent > 24:
        return False
    small = line.text[0].islower()
    if not gap and (_is_next_person(last.text, line.text) or _is_next_row(last.text, line.text)):
        return False
    if gap and not noise and gap < 3:
        return False
    if gap or noise:
        return small and last.text[-1] not in ".:;"
    if last.text[-1] == ":" or re.fullmatch(r"Agenda Item \w+", last.text, re.I):
        return False
    if (
        width
        and last.text.count(",") > 1
        and "," in line.text
        and not re.search(r"[.;:,]$", last.text)
        and not small
    ):
        return True
    if (
        re.search(r"(?:,|:|Councillors|Cllrs)\s+[A-Z]\S*\s+[A-Z]\S*,\s.*?[A-Z]\S*$", last.text)
        and re.search(r",\s+[A-Z][\w’'.-]*$", last.text)
        and re.match(r"[A-Z][\w’'-]*(?:,|\s+and\b|\s*$|\s*\()", line.text)
    ):
        return True  # a list of full names broken between forename and surname
    if small or OPEN_ENDED.search(last.text) or last.text.count("(") > last.text.count(")"):
        return not LABEL_ALONE.match(last.text)
    first = line.text.split(None, 1)[0]
    return width is not None and last.width + 1 + len(first) > 0.84 * width


def _is_next_person(last, text):
    """One person a line: both lines open with a title, and the first is no sentence broken off."""
    return bool(
        TITLED.match(text)
        and TITLED.match(last)
        and not OPEN_ENDED.search(last)
        and len(SMALL_WORDS.findall(last)) < 2
        and len(SMALL_WORDS.findall(text)) < 2
    )


def _is_next_row(last, text):
    return bool(PERSON_ROW.match(last) and PERSON_ROW.match(text) and not OPEN_ENDED.search(last))


def _stray_label(block, line, match):
    """A "(2)" or "12." at a line's start may only be the rest of a sentence."""
    rest = line.text[match.end() : match.end() + 1]
    if match["bullet"] or match["ref"] or match["item"] or match["gap"] or not rest.islower():
        return False
    mark = match["inside"] or match["half"] or match["dot"]
    value = _value(mark, "i" if mark in ("i", "v", "x") else None)
    ended = re.search(r"(?:[.;:,]|\band|\bor)$", block.text)
    return not ended and block.value != value - 1 and value != 1


def _joined(block, line):
    glue = "" if re.search(r"\w-$", block.text) else " "
    text = block.text + glue
    return replace(block, text=text + line.text, pieces=(*block.pieces, (len(text), line.start)))


def _labelled(line, match, blocks, gap):
    label = line.text[: match.end()].strip()
    style, value = _style(match, blocks)
    start = line.start + match.end()
    return Block(
        line.text[match.end() :],
        ((0, start),),
        label,
        style,
        value,
        line.indent,
        gap > 0,
        label_at=line.start,
    )


def _style(match, blocks):
    if match["bullet"]:
        return "bullet" + match["bullet"], None
    for form, sign in (("inside", "("), ("half", ")"), ("dot", ".")):
        if match[form]:
            kind = _kind(match[form], sign, blocks)
            return sign + kind, _value(match[form], kind)
    if match["gap"]:
        return "gap", int(match["gap"])
    return ("item" if match["item"] else "ref"), None


def _kind(mark, sign, blocks):
    if mark.isdigit():
        return "1"
    if len(mark) > 1:
        return "i"
    if mark in "ivx":
        before = next((b for b in reversed(blocks[-12:]) if b.style in (sign + "a", sign + "i")), None)
        follows = before and before.style == sign + "a" and before.value == ord(mark) - 97
        return "a" if follows else "i"
    return "a" if mark.islower() else "A"


ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}


def _value(mark, kind=None):
    if mark.isdigit():
        return int(mark)
    if kind == "i" or len(mark) > 1:
        return ROMAN.get(mark, 99)
    return ord(mark.lower()) - 96


def _adopt_lone_labels(blocks):
    """A number alone on its line labels the line below it (pages copied from a table)."""
    kept = []
    for block in blocks:
        before = kept[-1] if kept else None
        if before and not before.label and not block.label and LABEL_ALONE.match(before.text):
            match = LABEL.match(before.text + "  X")
            if match:
                style, value = _style(match, kept)
                kept[-1] = replace(block, label=before.text, style=style, value=value, label_at=before.at[0])
                continue
        kept.append(block)
    return kept
