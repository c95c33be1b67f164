import django.db.models.deletion
from django.db import migrations, models


def forget_words(apps, schema_editor):
    """What scrutiny.indexing adds on SQLite beside the table; on PostgreSQL it is part of the table."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE IF EXISTS scrutiny_entry_fts")


class Migration(migrations.Migration):

    dependencies = [
        ('scrutiny', '0010_calendar_feeds'),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, forget_words),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('noun', models.CharField(max_length=30)),
                ('object_id', models.BigIntegerField()),
                ('reference', models.CharField(blank=True, max_length=60)),
                ('title', models.TextField()),
                ('body', models.TextField(blank=True)),
                ('url', models.CharField(max_length=200)),
                ('guard', models.CharField(max_length=20)),
                ('guard_key', models.BigIntegerField()),
                ('day', models.DateField(null=True)),
                ('title_words', models.TextField()),
                ('body_words', models.TextField()),
                ('board', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scrutiny.board')),
            ],
            options={
                'verbose_name_plural': 'entries',
                'constraints': [models.UniqueConstraint(fields=('noun', 'object_id'), name='entry_once_for_each_record')],
            },
        ),
    ]
