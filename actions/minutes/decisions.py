"""Resolutions (domain V-5): the list after RESOLVED and its cousins, whatever its labels, and nothing else."""

import re
from dataclasses import dataclass, field

from .blocks import Block, entry_of, exact, squeeze
from .kinds import BODY
from .sentences import sentences
from .triggers import (
    BODY_STEM,
    CAPITAL,
    MINUTES,
    NOTHING,
    PROPOSAL,
    THAT,
    quoted_blocks,
    scopes_of,
    triggers_in,
)

CONNECT = re.compile(
    r"(?:\s*\((?!\w{1,3}\))[^()]{0,160}\)|\s*,?\s*(?i:unanimously|nem\.? con\.?"
    r"|by (?:an? )?(?:[\w-]+ )?majority(?: vote)?"
    r"|as follows|on a vote|on a show of hands|accordingly(?=\s*[:,])|without dissent|with \d+ abstentions?"
    r"|by \d+ votes? to \d+)(?=[\s,:;.–—-]|$)|\s*[,.:;/–—-]+(?=\s|$))*\s*"
)
STEM = re.compile(
    rf"^(?:{THAT}|to|TO)?[\s,]*(?:(?:the|this|it|THE)\s+)?(?:[\w’'-]+\s+){{0,4}}?(?:{BODY}"
    rf"|{BODY.upper()})?(?:\s+(?:agrees?|resolves?|decided|agreed|notes?|resolved|recommends?"
    r"|requests?|be|is|asked|recommended|to|that|TO|RECOMMEND(?:ED)?|recommend|COUNCIL|CABINET|the"
    r"|also|further|then|,))*\s*:?\s*[-–]?\s*$"
)
STOP = re.compile(
    r"(?:reasons?\b|alternative|minutes\s*:?$|note\s*[:–-]|notes?:|n\.?b\.?\b|voting|for\s*[:(]"
    r"|against\s*[:(]|abstain|\(?under the provisions|\(in accordance|\((?:councillor|cllr|mr|mrs"
    r"|ms|the|note|voting|moved|proposed)\b"
    r"|supporting documents|additional documents|background|contact|the meeting (?:closed|ended"
    r"|concluded|rose|finished)|meeting (?:closed|ended)|\[|chair\b|signed|action\s*[:–-]"
    r"|actions?:|prop\b|proposed|"
    r"those (?:in favour|voting)|votes? for|in favour|audio|next meeting|post.meeting"
    r"|decision\s*:?$|options|implementation|call-in|councillors? .{3,60} (?:abstain|voted"
    r"|requested|asked))",
    re.IGNORECASE,
)
INLINE = re.compile(
    r"(?:(?<=\s)|^)(?P<label>\((?:\d{1,2}|[a-z]|[ivx]{1,4})\)|(?:\d{1,2}|[a-z]|[ivx]{1,4})\)"
    r"|\d{1,2}\.|[a-hA-H]\.)\s+(?=\S)"
)
# What a body decided besides the list above: "and the Committee requested that a further report …".
ALSO_DECIDED = re.compile(
    rf"and\s+the\s+{BODY}\s+(?:also\s+)?(?:requested|asked|agreed|recommended)\s+that\b"
)
TRAILER = re.compile(
    r"\s+(?:Prop\b|Proposed\b|Proposer\b|Moved\b|Seconded\b|Reasons?\b|All in favour|Unanimous"
    r"|Carried|CARRIED|\((?:Proposed|Moved|Prop|Voting|Vote)).*$",
    re.DOTALL,
)


# What may stand between the keyword and what is decided.
LEAD = re.compile(
    r"(?:on\s+the\s+(?:motion|proposition)|moved|proposed)\b[^:]*:\s*"
    r"|(?:on|upon|having|after|following|in|under|further|with|subject)\b[^:.;]{3,240}?,\s*(?=(?:that|to)\b)",
    re.IGNORECASE,
)
# A heading inside one decision: "Suggestions", "Recommendation to Cabinet", "Information requests".
SUBHEADING = re.compile(
    r"(?:suggest|recommend|request|information|action|comment|referral|decision"
    r"|noted|agreed|for\b|to\b|requests?\b)",
    re.IGNORECASE,
)


