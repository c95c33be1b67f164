"""Named votes: lists under For and Against, one member a line, and votes recorded at a member's wish (domain V-4)."""

import re
from dataclasses import dataclass, field

from .findings import Name
from .names import is_name, people_in
from .sentences import sentences
from .vocabulary import words
from .votelists import columns_in, sides_in

SIDES = [
    (
        "against",
        re.compile(
            r"\b(?:against|opposed|opposing|noes|nays?|no|dissent\w*|did not support|not in favour"
            r"|not to support)\b",
            re.I,
        ),
    ),
    (
        "abstained",
        re.compile(r"\b(?:abstain\w*|abstention\w*|not voting|did not vote|declin\w+ to vote)\b", re.I),
    ),
    ("for", re.compile(r"\b(?:for|favour|support\w*|ayes?|yes)\b", re.I)),
]
MOVE = r"(?:the\s+)?(?:substantive\s+)?(?:motion|amendment|proposal|recommendations?|resolution)"
HEADER = re.compile(
    r"(?:(?:there|members|councillors|those|votes?|voting|names?)\s+)*(?:(?:who\s+)?(?:voted|voting|were"
    r"|are)\s+)*(?:in\s+)?(?P<side>for|favour|against|abstentions?|abstain(?:ed|ing)?|abstainers"
    r"|not voting|did not vote|declined to vote|ayes|noes|no vote)"
    rf"(?:\s+{MOVE})?(?:\s+(?:from\s+)?voting)?\s*(?:[–-]\s*)?(?:\((?P<count>\d+|nil|none)(?:\s+\w+)?\)"
    r"|(?P<number>\d+)\b)?\s*(?:votes?\s*)?(?P<sign>:\s*[–—-]?|[–—-]|$)\s*",
    re.IGNORECASE,
)
OPENER = re.compile(
    (
        r"(?:for|against|abstain|abstention|those|there (?:vot|abst)|votes? |voting (?:for|against)|in favour"
        r"|members voting|councillors (?:voting|in favour)|not voting|declined|did not|ayes|noes)"
    ),
    re.IGNORECASE,
)
LINE = re.compile(
    r"(?P<who>\S.{1,60}?)(?:\s{2,}|\t+|\s*[:–-]\s*)(?P<side>For|Against|Abstain(?:ed)?|Abstention"
    r"|Absent|Yes|No|FOR|AGAINST|ABSTAIN(?:ED)?|Did not vote|Not voting)\.?$"
)
# The dots that lead from a list of names to its number in the margin.
LEADER = re.compile(r"\s*\.{4,}\s*\d*")
NOBODY = re.compile(r"(?:none|nil|0|n/a|no one)\b", re.IGNORECASE)
RECORDED = re.compile(
    (
        r"\b(?:record\w*|noted)\b.*?\b(?:voted|votes?|voting|abstain\w*|abstention|against|opposition"
        r"|dissent|support|favour)\b|\b(?:voted|voting)\s+(?:in\s+favour|against|for)\b"
        r"|\bvotes?\s+(?:for|against|in\s+favour)\b.*\brecorded\b|\babstain(?:ed|ing)\b"
        r"|\bdissenting\b|\babstentions?\b.*\brecorded"
    ),
    re.IGNORECASE | re.DOTALL,
)
RULE = re.compile(
    (
        r"\b((?:(?:Council|Committee|Meeting|Assembly)\s+)?(?:Procedure\s+Rules?|Procedural\s+Rules?"
        r"|Standing\s+Orders?|Rules?|Section|Paragraph|CPR|SO)\s+(?:No\.?\s*)?\d+[\w.()]*)"
    ),
    re.IGNORECASE,
)
TALLY = re.compile(
    (
        r"\bby\s+(?P<a>\d+|\w+)\s+(?:votes?\s+)?(?:in favour\s+)?(?:to|votes to|for and"
        r"|against)\s+(?P<b>\d+|\w+)\b"
        r"|\b(?P<c>\d+)\s+(?:(?:votes?|members?|councillors?|voting|voted)\s+){0,2}(?:for|in favour)\b,?"
        r"(?:\s*(?:and|with|to)?\s*)(?P<d>\d+|none|no)?\s*(?:votes?\s+)?(?:against)?"
    ),
    re.IGNORECASE,
)
CLAUSE = re.compile(
    r"(?<=[.;])\s+(?=[A-Z])|,?\s+(?:and|while|with)\s+(?=(?:that\s+)?(?:the\s+)?(?:Councillors?"
    r"|Cllrs?|M(?:r|rs|s)\b)[^.;]*?(?:abstain|voted|against|favour))"
)
INLINE = re.compile(
    r"(?:^|[;,:]\s*)(?P<who>[^;:,]{2,60}?)\s*(?:[–—:-]|\()\s*(?P<side>For|Against"
    r"|Abstain(?:ed)?|Abstention|Yes|No)\b\)?",
    re.IGNORECASE,
)
ASIDE = re.compile(
    r"\((?:[^()]*?[,;]\s*(?:with\s+)?)?(?P<who>(?:Councillors?|Cllrs?|Mr|Mrs|Ms|Miss|Dr)\b[^()]*?)\s+"
    r"(?P<verb>abstaining|abstained|dissenting|voting\s+against|voted\s+against|against)\s*\)"
)
# Who voted against refusing something voted for it.
REFUSAL = re.compile(
    r"\b(?:decision|resolution|vote)\s+(?:not\s+to|to\s+(?:reject|refuse|oppose|not))\b"
    r"|\b(?:rejection|refusal)\s+of\b",
    re.IGNORECASE,
)
OPPOSITE = {"for": "against", "against": "for"}
WORDS = dict(
    zip(
        words("""
    no none nil one two three four five six seven eight nine ten eleven twelve
"""),
        [0, 0, 0, *range(1, 13)],
        strict=True,
    )
)


