from django.contrib import admin

from reviews.models import Appendix, Erratum, PointTheme, Report, ReportTheme, SupportingDocument, Theme
from scrutiny.admin import Kept, ReadOnly

admin.site.register(Theme, Kept)
for model in (Report, Appendix, Erratum, SupportingDocument, PointTheme, ReportTheme):
    admin.site.register(model, ReadOnly)
