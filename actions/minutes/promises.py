"""What was promised in passing (domain Q-8), and what was asked for but caught by no resolution."""

import re

from .blocks import squeeze
from .findings import Passage
from .sentences import sentences

DO = (
    r"(?:provide|circulate|share|send|bring|come|report|look|follow|supply|write|investigate|check"
    r"|confirm|arrange|liaise|include|forward|obtain|explore|consider including|raise|respond"
    r"|update|clarify|feed|find|contact|speak|discuss|ensure|review|distribute|email|pass|take"
    r"|prepare|produce|give|return)"
)
PROMISE = re.compile(
    rf"\b(?:agreed|offered|undertook|promised|committed|undertaken)\s+(?:to\s+)?(?:\w+ly\s+)?{DO}\b"
    r"|\b(?:would|will)\s+(?:\w+\s+)?(?:be\s+)?(?:circulated|shared|provided|sent|distributed"
    r"|emailed|forwarded)\b"
    r"|\b(?:would|will)\s+(?:\w+ly\s+)?(?:circulate|come back|bring back|report back|look into"
    r"|follow (?:this |it )?up|write to|feed (?:this )?back|get back|send)\b|\b(?:would"
    r"|will) provide\b[^.]{0,60}\b(?:members|committee|board|panel|councillors?|information"
    r"|details|update|outside|after)"
    r"|\b(?:is|are|was|were) to be (?:circulated|provided to|shared with|sent to)\b"
    r"|\bwill (?:continue to )?monitor\b|\bwould (?:continue to )?monitor\b"
    r"|\bgave an undertaking\b|\b(?:a|an|the) (?:undertaking|assurance) (?:was|to)\b"
    r"|\bto be (?:brought|reported) back\b"
    r"|\bwould be (?:brought|presented|reported|submitted) (?:back )?to\b|\bundertook to\b"
    r"|\bupdate [^.]{0,40}would be (?:given|provided)",
    re.IGNORECASE,
)
ACTION = re.compile(r"(?:ACTIONS?|Actions?)(?:\s+(?:point|by|for)\b[^:]{0,40}|\s+\d+)?\s*[:–-]\s*(?=\S)")
ASKED = re.compile(
    (
        r"\b(?:requested|asked)\s+(?:that|for)\s+(?=(?:\w+\W+){0,12}?(?:report|update|information|data"
        r"|figures|details|breakdown|briefing|note|be (?:provided|circulated|brought|shared|sent|added"
        r"|included)))|\bagreed\s+to\s+(?:provide|circulate|share|send|supply|bring|report)\b"
        r"|\b(?:would|will)\s+be\s+(?:circulated|provided|shared|sent)\b|\bundertook\s+to\b"
        r"|\boffered\s+to\s+(?:provide|circulate|share|send)\b"
    ),
    re.IGNORECASE,
)


def _under_actions(blocks, block):
    """An entry of the list below "Actions:"."""
    if not block.label:
        return False
    for before in reversed(blocks[max(0, block.number - 8) : block.number]):
        if not before.label:
            return bool(re.match(r"ACTIONS?\b[^.]{0,60}:?$|Actions?\b[^.]{0,60}:$", before.text))
    return False


def promises_of(blocks, used):
    """(undertakings, missed): sentences outside the resolutions."""
    undertakings, missed = [], []
    for block in blocks:
        if block.number in used or re.match(
            r"(?:To (?:consider|receive|note|approve)|RESOLVED|Recommended)\b", block.text
        ):
            continue
        listed = _under_actions(blocks, block)
        action = ACTION.match(block.text) or listed
        for a, b in sentences(block.text):
            sentence = block.text[a:b]
            passage = Passage(squeeze(sentence), block.place(a, b))
            if PROMISE.search(sentence) or (action and a == 0) or ACTION.match(sentence):
                undertakings.append(passage)
            if ASKED.search(sentence):
                missed.append(passage)
    return tuple(undertakings), tuple(missed)
