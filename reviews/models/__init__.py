from reviews.models.oversight import OversightBody, ReportPresentation
from reviews.models.reports import Appendix, Erratum, Report, SupportingDocument

__all__ = ["Appendix", "Erratum", "OversightBody", "Report", "ReportPresentation", "SupportingDocument"]
