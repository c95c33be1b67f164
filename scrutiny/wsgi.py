import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scrutiny.settings")

application = get_wsgi_application()
import_module(settings.ROOT_URLCONF)  # or whoever comes first would wait for it
gc.collect()
gc.freeze()  # what is loaded by now stays: looking for garbage in it held some page up for an eighth of a second
