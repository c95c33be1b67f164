from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"

    def ready(self):
        from reviews.search import RECORD
        from scrutiny.indexing import search_in

        search_in(*RECORD)