@dataclass
class Votes:
    people: dict = field(default_factory=lambda: {"for": [], "against": [], "abstained": []})
    counts: dict = field(default_factory=dict)
    rule: str | None = None
    start: int = 0
    end: int = 0
    said: str = ""
    on_amendment: bool = False
    inside: bool = False  # in the same paragraph as the motion, whose fate may be told there too

    def __bool__(self):
        return any(self.people.values()) or bool(self.counts)


def side_of(words):
    return next((side for side, pattern in SIDES if pattern.search(words)), None)


def votes_in(blocks, used=()):
    """All named votes of the text in order: lists, one-a-line tables, and recorded wishes."""
    found, n = [], 0
    while n < len(blocks):
        reader = (
            _columns
            if columns_in(blocks, n, side_of)
            else _inline_table
            if len(INLINE.findall(blocks[n].text)) > 2
            else _table
            if LINE.match(blocks[n].text)
            else _lists
            if _header(blocks[n])
            else None
        )
        votes, stop = reader(blocks, n) if reader else (None, n)
        if votes:
            found.append(votes)
            n = max(stop, n + 1)
            continue
        wish = _run_in(blocks[n]) or _wishes(blocks[n])
        if wish:
            found.append(wish)
        n += 1
    return found


def _columns(blocks, n):
    people, counts, stop = columns_in(blocks, n, side_of)
    votes = Votes(people, counts, start=n, end=stop - 1, said=blocks[n].text[:40])
    while stop < len(blocks) and _header(blocks[stop]):  # "Abstentions (0)" below the columns
        more, after = _lists(blocks, stop)
        if not more or any(more.people[side] and votes.people[side] for side in more.people):
            break
        for side, names in more.people.items():
            votes.people[side] += names
        votes.counts |= more.counts
        votes.end, stop = after - 1, after
    return (votes, stop) if any(votes.people.values()) else (None, n)


def _run_in(block):
    found = sides_in(block, side_of)
    if not found:
        return None
    people, counts = found
    return Votes(people, counts, start=block.number, end=block.number, said=block.text[:40], inside=True)


