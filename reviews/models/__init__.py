from reviews.models.reports import Appendix, Erratum, Report, SupportingDocument

__all__ = ["Appendix", "Erratum", "Report", "SupportingDocument"]
