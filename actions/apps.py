from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class ActionsConfig(AppConfig):
    name = "actions"

    def ready(self):
        from actions import counting, inherited
        from actions.search import RECORD
        from scrutiny.indexing import search_in

        search_in(*RECORD)
        inherited.connect()
        pre_migrate.connect(counting.before_migrating, sender=self)
        post_migrate.connect(counting.after_migrating, sender=self)