def _header(block):
    if not OPENER.match(block.text) or (
        block.label and block.style not in ("bullet·", "bullet•", "bullet-", "bullet–")
    ):
        return None
    match = HEADER.match(block.text)
    if not match:
        return None
    rest = block.text[match.end() :]
    if match["sign"] in ("", "-", "–", "—") and rest and not match["count"]:
        people = people_in(rest, alone=True)
        listed = match["sign"] and (NOBODY.match(rest) or (people and people[0].start < 30))
        return match if listed and not re.search(r"\b(?:was|were|that)\b", rest[:200]) else None
    return match


def _lists(blocks, n):
    """For (n) / names / Against (n) / names: until something else comes."""
    votes = Votes(start=n, end=n)
    side, m, first = None, n, None
    while m < len(blocks):
        match = _header(blocks[m])
        if match:
            seen = (side_of(match["side"]), "amendment" in match.group().lower())
            if first and seen[0] == first[0] and seen[1] == first[1] and m > n:
                break
            first = first or seen
            side = _swapped(match, first, votes) or seen[0]
            _header_side(blocks[m], match, side, votes)
        elif not (side and _goes_on(blocks[m], votes, side)):
            break
        m += 1
    votes.end = m - 1
    votes.said = blocks[n].text[:40]
    return (votes, m) if votes else (None, n)


def _swapped(match, first, votes):
    """ "For the Motion" beside "For the Amendment" in one division: the second are against the first."""
    amendment = "amendment" in match.group().lower()
    counted = votes.people["for"] or votes.counts.get("for")
    if match["side"].lower() in ("for", "favour") and first[1] != amendment and counted:
        votes.on_amendment = True
        return "against"
    return None


def _header_side(block, match, side, votes):
    rest = block.text[match.end() :]
    count = match["count"] or match["number"]
    if count:
        votes.counts[side] = WORDS.get(count.lower(), int(count) if count.isdigit() else None)
    if rest.strip() and not NOBODY.match(rest.strip()):
        if re.fullmatch(r"\d+\.?", rest.strip()):
            votes.counts[side] = int(rest.strip(" ."))
        else:
            _take(block, match.end(), side, votes)


def _goes_on(block, votes, side):
    text = LEADER.sub("", block.text)
    if NOBODY.fullmatch(text.strip(" .()")):
        return True
    if block.label and not block.style.startswith("bullet"):
        return False
    people = people_in(text, alone=True)
    if (
        not people
        or len(people[0].name) > 40
        or people[0].start > 16
        or re.search(r"\b(?:was|were|lost|carried|RESOLVED|Amendment|Motion|the)\b", text)
    ):
        return False
    _take(block, 0, side, votes)
    return True


def _take(block, start, side, votes):
    text = LEADER.sub(lambda dots: " " * len(dots.group()), block.text[start:])
    before = votes.people[side]
    for person in people_in(text, alone=True):
        if person.name.lower() in ("none", "nil"):
            continue
        before.append(Name(person.name, block.place(start + person.start, start + person.end)))


def _table(blocks, n):
    """One member a line: "Akhtar    For"."""
    votes, m, seen = Votes(start=n), n, set()
    while m < len(blocks) and (match := LINE.match(blocks[m].text)):
        side = side_of(match["side"])
        who = match["who"].strip()
        if side and who.lower() not in seen and is_name(who, True):
            votes.people[side].append(Name(who, blocks[m].place(0, len(match["who"]))))
        seen.add(who.lower())
        m += 1
    votes.end = m - 1
    return (votes, m) if len(seen) > 2 or votes else (None, n)


def _inline_table(blocks, n):
    """A table run into one paragraph: "Smith - For; Jones - Against"."""
    votes = Votes(start=n, end=n)
    for match in INLINE.finditer(blocks[n].text):
        who = re.sub(r"^(?:Councillors|Cllrs)\s+", "", match["who"].strip())
        side = side_of(match["side"])
        if side and is_name(who, True):
            votes.people[side].append(Name(who, blocks[n].place(match.start("who"), match.end("who"))))
    return votes, n + 1


