"""Who was there (domain M-5, M-6): the lists at the head of the minutes and the people named under an item."""

import re

from .blocks import squeeze
from .findings import Attendee
from .names import CHAIRS, UPPER, is_name, looks_like_role, organisation_in, people_in, same_person
from .sentences import sentences
from .speakers import named_with_roles

PRESENT, HERE = "present", "in_attendance"
LABELS = [
    (
        r"(?:also|others?)\s+(?:present|in\s+attendance|attending)"
        r"|(?:also\s+)?in\s+attendance(?:\s+(?:were|was))?|(?:council\s+|supporting\s+)?offic(?:er"
        r"|ial)s?(?:\s+(?:also\s+)?(?:present|in\s+attendance|attending|attendance))?"
        r"|(?:external\s+|invited\s+)?(?:witness(?:es)?|guests?|invitees|speakers|observers?|attendees"
        r"|visitors)|by\s+invitation|(?:external\s+)?(?:advisers|advisors)(?:\s+present)?"
        r"|(?:other\s+|visiting\s+|non-committee\s+|cabinet\s+|executive\s+|portfolio\s+)(?:members?"
        r"|councillors?|holders?)(?:\s+(?:also\s+)?(?:present|in\s+attendance|attending))?"
        r"|(?:members?|councillors?)\s+(?:also\s+)?(?:in\s+attendance|attending)"
        r"|partners?(?:\s+(?:present|in attendance))?|clerk|staff|representatives|external(?:\s+\w+)?",
        HERE,
    ),
    (
        r"(?:committee\s+|board\s+|panel\s+|voting\s+|council\s+|elected\s+|core\s+"
        r"|scrutiny\s+)*(?:members?|councillors?|attendance)?\s*(?:present|p r e s e n t)(?:\s+(?:were"
        r"|at the meeting))?|(?:committee|board|panel|voting|elected|core)\s+members|membership"
        r"|members|councillors|sederunt|attendance|attended"
        r"|(?:statutory\s+|voting\s+|non-voting\s+|education\s+)*co-?opt(?:ed|ees?)(?:\s+(?:members?"
        r"|representatives?))*(?:\s+present)?|in the chair|chair(?:man|person|woman)?"
        r"|vice[- ]chair(?:man|person)?|substitutes?(?:\s+members?)?(?:\s+present)?"
        r"|parent\s+governors?|church\s+representatives?",
        PRESENT,
    ),
    (
        r"apolog(?:y|ies)(?:\s+for\s+(?:non-?attendance|absence|inability\s+to\s+attend))?|absent|absences?",
        "apologies",
    ),
]
LABELS = [
    (
        re.compile(
            (
                rf"({words})(?:\s+(?:virtually|remotely|online|via \w+|by video\w*"
                rf"|in person))?(\s*\([^)]*\))?\s*(?P<sign>:\s*[-–—]?|[-–—](?=\s|$)|$|\t|(?=\s{{2,}}))\s*"
            ),
            re.IGNORECASE,
        ),
        group,
    )
    for words, group in LABELS
]
CAPITAL_LABEL = re.compile(
    r"(?P<words>(?:ALSO |MEMBERS |OFFICERS )?(?:PRESENT|IN ATTENDANCE|ATTENDANCE|OFFICERS"
    r"|SEDERUNT))\s+(?=[A-Z][a-z.’'])|(?P<were>Present were|Also present were"
    r"|In attendance were)\s+"
)
ENDS = re.compile(
    (
        r"RESOLVED|The meeting|Minutes\b|\(?Item|Agenda|Declaration|DECLARATION|Note\b|Contact|Venue"
        r"|Also|The Chair|Chair's|Welcome|Date|Time|No\.|Part "
    ),
    re.IGNORECASE,
)
LEAD_IN = re.compile(
    r"\b(?:in attendance|attended|were present|attending|welcomed|join(?:ed|ing)|present for|invited|also present)\b",
    re.IGNORECASE,
)
NOT_ATTENDING = re.compile(
    r"\b(?:question|spoke|declar|apolog|asked|commented|voted|not in attendance|no longer|unable)\w*",
    re.IGNORECASE,
)
VERBS = re.compile(
    (
        r"\b(?:introduc|present|attend|welcom|gave|join|updat|outlin|provid|report|spoke|address"
        r"|accompan|support|assist|respond|advis|explain|highlight|summaris|invit|confirm|answer|drew"
        r"|took|deliver|led)\w*"
    ),
    re.IGNORECASE,
)
WERE_HERE = re.compile(
    r"(?P<who>.+?),?\s+(?:was|were|had been)\s+(?:all\s+|both\s+|also\s+)*(?:in\s+attendance|present)\b",
    re.IGNORECASE,
)
HERE_WERE = re.compile(
    (
        r"(?:also\s+)?(?:present|in attendance|attending)(?:\s+(?:for|at)\s+(?:this|the)\s+(?:item"
        r"|meeting))?\s+(?:was|were)\s*:?\s+(?P<who>.+)"
    ),
    re.IGNORECASE,
)
WELCOMED = re.compile(
    r"\b(?:welcomed|joined by|introduced by|presented by|accompanied by|assisted by|supported by"
    r"|attended by|representatives? from)\s+"
    r"(?P<who>.+?)(?=,?\s+(?:to\s+(?:the|present|this|provide|introduce|speak)|who\b|for\s+this"
    r"|were\b|was\b|had\b|and\s+(?:thanked|invited))|\.?$)",
    re.IGNORECASE,
)


