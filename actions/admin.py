from django.contrib import admin

from actions import models
from scrutiny.admin import ReadOnly

for name in models.__all__:
    if name != "MinutesImport":
        admin.site.register(getattr(models, name), ReadOnly)
