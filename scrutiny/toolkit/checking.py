"""Whether a record keeps the rules of its model: `Model.full_clean`, with far fewer questions to the database.

Asked by Django, each rule of the table costs three statements and each link one. Here a rule that looks at one row is
reckoned where that is certain (`toolkit/conditions.py`), and only what may be broken is asked of the database, which
also names it; a linked record that was just read need not be looked for again: the database refuses a link to what is
not there.
"""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import router
from django.db.models import CheckConstraint, UniqueConstraint

from scrutiny.toolkit.conditions import is_certain


def check(obj, *, exclude=(), unique=True, changed=None):
    """Raises ValidationError with what `obj.full_clean()` says, the fields in `exclude` left out.

    `changed` names the only fields that differ from the stored row, where that is certain: what looks at none of them
    was kept when the row was stored.
    """
    errors, left_out = {}, set(exclude)
    for step in (_fields, _whole, *([_unique] if unique else []), _constraints):
        try:
            step(obj, left_out | (set(errors) - {NON_FIELD_ERRORS}), changed)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def _fields(obj, left_out, changed):
    fields = obj._meta.concrete_fields
    same = {field.name for field in fields if changed is not None and field.name not in changed}
    obj.clean_fields(exclude=left_out | same | {link.name for link in fields if _was_read(obj, link)})


def _whole(obj, left_out, changed):
    obj.clean()


def _unique(obj, left_out, changed):
    if changed is None or any(obj._meta.get_field(name).unique for name in changed):
        obj.validate_unique(exclude=left_out)


def _constraints(obj, left_out, changed):
    if not _keeps_all(obj, left_out, changed):
        obj.validate_constraints(exclude=left_out)


def _was_read(obj, link):
    """True for a link to a record that came from the database, and may be any record of its kind."""
    if not link.is_relation or link.get_limit_choices_to() or not link.is_cached(obj):
        return False
    linked = link.get_cached_value(obj)
    return linked is not None and not linked._state.adding and linked.pk == getattr(obj, link.attname)


def _keeps_all(obj, left_out, changed):
    model = type(obj)
    using = router.db_for_write(model, instance=obj)
    try:
        for constraint in model._meta.constraints:
            if not _is_kept(constraint, obj, changed):
                constraint.validate(model, obj, exclude=left_out, using=using)
    except ValidationError:
        return False
    return True


def _is_kept(constraint, obj, changed):
    """True if the constraint need not be asked for."""
    if isinstance(constraint, CheckConstraint):
        return is_certain(constraint.condition, obj)
    is_plain = (
        isinstance(constraint, UniqueConstraint) and not constraint.expressions and not constraint.condition
    )
    return changed is not None and is_plain and set(changed).isdisjoint(constraint.fields)
