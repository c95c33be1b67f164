"""Apologies for absence, and who sat in for whom (domain M-5)."""

import re

from .findings import Name, Substitute
from .names import PERSON, is_name, people_in, same_person
from .sentences import sentences

NOBODY = re.compile(
    (
        r"\b(?:no|nil)\s+(?:such\s+)?(?:apolog|absen|substitut)|\bthere\s+were\s+(?:none|no)\b"
        r"|^(?:none|nil)\b|lateness|late arrival|apologised"
    ),
    re.IGNORECASE,
)
GIVEN = re.compile(
    (
        r"(?P<who>.+?)\s+(?:had\s+|has\s+|have\s+)?(?:sent|gave|given|tendered|submitted|offered"
        r"|gives)\s+(?:\w+\s+){0,3}apolog"
    ),
    re.IGNORECASE,
)
FROM = re.compile(
    (
        r"\b(?:from|on behalf of|submitted by|given by|sent by|tendered by|for\s+(?=(?:Councillor|Cllr"
        r"|Mr|Mrs|Ms|Dr)))\s*:?\s+|:\s*[-–]?\s*"
    ),
    re.IGNORECASE,
)
CUT = re.compile(
    (
        r"\s*[,;]?\s*(?:\bfor whom\b|\bwith\b|\bwho (?:was|were|had|is)\b|\bwhose\b|\bin accordance\b"
        r"|\bdue to\b|\bbecause\b|\bto the meeting\b|\bbut\b|\bthe (?:reasons?|meeting)\b"
        r"|\band\s+(?:that|it|they|he|she)\b).*"
    ),
    re.IGNORECASE | re.DOTALL,
)
# "Cllr Roe, who was substituted by Cllr Elm, and Cllr Fir": the list of the absent goes on after the aside.
SUBSTITUTED = re.compile(r",\s+who\s+(?:was|were|had been)\s+\w+\s+by\s+[^,;]+,(?=\s+and\b)", re.IGNORECASE)
LATE = re.compile(
    r"\s*,?\s*\b(?:and|with|together with)\s+(?:an?\s+)?apolog\w*\s+for\s+(?:lateness"
    r"|late|being late|leaving early)\b.*",
    re.IGNORECASE | re.DOTALL,
)
WHO_SENT = re.compile(
    rf"(?P<who>{PERSON.pattern}),?\s+(?:who|and who)\s+(?:had\s+|has\s+)?(?:sent"
    rf"|gave|given|tendered|submitted|offered)"
    r"\s+(?:\w+\s+){0,2}apolog"
)
# "(as sub for Cllr Roe)" after a name in a list of the absent: this one was there.
SITS_IN = re.compile(
    r"(?:attend\w*\s+)?(?:as\s+)?(?:an?\s+)?(?:sub\b|substitut\w*|reserve)\s+for\b", re.IGNORECASE
)
SUB = r"(?:substitut\w*|subs?\b|reserve|deput(?:y|is\w*|iz\w*))"
FORWARD = re.compile(
    (
        r"(?<!\w)(?:\b(?:was|were|be|had been|is|has)\s+)?(?:\b(?:also|duly)\s+)?(?:\b(?:attend\w*"
        r"|present|in attendance|act\w*|s[ai]t(?:ting)?|serv\w*|appointed|nominated|replac\w*|join\w*"
        r"|here)\s+)?(?:the\s+(?:meeting\s+)?)?(?:\bas\s+)?(?:an?\s+|the\s+|named\s+|his\s+"
        rf"|her\s+)*(?:{SUB}|attend\w*|present|\bas\b)?(?:\s+members?)?\s*(?:\b(?:for"
        r"|in\s+(?:the\s+)?place\s+of|on\s+behalf\s+of|instead\s+of|in\s+the\s+absence\s+of))\s+"
    ),
    re.IGNORECASE,
)
BACKWARD = re.compile(
    (
        r"\s*,?\s*(?:who\s+)?(?:was|were|had been|is|being)?\s*(?:substituted|replaced|represented"
        r"|deputised)\s+(?:for\s+)?by\s+"
    ),
    re.IGNORECASE,
)
WHOM = re.compile(
    r",?\s+for\s+whom\s+(?P<a>.+?)\s+(?:was|were|attended|substituted|had|is|acted|deputised)\b",
    re.IGNORECASE,
)
WITH = re.compile(
    rf",?\s+(?:with|and)\s+(?P<a>[^,;]+?)\s+(?:{SUB}|attending|present|acting|sitting|in attendance)",
    re.IGNORECASE,
)
IN_PLACE = re.compile(
    (
        rf"(?P<a>.+?)\s+(?:as\s+(?:a\s+|the\s+)?{SUB}|{SUB}|attend\w*|sat|here|was present|in (?:his"
        r"|her|their) (?:place|stead))"
    ),
    re.IGNORECASE,
)
NAMED = re.compile(rf"{SUB}(?:\s+members?)?\s*(?:[:–-]|by|was|is)?\s*(?P<a>[A-Z].+)", re.IGNORECASE)
HIS = re.compile(
    (
        r"(?P<names>.+?)\s+(?:was|were|is|attend\w*|sat|act\w*|had|would|being)\b[^.]*?\b(?:as"
        rf"|in)\s+(?:his|her|their)\s+(?:{SUB}|place|stead)"
    ),
    re.IGNORECASE,
)
AS_FOR = re.compile(
    (
        rf"(?:(?:attending\s+)?as\s+)?(?:an?\s+|the\s+)?(?:{SUB}(?:\s+members?)?\s*)?(?:for"
        r"|in\s+(?:the\s+)?place\s+of|on behalf of)\s+(?P<b>.+)"
    ),
    re.IGNORECASE,
)
RESIGNED = re.compile(
    (
        r"(?P<b>Councillors?.+?|Cllrs?.+?|M(?:r|rs|s)\b.+?)\s+had\s+resigned\s+.*?\band\s+(?:that\s+)?"
        r"(?P<a>(?:Councillors?|Cllrs?|M(?:r|rs|s)\b).+?)\s+(?:respectively\s+)?(?:had|have|has|was"
        r"|were)\b.*?\bplaces?\b"
    ),
    re.IGNORECASE,
)


