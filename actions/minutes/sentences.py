"""Sentences of a paragraph, without tripping over "Mrs. W. Garside" or "No. 4"."""

import re

END = re.compile(r"[.!?][\"”’)]?\s+(?=[A-ZÀ-Þ“\"(‘\d])")
ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Rev|Revd|Cllr|Cllrs|Cr|St|Ald|Supt|Insp|Sgt|Hon|No|Nos|Para|para"
    r"|Prop|Ltd|approx|Fig|vs|e\.g|i\.e|p)|\b[A-Z][a-z]?|\b[A-Z]\.[A-Z])\.$"
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences."""
    spans, start = [], 0
    for match in END.finditer(text):
        stop = match.start() + 1
        if not ABBREVIATED.search(text, max(start, stop - 12), stop):
            spans.append((start, len(text[: match.end()].rstrip())))
            start = match.end()
    if text[start:].strip():
        spans.append((start, len(text)))
    return spans
