"""The two schemes the product ships with (domain Q-1 and the green, amber and red one). Boards may have others."""

from django.db import migrations
from django.utils import timezone

SCHEMES = {
    "Six categories": [
        ("1", "Stop monitoring or determine whether any further action is required", "closes", "grey"),
        ("2", "Achieved", "closes", "green"),
        ("3", "Not fully implemented (obstacle): Board to decide action", "continues", "yellow"),
        ("4", "Not fully implemented, progress acceptable: continue monitoring", "continues", "blue"),
        ("5", "Not fully implemented, progress not acceptable: Board to decide action", "continues", "red"),
        ("6", "Not for review this session", "not_reviewed", "grey"),
    ],
    "Green, amber and red": [
        ("Green", "Green: achieved, monitoring no longer required", "closes", "green"),
        ("Amber", "Amber: acceptable progress, continue monitoring", "continues", "yellow"),
        ("Red", "Red: progress not acceptable, continue monitoring", "continues", "red"),
    ],
}


def add_schemes(apps, schema_editor):
    for name, categories in SCHEMES.items():
        scheme = _with_history(apps, "TrackingScheme", name=name)
        for position, (code, label, effect, tone) in enumerate(categories, start=1):
            _with_history(
                apps,
                "TrackingCategory",
                scheme_id=scheme.pk,
                code=code,
                name=label,
                effect=effect,
                tone=tone,
                position=position,
            )


def _with_history(apps, model, **values):
    """Historical models write no history of their own, so the first row of it is written here."""
    row = apps.get_model("scrutiny", model).objects.create(**values)
    apps.get_model("scrutiny", f"Historical{model}").objects.create(
        id=row.pk,
        **values,
        history_date=timezone.now(),
        history_type="+",
        history_change_reason="Ships with the product",
    )
    return row


def take_away(apps, schema_editor):
    """Only what nobody uses goes; PROTECT keeps the rest from vanishing."""
    for name in SCHEMES:
        apps.get_model("scrutiny", "TrackingCategory").objects.filter(scheme__name=name).delete()
        apps.get_model("scrutiny", "TrackingScheme").objects.filter(name=name).delete()


class Migration(migrations.Migration):
    dependencies = [("scrutiny", "0001_initial")]

    operations = [migrations.RunPython(add_schemes, take_away)]
