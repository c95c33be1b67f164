"""Where a decision begins: the keyword and its cousins, and the places where they decide nothing."""

import re
from dataclasses import dataclass

from .kinds import BODY
from .sentences import sentences

THAT = r"(?:[Tt]hat|THAT|T\s*[Hh]\s*[Aa]\s*[Tt])"
AFTER_BODY = re.compile(rf"\b{BODY}(?:\s+\w+)?\s+$")
CAPITAL = re.compile(
    r"\b(?P<word>RESOLVED|RECOMMENDED|AGREED|ORDERED|DECIDED|NOTED)\b(?!\s+(?:ITEMS?|BY THE))"
)
TITLE = re.compile(
    r"(?:and\s+(?:it\s+was\s+)?(?:unanimously\s+|duly\s+)?)?(?P<word>Resolved"
    r"|Recommended|Agreed|Ordered|Decided|Noted|NOTED|Resolution|RESOLUTION"
    r"|Unanimously (?:resolved|agreed)|Carried|CARRIED|Action agreed|Decision|DECISION|Decisions|DECISIONS)"
    r"(?=\s*(?:\([^)]*\)\s*)?(?:[:–—-]|$|(?:that|to|THAT)\b|T\s?H\s?A\s?T|\(|unanimously[:,])|[.,])"
)
SPOKEN = re.compile(
    rf"\b(?:(?:[Tt]he|[Tt]his|)\s*{BODY}(?:\s+(?:then|also|therefore|unanimously|further"
    r"|accordingly))*|[Ii]t\s+was(?:\s+(?:then|unanimously|therefore|further))*|(?:and"
    r"|,)\s+it\s+was)\s+"
    r"(?P<word>resolved|agreed|recommended|decided|noted and agreed|approved|RESOLVED|AGREED)\b"
)
# "It was agreed that the report be noted" decides; "it was agreed that the Board would meet early" does not.
FORMAL = re.compile(
    r"(?:that\b|to\b(?=\s+(?:note|approve|endorse|receive|recommend|support"
    r"|adopt)\b))(?!.*\bwould\b)(?=.*\bbe\s+(?:\w+ly\s+)?(?:noted|approved|endorsed|received"
    r"|supported|adopted|accepted|referred|recommended|agreed|confirmed|signed)\b|\s+(?:note"
    r"|approve|endorse|receive|recommend|support|adopt)\b)",
    re.IGNORECASE | re.DOTALL,
)
PROPOSAL = re.compile(
    r"(?:(?:officer|officers’|officers')?\s*recommend(?:ed|ations?))\s*(?:decision)?\s*(?:[:–-]|$)",
    re.IGNORECASE,
)
FORMULA = re.compile(
    r"pass(?:ing)?\s+(?:a|the)\s+(?:following\s+)?resolution|following\s+resolution"
    r"|in\s+these\s+words|formal resolution|to (?:consider|agree) .{0,60}exclu",
    re.IGNORECASE,
)
MINUTES = re.compile(r"(?:minutes|minute)\s*:?$", re.IGNORECASE)
DECISION = re.compile(r"decisions?(?:\s+made)?\s*:?$", re.IGNORECASE)
NOTHING = re.compile(
    r"(?:none|nil|n/a|no\b|there (?:were|was)|not applicable|deferred|withdrawn|item )", re.IGNORECASE
)


CARRIED = re.compile(r"\b(?:CARRIED|Carried|carried)\b\s*(?:\([^()]*\)\s*)?(?:unanimously\s*)?:\s*[-–]?\s*")
# "The Forum:" above "(a) AGREED ..., (b) NOTED ..."; "The Health and Care Committee of Elm Council:".
BODY_STEM = re.compile(
    rf"(?:(?:The|This)\s+)?(?:[A-Z][\w’'-]*,?\s+(?:(?:and|of|for|the|&)\s+){{0,2}}){{0,8}}{BODY}(?:\s+then)?"
    r"\s*:\s*[-–—]?$"
)
DECIDES = re.compile(
    r"(?:\*\s*)?(?:[ivx]+\.\s*)?(?:also\s+|further\s+|unanimously\s+|formally\s+)?"
    r"(?:approved?|noted?|agreed?|request(?:ed)?|recommend(?:ed)?|resolved?|endorsed?"
    r"|accepted?|directed?|referred?"
    r"|thanked?|welcomed?|supported?|received?|confirmed?|adopted?|authorised?"
    r"|instructed?|asked?|delegated?|appointed?"
    r"|granted?|refused?|deferred?|determined|decided|considered)(?:s)?\b",
    re.IGNORECASE,
)


