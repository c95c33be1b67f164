from django.contrib import admin

from reviews.models import Appendix, Erratum, Report, SupportingDocument
from scrutiny.admin import ReadOnly

for model in (Report, Appendix, Erratum, SupportingDocument):
    admin.site.register(model, ReadOnly)
