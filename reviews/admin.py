from django.contrib import admin

from reviews.models import Appendix, Erratum, OversightBody, Report, ReportPresentation, SupportingDocument
from scrutiny.admin import Kept, ReadOnly

admin.site.register(OversightBody, Kept)
for model in (Report, Appendix, Erratum, SupportingDocument, ReportPresentation):
    admin.site.register(model, ReadOnly)
