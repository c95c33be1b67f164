from actions.models.asks import Action, DueRevision, Element, ElementPart, Undertaking
from actions.models.chasing import Chase, LadderStep
from actions.models.imports import MinutesImport
from actions.models.messages import Message
from actions.models.progress import Answer, ElementLearning, Evidence, Judgement, ProgressUpdate
from actions.models.rounds import Reply, ReplyEvidence, UpdateRequest, UpdateRound
from actions.models.tags import ElementTheme

__all__ = [
    "Action",
    "Answer",
    "Chase",
    "DueRevision",
    "Element",
    "ElementLearning",
    "ElementPart",
    "ElementTheme",
    "Evidence",
    "Judgement",
    "LadderStep",
    "Message",
    "MinutesImport",
    "ProgressUpdate",
    "Reply",
    "ReplyEvidence",
    "Undertaking",
    "UpdateRequest",
    "UpdateRound",
]
