"""Where the browser for the tests is. None is downloaded: the system's own Chromium or Chrome is used."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
HOW_TO_GET_ONE = (
    "No Chromium was found. Install one (Debian: apt-get install chromium), "
    "or set CHROMIUM to the program's path."
)


def find_chromium():
    """The path of a Chromium or Chrome, or None."""
    if given := os.environ.get("CHROMIUM"):
        return shutil.which(given)
    return next(filter(None, map(shutil.which, (*NAMES, *MAC))), None)
