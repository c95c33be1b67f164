"""The ladder of every board that has none of its own (Q-7)."""

from django.db import migrations
from django.utils import timezone

LADDER = [  # step, counted from, days after it, how it is done
    ("reminder", "window_start", 0, "message"),
    ("officer_chase", "window_end", 1, "officer"),
    ("chair_letter", "window_end", 14, "letter"),
    ("chief_executive", "window_end", 28, "letter"),
    ("invited_to_attend", "window_end", 42, "letter"),
    ("public_note", "window_end", 56, "officer"),
]


def rows():
    names = ("kind", "counts_from", "days", "means")
    return [dict(zip(names, step, strict=True)) for step in LADDER]


def add_ladder(apps, schema_editor):
    """Historical models write no history of their own, so the first row of it is written here."""
    for values in rows():
        step = apps.get_model("actions", "LadderStep").objects.create(**values)
        apps.get_model("actions", "HistoricalLadderStep").objects.create(
            id=step.pk,
            **values,
            history_date=timezone.now(),
            history_type="+",
            history_change_reason="Ships with the product",
        )


def take_away(apps, schema_editor):
    kinds = [kind for kind, *_ in LADDER]
    apps.get_model("actions", "LadderStep").objects.filter(board=None, kind__in=kinds).delete()


class Migration(migrations.Migration):
    dependencies = [("actions", "0006_chase_ladder")]

    operations = [migrations.RunPython(add_ladder, take_away)]
