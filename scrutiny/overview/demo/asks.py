"""What the boards asked: the minutes brought in, the words put into them, and what the officer mended by hand."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from .days import full, month, months

TEXTS = Path(__file__).parent / "minutes"


@dataclass(frozen=True)
class Brought:
    """One text for the meeting of `board` so many meetings `back`; `words` fills its blanks from the calendar.

    `actions` are the short titles the officer gave, in the order of the minutes, each with the post that answers;
    `report` is the title of the paper and `report_of` the body that wrote it. Codes of themes are put on the points
    that begin as in `said`, on the elements whose numbers in the first action are in `asked`, and on the paper.
    """

    text: str
    board: str
    back: int
    words: Callable
    actions: list = field(default_factory=list)
    title: str = ""
    report: str = ""
    report_of: str = ""
    said: dict = field(default_factory=dict)
    asked: dict = field(default_factory=dict)
    told: tuple = ()
    finished: bool = True

    def filled(self, calendar):
        held = calendar.held(self.board, self.back)
        own = {"meeting_day": full(held), "meeting_weekday": f"{held:%A}, {full(held)}"}
        return (TEXTS / f"{self.text}.txt").read_text("utf-8").format_map(own | self.words(calendar))


MINUTES = [
    Brought(
        "cf-partnership-update",
        "CF",
        7,
        lambda c: {"window": months(c.held("CF", 3)), "review_month": month(c.held("CF", 5))},
        [("Further report on the agreed elements", ("ESCP Executive", "Business Manager"))],
        report="ESCP update: report of the Head of Democratic Services",
        report_of="Borough of Exampleton",
        said={
            "How confident practitioners felt": ["ESC"],
            "The different ways in which agencies assessed risk": ["RDA"],
            "The same few messages came back": ["VOC", "LNG", "CUR"],
            "The importance of the child’s own words": ["VOC"],
            "How the partners would know": ["IMP"],
        },
        asked={
            1: ["NOT"],
            2: ["ESC"],
            3: ["VOC", "DSM", "IMP"],
            4: ["LNG"],
            5: ["RDA"],
            6: ["NOT"],
        },
        told=("NOT", "VOC", "LNG", "CUR"),
    ),
    Brought(
        "ah-safeguarding-adults",
        "AH",
        6,
        lambda c: {"window": months(c.held("AH", 3)), "follow_up": months(c.held("AH", 2))},
        [
            ("Safeguarding adults: training, waiting times and learning", ("ESAB", "Independent Chair")),
            (
                "The new national code of practice and its cost",
                ("Adult Social Care Directorate", "Director"),
            ),
        ],
        report="Annual report of the Exampleton Safeguarding Adults Board",
        report_of="ESAB",
    ),
    Brought(
        "pe-flooding",
        "PE",
        5,
        lambda c: {"window": month(c.held("PE", 2)), "water_month": month(c.held("PE", 3))},
        [
            ("Surface water flooding: further report", ("Environment and Highways Directorate", "Director")),
            ("The Tanner’s Row sewer and investment in the lower town", None),
        ],
        report="Surface water flooding, one year on",
        report_of="Environment and Highways Directorate",
    ),
    Brought(
        "ah-hospital-discharge",
        "AH",
        4,
        lambda c: {"late_window": months(c.months_on(-2)), "window": months(c.today)},
        [
            ("Leaving hospital: waiting, readmissions and carers", ("Wenlow Valley ICB", "Medical Director")),
            ("Care at home after hospital", ("Adult Social Care Directorate", "Director")),
        ],
        report="Leaving hospital: discharge and care at home",
        report_of="Wenlow Valley ICB",
    ),
    Brought(
        "cf-partnership-progress",
        "CF",
        3,
        lambda c: {
            "asked_day": full(c.held("CF", 7)),
            "window": months(c.today),
            "police_month": month(c.months_on(-1)),
        },
        [
            ("Confidence, children’s voices and the glossary", ("ESCP Executive", "Business Manager")),
            ("Disagreements over risk: briefing note", ("Wenlow Valley Police", "District Commander")),
        ],
        report="Further report of the ESCP Executive",
        report_of="ESCP Executive",
        said={
            "Numbers trained said little": ["ESC", "IMP"],
            "Evidence that children’s own words": ["VOC"],
            "Understanding between agencies": ["RDA"],
        },
        asked={1: ["ESC"], 2: ["VOC"], 3: ["LNG"]},
        told=("NOT", "ESC", "LNG"),
    ),
    Brought(
        "pe-safer-routes",
        "PE",
        3,
        lambda c: {"window": month(c.months_on(3)), "police_window": months(c.today)},
        [
            ("Safer routes to school: further report", ("Environment and Highways Directorate", "Director")),
            ("Speed enforcement outside schools", ("Wenlow Valley Police", "District Commander")),
        ],
        title="Safer Routes to School",
        report="Safer routes to school",
        report_of="Environment and Highways Directorate",
    ),
    Brought(
        "cf-care-leavers",
        "CF",
        2,
        lambda c: {"window": month(c.months_on(4))},
        [("Care leavers: homes, travel and the offer", ("Children and Families Directorate", "Director"))],
        title="Care Leavers: The Local Offer",
        report="Care leavers: the local offer",
        report_of="Children and Families Directorate",
    ),
    Brought("pe-waste-draft", "PE", 1, lambda c: {"window": month(c.months_on(6))}, finished=False),
]

# An action the officer opened for a limb whose words ask for no report; it comes after those of the minutes.
RECOMMENDED = ("cf-care-leavers", "(c)", "Council tax relief for care leavers")

KEPT_BACK = {  # board, meetings back: title, resolved, paragraphs of Schedule 12A, why
    ("CF", 2): (
        "Fees of independent fostering agencies",
        "That the range of fees now being agreed with the agencies be noted.",
        "3",
        "The agencies’ prices would be known to each other while they are being agreed.",
    ),
    ("AH", 2): (
        "Legal advice on a care provider",
        "That the advice be noted.",
        "3,5",
        "The council’s legal position would be weakened if the advice were known.",
    ),
}
TOPICS = {  # what else the boards took, by month
    "CF": {
        6: "Sources of Work for the Year",
        7: "School Attendance",
        9: "Fostering: Recruiting and Keeping Carers",
        10: "Early Help: Annual Review",
        12: "Budget Proposals",
        1: "Youth Justice Plan",
        3: "Holiday Activities and Food",
        4: "Special Educational Needs: Waiting Times",
    },
    "AH": {
        6: "Sources of Work for the Year",
        7: "Dental Services",
        9: "Suicide Prevention",
        10: "Winter Resilience",
        12: "Budget Proposals",
        1: "Carers’ Strategy",
        3: "Healthy Ageing",
        4: "Quality Accounts",
    },
    "PE": {
        6: "Sources of Work for the Year",
        7: "Tree Planting",
        9: "Bus Services",
        10: "Winter Gritting",
        12: "Budget Proposals",
        1: "Parks and Play Areas",
        3: "Air Quality Action Plan",
        4: "Markets and High Streets",
    },
}
AMENDED = (
    "PE",
    5,
    "In the list of those attending, “Flood Risk Manager” to read “Principal Flood Risk Manager”.",
)
