"""The record that faults are tried on, made and looked over by processes of their own:

    python -m tests.faults.world prepare      tables, eight officers signed in, an element for each
    python -m tests.faults.world look_over    every tracked record beside its newest history row

Both print JSON. DATABASE_URL and DATA_DIR say which database.
"""

# ruff: noqa: E402 (Django is set up before the models are imported)

import json
import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "scrutiny.settings"
django.setup()

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from tests import factories
from tests.conftest import hold
from tests.faults.reconcile import look_over

OFFICERS = 8


def prepare():
    settings.MIGRATION_MODULES = {
        app.label: None for app in apps.get_app_configs()
    }  # seconds, not half a minute
    call_command("migrate", run_syncdb=True, verbosity=0)
    factories.reference_data()
    resolution = factories.ResolutionFactory()
    elements = []
    for number in range(OFFICERS // 2):
        action = factories.ActionFactory(resolution=resolution, number=number + 1)
        elements += [factories.ElementFactory(action=action, number=each) for each in (1, 2)]
    return [officer(number, element) for number, element in enumerate(elements)]


def officer(number, element):
    user = hold(factories.UserFactory(username=f"officer{number}"), "officer")
    browser = Client()
    browser.force_login(user)
    return {
        "user": user.pk,
        "session": browser.cookies[settings.SESSION_COOKIE_NAME].value,
        "element": element.pk,
        "page": element.get_absolute_url(),
        "addressee": element.action.addressee_id,
    }


if __name__ == "__main__":
    print(json.dumps({"prepare": prepare, "look_over": look_over}[sys.argv[1]]()))
