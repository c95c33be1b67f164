"""Whether the database takes changes just now, told without asking it anything."""

import os

from django.db import connection

PARAMETERS = (
    "default_transaction_read_only",
    "in_hot_standby",
)  # PostgreSQL 14 tells each change of these unasked


def is_read_only():
    """True while nothing can be saved: during maintenance, on a standby, on a disk that was locked."""
    if connection.vendor == "sqlite":
        file = connection.settings_dict["NAME"]
        return os.path.exists(file) and not os.access(file, os.W_OK)
    if connection.connection is None:
        return False
    told = connection.connection.info.parameter_status
    return any(told(name) == "on" for name in PARAMETERS)
