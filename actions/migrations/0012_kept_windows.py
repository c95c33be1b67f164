"""Board, window and day of asking are kept on the element, with indexes in the order of its lists."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest


def take_over(apps, schema_editor):
    """What `actions.inherited` gives each element as it is saved."""
    Action, Element = apps.get_model("actions", "Action"), apps.get_model("actions", "Element")

    def of_action(name):
        return Subquery(Action.objects.filter(pk=OuterRef("action")).order_by().values(name))

    def later(name):
        own, its = models.F(name), of_action(name)
        return Greatest(Coalesce(own, its), Coalesce(its, own))

    Element.objects.order_by().update(
        board=of_action("board"),
        window_from=later("due_from"),
        window_to=later("due_to"),
        asked_on=of_action("resolution__item__meeting__date"),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0011_closed_counts"),
    ]

    operations = [
        migrations.AddField(
            "element",
            "board",
            models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="scrutiny.board",
            ),
        ),
        migrations.AddField("element", "window_from", models.DateField(editable=False, null=True)),
        migrations.AddField("element", "window_to", models.DateField(editable=False, null=True)),
        migrations.AddField("element", "asked_on", models.DateField(blank=True, editable=False, null=True)),
        migrations.RunPython(take_over, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            "element",
            "board",
            models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="scrutiny.board",
            ),
        ),
        migrations.AlterField("element", "asked_on", models.DateField(blank=True, editable=False)),
        migrations.AddIndex("element", models.Index(fields=["window_to", "id"], name="element_due")),
        migrations.AddIndex(
            "element", models.Index(fields=["board", "window_to", "id"], name="element_board_due")
        ),
        migrations.AddIndex(
            "element",
            models.Index(
                fields=["window_to", "id"], condition=models.Q(("closed_on", None)), name="element_open_due"
            ),
        ),
        migrations.AddIndex(
            "element",
            models.Index(
                fields=[
                    "board",
                    "window_to",
                    "id",
                    "action",
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
