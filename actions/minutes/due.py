"""Dates in words, and due phrases turned into windows (domain Q-3, Q-4: the words are kept beside the dates)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from .dates import (
    COUNT,
    EXACT,
    JOINT,
    MONTH,
    QUARTERS,
    SEASONS,
    YEAR,
    add_months,
    coming,
    day_or_none,
    exact_date,
    month_end,
    month_number,
    number,
)

BODY = r"(?-i:[A-Z][\w’'&-]*\s+(?:and\s+)?){0,6}"
ORDER = r"(?:next|future|following|subsequent|forthcoming|later|further)"


@dataclass(frozen=True)
class Due:
    """`start` and `end` are offsets of the words in the string searched; `first` and `last` the window or None."""

    words: str
    start: int
    end: int
    first: date | None
    last: date | None


def _on(match, near):
    day = exact_date(match["date"], near)
    return day, day


def _by(match, near):
    return None, exact_date(match["date"], near)


def _months(match, near):
    """ "March 2025", "September/October 2023", "November 2024 or January 2025", "July"."""
    first_name, last_name = match["month"], match["month2"] or match["month"]
    year = match["year"] and int(match["year"])
    first_year = (match["year1"] and int(match["year1"])) or year
    if not year:
        start = coming(near, month_number(first_name))
        end = start and coming(start, month_number(last_name))
        return (start, month_end(end)) if start and end else (None, None)
    one, two = month_number(first_name), month_number(last_name)
    if one > two and first_year == year:
        first_year -= 1
    return day_or_none(first_year, one, 1), month_end(day_or_none(year, two, 1))


def _by_months(match, near):
    first, last = _months(match, near)
    if last and match["by"].lower().startswith("before") and "end" not in match["by"].lower():
        last = first - timedelta(days=1)
    return None, last


def _season(match, near):
    """Spring is March to May and so on; winter runs into the next year."""
    month = SEASONS[match["season"].lower()]
    year = int(match["year"]) if match["year"] else None
    start = day_or_none(year, month, 1) if year else coming(near, month)
    return (start, month_end(add_months(start, 2))) if start and start.year < 9999 else (None, None)


def _quarter(match, near):
    """Quarters of a financial year: Q1 is April to June."""
    word = match["q"] or match["word"] or match["nth"]
    count = int(word) if word.isdigit() else QUARTERS[word.lower()]
    start = add_months(date(int(match["year"]), 4, 1), 3 * (count - 1))
    return start, month_end(add_months(start, 2))


def _in_months(match, near):
    """ "In six months": the whole sixth month after the meeting's month."""
    scale = 12 if match["unit"].lower().startswith("year") else 1
    first, last = number(match["n"]) * scale, number(match["m"] or match["n"]) * scale
    start = near and add_months(near.replace(day=1), first)
    end = near and add_months(near.replace(day=1), last)
    return (start, month_end(end)) if start and end and start <= end else (None, None)


def _within(match, near):
    """ "Within three months": no later than that; working days need an anchor and get no date."""
    unit, count = match["unit"].lower(), number(match["n"])
    if not near or "working" in unit or match["rest"]:
        return None, None
    if unit.startswith(("month", "year")):
        return None, add_months(near, count * (12 if unit.startswith("year") else 1))
    return None, near + timedelta(days=count * (7 if unit.startswith("week") else 1))


def _in_weeks(match, near):
    day = near and near + timedelta(weeks=number(match["n"]))
    return day, day


def _within_from(match, near):
    start = exact_date(match["date"], near)
    return None, start and add_months(start, number(match["n"]))


def _year_end(match, near):
    return None, date(int(match["year"]), 12, 31)


def _words_only(match, near):
    return None, None


