"""How much of real and invented minutes the reader finds. The floors may rise, never fall."""

import json
import re
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from actions.minutes.reader import read
from actions.minutes.text import text_of

HERE = Path(__file__).parent / "corpus"
UNSEEN = HERE.parent / "unseen"
REAL = Path(__file__).parents[4] / "shared" / "minutes"
needs_real = pytest.mark.skipif(
    not REAL.is_dir(), reason="the folder ../shared/minutes with real minutes is not here"
)

KINDS = (
    "attendance",
    "apologies",
    "resolutions",
    "kinds",
    "elements",
    "windows",
    "motions",
    "votes",
    "errata",
)
# What is reached with the larger corpus, less a little; an unseen text of a new layout does worse.
FLOORS = {
    "attendance": 0.97,
    "apologies": 0.95,
    "resolutions": 0.96,
    "kinds": 0.85,
    "elements": 0.88,
    "windows": 0.92,
    "motions": 0.85,
    "votes": 0.95,
    "errata": 0.9,
}
FLOORS_UNSEEN = FLOORS | {
    "attendance": 0.85,
    "apologies": 0.9,
    "resolutions": 0.9,
    "kinds": 0.7,
    "elements": 0.6,
    "windows": 0.55,
    "motions": 0.7,
    "votes": 0.65,
    "errata": 0.3,
}


def words(text):
    flat = unicodedata.normalize("NFKD", str(text or "")).replace("’", "'").lower()
    return re.findall(r"[^\W_]+", re.sub(r"[\u0300-\u036f]", "", flat))


def person(name):
    """Surname and a title that tells two namesakes apart."""
    known = [
        w
        for w in words(re.sub(r"\(.*?\)", "", str(name)))
        if w not in {"obe", "mbe", "cbe", "dl", "qpm", "jp"}
    ]
    return known[-1] if known else ""


def opening(text, most=5):
    """The first words, without the lead-in that some print and some do not."""
    found = words(text)
    while len(found) > 1 and found[0] in {"that", "to", "the", "a", "an", "t", "h"}:
        found = found[1:]
    return tuple(found[:most])


def same_opening(one, other):
    shortest = min(len(one), len(other))
    return shortest > 0 and one[:shortest] == other[:shortest]


def overlap(expected, found, same=lambda a, b: a == b):
    """(right, too many, missed), each entry used once."""
    left = list(found)
    right = 0
    for wanted in expected:
        match = next((one for one in left if same(wanted, one)), None)
        if match is not None:
            left.remove(match)
            right += 1
    return Counter(right=right, extra=len(left), missed=len(expected) - right)


def names(entries):
    return [person(entry["name"] if isinstance(entry, dict) else entry) for entry in entries or []]


def required(gold, key):
    return [entry for entry in gold.get(key) or [] if not (isinstance(entry, dict) and entry.get("optional"))]


def without_optional(gold, key, found, same):
    """What matches an optional entry counts neither for nor against."""
    optional = [e for e in gold.get(key) or [] if isinstance(e, dict) and e.get("optional")]
    firm = required(gold, key)
    return [f for f in found if any(same(e, f) for e in firm) or not any(same(e, f) for e in optional)]


def same_resolution(gold, found):
    return same_opening(opening(gold["first_words"]), opening(found["text"]))


def same_motion(gold, found):
    return person(gold.get("mover")) == person(found["mover"]) and gold["outcome"] == found["outcome"]


