#!/usr/bin/env python
import os
import sys

OUR_SETTINGS = ("DEVELOPMENT", "SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL")


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scrutiny.settings")
    # Nothing set at all can only be a trial on somebody's own machine. The server (wsgi.py) never assumes that.
    if not any(name in os.environ for name in OUR_SETTINGS):
        os.environ["DEVELOPMENT"] = "1"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
