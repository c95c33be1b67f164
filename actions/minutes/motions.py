"""Motions, amendments and suggestions: who put them forward, and what became of them (domain V-1 to V-4)."""

import re
from dataclasses import dataclass, field, replace

from .blocks import squeeze
from .findings import Motion
from .names import PERSON, UPPER, is_name, name_key
from .outcomes import RESOLVED, SUBSTANTIVE, outcome_in, outcomes_of
from .sentences import sentences
from .votes import Votes, votes_in

INITIALS = rf"(?:[{UPPER}]{{2,4}})"
P = PERSON.pattern
MOVERS = [
    (
        rf"\b(?i:moved|proposed)\s+by\s*:?\s*(?P<mover>{P})(?:(?:\s*,?\s*"
        r"(?:and\s+)?(?:was\s+)?(?:duly\s+)?|[;.]\s*)(?:seconded|SECONDED"
        rf"|Seconded)\s+by\s*:?\s*(?P<seconder>{P}))?"
    ),
    (
        r"\b(?i:motion|proposition|proposal|recommendation|amendment)(?:\s+(?:[Nn]o\.?\s*)?[A-Z\d]{1,2})?\s*[,:–-]?"
        r"\s+(?:was\s+)?(?:(?i:moved|proposed|put\s+forward|submitted|tabled)\s+)?(?:of"
        r"|from|in\s+the\s+name\s+of"
        rf"|by)\s*:?\s+(?P<mover>{P})(?:\s*,?\s*(?:and\s+)?(?:duly\s+)?(?i:seconded)\s+by\s+(?P<seconder>{P}))?"
    ),
    (
        rf"(?P<mover>{P})\s*,?\s+(?:then\s+|formally\s+|also\s+)?(?i:seconded)\s+by\s+"
        rf"(?P<seconder>{P})\s*,?\s+(?:then\s+)?(?i:moved|proposed)\b"
    ),
    (
        rf"(?P<mover>{P})(?:,\s+(?:as|in|the)\s[^,.]{{2,40}},)?\s+(?:then\s+|formally\s+|also\s+"
        r"|had\s+)?(?i:moved|proposed)\b(?!\s+(?:by|amendments?\s+to"
        rf"|to\b))(?:\s*,?\s*(?:and\s+)?(?P<seconder>{P})\s+(?:then\s+|formally\s+|duly\s+)?(?i:seconded)"
        rf"|[^.“\"]{{0,160}}?,?\s*(?:and\s+)?(?:(?:was|which was"
        rf"|this was)\s+)?(?:duly\s+)?(?i:seconded)\s+by\s+(?P<seconder2>{P}))?"
    ),
    (
        r"(?:Prop(?:osed|oser)?|PROPOSED|Proposed by|Moved"
        rf"|Mover)\b\.?\s*(?:by\s*)?[:–-]?\s*(?P<mover>{P})\s*[,;/.–-]?\s*(?:and\s+)?(?:2nd|2nded"
        rf"|[Ss]econded|SECONDED|[Ss]econder|Sec)\b\.?(?:\s+by)?\s*[:–-]?\s*(?P<seconder>{P})"
    ),
    (
        rf"(?P<mover>{P})(?:,\s+[^,.]{{2,60}},)?\s+(?:[a-z]+\s+)?(?:said|stated|commented|considered|felt|noted"
        r"|expressed|explained|spoke|suggested|thought|believed|argued|asked|referred"
        r"|reminded|thanked)\b[^.“\"]{0,200}?"
        r"(?:\band|,)\s+(?:he\s+|she\s+|they\s+)?(?:then\s+|therefore\s+|so\s+|accordingly\s+)?"
        r"(?:(?:put\s+forward|tabled|submitted)\s+(?:a|an|the)\s+(?:\w+\s+)?"
        r"(?:motion|proposal|suggestion|amendment)|(?:moved|proposed)\b(?!\s+(?:by|to)\b))"
    ),
    (
        rf"(?P<mover>{P})\s+(?:put\s+forward|tabled|submitted|suggested)\s+(?:a\s+|an\s+"
        rf"|the\s+)?(?:\w+\s+){{0,3}}?(?:suggestion|proposal|motion|amendment"
        rf"|(?:that\s+the\s+(?:[\w’'-]+\s+){{0,4}}recommend))"
    ),
]
MOVERS = [re.compile(pattern) for pattern in MOVERS]
SECONDED = re.compile(
    rf"\b(?:seconded\s+by|Seconded(?:\s+by)?\s*:?|seconder\s*:?)\s*(?P<who>{P})"
    rf"|(?P<who2>{P})\s+(?:duly\s+|then\s+|formally\s+)?seconded\b"
)
AGAINST_DECISION = re.compile(
    r"\bvot\w+\s+against\s+the\s+(?:resolution|decision|recommendation)s?\b(?!\s+(?:not|to)\b)", re.IGNORECASE
)
ON_AMENDMENT = re.compile(
    r"\b(?:vot\w+|abst\w+)\s+(?:against|for|in\s+favour\s+of|on)\s+the\s+amendment\b", re.IGNORECASE
)
AMENDMENT = re.compile(r"\bamendment\b|\bbe amended\b|\bamend\b", re.IGNORECASE)
ROLE_MOVERS = re.compile(r"(?:The\s+)?(?:Chair(?:man|person)?|Vice-Chair(?:man)?|Leader|Mayor|Convener)")


