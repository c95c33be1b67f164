"""Every form there is, read from the pages themselves: what a browser would send, and whatever else somebody might."""

from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from django.urls import reverse

from tests.test_access import IDENTITIES, POLICY, URLS, address, client_of

NOT_TYPED = {"csrfmiddlewaretoken", "form_token"}
SENT_BUTTONS = ("submit", "image", "button", "reset")


@dataclass(frozen=True)
class Found:
    """A form: where it leads, who may send it, what stands in it, and which of it can be typed in."""

    name: str
    letter: str
    url: str
    values: dict = field(default_factory=dict)
    typed: tuple = ()
    files: tuple = ()


def forms_of(world):
    """One of each form that leads anywhere by POST, as the first identity in the policy that sees it."""
    found, clients = {}, {letter: client_of(world, letter) for letter in IDENTITIES}
    for name in sorted(POLICY.keys() & URLS.keys()):
        letter = next((each for each in "obmla" if each in POLICY[name]), "o")
        for form in _on_page(clients[letter], name, letter, address(name, world)):
            found.setdefault((form.url, form.typed), form)
    return list(found.values())


def _on_page(client, name, letter, url):
    answer = client.get(url)
    if answer.status_code != 200 or answer.streaming or "html" not in answer.headers.get("Content-Type", ""):
        return
    page = BeautifulSoup(answer.content, "html.parser")
    for form in page.select("form[method=post i]"):
        target = form.get("action") or url
        if target != reverse("sign-out"):
            yield _read(form, name, letter, target)


def _read(form, name, letter, url):
    values, typed, files = {}, [], []
    for box in form.select("input[name], textarea[name], select[name], button[name]"):
        kind, field_name = box.get("type", box.name).lower(), box["name"]
        if kind == "file":
            files.append(field_name)
        elif kind in ("checkbox", "radio"):
            typed.append(field_name)
            if box.has_attr("checked"):
                values.setdefault(field_name, []).append(box.get("value", "on"))
        elif kind in SENT_BUTTONS or box.name == "button":
            values.setdefault(field_name, [box.get("value", "")])
        elif field_name not in NOT_TYPED:
            typed.append(field_name)
            values.setdefault(field_name, []).extend(_standing(box))
    return Found(name, letter, url, values, tuple(dict.fromkeys(typed)), tuple(files))


def _standing(box):
    if box.name == "textarea":
        return [box.text]
    if box.name == "select":
        chosen = box.select("option[selected]") or box.select("option")[:1]
        return [option.get("value", "") for option in chosen]
    return [box.get("value", "")]
