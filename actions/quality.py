"""How clear an ask is: who, what, by when, and how the Board will know (field-notes: "quality of asks").

Nothing here is a rule: minutes keep the Board's words. It is advice to the officer who drafts them.
"""

import re
from dataclasses import dataclass

WEAK = [  # words that leave open what would count as done, and what to write instead
    (r"not(?:e|es|ed|ing)", "asks nothing of anybody. Say what should be done once it is noted."),
    (
        r"consider(?:s|ed|ing|ation)?",
        "is done as soon as somebody has thought about it. Say what should come of it.",
    ),
    (r"monitor(?:s|ed|ing(?! officer))?", "has no end. Say what is reported to the Board, and when."),
    (
        r"(?:explor|examin)(?:e|es|ed|ing)|look(?:s|ed|ing)? (?:at|into)",
        "has no result of its own. Ask for a report or a decision.",
    ),
    (r"continu(?:e|es|ed|ing)", "asks for nothing new. Say what should be different, and by when."),
    (
        r"as appropriate|where possible|in due course|if necessary",
        "lets the owner decide whether and when. Say it outright.",
    ),
    (r"(?:encourag|promot)(?:e|es|ed|ing)", "cannot be checked. Say what somebody will do."),
]
WEAK = [(re.compile(rf"\b(?:{words})\b", re.IGNORECASE), advice) for words, advice in WEAK]
SHOWN_BY = re.compile(
    r"\b(reports?|evidence\w*|figures|data|numbers?|percentages?|survey\w*|audit\w*|findings|results|outcomes?|"
    r"impacts?|timetable|plan|publish\w*|summary|breakdown|assurance|details?|update|progress|briefing)\b",
    re.IGNORECASE,
)
ENOUGH_WORDS = 4


@dataclass(frozen=True)
class Question:
    """One of the four questions, with what answers it; `answer` is empty where nothing does."""

    asked: str
    answer: str
    missing: str


@dataclass(frozen=True)
class Clarity:
    """What the officer who drafts an element is told about it."""

    text: str
    questions: list
    notes: list

    @property
    def is_clear(self):
        return not self.notes and all(question.answer for question in self.questions)


def clarity_of(element, action):
    """The clarity of an element of an action as it is drafted. Neither need be saved."""
    return Clarity(element.text, questions(element, action), notes_on(element.text))


def questions(element, action):
    """The four questions an ask should answer by itself."""
    shown_by = SHOWN_BY.search(element.text)
    enough = len(element.text.split()) >= ENOUGH_WORDS
    return [
        Question("Who", _who(action), "Choose the body, and the post that answers for it."),
        Question("What", "In the words above" if enough else "", "Say what should be there when it is done."),
        Question("By when", _when(element, action), "Give a window, such as September/October."),
        Question(
            "How will we know",
            f"It asks for “{shown_by[0]}”" if shown_by else "",
            "Say what the Board will see: a report, figures, evidence of a difference.",
        ),
    ]


def notes_on(text):
    """A sentence for each weak wording in a text, in the order of the text, each once."""
    found = [(match.start(), match[0], advice) for words, advice in WEAK if (match := words.search(text))]
    return [f"“{words}” {advice}" for _, words, advice in sorted(found)]


def _who(action):
    if action.post:
        return str(action.post)
    return str(action.addressee) if action.addressee_id else ""


def _when(element, action):
    for asked in (element, action):
        if asked.due_words:
            return asked.due_words
        if asked.due_to:
            return f"{asked.due_to:%-d %B %Y}"
    return ""
