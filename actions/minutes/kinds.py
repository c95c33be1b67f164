"""What a resolution does (domain V-5), and the words by which it asks for something to be brought back."""

import re

BODY = (
    r"(?:Committee|Sub-Committee|Board|Panel|Cabinet|Council|Commission|Executive|Members|Forum"
    r"|Group|Meeting|Partnership|Authority|Assembly)"
)
MATTER = (
    r"(?:report|update|information|briefing|note|paper|data|figures|details|breakdown|summary"
    r"|presentation|response|evaluation|analysis|statistics|position statement|feedback|findings"
    r"|evidence|clarification|copy|copies|assurance)s?"
)
BRING = (
    r"(?:reports?|provides?|brings?|submits?|presents?|circulates?|updates?|shares?|supply"
    r"|supplies|prepares?|produces?|returns?|comes? back|responds?|writes? to (?:the "
    r"|all )?(?:committee|members|board)|sends?|keeps?|feeds? back|attends?|gives?"
    r"|obtains?|compiles?|collates?|drafts?|(?<!as )sets? out"
    r"|explains?|informs?|notif(?:y|ies))"
)
BROUGHT = (
    r"(?:submitted|brought|presented|provided|reported|circulated|prepared|produced|supplied"
    r"|received|considered|made|shared|given|sent|scheduled|requested|sought|tabled|returned"
    r"|included|added)"
)
FRESH = (
    r"(?:an?|further|another|regular|quarterly|six[- ]monthly|monthly|progress|updates?|follow-up"
    r"|future|more|additional|detailed|written)"
)