def _wishes(block):
    """ "X and Y asked that it be recorded that they voted against": each part read by its verb."""
    text = block.text
    if (
        not RECORDED.search(text)
        or len(text) > 2500
        or (
            re.search(r"recorded vote (?:was|having been) (?:requested|demanded)|be not recorded", text, re.I)
            and not re.search(r"\bvoted\b", text)
        )
    ):
        return None
    votes = Votes(start=block.number, end=block.number, said=text)
    aside = ASIDE.search(text)
    if aside:
        _aside(block, aside, votes)
        return votes if any(votes.people.values()) else None
    at = 0
    for part in [part for a, b in sentences(text) for part in _clauses(text[a:b])]:
        begin = text.find(part, at)
        at = begin + len(part)
        _wish(block, begin, part, votes)
    rule = RULE.search(text)
    votes.rule = rule[1] if rule else None
    return votes if any(votes.people.values()) else None


def _aside(block, match, votes):
    """ "CARRIED (3-0, Councillor Roe abstaining)": who in the brackets did not go along."""
    side = side_of(match["verb"])
    for person in people_in(match["who"]):
        at = match.start("who")
        votes.people[side].append(Name(person.name, block.place(at + person.start, at + person.end)))


def _clauses(text):
    """Parts with one verb of voting each: a new one begins at a name only after such a verb."""
    parts, start = [], 0
    for match in CLAUSE.finditer(text):
        if re.search(
            r"\bvot(?:ed|e|ing)\b|\babst\w+|\bagainst\b|\bfavour\b", text[start : match.start()], re.I
        ):
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


def _wish(block, begin, part, votes):
    verb = re.search(
        r"\b(?:vot(?:ed|es?|ing)|abst\w+|against|in favour|dissent\w*|opposition)\b(?!\s*(?:against|for)?:\s*\d)",
        part,
        re.I,
    )
    if not verb:
        return
    side = side_of(
        re.sub(r"\b(?:asked|called|requested)\s+for\b", "", part[verb.start() : verb.start() + 90])
    )
    if side in OPPOSITE and REFUSAL.search(part, verb.start()):
        side = OPPOSITE[side]
    lead = (
        RULE.search(part)
        if re.match(
            r"\W*(?:under|in accordance|in line|pursuant|following|further to|as required|in compliance)\b",
            part,
            re.I,
        )
        else None
    )
    noted = re.match(r"\W*(?:it\s+was|the\s+\w+)\s+(?:noted|recorded|requested|asked)\s+that\s+", part, re.I)
    offset = lead.end() if lead else noted.end() if noted else 0
    names = re.split(
        (
            r"\b(?:required?|requested|asked|wish\w*|having|had|vot(?:ed|ing)|abstain\w*|dissent\w*|desired|sought"
            r"|be recorded|in accordance|that)\b"
        ),
        part[offset:],
    )[0]
    people = people_in(re.sub(r"^\W+", lambda m: " " * len(m.group()), names))
    if not people or not side:
        recorded = re.search(r"\b(?:record|noted|asked|request|wish|dissent)", part, re.I)
        after = recorded and re.search(
            r"\b(?:from|by|of|:)\s+(?P<who>(?:Councillor|Cllr|M(?:r|rs|s)\b|Dr\b).+)", part
        )
        people, offset = (people_in(after["who"]), after.start("who")) if after and side else ([], 0)
    for person in people:
        spot = block.place(begin + offset + person.start, begin + offset + person.end)
        votes.people[side].append(Name(person.name, spot))


def tally_in(text):
    """(for, against) as stated: "by 4 votes to 11", "2 for and 3 against"."""
    match = TALLY.search(text)
    if not match:
        return None, None
    one, other = match["a"] or match["c"], match["b"] or match["d"]
    return _number(one), _number(other)


def _number(word):
    if not word:
        return None
    return int(word) if word.isdigit() else WORDS.get(word.lower())
