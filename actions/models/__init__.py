from actions.models.asks import Action, DueRevision, Element, ElementPart, Undertaking
from actions.models.imports import MinutesImport
from actions.models.messages import Message
from actions.models.progress import Answer, ElementLearning, Evidence, Judgement, ProgressUpdate
from actions.models.tags import ElementTheme
from actions.models.tracker import Suggestion, TrackerImport

__all__ = [
    "Action",
    "Answer",
    "DueRevision",
    "Element",
    "ElementLearning",
    "ElementPart",
    "ElementTheme",
    "Evidence",
    "Judgement",
    "Message",
    "MinutesImport",
    "ProgressUpdate",
    "Suggestion",
    "TrackerImport",
    "Undertaking",
]
