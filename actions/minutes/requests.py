"""What a resolution asks for (domain S-15, Q-3 to Q-5): from whom, by when, and the elements it must cover."""

import re
from functools import lru_cache
from itertools import takewhile

from .blocks import entry_of, exact, squeeze
from .decisions import Limb
from .due import find_due
from .findings import Element, Request
from .kinds import BRING, DATED, MATTER, asks
from .sentences import sentences

STRONG = re.compile(
    r"\b(?:(?:along|together)\s+with|alongside|accompanied\s+by|tak\w+\s+in|which\s+gives?"
    r"|that\s+gives?|gives|to\s+give"
    r"|including\s+(?=[^,;]+,[^,;]+(?:,|\s)\s*and\s)|covering|setting\s+out|to\s+set\s+out"
    r"|detailing|to\s+include|to\s+cover|outlining"
    r"|addressing|showing|explaining|containing|"
    r"which\s+(?:should\s+|would\s+|will\s+)?(?:includes?|covers?|sets?\s+out|details?)"
    r"|report\s+should\s+(?:also\s+)?(?:include|cover|address|show|give|set\s+out)"
    r"|with\s+(?:further\s+|more\s+)?(?:details?|information|data|figures|a\s+breakdown"
    r"|an\s+update|updates)\s+(?:of|on|about)|"
    r"to\s+(?:show|explain|outline|detail|address)|focus(?:ing|ed)\s+on|giving(?:\s+details\s+of)?)\s*:?\s*",
    re.IGNORECASE,
)
WEAK = re.compile(
    r"\b(?:on|about|regarding|concerning|in\s+relation\s+to|in\s+respect\s+of|relating\s+to"
    r"|with\s+regards?\s+to|as\s+to)\s+",
    re.IGNORECASE,
)
INCLUDING = re.compile(r"\bincluding\s+", re.IGNORECASE)
WITH = re.compile(r"\bwith\s+", re.IGNORECASE)
PASSIVE = re.compile(
    r",?\s+(?:to\s+be|be|is|are)\s+(?:\w+\s+)?(?:submitted|brought|presented|provided|reported"
    r"|circulated|prepared|produced|supplied|received|considered|made|shared|given|sent|scheduled"
    r"|added|included|requested)\b.*$",
    re.IGNORECASE,
)
ABOVE = re.compile(
    r"\b(?:above|(?:set out|listed|mentioned|discussed|agreed|noted|requested) earlier|in the (?:preamble|minutes?)"
    r"|(?:in|at) (?:the )?paragraphs?|agreed elements|as (?:discussed|set out)"
    r"|the (?:above|agreed|following) (?:elements|areas|points|matters|issues)"
    r"|the (?:\w+ )?(?:matters|points|issues|questions|areas|information|details)"
    r" (?:raised|requested|mentioned|asked))\b",
    re.IGNORECASE,
)
LEAD_IN = re.compile(
    r"\b(?:tak\w+ in|come back|cover\w*|includ\w*|set\w* out|elements|areas|information"
    r"|address\w*|report|update|details?|provide\w*|to see)\b",
    re.IGNORECASE,
)
# What a report wants to be told of, and not what one told: "The report set out three options:".
WANTED = re.compile(
    r"\b(?:tak\w+ in|come back|would like|wish|report (?:that|which|again|on)|ask\w*|request|cover|includ"
    r"|set out|elements|further|report back|update)",
    re.IGNORECASE,
)
TOLD = re.compile(
    r"\b(?:report|paper|presentation|update|officers?)\s+(?:also\s+)?"
    r"(?:set out|covered|included|outlined|highlighted|detailed)\b",
    re.IGNORECASE,
)
INLINE = re.compile(r"(?:(?<=\s)|^)(?:\(?(?P<mark>[a-h]|[ivx]{1,4}|\d)\)|(?P<dot>[a-h])\.)\s+")
# What stands between marks that point at a list instead of making one: "at (1) and (2) above".
POINTING = re.compile(r"\W*(?:and|or|to|above)?\W*")
CONDITION = re.compile(
    r"\b(?:dependent\s+(?:up)?on|depending\s+(?:up)?on|subject\s+to|provided\s+that"
    r"|conditional\s+(?:up)?on|if\s|once\s|when\s+available)[^.;]*",
    re.IGNORECASE,
)
ORIGIN = re.compile(
    r"(?<!raised )(?<!requested )\b(?:by|from)\s+(?:the\s+)?(?P<who>[A-Z][\w’'&/-]*(?:(?:,?\s+(?:and|of|for"
    r"|the|&|in))*,?\s+[A-Z][\w’'&/-]*)*)"
)
NOUN = re.compile(
    r"\b(?:a|an|the|further|another|joint|progress|update|written|briefing|regular|\s)*\b(?:report"
    r"|update|information|briefing|note|paper|data|figures|presentation|response|summary"
    r"|details)s?\b",
    re.IGNORECASE,
)
# "that a housing paper come to each meeting", "directed that progress be reported".
COMES = re.compile(
    r"(?:(?:directed|that|and|to)\s+)*(?P<what>(?:(?:an?|the|further|regular|another)\s|progress\b)[^;:]*?)"
    r"\s*\b(?:comes?|returns?|goes|go|be\s+reported)\b",
    re.IGNORECASE,
)
# "obtain prices for new lights and report", "report the first findings": the thing itself.
OBJECT = re.compile(
    r"\b(?:obtains?|compiles?|collates?|seeks?)\s+(?P<what>[^,;.]{4,120}?)(?:\s+and\s+(?:to\s+)?reports?\b|\.?$)"
    r"|\breports?\s+(?P<what2>the\s+(?!committee|board|panel|matter)[^,;.]{4,80})",
    re.IGNORECASE,
)
TRAIL = re.compile(
    r"[\s,;.:]+(?:and"
    r"|to the (?:Committee|Board|Panel|Commission|Council|Authority|Forum|Members)"
    r"|to (?:Members|Cabinet)|to a|for)?\s*$"
)


