"""Which addresses and which templates the tests have used, so that no page is forgotten.

With EXERCISED=directory in the environment each process of pytest leaves its part there. `python -m tests.exercised
directory` puts the parts together, names what no test has used, and fails if there is anything.
"""

import json
import os
import sys
from pathlib import Path

import django
from django.core.handlers.base import BaseHandler
from django.test.signals import template_rendered
from django.urls import URLResolver, get_resolver

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
FOREIGN = ("administration/",)  # Django's own pages: they are visited, one by one, in test_access

used = {"addresses": set(), "templates": set()}


def start():
    """Takes note from now on."""
    resolve = BaseHandler.resolve_request

    def resolve_request(handler, request):
        match = resolve(handler, request)
        used["addresses"].add(match.route)
        return match

    BaseHandler.resolve_request = resolve_request
    template_rendered.connect(note_template)


def note_template(template, **kwargs):
    used["templates"].add(template.name)


def leave(directory):
    """Writes down what this process has used."""
    part = {kind: sorted(name for name in names if name is not None) for kind, names in used.items()}
    Path(directory, f"exercised-{os.getpid()}.json").write_text(json.dumps(part))


def existing():
    addresses = set(routes(get_resolver("scrutiny.urls").url_patterns))
    templates = {path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*") if path.is_file()}
    return {"addresses": addresses, "templates": templates}


def routes(patterns, before=""):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if route.startswith(FOREIGN):
            continue
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


def unused(directory):
    """{kind: (how many there are, those that no test has used)} from the parts left in `directory`."""
    parts = [json.loads(path.read_text()) for path in Path(directory).glob("exercised-*.json")]
    found = {kind: set().union(*(part[kind] for part in parts)) for kind in used}
    return {kind: (len(names), sorted(names - found[kind])) for kind, names in existing().items()}


def main(directory):
    django.setup()
    left_out = 0
    for kind, (count, names) in unused(directory).items():
        print(f"{kind} used by some test: {count - len(names)} of {count}")
        for name in names:
            print(f"    not used: {name}")
        left_out += len(names)
    return 1 if left_out else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
