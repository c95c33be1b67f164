"""Numbers of open actions and closed elements, kept for each agenda item and the board that follows what it asked."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Count


def count(apps, schema_editor):
    """What `actions.tallies.rebuild` writes, from the records as they are here."""
    found = {}
    actions = apps.get_model("actions", "Action").objects.filter(closed_on=None).order_by()
    for item, board, number in actions.values_list("resolution__item", "board").annotate(Count("pk")):
        found.setdefault((item, board), {})["open_actions"] = number
    elements = apps.get_model("actions", "Element").objects.exclude(closed_on=None).order_by()
    of_elements = elements.values_list("action__resolution__item", "action__board")
    for item, board, closed, answered in of_elements.annotate(Count("pk"), Count("answered_on")):
        found.setdefault((item, board), {}).update(closed=closed, answered=answered)
    Tally = apps.get_model("actions", "Tally")
    rows = [Tally(item_id=item, board_id=board, **numbers) for (item, board), numbers in found.items()]
    Tally.objects.bulk_create(rows, batch_size=1_000)


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0010_indexes"),
        ("scrutiny", "0017_retention"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("open_actions", models.IntegerField(default=0)),
                ("closed", models.IntegerField(default=0, verbose_name="closed elements")),
                (
                    "answered",
                    models.IntegerField(default=0, verbose_name="closed elements that a report answered"),
                ),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scrutiny.board"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
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
                        condition=models.Q(("answered", 0), ("closed", 0), ("open_actions", 0), _negated=True),
                        name="tally_counts_something",
                    )
                ],
            },
        ),
        migrations.RunPython(count, migrations.RunPython.noop, elidable=True),
    ]
