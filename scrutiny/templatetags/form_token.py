"""`{% form_token %}`: a fresh hidden token in a form, by which sending it twice writes once."""

from django import template
from django.utils.html import format_html

from scrutiny.toolkit.receipts import FIELD, new_token

register = template.Library()


@register.simple_tag
def form_token():
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, new_token())
