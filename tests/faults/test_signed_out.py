"""F15: a session that ends while somebody types, in four ways: the text is given back to the letter, on every form."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.db import transaction
from django.middleware.csrf import _get_new_csrf_string
from django.test import Client
from django.urls import reverse

from tests.faults.forms import filled, form_of, text_boxes
from tests.faults.test_history import entering
from tests.numbers import tried
from tests.test_access import IDENTITIES, PUBLIC, URLS, address, world  # noqa: F401

pytestmark = pytest.mark.verify
TEXT = "“Quote” 'single' \"double\" & <script>alert(1)</script> </textarea> 👩‍👧 é\r\n second line " * 50


def session_gone(client):
    Session.objects.all().delete()


def cookies_gone(client):
    client.cookies.clear()


def signed_in_again_in_another_tab(client):
    client.cookies["csrftoken"] = _get_new_csrf_string()


def signed_out_in_another_tab(client):
    sent = {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post(reverse("sign-out"), sent).status_code == 302


WAYS = [session_gone, cookies_gone, signed_in_again_in_another_tab, signed_out_in_another_tab]


def browser_of(world, name):  # noqa: F811
    client = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    client.force_login(getattr(world.cast, IDENTITIES[entering(name)]))
    return client


@pytest.mark.parametrize("way", WAYS)
def test_f15_a_form_sent_after_the_session_ended_gives_the_text_back(world, way):  # noqa: F811
    given_back, lost = [], []
    for name in sorted(URLS.keys() - PUBLIC):
        with transaction.atomic():
            client, url = browser_of(world, name), address(name, world)
            page = client.get(url)
            form = form_of(page.content, url) if page.status_code == 200 and not page.streaming else None
            boxes = list(text_boxes(form)) if form else []
            if boxes and "password" not in url:
                sent = filled(form) | dict.fromkeys(boxes, TEXT)
                way(client)
                answer = client.post(url, sent)
                shown = BeautifulSoup(answer.content, "html.parser").select("textarea")
                texts = {box["name"]: box.get_text().removeprefix("\n") for box in shown}
                kept = answer.status_code == 403 and all(texts.get(box) == TEXT for box in boxes)
                (given_back if kept else lost).append(name)
            transaction.set_rollback(True)
    tried(f"forms: {way.__name__.replace('_', ' ')}", len(given_back))
    assert lost == []
    assert len(given_back) >= 50
