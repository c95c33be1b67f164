"""The labels that open a list of people ("PRESENT:", "Officers in attendance"), and the group each stands for."""

import re

from .blocks import Block
from .names import people_in
from .vocabulary import lines

PRESENT, HERE, ABSENT = "present", "in_attendance", "apologies"
WHERE = r"(?:present|p r e s e n t|in\s+attendance|attending|attended|attendance|participating|taking\s+part|joining)"
# In this order: "members absent" are absent, "other members" only in attendance.
TABLES = [
    (
        ABSENT,
        lines(r"""
            apolog(?:y|ies)(?:\s+for\s+(?:non-?attendance|absence|inability\s+to\s+attend))?
            (?:apologies\s+received|apologies\s+(?:were\s+)?(?:received\s+)?from)
            (?:members?\s+|councillors?\s+|those\s+)?(?:absent|absences?|not\s+(?:present|in\s+attendance))
            absent\s+(?:members?|councillors?|with\s+apologies)
            leave\s+of\s+absence
        """),
    ),
    (
        HERE,
        lines(rf"""
            (?:also|others?)\s+{WHERE}
            (?:also\s+)?in\s+attendance(?:\s+(?:were|was))?
            by\s+invitation
            (?:external|invited|supporting|council|authority|lead|senior|county|borough
                |attending|the|\s)*(?:offic(?:er|ial)s?|staff|clerks?|witness(?:es)?|guests?
                |invitees|speakers|observers?|attending\s+guests|advisers?|advisors?|visitors
                |partners?|representatives|press|public|experts?|contributors?|presenters?)(?:\s+(?:and\s+\w+\s+)?(?:also\s+)?{WHERE})?
            (?:other|visiting|non-?\s?committee|non-?\s?council|non-?\s?board|non-?\s?voting
                |cabinet|executive|portfolio|ward|also|attending|\s)+(?:members?|councillors?
                |holders?)(?:\s+(?:also\s+)?{WHERE})?
            (?:non-?members?)\s+(?:also\s+)?{WHERE}
            (?:members?|councillors?)\s+also\s+{WHERE}
            external(?:\s+\w+)?
            executive\s+(?:portfolio\s+)?(?:members?|holders?)
        """),
    ),
    (
        PRESENT,
        lines(rf"""
            (?:committee|board|panel|voting|council|elected|core|scrutiny|schools?|those
                |all|county|borough|city|district|town|forum|partnership|lay|independent
                |the\s+following|were|\s)*(?:members?|councillors?|aldermen|persons?|attendees
                |trustees|governors|representatives)?\s*(?:were\s+)?{WHERE}(?:\s+(?:were
                |at\s+the\s+meeting))?
            (?:committee|board|panel|voting|elected|core|schools?|non-?schools?|independent
                |lay|appointed|forum|partnership)\s+members
            (?:roll\s+call|sederunt|membership(?:\s+and\s+attendance)?|members|councillors|attendance|attended
                |attendees|attendance\s+(?:list|details))
            (?:statutory|voting|non-?voting|education|religious|added|\s)*co-?opt(?:ed
                |ees?)(?:\s+(?:members?|representatives?))*(?:\s+{WHERE})?
            in\s+the\s+chair|(?:vice[- ]|deputy\s+)?chair(?:man|person|woman)?|presiding
            (?:named\s+)?substitutes?(?:\s+members?)?(?:\s+{WHERE})?
            (?:parent|church|faith|religious|diocesan|teacher|trade\s+union|youth|schools?
                |statutory|education|\s)+(?:governors?|representatives?|members?)
            (?:in\s+(?:the\s+)?(?:chamber|person|room)|(?:via|by)\s+(?:remote\s+(?:access
                |link|means)|video\s?(?:link|conference)|teams|zoom|microsoft\s+teams)|remotely
                |online|virtually|present\s+(?:online|remotely|in\s+person))
        """),
    ),
]
MANNER = (
    r"(?:\s+(?:virtually|remotely|online|via\s+[\w ]{2,20}|by\s+(?:video|remote|telephone)[\w ]*"
    r"|in\s+person|for\s+the\s+meeting))?"
)
SIGN = r"(?P<sign>:\s*[-–—]*|[-–—]+(?=\s|$)|$|\t|(?=\s{2,}))\s*"
BRACKET = r"(?P<bracket>\s*\([^)]*\))?"
LABELS = [
    (re.compile(rf"(?:{'|'.join(rows)}){MANNER}{BRACKET}\s*{SIGN}", re.IGNORECASE), group)
    for group, rows in TABLES
]
CAPITAL_LABEL = re.compile(
    r"(?P<words>(?:ALSO |MEMBERS |OFFICERS )?(?:PRESENT|IN ATTENDANCE|ATTENDANCE|OFFICERS|SEDERUNT))"
    r"\s+(?=[A-Z][a-z.’'])"
    r"|(?P<were>Present were|Also present were|In attendance were)\s+"
)
# Any other words before a colon, when titled people follow: "Representing Elm: Councillors A Ash and B Birch".
UNKNOWN_LABEL = re.compile(r"(?P<words>[A-Z][^:.;,(]{2,60}?)\s*:\s*[-–]*\s*(?=\S)")
NO_LABEL = re.compile(
    r"\b(?:moved|proposed|seconded|motion|amendment|votes?|voting|for|against"
    r"|abst\w+|declar\w*|interests?|note"
    r"|were|was|from|action|report|decision|resolved|agreed|contact|venue|date"
    r"|time|question|item|apolog\w*|absen\w*|minutes)\b",
    re.IGNORECASE,
)
OF_THE_BODY = re.compile(
    r"\b(?:councillors?|cllrs?|members?|represent\w*|governors?|co-?opt\w*|independent|alderm[ae]n|chair\w*)\b",
    re.IGNORECASE,
)
ENDS = re.compile(
    r"RESOLVED|The meeting|Minutes\b|\(?Item|Agenda|Declaration|Note\b|Contact|Venue|Also|The Chair|Chair's"
    r"|Welcome|Date|Time|No\.|Part ",
    re.IGNORECASE,
)


def label_of(block: Block) -> tuple[str | None, int]:
    """(group, offset where the names begin) for a block that opens a list of people."""
    if block.label and block.style not in (".1", "ref", "gap", "item"):
        return None, 0
    capital = CAPITAL_LABEL.match(block.text)
    if capital:
        opening = re.match(r"(?:MEMBERS )?(?:PRESENT|ATTENDANCE|SEDERUNT)|Present", capital.group())
        return PRESENT if opening else HERE, capital.end()
    for pattern, group in LABELS:
        match = pattern.match(block.text)
        if match and (match["sign"] or match.end() == len(block.text)):
            if match["bracket"] and people_in(match["bracket"].strip(" ()")):
                continue  # "Clerk (Ms G Sefton)" is an entry, not a label
            return group, match.end()
    return None, 0


def unknown_label_of(block: Block) -> tuple[str | None, int]:
    """The same for words no table knows, when titled people follow them."""
    match = UNKNOWN_LABEL.match(block.text)
    if not match or block.label or len(match["words"].split()) > 7 or NO_LABEL.search(match["words"]):
        return None, 0
    people = people_in(block.text[match.end() :])
    if not people or people[0].start > 14:
        return None, 0
    opening = block.text[: match.end() + people[0].start]
    return (PRESENT if OF_THE_BODY.search(opening) else HERE), match.end()
