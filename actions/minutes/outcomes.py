"""What became of a motion: carried, lost or withdrawn, and how it was decided (domain V-1, V-3)."""

import re

from .sentences import sentences
from .vocabulary import words
from .votes import tally_in

OUTCOMES = [
    (
        "lost",
        re.compile(
            r"\bNOT\s+CARRIED|\bnot\s+(?:carried|agreed|approved|supported|accepted)\b|\b(?:LOST|lost|Lost"
            r"|FELL|fell|falls|DEFEATED|defeated|REJECTED|rejected|failed|FAILED)\b|\bnot\s+to\s+support\b"
            r"|\bdeclared\s+lost|\bvoted\s+down|\bnegatived|\b(?:voted|vote)\s+(?:[\w()-]+\s+){0,4}against\s+(?:the|this|that|it)\b|\bnot\s+adopted|(?:^|\.\s)Not\s+(?:approved|agreed|carried)|\bdid\s+not\s+(?:support|agree|receive)|\bnot\s+seconded|\bno\s+seconder"
        ),
    ),
    ("withdrawn", re.compile(r"\b(?:withdrew|withdrawn|WITHDRAWN|withdraw)\b")),
    (
        "carried",
        re.compile(
            r"\b(?:CARRIED|carried|Carried|PASSED|passed)\b|\b(?:was|were|and|it was"
            r"|vote(?: and)?)\s+(?:unanimously\s+|duly\s+|then\s+)?(?:AGREED|agreed|approved|APPROVED"
            r"|adopted|accepted|supported|unanimous)\b|(?:^|[.;]\s)(?:Approved|Adopted|Accepted|APPROVED)\b|\b[Aa]ccepted\s+by\s+the\s+mover|\b[Aa]ll\s+in\s+favour|\bAgreed\b|\bUNANIMOUS\w*"
            r"|\bUnanimous\w*|\bmotion was (?:agreed|approved|unanimous)|\bin favour,? and it was"
            r"|\b[Uu]nanimously\s+(?:agreed|approved|carried)"
        ),
    ),
]
RESOLVED = re.compile(
    r"\bRESOLVED\b|^AGREED\b|^(?:DECISION|Decision|DECISIONS|Decisions)\s*:?(?:$|(?=.*\b(?:agreed|approved|resolved)\b))|^and (?:it was )?[Aa]greed\b|^Resolved\b|\b(?:it was|and) (?:unanimously )?(?:resolved|agreed)\b"
)
SUBSTANTIVE = re.compile(
    r"\bsubstantive\b|\boriginal motion\b|\bmotion(?:,)? as amended\b|\bmain motion\b", re.IGNORECASE
)
TALK = re.compile(
    r"\bif\b|\bshould\b|\bwould\b|\bcould\b|\bprevious(?:ly)?\b|\blast (?:meeting|year)\b", re.IGNORECASE
)
ASKED = re.compile(
    (
        r"\bvote\s*,?\s*(?:was\s+|being\s+|having been\s+)?(?:requested|demanded"
        r"|called for)\s+by\s+(?P<n>\w+)\s+(?:members|councillors)"
    ),
    re.IGNORECASE,
)
NUMBERS = dict(
    zip(
        words("one two three four five six seven eight nine ten"),
        range(1, 11),
        strict=True,
    )
)


def outcomes_of(blocks, items, drafts, votes):
    """Walk on from each motion to the words that tell its fate."""
    voting = {n for v in votes for n in range(v.start, v.end + 1) if len(v.said) < 60}
    for k, draft in enumerate(drafts):
        following = drafts[k + 1] if k + 1 < len(drafts) else None
        last = items[draft.item].end
        for n in range(draft.block, last):
            if following and n > following.block:
                break
            text = blocks[n].text
            begin = draft.start if n == draft.block else 0
            stop = following.start if following and following.block == n else len(text)
            if draft.outcome or n in voting or not _tells(draft, text[begin:stop], n, begin):
                continue
            break
    _substantive(blocks, items, drafts)


