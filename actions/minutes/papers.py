"""Papers: reports received, numbered appendices, documents listed at the end, and errors put right (domain V-8)."""

import re

from .blocks import squeeze
from .findings import Erratum, Paper, Passage
from .items import clean_title
from .sentences import sentences

APPENDIX = re.compile(
    r"(?:Appendix|Annex|Annexe|Enclosure|APPENDIX|ANNEX)\s+(?P<number>\d{1,2}[a-zA-Z]?"
    r"|[A-Z]\d?)\b\s*(?:[:–—-]\s*|\s)(?P<title>[A-Z“\"‘(].{2,200})$"
)
DOCUMENTS = re.compile(r"(?:supporting|additional)\s+documents\s*:?$", re.IGNORECASE)
REPORT = re.compile(
    (
        r"\b(?:received|considered|submitted)\s+(?:a|the)\s+(?:joint\s+)?(?P<title>report\s+(?:of|by"
        r"|from)\s+[^.;]{5,300})"
    ),
    re.IGNORECASE,
)
ERRORS = re.compile(
    r"\bshould\s+(?:have\s+|instead\s+|now\s+)*(?:read|be\s+(?:read|shown|stated|corrected"
    r"|amended\s+to|replaced))|\bentered\s+incorrectly|\b(?:an?|the following)\s+(?:amendments?"
    r"|corrections?)\s+(?:was|were|had been|to)\s+(?:made|noted|agreed|minute)"
    r"|\bsubject\s+to\s+(?:the\s+following\s+|an?\s+|the\s+|one\s+"
    r"|two\s+)?(?:\w+\s+)?(?:corrections?|amendments?|amending|correcting|inclusion of"
    r"|removal of)\b|\bleft\s+off\s+the\s+(?:list|attendance)|\btransposed\b|\btyp(?:ing"
    r"|ographical)\s+error|\btypo\b|\bin\s+error\b"
    r"|\b(?:said|stated|showed|gave|read)\b[^.]{0,60}\bwhen\s+it\s+(?:meant|should)|\b(?:was|were"
    r"|is|are)\s+(?:wrong|incorrect|a\s+mistake|misspelt|mis-spelt)\b"
    r"|\bomitted\s+from\s+the\s+(?:list|minutes|attendance|apologies)"
    r"|\bincorrectly\s+(?:referenced|named|attributed|minuted|stated|recorded|listed|shown|spelt"
    r"|dated|referred)"
    r"|\bto\s+be\s+(?:inserted|replaced|amended|added)\s+(?:after|with|by|to read)"
    r"|\bsubject\s+to\s+(?:the\s+|an?\s+)?(?:spelling|insertion|deletion|addition"
    r"|replacement|substitution|alteration|change)\b"
    r"|\bwith\s+(?:the|a|one)\s+(?:correction|amendment|alteration)\s+of\b|\b(?:recorded"
    r"|shown|given|listed|named|gave|spelt|stated)"
    r"\b[^.]{0,60}\bwrongly\b|\b(?:item|minute|page|paragraph)\b[^.;]{0,30}\bto\s+read\b"
    r"|\bshown\s+as\s+absent\s+but\b"
    r"|\bshould\s+have\s+been\s+[\w£“\"][^.;]{0,60}\bnot\b"
    r"|\bbe\s+amended\s+(?:to\s+(?:read|reflect|show|include|state)|by\s+(?:the\s+)?(?:deletion"
    r"|addition|insertion|replac))|\bnot\s+[“\"‘]?[\w£.,-]+[”\"’]?\.?\s+as\s+(?:stated|printed"
    r"|shown)",
    re.IGNORECASE,
)
NUMBER_SHOULD_BE = re.compile(
    r"(?i:\b(?:figure|date|number|total|sum|page|table|paragraph|report|minute|name"
    r"|word\w*)\b[^.]{0,100}\bshould\s+(?:be|have\s+been))\s+[“\"‘]?(?:[\d£]|[A-Z]?[a-z]+ty\b)"
)
PREVIOUS = re.compile(
    (
        r"\bat paragraphs?\b|\b(?:in|at) (?:the )?paragraphs? \d|\babove corrections?\b"
        r"|\bcorrections?,? (?:above|set out"
        r"|referred)|\bas (?:corrected|amended)\b|\b(?:amendments?|corrections?"
        r"|changes?)\s+(?:(?:as\s+)?(?:outlined|set out|detailed|noted|stated|listed|agreed|made"
        r"|mentioned)\s+)?(?:above|at the meeting)\b"
    ),
    re.IGNORECASE,
)
CORRECT = re.compile(
    (
        r"\b(?:should\s+(?:have\s+)?(?:instead\s+)?(?:read|be)|to\s+read|amended\s+to"
        r"|meant)\s+[“\"‘]?(?P<right>[^”\"’.;]{1,120})"
    ),
    re.IGNORECASE,
)
WRONG = re.compile(
    (
        r"\b(?:not|instead of|rather than|in place of)\s+[“\"‘]?(?P<wrong>[^”\"’.;,]{1,80})|\b(?:gave"
        r"|stated|said|showed)\b[^.]*?\b(?:as|that)?\s*[“\"‘]?(?P<gave>[£\d][\d,.%]*)"
    ),
    re.IGNORECASE,
)
ANNOUNCED = re.compile(
    r"^(?:The\s+)?(?P<who>(?:[A-Z][\w’'.-]*\s+){1,6}?)(?:also\s+|then\s+)?(?:highlighted"
    r"|pointed out|advised|reported|drew attention|noted|explained|apologised|said|stated"
    r"|clarified|remarked|corrected)\b"
)
ABOUT_POLICY = re.compile(
    (
        r"\b(?:policy|legislation|constitution|law|strategy)\s+should\s+be\b|\bamendment (?:was|be"
        r"|being) (?:put|lost|carried|moved|seconded|withdrawn|agreed|then)|\bthe motion\b"
        r"|\bmotion be\b|\b(?:programme|plan)\b[^.]*\bsubject to the addition\b"
    ),
    re.IGNORECASE,
)


