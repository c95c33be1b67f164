"""What became of the asks: words received, reports that answer, what the boards judged, windows that moved.

An action is named by the text it came from and its number there; elements by their numbers in the action.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from .days import month, working_day

ESCP, POLICE_NOTE = ("cf-partnership-update", 1), ("cf-partnership-progress", 2)
ESCP_AGAIN = ("cf-partnership-progress", 1)
CARE_LEAVERS, TAX_RELIEF = ("cf-care-leavers", 1), ("cf-care-leavers", 2)
ADULTS, CODE = ("ah-safeguarding-adults", 1), ("ah-safeguarding-adults", 2)
HOSPITAL, HOME = ("ah-hospital-discharge", 1), ("ah-hospital-discharge", 2)
FLOOD, SEWER = ("pe-flooding", 1), ("pe-flooding", 2)
ROUTES, SPEED = ("pe-safer-routes", 1), ("pe-safer-routes", 2)


def ago(days):
    return lambda calendar: calendar.ago(days)


def after(board, back, days):
    """So many days after the board's meeting so many meetings ago."""
    return lambda calendar: working_day(calendar.held(board, back) + timedelta(days=days))


@dataclass(frozen=True)
class Proof:
    """A piece of evidence: `file` is the text of a small file, kept under `name`."""

    grade: str
    title: str
    link: str = ""
    name: str = ""
    file: str = ""


@dataclass(frozen=True)
class Word:
    """An update: on which elements, when, what the owner says, in whose words, with what to show for it."""

    action: tuple
    elements: tuple
    day: Callable
    says: str
    who: str
    text: str
    proofs: list = field(default_factory=list)
    came: str = "E-mail"


@dataclass(frozen=True)
class Answered:
    """A report received at a meeting: one that was brought in (`minutes`), or one of an item named here."""

    action: tuple
    board: str
    back: int
    covers: dict  # element: (coverage, paragraph, note)
    minutes: str = ""
    item: str = ""
    report: str = ""
    author: str = ""


@dataclass(frozen=True)
class Judged:
    """What the board judged under an item: one that was brought in (`minutes`), or one named here."""

    action: tuple
    board: str
    back: int
    judged: dict  # element: (code of the category, comment)
    minutes: str = ""
    item: str = ""


LENA = "Lena Fischer, Business Manager"
GARETH = "Gareth Loxley, Business Manager"
TRACKING = "Recommendation Tracking"

