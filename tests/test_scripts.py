"""Text that would be a script anywhere else stays text on every page (safety notes W4)."""

import re
from html.parser import HTMLParser

import pytest
from django.http import HttpResponse

from tests.forms import forms_of
from tests.numbers import tried
from tests.planted import plant
from tests.test_access import POLICY, URLS, address, answer_to, client_of
from tests.test_access import world as world_of_every_page

world = world_of_every_page
PAYLOADS = [
    "<xssprobe>",
    '"><xssprobe>',
    "'><xssprobe>",
    "</textarea><xssprobe>",
    "</title><xssprobe>",
    "</script><xssprobe>",
    "</style><xssprobe>",
    "</option></select><xssprobe>",
    "--><xssprobe>",
    "]]><xssprobe>",
    "<<xssprobe>",
    "<xssprobe\n/>",
    "<svg/onxssprobe=1>",
    "<img src=x onxssprobe=1>",
    '" onxssprobe="1',
    "' onxssprobe='1",
    "javascript:xssprobe()",
    "data:text/html,<xssprobe>",
    '{{ "<xssprobe>"|safe }}',
    "&lt;xssprobe&gt;",
    "\\u003cxssprobe\\u003e",
    "＜xssprobe＞<xssprobe>",
]
READ = {name for name in POLICY if name.endswith(("-list", "-detail"))} | {"home", "programme", "history"}
SCHEME = re.compile(r"\s*(javascript|data|vbscript):", re.IGNORECASE)
ASKED = ("q", "sort", "page", "kind", "board", "year", "format", "show", "day_day", "state", "next", "noun")


class Tags(HTMLParser):
    """Reads a page as a browser would: which of its tags and attributes come from a payload."""

    def __init__(self, page):
        super().__init__()
        self.live = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        named = "xssprobe" in tag or any("xssprobe" in name for name, _ in attrs)
        leads = any(SCHEME.match(value or "") for name, value in attrs if name in ("href", "src", "action"))
        if named or leads:
            self.live.append(self.get_starttag_text()[:120])


def live(answer):
    """The places of a page where a payload is more than text."""
    if "html" not in answer.headers.get("Content-Type", ""):
        return []
    page = answer.content.decode()
    return Tags(page).live if "xssprobe" in page else []


def render(world, letters, query="", names=POLICY):
    wrong, rendered = [], 0
    for letter in letters:
        for name in sorted(set(names) & URLS.keys()):
            answer = answer_to(world, letter, "get", address(name, world) + query)
            assert answer.status_code < 500, name
            rendered += answer.status_code == 200
            wrong += [f"{letter} {name}: {place}" for place in live(answer)] if not answer.streaming else []
    assert wrong == []
    return rendered


@pytest.mark.parametrize(
    "body", ["<xssprobe>", '<a onclick="" onxssprobe="1">', "<a href='javascript:xssprobe()'>"]
)
def test_a_live_payload_would_be_found(body):
    assert live(HttpResponse(body))


def test_an_escaped_payload_is_none():
    assert not live(HttpResponse("<input value='&lt;xssprobe&gt;x &quot; onxssprobe=&quot;1'>"))


@pytest.mark.slow
def test_no_page_makes_a_script_of_what_is_in_the_record(world):
    fields = plant(lambda field: PAYLOADS[1] + PAYLOADS[14])
    assert fields > 80
    tried(f"pages rendered with payloads in {fields} fields", render(world, "o", names=READ))


@pytest.mark.verify
@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_payload_in_every_field_on_every_page_as_every_role(world, payload):
    fields = plant(lambda field: payload if field.max_length else " ".join([payload, *PAYLOADS]))
    tried(f"pages rendered with {payload!r} in {fields} fields", render(world, "xnomlbua"))


@pytest.mark.verify
def test_no_page_makes_a_script_of_its_address(world):
    for payload in PAYLOADS:
        query = "?" + "&".join(f"{name}={payload.replace('&', '%26')}" for name in ASKED)
        tried(f"pages asked for with {payload!r} in the address", render(world, "o", query))


@pytest.mark.verify
def test_no_form_makes_a_script_of_what_is_sent_to_it(world):
    wrong, sent = [], 0
    for found in forms_of(world):
        client = client_of(world, found.letter)
        for payload in PAYLOADS:
            answer, sent = client.post(found.url, dict.fromkeys(found.typed, payload)), sent + 1
            wrong += [f"{found.url}: {place}" for place in live(answer)]
    assert wrong == []
    tried("forms sent with a payload in every field", sent)
