"""The bodies the product ships with (domain A.8), in the order in which a report usually goes through them."""

from django.db import migrations
from django.utils import timezone

BODIES = [
    "Review Advisory Group",
    "LSCP Executive",
    "National Panel",
    "Scrutiny Board",
    "Executive Board",
    "Full Council",
]


def add_bodies(apps, schema_editor):
    for position, name in enumerate(BODIES, start=1):
        _with_history(apps, name=name, position=position)


def _with_history(apps, **values):
    """Historical models write no history of their own, so the first row of it is written here."""
    row = apps.get_model("reviews", "OversightBody").objects.create(**values)
    apps.get_model("reviews", "HistoricalOversightBody").objects.create(
        id=row.pk,
        **values,
        history_date=timezone.now(),
        history_type="+",
        history_change_reason="Ships with the product",
    )


def take_away(apps, schema_editor):
    """Only what nobody uses goes; PROTECT keeps the rest from vanishing."""
    apps.get_model("reviews", "OversightBody").objects.filter(name__in=BODIES).delete()


class Migration(migrations.Migration):
    dependencies = [("reviews", "0004_annual_reports")]

    operations = [migrations.RunPython(add_bodies, take_away)]
