"""People in a line of minutes: titles, initials, honours, roles in brackets or after a comma."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from .blocks import squeeze
from .vocabulary import (
    HALF_TITLES,
    HONOURS,
    NEVER_NAMES,
    NO_NAMES,
    NOT_ALONE,
    ORGANISATIONS,
    PARTICLES,
    PLURALS,
    ROLE_WORDS,
    TITLES,
    UPPER,
)

# After a firm title even a word like "Senior" is a surname, but these never are.
FIRM = re.compile(r"(?:Councillor|Cllr|Mr|Mrs|Ms|Miss|Dr)\b", re.IGNORECASE)
CHAIRS = re.compile(
    r"(?:in the chair|(?:the )?(?:vice|deputy)?[- ]?chair(?:man|woman|person)?)$", re.IGNORECASE
)
TOKEN = re.compile(rf"(?:[{UPPER}]\.)+(?:-?[{UPPER}]\.)*|[{UPPER}][\w’'‘`.-]*|[dDoO]['’][{UPPER}][\w’'-]*")
ORGANISATION = re.compile(
    rf"(?:[{UPPER}][\w’'&-]*\s+)(?:(?:[{UPPER}][\w’'&-]*|and|of|for|the|&)\s+)*?(?:{'|'.join(ORGANISATIONS)})\b"
)
SEPARATOR = re.compile(
    r"\s*[,;]\s*(?:and\s+|&\s+)?|\s+and\s+(?=\S)|\s+&\s+|\t+|\s{3,}(?!\()|\s+[–—-]\s+"
    r"|(?<=[a-z])[–-]\s+(?=[A-Z])|\s*\n\s*|\s+with\s+"
)
# "Lt Col (Retd) Jocelyn Roe": brackets that belong to the name.
WITHIN_NAME = re.compile(
    r"\((?=(?:Retd?|Rtd|Ret[’']d|Retired|Hon|(?-i:Dr)|Prof)\.?\))([A-Za-z’'.]+)\)", re.IGNORECASE
)
PERSON = re.compile(
    r"(?:(?:The\s+)?(?:(?:Chief|Detective|Assistant|Deputy|District|County|Borough|City|Town"
    r"|Parish|Lord|Hon\.?|the)\s+)*"
    r"(?:Councillors?|Cllrs?\.?|CLLRS?|COUNCILLORS?|Mr\.?|Mrs\.?|Ms\.?|Miss|Mx|Dr\.?|Prof(?:essor"
    r"|\.)?|Rev(?:d|erend|\.)?|Canon|Father|Sir|Dame|Lord|Lady|"
    rf"Baroness|Alderman|Ald\.?|Superintendent|Inspector|Sergeant|Constable|PC"
    rf"|PCSO|DCI|DI|Commander|Mayor|Provost)\s+)*"
    rf"(?:(?:[{UPPER}][a-z]?\.\s?|[{UPPER}][\w’'-]*\s+)(?:(?:[{UPPER}][a-z]?\.\s?|[{UPPER}][\w’'-]*\s+|(?:ap|de"
    rf"|van|von|der|la|le|bin|al|du)\s+)){{0,4}})?"
    rf"[{UPPER}][\w’'-]+(?:,?\s+(?:OBE|MBE|CBE|QPM|JP|DL|KC|QC|BEM|MP)\b)*"
)


@dataclass(frozen=True)
class Person:
    """A name found in a string, with the span of the name there and the words that follow it as role."""

    name: str
    start: int
    end: int
    role: str | None = None
    initials: str | None = None


def bare(word):
    return word.strip('.,;:()[]"“”').lower()


def is_honours(piece):
    words = piece.replace(",", " ").split()
    return bool(words) and all(word.strip(".") in HONOURS for word in words)


def without_titles(words):
    """The words of a name without leading titles; "Chief" alone is no title, "Chief Inspector" is."""
    k = 0
    while k < len(words) - 1 and words[k].lower().strip(":") in TITLES:
        k += 1
    if k and all(word.lower() in HALF_TITLES for word in words[:k]) and words[0].lower() not in PLURALS:
        return words
    return words[k:]


def is_name(piece, alone=False):
    """Do these words look like one person? A bare surname counts only with a title or when `alone` says so."""
    words = piece.split()
    if words and words[0].lower() == "the":
        return False
    core = without_titles(words)
    titled = len(core) < len(words)
    while len(core) > 1 and core[-1].strip(",.") in HONOURS:
        core = [*core[:-2], core[-2].strip(",")]
    if len(core) == 1 and (
        core[0].strip(".,") in HONOURS or bare(core[0]) in TITLES or bare(core[0]) + "." in TITLES
    ):
        return False
    if core and (bare(core[-1]) in PLURALS or (len(core) == 1 and bare(core[0]) in NOT_ALONE)):
        return False
    if not core or len(core) > 6 or not all(TOKEN.fullmatch(w) or w.lower() in PARTICLES for w in core):
        return False
    surname = FIRM.match(words[0]) and len(core) <= 2
    if any(_no_name(word) for word in core) and (not surname or core[-1].lower() in NEVER_NAMES):
        return False
    long = [w for w in core if len(w.strip(".")) > 1 and any(c.isupper() for c in w[:3])]
    if not long or core[-1].lower() in PARTICLES or (len(core[-1].strip(".")) < 2):
        return False
    return len(core) > 1 or titled or alone


def _no_name(word):
    return bare(word) in NO_NAMES or _role_word(word)


def _role_word(word):
    low = bare(word)
    return low in ROLE_WORDS or low.removesuffix("’s").removesuffix("'s") in ROLE_WORDS


def looks_like_role(words):
    tokens = re.findall(r"[\w’'-]+", words)
    return (
        any(_role_word(t) and t.lower() not in ("the", "for", "in", "of") for t in tokens) or "LADO" in tokens
    )


def organisation_in(role):
    """Best guess of the body in a role: its last part that names one."""
    for part in reversed(re.split(r",\s*|\s+[–—-]\s+|;\s*", role or "")):
        found = list(ORGANISATION.finditer(part))
        if found:
            name = re.sub(r"^.*\b(?:of|for|at) (?:the )?(?=[A-Z])", "", found[-1].group())
            return name if len(name.split()) > 1 else None
    return None


def people_in(text, alone=False, one=False):
    """The persons of a list. `alone`: bare surnames are names; `one`: one person a line, then the role."""
    found, plural, pieces = [], alone, list(_pieces(text))
    for start, end, sign in pieces:
        piece = text[start:end]
        first = piece.split(None, 1)[0].lower().strip(":-–") if piece.split() else ""
        plural = plural or first in PLURALS
        person = _person(text, start, end, plural)
        if person and not (one and found):
            if plural and _is_dashed(sign) and found:
                continue
            if len(pieces) == 2 and not plural and "and" not in sign and _is_body_of(found, person):
                found[-1] = replace(found[-1], role=person.name)
                continue
            found.append(person)
        elif found:
            found[-1] = _extended(text, found[-1], start, end, sign)
    return found


def _is_body_of(found, person):
    """ "Mr D Hurst, Staverlow Echo": after one titled person alone, words without a title say whom they are from."""
    return (
        bool(found)
        and not found[0].role
        and not person.role
        and _is_titled(found[0].name)
        and not _is_titled(person.name)
    )


def _is_titled(name):
    words = name.split()
    return len(without_titles(words)) < len(words) or bool(re.match(rf"[{UPPER}]{{1,2}}\.?\s", name))


def _is_dashed(sign):
    return bool(re.fullmatch(r"\s+[–—-]\s+", sign))


def _pieces(text):
    """(start, end, separator before) of the parts between separators outside brackets."""
    depth, start, sign, n = 0, 0, "", 0
    while n < len(text):
        char = text[n]
        if char in "([":
            depth += 1
        elif char in ")]":
            depth = max(0, depth - 1)
        match = SEPARATOR.match(text, n) if depth == 0 and char in ",;\t\n –—-&\u00a0" else None
        if match and match.end() > n:
            yield start, n, sign
            start, sign, n = match.end(), match.group(), match.end()
        else:
            n += 1
    yield start, len(text), sign


def _person(text, start, end, alone):
    piece = WITHIN_NAME.sub(r" \1 ", text[start:end])
    outer, inner, after, inner_start = _bracket(piece)
    lead = re.match(r"\s*(?:(?:and|from|for|by|also|both|on behalf of|:|-|–|\*)\s+)+", outer)
    skip = lead.end() if lead else len(outer) - len(outer.lstrip(" :.-–"))
    plural = re.match(
        r"(?:(?:Members|County|City|Borough|District|Parish|Town)\s+)?(?:Councillors|Cllrs\.?|CLLRS"
        r"|COUNCILLORS|Messrs|Members|Aldermen)\s*[:–-]?\s+",
        outer[skip:],
        re.I,
    )
    skip += plural.end() if plural else 0
    name = outer[skip:].rstrip(" .:*")
    at = start + skip
    chair = re.search(r"\s+(?:was\s+)?(in the chair)$", name, re.I)
    if chair:
        name, after = name[: chair.start()], chair[1]
        inner = ""
    body = re.match(r"(?P<name>.+?),?\s+(?:of|from|representing)\s+(?:the\s+)?(?P<body>[A-Z].*)$", name)
    if body and not inner and is_name(body["name"], alone) and looks_like_role(body["body"]):
        return Person(squeeze(body["name"]), at, at + len(body["name"]), squeeze(body["body"]))
    prefixed = re.match(r"(?P<role>.*?\S)\s+(?P<name>(?:Councillor|Cllr)\.?\s+.+)$", name)
    if (
        prefixed
        and not inner
        and looks_like_role(prefixed["role"])
        and len(prefixed["role"].split()) < 8
        and is_name(prefixed["name"])
    ):
        return Person(
            squeeze(prefixed["name"]), at + prefixed.start("name"), at + len(name), squeeze(prefixed["role"])
        )
    if ":" in name and looks_like_role(name.split(":")[0]) and is_name(name.rsplit(":", 1)[1].strip()):
        role, rest = name.rsplit(":", 1)
        at += len(name) - len(rest.lstrip())
        return Person(squeeze(rest), at, at + len(rest.strip()), squeeze(role))
    if name and is_name(name, alone):
        initials = inner if inner and re.fullmatch(rf"(?:[{UPPER}]\.?){{2,4}}", inner) else None
        role = after.strip(" -–:.") if initials or not inner else inner
        role = role.strip("()") if role.count("(") != role.count(")") else role
        as_printed = squeeze(text[at : at + len(name)])
        return Person(as_printed, at, at + len(name), squeeze(role) or None if role else None, initials)
    if (
        inner
        and (not after.strip(" .") or CHAIRS.match(after.strip(" .,")))
        and is_name(_first_part(inner))
        and (looks_like_role(outer) or CHAIRS.search(outer))
    ):
        inner = _first_part(inner)
        role = re.sub(r"^(?:and\s+)?(?:the\s+)?", "", outer.strip(), flags=re.I)
        return Person(squeeze(inner), start + inner_start, start + inner_start + len(inner), squeeze(role))
    return None


def _first_part(inner):
    return re.split(r"[,;]", inner)[0].strip()


def _bracket(piece):
    """ "A (b) c" → ("A ", "b", " c", offset of b)."""
    opening = piece.find("(")
    if opening < 0:
        return piece, "", "", 0
    closing = piece.rfind(")")
    closing = closing if closing > opening else len(piece)
    inner = piece[opening + 1 : closing]
    first = re.match(rf"((?:[{UPPER}]\.?){{2,4}})\)\s*\(?", piece[opening + 1 :])
    if first:
        after = piece[opening + 1 + first.end() :].strip("() ")
        return piece[:opening], first[1], after, opening + 1
    return piece[:opening], inner.strip(), piece[closing + 1 :], opening + 1


def _trimmed(role):
    role = squeeze(role).strip(" .;:")
    return role.strip("() ") if role.count("(") != role.count(")") else role


def _extended(text, person, start, end, sign):
    """Honours join the name; other words that follow are the role."""
    piece = text[start:end].strip()
    honours = re.match(r"[\w.]+(?:,?\s[\w.]+)*", re.sub(r"\(.*", "", piece))
    if honours and is_honours(honours.group()) and not person.role:
        stop = start + len(honours.group())
        rest = re.search(r"\((.*)\)", piece)
        name = squeeze(text[person.start : stop])
        return replace(person, name=name, end=stop, role=squeeze(rest[1]) if rest else None)
    if not piece or piece[0].isdigit() or re.match(r"(?:members of|the public|and\b)", piece):
        return person
    if person.role:
        joined = person.role + (re.sub(r"\s+", " ", sign) if sign.strip() else ", ") + _trimmed(piece)
        return replace(person, role=joined) if len(joined) < 300 else person
    if looks_like_role(piece) or CHAIRS.match(piece) or _is_dashed(sign):
        return replace(person, role=_trimmed(piece))
    return person


@lru_cache(maxsize=8192)
def name_key(name):
    """(surname, forenames, title) for telling persons apart, all lower case."""
    words = re.sub(r"\(.*?\)|,", " ", name).replace(".", ". ").split()
    while len(words) > 1 and words[-1].strip(".") in HONOURS:
        words = words[:-1]
    core = without_titles(words)
    titles = [w.lower().strip(".") for w in words[: len(words) - len(core)]]
    title = next((t for t in titles if t in ("mr", "mrs", "ms", "miss")), "")
    flat = [re.sub(r"[^\w-]", "", w.lower()) for w in core]
    return flat[-1] if flat else "", tuple(flat[:-1]), title


def same_person(one, other):
    """Same surname, forenames that can be one person's, titles that do not clash."""
    (a, fa, ta), (b, fb, tb) = name_key(one), name_key(other)
    if a != b or (ta and tb and ta != tb):
        return False
    if not fa or not fb:
        return True
    return fa[0] == fb[0] or ((len(fa[0]) == 1 or len(fb[0]) == 1) and fa[0][0] == fb[0][0])