@dataclass
class Draft:
    """A motion while its fate is being read."""

    mover: str | None
    seconder: str | None
    block: int
    start: int
    text: str
    amendment: bool
    at: tuple[int, int]
    item: int = 0
    outcome: str | None = None
    how: str | None = None
    asked: int | None = None
    counts: tuple = (None, None, None)
    votes: Votes = field(default_factory=Votes)


def motions_of(blocks, items, initials):
    """`initials`: short form → full name, where the minutes introduce people so."""
    drafts = _drafts(blocks, items, initials)
    votes = votes_in(blocks)
    _seconders(blocks, drafts, initials)
    outcomes_of(blocks, items, drafts, votes)
    drafts += _give_votes(blocks, items, drafts, votes)
    return tuple(
        _finished(d) for d in sorted(drafts, key=lambda d: (d.block, d.start)) if d.outcome or d.seconder
    )


def _drafts(blocks, items, initials):
    drafts = []
    for number, item in enumerate(items):
        for n in range(item.start, item.end):
            for start, end, mover, seconder in _movers(blocks[n].text, initials):
                if _is_old_news(blocks[n].text[start : end + 80]):
                    continue
                text = _wording(blocks, n, start, end)
                amendment = bool(AMENDMENT.search(blocks[n].text[start : end + 140])) or bool(
                    n and re.match(r"Amendment\b", blocks[n - 1].text)
                )
                drafts.append(
                    Draft(
                        mover,
                        seconder,
                        n,
                        start,
                        text,
                        amendment,
                        blocks[n].place(start, len(blocks[n].text)),
                        number,
                    )
                )
    return drafts


def _is_old_news(words):
    return bool(
        re.search(
            (
                r"\bproposed (?:changes?|amendments? to the (?:policy|constitution)|developments?|decisions?"
                r"|budgets?|schemes?|increases?)\b"
            ),
            words,
        )
    )


def _movers(text, initials):
    """[(start, end, mover, seconder)] without overlaps, leftmost first."""
    if not re.search(
        r"mov|prop|motion|suggest|amendment|put\s+forward|tabled|submitted", text, re.IGNORECASE
    ):
        return []
    hits = []
    for pattern in MOVERS:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            mover = _who(groups["mover"], initials)
            seconder = _who(groups.get("seconder") or groups.get("seconder2"), initials)
            if mover and not _in_quotes(text, match.start("mover")):
                hits.append(
                    (
                        match.start("mover") if match.start("mover") < match.start() + 3 else match.start(),
                        match.end(),
                        mover,
                        seconder,
                    )
                )
    kept = []
    for hit in sorted(hits, key=lambda h: (h[0], h[3] is None, -h[1])):
        if not kept or hit[0] >= kept[-1][1]:
            kept.append(hit)
    return kept


def _in_quotes(text, at):
    before = text[:at]
    closed = before.count("”") or text.count('"', at) % 2 == 0
    return (before.count("“") > before.count("”")) or (before.count('"') % 2 == 1 and not closed)


def _who(words, initials):
    """A person's name out of the words before or after the verb; initials stand for who they were given to."""
    if not words:
        return None
    words = squeeze(words).strip(" ,.")
    if words in initials:
        return initials[words]
    if ROLE_MOVERS.fullmatch(words):
        return re.sub(r"^The\s+", "", words)
    while words:
        if (is_name(words, alone=True) and not re.fullmatch(r"[A-Z]+", words)) or (
            re.fullmatch(INITIALS, words) and initials
        ):
            return words
        words = words.split(None, 1)[1] if " " in words else ""
    return None


def _wording(blocks, n, start, end):
    """What was moved: the rest of the sentence, or the quotation below it."""
    text = blocks[n].text
    rest = text[end:]
    below = rest.rstrip().endswith(":") and len(rest) < 120 and n + 1 < len(blocks)
    for a, b in sentences(text):
        if a <= end <= b and b - end > 12 and not below:
            return squeeze(text[end:b]).strip(' ,:–-“”"')
    if n + 1 < len(blocks) and (not rest.strip(" .:,") or rest.rstrip().endswith(":")):
        parts = []
        for block in blocks[n + 1 : n + 30]:
            parts.append(block.text)
            if re.search(r"[”\"]\W*$", block.text) or not re.match(r"[“\"]", parts[0]):
                break
        return squeeze(" ".join(parts)).strip('“”" ')
    return squeeze(text[start:]).strip()