MEETING = rf"(?:(?:{BODY}|Board’s |committee\s+|board\s+|panel\s+)meeting)"
MONTH_SPAN = rf"(?P<month>{MONTH})(?:(?:\s+(?P<year1>{YEAR}))?{JOINT}(?P<month2>{MONTH}))?"
RULES = [
    (
        (
            rf"(?:in|after)\s+(?P<n>{COUNT})(?:{JOINT}(?P<m>{COUNT}))?[\s-]+(?P<unit>months?"
            r"|years?)[’']?(?:\s+time\b)?(?!\s+(?:of|from|after)\b)"
        ),
        _in_months,
    ),
    (rf"in\s+(?P<n>{COUNT})\s+weeks?[’']?(?:\s+time\b)?", _in_weeks),
    (rf"within\s+(?P<n>{COUNT})\s+months?[’']?\s+(?:of|from|after)\s+(?P<date>{EXACT})", _within_from),
    (
        (
            rf"within\s+(?:the\s+next\s+)?(?P<n>{COUNT})(?:\s*\(\d+\))?\s+(?P<unit>(?:(?:working|school"
            r"|clear|calendar)\s+)?days?|weeks?|months?|years?)(?P<rest>\s+(?:of|from|after"
            rf"|following)\b[^,.;]{{0,60}}?(?=\s+(?:on|covering|setting|about|with|regarding|detailing"
            r"|and)\b|[,.;]|$))?"
        ),
        _within,
    ),
    (
        (
            r"(?:by|before|no later than|not later than|prior to)\s+(?:the\s+)?(?:end\s+of\s+)?"
            rf"(?:{BODY}meeting\s+(?:on|of)\s+)?(?:close of business on\s+)?(?P<date>{EXACT})"
        ),
        _by,
    ),
    (
        (
            rf"(?:to|at|for|on)\s+(?:the\s+|its\s+|their\s+|a\s+)?(?:{BODY}"
            rf"|{ORDER}\s+)*meeting\s+(?:of\s+the\s+{BODY})?(?:(?:to be|being)\s+held\s+"
            rf"|scheduled\s+(?:for\s+)?)?(?:on|of|in)?\s*(?P<date>{EXACT})"
        ),
        _on,
    ),
    (rf"(?:to|at|for)\s+the\s+(?P<date>{EXACT})\s+(?:{BODY})?meeting", _on),
    (
        (
            r"(?:to|at|for|in)\s+(?:the|its|their|a)\s+(?:Board[’']s\s+"
            rf"|Committee[’']s\s+)?\(?{MONTH_SPAN}(?:,?\s+(?P<year>{YEAR}))?\)?\s+(?:{BODY}|ordinary\s+"
            r"|committee\s+)*(?:meeting|cycle)s?"
        ),
        _months,
    ),
    (
        (
            rf"(?:to|at|for)\s+(?:the\s+|its\s+|their\s+|a\s+)?(?:{BODY}"
            rf"|{ORDER}\s+)*meetings?\s+(?:of\s+the\s+{BODY})?(?:(?:to be\s+)?held\s+)?in\s+(?:early\s+"
            rf"|late\s+)?{MONTH_SPAN}(?:,?\s+(?P<year>{YEAR}))?"
        ),
        _months,
    ),
    (
        rf"(?P<by>(?:by|before|no later than)\s+(?:the\s+)?(?:end\s+of\s+)?){MONTH_SPAN}(?:,?\s+(?P<year>{YEAR}))?",
        _by_months,
    ),
    (rf"(?:by|before)\s+(?:the\s+)?(?:end|close)\s+of\s+(?P<year>{YEAR})(?![/–-]\d)", _year_end),
    (
        (
            r"(?:in|for|during|at the end of)\s+(?:the\s+)?(?:quarter\s+(?P<q>[1-4])|Q(?P<word>[1-4])"
            r"|(?P<nth>first|second|third|fourth|final|last)\s+quarter)[\s,]+(?:of\s+)?(?:the\s+)?"
            rf"(?:financial\s+year\s+)?(?P<year>{YEAR})\s?[/–-]\s?(?:20)?\d\d"
        ),
        _quarter,
    ),
    (
        (
            r"in\s+(?:the\s+)?(?:early\s+|late\s+)?(?P<season>spring|summer|autumn"
            rf"|winter)(?:\s+(?:of\s+)?(?P<year>{YEAR})(?:/\d+)?)?(?!\s+term)"
        ),
        _season,
    ),
    (
        (
            r"(?:during|this|next|by|for)\s+(?:the\s+)?(?P<season>spring|summer|autumn"
            rf"|winter)\s+(?:of\s+)?(?P<year>{YEAR})"
        ),
        _season,
    ),
    (rf"(?:in|during|for)\s+(?:early\s+|mid[- ]|late\s+)?{MONTH_SPAN}(?:,?\s+(?P<year>{YEAR}))", _months),
    (rf"in\s+{MONTH_SPAN}(?P<year>(?!))?(?!\s+\d)", _months),
    (rf"on\s+(?P<date>{EXACT})", _on),
    (
        rf"(?<=attend )(?:its|the|a)\s+{MONTH_SPAN}(?:,?\s+(?P<year>{YEAR}))?\s+(?:{BODY}"
        rf"|committee\s+)*meeting",
        _months,
    ),
    (rf"(?<=attend )(?:its|the|a)\s+meeting\s+on\s+(?P<date>{EXACT})", _on),
    (
        r"(?:for|to|at)\s+(?:each|every)\s+(?:\w+\s+)?meeting(?:\s+until\s+further\s+notice)?",
        _words_only,
    ),
    (r"(?:at|to|for)\s+the\s+meeting\s+after\s+next", _words_only),
    (r"(?<=attend )(?:its|the|a)\s+(?:next|future|later)\s+meeting", _words_only),
    (
        (
            r"(?:to|at|for|before|by|until)\s+(?:its|the|their|a|an|each|every|our)?\s*(?:(?:Board"
            rf"|Committee|Panel|Cabinet|Council|Commission)[’']s\s+)?(?:{ORDER}|first|ordinary|formal"
            rf"|scheduled|appropriate|informal|suitable|available|\s)*(?<=\s)(?:{BODY}|committee\s+"
            r"|board\s+|panel\s+|cabinet\s+)meetings?"
        ),
        _words_only,
    ),
    (
        (
            r"(?:before|by|at|during|within|in)\s+(?:the\s+)?(?:end\s+of\s+)?(?:the|this|next|current|new"
            r"|following|\s)*(?:municipal|financial|council|academic|calendar)\s+year"
        ),
        _words_only,
    ),
    (r"(?:by|before)\s+the\s+end\s+of\s+(?:the|this)\s+(?:year|term|quarter|month)", _words_only),
    (
        r"(?:in|during)\s+(?:early\s+|late\s+|mid-?\s?)?20\d\d(?:\s?[/–-]\s?\d\d(?:\d\d)?)?(?![\d/])",
        _words_only,
    ),
    (
        (
            r"(?:in|early in|later in)\s+the\s+(?:new\s+year|year)\b|next\s+(?:year|month|quarter)\b"
            r"|later\s+(?:in\s+the\s+year|this\s+year)"
        ),
        _words_only,
    ),
    (
        (
            r"in\s+due\s+course|in\s+the\s+(?:near\s+)?future|at\s+a\s+(?:later|future|suitable"
            r"|appropriate)\s+(?:date|time|stage)|at\s+an?\s+appropriate\s+\w+|when\s+(?:it\s+(?:is"
            r"|was)\s+|they\s+(?:are|were)\s+)?(?:available|completed?|known|published|ready)"
            r"|as\s+soon\s+as\s+(?:possible|practicable)|(?:once|every)\s+(?:a|six|three|two|twelve|6|3"
            r"|12)\s+(?:months?|years?)|on\s+an?\s+(?:regular|annual|quarterly|monthly|six[- ]monthly"
            r"|half[- ]yearly|bi-?annual|ongoing)\s+basis"
        ),
        _words_only,
    ),
]
RULES = [(re.compile(rf"(?<!\w)(?:{pattern})", re.IGNORECASE), rule) for pattern, rule in RULES]
# What comes before a date that is no due date: "published in", "held on", "dated".
PAST = re.compile(
    r"(?:held|dated|published|since|met|considered|agreed|approved|made|taken|issued|adopted"
    r"|received|presented|undertaken|launched"
    r"|introduced|submitted|set out|commissioned|effective|starting|beginning|ended|expired?"
    r"|circulated|announced|done|opened|closed)\s*$",
    re.IGNORECASE,
)


