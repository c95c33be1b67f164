"""The themes the product starts with (domain B.2, T-3). Officers add others and put these into their own words.

Each line: code, preferred label, other names and tell-tale words, plain English.
"""

from django.db import migrations
from django.utils import timezone

THEMES = {
    1: [
        (
            "VOC",
            "Voice and lived experience of the child",
            [
                "voice of the child",
                "voice of children",
                "child's voice",
                "child's own voice",
                "lived experience",
                "child's daily life",
            ],
            "Finding out from and about the child what life is like for them, and acting on it",
        ),
        (
            "INV",
            "Invisible children",
            ["unseen child", "hidden child", "hidden sibling"],
            "A child nobody saw alone or asked about",
        ),
        (
            "NVB",
            "Non-verbal and very young children",
            ["babies", "pre-mobile", "non-mobile", "non-verbal"],
            "Reading behaviour and injury when a child cannot speak",
        ),
        (
            "DIS",
            "Disabled children",
            ["children with disabilities", "disability"],
            "Signs of harm put down to disability",
        ),
        (
            "IDE",
            "Identity, race and culture",
            ["anti-racist practice", "intersectionality", "ethnicity", "cultural competence"],
            "Whether ethnicity, faith, culture and discrimination were understood",
        ),
    ],
    2: [
        (
            "CUR",
            "Professional curiosity",
            ["respectful uncertainty"],
            "Not taking things at face value; asking the next question",
        ),
        (
            "DCO",
            "Apparent or superficial co-operation",
            ["disguised compliance", "superficial co-operation", "apparent co-operation"],
            "Adults seem to co-operate so that services step back",
        ),
        (
            "RSK",
            "Accurate and timely risk assessment",
            ["assessment of risk", "risk assessment"],
            "Judging danger soundly, on time, and updating it",
        ),
        (
            "RDA",
            "Different agencies' risk assessments",
            ["differing risk tools", "agencies' risk assessment", "risk assessment processes of agencies"],
            "Agencies use different methods and may not understand each other's results",
        ),
        (
            "CUM",
            "Cumulative harm",
            ["cumulative risk", "start-again syndrome", "history and chronology", "chronology"],
            "Looking at the pattern over time, not each event alone",
        ),
        ("NOR", "Normalisation", ["desensitisation", "generational abuse"], "Poor care becomes expected"),
        (
            "THR",
            "Thresholds and decision-making",
            ["threshold", "step-up", "step-down"],
            "Whether the right level of help was chosen",
        ),
        (
            "BIA",
            "Bias and over-optimism",
            ["rule of optimism", "over-optimism", "unconscious bias"],
            "Believing the good news too easily",
        ),
    ],
    3: [
        (
            "INF",
            "Information sharing",
            ["share information", "information is shared", "data sharing"],
            "The right facts reaching the right people in time",
        ),
        (
            "ESC",
            "Escalation and resolving concerns",
            [
                "escalation",
                "escalate",
                "resolution of concerns",
                "concerns resolution",
                "professional challenge",
            ],
            "Staff speak up when they disagree and know the steps",
        ),
        (
            "NOT",
            "Notification decision-making",
            ["notification process", "serious incident notification", "decision to notify"],
            "How partners decide whether an incident must be notified",
        ),
        (
            "EQU",
            "Equal partnership and challenge",
            ["equal partners", "constructive challenge"],
            "All partners heard, open and robust discussion",
        ),
        (
            "STR",
            "Strategy discussions and multi-agency meetings",
            ["strategy discussion", "strategy meeting", "multi-agency meeting"],
            "Right people, right time, clear actions",
        ),
        (
            "HAN",
            "Handover and transitions",
            ["handover", "transition", "cross-border", "moving areas"],
            "Gaps when responsibility moves",
        ),
        (
            "ADU",
            "Adult and children's services joined up",
            ["think family", "adult services"],
            "Seeing adults' problems as risks for children",
        ),
        (
            "EDU",
            "Schools and education",
            ["school", "education", "children not in school"],
            "Schools informed and involved",
        ),
        (
            "CRT",
            "Courts and judicial decision-making",
            ["family court", "judiciary"],
            "What family courts decide and learn",
        ),
        (
            "S7R",
            "Section 7 reports",
            ["section 7"],
            "Quality and oversight of reports to court in private disputes",
        ),
    ],
    4: [
        ("NEG", "Neglect", [], "Not meeting basic needs, over time"),
        (
            "PHY",
            "Physical harm, non-accidental injury",
            ["physical harm", "physical abuse", "non-accidental injury"],
            "Somebody hurts a child's body on purpose",
        ),
        (
            "CSA",
            "Child sexual abuse",
            ["sexual abuse", "intra-familial abuse"],
            "A child is drawn into sexual activity, often by somebody they know",
        ),
        (
            "RSO",
            "Management of registered sex offenders",
            ["registered sex offender", "public protection", "MAPPA"],
            "Adults with convictions who may have contact with children",
        ),
        (
            "DOM",
            "Domestic abuse and coercive control",
            ["domestic abuse", "domestic violence", "coercive control"],
            "One person at home frightens, hurts or controls another, and children live with it",
        ),
        (
            "EXP",
            "Exploitation and harm outside the home",
            ["exploitation", "CCE", "CSE", "extra-familial harm", "county lines"],
            "Children used or harmed by people beyond their family",
        ),
        (
            "SUI",
            "Suicide and self-harm",
            ["suicide", "self-harm"],
            "Children who hurt themselves or take their own life",
        ),
        (
            "BAB",
            "Safer sleep, sudden infant death",
            ["safer sleep", "safe sleep", "sudden infant death", "SUDI"],
            "Babies who die unexpectedly, and what makes their sleep safer",
        ),
        (
            "ONL",
            "Online harm",
            ["online safety", "online abuse"],
            "Harm that reaches children through the internet",
        ),
    ],
    5: [
        (
            "POV",
            "Poverty",
            ["child poverty", "cost of living"],
            "Money hardship affecting children's outcomes",
        ),
        (
            "ACE",
            "Adverse childhood experiences and trauma",
            ["adverse childhood experience", "trauma", "trauma-informed"],
            "Hard things early in life, and how services allow for what they do to people",
        ),
        (
            "PMH",
            "Parental mental health",
            ["mental health of parents", "maternal mental health"],
            "How a parent's mental illness affects the care of their child",
        ),
        (
            "SUB",
            "Substance misuse",
            ["drug misuse", "alcohol misuse"],
            "Adults' use of drugs or alcohol puts children at risk",
        ),
        (
            "ENG",
            "Engagement of fathers and wider family",
            ["fathers", "male carers", "wider family"],
            "Fathers, partners and relatives are asked, heard and included",
        ),
    ],
    6: [
        ("EHP", "Early help / family help", ["early help", "family help"], "Help before things get worse"),
        (
            "WFD",
            "Workforce development and supervision",
            ["workforce development", "supervision", "training", "masterclass", "practice standards"],
            "Training, supervision, practice standards",
        ),
        (
            "SYS",
            "Systems kept up to date",
            ["case systems", "case recording", "systems are kept up to date"],
            "Records and flags entered on time",
        ),
        (
            "LNG",
            "Language and jargon",
            ["jargon", "shared definitions", "shared language"],
            "Words everyone understands the same way",
        ),
        (
            "DEM",
            "Oversight, including democratic oversight",
            ["democratic oversight", "accountability"],
            "Which bodies see and challenge what",
        ),
        (
            "DSM",
            "Dissemination of learning",
            ["disseminate", "dissemination", "share learning", "cascade"],
            "Getting lessons to the people who need them",
        ),
        (
            "IMP",
            "Evidencing impact on outcomes",
            ["so-what", "improve outcomes", "impact on outcomes", "evidence of impact"],
            "Showing that practice and children's lives changed",
        ),
        ("GPR", "Good practice", ["best practice", "strengths-based"], "What worked well, to repeat"),
        (
            "NAT",
            "Influencing national policy",
            ["national policy", "national review", "Working Together"],
            "Feeding local experience upward",
        ),
        (
            "PAR",
            "Information for parents and public",
            ["information for parents", "website", "signposting"],
            "What families and the public can find out for themselves",
        ),
    ],
}
CAUTIONS = {
    "DCO": (
        "Many people still say “disguised compliance”. The term is contested: it can mislead, and it can put the "
        "blame on a parent instead of saying what happened. Describe what the adult did and what services then did. "
        "Minutes keep the words that were used."
    ),
}


def rows():
    """The values of every starter theme. The place in order runs on through all groups."""
    position = 0
    for group, themes in THEMES.items():
        for code, label, also_called, plain_english in themes:
            position += 1
            yield {
                "code": code,
                "label": label,
                "group": group,
                "also_called": "\n".join(also_called),
                "plain_english": plain_english,
                "caution": CAUTIONS.get(code, ""),
                "position": position,
            }


def add_themes(apps, schema_editor):
    """Historical models write no history of their own, so the first row of it is written here."""
    for values in rows():
        theme = apps.get_model("reviews", "Theme").objects.create(**values)
        apps.get_model("reviews", "HistoricalTheme").objects.create(
            id=theme.pk,
            **values,
            history_date=timezone.now(),
            history_type="+",
            history_change_reason="Ships with the product",
        )


def take_away(apps, schema_editor):
    """Only what nobody uses goes; PROTECT keeps the rest from vanishing."""
    codes = [values["code"] for values in rows()]
    apps.get_model("reviews", "Theme").objects.filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [("reviews", "0006_themes")]

    operations = [migrations.RunPython(add_themes, take_away)]