def attendance_of(blocks, items):
    """(attendees in reading order, numbers of the blocks used, blocks of apologies lists as (block, text, offset))."""
    people, used, absent = [], set(), []
    for n, block in enumerate(blocks):
        if n in used:
            continue
        group, rest = _label(block)
        if group and _plausible(blocks, n, block, rest):
            _read_list(blocks, n, group, rest, people, used, absent)
        elif (
            LEAD_IN.search(block.text[-200:])
            and block.text.rstrip().endswith(":")
            and not NOT_ATTENDING.search(block.text[-200:])
        ):
            _read_item_list(blocks, n, people, used)
    for n, block in enumerate(blocks):
        if n not in used:
            _read_prose(block, people)
    return people, used, absent


def with_substitutes(people, substitutes):
    """Who is said to have sat in for somebody was there, even when no list names them."""
    extra = [s for s in substitutes if not any(same_person(p.name, s.substitute) for p in people)]
    return (*people, *(Attendee(s.substitute, None, None, PRESENT, s.at) for s in extra))


def _label(block):
    """(group, offset where the names begin) for a block that opens a list of people."""
    if block.label and block.style not in (".1", "ref", "gap", "item"):
        return None, 0
    capital = CAPITAL_LABEL.match(block.text)
    if capital:
        words = capital["words"] or capital["were"]
        return (
            PRESENT if re.match(r"(?:MEMBERS )?(?:PRESENT|ATTENDANCE|SEDERUNT)|Present", words) else HERE
        ), capital.end()
    for pattern, group in LABELS:
        match = pattern.match(block.text)
        if match and (match["sign"] or match.end() == len(block.text)):
            return group, match.end()
    return None, 0


def _plausible(blocks, n, block, rest):
    """A list label is followed by names, on its own line or the next."""
    if people_in(block.text[rest:], alone=bool(re.search("councillors", block.text, re.I))):
        return True
    following = blocks[n + 1 : n + 3]
    return rest >= len(block.text) - 1 and any(_opens_with_name(b, False) or _label(b)[0] for b in following)


def _read_list(blocks, n, group, rest, people, used, absent):
    block = blocks[n]
    used.add(n)
    if group == HERE and not people and re.match(r"(?:members|councillors)\b", block.text, re.I):
        group = PRESENT
    role = _label_role(block.text[:rest])
    if block.text[rest:].strip():
        _take(block, rest, group, people, absent, role=role)
    for m in range(n + 1, min(n + 120, len(blocks))):
        nxt = blocks[m]
        if _label(nxt)[0] or nxt.style in ("ref", "gap", "item", ".1") or ENDS.match(nxt.text):
            return
        alone = bool(re.match(r"(?:councillors|cllrs)\b", blocks[m - 1].text, re.I)) and m - 1 == n
        if not _opens_with_name(nxt, alone):
            if (
                len(nxt.text.split()) <= 5
                and m + 1 < len(blocks)
                and not nxt.text.isupper()
                and _opens_with_name(blocks[m + 1], False)
                and m - n < 60
            ):
                used.add(m)
                continue
            return
        used.add(m)
        also = re.search(
            r"\b(?:also\s+(?:attended|present|attending)|(?:were|was)\s+(?:also\s+)?(?:in attendance|attending))\W*$",
            nxt.text,
        )
        _take(nxt, 0, HERE if also and group == PRESENT else group, people, absent, role=role)


def _label_role(label):
    match = re.match(r"(?:vice[- ])?chair(?:man|person|woman)?|clerk", label.strip(), re.I)
    return squeeze(match.group()) if match else None


