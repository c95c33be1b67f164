"""The site's own settings, with what makes tests fast and keeps them off real data."""

import os
import tempfile

os.environ.setdefault("DEVELOPMENT", "1")
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="scrutiny-tests-")

from scrutiny.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Files are looked for as they are asked for: each client would look through all of them first.
WHITENOISE_AUTOREFRESH = True
