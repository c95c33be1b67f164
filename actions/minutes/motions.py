"""Motions, amendments and suggestions: who put them forward, and what became of them (domain V-1 to V-4)."""

import re
from dataclasses import dataclass, field, replace

from .blocks import squeeze
from .findings import Motion
from .names import PERSON, UPPER, is_name, name_key
from .sentences import sentences
from .votes import Votes, tally_in, votes_in

WHO = r"(?P<{0}>(?:The\s+)?[A-ZÀ-Þ][^,;:.()]*?(?:\.[^,;:()]{{0,40}}?)??)"
INITIALS = rf"(?:[{UPPER}]{{2,4}})"
P = PERSON.pattern
MOVERS = [
    rf"\b(?:[Mm]oved|[Pp]roposed|MOVED|PROPOSED)\s+by\s*:?\s*(?P<mover>{P})(?:(?:\s*,?\s*(?:and\s+)?(?:was\s+)?(?:duly\s+)?|[;.]\s*)(?:seconded|SECONDED|Seconded)\s+by\s*:?\s*(?P<seconder>{P}))?",
    rf"\b(?:[Mm]otion|[Pp]roposition|[Pp]roposal|MOTION)\s+(?:of|from|by)\s+(?P<mover>{P})(?:\s*,?\s*(?:and\s+)?(?:duly\s+)?seconded\s+by\s+(?P<seconder>{P}))?",
    rf"(?P<mover>{P})\s*,?\s+(?:then\s+|formally\s+|also\s+)?seconded\s+by\s+(?P<seconder>{P})\s*,?\s+(?:then\s+)?(?:moved|proposed)\b",
    rf"(?P<mover>{P})(?:,\s+(?:as|in|the)\s[^,.]{{2,40}},)?\s+(?:then\s+|formally\s+|also\s+|had\s+)?(?:moved|proposed)\b(?!\s+(?:by|amendments?\s+to|to\b))(?:\s*,?\s*(?:and\s+)?(?P<seconder>{P})\s+(?:then\s+|formally\s+|duly\s+)?seconded|[^.“\"]{{0,160}}?,?\s*(?:and\s+)?(?:(?:was|which was|this was)\s+)?(?:duly\s+)?seconded\s+by\s+(?P<seconder2>{P}))?",
    rf"(?:Prop(?:osed|oser)?|PROPOSED|Proposed by|Moved|Mover)\b\.?\s*(?:by\s*)?[:–-]?\s*(?P<mover>{P})\s*[,;/.–-]?\s*(?:and\s+)?(?:2nd|2nded|[Ss]econded|SECONDED|[Ss]econder|Sec)\b\.?(?:\s+by)?\s*[:–-]?\s*(?P<seconder>{P})",
    rf"(?P<mover>{P})\s+(?:put\s+forward|tabled|submitted|suggested)\s+(?:a\s+|an\s+|the\s+)?(?:\w+\s+){{0,3}}?(?:suggestion|proposal|motion|amendment|(?:that\s+the\s+(?:[\w’'-]+\s+){{0,4}}recommend))",
]
MOVERS = [re.compile(pattern) for pattern in MOVERS]
SECONDED = re.compile(rf"\b(?:seconded\s+by|Seconded(?:\s+by)?\s*:?|seconder\s*:?)\s*(?P<who>{P})|(?P<who2>{P})\s+(?:duly\s+|then\s+|formally\s+)?seconded\b")
OUTCOMES = [
    ("lost", re.compile(r"\bNOT\s+CARRIED|\bnot\s+(?:carried|agreed|approved|supported|accepted)\b|\b(?:LOST|lost|Lost|FELL|fell|falls|DEFEATED|defeated|REJECTED|rejected|failed|FAILED)\b|\bnot\s+to\s+support\b|\bdeclared\s+lost|\bdid\s+not\s+(?:support|agree|receive)|\bnot\s+seconded|\bno\s+seconder")),
    ("withdrawn", re.compile(r"\b(?:withdrew|withdrawn|WITHDRAWN|withdraw)\b")),
    ("carried", re.compile(r"\b(?:CARRIED|carried|Carried|PASSED|passed)\b|\b(?:was|were|and|it was|vote(?: and)?)\s+(?:unanimously\s+|duly\s+|then\s+)?(?:AGREED|agreed|approved|APPROVED|adopted|accepted|supported|unanimous)\b|\b[Aa]ll\s+in\s+favour|\bAgreed\b|\bUNANIMOUS\w*|\bUnanimous\w*|\bmotion was (?:agreed|approved|unanimous)|\bin favour,? and it was|\b[Uu]nanimously\s+(?:agreed|approved|carried)")),
]
RESOLVED = re.compile(r"\bRESOLVED\b|^AGREED\b|^Resolved\b|\b(?:it was|and) (?:unanimously )?(?:resolved|agreed)\b")
SUBSTANTIVE = re.compile(r"\bsubstantive\b|\boriginal motion\b|\bmotion(?:,)? as amended\b|\bmain motion\b", re.IGNORECASE)
AMENDMENT = re.compile(r"\bamendment\b|\bbe amended\b|\bamend\b", re.IGNORECASE)
TALK = re.compile(r"\bif\b|\bshould\b|\bwould\b|\bcould\b|\bprevious(?:ly)?\b|\blast (?:meeting|year)\b", re.IGNORECASE)
ASKED = re.compile(r"\bvote\s*,?\s*(?:was\s+|being\s+|having been\s+)?(?:requested|demanded|called for)\s+by\s+(?P<n>\w+)\s+(?:members|councillors)", re.IGNORECASE)
NUMBERS = dict(zip(["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"], range(1, 11), strict=True))
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
    _outcomes(blocks, items, drafts, votes)
    drafts += _give_votes(blocks, items, drafts, votes)
    return tuple(_finished(d) for d in sorted(drafts, key=lambda d: (d.block, d.start)) if d.outcome or d.seconder)


