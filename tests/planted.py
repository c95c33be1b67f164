"""Hostile text in every text field of every record, put past all forms: what the pages make of it is the question."""

from django.apps import apps
from django.db import DataError, IntegrityError, models, transaction

OURS = ("scrutiny", "reviews", "actions")
WORDS = (models.CharField, models.TextField)
KEPT = {  # what the product itself reads: with other words there it would be another record, not a hostile one
    "password",
    "username",
    "code",
    "rule_set",
    "digest",
    "token",
    "noun",
    "key",
    "link",
    "kind",
    "file",
    "hashed",
    "day_count",
}


def plant(text_for):
    """Puts `text_for(field)` into every text field that takes free text. How many fields took it."""
    taken = 0
    for model in apps.get_models():
        if model._meta.app_label in OURS and not model.__name__.startswith("Historical"):
            taken += sum(_into(model, field, text_for(field)) for field in fields_of(model))
    return taken


def fields_of(model):
    return [
        field
        for field in model._meta.concrete_fields
        if type(field) in WORDS and not field.choices and not field.primary_key and field.name not in KEPT
    ]


def _into(model, field, text):
    try:
        with transaction.atomic():
            return model._base_manager.update(**{field.name: text[: field.max_length]}) > 0
    except (IntegrityError, DataError):  # it has to be unique, or of a form of its own: one row is enough
        return _into_one(model, field, text)


def _into_one(model, field, text):
    row = model._base_manager.first()
    try:
        with transaction.atomic():
            return model._base_manager.filter(pk=row.pk).update(**{field.name: text[: field.max_length]}) > 0
    except (IntegrityError, DataError):
        return False
