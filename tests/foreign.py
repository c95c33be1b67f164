"""The whole suite runs behind this: no code path opens a connection to another machine (W10).

What is tried is refused, and remembered, so that it cannot be swallowed by whoever tried it.
"""

import ipaddress
import socket
import sys

refused = []  # hosts
LOOKED_UP = {"socket.getaddrinfo", "socket.gethostbyname"}
SENT_TO = {"socket.connect", "socket.sendto", "socket.sendmsg"}


def watch():
    """From now on, and for as long as this process lives: such a hook cannot be taken back."""
    sys.addaudithook(_refuse)


def _refuse(event, arguments):
    if not event.startswith("socket."):
        return
    host = _host(event, arguments)
    if host is None or _is_here(host):
        return
    refused.append(host)
    raise PermissionError(f"The tests open no connection to {host}.")


def _host(event, arguments):
    """None for what leads to no host: a socket in the file system, data for a connection that is there."""
    if event in LOOKED_UP:
        return arguments[0]
    address = arguments[1] if event in SENT_TO else None
    return address[0] if isinstance(address, tuple) else None


def _is_here(host):
    host = host.decode() if isinstance(host, bytes) else host
    if host in {"", "localhost", socket.gethostname()}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
