from django.contrib import admin

from actions import models
from scrutiny.admin import Kept, ReadOnly

# Working papers are not for here, and replies may be drafts. Nor are links to learning: they would tell of reviews
# that are not published; nor tallies, which count what is not for everybody.
NOT_HERE = ("MinutesImport", "TrackerImport", "Message", "ElementLearning", "Reply", "ReplyEvidence", "Tally")

admin.site.register(models.LadderStep, Kept)
for name in models.__all__:
    if name not in (*NOT_HERE, "LadderStep"):
        admin.site.register(getattr(models, name), ReadOnly)
