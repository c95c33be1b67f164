"""Words for searching, the same in every database because they are made here.

Text becomes words with accents and case folded, endings cut and the commonest left out. They are written in ASCII
letters and digits and begin with a letter, so that no engine's own idea of a word, a stem or a stop word comes in:
PostgreSQL and SQLite store them, and find them again.
"""

import difflib
import re
import unicodedata
from functools import lru_cache
from html import escape

from django.utils.safestring import mark_safe

from scrutiny.toolkit.words import one_line

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
PIECE = re.compile(r'["“”]([^"“”]*)["“”]|[^\W_]+(?:[-–/&.\'’][^\W_]+)*')

LONGEST_QUESTION = 300  # characters; what is typed beyond them is not read
MOST_WORDS = 8_000  # of one text; PostgreSQL counts positions to 16,383
LONGEST_WORD = 40

LETTERS = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i"})
COMMONEST = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "for",
        "from",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "that",
        "the",
        "to",
        "was",
        "were",
        "will",
        "with",
    ]
)
IRREGULAR = {"children": "child", "childrens": "child", "men": "man", "women": "woman", "people": "person"}
ENDINGS = [  # ending, what stands instead, letters that must be left; the first that fits is cut
    ("ations", "", 3),
    ("ation", "", 3),
    ("ating", "", 3),
    ("ated", "", 3),
    ("ates", "", 3),
    ("ate", "", 3),
    ("ings", "", 3),
    ("ing", "", 3),
    ("ies", "i", 3),
    ("ied", "i", 3),
    ("sses", "ss", 3),
    ("ed", "", 3),
    ("es", "", 4),
    ("e", "", 4),
]
KEPT_WITH_S = ("ss", "us", "is")
FINAL_Y = re.compile(r"(?<=[a-z]{2})(?<![aeiou])y$")
LACKS_E = re.compile(r"[^aeiou][aeiou][^aeiouwxy]")
DOUBLED = re.compile(r"([bdfgmnprt])\1$")


def words_of(text):
    """The words of a text in their order, as they are stored and looked for.

    >>> words_of("The Board’s concerns about escalating Café cases, SB-CF 22/23")
    ['board', 'concern', 'about', 'escal', 'cafe', 'case', 'sb', 'cf', 'n22', 'n23']
    """
    return list(filter(None, (word_for(found[0]) for found in WORD.finditer(composed(text)))))[:MOST_WORDS]


def composed(text):
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=50_000)
def word_for(written):
    """One word as it is stored; empty for the commonest."""
    word = folded(written)
    if word in COMMONEST:
        return ""
    return stem(IRREGULAR.get(word, word))[:LONGEST_WORD]


def folded(written):
    """Small letters without accents; letters of other alphabets become their numbers."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", written).casefold())
    letters = (letter for letter in plain.translate(LETTERS) if letter.isalnum())
    return "".join(letter if letter.isascii() else f"x{ord(letter):x}" for letter in letters)


def stem(word):
    """
    >>> [stem(word) for word in ("escalation", "escalated", "planned", "plan", "policies", "policy", "police")]
    ['escal', 'escal', 'plan', 'plan', 'polici', 'polici', 'polic']
    """
    return f"n{word}" if word[:1].isdigit() else FINAL_Y.sub("i", _without_ending(word))


def _without_ending(word):
    for ending, instead, left in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= left:
            cut = word.removesuffix(ending) + instead
            return _of_verb(cut) if ending in ("ed", "ing", "ings") else cut
    is_plural = len(word) > 3 and word.endswith("s") and not word.endswith(KEPT_WITH_S)
    return word[:-1] if is_plural else word


def _of_verb(cut):
    """planned → plan, dated → date."""
    return f"{cut}e" if LACKS_E.fullmatch(cut) else DOUBLED.sub(r"\1", cut)


# What somebody typed.


def asked_for(typed):
    """What must all be found: phrases of one word or more. Marks that search engines know mean nothing here.

    >>> asked_for('"rapid review" SB-CF the OR policy*')
    [('rapid', 'review'), ('sb', 'cf'), ('polici',)]
    """
    pieces = (
        quoted if (quoted := found[1]) is not None else found[0] for found in PIECE.finditer(short(typed))
    )
    phrases = (tuple(words_of(piece)) for piece in pieces)
    return list(dict.fromkeys(filter(None, phrases)))


def short(typed):
    """What was typed in one line that any database takes: no NUL, nothing that cannot be seen."""
    return composed(one_line(typed[: LONGEST_QUESTION * 2]))[:LONGEST_QUESTION]


def for_postgresql(phrases, weight=""):
    """A tsquery. A phrase stands within the title (weight A) or within the body (B), never across."""
    return " & ".join(f"({_either(phrase, weight)})" for phrase in phrases)


def _either(phrase, weight):
    if len(phrase) == 1 and not weight:
        return phrase[0]
    return " | ".join(f"({' <-> '.join(f'{word}:{each}' for word in phrase)})" for each in weight or "AB")


def for_sqlite(phrases, column=""):
    """A query of FTS5."""
    found = " AND ".join(f'"{" ".join(phrase)}"' for phrase in phrases)
    return f"{column} : ({found})" if column else found


# What is shown.


def highlighted(text, phrases, length=None):
    """HTML: the text with what was asked for marked; of a long one the `length` characters that hold most of it."""
    text = " ".join(composed(text).split())
    wanted = {word for phrase in phrases for word in phrase}
    hits = [
        (found.start(), found.end(), word)
        for found in WORD.finditer(text)
        if (word := word_for(found[0])) in wanted
    ]
    start, end = _window(text, hits, length) if length and len(text) > length else (0, len(text))
    inside = [(first, last) for first, last, _ in hits if start <= first and last <= end]
    before, after = "… " if start else "", " …" if end < len(text) else ""
    # Every piece is escaped where it is made.
    return mark_safe("".join([before, *_pieces(text, inside, start, end), after]))


def _pieces(text, hits, start, end):
    for first, last in hits:
        yield f"{escape(text[start:first])}<mark>{escape(text[first:last])}</mark>"
        start = last
    yield escape(text[start:end])


def _window(text, hits, length):
    """Where to cut: from a little before the hit after which most of the words follow, between words."""
    if not hits:
        return 0, _before(text, length)
    before = length // 5

    def richness(hit):
        return len(
            {word for first, last, word in hits if hit[0] <= first and last <= hit[0] + length - before}
        )

    first = max(hits, key=richness)[0]
    if first < length - before:
        return 0, _before(text, length)
    start = text.find(" ", first - before, first) + 1 or first
    return start, _before(text, start + length)


def _before(text, end):
    """The last gap between words that is not after `end`."""
    return len(text) if end >= len(text) else max(text.rfind(" ", 0, end + 1), 0) or end


# Where nothing is found.


def nearest(typed, texts):
    """{word that stands in none of the texts: the word of theirs, of the same first letter, spelled most like it}."""
    apart = set(composed("\n".join(texts)).lower().split())  # each once: to find words in takes half the time
    spelled = set(WORD.findall("\n".join(apart)))
    known = {word_for(spelling) for spelling in spelled}
    close = {}
    for written in (found[0].lower() for found in WORD.finditer(short(typed))):
        word = word_for(written)
        if not word or word in known:
            continue
        like = sorted(each for each in spelled if each[0] == written[0] and abs(len(each) - len(written)) < 3)
        if best := difflib.get_close_matches(written, like, n=1, cutoff=0.75):
            close[word] = best[0]
    return close
