"""The site's own settings, with the pages it is measured against."""

import os

os.environ.setdefault("DEVELOPMENT", "1")

from scrutiny.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