def requests_of(blocks, limbs, asked, day):
    """One request for each limb that asks for something; `asked` says of each when it is due and how it asks."""
    found = []
    for number, (limb, (due, ask)) in enumerate(zip(limbs, asked, strict=True)):
        if ask:
            due = find_due(limb.text, day, ask.start()) or due
            found.append(_request(blocks, limb, number, due, ask, day))
    return tuple(found)


def _request(blocks, limb, number, due, ask, day):
    elements = _in_place(limb, _elements(blocks, limb, due, ask))
    return Request(
        from_=_from(limb.text, ask),
        due_text=due and due.words,
        due_start=due and due.first,
        due_end=due and due.last,
        elements=tuple(_element(text, at, day) for text, at in elements),
        resolution=number,
        legal="resolved",
        at=limb.at,
    )


def _in_place(limb, elements):
    """Parts of the limb's own sentence in its very words; what only joins them ("together with") is left out.

    A due phrase between two words of a part stays in it, for the words are one stretch of the minutes.
    """
    found, cursor = [], 0
    for text, at in elements:
        span = _span(limb.text, text, cursor) or _span(limb.text, text, 0) if at == limb.at else None
        if span:
            cursor = span[1]
            found.append((limb.text[span[0] : span[1]], limb.place(*span)))
        else:
            found.append((text, at))
    return found


def _span(text, part, cursor):
    start = text.find(part, cursor)
    if start >= 0:
        return start, start + len(part)
    words = part.split()
    first = text.find(" ".join(words[:2]), cursor)
    last = text.find(" ".join(words[-2:]), first) if first >= 0 else -1
    return (first, last + len(" ".join(words[-2:]))) if last >= first >= 0 else None


def _from(text, ask):
    who = ask.groupdict().get("who")
    if not who:
        match = ORIGIN.search(text[ask.start() :])
        who = match["who"] if match else None
    who = re.sub(
        r"^(?:.*\b(?:agreed|resolved|decided|requested)\s+that\s+)?(?:[Tt]hat\s+)?(?:and\s+)?(?:[Tt]he\s+|[Tt]o\s+)*",
        "",
        squeeze(who or ""),
    )
    capital = re.match(
        r"[A-Z][\w’'&/()-]*(?:(?:,?\s+(?:of|for|and|the|&|to|on|in))*,?\s+(?:[A-Z(][\w’'&/()-]*|\d+))*", who
    )
    who = capital.group() if capital else who
    who = re.split(r"\s+(?:be|is|are|also|should|and that)\s*$", who)[0].strip(" ,")
    if (
        not who
        or re.match(r"(?:a|an|further|it|report|update)\b", who, re.I)
        or (
            re.match(r"(?:Committee|Board|Panel|Commission|Cabinet)$", who) and not ask.groupdict().get("who")
        )
    ):
        return None
    return who if len(who.split()) < 16 else None