@dataclass
class Scope:
    item: int
    end: int
    minutes_at: list
    decision_at: list
    formal: bool

    def announced(self, n):
        """Under "Decision:" with the minutes of the same item still to come."""
        before = [d for d in self.decision_at if d <= n]
        return (
            bool(before)
            and any(m > n for m in self.minutes_at)
            and not any(before[-1] < m <= n for m in self.minutes_at)
        )

    def agenda(self, n):
        """Before "Minutes:" or "Decision:" of an item that has them."""
        marks = self.minutes_at + self.decision_at
        return bool(marks) and n < min(marks)


def scopes_of(blocks, items):
    scopes = []
    for number, item in enumerate(items):
        span = range(item.start, item.end)
        minutes = [n for n in span if MINUTES.match(blocks[n].text) and n > item.start]
        decisions = [n for n in span if DECISION.match(blocks[n].text)]
        formal = any(CAPITAL.search(blocks[n].text) or TITLE.match(blocks[n].text) for n in span)
        scope = Scope(number, item.end, minutes, decisions, formal)
        scopes += [scope] * len(span)
    return scopes


def quoted_blocks(blocks):
    """Blocks inside a quotation that runs over several blocks: the wording of a motion."""
    inside, until = set(), -1
    for n, block in enumerate(blocks):
        if n <= until:
            inside.add(n)
            continue
        opening = re.search(r"(?:^|[\s:])(“|\")(?=\S)[^“”\"]*$", block.text)
        if opening and len(re.findall(r'"', block.text)) != 2:
            close = "”" if opening[1] == "“" else '"'
            until = next(
                (
                    m
                    for m in range(n + 1, min(n + 60, len(blocks)))
                    if re.search(rf"{close}[.;)]?\s*$", blocks[m].text)
                ),
                -1,
            )
    return inside


def triggers_in(blocks, n, scope):
    """(word, start of the trigger, start of what follows) for each place in a block where a decision begins."""
    block = blocks[n]
    text = block.text
    if _is_agenda_talk(blocks, n, scope):
        return []
    hits = []
    for match in CAPITAL.finditer(text):
        if (
            not _in_quotes(text, match.start())
            and (match["word"] != "NOTED" or AFTER_BODY.search(text[: match.start()]))
            and not re.search(r"\b(?:NOT|BE|TO BE|ARE)\s+$", text[: match.start()])
            and not _in_passing(text, match)
        ):
            hits.append((match["word"].lower(), match.start(), match.end()))
    title = TITLE.match(text)
    if title and not hits:
        if title["word"].lower() == "carried":
            if _carried_that(blocks, n, title):
                hits.append(("resolved", 0, CARRIED.match(text).end()))
        elif DECISION.match(text) or title["word"].lower().startswith(("decision", "resolution")):
            if _opens_decision(blocks, n, scope):
                hits.append(("decision", 0, len(text) if DECISION.match(text) else title.end()))
        elif not re.match(
            r"(?:Agreed|Noted)[.,]|(?:Agreed|Noted|Resolved)\s*(?:unanimously)?\s*[.,]?$"
            r"|Agreed unanimously|Agreed,",
            text,
        ):
            hits.append((title["word"].lower(), 0, title.end()))
    if not hits and (stem := _body_stem(blocks, n)):
        hits.append(("decision", 0, stem))
    if not hits and (carried := CARRIED.search(text)) and _carried_that(blocks, n, carried):
        hits.append(("resolved", carried.start(), carried.end()))
    if not hits:
        hits = _spoken(blocks, n, scope)
    return _apart(hits, text)


def _in_passing(text, match):
    """ "The draft was AGREED for submission" and "NOTED that a paper would come" resolve nothing by themselves."""
    after = text[match.end() :]
    passive = re.search(
        r"(?<!\bit )\b(?:was|were|been|being)\s+(?:\w+ly\s+)?$", text[: match.start()], re.IGNORECASE
    )
    if (
        match["word"] != "RESOLVED"
        and passive
        and not re.match(r"\s*(?:that|to)\b|\s*[:–-]|\s*$", after, re.IGNORECASE)
    ):
        return True
    return match["word"] == "NOTED" and bool(re.match(r"\s+that\b[^.;]*\b(?:would|had been|will)\b", after))