# No rule fits words without any of these; most sentences have none, and are done with at once.
HINT = re.compile(
    r"\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|spring|summer|autumn|winter|meeting|year|month|week"
    r"|day|fortnight|quarter|term|course|future|later|suitable|appropriate|available|complet|known|publish|ready|soon"
    r"|basis|next|session|cycle",
    re.IGNORECASE,
)


def find_due(text: str, near: date | None = None, start: int = 0) -> Due | None:
    """The phrase from `start` on that says when something is due; dates of past things are left alone."""
    if not HINT.search(text, start):
        return None
    found = []
    for rank, (pattern, rule) in enumerate(RULES):
        for match in pattern.finditer(text, start):
            if not _is_past(text, match) and not _is_a_span(text, match, rule):
                found.append((rule is _words_only, rank, match.start(), match, rule))
                break
    best = min(found, key=lambda hit: hit[:3], default=None)
    return _due(best[3], best[4], near) if best else None


def _is_a_span(text, match, rule):
    """ "assessments in two years": what is counted over a time, not when the answer is due."""
    return (
        rule is _in_months
        and bool(re.match(r"[,;]?\s*(?:and|,)\s", text[match.end() :]))
        and bool(re.search(r"\b(?:include|includ\w+|cover\w*|set\w* out|detail\w*)\b", text[: match.start()]))
    )


def _is_past(text, match):
    before = PAST.search(text, max(0, match.start() - 40), match.start())
    if not before:
        return False
    lead = text[max(0, before.start() - 25) : before.start()]
    return not re.search(r"\b(?:to be|be|is|are|report|reports|been) $", lead) or bool(
        re.search(r"\b(?:had|has|have|was|were) (?:been )?$", lead)
    )


def _due(match, rule, near):
    start, end = match.span()
    # "In" before a month or a season adds nothing; in "in six months" it carries the meaning.
    if rule in (_months, _season, _quarter):
        start += len(re.match(r"(?:in(?:\s+the)?\s+)?(?=\S)", match.group(), re.IGNORECASE).group())
    try:
        first, last = rule(match, near)
    except (ValueError, OverflowError, TypeError, AttributeError):
        first = last = None
    end = start + len(match.string[start:end].rstrip(" ,;."))
    return Due(" ".join(match.string[start:end].split()), start, end, first, last)