def _element(text, at, day):
    due = find_due(text, day)
    due = due if due and due.last else None
    condition = CONDITION.search(text)
    return Element(
        text,
        due and due.words,
        due and due.first,
        due and due.last,
        condition and condition.group().strip(),
        at,
    )


def _elements(blocks, limb, due, ask):
    if limb.children:
        return limb.children
    own = _own_elements(limb, due, ask)
    if len(own) == 1 and ABOVE.search(limb.text):
        return _pointed_to(blocks, limb) or own
    return own


def _own_elements(limb, due, ask):
    """What the sentence itself says that the report must cover."""
    text = limb.text
    begin = min(ask.start(), len(text))
    inline = _inline(text[begin:])
    if inline and all(re.match(BRING, part.strip(), re.I) for part in inline):
        return [(one, limb.at) for part in inline for one in _brought(part, due)]
    if inline:
        return [(_clean(part), limb.at) for part in inline if _clean(part)]
    colon = re.search(r":\s+(?=[^:]+;[^:]+$)", text[begin:])
    if colon:
        parts = re.split(r";\s*(?:and\s+)?", text[begin + colon.end() :])
        return [(_clean(part), limb.at) for part in parts if _clean(part)]
    passive = ask.re is DATED and PASSIVE.search(text)
    if passive and not STRONG.search(text[: passive.start()]):
        return [(_part(re.sub(r"^\s*that\s+", "", text[: passive.start()], flags=re.I)) or text, limb.at)]
    rest = _without_due(text, due)
    parts = _after_connector(rest, ask)
    return [(part, limb.at) for part in parts] or [(_fallback(rest, ask), limb.at)]


def _brought(part, due):
    """ "(i) circulates the number of ...", "(ii) provides a report on ..."."""
    for pattern in (STRONG, WEAK):
        topic = pattern.search(part)
        if topic and re.search(rf"\b{MATTER}\b", part[: topic.start()]):
            return split_list(_cut(part[topic.end() :]))
    body = re.sub(rf"^\s*{BRING}\s*,?\s*", "", part, flags=re.IGNORECASE)
    return [_cut(body)] if body.strip() else []


def _pointed_to(blocks, limb):
    """The nearest list above in the same item, below a lead-in or run into the sentence that asked for a report."""
    for n in range(limb.block - 1, max(limb.item_start, limb.block - 60) - 1, -1):
        found = _listed_below(blocks, n, limb.block) or _asked_in(blocks[n])
        if found:
            return found
    return []


def _listed_below(blocks, n, stop):
    """The entries below a lead-in that speaks of what a report is to cover."""
    lead_in = blocks[n].text[-250:]
    if (
        blocks[n].style not in ("", "ref")
        or not re.search(r":\s*[-–]?$", lead_in)
        or not (LEAD_IN.search(lead_in) and WANTED.search(lead_in))
        or TOLD.search(lead_in)
    ):
        return []
    style = blocks[n + 1].style
    listed = takewhile(lambda block: block.label and block.style == style, blocks[n + 1 : stop])
    return [entry_of(block) for block in listed]


@lru_cache(maxsize=256)
def _asked_in(block):
    """The parts of a sentence in the discussion that asked for a report, when there are several."""
    for start, end in sentences(block.text):
        words, spots = exact(block, start, end)
        ask = asks(words, None) or re.search(r"\breport\s+should\b", words)
        if ask:
            said = Limb(None, words, (spots[0], spots[-1] + 1), spots=spots)
            elements = _in_place(said, _own_elements(said, find_due(words, None, ask.start()), ask))
            if len(elements) > 1:
                return elements
    return ()


def _inline(text):
    marks = list(INLINE.finditer(text))
    if len(marks) < 2 or (marks[0]["mark"] or marks[0]["dot"]) not in ("a", "i", "1"):
        return []
    stops = [m.start() for m in marks[1:]] + [len(text)]
    parts = [text[m.end() : stop] for m, stop in zip(marks, stops, strict=True)]
    return [] if any(map(POINTING.fullmatch, parts)) else parts


def _without_due(text, due):
    """The due phrase blanked, so that offsets stay and its words are no element."""
    if not due:
        return text
    start = due.start
    lead = re.search(r"\b(?:in|by|to|at)\s+(?:the\s+)?$", text[:start])
    start = lead.start() if lead else start
    return text[:start] + " " * (due.end - start) + text[due.end :]