def _apart(hits, text):
    """ "Resolved to RECOMMEND", "AGREED ... RESOLVED": one decision when they stand side by side."""
    kept = []
    for hit in hits:
        if not kept or hit[1] - kept[-1][2] > 14:
            kept.append(hit)
    return kept[:6]


def _body_stem(blocks, n):
    """The end of "The Committee:" when the list below it says what the body did."""
    block = blocks[n]
    following = blocks[n + 1] if n + 1 < len(blocks) else None
    if block.label and not re.match(r"\d", block.label):
        return 0
    decides = following and following.label and DECIDES.match(following.text)
    return len(block.text) if decides and BODY_STEM.fullmatch(block.text.strip()) else 0


def _carried_that(blocks, n, match):
    """After "CARRIED:" the decision itself follows: "That the fee be £45"."""
    rest = blocks[n].text[match.end() :].strip(" :–-")
    following = blocks[n + 1].text if n + 1 < len(blocks) else ""
    return bool(re.match(rf"{THAT}\b", rest or following)) and (":" in match.group() or bool(rest))


def _is_agenda_talk(blocks, n, scope):
    """The agenda's proposal, or the formula for excluding the public: no decision."""
    text = blocks[n].text
    if scope.agenda(n) or (PROPOSAL.match(text) and _is_proposal(blocks, n, scope)):
        return True
    if (
        re.match(r"(?:To|For)\s+(?:consider|receive|note|approve|agree|hear|be|pass|invite|decide)\b", text)
        and not blocks[n].label
    ):
        return True
    nearby = " ".join(b.text[-300:] for b in blocks[max(0, n - 2) : n])
    return bool(
        FORMULA.search(nearby)
        and re.search(r"\bTo\b|wish", nearby)
        and not any(MINUTES.match(b.text) for b in blocks[max(0, n - 2) : n])
    )


def _is_proposal(blocks, n, scope):
    before = " ".join(b.text[:60] for b in blocks[max(0, n - 4) : n])
    if re.search(r"\bTo (?:consider|receive|approve|agree|note)\b", before):
        return True
    capital = blocks[n].text.startswith("RECOMMENDED")
    later = any(CAPITAL.search(b.text) or DECISION.match(b.text) for b in blocks[n + 1 : scope.end])
    return not capital and (
        later or bool(re.match(r"(?i)(?:officers?’?'? )?recommendations?\b", blocks[n].text))
    )


def _opens_decision(blocks, n, scope):
    """A "Decision" heading opens a decision of its own unless a formal keyword or the minutes say it again."""
    following = blocks[n + 1 : min(n + 3, scope.end)]
    if DECISION.match(blocks[n].text):
        if not following or any(
            CAPITAL.match(b.text) or (TITLE.match(b.text) and not re.match("Noted|Agreed|Decision", b.text))
            for b in following[:2]
        ):
            return False
        return not NOTHING.match(following[0].text) and not MINUTES.match(following[0].text)
    return True


def _spoken(blocks, n, scope):
    """ "The Board agreed:" with a list below; "It was resolved that ..." as a sentence."""
    text = blocks[n].text
    hits = []
    for start, end in sentences(text):
        match = SPOKEN.search(text, start, end)
        if not match or _in_quotes(text, match.start()):
            continue
        rest = text[match.end() : end].strip()
        listed = re.fullmatch(
            r"(?:that|to|as follows|the following(?:\s+\w+)?|on the following(?:\s+\w+)?)?\s*:\s*[-–]?", rest
        ) and end == len(text)
        spoken = not scope.formal and match["word"].lower() in ("agreed", "decided") and FORMAL.match(rest)
        if (
            (listed and n + 1 < len(blocks))
            or spoken
            or (
                match["word"].lower() == "resolved"
                and re.match(r"(?:unanimously\s+)?(?:that|to)\b|[:,]", rest)
            )
        ):
            hits.append((match["word"].lower(), match.start(), match.end() if not listed else end))
            break
    return hits


def _in_quotes(text, at):
    before = text[:at]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1
