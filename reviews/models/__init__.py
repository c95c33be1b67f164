from reviews.models.clocks import ClockRule, Force, GuidanceVersion, Unit
from reviews.models.oversight import OversightBody, ReportPresentation
from reviews.models.reports import Appendix, Erratum, Report, SupportingDocument

__all__ = [
    "Appendix",
    "ClockRule",
    "Erratum",
    "Force",
    "GuidanceVersion",
    "OversightBody",
    "Report",
    "ReportPresentation",
    "SupportingDocument",
    "Unit",
]
