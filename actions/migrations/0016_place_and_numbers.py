"""The place of an action among references; indexes for what the home page counts and for what moved."""

import django.db.models.functions.comparison
from django.db import migrations, models
from django.db.models.functions import Cast, Coalesce, Concat, Greatest, Length, LPad, Substr


def give_places(apps, schema_editor):
    """What `actions.inherited` gives each action as it is saved."""
    number = Cast("number", models.CharField())
    series = Substr("reference", 1, Length("reference") - Greatest(models.Value(2), Length(number)))
    place = Concat(series, LPad(number, 5, models.Value("0")))
    apps.get_model("actions", "Action").objects.order_by().update(place=place)


class Migration(migrations.Migration):

    dependencies = [
        ('actions', '0015_tallies_by_day'),
        ('scrutiny', '0020_indexes_of_home'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='element',
            name='element_open_board_due',
        ),
        migrations.RemoveIndex(model_name="action", name="action_board_year_number"),
        migrations.AddField(
            "action", "place", models.CharField(blank=True, default="", editable=False, max_length=40), False
        ),
        migrations.RunPython(give_places, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="action", index=models.Index(fields=["place", "id"], name="action_place")
        ),
        migrations.AddIndex(
            model_name='element',
            index=models.Index(condition=models.Q(('closed_on', None)), fields=['board', 'window_to', 'id'], name='element_open_board_due'),
        ),
        migrations.AddIndex(
            model_name='element',
            index=models.Index(fields=['board', 'last_word_on', 'id'], name='element_board_last_word'),
        ),
        migrations.AddIndex(
            model_name='element',
            index=models.Index(Coalesce('last_word_on', 'asked_on'), models.F('last_word_on'), models.F('asked_on'), models.F('board'), models.F('item'), models.F('id'), condition=models.Q(('closed_on', None), models.Q(('condition_state', 'not_met_lapsed'), _negated=True)), name='element_silent'),
        ),
        migrations.AddIndex(
            model_name='element',
            index=models.Index(condition=models.Q(('answered_on', None), ('closed_on', None), ('owner_progress', 'complete')), fields=['board', 'item', 'id'], name='element_reported_complete'),
        ),
        migrations.AddIndex(
            model_name='element',
            index=models.Index(condition=models.Q(('closed_on', None), ('condition_state', 'waiting')), fields=['check_condition_on', 'board', 'item', 'id'], name='element_waiting'),
        ),
    ]
