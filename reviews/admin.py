from django.contrib import admin

from reviews.models import Appendix, ClockRule, Erratum, GuidanceVersion, Report, SupportingDocument
from scrutiny.admin import Kept, ReadOnly

for model in (GuidanceVersion, ClockRule):
    admin.site.register(model, Kept)
for model in (Report, Appendix, Erratum, SupportingDocument):
    admin.site.register(model, ReadOnly)
