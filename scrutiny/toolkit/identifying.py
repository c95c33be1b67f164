"""Words that may identify a child (domain.md D-1, D-4). They are a warning and no proof, in both directions.

Whole groups are left alone ("children aged 0 to 5", "under the age of 5"), and so is the age of things.
"""

import re
from dataclasses import dataclass

DASHES = str.maketrans("‐‑‒–—", "-----")

MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
DAY, YEAR = r"\d{1,2}(?:st|nd|rd|th)?", r"(?:\d{4}|['’]?\d{2})"
DATE = (
    rf"(?:\d{{1,4}}[./ -]\d{{1,2}}[./ -]\d{{1,4}}|{DAY} (?:of )?(?:{MONTHS})\b(?:,? {YEAR}\b)?"
    rf"|(?:{MONTHS}) {DAY}\b(?:,? {YEAR}\b)?|(?:{MONTHS}),? \d{{4}}\b)"
)
BIRTH = re.compile(
    rf"\b(?:born(?: on| in)?|d\.? ?o\.? ?b\b\.?|date of birth|birth ?date|birthday)"
    rf"(?: (?:is|was))?[ :=(,-]*{DATE}",
    re.I,
)

NHS_NUMBER = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)", re.A)

AREAS = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX "
    "FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE "
    "NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ "
    "TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
POSTCODE = re.compile(
    rf"(?<![\w-])(?:{AREAS.replace(' ', '|')})\d[\dA-Z]? ?(?!(?-i:1st|2nd|3rd|\dth)\b)\d[ABD-HJLNP-UW-Z]{{2}}\b",
    re.I | re.A,
)

NUMBERS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    *("nineteen", "twenty"),
]
NUMBER = rf"(?:\d{{1,3}}(?:[.,]\d|[½¼¾])?|{'|'.join(NUMBERS)})"
UNIT = "(?:years?|yrs?|months?|mths?|weeks?|wks?|days?)"
AGED = re.compile(
    rf"\b(?:aged|ages?(?: of)?)[: ]+(?P<number>{NUMBER})(?:[ -]?(?P<unit>{UNIT})(?:[ -]old)?)?\b", re.I
)
OLD = re.compile(
    rf"(?<!\baged )(?<!\bage )\b(?P<number>{NUMBER})[ -]?(?:(?P<unit>{UNIT})[ -]old|y/?o)\b", re.I
)
OF_AGE = 18
IN_A_YEAR = {"y": 1, "m": 12, "w": 52, "d": 365}

# Around an age that is not that of one child.
COMPARED = r"\b(?:under|over|below|above|than|least|most|average|mean|median|minimum|maximum)(?: the)?(?: average)? $"
MILESTONE = r"\b(?:until|till|to|by|from|before|after|between|reach(?:es|ed|ing)?)(?: the)? $"
RANGE_BEFORE = rf"\b{NUMBER}(?: to | ?[-/] ?)$|\bbetween {NUMBER}(?: {UNIT})? and $"
RANGE_AFTER = (
    rf" ?(?:to|[-/]) ?{NUMBER}\b| ?\+| plus\b"
    r"|,? (?:and|or) (?:over|above|under|below|older|younger|up|upwards)\b"
)
SIXTEEN_AND_SEVENTEEN = r"(?<=16) (?:and|or) 17\b"  # a group the law names
GROUP = "offer|funding|entitlement|places?|checks?|provision|reviews?|children|pupils|people|students"
THING = (
    "(?:data|figures?|statistics|information|evidence|research|reports?|plans?|polic(?:y|ies)|strateg(?:y|ies)"
    "|systems?|guidance|assessments?|contracts?|protocols?|frameworks?|agreements?|documents?|buildings?|records?"
    "|arrangements?|services?|programmes?|projects?|schemes?|procedures?|surveys?|audits?|legislation)"
)
THING_IS = (
    rf"\b{THING}(?: which| that)?(?: now)? (?:is|are|was|were)(?: now| then| already| only| about| almost)? $"
)
NOT_AGED = (
    re.compile(f"{COMPARED}|{MILESTONE}|{RANGE_BEFORE}", re.I),
    re.compile(f"{RANGE_AFTER}|{SIXTEEN_AND_SEVENTEEN}", re.I),
)
NOT_OLD = (
    re.compile(f"{COMPARED}|{RANGE_BEFORE}|{THING_IS}", re.I),
    re.compile(rf"{RANGE_AFTER}| (?:{GROUP}|{THING})\b", re.I),
)

NAMED = re.compile(
    r"\b(?i:child(?:ren)?|baby|babies|siblings?|twins?|infant|boy|girl|young person) "
    r"(?:(?!A ?& ?E\b|Q ?& ?A\b)[A-HJ-Z](?!\w|-\w)"  # no "I": "as a child I was"
    r"|\d{1,2}(?!\w|[:/%+]|[.,]\d| ?(?:to|-) ?\d| (?:hours?|days?|weeks?|months?|years?|times|per)\b))"
)
RELATION = re.compile(r"\b(?:step-?|grand)?(?:mother|father|mum|dad) of\b", re.I)


@dataclass(frozen=True)
class Finding:
    """`words` as they stand in the text, on one line; `kind` completes "this reads like ..."."""

    kind: str
    words: str


def identifying(text, pseudonyms_allowed=False):
    """What in `text` may identify a child, in its order. A published review may be called by its pseudonym."""
    line = " ".join(text.translate(DASHES).split())
    found = [
        (match.start(), Finding(kind, match[0].strip()))
        for kind, pattern, holds in KINDS
        if not (pseudonyms_allowed and pattern is NAMED)
        for match in pattern.finditer(line)
        if holds(match)
    ]
    return [finding for _, finding in sorted(found, key=lambda each: each[0])]


def always(match):
    return True


def has_check_digit(match):
    """The last digit of an NHS number makes the weighted sum of all ten a multiple of 11."""
    digits = [int(digit) for digit in re.findall(r"\d", match[0])]
    return sum(digit * weight for digit, weight in zip(digits, range(10, 0, -1), strict=True)) % 11 == 0


def is_a_childs(match):
    before, after = NOT_AGED if match.re is AGED else NOT_OLD
    lead = match.string[max(match.start() - 60, 0) : match.start()]
    if before.search(lead) or after.match(match.string, match.end()):
        return False
    unit = (match["unit"] or "years")[0].lower()
    return _number(match["number"]) < OF_AGE * IN_A_YEAR[unit]


def _number(words):
    """The whole years, months or weeks in "4", "4½" or "four"."""
    digits = re.match(r"\d+", words)
    return int(digits[0]) if digits else NUMBERS.index(words.lower())


KINDS = [
    ("a date of birth", BIRTH, always),
    ("an NHS number", NHS_NUMBER, has_check_digit),
    ("a postcode", POSTCODE, always),
    ("a child's age", AGED, is_a_childs),
    ("a child's age", OLD, is_a_childs),
    ("a named child", NAMED, always),
    ("a relation to a child", RELATION, always),
]
