"""The partnership's review cases and what they taught, as data. Days are working days after the stage before."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from .days import add_months, working_day

PARTNERS_AGREE = {"local_authority": ("agrees", ""), "health": ("agrees", ""), "police": ("agrees", "")}


def ago(days):
    return lambda calendar: calendar.ago(days)


def a_year_before(days):
    """So many days into the calendar quarter of a year ago, so that one quarter has more than a few cases."""

    def day(calendar):
        first = add_months(calendar.today, -12 - (calendar.today.month - 1) % 3)
        return working_day(first + timedelta(days=days + 2))

    return day


@dataclass(frozen=True)
class At:
    """A stage: so many working days after the one before, with what was decided and what was asked for."""

    code: str
    after: int = 0
    decision: str = ""
    note: str = ""
    who: str = ""
    views: dict = field(default_factory=dict)
    late: str = ""
    facts: dict = field(default_factory=dict)
    publication_in: int = 0  # working days from this stage to the planned publication
    following: str = ""


@dataclass(frozen=True)
class Case:
    key: str
    kind: str
    begins: Callable
    stages: list
    themes: list = field(default_factory=list)
    origin: str = ""
    opened_by: str = ""  # the case whose last stage began this one
    seen_by: list = field(default_factory=list)  # (body, working days after the last stage, outcome)


def rapid_review(decision, *, notified=4, late="", panel="agrees", views=PARTNERS_AGREE, then=()):
    """A rapid review from the day the local authority became aware to its end, sent within 15 working days."""
    return [
        At("aware"),
        At("partners_told", 2),
        At("notified", notified - 2, views=PARTNERS_AGREE, late=late),
        At("gathering", 1),
        At("panel_meeting", 8, who="Review Advisory Group"),
        At("partner_decision", 2, decision, views=views, who="ESCP Executive"),
        At("sent_to_panel", 3),
        At("panel_responded", 10, panel),
        *(then or [At("closed", 2)]),
    ]


PUBLISHED_TITLE = "Learning from a local child safeguarding practice review: neglect seen over time"
EARLIER_TITLE = "Learning from a local child safeguarding practice review: harm outside the home"
PLACES = "https://escp.example.org/reviews/"

CASES = [
    Case(
        "earlier-cspr",
        "cspr",
        ago(760),
        [
            At("decided", views=PARTNERS_AGREE),
            At("scoping", 15),
            At(
                "reviewer_appointed",
                12,
                facts={
                    "reviewer": "Dr Oona Castellane, independent reviewer",
                    "independence": "No link to any agency",
                },
            ),
            At("in_progress", 5),
            At("draft_report", 55),
            At("agreed", 10, "full_report", views=PARTNERS_AGREE, publication_in=14),
            At("sent_to_panel_sos", 2, publication_in=12),
            At("published", 12, facts={"title": EARLIER_TITLE, "link": f"{PLACES}harm-outside-the-home"}),
        ],
        themes=["EXP", "CUR", "INF"],
        seen_by=[
            ("Review Advisory Group", -30, "Findings agreed"),
            ("LSCP Executive", -14, "Report agreed for publication"),
            ("National Panel", -12, "Copy sent"),
            ("Scrutiny Board", 25, "Considered with the yearly report"),
        ],
    ),
    Case(
        "neglect",
        "rapid_review",
        ago(560),
        rapid_review("lcspr"),
        themes=["NEG", "CUM"],
        seen_by=[("Review Advisory Group", -12, "Recommended a practice review")],
    ),
    Case(
        "neglect-cspr",
        "cspr",
        ago(535),
        [
            At("decided", views=PARTNERS_AGREE, who="ESCP Executive"),
            At("scoping", 20),
            At(
                "reviewer_appointed",
                15,
                facts={
                    "reviewer": "Ms Thandeka Voss, independent reviewer",
                    "independence": "Has not worked here",
                },
            ),
            At("in_progress", 5),
            At("monitored", 20),
            At("delay_told", 30, note="Court proceedings run beside the review and have priority."),
            At("draft_report", 35),
            At("agreed", 14, "full_report", views=PARTNERS_AGREE, publication_in=15),
            At("sent_to_panel_sos", 3, publication_in=12),
            At(
                "published",
                12,
                late="Court proceedings beside the review had to end first. The Panel was told.",
                facts={"title": PUBLISHED_TITLE, "link": f"{PLACES}neglect-seen-over-time"},
            ),
        ],
        themes=["NEG", "CUM", "CUR", "VOC"],
        origin="neglect",
        seen_by=[
            ("Review Advisory Group", -40, "Findings agreed"),
            ("LSCP Executive", -15, "Report agreed for publication"),
            ("National Panel", -12, "Copy sent"),
            ("Scrutiny Board", 40, "Noted; asked how it is shown that practice changed"),
        ],
    ),
    Case(
        "late-notice",
        "rapid_review",
        ago(470),
        rapid_review(
            "no_lcspr_learning_identified",
            notified=8,
            late="Whether the criteria were met was clear only after the health partner had answered.",
        ),
        themes=["NOT", "BAB"],
    ),
    Case(
        "not-notified",
        "rapid_review",
        ago(440),
        [
            At("referred", who="Police"),
            At("aware", 1),
            At(
                "not_notified",
                5,
                note="The criteria are not met; the police would have notified. A local review follows.",
                views={
                    "local_authority": ("agrees", ""),
                    "health": ("agrees", ""),
                    "police": ("disagrees", "The harm should be read as serious."),
                },
            ),
            At("closed", 6),
        ],
        themes=["NOT", "THR"],
    ),
    Case(
        "handover-review",
        "local_review",
        ago(425),
        [
            At("proposed", who="Review Advisory Group"),
            At("agreed", 8),
            At("scoped", 10),
            At("in_progress", 5),
            At("findings_agreed", 50),
            At(
                "brief_published",
                8,
                facts={
                    "title": "Learning brief: when families move between areas",
                    "link": f"{PLACES}moving",
                },
            ),
            At("learning_disseminated", 10),
            At("closed", 40),
        ],
        themes=["HAN", "INF"],
        origin="not-notified",
        seen_by=[("Review Advisory Group", -50, "Findings agreed"), ("LSCP Executive", -40, "Noted")],
    ),
    *[
        Case(f"busy-{number}", "rapid_review", a_year_before(days), rapid_review(decision), themes=themes)
        for number, (days, decision, themes) in enumerate(
            [
                (4, "no_lcspr_learning_identified", ["BAB", "PMH"]),
                (7, "no_lcspr_learning_identified", ["DOM", "RSK"]),
                (11, "other_local_learning", ["ONL"]),
                (15, "criteria_not_met", ["THR"]),
                (20, "no_lcspr_learning_identified", ["SUB", "NVB"]),
                (26, "no_lcspr_learning_identified", ["CUR", "RSK"]),
            ]
        )
    ],
    Case(
        "disputed",
        "rapid_review",
        ago(330),
        rapid_review(
            "no_lcspr_learning_identified",
            panel="disagrees",
            views=PARTNERS_AGREE | {"health": ("disagrees", "A review would teach more.")},
            then=[
                At(
                    "decision_reviewed",
                    8,
                    "lcspr",
                    note="The Panel’s reasons were accepted: two agencies’ work together is to be looked at.",
                    views=PARTNERS_AGREE,
                    who="ESCP Executive",
                ),
                At("closed", 3),
            ],
        ),
        themes=["RDA", "RSO"],
    ),
    Case(
        "disputed-cspr",
        "cspr",
        ago(285),
        [
            At("decided", views=PARTNERS_AGREE, who="ESCP Executive"),
            At("scoping", 18),
            At("reviewer_appointed", 14, facts={"reviewer": "Mr Idris Pellew, independent reviewer"}),
            At("in_progress", 6),
            At("delay_told", 40, note="A criminal trial is to be heard first."),
            At("paused", 3, note="A criminal trial is to be heard first; the time limit goes on."),
        ],
        themes=["RDA", "RSO"],
        origin="disputed",
        seen_by=[("Review Advisory Group", -5, "Pause agreed")],
    ),
    Case(
        "withdrawn",
        "rapid_review",
        ago(250),
        [
            At("aware"),
            At("notified", 4, views=PARTNERS_AGREE),
            At("gathering", 1),
            At("withdrawn", 5, note="The Panel was told that the criteria are not met."),
        ],
        themes=["NOT"],
    ),
    Case(
        "to-be-published",
        "cspr",
        ago(170),
        [
            At("decided", views=PARTNERS_AGREE, who="ESCP Executive"),
            At("scoping", 15),
            At("reviewer_appointed", 12, facts={"reviewer": "Dr Oona Castellane, independent reviewer"}),
            At("in_progress", 5),
            At("draft_report", 55),
            At("agreed", 12, "full_report", views=PARTNERS_AGREE, publication_in=38),
        ],
        themes=["PMH", "ADU"],
        seen_by=[("Review Advisory Group", -12, "Findings agreed")],
    ),
    Case(
        "spring",
        "rapid_review",
        ago(140),
        rapid_review("no_lcspr_learning_identified"),
        themes=["CUR", "NVB"],
    ),
    Case("summer", "rapid_review", ago(80), rapid_review("other_local_learning"), themes=["ESC"]),
    Case(
        "turned",
        "local_review",
        ago(40),
        [
            At("proposed", who="Review Advisory Group"),
            At("agreed", 5),
            At(
                "converted_to_notification",
                8,
                note="What came to light meets the criteria for a notification.",
                following="turned-notice",
            ),
        ],
        themes=["NOT"],
    ),
    Case(
        "turned-notice",
        "rapid_review",
        ago(40),
        [At("partners_told", 1), At("notified", 2, views=PARTNERS_AGREE), At("gathering", 1)],
        themes=["NOT"],
        opened_by="turned",
    ),
    Case(
        "running",
        "rapid_review",
        ago(20),
        [At("aware"), At("partners_told", 1), At("notified", 3), At("gathering", 1)],
    ),
    Case("new", "rapid_review", ago(3), [At("aware", who="Local authority")]),
    Case(
        "audit-voice",
        "audit",
        ago(380),
        [
            At("planned"),
            At("tool_agreed", 10, facts={"sample_size": 24}),
            At("fieldwork", 15),
            At("moderated", 20),
            At("findings_reported", 10),
            At(
                "brief_published",
                5,
                facts={"title": "Multi-agency audit: the voice of the child", "link": f"{PLACES}audit-voice"},
            ),
            At("actions_open", 3),
            At("re_audit_due", 100),
            At("closed", 20, facts={"practice_change": "better"}),
        ],
        themes=["VOC", "IMP"],
        seen_by=[
            ("Review Advisory Group", -140, "Findings reported"),
            ("LSCP Executive", -120, "Actions agreed"),
        ],
    ),
    Case(
        "audit-supervision",
        "audit",
        ago(60),
        [At("planned"), At("tool_agreed", 12, facts={"sample_size": 8}), At("fieldwork", 10)],
        themes=["WFD"],
    ),
    Case(
        "national",
        "national_review",
        ago(400),
        [
            At("announced", who="Child Safeguarding Practice Review Panel"),
            At("in_progress", 10),
            At(
                "published",
                120,
                facts={
                    "title": "National review: safeguarding babies in their first weeks",
                    "link": "https://panel.example.org/babies",
                },
            ),
            At(
                "local_response_agreed",
                25,
                note="Three actions; safer sleep is brought into every first visit.",
            ),
        ],
        themes=["BAB", "NVB"],
        seen_by=[("Review Advisory Group", 10, "Local response agreed"), ("LSCP Executive", 20, "Agreed")],
    ),
]


@dataclass(frozen=True)
class Learned:
    """A learning point. Its `steps` are (state, working days after the one before, who, note)."""

    case: str
    text: str
    owner: str
    themes: list
    steps: list = field(default_factory=list)
    after: int = 5  # working days after the case's last stage
    due: int = 60  # working days after it was recorded
    spread: list = field(default_factory=list)  # (kind, what, days after, audience, reached, target)
    agencies: list = field(
        default_factory=list
    )  # (body, passed on, how, what shows it, grade, who, days after)
    evidence: list = field(default_factory=list)  # (grade, what, days after)
    behind: tuple = ()  # (action, element numbers)


ESCP, POLICE = "ESCP Executive", "Wenlow Valley Police"
HOSPITAL, ICB, CHILDREN = "Exampleton General", "Wenlow Valley ICB", "Children and Families Directorate"
BOARD_ASKED = ("cf-partnership-update", 1)
GROUP = "Review Advisory Group"


def path(*codes, days=8, notes=None):
    notes = notes or {}
    return [(code, days, "", notes.get(code, "")) for code in codes]


TO_ASSIGNED = ("accepted", "assigned")
TO_REPORTED = (*TO_ASSIGNED, "in_progress", "reported_complete")
TO_CHECK = (*TO_REPORTED, "assured", "embedded_check_due")

LEARNED = [
    Learned(
        "earlier-cspr",
        "Staff are curious about what they are told and ask the next question, also where adults seem to co-operate.",
        CHILDREN,
        ["CUR", "DCO"],
        path(*TO_CHECK, "embedded", "closed"),
        spread=[
            ("brief", "Seven-minute guide: professional curiosity", 10, "All front-line staff", 410, 460),
            ("training", "Refresher training in asking the next question", 30, "Social workers", 148, 160),
        ],
        agencies=[
            (
                CHILDREN,
                "yes",
                "Team meetings",
                "Dip sample of 20 supervision records",
                "E4",
                "Head of Service",
                40,
            ),
            (
                POLICE,
                "yes",
                "Briefings at the start of shifts",
                "Attendance lists",
                "E2",
                "Detective Inspector",
                45,
            ),
        ],
        evidence=[
            ("E2", "Attendance at the refresher training", 35),
            ("E4", "Dip sample of supervision records", 70),
        ],
        behind=(BOARD_ASKED, [1]),
    ),
    Learned(
        "earlier-cspr",
        "What is known about places of risk reaches every agency on the day it is known.",
        POLICE,
        ["INF", "EXP"],
        path(
            *TO_CHECK, "not_embedded", notes={"not_embedded": "Two of five agencies still learn of it late."}
        ),
        spread=[("policy", "Protocol on places of risk", 20, "All agencies", None, None)],
        agencies=[(POLICE, "yes", "Standing order", "Order of the day", "E1", "Chief Inspector", 30)],
        evidence=[("E1", "The protocol", 20)],
    ),
    Learned(
        "neglect-cspr",
        "Neglect is looked at over time: a chronology is kept and read before each decision.",
        CHILDREN,
        ["NEG", "CUM"],
        path(*TO_REPORTED, "assured"),
        spread=[
            ("brief", "One-page guide: cumulative harm", 12, "All agencies", 520, 700),
            ("event", "Practitioner event on neglect", 35, "Front-line practitioners", 96, 120),
        ],
        agencies=[
            (CHILDREN, "yes", "Supervision", "Chronologies in 18 of 20 files", "E4", "Head of Service", 50),
            (HOSPITAL, "partly", "Ward meetings", "", "E2", "Named Nurse", 50),
            (POLICE, "asked", "", "", "", "", 0),
        ],
        evidence=[
            ("E3", "Evaluation of the practitioner event", 45),
            ("E4", "Dip sample of chronologies", 60),
        ],
        behind=(BOARD_ASKED, [1, 3]),
    ),
    Learned(
        "neglect-cspr",
        "The voice of the child is written down in the child’s own words and changes the plan.",
        ESCP,
        ["VOC"],
        path(*TO_REPORTED),
        spread=[
            ("masterclass", "Regional masterclass on direct work", 25, "Social workers and nurses", 74, None)
        ],
        agencies=[(ICB, "yes", "Newsletter", "The newsletter", "E1", "Designated Nurse", 30)],
        evidence=[("E2", "Attendance at the masterclass", 30)],
        behind=(BOARD_ASKED, [3]),
    ),
    Learned(
        "neglect-cspr",
        "Professional curiosity is part of every supervision.",
        HOSPITAL,
        ["CUR", "WFD"],
        path(*TO_ASSIGNED, "in_progress"),
        spread=[("supervision", "Prompt sheet for supervision", 15, "Supervisors", 31, 58)],
    ),
    Learned(
        "neglect-cspr",
        "Fathers and wider family are asked for and written down.",
        ICB,
        ["ENG"],
        path(*TO_ASSIGNED),
    ),
    Learned(
        "neglect-cspr",
        "Letters to families are written in plain words.",
        "",
        ["LNG"],
        path("accepted"),
    ),
    Learned(
        "neglect-cspr",
        "Every agency uses the same form for a chronology.",
        POLICE,
        ["SYS"],
        path("not_accepted", notes={"not_accepted": "Agencies keep records by law in their own systems."}),
    ),
    Learned(
        "handover-review",
        "When a family moves, the new area is spoken to before the case is closed.",
        CHILDREN,
        ["HAN"],
        path(*TO_CHECK, days=6),
        spread=[("policy", "Checklist for handing over", 15, "Social workers", None, None)],
        evidence=[("E3", "Quiz on the checklist, 62 answers", 40)],
    ),
    Learned(
        "handover-review",
        "Schools are told on the day a plan changes.",
        CHILDREN,
        ["EDU", "INF"],
        path(*TO_CHECK, "embedded", days=6),
        evidence=[("E5", "Pupils say that school knew and helped", 80)],
        spread=[("bulletin", "Bulletin to schools", 10, "Designated safeguarding leads", 118, 118)],
    ),
    Learned(
        "audit-voice",
        "Views of children too young to speak are recorded from what is seen.",
        ESCP,
        ["NVB", "VOC"],
        after=2,
    ),
    Learned(
        "disputed",
        "Agencies explain their risk assessments to each other.",
        POLICE,
        ["RDA"],
        path("accepted"),
        after=3,
    ),
]
