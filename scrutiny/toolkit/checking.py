"""Whether a record keeps the rules of its model: `Model.full_clean`, with far fewer questions to the database.

Asked by Django, each rule of the table costs three statements and each link one. Here all rules of the table are asked
at once, one by one only to say which is broken; and a linked record that was just read need not be looked for again:
the database refuses a link to what is not there.
"""

from functools import cache, reduce
from operator import and_

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import router
from django.db.models import CheckConstraint, Q


def check(obj):
    """Raises ValidationError with what `obj.full_clean()` says."""
    errors = {}
    for step in (_fields, _whole, _unique, _constraints):
        try:
            step(obj, set(errors) - {NON_FIELD_ERRORS})
        except ValidationError as error:
            errors = error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def _fields(obj, wrong):
    obj.clean_fields(exclude={link.name for link in obj._meta.concrete_fields if _was_read(obj, link)})


def _whole(obj, wrong):
    obj.clean()


def _unique(obj, wrong):
    obj.validate_unique(exclude=wrong)


def _constraints(obj, wrong):
    if wrong or not _keeps_all(obj):
        obj.validate_constraints(exclude=wrong)


def _was_read(obj, link):
    """True for a link to a record that came from the database, and may be any record of its kind."""
    if not link.is_relation or link.get_limit_choices_to() or not link.is_cached(obj):
        return False
    linked = link.get_cached_value(obj)
    return linked is not None and not linked._state.adding and linked.pk == getattr(obj, link.attname)


def _keeps_all(obj):
    model = type(obj)
    try:
        for constraint in _at_once(model):
            constraint.validate(model, obj, using=router.db_for_write(model, instance=obj))
    except ValidationError:
        return False
    return True


@cache
def _at_once(model):
    """The model's constraints, those that look at one row in one."""
    checks = [each for each in model._meta.constraints if isinstance(each, CheckConstraint)]
    others = [each for each in model._meta.constraints if not isinstance(each, CheckConstraint)]
    if not checks:
        return others
    return [
        CheckConstraint(condition=reduce(and_, (Q(each.condition) for each in checks)), name="all"),
        *others,
    ]
