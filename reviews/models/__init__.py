from reviews.models.cases import CasePresentation, CaseTheme, LateReason, PartnerView, ReviewCase, Stage
from reviews.models.clocks import ClockRule, Force, GuidanceVersion, Unit
from reviews.models.learning import (
    AgencyAssurance,
    Dissemination,
    Grade,
    LearningEvidence,
    LearningPoint,
    LearningStep,
    LearningTheme,
)
from reviews.models.oversight import OversightBody, ReportPresentation
from reviews.models.reports import Appendix, Erratum, Report, SupportingDocument
from reviews.models.themes import PointTheme, ReportTheme, Theme

__all__ = [
    "AgencyAssurance",
    "Appendix",
    "CasePresentation",
    "CaseTheme",
    "ClockRule",
    "Dissemination",
    "Erratum",
    "Force",
    "Grade",
    "GuidanceVersion",
    "LateReason",
    "LearningEvidence",
    "LearningPoint",
    "LearningStep",
    "LearningTheme",
    "OversightBody",
    "PartnerView",
    "PointTheme",
    "Report",
    "ReportPresentation",
    "ReportTheme",
    "ReviewCase",
    "Stage",
    "SupportingDocument",
    "Theme",
    "Unit",
]
