from scrutiny.models.accounts import RoleAssignment, User
from scrutiny.models.boards import Board, BoardMembership, MunicipalYear, TrackingCategory, TrackingScheme
from scrutiny.models.calendar import BankHoliday
from scrutiny.models.decisions import Proposal, RecordedVote, Resolution
from scrutiny.models.events import Event
from scrutiny.models.glossary import Clash, Term
from scrutiny.models.meetings import AgendaItem, Attendance, Meeting, Point, Section
from scrutiny.models.people import Organisation, OrganisationAlias, Person, Post, PostHolding
from scrutiny.models.problems import DataProblem, DataProblemEnd
from scrutiny.models.receipts import FormReceipt
from scrutiny.models.redactions import RedactedRow, Redaction, RedactionPassage, RedactionStep
from scrutiny.models.retention import (
    Disposal,
    DisposalItem,
    DisposalStep,
    DisposedRow,
    LegalHold,
    LegalHoldEnd,
)
from scrutiny.models.seals import Seal, SealedBlock
from scrutiny.models.search import Entry

__all__ = [
    "AgendaItem",
    "Attendance",
    "BankHoliday",
    "Board",
    "BoardMembership",
    "Clash",
    "DataProblem",
    "DataProblemEnd",
    "Disposal",
    "DisposalItem",
    "DisposalStep",
    "DisposedRow",
    "Entry",
    "Event",
    "FormReceipt",
    "LegalHold",
    "LegalHoldEnd",
    "Meeting",
    "MunicipalYear",
    "Organisation",
    "OrganisationAlias",
    "Person",
    "Point",
    "Post",
    "PostHolding",
    "Proposal",
    "RecordedVote",
    "RedactedRow",
    "Redaction",
    "RedactionPassage",
    "RedactionStep",
    "Resolution",
    "RoleAssignment",
    "Seal",
    "SealedBlock",
    "Section",
    "Term",
    "TrackingCategory",
    "TrackingScheme",
    "User",
]