REQUESTS = [
    # "the Director be asked to provide ...", "Officers are requested to report back"
    re.compile(
        (
            r"(?:^|\b(?:that|and|to|,)\s+)(?:the\s+)?(?P<who>[^,;:]{2,110}?)\s+(?:be|is|are|were"
            r"|was)\s+(?:\w+ly\s+)?(?:asked|requested|invited|instructed|directed|required|tasked"
            r"|authorised to and requested)\s+(?:to|for|that)\b(?!\s+(?:note|approve|consider"
            r"|adopt|endorse|agree"
            r"|support|appoint|raise|accept|sign|thank|recognise|exempt|review|take)\b)(?=[^;]*\b(?:{BRING}"
            r"|{MATTER})\b)"
        ),
        re.I,
    ),
    # "requests that the Director reports", "To ask the Trust for a note", "instructed the Officer to report"
    re.compile(
        (
            r"\b(?:requests?|requested|asks?|asked|instructs?|instructed|seeks?|sought|calls? for|invites?"
            r"|invited|requires?|directs?|directed)\s+(?:(?:that"
            r"|from)\s+)?(?!to\b)(?:the\s+)?(?P<who>[A-Z\u00C0-\u00DE][\w’'&/-]*(?:(?:,?\s+(?:and|of|for"
            r"|the|&)|,)?\s+(?:the\s+)?[A-Z\u00C0-\u00DE(][\w’'&/)-]*)*|officers|partners|(?:the )?service"
            rf"|health partners)\s+(?:to\b|for\b|that\b|should\b|{BRING}\b)(?=[^;]*\b(?:{MATTER}"
            rf"|{BRING})\b)"
        ),
        re.DOTALL,
    ),
    re.compile(
        (
            r"\b(?:requests?|requested|seeks?|calls? for|asks? for|asked for|requires?"
            rf"|request)\s+(?:that\s+)?(?:\w+\s+){{0,4}}?(?:{MATTER})\b"
        ),
        re.I,
    ),
    # "That the Executive provides a further report", "officers report back"
    re.compile(
        r"^(?:[Tt]hat\s+|THAT\s+|[Tt]o\s+have\s+)?(?:[Tt]he\s+)?(?P<who>(?!(?:To|That|An?|This|It|Any"
        r"|Request\w*|Ask\w*|Note\w*|Recommend\w*|Agree\w*|Receive\w*|Approve\w*|Seek\w*|Instruct\w*"
        r"|Endorse\w*|Invite\w*|Thank\w*|Delegate\w*)\b)(?:[A-Z\u00C0-\u00DE][\w’'&/-]*|officers"
        r"|partners)(?:(?:,?\s+(?:and|of|for|the|&|in|on)"
        rf"|,)?\s+(?:the\s+)?(?!writes?\b)[\w’'&/()-]+){{0,12}}?)\s+(?:should\s+|to\s+|will\s+|would\s+|also\s+"
        rf"|then\s+)*(?:{BRING})\s+(?:(?:[\w’'-]+\s+){{0,2}}(?:data|figures|information"
        rf"|reports?|updates?|briefings?|notes?)\b|back|a\b|an\b|the\b|further|to\b"
        rf"|on\b|with\b|its\b|details"
        r"|information|regular|quarterly|members|written|in\b|at\b|by\b|annually|updates?\b)"
    ),
    # "a draft of the plan come to the Panel in May", "officers obtain prices and report"
    re.compile(
        rf"(?:^|\b(?:that|and)\s+)(?:an?|the|further|regular|another)\s+[^;:.]{{2,110}}?\b(?:comes?"
        rf"|returns?|go(?:es)?)"
        rf"\s+(?:back\s+)?to\s+(?:the\s+|a\s+|each\s+|its\s+|every\s+|this\s+|our\s+)?(?:\w+\s+)?(?:{BODY}\b"
        rf"|meeting)",
        re.I,
    ),
    re.compile(
        r"(?:^|\b(?:that|and)\s+)(?:the\s+)?(?P<who>(?:[A-Z][\w’'&/-]*|officers)(?:\s+(?:of"
        r"|and|for|the|[A-Z][\w’'&/-]*))*)\s+"
        r"[a-z]+\s[^;:.]{3,120}?\band\s+(?:to\s+)?reports?\b",
    ),
    re.compile(
        rf"\b(?:to\s+|directed\s+that\s+)(?:receive\s+)?(?:{MATTER}|progress)\s+(?:for|at|to|be reported)\b",
        re.I,
    ),
    # "and that officers report the first findings"
    re.compile(
        rf"\band\s+that\s+(?:the\s+)?(?P<who>(?:[A-Z][\w’'&/-]*|officers|partners)(?:\s+(?:of"
        rf"|and|for|[A-Z][\w’'&/-]*))*?)"
        rf"\s+(?:{BRING})\s+(?:an?|the|its|their|in|by|to|on|back)\b",
    ),
    # "a further report be submitted", "an update on x be provided"
    re.compile(
        (
            rf"(?:^|\b(?:that|and|to|,|;)\s+)(?:\w+\s+)?{FRESH}\s+(?:[\w’'-]+\s+){{0,5}}?"
            rf"(?:{MATTER})\b[^;]*?\b(?:be|is|are|to be)\s+(?:\w+\s+)?{BROUGHT}\b"
        ),
        re.I,
    ),
    # "the Committee receive a further update"
    re.compile(
        rf"\b(?:receives?|to\s+receive|have|has)\s+{FRESH}\s+(?:[\w’'-]+\s+){{0,4}}?(?:{MATTER})\b", re.I
    ),
    re.compile(r"\b(?:reports?|come|bring|brought|refer|reported|comes|brings)\s+back\b", re.I),
]
# "the scope of x be reported in spring": only an ask when it also says when.
DATED = re.compile(
    (
        r"\b(?:be|to be)\s+(?:further\s+)?(?:submitted|brought|presented|provided|reported|circulated"
        r"|considered)\b|\b(?:be added|be included|include|add)\b.*\b(?:work|forward) (?:programme"
        r"|plan)"
    ),
    re.I,
)
# "That the annual report to Council be noted": a report that exists, not one to come.
ABOUT_A_REPORT = re.compile(
    (
        r"\b(?<!further )reports?(?: back)?\s+(?:to|on|by|of|from)\b[^;,]*?\bbe\s+(?:noted|received"
        r"|approved|endorsed|agreed|adopted|accepted|supported)\b"
    ),
    re.I,
)
NOT_ASKS = re.compile(
    r"\brequested by\b|\breport(?:s)? (?:back )?be (?:received|noted|approved"
    r"|accepted|adopted|agreed|endorsed)\b",
    re.I,
)

