from actions.models.asks import Action, DueRevision, Element, ElementPart, Undertaking
from actions.models.imports import MinutesImport
from actions.models.progress import Answer, Evidence, Judgement, ProgressUpdate

__all__ = [
    "Action",
    "Answer",
    "DueRevision",
    "Element",
    "ElementPart",
    "Evidence",
    "Judgement",
    "MinutesImport",
    "ProgressUpdate",
    "Undertaking",
]