def _tells(draft, text, n, begin):
    if n == draft.block and begin == draft.start:
        text = text  # the sentence of the motion itself may end in its fate
    for a, b in sentences(text):
        sentence = text[a:b]
        if (
            SUBSTANTIVE.search(sentence)
            and draft.amendment
            and not re.search(r"\bamendment\b.*\b(?:carried|lost|agreed|CARRIED|LOST)\b|became", sentence)
        ):
            continue
        if (
            draft.amendment
            and re.search(r"\bmotion\b", sentence, re.I)
            and not re.search(r"amendment", sentence, re.I)
        ):
            continue
        outcome = outcome_in(sentence, first=n == draft.block and a == 0)
        if outcome:
            _decide(draft, outcome, sentence)
            return True
        asked = ASKED.search(sentence)
        if asked:
            draft.asked = NUMBERS.get(asked["n"].lower()) or (
                int(asked["n"]) if asked["n"].isdigit() else None
            )
    if RESOLVED.search(text) and n > draft.block and not draft.outcome:
        draft.outcome = "carried"
        return True
    return False


def outcome_in(sentence, first):
    for outcome, pattern in OUTCOMES:
        match = pattern.search(sentence)
        if not match or (
            TALK.search(sentence[: match.start()])
            and not re.search(
                r"vote|motion|amendment|Board|Committee|Commission|Panel", sentence[: match.start()], re.I
            )
        ):
            continue
        if (
            first
            and outcome == "carried"
            and not re.search(
                (
                    r"carried|CARRIED|agreed unanimously|all in favour|motion was|and (?:it was )?(?:agreed"
                    r"|approved)|resolved"
                ),
                sentence[match.start() - 20 if match.start() > 20 else 0 :],
                re.I,
            )
        ):
            continue
        return outcome
    return None


def _decide(draft, outcome, sentence):
    draft.outcome = outcome
    yes, no = tally_in(sentence)
    draft.counts = (yes, no, None)
    asked = ASKED.search(sentence)
    if asked:
        draft.asked = NUMBERS.get(asked["n"].lower()) or (int(asked["n"]) if asked["n"].isdigit() else None)
    draft.how = _how(sentence, yes is not None)


def _how(sentence, counted):
    if re.search(r"casting vote", sentence, re.I):
        return "chairs_casting_vote"
    if re.search(r"unanimous|all in favour|nem\.? con", sentence, re.I):
        return "unanimous"
    if re.search(r"recorded vote", sentence, re.I):
        return "recorded_vote"
    if counted or re.search(r"\bvote\b|show of hands|put to", sentence, re.I):
        return "vote_show_of_hands"
    if re.search(r"majority", sentence, re.I):
        return "majority_view"
    return "consensus" if re.search(r"consensus|agreed", sentence, re.I) else None


def _substantive(blocks, items, drafts):
    """The fate of the substantive motion is the fate of the motion first moved."""
    for number, item in enumerate(items):
        mine = [d for d in drafts if d.item == number]
        if len(mine) < 2:
            continue
        original = next((d for d in mine if not d.amendment), None)
        for n in range(mine[-1].block if original else item.end, item.end):
            for a, b in sentences(blocks[n].text):
                sentence = blocks[n].text[a:b]
                about = SUBSTANTIVE.search(sentence) or (
                    not original.outcome
                    and re.search(r"\bmotion\b", sentence, re.I)
                    and not re.search(r"amendment", sentence, re.I)
                )
                outcome = about and outcome_in(sentence, False)
                if outcome and not re.search(r"became|becomes", sentence):
                    original.outcome = None
                    _decide(original, outcome, sentence)
        if (
            original
            and not original.outcome
            and any(RESOLVED.search(blocks[n].text) for n in range(mine[-1].block, item.end))
        ):
            original.outcome = "carried"