def _drafts(blocks, items, initials):
    drafts = []
    for number, item in enumerate(items):
        for n in range(item.start, item.end):
            for start, end, mover, seconder in _movers(blocks[n].text, initials):
                if _is_old_news(blocks[n].text[start : end + 80]):
                    continue
                text = _wording(blocks, n, start, end)
                amendment = bool(AMENDMENT.search(blocks[n].text[start : end + 140])) or bool(n and re.match(r"Amendment\b", blocks[n - 1].text))
                drafts.append(Draft(mover, seconder, n, start, text, amendment, blocks[n].place(start, len(blocks[n].text)), number))
    return drafts


def _is_old_news(words):
    return bool(re.search(r"\bproposed (?:changes?|amendments? to the (?:policy|constitution)|developments?|decisions?|budgets?|schemes?|increases?)\b", words))


def _movers(text, initials):
    """[(start, end, mover, seconder)] without overlaps, leftmost first."""
    if not re.search(r"mov|prop|motion|suggest|put\s+forward|tabled|submitted", text, re.IGNORECASE):
        return []
    hits = []
    for pattern in MOVERS:
        for match in pattern.finditer(text):
            groups = match.groupdict()
            mover = _who(groups["mover"], initials)
            seconder = _who(groups.get("seconder") or groups.get("seconder2"), initials)
            if mover:
                hits.append((match.start("mover") if match.start("mover") < match.start() + 3 else match.start(), match.end(), mover, seconder))
    kept = []
    for hit in sorted(hits, key=lambda h: (h[0], h[3] is None, -h[1])):
        if not kept or hit[0] >= kept[-1][1]:
            kept.append(hit)
    return kept


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
        if (is_name(words, alone=True) and not re.fullmatch(r"[A-Z]+", words)) or (re.fullmatch(INITIALS, words) and initials):
            return words
        words = words.split(None, 1)[1] if " " in words else ""
    return None


def _wording(blocks, n, start, end):
    """What was moved: the rest of the sentence, or the quotation below it."""
    text = blocks[n].text
    rest = text[end:]
    that = re.match(r"\W*(?:the\s+(?:following\s+)?(?:amendment|motion)s?[^:“\"]{0,80}:?|that\s+)?", rest, re.I)
    below = rest.rstrip().endswith(":") and n + 1 < len(blocks)
    for a, b in sentences(text):
        if a <= end <= b and b - end > 12 and not below:
            return squeeze(text[end:b]).strip(" ,:–-“”\"")
    if n + 1 < len(blocks) and (not rest.strip(" .:,") or rest.rstrip().endswith(":")):
        parts = []
        for block in blocks[n + 1 : n + 30]:
            parts.append(block.text)
            if re.search(r"[”\"]\W*$", block.text) or not re.match(r"[“\"]", parts[0]):
                break
        return squeeze(" ".join(parts)).strip("“”\" ")
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


def _outcomes(blocks, items, drafts, votes):
    """Walk on from each motion to the words that tell its fate."""
    voting = {n for v in votes for n in range(v.start, v.end + 1) if len(v.said) < 60}
    for k, draft in enumerate(drafts):
        following = drafts[k + 1] if k + 1 < len(drafts) else None
        last = items[draft.item].end
        for n in range(draft.block, last):
            if following and n > following.block:
                break
            text = blocks[n].text
            begin = draft.start if n == draft.block else 0
            stop = following.start if following and following.block == n else len(text)
            if draft.outcome or n in voting or not _tells(draft, text[begin:stop], n, begin):
                continue
            break
    _substantive(blocks, items, drafts)


