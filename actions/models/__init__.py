from actions.models.asks import Action, CarryOver, DueRevision, Element, ElementPart
from actions.models.chasing import Chase, LadderStep
from actions.models.imports import MinutesImport
from actions.models.messages import Message
from actions.models.programme import ProgrammeItem
from actions.models.progress import Answer, ElementLearning, Evidence, Judgement, ProgressUpdate
from actions.models.rounds import Reply, ReplyEvidence, UpdateRequest, UpdateRound
from actions.models.tags import ElementTheme
from actions.models.tallies import Tally
from actions.models.tracker import Suggestion, TrackerImport
from actions.models.undertakings import Undertaking

__all__ = [
    "Action",
    "Answer",
    "CarryOver",
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
    "ProgrammeItem",
    "ProgressUpdate",
    "Reply",
    "ReplyEvidence",
    "Suggestion",
    "Tally",
    "TrackerImport",
    "Undertaking",
    "UpdateRequest",
    "UpdateRound",
]