WORDS = [
    Word(
        ESCP,
        (1,),
        after("CF", 7, 30),
        "in_progress",
        GARETH,
        "The scrutineer has begun the review. Interviews with the three partners are booked.",
    ),
    Word(
        ESCP,
        (2,),
        after("CF", 6, 12),
        "in_progress",
        GARETH,
        "Sessions on escalation have started: 110 practitioners in the first month, from all three partners.",
        [
            Proof("E1", "Slides of the session on escalation", "https://escp.exampleton.example/escalation"),
            Proof(
                "E2",
                "Who came to the sessions, by agency",
                name="escalation-sessions.csv",
                file="agency,people\nCouncil,61\nHealth,34\nPolice,15\n",
            ),
        ],
    ),
    Word(
        ESCP,
        (4,),
        after("CF", 5, 15),
        "complete",
        LENA,
        "The glossary of forty terms is on the Partnership’s website and in the induction of all three partners.",
        [
            Proof("E1", "Glossary, first edition", "https://escp.exampleton.example/glossary"),
            Proof(
                "E3", "Quiz taken by 90 new starters before and after", "https://escp.exampleton.example/quiz"
            ),
        ],
    ),
    Word(
        ESCP,
        (1,),
        after("CF", 4, 6),
        "complete",
        LENA,
        "The review is finished and was adopted by the ESCP Executive with nine recommendations.",
        [
            Proof(
                "E4",
                "Findings of the review, with an audit of thirty decisions",
                "https://escp.exampleton.example/notification-review",
            )
        ],
    ),
    Word(
        ESCP,
        (6,),
        after("CF", 4, 6),
        "in_progress",
        LENA,
        "The partners sent a joint response. The Government has not said when it will publish its own.",
        [Proof("E1", "Joint response to the consultation", "https://escp.exampleton.example/consultation")],
    ),
    Word(
        ESCP,
        (3,),
        after("CF", 2, 14),
        "in_progress",
        LENA,
        "An audit of plans found children’s own words in six of ten, against four of ten a year before.",
        [
            Proof(
                "E5",
                "Audit of plans: what changed for children, without any personal detail",
                "https://escp.exampleton.example/voice-audit",
            )
        ],
    ),
    Word(
        ESCP,
        (5,),
        ago(7),
        "blocked",
        LENA,
        "The joint training on risk waits for the police’s new recording system, which has been put off.",
        came="Telephone call",
    ),
    Word(
        ESCP_AGAIN,
        (1,),
        ago(4),
        "in_progress",
        LENA,
        "The survey closed with 412 replies. The first tables are being read.",
        [Proof("E2", "Number of replies by agency", "https://escp.exampleton.example/survey")],
    ),
    Word(
        ESCP_AGAIN,
        (2, 3),
        ago(4),
        "not_started",
        LENA,
        "This is taken up once the survey is done.",
    ),
    Word(
        POLICE_NOTE,
        (1, 2),
        after("CF", 2, 20),
        "in_progress",
        "Superintendent Oluwaseun Bright-Adeyemi",
        "The form is in use in two districts. The note will follow when the third has started.",
    ),
    Word(
        CARE_LEAVERS,
        (1,),
        ago(6),
        "in_progress",
        "Perpetua Mwangi-Lowe, Head of Care Leavers",
        "A count of homes by area has been asked for from the housing service.",
    ),
    Word(
        ADULTS,
        (1,),
        after("AH", 5, 18),
        "complete",
        "Marguerite Fontaine-Obi, Independent Chair",
        "All housing officers have had the half-day on self-neglect. Referrals from housing have doubled since.",
        [
            Proof(
                "E4", "Referrals from housing before and after", "https://esab.exampleton.example/referrals"
            ),
        ],
    ),
    Word(
        ADULTS,
        (3,),
        after("AH", 5, 18),
        "in_progress",
        "Marguerite Fontaine-Obi, Independent Chair",
        "A monthly bulletin for small providers has begun.",
        [Proof("E1", "First three bulletins", "https://esab.exampleton.example/bulletin")],
    ),
    Word(
        CODE,
        (1, 2),
        after("AH", 3, 10),
        "not_started",
        "Office of the Director of Adult Social Care",
        "The code has not been published. The Department expects it next year.",
        came="Letter",
    ),
    Word(
        HOSPITAL,
        (1,),
        after("AH", 3, 9),
        "in_progress",
        "Dr Anneliese Obuya-Crane, Medical Director",
        "Times by ward are being taken from the new bed system; two wards are not on it yet.",
    ),
    Word(
        HOSPITAL,
        (2,),
        after("AH", 2, 11),
        "blocked",
        "Dr Anneliese Obuya-Crane, Medical Director",
        "The Trust and the Board’s analysts do not yet have an agreement to share the figures.",
    ),
    Word(
        HOSPITAL,
        (4,),
        after("AH", 2, 11),
        "complete",
        "Tadeusz Kowal, Head of Integrated Discharge",
        "Medicines are now ordered the day before. Half of all patients have them by noon.",
        [Proof("E2", "Medicines ready by noon, by week", "https://exampleton-general.example/medicines")],
    ),
    Word(
        HOME,
        (1,),
        ago(3),
        "in_progress",
        "Office of the Director of Adult Social Care",
        "The hours that could not be provided are down by a third in the north; the coast is unchanged.",
        [Proof("E2", "Hours by area and month", "https://exampleton.example/care-at-home")],
    ),
    Word(
        HOME,
        (2,),
        after("AH", 2, 15),
        "in_progress",
        "Office of the Director of Adult Social Care",
        "Two in three of those helped at home after hospital need less help, or none, after six weeks.",
        [Proof("E5", "Help needed after six weeks", "https://exampleton.example/reablement")],
    ),
    Word(
        HOME,
        (4,),
        ago(5),
        "in_progress",
        "Bronwen Sallis, Healthwatch Exampleton",
        "Sixty interviews have been held with people who left hospital, and twenty more are planned.",
        came="Telephone call",
    ),
    Word(
        FLOOD,
        (1,),
        after("PE", 4, 16),
        "complete",
        "Philippa Vance-Iqbal, Flood Risk Manager",
        "Gullies in the lower town are cleared four times a year, and blocked ones are on a public map.",
        [
            Proof("E2", "Public map of gullies", "https://exampleton.example/gullies"),
        ],
    ),
    Word(
        FLOOD,
        (3,),
        after("PE", 3, 12),
        "in_progress",
        "Philippa Vance-Iqbal, Flood Risk Manager",
        "Calls at night go to the neighbouring council on trial.",
    ),
    Word(
        FLOOD,
        (4,),
        ago(6),
        "in_progress",
        "Philippa Vance-Iqbal, Flood Risk Manager",
        "Two of five culverts have been surveyed; the machine for the narrow ones is on hire from next month.",
    ),
    Word(
        SEWER,
        (2,),
        after("PE", 2, 13),
        "cannot_do",
        "Rhys Cadwallader, Regional Manager",
        "The investment plan cannot be given out before the regulator has decided on it.",
        came="Letter",
    ),
    Word(
        SPEED,
        (1, 2),
        ago(5),
        "in_progress",
        "Inspector Lachlan Dunmore",
        "The figures are being put together with the volunteers.",
    ),
    Word(
        ROUTES,
        (2, 4),
        after("PE", 2, 20),
        "in_progress",
        "Nadezhda Pell, Road Safety Manager",
        "Thirty schools have asked to take part, the two that ended their scheme not among them.",
    ),
    Word(
        TAX_RELIEF,
        (1,),
        after("CF", 2, 25),
        "in_progress",
        "Secretary to the Executive",
        "The notice was received. The Executive takes the recommendation together with its budget.",
        came="Letter",
    ),
    Word(
        CARE_LEAVERS,
        (4,),
        ago(6),
        "in_progress",
        "Perpetua Mwangi-Lowe, Head of Care Leavers",
        "The Forum meets twice before the report is written.",
    ),
    Word(
        ROUTES,
        (1,),
        ago(2),
        "in_progress",
        "Nadezhda Pell, Road Safety Manager",
        "Counts have been taken at eleven school streets. Four are still to be done.",
        [Proof("E1", "First table of counts", "https://exampleton.example/school-streets")],
    ),
]