def _tells(draft, text, n, begin):
    if n == draft.block and begin == draft.start:
        text = text  # the sentence of the motion itself may end in its fate
    for a, b in sentences(text):
        sentence = text[a:b]
        if SUBSTANTIVE.search(sentence) and draft.amendment and not re.search(r"\bamendment\b.*\b(?:carried|lost|agreed|CARRIED|LOST)\b|became", sentence):
            continue
        if draft.amendment and re.search(r"\bmotion\b", sentence, re.I) and not re.search(r"amendment", sentence, re.I):
            continue
        outcome = _outcome(sentence, first=n == draft.block and a == 0)
        if outcome:
            _decide(draft, outcome, sentence)
            return True
        asked = ASKED.search(sentence)
        if asked:
            draft.asked = NUMBERS.get(asked["n"].lower()) or (int(asked["n"]) if asked["n"].isdigit() else None)
    if RESOLVED.search(text) and n > draft.block and not draft.outcome:
        draft.outcome = "carried"
        return True
    return False


def _outcome(sentence, first):
    for outcome, pattern in OUTCOMES:
        match = pattern.search(sentence)
        if not match or (TALK.search(sentence[: match.start()]) and not re.search(r"vote|motion|amendment|Board|Committee|Commission|Panel", sentence[: match.start()], re.I)):
            continue
        if first and outcome == "carried" and not re.search(r"carried|CARRIED|agreed unanimously|all in favour|motion was|and (?:it was )?(?:agreed|approved)|resolved", sentence[match.start() - 20 if match.start() > 20 else 0 :], re.I):
            continue
        return outcome
    return None


def _decide(draft, outcome, sentence):
    draft.outcome = outcome
    yes, no = tally_in(sentence)
    draft.counts = (yes, no, None)
    asked = ASKED.search(sentence)
    if asked:
        draft.asked = NUMBERS.get(asked["n"].lower()) or (int(asked["n"]) if asked["n"].isdigit() else None)
    draft.how = _how(sentence, yes is not None)


def _how(sentence, counted):
    if re.search(r"casting vote", sentence, re.I):
        return "chairs_casting_vote"
    if re.search(r"unanimous|all in favour|nem\.? con", sentence, re.I):
        return "unanimous"
    if re.search(r"recorded vote", sentence, re.I):
        return "recorded_vote"
    if counted or re.search(r"\bvote\b|show of hands|put to", sentence, re.I):
        return "vote_show_of_hands"
    if re.search(r"majority", sentence, re.I):
        return "majority_view"
    return "consensus" if re.search(r"consensus|agreed", sentence, re.I) else None


def _substantive(blocks, items, drafts):
    """The fate of the substantive motion is the fate of the motion first moved."""
    for number, item in enumerate(items):
        mine = [d for d in drafts if d.item == number]
        if len(mine) < 2:
            continue
        original = next((d for d in mine if not d.amendment), None)
        for n in range(mine[-1].block if original else item.end, item.end):
            for a, b in sentences(blocks[n].text):
                sentence = blocks[n].text[a:b]
                about = SUBSTANTIVE.search(sentence) or not original.outcome and re.search(r"\bmotion\b", sentence, re.I) and not re.search(r"amendment", sentence, re.I)
                outcome = about and _outcome(sentence, False)
                if outcome and not re.search(r"became|becomes", sentence):
                    original.outcome = None
                    _decide(original, outcome, sentence)
        if original and not original.outcome and any(RESOLVED.search(blocks[n].text) for n in range(mine[-1].block, item.end)):
            original.outcome = "carried"


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
        if target is None:
            extra.append(_unmoved(blocks, items[number], number, vote, near))
        elif vote.on_amendment and len(mine) > 1:
            _division(mine, vote)
        else:
            _merge(target, vote)
    return [e for e in extra if e]


def _same_names(one, other):
    return any(one.people.values()) and all(
        {name_key(n.name)[0] for n in one.people[side]} == {name_key(n.name)[0] for n in other.people[side]} for side in one.people
    )


def _target(mine, vote, near):
    if not mine:
        return None
    if SUBSTANTIVE.search(near[-400:]):
        return next((d for d in mine if not d.amendment), None)
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
    swapped = replace(vote, people={"for": vote.people["against"], "against": vote.people["for"], "abstained": vote.people["abstained"]})
    swapped.counts = {"for": vote.counts.get("against"), "against": vote.counts.get("for"), "abstained": vote.counts.get("abstained")}
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
    draft.outcome = _outcome(after, False) or ("carried" if any(RESOLVED.search(b.text) for b in blocks[item.start : item.end]) else None)
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