def compare(gold, found):
    """A Counter of right, extra and missed for each kind of fact."""
    resolutions = without_optional(gold, "resolutions", found["resolutions"], same_resolution)
    motions = without_optional(gold, "motions", found["motions"], same_motion)
    wanted = required(gold, "requests")
    elements = [opening(e) for q in wanted for e in q["element_first_words"]]
    optional = [
        opening(e) for q in gold.get("requests") or [] if q.get("optional") for e in q["element_first_words"]
    ]
    given = [opening(e) for q in found["requests"] for e in q["elements"]]
    given = [e for e in given if not any(same_opening(e, o) for o in optional)]
    sides = ("recorded_for", "recorded_against", "abstained")
    return {
        "attendance": overlap(names(gold.get("attendance")), names(found["attendance"])),
        "apologies": overlap(names(gold.get("apologies")), names(found["apologies"])),
        "resolutions": overlap(required(gold, "resolutions"), resolutions, same_resolution),
        "kinds": overlap(
            required(gold, "resolutions"),
            resolutions,
            lambda g, f: same_resolution(g, f) and g["kind"] == f["kind"],
        ),
        "elements": overlap(elements, given, same_opening),
        "windows": overlap(_windows(wanted), _windows(found["requests"])),
        "motions": overlap(required(gold, "motions"), motions, same_motion),
        "votes": sum(
            (overlap(_votes(required(gold, "motions"), s), _votes(motions, s)) for s in sides),
            start=Counter(),
        ),
        "errata": overlap(["x"] * len(gold.get("errata") or []), ["x"] * len(found["errata"])),
    }


def _windows(requests):
    return [(q["due_start"], q["due_end"]) for q in requests if q["due_start"] or q["due_end"]]


def _votes(motions, side):
    return [name for motion in motions for name in names(motion[side])]


def corpus(folder=HERE):
    files = [f for f in sorted(folder.glob("*.*")) if f.suffix != ".json" and f.with_suffix(".json").exists()]
    return [(f, json.loads(f.with_suffix(".json").read_text(encoding="utf-8"))) for f in files]


def real():
    return [
        (f, json.loads((REAL / "expected" / f"{f.stem}.json").read_text(encoding="utf-8")))
        for f in sorted(REAL.glob("*.txt"))
    ]


def reading(file, gold):
    day = gold.get("meeting_date_given")
    return read(text_of(file.read_bytes(), file.name), day and date.fromisoformat(day)).as_json()


def totals(cases):
    sums = {kind: Counter() for kind in KINDS}
    for file, gold in cases:
        for kind, counts in compare(gold, reading(file, gold)).items():
            sums[kind] += counts
    return sums


def shares(counts):
    """(precision, recall); 1 where there was nothing to find."""
    found, wanted = counts["right"] + counts["extra"], counts["right"] + counts["missed"]
    return (counts["right"] / found if found else 1.0, counts["right"] / wanted if wanted else 1.0)


def check(sums, floors=FLOORS):
    for kind, counts in sums.items():
        precision, recall = shares(counts)
        print(
            f"{kind:12} found {counts['right']:3} of {counts['right'] + counts['missed']:3}, "
            f"{counts['extra']} too many"
        )
        assert precision >= floors[kind], f"{kind}: precision {precision:.2f}"
        assert recall >= floors[kind], f"{kind}: recall {recall:.2f}"


@pytest.mark.skipif(not corpus(), reason="no invented minutes in the corpus folder")
def test_invented_minutes_of_many_layouts_are_read():
    check(totals(corpus()))


def test_minutes_the_reader_was_never_shown_are_read_almost_as_well():
    """What another council may expect. Rules are never written after these texts, or they would say nothing."""
    check(totals(corpus(UNSEEN)), FLOORS_UNSEEN)


def bare(text):
    """Without white space, and without page numbers that stand on a line of their own."""
    return "".join(re.sub(r"\n\s*(?:-\s*)?\d{1,3}(?:\s*-)?\s*\n", "\n", text).split())


