"""`{% allowed "judge" action as may_judge %}`: the same question as everywhere, for templates."""

from django import template

from scrutiny.toolkit.access import can

register = template.Library()


@register.simple_tag(takes_context=True)
def allowed(context, permission, on=None):
    return can(context["user"], permission, on)
