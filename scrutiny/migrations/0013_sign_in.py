from django.conf import settings
from django.core.management import call_command
from django.db import migrations


def make_shared_cache(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


def drop_shared_cache(apps, schema_editor):
    for config in settings.CACHES.values():
        if config["BACKEND"].endswith("DatabaseCache"):
            schema_editor.execute(f"DROP TABLE IF EXISTS {schema_editor.quote_name(config['LOCATION'])}")


class Migration(migrations.Migration):

    dependencies = [
        ('scrutiny', '0012_events'),
    ]

    operations = [
        migrations.RunPython(make_shared_cache, drop_shared_cache),
    ]