@dataclass
class Limb:
    """One limb while it is read; `children` are (text, place) of what is listed under it."""

    label: str | None
    text: str
    at: tuple[int, int]
    stem: str = ""
    trigger: str = "resolved"
    children: list = field(default_factory=list)
    block: int = 0
    item: int = 0
    item_start: int = 0
    announced: bool = False
    child_style: str = ""
    child_value: int = 0
    spots: list = field(default_factory=list)
    rest: tuple = ("", [])  # the joint left out at the end, in case the sentence goes on

    def place(self, start, stop):
        """Offsets in the limb's text → its place in the minutes."""
        return (self.spots[start], self.spots[stop - 1] + 1) if start < stop <= len(self.spots) else self.at


def limbs_of(blocks: list[Block], items) -> tuple[list[Limb], set[int]]:
    """(limbs in reading order, numbers of the blocks they were read from)."""
    quoted = quoted_blocks(blocks)
    scopes = scopes_of(blocks, items)
    limbs, used = [], set()
    for n in range(len(blocks)):
        if n in used or n in quoted:
            continue
        hits = triggers_in(blocks, n, scopes[n])
        for k, (word, begin, end) in enumerate(hits):
            until = hits[k + 1][1] if k + 1 < len(hits) else len(blocks[n].text)
            found, last = _read(blocks, n, begin, end, word, scopes[n], until)
            for limb in found:
                limb.item, limb.announced = scopes[n].item, scopes[n].announced(n)
                limb.item_start = items[limb.item].start
            limbs += found
            used |= set(range(n, last + 1)) if found else set()
    return _without_echo(limbs), used


def _read(blocks, n, begin, end, word, scope, until):
    """(limbs, number of the last block read); `until` is where the block's next decision begins."""
    block = blocks[n]
    text = block.text
    start = CONNECT.match(text, end).end()
    mover = LEAD.match(text[start:])
    start += mover.end() if mover else 0
    to_whom = (
        re.match(r"(?:to|TO)\s+(?:the\s+)?[A-Z][\w’' ]{2,40}?\s*[:,]?\s+(?=(?:that|THAT)\b)", text[start:])
        if word.startswith("recommend")
        else None
    )
    start += to_whom.end() if to_whom else 0
    tail = text[start:until]
    numbered = block.style != "ref" or (re.fullmatch(r"\d+\.\d+\.?", block.label or "") and begin < 3)
    label = block.label if begin < 12 and numbered and not block.style.startswith("bullet") else None
    state = _State(blocks, n, word, scope)
    inline = _inline(tail)
    if inline:
        state.stem = tail[: inline[0][0]]
        for at, stop, mark in inline:
            state.add(mark, block, start + at, start + stop)
        state.style = _inline_style(inline[0][2])
        state.value = len(inline)
    elif not tail.strip() or _is_stem(blocks, n, tail):
        state.stem = tail
    else:
        stop = min(_sentence_stop(block, begin, start), until)
        state.add(label, block, _limb_start(text, word, begin, start), stop)
        state.single = not text.rstrip().endswith(":")
        state.open_children = text.rstrip().endswith((":", ":-", ","))
    last = state.follow()
    return state.limbs, last


def _limb_start(text, word, begin, start):
    """ "The Board NOTED the report" is told whole; "The Board AGREED that" only leads up to what was decided."""
    if (
        not begin
        or word not in ("noted", "agreed")
        or (word == "agreed" and re.match(r"(?:that|to)\b", text[start:]))
    ):
        return start
    opening = next(a for a, b in sentences(text) if a <= begin < b)
    return start if CAPITAL.search(text, opening, begin) else opening


