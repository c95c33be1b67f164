"""The order of entries is an index that each database writes in its own way (`scrutiny.indexing`)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("scrutiny", "0018_newest_entries")]

    operations = [migrations.RemoveIndex("entry", "entry_newest")]