def _after_connector(text, ask):
    begin = 0 if ask.re is DATED else ask.start()
    for pattern in (STRONG, WEAK, INCLUDING, WITH):
        for match in pattern.finditer(text, begin):
            body = _cut(text[match.end() :])
            if len(body.split()) and not re.match(
                r"(?:behalf|the (?:agenda|basis|work programme|forward)\b)", body
            ):
                if pattern is WITH and match.start() < ask.end():
                    continue
                return split_list(body)
    return []


def _cut(body):
    body = PASSIVE.sub("", body)
    body = re.split(
        r"(?<=[a-z)])\.\s|;\s+(?:and\s+)?(?:that|to)\b|\s{4,}(?=(?:and|to|by|at|in|so|for|be)\b)"
        r"|,?\s+(?:so that|in order (?:that|to)|and that the)\b",
        body,
    )[0]
    return _clean(body)


def _clean(text):
    text = squeeze(text)
    while (shorter := TRAIL.sub("", text)) != text:
        text = shorter
    return text.strip(" .;,:")


def _fallback(text, ask):
    """No topic named: the thing itself ("a progress report")."""
    come = COMES.match(text[ask.start() :]) if ask else None
    if come:
        return _clean(come["what"])
    thing = OBJECT.search(text, ask.start()) if ask else None
    if thing:
        return _clean(_cut(thing["what"] or thing["what2"]))
    noun = NOUN.search(text, ask.start()) if ask else None
    if noun:
        return _clean(_cut(text[noun.start() :]))
    return _clean(text[ask.start() :] if ask else text) or squeeze(text)


PARALLEL = (
    r"(?:on|of|about|how|what|whether|why|where|who|to|the\s+(?:extent|number|impact|reasons?"
    r"|outcomes?|progress|views?|results?|cost)\b)"
)
CLAUSE = re.compile(
    r"(?:which|who|where|when|as|including|such|particularly|especially|in particular|with|if|but"
    r"|so|by|both|and how they|while|dependent|subject|namely|following|together)\b",
    re.IGNORECASE,
)


def split_list(body: str) -> list[str]:
    """ "a, b and c" → its parts; one part when it is no list."""
    body = re.sub(r",?\s+(?:together with|as well as|along with|and also)\s+", ", ", body)
    parts = [p for p in re.split(r"\s*[;,]\s+(?:and\s+|as well as\s+)?", _mask(body)) if p]
    merged = []
    for part in parts:
        if merged and CLAUSE.match(part):
            merged[-1] += ", " + part
        else:
            merged.append(part)
    final = bool(re.search(r"[;,]\s+(?:and|as well as)\s+\S[^,;]*$", body))
    if len(merged) > 1 and not final:
        head, sign, tail = _last_and(merged[-1])
        if not sign:
            return [_part(body)]
        merged[-1:] = [head, tail]
    elif len(merged) == 1 or (len(merged) == 2 and final):
        merged = [bit for part in merged for bit in _parallel(part)]
    return [part for part in (_part(p) for p in merged) if part]


def _mask(body):
    """Commas inside brackets are not separators."""
    return re.sub(r"\([^()]*\)", lambda m: m.group().replace(",", "‚"), body)


def _last_and(part):
    marks = list(re.finditer(r"\s+(?:and|as well as)\s+", part))
    if not marks:
        return part, "", ""
    lead = re.match(r"(?:on|of|about|how|what|whether|why)\b", part)
    alike = [m for m in marks if lead and re.match(rf"{lead.group()}\b", part[m.end() :])]
    strong = [m for m in marks if re.match(rf"{PARALLEL}|the\b|any\b|an?\b", part[m.end() :])]
    mark = (alike or strong or marks)[-1]
    return part[: mark.start()], "and", part[mark.end() :]


def _parallel(part):
    """ "the cost of x and on the views of y": two, when the second takes up the form of the first."""
    lead = re.match(r"(?:on|of|about|how|what|whether|why|the)\b", part)
    bits = re.split(r"\s+and\s+(?=(?:on|of|about|how|what|whether|why)\s)", part)
    if len(bits) == 1 and lead and lead.group() == "the":
        bits = re.split(r"\s+and\s+(?=the\s+(?:[\w’'-]+\s+)?(?:of|for|in|to|on)\b)", part)
    return bits


def _part(text):
    return _clean(
        re.sub(
            r"^(?:and\s+)?(?:(?:on|of|about)\s+)?(?:the following:?\s*)?", "", squeeze(text.replace("‚", ","))
        )
    )
