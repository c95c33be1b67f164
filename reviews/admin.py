from django.contrib import admin

from reviews.models import (
    Appendix,
    ClockRule,
    Erratum,
    GuidanceVersion,
    OversightBody,
    PointTheme,
    Report,
    ReportPresentation,
    ReportTheme,
    SupportingDocument,
    Theme,
)
from scrutiny.admin import Kept, ReadOnly

# Review cases and their learning are not here: an administrator keeps users and reference data, and does not see
# a case before it is published (D.7).
for model in (GuidanceVersion, ClockRule, OversightBody, Theme):
    admin.site.register(model, Kept)
for model in (Report, Appendix, Erratum, SupportingDocument, ReportPresentation, PointTheme, ReportTheme):
    admin.site.register(model, ReadOnly)
