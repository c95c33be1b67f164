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
            r"|\bdeclared\s+lost|\bvoted\s+down|\bnegatived|\b(?:voted|vote)\s+(?:[\w()-]+\s+){0,4}against\s+(?:the"
            r"|this|that|it)\b|\bnot\s+adopted|(?:^|\.\s)Not\s+(?:approved|agreed|carried)"
            r"|\bdid\s+not\s+(?:support|agree|receive)|\bnot\s+seconded|\bno\s+seconder"
        ),
    ),
    ("withdrawn", re.compile(r"\b(?:withdrew|withdrawn|WITHDRAWN|withdraw)\b")),
    (
        "carried",
        re.compile(
            r"\b(?:CARRIED|carried|Carried|PASSED|passed)\b|\b(?:was|were|and|it was"
            r"|vote(?: and)?)\s+(?:unanimously\s+|duly\s+|then\s+)?(?:AGREED|agreed|approved|APPROVED"
            r"|adopted|accepted|supported|unanimous)\b|(?:^|[.;]\s)(?:Approved|Adopted"
            r"|Accepted|APPROVED)\b|\b[Aa]ccepted\s+by\s+the\s+mover|\b[Aa]ll\s+(?:in\s+favour|agreed)"
            r"|\bAgreed\b|\bUNANIMOUS\w*"
            r"|\bUnanimous\w*|\bmotion was (?:agreed|approved|unanimous)|\bin favour,? and it was"
            r"|\b[Uu]nanimously\s+(?:agreed|approved|carried)"
        ),
    ),
]
RESOLVED = re.compile(
    r"\bRESOLVED\b|^AGREED\b|^(?:DECISION|Decision|DECISIONS|Decisions)\s*:?(?:$"
    r"|(?=.*\b(?:agreed|approved|resolved)\b))|^and (?:it was )?[Aa]greed\b|^Resolved\b"
    r"|\b(?:it was|and) (?:unanimously )?(?:resolved|agreed)\b"
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
COUNTED = re.compile(r"The vot(?:e|ing) was\b|There (?:was|were)\b")
NUMBERS = dict(
    zip(
        words("one two three four five six seven eight nine ten"),
        range(1, 11),
        strict=True,
    )
)


# "the MOTION received 7 votes and the AMENDMENT 5, and the MOTION was CARRIED": one vote between the two.
DIVISION = re.compile(
    r"\bmotion\b.*\bamendment\b.*\b(?P<winner>motion|amendment)\s+(?:was\s+)?(?:\w+\s+)?(?:declared\s+)?(?:carried"
    r"|became)\b"
    r"|\bamendment\b.*\bmotion\b.*\b(?P<other>motion|amendment)\s+(?:was\s+)?(?:\w+\s+)?(?:declared\s+)?(?:carried"
    r"|became)\b",
    re.IGNORECASE | re.DOTALL,
)


def _divisions(blocks, items, drafts):
    for number, item in enumerate(items):
        mine = [d for d in drafts if d.item == number]
        amendment = next((d for d in reversed(mine) if d.amendment), None)
        motion = next((d for d in mine if not d.amendment), None)
        if not amendment or not motion:
            continue
        for block in blocks[amendment.block + 1 : item.end]:
            match = DIVISION.search(block.text[:1500])
            if match and re.search(r"\bvotes?\b", block.text):
                won = (match["winner"] or match["other"]).lower() == "motion"
                motion.outcome, amendment.outcome = ("carried", "lost") if won else ("lost", "carried")


def outcomes_of(blocks, items, drafts, votes):
    """Walk on from each motion to the words that tell its fate."""
    voting = {n for v in votes for n in range(v.start, v.end + 1) if len(v.said) < 60 and not v.inside}
    for k, draft in enumerate(drafts):
        following = drafts[k + 1] if k + 1 < len(drafts) else None
        last = items[draft.item].end
        for n in range(draft.block, last):
            if following and n > following.block:
                break
            text = blocks[n].text
            begin = draft.start if n == draft.block else 0
            stop = following.start if following and following.block == n else len(text)
            if draft.outcome or n in voting or not _tells(draft, text[begin:stop], n, begin, text[:stop]):
                continue
            break
    _substantive(blocks, items, drafts)
    _divisions(blocks, items, drafts)


def _resolved_around(draft, text):
    """ "On the motion of X, it was RESOLVED that ..." and "RESOLVED that ... (Cllr X proposed)"."""
    after = re.search(
        r"\b(?:it\s+was|and)\s+(?:unanimously\s+|duly\s+)?(?:RESOLVED|AGREED|resolved)\b", text[draft.start :]
    )
    before = text[: draft.start]
    stated = re.search(r"\bRESOLVED\b[^()]*(?:\([^()]*\)[^()]*)*(?:\(|\bproposed\s+by\b)[^()]*$", before)
    return bool(after or stated)


def _tells(draft, text, n, begin, whole):
    if n == draft.block and _resolved_around(draft, whole):
        draft.outcome = "carried"
        return True
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
        outcome = outcome_in(sentence, first=n == draft.block and a == 0) or _counted(sentence)
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


def _counted(sentence):
    """ "The vote was 4 in favour and 1 against": the larger number tells the fate."""
    yes, no = tally_in(sentence) if COUNTED.match(sentence) else (None, None)
    if yes is None or no is None or yes == no:
        return None
    return "carried" if yes > no else "lost"


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
            spans = sentences(blocks[n].text)
            for k, (a, b) in enumerate(spans):
                sentence = blocks[n].text[a:b]
                if re.search(
                    r"\b(?:motion|proposal|proposition|precept)\b.*\bput\b", sentence, re.I
                ) and not outcome_in(sentence, False):
                    sentence = blocks[n].text[a : spans[min(k + 1, len(spans) - 1)][1]]
                about = SUBSTANTIVE.search(sentence) or (
                    not original.outcome
                    and re.search(r"\b(?:motion|proposal|proposition)\b", sentence, re.I)
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
