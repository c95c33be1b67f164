from reviews.models.reports import Appendix, Erratum, Report, SupportingDocument
from reviews.models.themes import PointTheme, ReportTheme, Theme

__all__ = ["Appendix", "Erratum", "PointTheme", "Report", "ReportTheme", "SupportingDocument", "Theme"]