def apologies_of(blocks, items, lists):
    """`lists`: (block, offset) of blocks already known to hold names of the absent."""
    found, seen = [], {block.number for block, _ in lists}
    for block, start in lists:
        for a, b in sentences(block.text[start:]):
            sentence = block.text[start + a : start + b]
            if re.search(r"\bapolog|\babsen|\bfrom\b", sentence, re.I):
                _sentence(block, start + a, sentence, found, True)
            elif a == 0 or not re.search(r"\b(?:was|were|had|attended|substituted|joined|left)\b", sentence):
                _list_names(block, start + a, sentence, found)
    under = _under_heading(blocks, items)
    for block in blocks:
        if block.number not in seen and (block.number in under or re.search(r"apolog", block.text, re.I)):
            for a, b in sentences(block.text):
                _sentence(block, a, block.text[a:b], found, block.number in under)
            for _, other in _substituted(block, under):
                if not any(same_person(other.name, name.name) for name in found):
                    found.append(Name(other.name, block.at))
    return tuple(found)


def _substituted(block, under):
    """Under the heading of apologies, who was substituted was absent."""
    if block.number not in under or not re.search(r"substituted", block.text, re.I):
        return []
    return [pair for a, b in sentences(block.text) for pair in _pairs(block.text[a:b], True)]


def _under_heading(blocks, items):
    spans = [
        (i.start + 1, i.end)
        for i in items
        if i.title and re.search(r"apolog|absence", i.title, re.I) and not re.search(r"chair", i.title, re.I)
    ]
    return {n for start, end in spans for n in range(start, min(end, start + 12))}