ANSWERS = [
    Answered(
        ESCP,
        "CF",
        3,
        {
            1: ("fully", "2.1 to 2.9", "Findings of the review are at Appendix B."),
            2: ("partly", "3.1 to 3.4", "Numbers trained, and nothing yet on confidence."),
            3: ("partly", "4.1 to 4.6", "Dissemination is shown, outcomes are not."),
            4: ("fully", "5.1", "Glossary in use."),
            5: ("partly", "6.2", "One paragraph only."),
            6: ("not", "", "The Government has not responded."),
            7: ("fully", "7.1 to 7.5", "Table of who oversees a published review."),
        },
        minutes="cf-partnership-progress",
    ),
    Answered(
        ADULTS,
        "AH",
        3,
        {
            1: ("fully", "2.1 to 2.8", "Training and its effect on referrals."),
            2: ("fully", "3.1 to 3.3", "Waiting times by day of the week."),
            3: ("partly", "4.1", "Care homes are covered, small providers only in part."),
            4: ("fully", "5.1 to 5.4", ""),
        },
        item="Safeguarding Adults: Further Report",
        report="Safeguarding adults: further report to the Scrutiny Board",
        author="Exampleton Safeguarding Adults Board",
    ),
    Answered(
        ADULTS,
        "AH",
        2,
        {3: ("fully", "1.2 to 1.6", "Small providers are now covered.")},
        item=TRACKING,
        report="Learning shared with small providers: supplementary note",
        author="Exampleton Safeguarding Adults Board",
    ),
    Answered(
        FLOOD,
        "PE",
        2,
        {
            1: ("fully", "2.1 to 2.5", "Clearing by street."),
            2: ("partly", "3.1 to 3.6", "Take-up is given; help for those who cannot pay is not."),
            3: ("partly", "4.2", "The trial has run for six weeks."),
            4: ("not", "", "The survey is not finished."),
            5: ("fully", "6.1", "Forty-two wardens, all trained."),
        },
        item="Surface Water Flooding: Further Report",
        report="Surface water flooding: further report",
        author="Environment and Highways Directorate",
    ),
]