def _sentence_stop(block, begin, start):
    """A keyword in mid-paragraph rules its own sentence; one at the start rules the block."""
    text = block.text
    trailer = TRAILER.search(text, start + 10)
    stop = trailer.start() if trailer else len(text)
    if begin > 2:
        for a, b in sentences(text[:stop]):
            if a <= start < b:
                return b
    return stop


def _is_stem(blocks, n, tail):
    """Words that only lead up to a list: "That the Committee:"."""
    following = blocks[n + 1] if n + 1 < len(blocks) else None
    tail = re.sub(r"\([^()]*\)", "", tail)
    if (
        following
        and not following.label
        and len(tail.split()) > 6
        and not re.search(r"\b(?:that|to|committee|board|panel|council|cabinet)\W*$", tail, re.I)
    ):
        return False
    if (
        STEM.match(tail.strip())
        and len(tail.split()) < 16
        and (tail.rstrip().endswith((":", ":-", "-", "–")) or not re.search(r"[.;]$", tail.rstrip()))
    ):
        return following is not None
    if not re.search(r":\s*[-–]?$", tail.rstrip()) or not following:
        return False
    return not re.search(
        r"\b(?:covering|setting out|includ\w+|reasons?|conditions?|detailing|following (?:information"
        r"|areas|elements|points|issues|matters|topics)|on the following|with)\b[^:]*:\s*[-–]?$"
        r"|\bbe\s+(?:submitted|provided|brought|refused|presented)\b",
        tail,
        re.I,
    )


def _inline(tail):
    """[(start, stop, label)] of a list run into the sentence, or []."""
    marks = [m for m in INLINE.finditer(tail) if re.match(r"\(?[1aAi][).]", m["label"]) or m.start() > 0]
    first = next((k for k, m in enumerate(marks) if re.fullmatch(r"\(?[1aAi][).]+", m["label"])), None)
    if first is None or len(tail[: marks[first].start()].split()) > 12:
        return []
    family = re.sub(r"[\w]+", "", marks[first]["label"])
    digit = marks[first]["label"].strip("().").isdigit()
    alike = [
        m
        for m in marks[first:]
        if re.sub(r"[\w]+", "", m["label"]) == family and m["label"].strip("().").isdigit() == digit
    ]
    chosen = _without_nested(alike)
    if len(chosen) < 2 and marks[first].start() > 0 and len(tail[: marks[first].start()].split()) > 3:
        return []
    stops = [m.start() for m in chosen[1:]] + [len(tail)]
    return [(m.end(), stop, m["label"]) for m, stop in zip(chosen, stops, strict=True)]


def _without_nested(marks):
    """ "(a) …; (b) … covering (i) x and (ii) y": numerals inside a lettered list divide one of its limbs."""
    signs = [mark["label"].strip("().").lower() for mark in marks]
    if signs[0] != "a":
        return marks
    nested = {
        n
        for n, sign in enumerate(signs)
        if re.fullmatch("i{1,3}|iv|vi*", sign) and n != ord(sign[0]) - ord("a")
    }
    return [mark for n, mark in enumerate(marks) if n not in nested]


def _inline_style(label):
    mark = label.strip("().")
    sign = "(" if label.startswith("(") else label[-1]
    return sign + ("1" if mark.isdigit() else "i" if mark[0] in "ivx" else "a")