def _sentence(block, at, sentence, found, under):
    late = LATE.search(sentence)
    if late and late.start() > 12:
        sentence = sentence[: late.start()]
    sent = WHO_SENT.search(sentence)
    if sent:
        _list_names(block, at + sent.start("who"), sent["who"], found)
        return
    if NOBODY.search(sentence):
        return
    if re.search(r"apolog|\babsen|\bthese were received", sentence, re.I) or (
        under
        and re.match(
            r"(?:these\s+)?(?:were\s+|had\s+been\s+)?(?:received|reported|sent|given)\b", sentence, re.I
        )
    ):
        given = GIVEN.match(sentence)
        if given and not re.search(r"virtual|remote|attending|online|lateness|\blate\b", sentence, re.I):
            _list_names(block, at, given["who"], found)
            return
        start = re.search(
            r"apolog\w*|absen\w*|(?:received|reported|sent|given)(?= from| by|:)", sentence, re.I
        )
        if not start:
            return
        lead = FROM.search(sentence, start.end())
        if lead and not given:
            _list_names(block, at + lead.end(), sentence[lead.end() :], found)
    elif under and (block.style.startswith("bullet") or _is_list(sentence)):
        _list_names(block, at, sentence, found)


def _is_list(sentence):
    people = people_in(sentence, alone=bool(re.match("(?:councillors|cllrs) ", sentence, re.I)))
    return (
        bool(people)
        and people[0].start < 20
        and not re.search(
            r"\b(?:was|were|had|attend|substitut|present|for|declared)\w*\b",
            re.sub(r"\([^()]*\)", "", sentence),
        )
    )


def _list_names(block, at, words, found):
    if NOBODY.search(words):
        return
    words = CUT.sub("", SUBSTITUTED.sub(lambda aside: " " * len(aside.group()), words))
    alone = bool(re.match(r"\s*(?:councillors|cllrs|members)\b", words, re.I))
    for person in people_in(words, alone) or people_in(words, True):
        if SITS_IN.match(person.role or ""):
            continue
        if not any(same_person(person.name, other.name) for other in found):
            found.append(Name(person.name, block.place(at + person.start, at + person.end)))


def substitutes_of(blocks, items, people=()):
    found = []
    spans = [(i.start, i.end) for i in items if i.title and re.search(r"substitut|reserve", i.title, re.I)]
    under = {n for a, b in spans for n in range(a, b)}
    for block in blocks:
        if (
            not re.search(
                r"substitut|\bsubs?\b|place|reserve|for whom|behalf|resigned|instead|deputis|in the absence",
                block.text,
                re.I,
            )
            and block.number not in under
        ):
            continue
        for a, b in sentences(block.text):
            for pair in _pairs(block.text[a:b], block.number in under):
                _add(found, block, a, *pair)
    return tuple(found)


def _add(found, block, at, one, other):
    """`one` sat in for `other`; both Person."""
    known = any(same_person(s.substitute, one.name) and same_person(s.for_, other.name) for s in found)
    if not known and not same_person(one.name, other.name):
        found.append(Substitute(one.name, other.name, block.place(at, min(len(block.text), at + 400))))


