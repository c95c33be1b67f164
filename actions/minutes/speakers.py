"""People named in running text with their posts: "Jane Roe, Head of Service, introduced the report"."""

import re

from .blocks import squeeze
from .names import CHAIRS, PERSON, UPPER, Person, is_name, looks_like_role, people_in

CAPS_ROLE = rf"(?:[{UPPER}][\w’'&-]*)(?:[,:]?\s+(?:[{UPPER}][\w’'&/-]*|of|and|for|the|&|–|-))*"


# "The Planning Officer, Jane Roe, introduced the report".
POST_FIRST = re.compile(rf"The\s+(?P<role>{CAPS_ROLE}),\s+(?P<name>{PERSON.pattern}),\s+[a-z]")


def named_with_roles(sentence):
    """ "Name (Role)", "Role (Name)", "Name, Role," in running text: only a person whose post is said."""
    found = []
    for match in re.finditer(r"\(([^()]{3,120})\)", sentence):
        before = sentence[: match.start()]
        inner = match[1].strip()
        if looks_like_role(inner) and not re.match(
            r"(?:agenda|item|minute|appendix|see|the|including|as|in|at|to)\b", inner, re.I
        ):
            found += _name_before(before, match, inner)
        elif is_name(inner) and (role := _role_before(before)):
            found.append(_person(inner, match.start(1), role))
    found += _comma_roles(sentence)
    post = POST_FIRST.match(sentence)
    if post and is_name(post["name"]) and looks_like_role(post["role"]):
        found.append(_person(post["name"], post.start("name"), squeeze(post["role"])))
    return found


def _person(name, start, role):
    return Person(squeeze(name), start, start + len(name), role)


def _name_before(before, match, role):
    found = list(PERSON.finditer(before, max(0, len(before) - 80)))
    hit = found[-1] if found else None
    if not hit or hit.end() < len(before.rstrip()):
        return []
    words = hit.group()
    while words:
        if is_name(words) and len(words.split()) > 1:
            return [_person(words, hit.end() - len(words), role)]
        words = words.split(None, 1)[1] if " " in words.strip() else ""
    return []


def _role_before(before):
    hit = re.search(rf"({CAPS_ROLE})\s*$", before[-160:])
    role = re.sub(r"^(?:The|A|An|Then)\s+", "", squeeze(hit[1])) if hit else ""
    return (
        role if (role and looks_like_role(role) and len(role.split()) > 1) or CHAIRS.fullmatch(role) else None
    )


def _comma_roles(sentence):
    """ "Jane Roe, Head of Service, introduced": a role between the commas, before a verb of taking part."""
    found = []
    for match in PERSON.finditer(sentence):
        after = re.match(
            (
                rf"(?:\s*\((?:[{UPPER}]\.?){{2,4}}\))?,\s+(?:the\s+)?((?:{CAPS_ROLE})(?:,\s+{CAPS_ROLE})*)"
                r"(?![\w’'])\s*(?P<next>,|\.|and\b|$|[a-z]+)"
            ),
            sentence[match.end() :],
        )
        words = match.group().strip()
        while words and not is_name(words):
            words = words.split(None, 1)[1] if " " in words else ""
        if (
            after
            and words
            and len(words.split()) > 1
            and looks_like_role(after[1].split(",")[0])
            and len(after[1].split()) > 1
        ):
            role = squeeze(after[1])
            people = people_in(words + ", " + role)
            found.append(
                _person(
                    words,
                    match.end() - len(words.rstrip()),
                    people[0].role if people and people[0].role else role,
                )
            )
            found += [_person(p.name, match.end(), p.role) for p in people[1:] if p.role]
    return found
