"""Who was there (domain M-5, M-6): the lists at the head of the minutes and the people named under an item."""

import re

from .blocks import COLUMN_GAP, squeeze
from .findings import Attendee
from .labels import ABSENT, ENDS, HERE, PRESENT, label_of, unknown_label_of
from .names import CHAIRS, UPPER, is_name, looks_like_role, organisation_in, people_in, same_person
from .sentences import sentences
from .speakers import named_with_roles

# How far down the people of a page without headings are looked for.
HEAD = 25
THERE = re.compile(
    r"(?:present|attended|in attendance|in person|online|remote\w*|virtual\w*|yes|p|✓|✔|√|x)$", re.I
)
STATE = re.compile(
    rf"{THERE.pattern[:-1]}|apolog(?:y|ies)(?:\s+(?:given|received|sent))?|absent(?:\s+with apologies)?"
    rf"|no|a|ab",
    re.IGNORECASE,
)
ROW = re.compile(
    r"(?P<name>[^\t|:]{4,80}?)\s*(?:\t|\||\s{3,}|\s[–-]\s|:\s)\s*"
    r"(?P<state>Present|Attended|In attendance|Apolog(?:y|ies)(?: given| received| sent)?|Absent)\s*\|?$",
    re.IGNORECASE,
)
LEAD_IN = re.compile(
    r"\b(?:in attendance|in the (?:room|chamber)|attended|were present|attending"
    r"|welcomed|join(?:ed|ing)|present for|invited|also present)\b",
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
    r"(?:also\s+)?(?:present|in\s+attendance|attending|in\s+the\s+(?:room|chamber"
    r"|meeting)|joining|taking\s+part)"
    r"(?:\s+(?:virtually|remotely|online))?(?:\s+(?:for|at|by\s+\w+\s+for)\s+(?:this"
    r"|the)\s+(?:item|meeting|debate))?"
    r"\s+(?:was|were)\s*:?\s+(?P<who>.+)",
    re.IGNORECASE,
)
# "The following officers were in attendance: Ann Roe, Head of Care; and Bo Elm, Solicitor".
LISTED = re.compile(r"(?P<lead>[^:]+):\s*[-–]?\s+(?P<who>[^:]+)$")
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
    head = max(items[1].start if len(items) > 1 else 0, min(HEAD, len(blocks)))
    _read_register(blocks, people, used, absent)
    for n, block in enumerate(blocks):
        if n in used:
            continue
        group, rest = label_of(block)
        if not group and n < head:
            group, rest = unknown_label_of(block)
        if group and _plausible(blocks, n, block, rest):
            _read_list(blocks, n, group, rest, people, used, absent)
        elif re.search(r":\s*[-–]?$", block.text) and _leads_in(block.text[-200:]):
            _read_item_list(blocks, n, people, used)
    for n, block in enumerate(blocks):
        if n not in used:
            _read_prose(block, people)
    return people, used, absent


def _leads_in(words):
    return bool(LEAD_IN.search(words)) and not NOT_ATTENDING.search(words)


def with_substitutes(people, substitutes):
    """Who is said to have sat in for somebody was there, even when no list names them."""
    extra = [s for s in substitutes if not any(same_person(p.name, s.substitute) for p in people)]
    return (*people, *(Attendee(s.substitute, None, None, PRESENT, s.at) for s in extra))


def _plausible(blocks, n, block, rest):
    """A list label is followed by names, on its own line or the next."""
    if people_in(block.text[rest:], alone=bool(re.search("councillors", block.text, re.I))):
        return True
    following = blocks[n + 1 : n + 3]
    return rest >= len(block.text) - 1 and any(
        _opens_with_name(b, False) or label_of(b)[0] for b in following
    )


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
        if label_of(nxt)[0] or nxt.style in ("ref", "gap", "item", ".1") or ENDS.match(nxt.text):
            return
        alone = bool(re.match(r"(?:councillors|cllrs)\b", blocks[m - 1].text, re.I)) and m - 1 == n
        if not _opens_with_name(nxt, alone):
            if _is_aside(blocks, m):
                continue
            return
        used.add(m)
        also = re.search(
            r"\b(?:also\s+(?:attended|present|attending)|(?:were|was)\s+(?:also\s+)?(?:in attendance"
            r"|attending))\W*$",
            nxt.text,
        )
        _take(nxt, 0, HERE if also and group == PRESENT else group, people, absent, role=role)


def _is_aside(blocks, m):
    """A line inside a list that names nobody ("Young people: A and J", "Labour Group"), with names after it."""
    block = blocks[m]
    if len(block.text.split()) > 14 or re.search(r"[.?]$|\b(?:was|were|had|that|be)\b", block.text):
        return False
    if unknown_label_of(block)[0]:
        return True
    most = 3 if re.search(r"[:;,]$|:\s", block.text) or len(block.text.split()) <= 5 else 2
    for following in blocks[m + 1 : m + most]:
        if (
            label_of(following)[0]
            or following.style in ("ref", "gap", "item", ".1")
            or following.text.isupper()
        ):
            return False
        if _opens_with_name(following, False):
            return not block.text.isupper() or len(block.text.split()) < 4
    return False


def _read_register(blocks, people, used, absent):
    """A table with one person a row and a word for being there: the name's cell, then "Present" or "Apologies"."""
    rows = []
    for n, block in enumerate(blocks):
        row = ROW.match(block.text)
        if row and not block.label:
            name, state = row["name"], row["state"]
        elif n + 1 < len(blocks) and STATE.fullmatch(blocks[n + 1].text.strip()) and len(block.text) < 90:
            name, state = block.text, blocks[n + 1].text
        else:
            continue
        found = people_in(name, one=True)
        if not found or found[0].start > 3:
            continue
        rows.append((block, found[0], state.strip(), {n} if row else {n, n + 1}))
    for block, person, state, numbers in rows if len(rows) > 2 else []:
        used |= numbers
        if THERE.match(state):
            _add(people, block, 0, person, PRESENT)
        elif re.match(r"apolog|a$|absent with", state, re.I):
            absent.append((block, 0))


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
        r"(?:and\s+)?(?:\w+\s+)?(?:councillors|cllrs|aldermen|members|messrs)\W*$|^(?:the|also|from|and)$",
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
    if group == ABSENT:
        absent.append((block, start))
        return
    text = block.text[start:]
    single = _is_one_person(block, text)
    plural = re.match(r"\s*(?:councillors|cllrs|aldermen|members)\b", text, re.I)
    for a, b in sentences(text):
        sentence = text[a:b].rstrip(" .")
        if a and (
            re.search(r"\b(?:was|were|had|apolog\w*|met|left|arrived)\b", sentence, re.I)
            or not _opens_with(sentence)
        ):
            break
        for person in people_in(sentence, one=single and not plural):
            _add(people, block, start + a, person, group, role)


def _is_one_person(block, text):
    """A bullet, a name with a dash and a role after it, or a row of a table whose second cell is a role."""
    open_text = re.sub(r"\([^()]*\)", "", text)
    dashed = re.search(r"\s[–—-]\s", open_text) and open_text.count(",") < 4 and len(text) < 160
    cells = [cell for cell in COLUMN_GAP.split(text) if cell]
    return bool(block.style.startswith("bullet") or dashed or (len(cells) > 2 and looks_like_role(cells[1])))


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
    listed = LISTED.match(sentence)
    named = [listed] if listed and _leads_in(listed["lead"]) else WELCOMED.finditer(sentence)
    for welcomed in named:
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
        for person in people_in(block.text[label_of(block)[1] :])
        if person.initials
    }
