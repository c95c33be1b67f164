"""The second step: who needs it, what a password alone reaches (S7), and that no way leads round it (S8)."""

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from scrutiny.models import Event
from scrutiny.roles import PASSWORD_IS_ENOUGH, ROLES
from scrutiny.sign_in.second_step import SETTING_UP, needs_second_step
from tests import test_access
from tests.conftest import hold
from tests.numbers import tried
from tests.scrutiny.sign_in.conftest import browser, code_of, is_signed_in, sign_in
from tests.test_access import IDENTITIES, POLICY, PUBLIC, URLS, address, admin_addresses

pytestmark = pytest.mark.django_db
world = test_access.world
NEEDS = {name for name in IDENTITIES.values() if name} - {"norma"}


def test_whoever_can_write_or_see_what_is_not_published_needs_a_second_step(cast):
    people = [getattr(cast, name) for name in IDENTITIES.values() if name]
    assert {person.username for person in people if needs_second_step(person)} == NEEDS


def test_a_superuser_made_on_the_command_line_needs_one_too(norma):
    norma.is_superuser = True
    assert needs_second_step(norma)


def test_a_permission_that_nobody_thought_of_needs_a_second_step():
    held = frozenset().union(*(role.permissions | role.own for role in ROLES))
    assert held > PASSWORD_IS_ENOUGH
    assert not any(
        name.startswith(("edit", "import", "record_", "judge", "chase", "admin"))
        for name in PASSWORD_IS_ENOUGH
    )


def reached(client, method, url):
    with transaction.atomic():
        client.raise_request_exception = False
        answer = getattr(client, method)(url)
        transaction.set_rollback(True)
    return answer


@pytest.mark.slow
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ["olivia", "ada"])
def test_S7_a_password_alone_reaches_only_setting_up_and_signing_out(world, name, method):
    client = Client()
    client.force_login(getattr(world.cast, name))
    wrong, open_pages = [], PUBLIC | SETTING_UP
    for url_name in sorted(URLS.keys() - open_pages):
        answer = reached(client, method, address(url_name, world))
        sent = answer.headers.get("Location", "").startswith("/second-step/?next=")
        if not (sent if method == "get" else answer.status_code == 403):
            wrong.append(f"{url_name}: {answer.status_code}")
        if b"Alex Quill" in answer.content:
            wrong.append(f"{url_name} tells something")
    tried(f"addresses with a password alone ({method})", len(URLS))
    assert wrong == []


@pytest.mark.slow
def test_S7_the_administration_needs_a_second_step_too(world):
    client = Client()
    client.force_login(world.cast.ada)
    for url in admin_addresses():
        assert client.get(url).headers.get("Location", "").startswith("/second-step/"), url
        assert client.post(url).status_code == 403, url


def test_S7_pages_for_setting_up_show_nothing_of_the_record(world):
    client = Client()
    client.force_login(world.cast.olivia)
    for name in sorted(SETTING_UP):
        assert b"Alex Quill" not in client.get(reverse(name)).content
    assert all(name in POLICY for name in SETTING_UP)


def test_S7_between_password_and_code_one_is_nobody(officer, step):
    client = browser()
    assert sign_in(client, "olivia")["Location"] == "/sign-in/code/"
    for url in ("/", "/actions/", "/second-step/", "/password/", "/users/1/"):
        assert client.get(url)["Location"].startswith("/sign-in/"), url
    assert client.post("/sign-out/").status_code == 302
    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"


def test_feeds_and_answers_by_link_need_no_second_step(world):
    client = Client()
    client.force_login(world.cast.olivia)
    for name in ("calendar-feed", "round-answer", "accessibility"):
        assert client.get(address(name, world)).status_code == 200, name


def test_a_role_given_in_an_open_session_asks_for_a_second_step_at_once(norma):
    client = Client()
    client.force_login(norma)
    assert is_signed_in(client)
    hold(norma, "officer")
    assert client.get("/actions/")["Location"] == "/second-step/?next=%2Factions%2F"