def appendices_of(blocks):
    found = []
    for block in blocks:
        for line in [block]:
            match = APPENDIX.match(line.text)
            if (
                not match
                or re.match(r"(?:was|were|to|of|in)\b", match["title"])
                or re.search(
                    r"\b(?:was|were|had|be)\s+(?:noted|agreed|dated|approved|introduced|presented)\b",
                    line.text,
                )
            ):
                continue
            if all(paper.number != match["number"] for paper in found):
                found.append(Paper(match["number"], clean_title(match["title"]), block.at))
    return tuple(found)


def documents_of(blocks):
    found, seen = [], set()
    for n, block in enumerate(blocks):
        if not DOCUMENTS.match(block.text):
            continue
        marked = _has_mark(blocks[n + 1]) if n + 1 < len(blocks) else False
        for entry in blocks[n + 1 : n + 40]:
            title = clean_title(entry.text)
            if not _is_document(entry, title) or (marked and not _has_mark(entry)):
                break
            if title.lower() not in seen:
                seen.add(title.lower())
                found.append(Passage(title, entry.at))
    return tuple(found)


def _has_mark(block):
    """ "Cover report, item 3. PDF 188 KB": below one such entry, a line without its like is the foot of the page."""
    return clean_title(block.text) != squeeze(block.text)


def _is_document(block, title):
    if (
        re.match(r"(?:minutes|decisions?|recommended)\s*:?|RESOLVED|Agenda", block.text, re.I)
        or len(title.split()) > 30
        or not title
    ):
        return False
    return _has_mark(block) or (
        not re.search(r"[.:]$", block.text)
        and block.style not in (".1", "ref", "item", "gap")
        and not re.match(r"The\s+\w+\s+(?:considered|received|noted)", block.text)
    )


def reports_of(blocks, used):
    found = []
    for block in blocks:
        match = (
            REPORT.search(block.text)
            if block.number not in used and not block.text.startswith("To ")
            else None
        )
        if match:
            title = re.split(
                r"\s+(?:which|that|setting|providing|on the subject)\b|,\s+(?:which|copies)",
                squeeze(match["title"]),
            )[0]
            found.append(Paper(None, title, block.place(match.start("title"), match.end("title"))))
    return tuple(found)


def errata_of(blocks):
    found = []
    for block in blocks:
        spans = sentences(block.text)
        skip = -1
        for k, (a, b) in enumerate(spans):
            sentence = block.text[a:b]
            if k == skip or not _is_erratum(sentence):
                continue
            if re.search(
                (
                    r"\b(?:typing|typographical) error|in error|\btypo\b|\bwas (?:wrong|incorrect)"
                    r"|\btransposed\b"
                    r"|\bentered incorrectly"
                ),
                sentence,
                re.I,
            ) and k + 1 < len(spans):
                nxt = block.text[spans[k + 1][0] : spans[k + 1][1]]
                skip = k + 1 if _is_erratum(nxt) and len(nxt) < 160 else -1
            found.append(_erratum(block, a, b, sentence))
    return tuple(found)


def _is_erratum(sentence):
    if (
        PREVIOUS.search(sentence) and not re.search(r"should read|should be", sentence)
    ) or ABOUT_POLICY.search(sentence):
        return False
    if re.search(
        (
            r"\bsubject to (?:any|such|minor|the amendment|amendments?)\b"
            r"|subject to the (?:following )?amendments? (?:being|to the (?:policy|scheme|plan|report))"
        ),
        sentence,
        re.I,
    ) and not re.search(r"should read|minute", sentence, re.I):
        return False
    return (
        bool(ERRORS.search(sentence))
        and not re.search(r"\bshould be replaced (?:with|by) (?:a|new)\b", sentence)
    ) or bool(
        NUMBER_SHOULD_BE.search(sentence)
        and re.search(r"\d", sentence)
        and re.search(
            r"\b(?:not|minute\s+\d|error|wrong|incorrect|stated|dated|gave|showed|read|checked|corrected|post-meeting)\b",
            sentence,
        )
    )


def _erratum(block, a, b, sentence):
    right, wrong, who = CORRECT.search(sentence), WRONG.search(sentence), ANNOUNCED.match(sentence)
    wrong = wrong and (wrong["wrong"] or wrong["gave"])
    subject = re.search(
        (
            r"\b(?:the date of [^,;]{3,80}?(?=\s+(?:had|was|is|should|has|gave|in)\b)"
            r"|minute(?: number)? [\w./()]+|page \d+|table \d+|paragraph [\d.]+|Appendix \w+|item \d+)\b"
        ),
        sentence,
        re.I,
    )
    return Erratum(
        squeeze(sentence),
        subject and squeeze(subject.group()),
        wrong and squeeze(wrong).strip(' ”"’'),
        right and squeeze(right["right"]).strip(' ”"’'),
        who and squeeze(who["who"]),
        block.place(a, b),
    )