def _pairs(sentence, under):
    resigned = RESIGNED.search(sentence)
    if resigned:
        return list(zip(people_in(resigned["a"]), people_in(resigned["b"]), strict=False))
    pairs = _bracketed(sentence)
    if pairs or not (
        under
        or re.search(
            r"substitut|\bsubs?\b|reserve|in (?:the )?place|whom|deputis|instead|in the absence|on behalf",
            sentence,
            re.I,
        )
    ):
        return pairs
    flat = re.sub(r"\([^()]*\)", lambda m: " " * len(m.group()), sentence)
    if re.search(r"apolog\w*[^.]{0,60}on behalf of", flat, re.I):
        flat = re.sub(r"on behalf of", "from        ", flat, count=1, flags=re.I)
    for pattern in (WHOM, WITH):
        for match in pattern.finditer(flat):
            pairs += _sides(match["a"], flat[: match.start()])
    for match in BACKWARD.finditer(flat):
        pairs += _sides(flat[match.end() :], flat[: match.start()])
    his = HIS.match(flat)
    if his:
        named = [
            m
            for m in PERSON.finditer(his["names"])
            if is_name(m.group()) and re.match(r"Councillor|Cllr|M(?:r|rs|s)\b|Dr\b|Miss", m.group())
        ]
        if len(named) > 1:
            pairs.append((people_in(named[-1].group())[0], people_in(named[-2].group())[0]))
    if pairs:
        return pairs
    for match in FORWARD.finditer(flat):
        if match.start() and not re.search(
            r"apolog\w*\s*(?:for absence)?[^.]*$", flat[: match.start()] + match.group(), re.I
        ):
            pairs += _sides(flat[: match.start()], _until_next(flat[match.end() :]), forward=True)
    return pairs


def _until_next(text):
    return re.split(
        r"\s+and\s+(?=(?:Councillor|Cllr)\s+\S+(?:\s+\S+){0,3}\s+(?:for|as|substitut|attend))|;", text
    )[0]


def _sides(subs, others, forward=False):
    """Persons on both sides of the verb, paired in order when there are equally many, else the two nearest it."""
    a, b = people_in(_tail(subs)), people_in(_tail(others) if not forward else others)
    a = [p for p in a if is_name(p.name, True)]
    b = [p for p in b if is_name(p.name, True)]
    if not a or not b:
        return []
    if forward:
        b = b[: max(1, len(a))] if _adjacent(others, b) else []
        if not b:
            return []
    if len(a) == len(b):
        return list(zip(a, b, strict=True))
    near_a = a[-1:] if forward else a[:1]
    near_b = b[:1] if forward else b[-1:]
    return list(zip(near_a, near_b, strict=True))


def _adjacent(text, people):
    return people[0].start < 40 and not re.search(r"\b(?:item|meeting|duration)\b", text[: people[0].start])


def _tail(text):
    """The part of a sentence that can hold the names next to the verb."""
    text = re.split(
        r"\b(?:that|noted|reported|from|of)\s+(?=(?:Councillor|Cllr|Mr|Mrs|Ms|Miss|Dr|[A-Z]\.))|;|:\s", text
    )[-1]
    return (
        re.sub(r"\b(?:declared|stated|was|were|and)\b.*$", "", text)
        if re.search(r"\bdeclared|\bstated", text)
        else text
    )


def _named_last(text):
    """The person whose name ends a stretch of prose."""
    found = [m for m in PERSON.finditer(text) if is_name(m.group())]
    return people_in(found[-1].group()) if found and len(text) - found[-1].end() < 3 else []


def _bracketed(sentence):
    """ "B (A as substitute)", "A (substitute for B)"."""
    pairs = []
    for match in re.finditer(r"\(([^()]*)\)", sentence):
        inner = match[1]
        if not re.search(
            rf"{SUB}|in (?:his|her|their) (?:place|stead)|^\s*(?:for|in place of)\s+[A-Z]", inner, re.I
        ):
            continue
        outside = people_in(sentence[: match.start()], alone=True) or _named_last(sentence[: match.start()])
        if not outside:
            continue
        own, part = outside[-1], re.split(r";", inner)[-1].strip()
        a_for = AS_FOR.match(part)
        named = NAMED.match(part) or IN_PLACE.match(part)
        if a_for and (others := people_in(a_for["b"], alone=True)):
            pairs.append((own, others[0]))
        elif named and (subs := people_in(re.sub(r"^with\s+", "", named["a"]), alone=True)):
            pairs.append((subs[0], own))
    return pairs
