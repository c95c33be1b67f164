"""Which themes a text speaks of, told from its words. Only a suggestion: a person confirms it."""

import re

WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[.;:!?]")
PASSED_OVER = {"a", "an", "the", "of"}
ENDINGS = ("ies", "ied", "ing", "ed", "es", "s", "e", "y")
SHORTEST_STEM = 3
IRREGULAR = {"children": "child"}


def suggest(text, themes):
    """Those of `themes` whose label or other names stand in `text`, in the order given.

    Case does not matter, nor do endings: "share information" stands in "they shared the information". Words are
    whole, and a name does not run on over the end of a sentence.
    """
    return suggester(themes)(text)


def suggester(themes):
    """`suggest` for many texts: the names are taken apart once."""
    themes = list(themes)
    names = {}  # first stem → [(all stems, place of the theme)]
    for place, theme in enumerate(themes):
        for name in {theme.label, *theme.other_names}:
            stems = stems_of(name)
            if stems:
                names.setdefault(stems[0], []).append((stems, place))

    def suggest_for(text):
        stems = stems_of(text)
        found = {
            place
            for start, first in enumerate(stems)
            for name, place in names.get(first, ())
            if stems[start : start + len(name)] == name
        }
        return [themes[place] for place in sorted(found)]

    return suggest_for


def stems_of(text):
    """The words of a text without their endings, in order; ends of sentences stay, as words nothing else equals."""
    words = (word.lower().replace("’", "'").removesuffix("'s") for word in WORDS.findall(text))
    return [stem(word) for word in words if word not in PASSED_OVER]


def stem(word):
    """
    >>> [stem(word) for word in ("sharing", "shares", "agencies", "agency", "process", "stepped")]
    ['shar', 'shar', 'agenc', 'agenc', 'process', 'step']
    """
    word = IRREGULAR.get(word, word)
    for ending in ENDINGS:
        bare = word.removesuffix(ending)
        if bare != word and len(bare) >= SHORTEST_STEM and not word.endswith("ss"):
            return _single(bare) if ending in ("ing", "ed") else bare
    return word


def _single(bare):
    """ "stepp" → "step"; what ends in ll, ss or zz does so without an ending too."""
    doubled = bare[-1] == bare[-2] and bare[-1] not in "lsz"
    return bare[:-1] if doubled else bare