def test_a_text_sent_before_the_second_step_is_set_up_stands_on_the_page(ask, officer):
    client = Client()
    client.force_login(officer)
    url = f"/elements/{ask.elements[0].pk}/progress/"
    answer = client.post(url, {"text": "Nine of ten"}, headers={"origin": "http://testserver"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Nine of ten</textarea>" in page
    assert 'href="/second-step/" target="_blank"' in page


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_app_opens_the_site_and_gives_recovery_codes(officer):
    client = browser()
    sign_in(client, "olivia")
    assert client.get("/actions/")["Location"] == "/second-step/?next=%2Factions%2F"
    client.get("/second-step/app/add/")
    code = code_of(client.session["mfa.totp.secret"])
    answer = client.post("/second-step/app/add/", {"code": code}, follow=True)
    assert answer.redirect_chain[-1][0] == "/second-step/codes/"
    assert "10 of 10 are left" in answer.content.decode()
    assert is_signed_in(client)
    assert "second_step_added" in Event.objects.values_list("kind", flat=True)


def test_S8_a_code_is_taken_once(officer, step):
    with time_machine.travel("2026-03-02 09:00:01", tick=False):
        code = step.code()
        assert sign_in(browser(), "olivia", code=code).status_code == 302
        second = browser()
        assert "was used already" in sign_in(second, "olivia", code=code).content.decode()
        assert not is_signed_in(second)


@pytest.mark.parametrize("steps_away", [-2, -1, 1, 2])
def test_S8_codes_of_other_moments_are_refused(officer, step, steps_away):
    with time_machine.travel("2026-03-02 09:00:01", tick=False):
        client = browser()
        sign_in(client, "olivia", code=step.code(steps_away))
        assert not is_signed_in(client)


def test_S8_a_recovery_code_works_once(officer, step):
    first, second = browser(), browser()
    sign_in(first, "olivia", code=step.recovery_codes[0])
    assert is_signed_in(first)
    sign_in(second, "olivia", code=step.recovery_codes[0])
    assert not is_signed_in(second)


def test_S8_after_five_wrong_codes_the_right_one_is_refused_for_a_while(officer, step):
    with time_machine.travel("2026-03-02 09:00:01", tick=False) as clock:
        client = browser()
        sign_in(client, "olivia")
        for _ in range(5):
            client.post("/sign-in/code/", {"code": "000000"})
        client.post("/sign-in/code/", {"code": step.code()})
        assert not is_signed_in(client)
        clock.shift(6 * 60)
        client.post("/sign-in/code/", {"code": step.code()})
        assert is_signed_in(client)


def test_S8_a_new_password_by_message_does_not_skip_the_second_step(
    officer, step, django_capture_on_commit_callbacks
):
    client, new = browser(), "copper ninety thistle umbrella"
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/password/forgotten/", {"email": officer.email})
    link = next(line for line in mail.outbox[0].body.splitlines() if "/password/new/" in line)
    form = client.get(link.removeprefix("http://127.0.0.1:8000"))["Location"]
    assert client.post(form, {"password1": new, "password2": new})["Location"] == "/password/new/done/"
    assert not is_signed_in(client)
    assert sign_in(client, "olivia", new)["Location"] == "/sign-in/code/"
    assert not is_signed_in(client)
    assert "This link has ended" in browser().get(link.removeprefix("http://127.0.0.1:8000")).content.decode()


@pytest.mark.parametrize("page", ["mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn"])
def test_S8_changing_the_second_step_asks_for_the_password_again(officer, step, page):
    with time_machine.travel("2026-03-02 09:00:01", tick=False) as clock:
        client = browser()
        sign_in(client, "olivia", code=step.code())
        assert client.get(reverse(page)).status_code == 200
        clock.shift(301)
        for answer in (client.get(reverse(page)), client.post(reverse(page))):
            assert answer["Location"].startswith("/sign-in/again/?next=")


def test_taking_the_last_second_step_off_leads_to_setting_one_up_again(officer, step):
    with time_machine.travel("2026-03-02 09:00:01", tick=False):
        client = browser()
        sign_in(client, "olivia", code=step.code())
        client.post("/second-step/app/remove/")
        assert client.get("/")["Location"].startswith("/second-step/")
    assert "second_step_removed" in Event.objects.values_list("kind", flat=True)


def test_an_administrator_takes_a_lost_second_step_off_and_ends_its_sessions(officer, step, ada, settings):
    client, admin = browser(), Client()
    sign_in(client, "olivia", code=step.code())
    assert is_signed_in(client)
    settings.SECOND_STEP = False
    admin.force_login(ada)
    admin.post(f"/users/{officer.pk}/remove-second-step/")
    settings.SECOND_STEP = True
    assert not is_signed_in(client)
    assert not Authenticator.objects.filter(user=officer).exists()
    assert Event.objects.filter(kind="second_step_removed", by=ada, key=officer.pk).exists()


def test_secrets_are_encrypted_with_a_key_of_their_own(officer, step, settings):
    for row in Authenticator.objects.filter(user=officer):
        assert step.secret not in str(row.data)
        assert step.recovery_codes[0] not in str(row.data)


def test_a_new_key_is_put_before_the_old_ones(officer, step, settings):
    settings.TOTP_KEY = [Fernet.generate_key().decode(), *settings.TOTP_KEY]
    client = browser()
    sign_in(client, "olivia", code=step.code())
    assert is_signed_in(client)
