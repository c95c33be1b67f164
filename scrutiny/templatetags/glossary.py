"""`{% explained text %}`: the text, with each term explained where it first stands on the page.

The explanation is a popover of the browser's own: it opens by mouse, touch and keyboard, and without JavaScript.
Not for use inside a link or a button. The text is always escaped.
"""

import re
from functools import lru_cache
from html import escape

from django import template
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from scrutiny.models import Clash, Term
from scrutiny.toolkit.access import reader_of
from scrutiny.toolkit.kept import kept_for_each

register = template.Library()

# In one line, because what surrounds it may keep line breaks.
MEANING = (
    '<button type="button" class="term" popovertarget="meaning-{id}">{words}</button>'
    '<span class="term__meaning" id="meaning-{id}" popover>'
    '<span class="term__line"><strong>{name}</strong>: {meaning}</span>{clashes}'
    '<a class="govuk-link" href="{url}">See the glossary<span class="govuk-visually-hidden"> on {name}</span></a>'
    "</span>"
)
CLASH = '<span class="term__line">{} can mean more than one thing: {}.</span>'
WORD = re.compile(r"\w+")


@register.simple_tag(takes_context=True)
def explained(context, text):
    request = context["request"]
    if not hasattr(request, "explanations"):
        request.explanations = Explanations.for_user(request.user)
    return mark_safe("".join(request.explanations.pieces(str(text))))  # every piece is escaped there


class Explanations:
    """The terms of the glossary, and which of them were explained on this page already.

    starting   what `by_word` gives
    """

    def __init__(self, starting, clashes):
        self.starting, self.all_clashes = starting, clashes
        self.given = set()

    @cached_property
    def clashes(self):
        """Looked for when a first term is explained: most pages explain none."""
        return {clash.letters: clash for clash in self.all_clashes}

    @classmethod
    def for_user(cls, user):
        rows = tuple(tuple(row.items()) for row in _terms(reader_of(user)))
        return cls(_kept_by_word(rows), Clash.objects.visible_to(user))

    def pieces(self, text):
        """HTML."""
        end = 0
        for match, term in self.found(text):
            if term not in self.given:
                self.given.add(term)
                yield escape(text[end : match.start()])
                yield self.explanation(match[0], term)
                end = match.end()
        yield escape(text[end:])

    def found(self, text):
        """(match, term) of each term in the text. A word belongs to one of them at most."""
        end = 0
        for word in WORD.finditer(text):
            # One look into a dictionary a word, and no more: a page of minutes has thousands.
            candidates = self.starting.get(key_of(word[0]))
            if candidates and word.start() >= end and (longest := found_at(word, candidates)):
                yield longest
                end = longest[0].end()

    def explanation(self, words, term):
        clashes = [self.clashes[spelling] for spelling in term.spellings if spelling in self.clashes]
        return format_html(
            MEANING,
            id=term.pk,
            words=words,
            name=term.name,
            meaning=term.meaning,
            clashes=format_html_join(
                "", CLASH, ((clash, "; ".join(clash.each_meaning)) for clash in clashes)
            ),
            url=term.get_absolute_url(),
        )


@kept_for_each(Term)
def _terms(reader):
    return Term.objects.visible_to(reader).explained().values("pk", "name", "also_called", "meaning")


@lru_cache(maxsize=20)  # glossaries; the same until somebody changes it
def _kept_by_word(rows):
    return by_word([Term(**dict(row)) for row in rows])


def by_word(terms):
    """{first word: [(pattern, term)], the longest spelling first}"""
    starting = {}
    spelled = [(spelling, term) for term in terms for spelling in term.spellings]
    for spelling, term in sorted(spelled, key=lambda pair: len(pair[0]), reverse=True):
        if first := WORD.search(spelling):
            starting.setdefault(key_of(first[0]), []).append((pattern_of(spelling), term))
    return starting


def found_at(word, candidates):
    tried = ((pattern.match(word.string, word.start()), term) for pattern, term in candidates)
    return next((pair for pair in tried if pair[0]), None)


@lru_cache(maxsize=50_000)
def key_of(word):
    """The same for a word and its plural in s."""
    return word.casefold().removesuffix("s")


@lru_cache(maxsize=5_000)
def pattern_of(spelling):
    """Whole words, also as a plural in s, with either apostrophe and any space between words."""
    words = r"\s+".join(map(re.escape, spelling.replace("’", "'").split())).replace("'", "['’]")
    return re.compile(rf"{words}s?(?!\w)", 0 if is_abbreviation(spelling) else re.IGNORECASE)


def is_abbreviation(spelling):
    """True for ICB, DfE and ACEs, whose capitals tell them from words."""
    return " " not in spelling and spelling[1:] != spelling[1:].lower()
