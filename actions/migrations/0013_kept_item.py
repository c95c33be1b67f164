"""The item an element was asked under is kept on the element: who may see it is told from there."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_over(apps, schema_editor):
    """What `actions.inherited` gives each element as it is saved."""
    Action, Element = apps.get_model("actions", "Action"), apps.get_model("actions", "Element")
    action = Action.objects.filter(pk=OuterRef("action")).order_by()
    Element.objects.order_by().update(item=Subquery(action.values("resolution__item")))


def link(**kind):
    return models.ForeignKey(
        blank=True,
        db_index=False,
        editable=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="scrutiny.agendaitem",
        **kind,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0012_kept_windows"),
        ("scrutiny", "0018_newest_entries"),
    ]

    operations = [
        migrations.AddField("element", "item", link(null=True)),
        migrations.RunPython(take_over, migrations.RunPython.noop, elidable=True),
        migrations.AlterField("element", "item", link()),
        migrations.RemoveIndex("element", "element_open_board_due"),
        migrations.AddIndex(
            "element",
            models.Index(
                fields=[
                    "board",
                    "window_to",
                    "id",
                    "action",
                    "item",
                    "window_from",
                    "asked_on",
                    "condition_state",
                    "check_condition_on",
                    "not_late_until",
                    "owner_progress",
                    "last_word_on",
                    "answered_on",
                    "judged_on",
                    "closed_on",
                ],
                condition=models.Q(("closed_on", None)),
                name="element_open_board_due",
            ),
        ),
    ]
