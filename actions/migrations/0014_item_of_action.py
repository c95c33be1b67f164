"""The item an action was asked under is kept on the action too: who may see it is told from there."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_over(apps, schema_editor):
    """What `actions.inherited` gives each action as it is saved."""
    Action, Resolution = apps.get_model("actions", "Action"), apps.get_model("scrutiny", "Resolution")
    resolution = Resolution.objects.filter(pk=OuterRef("resolution")).order_by()
    Action.objects.order_by().update(item=Subquery(resolution.values("item")))


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
        ("actions", "0013_kept_item"),
        ("scrutiny", "0019_order_of_entries"),
    ]

    operations = [
        migrations.AddField("action", "item", link(null=True)),
        migrations.RunPython(take_over, migrations.RunPython.noop, elidable=True),
        migrations.AlterField("action", "item", link()),
    ]
