from django.contrib import admin

from actions import models
from scrutiny.admin import ReadOnly

# Working papers are not for here, nor links to learning: they would tell of reviews that are not published.
NOT_HERE = ("MinutesImport", "TrackerImport", "Message", "ElementLearning")

for name in models.__all__:
    if name not in NOT_HERE:
        admin.site.register(getattr(models, name), ReadOnly)