JUDGEMENTS = [
    Judged(
        ESCP,
        "CF",
        3,
        {
            1: ("2", "The Board thanked the scrutineer for a frank review."),
            2: ("4", "To come back with the results of the survey."),
            3: ("5", "The Board wants evidence that children notice a difference."),
            4: ("1", ""),
            5: ("3", "The police’s recording system stands in the way."),
        },
        minutes="cf-partnership-progress",
    ),
    Judged(ESCP, "CF", 1, {2: ("4", "Progress since the last meeting was accepted.")}, item=TRACKING),
    Judged(
        ADULTS,
        "AH",
        3,
        {1: ("2", ""), 2: ("2", "Weekends to be watched by the directorate."), 3: ("4", ""), 4: ("1", "")},
        item="Safeguarding Adults: Further Report",
    ),
    Judged(ADULTS, "AH", 2, {3: ("2", "Small providers are now covered.")}, item=TRACKING),
    Judged(HOSPITAL, "AH", 1, {3: ("6", "To be taken with the report that is awaited.")}, item=TRACKING),
    Judged(
        FLOOD,
        "PE",
        2,
        {
            1: ("Green", ""),
            2: ("Amber", "Help for those who cannot pay is to be set out."),
            3: ("Red", "A trial is not an arrangement."),
        },
        item="Surface Water Flooding: Further Report",
    ),
]

PARTS = (
    (ESCP, 3),
    [
        ("a", "How the child’s own voice is captured"),
        ("b", "Evidence that learning from reviews is spread"),
        ("c", "Evidence that it improves outcomes for children"),
    ],
)


@dataclass(frozen=True)
class Looked:
    """The officer looked at a condition, and will again on another day."""

    action: tuple
    element: int
    day: Callable
    again: Callable
    why: str


CONDITIONS = [
    Looked(
        HOME,
        3,
        after("AH", 4, 25),
        ago(6),
        "The review has not reported. Its secretariat expects to know more by then.",
    ),
    Looked(
        ESCP,
        6,
        after("CF", 4, 20),
        lambda calendar: calendar.months_on(2),
        "The Government has given no date for its response.",
    ),
    Looked(
        CODE,
        1,
        after("AH", 3, 12),
        lambda calendar: calendar.months_on(3),
        "The code is expected next year.",
    ),
]

MOVED_WINDOW = {
    "action": ESCP,
    "day": ago(0),
    "month": lambda calendar: calendar.months_on(2),
    "words": lambda calendar: month(calendar.months_on(2)),
    "reason": "The Board judged three elements unfinished and wants them with the results of the survey.",
    "agreed_by": "The Chair, by e-mail",
}

# The period and the days of presentation are told from the meeting that received it; days are days after it.
YEARLY_REPORT = {
    "board": "CF",
    "back": 2,
    "item": "Exampleton Safeguarding Children Partnership: Yearly Report",
    "resolved": "That the yearly report be noted, together with the period of eighteen months it covers.",
    "title": "Yearly report of the Exampleton Safeguarding Children Partnership",
    "author": "ESCP Executive",
    "months": 18,
    "ended": 5,  # months before the meeting
    "published": -35,
    "summary": (
        "Eighteen months, because the Partnership moved its reporting to the end of the school term. "
        "Some incidents of the period were still notified later than the law allows."
    ),
    "themes": ["NOT", "NEG", "VOC"],
    "presented": [
        ("LSCP Executive", -40, "Agreed for publication"),
        ("Executive Board", 20, "Noted; the delay in notifying to be reported on again"),
    ],
}
