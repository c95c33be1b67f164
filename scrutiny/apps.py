from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ScrutinyConfig(AppConfig):
    name = "scrutiny"

    def ready(self):
        from scrutiny import listening
        from scrutiny.indexing import after_migrating, search_in
        from scrutiny.search import RECORD
        from scrutiny.sign_in import receivers
        from scrutiny.toolkit import durability  # noqa: F401  its check registers itself
        from scrutiny.toolkit.append_only import keep_append_only

        keep_append_only(self)
        listening.listen()
        search_in(*RECORD)
        post_migrate.connect(after_migrating, sender=self)
        receivers.connect()
