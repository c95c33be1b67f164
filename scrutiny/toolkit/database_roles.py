"""What the accounts of a PostgreSQL server may do, made from the models.

The owner makes the tables (`migrate`). The application, as which the site runs, works with rows; to histories and
other append-only tables it can only add, so that not even a hole in the site could change them. The auditor reads.
"""

from django.apps import apps
from django.conf import settings

from scrutiny.toolkit.append_only import is_append_only

READ, ADD, WORK = "SELECT", "SELECT, INSERT", "SELECT, INSERT, UPDATE, DELETE"
OF_THE_OWNER = {"django_migrations"}


def rights():
    """{table: what the application may do with it}."""
    tables = dict.fromkeys(OF_THE_OWNER, READ) | dict.fromkeys(cache_tables(), WORK)
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            tables[model._meta.db_table] = ADD if is_append_only(model) else WORK
    return dict(sorted(tables.items()))


def cache_tables():
    caches = settings.CACHES.values()
    return [cache["LOCATION"] for cache in caches if cache["BACKEND"].endswith("DatabaseCache")]


def statements(*, database, application, auditor, quote):
    """SQL for the owner to run after each `migrate`. It may be run again and again.

    A table that comes later can be read and added to until it is run: what is forgotten is never too much.
    """
    application, auditor, database = quote(application), quote(auditor), quote(database)
    both = f"{application}, {auditor}"
    return [
        "BEGIN",
        f"REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {database} TO {both}",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA public TO {both}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {both}",
        f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {auditor}",
        f"GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {auditor}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {application}",
        *(f"GRANT {what} ON {quote(table)} TO {application}" for table, what in rights().items()),
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO {application}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {application}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {auditor}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON SEQUENCES TO {auditor}",
        "COMMIT",
    ]
