"""Tallies hold how open elements stand too, by their days, and the sum of all items. The database keeps them itself."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Count


def count_as_before(apps, schema_editor):
    """On the way back. On the way forward they are counted after the last migration (actions.tallies)."""
    found = {}
    actions = apps.get_model("actions", "Action").objects.filter(closed_on=None).order_by()
    for item, board, number in actions.values_list("item", "board").annotate(Count("pk")):
        found.setdefault((item, board), {})["open_actions"] = number
    elements = apps.get_model("actions", "Element").objects.exclude(closed_on=None).order_by()
    for item, board, closed, answered in elements.values_list("item", "board").annotate(
        Count("pk"), Count("answered_on")
    ):
        found.setdefault((item, board), {}).update(closed=closed, answered=answered)
    Tally = apps.get_model("actions", "Tally")
    rows = [Tally(item_id=item, board_id=board, **numbers) for (item, board), numbers in found.items()]
    Tally.objects.bulk_create(rows, batch_size=1_000)


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0014_item_of_action"),
        ("scrutiny", "0019_order_of_entries"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, count_as_before),
        migrations.DeleteModel(name="Tally"),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "timing",
                    models.CharField(
                        max_length=20,
                        verbose_name="how its elements stand on any day; empty if that depends on it",
                    ),
                ),
                ("window_from", models.DateField(null=True)),
                ("window_to", models.DateField(null=True)),
                ("not_late_until", models.DateField(null=True)),
                ("open_actions", models.IntegerField(default=0)),
                ("elements", models.IntegerField(default=0)),
                (
                    "answered",
                    models.IntegerField(default=0, verbose_name="elements that a report answered"),
                ),
                ("is_in_sum", models.BooleanField(default=False)),
                (
                    "board",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scrutiny.board",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="scrutiny.agendaitem",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "tallies",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answered", 0), ("elements", 0), ("open_actions", 0), _negated=True),
                        name="tally_counts_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("item__isnull", False), ("is_in_sum", False), _connector="OR"),
                        name="tally_sum_is_not_in_a_sum",
                    ),
                ],
                "indexes": [
                    models.Index(condition=models.Q(("is_in_sum", False)), fields=["board"], name="tally_counted")
                ],
            },
        ),
    ]
