"""Asks ClamAV, where a site runs it: settings.CLAMD is the path of its socket, or host:port.

What cannot be asked is not taken. The protocol is clamd's INSTREAM: pieces with their length before them, then a zero.
"""

import logging
import socket

from django.conf import settings

from scrutiny.toolkit.contents import Refused

logger = logging.getLogger(__name__)

PIECE = 64 * 1024
SECONDS = 15
AWAY = "Files cannot be checked for viruses at the moment, so this one was not taken. Try again in a few minutes."


def check_for_viruses(content):
    if not settings.CLAMD:
        return
    try:
        said = answer_to(content)
    except (OSError, ValueError) as problem:
        logger.error("ClamAV could not be asked: %s", type(problem).__name__)
        raise Refused(AWAY) from problem
    if said == "stream: OK":
        return
    if said.endswith(" FOUND"):
        raise Refused("This file holds a virus. It was not taken.")
    logger.error("ClamAV did not look at a file")
    raise Refused(AWAY)


def answer_to(content):
    """Such as "stream: OK" or "stream: Win.Test.EICAR_HDB-1 FOUND"."""
    with connected() as line:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), PIECE):
            piece = content[start : start + PIECE]
            line.sendall(len(piece).to_bytes(4) + piece)
        line.sendall(bytes(4))
        said = b""
        while not said.endswith(b"\0") and (more := line.recv(1024)):
            said += more
    return said.rstrip(b"\0").decode("ascii", "replace")


def connected():
    if settings.CLAMD.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        try:
            line.connect(settings.CLAMD)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = settings.CLAMD.rpartition(":")
    return socket.create_connection((host, int(port)), SECONDS)
