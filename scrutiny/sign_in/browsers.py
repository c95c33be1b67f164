"""A browser in words that people know, from what it says of itself."""

BROWSERS = [
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
MACHINES = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
]


def browser_named(user_agent):
    """ "Firefox on Windows"; the first of each list that is named, for most browsers claim to be others too."""
    browser = _first(BROWSERS, user_agent, "A browser")
    machine = _first(MACHINES, user_agent, "")
    return f"{browser} on {machine}" if machine else browser


def _first(table, text, otherwise):
    return next((name for mark, name in table if mark in text), otherwise)
