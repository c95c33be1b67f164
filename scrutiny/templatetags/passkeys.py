"""`{{ options|as_json }}`: what a script reads from an attribute of a form."""

import json

from django import template

register = template.Library()
register.filter("as_json", json.dumps)