@pytest.mark.parametrize(("file", "gold"), corpus(), ids=lambda v: v.name if isinstance(v, Path) else "")
def test_everything_is_in_the_minutes_own_words(file, gold):
    """Text and place say the same: labels and bullets, and the "; and" between entries, belong to neither.

    Only a list that was broken over lines in mid-sentence keeps the label it had there.
    """
    minutes = read(text_of(file.read_bytes(), file.name))
    points = [p for s in minutes.sections for p in (*s.key_points, *s.discussion_points)]
    elements = [element for request in minutes.requests for element in request.elements]
    others = (*minutes.resolutions, *minutes.undertakings, *minutes.missed, *minutes.errata)
    for passage in (*others, *points, *elements):
        start, end = passage.at
        assert bare(passage.text) == bare(minutes.text[start:end]), file.name


@pytest.mark.parametrize(("file", "gold"), corpus(), ids=lambda v: v.name if isinstance(v, Path) else "")
def test_due_phrases_are_in_the_minutes_own_words(file, gold):
    minutes = read(text_of(file.read_bytes(), file.name))
    for request in minutes.requests:
        start, end = minutes.resolutions[request.resolution].at
        assert not request.due_text or request.due_text in " ".join(minutes.text[start:end].split())


def test_a_page_that_is_only_an_agenda_holds_no_decisions():
    pages = [(f, g) for f, g in corpus() if not g.get("resolutions") and not g.get("motions")]
    for file, gold in pages:
        found = reading(file, gold)
        assert (found["resolutions"], found["requests"], found["motions"]) == ([], [], []), file.name


@needs_real
def test_real_minutes_are_read():
    check(totals(real()))


@pytest.fixture
def leeds():
    return read((REAL / "leeds-2023-03-08.txt").read_text(encoding="utf-8"))


@needs_real
class TestTheMinutesThisBeganWith:
    """domain F.2 to F.9"""

    def test_eleven_people_attended_for_the_item(self, leeds):
        assert len(leeds.attendance) == 11
        assert {a.group for a in leeds.attendance} == {"in_attendance"}

    def test_three_appendices(self, leeds):
        assert [paper.number for paper in leeds.appendices] == ["1", "2", "3"]

    def test_one_erratum_that_does_not_say_what_was_wrong(self, leeds):
        (erratum,) = leeds.errata
        assert (erratum.wrong, erratum.correct, erratum.announced_by) == (None, "8th March 2023", "Chair")

    def test_sections_with_key_and_discussion_points(self, leeds):
        counts = [(len(s.key_points), len(s.discussion_points)) for s in leeds.sections]
        assert counts == [(4, 8), (5, 5), (7, 4)]
        assert len({s.introduced_by for s in leeds.sections}) == 3

    def test_one_lost_proposal_with_two_recorded_votes(self, leeds):
        (motion,) = leeds.motions
        assert (motion.outcome, motion.seconder, motion.requested_by_count) == ("lost", None, 2)
        assert len(motion.recorded_for) == 2
        assert (motion.recorded_against, motion.abstained) == ((), ())
        assert "16.5" in motion.rule
        assert (motion.votes_for, motion.votes_against) == (None, None)

    def test_two_limbs(self, leeds):
        assert [(r.label, r.kind) for r in leeds.resolutions] == [("(a)", "note"), ("(b)", "request_report")]

    def test_one_request_with_its_words_and_window(self, leeds):
        (request,) = leeds.requests
        assert request.due_text == "September/October 2023"
        assert (request.due_start, request.due_end) == (date(2023, 9, 1), date(2023, 10, 31))
        assert request.resolution == 1

    def test_seven_elements_in_order(self, leeds):
        elements = leeds.requests[0].elements
        assert len(elements) == 7
        assert [e.at for e in elements] == sorted(e.at for e in elements)
        assert (elements[0].due_start, elements[0].due_end) == (date(2023, 7, 1), date(2023, 7, 31))
        assert elements[5].condition.startswith("dependent upon")
        assert [n for n, e in enumerate(elements) if e.condition] == [5]

    def test_nothing_is_invented(self, leeds):
        assert (leeds.meeting_date, leeds.item_title, leeds.minute_number) == (None, None, None)
        assert leeds.supporting_documents == ()
