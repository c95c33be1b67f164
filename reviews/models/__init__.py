from reviews.models.clocks import ClockRule, Force, GuidanceVersion, Unit
from reviews.models.oversight import OversightBody, ReportPresentation
from reviews.models.reports import Appendix, Erratum, Report, SupportingDocument
from reviews.models.themes import PointTheme, ReportTheme, Theme

__all__ = [
    "Appendix",
    "ClockRule",
    "Erratum",
    "Force",
    "GuidanceVersion",
    "OversightBody",
    "PointTheme",
    "Report",
    "ReportPresentation",
    "ReportTheme",
    "SupportingDocument",
    "Theme",
    "Unit",
]