class _State:
    """Walks the blocks after the keyword and gathers limbs and what hangs under them."""

    def __init__(self, blocks, n, word, scope):
        self.blocks, self.n, self.scope = blocks, n, scope
        said = blocks[n].text[:80]
        recommended = word.startswith("recommend") or re.search(r"\bRECOMMEND", said)
        self.trigger = "recommended" if recommended else "noted" if word == "noted" else "resolved"
        self.word = word
        self.own = blocks[n].style, blocks[n].value
        self.limbs, self.stem, self.style, self.value = [], "", None, 0
        self.single = self.open_children = False

    def add(self, label, block, start, stop):
        whole, spots = exact(block, start, stop)
        text = re.sub(r"[;,]?\s*(?:[;,]|\band|\bAND)?\s*$", "", whole) or whole
        if text:
            self.limbs.append(
                Limb(
                    label,
                    text,
                    (spots[0], spots[len(text) - 1] + 1),
                    squeeze(self.stem),
                    self.trigger,
                    block=block.number,
                    spots=spots[: len(text)],
                    rest=(whole[len(text) :], spots[len(text) :]),
                )
            )

    def follow(self):
        """The number of the last block that belongs to this decision."""
        m = self.n + 1
        while m < len(self.blocks) and self._takes(self.blocks[m], m):
            m += 1
        return m - 1

    def _takes(self, block, m):
        if (
            STOP.match(block.text)
            or (PROPOSAL.match(block.text) and m >= self.scope.end)
            or (CAPITAL.match(block.text) and not block.label)
        ):
            return False
        if m >= self.scope.end and not self._in_sequence(block):
            return False
        if block.label:
            return self._labelled(block)
        return self._unlabelled(block, m)

    def _in_sequence(self, block):
        return (
            bool(self.limbs)
            and block.style == self.style
            and block.value == self.value + 1
            and not squeeze(block.text).isupper()
            and bool(re.match(rf"{THAT}\b|to\b|the\b|note|agree", block.text, re.I))
        )

    def _labelled(self, block):
        if block.style == "item" or (block.style == "ref" and not self._is_paragraph(block)):
            return False
        if (
            CAPITAL.search(block.text)
            and CAPITAL.search(block.text).start() < 30
            and block.style == self.own[0]
        ):
            return False
        if (
            block.style == self.own[0]
            and self.own[0]
            and not self.own[0].startswith("bullet")
            and block.value == (self.own[1] or 0) + 1
        ):
            return False
        if self.style is None and self.single and not self.open_children:
            return False
        starred = block.style.startswith("bullet") and re.match(
            r"(?P<label>[ivx]+|[a-z]|\d+)[.)]\s+", block.text
        )
        if starred and self.style and self.limbs and not self.style.startswith("bullet"):
            self.add(starred["label"] + ".", block, starred.end(), len(block.text))
            return True
        if self.open_children and self.limbs and self.style is None:
            return self._child(block)
        if self.style is None or block.style == self.style:
            self.style, self.value = block.style, block.value or 0
            self._limb(block)
            return True
        return self._child(block) if self.limbs else False

    def _is_paragraph(self, block):
        """Limbs numbered as paragraphs: "6.1 that the report be received"."""
        decimal = re.fullmatch(r"\d{1,3}\.\d{1,3}\.?", block.label or "")
        return bool(
            decimal and re.match(rf"{THAT}\b|to\b", block.text) and (not self.limbs or self.style == "ref")
        )

    def _limb(self, block):
        label = None if block.style.startswith("bullet") else block.label
        text = block.text
        lead = re.match(r"\s*T\s+H\s+A\s+T\s+", text)
        trailer = TRAILER.search(text, 10)
        self.add(label, block, lead.end() if lead else 0, trailer.start() if trailer else len(text))
        self.open_children = text.rstrip().endswith((":", ","))

    def _child(self, block):
        limb = self.limbs[-1]
        if not limb.child_style:
            if (block.value or 1) > 1:
                # A list run into the sentence, whose later label chanced to begin a line.
                words, spots = exact(block, 0, len(block.text))
                lead = f" {block.label} "
                limb.text += limb.rest[0] + lead + words
                limb.spots += limb.rest[1] + [block.whole[0]] * len(lead) + spots
                limb.rest = ("", [])
                limb.at = (limb.at[0], block.at[1])
                return True
            limb.child_style = block.style
        if block.style == limb.child_style:
            if (block.value or 0) > limb.child_value + 2:
                return False
            limb.child_value = block.value or 0
            limb.children.append(entry_of(block))
        return True

    def _unlabelled(self, block, m):
        text = block.text.strip()
        if re.match(rf"{THAT}\s*:?$", text) and not self.limbs:
            self.stem = text
            return True
        if self.limbs and ALSO_DECIDED.match(text):
            self._limb(block)
            return True
        if re.search(r":\s*[-–]?$", text) and self._is_new_stem(block, m):
            self.stem, self.style, self.open_children, self.single = text, None, False, False
            return True
        following = self.blocks[m + 1] if m + 1 < len(self.blocks) else None
        if self._is_subheading(block, following):
            self.stem, self.style, self.open_children, self.single = text, None, False, False
            return True
        if not self.limbs and following and following.label and STEM.match(text) and re.search(BODY, text):
            self.stem = text
            return True
        if not self.limbs:
            return self._first_unlabelled(block)
        if re.match(rf"(?:and\s+)?{THAT}\b", text) or (
            re.match(r"To [a-z]+\b", text) and re.match(r"To\b", self.limbs[-1].text)
        ):
            self.add(None, block, 0, len(block.text))
            self.open_children = text.endswith((":", ","))
            return True
        if re.fullmatch(r"(?:and|AND)[;,]?", text):
            return True
        if self.style is None and not self.single and self._like_the_first(text):
            self.add(None, block, 0, len(block.text))
            return True
        if self.open_children and self.style is None and text[:1].islower():
            self.limbs[-1].children.append(entry_of(block))
            return True
        return False

    def _is_subheading(self, block, following):
        return bool(
            following
            and following.label
            and (following.value == 1 or following.style.startswith("bullet"))
            and len(block.text.split()) < 7
            and block.text[:1].isupper()
            and not re.search(r"[.;,]$", block.text)
            and SUBHEADING.match(block.text)
            and not self.single
        )

    def _first_unlabelled(self, block):
        text = block.text
        if self.word == "decision" and (NOTHING.match(text) or MINUTES.match(text)):
            return False
        lead = re.match(r"\s*T\s+H\s+A\s+T\s+", text) or self._body_under_heading(text)
        start = lead.end() if lead else 0
        inline = _inline(text[start:])
        if inline:
            for at, stop, mark in inline:
                self.add(mark, block, start + at, start + stop)
            self.style, self.value = _inline_style(inline[0][2]), len(inline)
            return True
        if self.word == "decision" and not re.match(
            r"(?:to|that|the|approved|noted|agreed|resolved)\b", text, re.I
        ):
            return False
        self.add(None, block, start, _sentence_stop(block, 0, start))
        self.single = self.word == "decision"
        self.open_children = text.rstrip().endswith((":", ","))
        return True

    def _body_under_heading(self, text):
        """A heading "Decision" has the body named below it again; after "Decision:" it opens the sentence."""
        if self.word != "decision" or self.blocks[self.n].text.endswith(":"):
            return None
        return re.match(rf"(?:The|This)\s+(?:[A-Z][a-z]+\s+)?{BODY}\s+(?=[A-Za-z]+(?:ed|s|ED)\b)", text)

    def _is_new_stem(self, block, m):
        if BODY_STEM.fullmatch(block.text.strip()) or (
            re.match(rf"(?:The|This|That the|And that the)\s+{BODY}\b", block.text)
            and len(block.text.split()) < 14
        ):
            return True
        following = self.blocks[m + 1] if m + 1 < len(self.blocks) else None
        return bool(
            following
            and following.label
            and len(block.text.split()) < 14
            and re.search(r"recommend|suggest|request|information|agree|resol|further|note", block.text, re.I)
            and not re.match(r"(?:Members|Councillor|In )", block.text)
        )

    def _like_the_first(self, text):
        if len(text.split()) < 3 or len(text.split()) > 120:
            return False
        first = self.limbs[0].text
        return (text[0].islower() and first[0].islower()) or bool(
            re.match(r"the\b|a\b|an\b", text, re.I)
            and re.search(r"\bbe\s+\w+ed\b", text)
            and re.search(r"\bbe\s+\w+", first)
        )


def _without_echo(limbs):
    """A list printed under "Decision:" and again in the minutes counts once."""
    kept = []
    for limb in limbs:
        if limb.announced and any(other.item == limb.item and not other.announced for other in limbs):
            continue
        kept.append(limb)
    return kept