KINDS = [
    (
        "recommend",
        re.compile(r"\bbe\s+recommended\b|\brecommend(?:s|ed|ation to)?\b(?!ations?)|\bRECOMMEND", re.I),
    ),
    (
        "refer",
        re.compile(
            (
                r"\b(?:be|is|are)\s+(?:referred|remitted|forwarded)\b|\b(?:refers?|referred|remits?"
                r"|remitted)\s+(?!to\b)|^(?:that )?(?:to )?refer\b"
            ),
            re.I,
        ),
    ),
    (
        "approve",
        re.compile(
            (
                r"\b(?:be|is|are|were|was)\s+(?:\w+\s+){0,2}?(?:approved|adopted|confirmed|signed|granted"
                r"|ratified|correctly recorded)\b|\bcorrect(?:ly)? record|\btrue record|\bapproves?\b"
                r"|\bapproved\b|\badopts?\b|\bcorrect and accurate record|\baccurate record"
                r"|\b(?:be )?confirm(?:s|ed)?\b.*\bminutes"
            ),
            re.I,
        ),
    ),
    (
        "note",
        re.compile(
            (
                r"\b(?:be|is|are|was|were)\s+(?:\w+\s+){0,3}?(?:noted|received|acknowledged)\b|\bnot(?:e|es"
                r"|ed)\b|\breceives?\b|\backnowledges?\b|\bnotes\b"
            ),
            re.I,
        ),
    ),
    (
        "agree",
        re.compile(
            (
                r"\b(?:be|is|are|was|were)\s+(?:\w+\s+){0,2}?(?:agreed|endorsed|supported|accepted|welcomed)\b"
                r"|\bagree[sd]?\b|\bendorse[sd]?\b|\bsupport[s]?\b(?!\s+(?:the|for)\s+\w+\s+be)|\baccept[s]?\b"
            ),
            re.I,
        ),
    ),
]
# "The Executive Group agreed that": what was agreed says what kind of resolution it is.
LED = re.compile(
    r"(?:that\s+)?(?:the\s+(?:\w+\s+){1,4}?)?(?:agreed|resolved|decided)[:,]?\s+(?:to|that)\b\s*",
    re.IGNORECASE,
)


def asks(text: str, due) -> re.Match | None:
    """The words of a resolution that ask for something to be brought back."""
    text = NOT_ASKS.sub(lambda m: "." * len(m.group()), text)
    found = [
        m
        for m in (pattern.search(text) for pattern in REQUESTS)
        if m and not ABOUT_A_REPORT.search(text, m.start())
    ]
    if found:
        return min(found, key=lambda m: (m.start(), "who" not in m.groupdict()))
    return DATED.search(text) if due else None


def kind_of(text: str, stem: str, trigger: str, ask) -> str:
    """The kind of the first main verb; an ask counts when it stands before any other verb."""
    if re.search(r"\b(?:correct|true|accurate)(?: and \w+)? record\b|correctly recorded", text):
        return "approve"
    led = LED.match(text)
    if led:
        rest = text[led.end() :]
        inner = kind_of(rest, stem, trigger, asks(rest, None) if ask else None)
        return "agree" if inner == "other" else inner
    hits = {}
    for kind, pattern in KINDS:
        match = pattern.search(text)
        if match:
            hits[kind] = match.start()
    if ask:
        place = (
            ask.start()
            if not re.match(r"\W*(?:that\b|the\b)", text[ask.start() : ask.end()], re.I)
            else ask.end() - 1
        )
        if (
            not hits
            or place <= min(hits.values())
            or ("recommend" not in hits and ask.start() <= 6 and place <= min(hits.values()) + 40)
        ):
            return "request_report"
    if hits:
        first = min(hits, key=hits.get)
        return "recommend" if trigger == "recommended" and first in ("approve", "agree") else first
    if ask:
        return "request_report"
    if trigger in ("recommended", "noted"):
        return {"recommended": "recommend", "noted": "note"}[trigger]
    stem_kind = next((kind for kind, pattern in KINDS if pattern.search(stem)), None)
    if stem_kind and not re.search(r"\bresolves?\b", stem, re.I):
        return stem_kind
    return "other"