def _opens_with_name(block, alone):
    first = sentences(block.text)[:1]
    found = people_in(block.text[: first[0][1]].rstrip(" ."), alone) if first else []
    if not found:
        return False
    lead = block.text[: found[0].start].strip(" (")
    lead = re.sub(
        r"(?:and\s+)?(?:\w+\s+)?(?:councillors|cllrs|members|messrs)\W*$|^(?:the|also|from|and)$",
        "",
        lead,
        flags=re.I,
    ).strip()
    opens = not lead or (
        looks_like_role(lead)
        and (len(lead.split()) < 5 or re.search(r"[:(–-]\s*$", block.text[: found[0].start]))
    )
    return (
        bool(opens)
        and not re.search(r"[.:]\s", lead)
        and not re.search(r"\b(?:was|were|had|that|declared|proposed)\b", block.text[:120])
    )


def _take(block, start, group, people, absent, role=None):
    if group == "apologies":
        absent.append((block, start))
        return
    text = block.text[start:]
    open_text = re.sub(r"\([^()]*\)", "", text)
    single = block.style.startswith("bullet") or bool(
        re.search(r"\s[–—-]\s", open_text) and open_text.count(",") < 4 and len(text) < 160
    )
    plural = re.match(r"\s*(?:councillors|cllrs|members)\b", text, re.I)
    for a, b in sentences(text):
        sentence = text[a:b].rstrip(" .")
        if a and (
            re.search(r"\b(?:was|were|had|apolog\w*|met|left|arrived)\b", sentence, re.I)
            or not _opens_with(sentence)
        ):
            break
        for person in people_in(sentence, one=single and not plural):
            _add(people, block, start + a, person, group, role)


def _opens_with(sentence):
    """Does a further sentence of the list go on with persons ("Clerk: Mrs E Ellis.")?"""
    return bool(re.match(r"\d", sentence)) or any(person.start < 30 for person in people_in(sentence)[:1])


def _add(people, block, start, person, group, role=None):
    role = person.role or role
    if role and re.match(r"(?:as\s+)?(?:a\s+|the\s+)?(?:sub\b|substitut|reserve|for\s|in place)", role, re.I):
        role = None
    if role and re.search(r"\b(?:apologies|absent)\b", role, re.I):
        return
    known = next(
        (n for n, p in enumerate(people) if same_person(p.name, person.name) and _same_role(p.role, role)),
        None,
    )
    if known is None:
        place = block.place(start + person.start, start + person.end)
        role = re.sub(r"\s+(?:to|and|of|for|the)$", "", squeeze(role).strip(" .;,")) or None if role else None
        people.append(Attendee(person.name, role, organisation_in(role), group, place))


def _same_role(one, other):
    if not one or not other or CHAIRS.search(one) or CHAIRS.search(other):
        return True
    a, b = (set(re.findall(r"\w{4,}", r.lower())) for r in (one, other))
    return bool(a & b) or not a or not b


def _read_item_list(blocks, n, people, used):
    """A lead-in that ends in a colon, then one person a line."""
    used.add(n)
    style = blocks[n + 1].style if n + 1 < len(blocks) else ""
    for m in range(n + 1, min(n + 60, len(blocks))):
        block = blocks[m]
        if block.style != style or not _opens_with_name(block, False):
            return
        used.add(m)
        listed = re.match(r"\s*(?:councillors|cllrs)\b", block.text, re.I) or (
            not block.label and ";" in block.text
        )
        for person in people_in(block.text, one=not listed):
            _add(people, block, 0, person, HERE)


def _read_prose(block, people):
    if len(block.text) > 3000 or not (VERBS.search(block.text) or LEAD_IN.search(block.text)):
        return
    for start, end in sentences(block.text):
        sentence = block.text[start:end]
        if (
            NOT_ATTENDING.search(sentence[:60]) and re.search(r"apolog|declared", sentence, re.I)
        ) or re.search(r"substitut", sentence):
            continue
        _read_sentence(block, start, sentence, people)


def _read_sentence(block, start, sentence, people):
    if not VERBS.search(sentence) and not LEAD_IN.search(sentence):
        return
    were = WERE_HERE.match(sentence)
    here = (
        were
        if were and not re.search(r"\bnot\b", sentence[were.start() : were.end() + 4])
        else HERE_WERE.search(sentence)
    )
    if here:
        shift = here.start("who")
        for person in people_in(here["who"]):
            if person.role or were or is_name(person.name):
                _add(people, block, start + shift, person, HERE)
    for welcomed in WELCOMED.finditer(sentence):
        for person in people_in(welcomed["who"]):
            if person.role and looks_like_role(person.role):
                _add(people, block, start + welcomed.start("who"), person, HERE)
    for person in named_with_roles(sentence):
        _add(people, block, start, person, HERE)


def initials_of(blocks):
    """{"SM": "Sally Marsh"} where the list of those present gives initials in brackets."""
    return {
        person.initials: person.name
        for block in blocks[:40]
        if re.search(rf"\([{UPPER}]{{2,4}}\)", block.text)
        for person in people_in(block.text[_label(block)[1] :])
        if person.initials
    }
