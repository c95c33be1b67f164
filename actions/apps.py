from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "actions"

    def ready(self):
        from actions import inherited
        from actions.search import RECORD
        from scrutiny.indexing import search_in

        search_in(*RECORD)
        inherited.connect()
