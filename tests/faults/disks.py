"""Disks that are full."""

import os
import shutil
import subprocess
from contextlib import contextmanager

import pytest

CHUNK = 64 * 1024


@contextmanager
def small_disk(place, megabytes, account=None):
    """A disk of its own at `place`, in memory. Only root may mount one; elsewhere the test is left out, and says so."""
    place.mkdir(parents=True, exist_ok=True)
    options = f"size={megabytes}m,mode=0700"
    if account is not None:
        options += f",uid={account.pw_uid},gid={account.pw_gid}"
    command = ["mount", "-t", "tmpfs", "-o", options, "scrutiny-faults", str(place)]
    if not shutil.which("mount") or subprocess.run(command, capture_output=True).returncode != 0:
        pytest.skip("A small disk cannot be made here: this test needs root and mount.")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def full(place):
    """The disk at `place` has not one byte left until the block ends."""
    ballast = place / "ballast"
    try:
        with open(ballast, "wb", buffering=0) as file:
            while True:
                file.write(b"x" * CHUNK)
    except OSError:
        pass
    try:
        yield
    finally:
        os.remove(ballast)
