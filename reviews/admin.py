from django.contrib import admin

from reviews.models import (
    Appendix,
    ClockRule,
    Erratum,
    GuidanceVersion,
    OversightBody,
    Report,
    ReportPresentation,
    SupportingDocument,
)
from scrutiny.admin import Kept, ReadOnly

# Review cases and their learning are not here: an administrator keeps users and reference data, and does not see
# a case before it is published (D.7).
for model in (GuidanceVersion, ClockRule, OversightBody):
    admin.site.register(model, Kept)
for model in (Report, Appendix, Erratum, SupportingDocument, ReportPresentation):
    admin.site.register(model, ReadOnly)
