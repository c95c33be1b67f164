"""Which categories mean that an element was achieved: of the schemes the product ships with, one each."""

from django.db import migrations, models
from django.utils import timezone

ACHIEVED = {"Six categories": "2", "Green, amber and red": "Green"}
REASON = "Marked as meaning that the element was achieved"


def mark(apps, schema_editor):
    for scheme, code in ACHIEVED.items():
        found = apps.get_model("scrutiny", "TrackingCategory").objects.filter(scheme__name=scheme, code=code)
        for category in found:
            category.achieved = True
            category.save()
            _keep_history(apps, category)


def _keep_history(apps, category):
    """Historical models write no history of their own, so the row of this change is written here."""
    values = {field.attname: getattr(category, field.attname) for field in category._meta.concrete_fields}
    apps.get_model("scrutiny", "HistoricalTrackingCategory").objects.create(
        **values, history_date=timezone.now(), history_type="~", history_change_reason=REASON
    )


def unmark(apps, schema_editor):
    """The column goes, and with it the history rows that tell of nothing else."""
    rows = apps.get_model("scrutiny", "HistoricalTrackingCategory").objects
    rows.filter(history_type="~", history_change_reason=REASON).delete()


def achieved():
    return models.BooleanField("means that the element was achieved", default=False)


class Migration(migrations.Migration):
    dependencies = [("scrutiny", "0005_bank_holiday")]

    operations = [
        migrations.AddField("historicaltrackingcategory", "achieved", achieved()),
        migrations.AddField("trackingcategory", "achieved", achieved()),
        migrations.RunPython(mark, unmark),
    ]
