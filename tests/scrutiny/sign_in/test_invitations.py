"""An administrator invites, a link lets somebody choose a password, and nothing is typed twice."""

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from scrutiny.models import User
from tests import factories
from tests.scrutiny.sign_in.conftest import PASSWORD, browser, is_signed_in, kinds, sign_in

pytestmark = pytest.mark.django_db
TYPED = {
    "first_name": "Femi",
    "last_name": "Adeyemi",
    "email": "femi.adeyemi@exampleton.example",
    "username": "femi",
    "role": "member",
}


@pytest.fixture
def admin(ada, settings):
    settings.SECOND_STEP = False
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def invite(admin, django_capture_on_commit_callbacks):
    """Sends the form, and the path of the link in the message."""

    def invited(**typed):
        with django_capture_on_commit_callbacks(execute=True):
            answer = admin.post("/users/invite/", TYPED | typed)
        assert answer.status_code == 302, answer.content.decode()
        return link_in(mail.outbox[-1])

    return invited


def link_in(message):
    line = next(line for line in message.body.splitlines() if "/invitation/" in line)
    return line.removeprefix("http://127.0.0.1:8000")


def test_whoever_is_invited_chooses_a_password_and_signs_in(invite):
    link, client = invite(), browser()
    assert mail.outbox[0].to == [TYPED["email"]]
    assert "Femi Adeyemi" in client.get(link).content.decode()
    assert client.post(link, {"password": PASSWORD})["Location"] == "/sign-in/"
    sign_in(client, TYPED["email"])
    assert is_signed_in(client)
    assert kinds() == ["invited", "password_changed", "sign_in"]


def test_the_invitation_gives_the_role_for_the_board(invite, board, ada):
    invite(board=board.pk)
    role = User.objects.get(username="femi").role_assignments.get()
    assert (role.role, role.board, role.history.get().history_user) == ("member", board, ada)


def test_a_link_works_once(invite):
    link = invite()
    browser().post(link, {"password": PASSWORD})
    answer = browser().post(link, {"password": "copper ninety thistle umbrella"})
    assert (answer.status_code, "This link has ended" in answer.content.decode()) == (404, True)
    assert User.objects.get(username="femi").check_password(PASSWORD)


def test_a_link_works_for_a_week(invite):
    with time_machine.travel("2026-03-02 09:00", tick=False) as clock:
        link = invite()
        clock.shift(7 * 24 * 60 * 60)
        assert browser().get(link).status_code == 200
        clock.shift(1)
        assert browser().get(link).status_code == 404


def test_a_new_link_takes_the_one_before_back(invite, admin, django_capture_on_commit_callbacks):
    first, user = invite(), User.objects.get(username="femi")
    with django_capture_on_commit_callbacks(execute=True):
        admin.post(f"/users/{user.pk}/invite/")
    assert browser().get(first).status_code == 404
    assert browser().get(link_in(mail.outbox[-1])).status_code == 200


@pytest.mark.parametrize(
    "spoil", [lambda link: link[:-2] + "x/", lambda link: link.replace("/invitation/", "/invitation/9")]
)
def test_a_link_nobody_sent_opens_nothing(invite, spoil):
    assert browser().get(spoil(invite())).status_code == 404


def test_a_link_for_somebody_deactivated_has_ended(invite):
    link, user = invite(), User.objects.get(username="femi")
    user.is_active = False
    user.save()
    assert browser().get(link).status_code == 404


def test_a_bad_password_is_refused_with_what_to_do(invite):
    answer = browser().post(invite(), {"password": "femi.adeyemi"})
    assert "guessed first" in answer.content.decode()


def test_an_address_that_is_taken_is_refused_and_nothing_is_sent(admin):
    factories.UserFactory(email="FEMI.adeyemi@exampleton.example")
    page = admin.post("/users/invite/", TYPED).content.decode()
    assert "has an account already" in page
    assert 'value="Adeyemi"' in page
    assert mail.outbox == []


def test_a_role_that_needs_a_body_is_refused_whole(admin):
    page = admin.post("/users/invite/", TYPED | {"role": "contributor"}).content.decode()
    assert "Select the organisation this person answers for" in page
    assert not User.objects.filter(username="femi").exists()


def test_adding_a_user_in_the_administration_leads_to_the_invitation(admin):
    assert admin.get(reverse("admin:scrutiny_user_add"))["Location"] == "/users/invite/"


def test_nobody_sets_somebody_else_s_password(admin, mary):
    page = admin.get(reverse("admin:scrutiny_user_change", args=[mary.pk])).content.decode()
    assert f'href="/users/{mary.pk}/"' in page
    assert "id_password" not in page
    assert admin.get(f"/administration/scrutiny/user/{mary.pk}/password/").status_code in (302, 404)


def test_S10_secrets_have_no_page_in_the_administration(admin):
    page = admin.get(reverse("admin:index")).content.decode()
    assert not any(name in page for name in ("/mfa/", "/usersessions/", "/socialaccount/", "/account/"))


def test_forgetting_a_password_sends_one_message_in_any_case(mary, django_capture_on_commit_callbacks):
    mary.email = "mary@exampleton.example"
    mary.save()
    answers = []
    for email in (mary.email, "nobody@exampleton.example"):
        with django_capture_on_commit_callbacks(execute=True):
            answer = browser().post("/password/forgotten/", {"email": email}, headers={"host": "127.0.0.1"})
        answers.append((answer.status_code, answer["Location"]))
    assert answers[0] == answers[1]
    known, unknown = mail.outbox
    assert "http://127.0.0.1:8000/password/new/" in known.body
    assert "There is no account for it" in unknown.body


def test_somebody_is_told_when_their_password_was_changed(mary, settings, django_capture_on_commit_callbacks):
    settings.SECOND_STEP = False
    mary.email = "mary@exampleton.example"
    mary.set_password(PASSWORD)
    mary.save()
    client, new = browser(), "copper ninety thistle umbrella"
    sign_in(client, "mary")
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert mail.outbox[0].to == [mary.email]
    assert "Your password was changed" in mail.outbox[0].body