def _seconders(blocks, drafts, initials):
    for k, draft in enumerate(drafts):
        if draft.seconder:
            continue
        limit = drafts[k + 1].block if k + 1 < len(drafts) else draft.block + 12
        for n in range(draft.block, min(limit + 1, draft.block + 12, len(blocks))):
            text = blocks[n].text
            begin = draft.start if n == draft.block else 0
            stop = drafts[k + 1].start if k + 1 < len(drafts) and drafts[k + 1].block == n else len(text)
            if re.search(r"\bno seconder\b|not seconded", text[begin:stop], re.I):
                break
            match = SECONDED.search(text, begin, stop)
            who = match and _who(match["who"] or match["who2"], initials)
            if who:
                draft.seconder = who
                break


def _give_votes(blocks, items, drafts, votes):
    """Each named vote goes to the motion it was taken on; one on nothing moved becomes a motion of its own."""
    extra = []
    for vote in votes:
        if any(_same_names(d.votes, vote) for d in drafts):
            continue  # the same vote printed twice
        number = next((k for k, i in enumerate(items) if i.start <= vote.start < i.end), 0)
        mine = [d for d in drafts if d.item == number and d.block <= vote.start]
        near = " ".join(b.text for b in blocks[max(0, vote.start - 2) : vote.start]) + " " + vote.said
        target = _target(mine, vote, near)
        if target and target.outcome == "lost" and AGAINST_DECISION.search(vote.said):
            continue  # against what was resolved in its stead
        if target is None:
            extra.append(_unmoved(blocks, items[number], number, vote, near))
        elif vote.on_amendment and len(mine) > 1:
            _division(mine, vote)
        else:
            _merge(target, vote)
    return [e for e in extra if e]


def _same_names(one, other):
    return any(one.people.values()) and all(
        {name_key(n.name)[0] for n in one.people[side]} == {name_key(n.name)[0] for n in other.people[side]}
        for side in one.people
    )


def _target(mine, vote, near):
    if not mine:
        return None
    amendment = next((d for d in reversed(mine) if d.amendment), None)
    if amendment and ON_AMENDMENT.search(vote.said):
        return amendment
    if SUBSTANTIVE.search(near[-400:]):
        return next((d for d in mine if not d.amendment), None)
    original = next((d for d in mine if not d.amendment), None)
    put = re.search(r"\b(?:motion|proposal|proposition)\b(?!.*\bamendment\b)", near[-200:], re.I | re.DOTALL)
    if put and original and mine[-1].amendment and mine[-1].outcome:
        return original
    free = [d for d in mine if not any(d.votes.people.values())]
    if len(vote.said) > 60:
        lost = re.search(r"suggest|additional recommendation|proposal|amendment", vote.said, re.I)
        words = {"lost"} if lost else {"lost", "carried", None}
        return next((d for d in reversed(mine) if d.outcome in words), mine[-1])
    return free[-1] if free else mine[-1]


def _division(mine, vote):
    """Motion against amendment in one division: the same names serve both, sides swapped."""
    amendment = next((d for d in reversed(mine) if d.amendment), mine[-1])
    motion = next((d for d in mine if not d.amendment), mine[0])
    _merge(motion, vote)
    swapped = replace(
        vote,
        people={
            "for": vote.people["against"],
            "against": vote.people["for"],
            "abstained": vote.people["abstained"],
        },
    )
    swapped.counts = {
        "for": vote.counts.get("against"),
        "against": vote.counts.get("for"),
        "abstained": vote.counts.get("abstained"),
    }
    _merge(amendment, swapped)
    if amendment.outcome and motion is not amendment:
        motion.outcome = {"carried": "lost", "lost": "carried"}.get(amendment.outcome, motion.outcome)


def _merge(draft, vote):
    for side, names in vote.people.items():
        known = {name_key(n.name) for n in draft.votes.people[side]}
        draft.votes.people[side] += [n for n in names if name_key(n.name) not in known]
    draft.votes.counts |= {k: v for k, v in vote.counts.items() if v is not None}
    draft.votes.rule = draft.votes.rule or vote.rule
    if len(vote.said) < 60 and any(vote.people.values()):
        draft.how = "recorded_vote"


def _unmoved(blocks, item, number, vote, near):
    text = near.strip()[-300:] if len(vote.said) < 60 else vote.said
    draft = Draft(None, None, vote.start, 0, squeeze(text), False, blocks[vote.start].at, number)
    after = " ".join(b.text for b in blocks[vote.end + 1 : min(vote.end + 3, item.end)])
    draft.outcome = outcome_in(after, False) or (
        "carried" if any(RESOLVED.search(b.text) for b in blocks[item.start : item.end]) else None
    )
    _merge(draft, vote)
    return draft


def _finished(draft):
    counts = draft.votes.counts
    return Motion(
        mover=draft.mover,
        seconder=draft.seconder,
        text=draft.text,
        outcome=draft.outcome,
        how_decided=draft.how,
        requested_by_count=draft.asked,
        votes_for=counts.get("for", draft.counts[0]),
        votes_against=counts.get("against", draft.counts[1]),
        votes_abstained=counts.get("abstained", draft.counts[2]),
        recorded_for=tuple(draft.votes.people["for"]),
        recorded_against=tuple(draft.votes.people["against"]),
        abstained=tuple(draft.votes.people["abstained"]),
        rule=draft.votes.rule,
        at=draft.at,
    )
