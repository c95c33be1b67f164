"""Every tracked record beside its newest history row."""

from django.apps import apps


def look_over():
    """How many records there are, and which have no history, another one, or are gone without a history of that."""
    found = {"records": 0, "without history": [], "not as their history says": [], "gone unawares": []}
    for model in apps.get_models():
        if hasattr(model, "history"):
            _look_over(model, found)
    return found


def _look_over(model, found):
    key = model._meta.pk.attname
    newest = {row[key]: row for row in model.history.order_by("history_id").values()}
    for row in model._base_manager.values():
        found["records"] += 1
        kept = newest.pop(row[key], None)
        name = f"{model._meta.label} {row[key]}"
        if kept is None:
            found["without history"].append(name)
        elif any(kept[column] != value for column, value in row.items() if column in kept):
            found["not as their history says"].append(name)
    found["gone unawares"] += [
        f"{model._meta.label} {key}" for key, row in newest.items() if row["history_type"] != "-"
    ]
