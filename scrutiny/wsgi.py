import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scrutiny.settings")

application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # or whoever comes first would wait for it

# What is loaded by now stays: to look through it for garbage took an eighth of a second in the midst of some page. A
# page leaves a few thousand objects, which are looked through every second or third page and not twice for each.
gc.freeze()
