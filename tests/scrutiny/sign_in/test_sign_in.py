"""Signing in and out: S1, S2, S6 and what is left in the event log."""

import time
from statistics import median

import pytest
from bs4 import BeautifulSoup

from scrutiny.models import Event
from tests import factories
from tests.numbers import tried
from tests.scrutiny.sign_in.conftest import PASSWORD, browser, is_signed_in, kinds, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(norma):
    """Holds no role: a password is enough."""
    norma.email = "norma@exampleton.example"
    norma.set_password(PASSWORD)
    norma.save()
    return norma


@pytest.mark.parametrize("name", ["norma", "NORMA", "norma@exampleton.example", " norma "])
def test_a_user_name_or_an_address_may_be_typed(member, name):
    client = browser()
    assert sign_in(client, name)["Location"] == "/"
    assert is_signed_in(client)
    assert kinds() == ["sign_in"]


def test_signing_in_leads_back_to_the_page_one_wanted(member):
    client = browser()
    there = client.get("/actions/")["Location"]
    form = BeautifulSoup(client.get(there).content, "html.parser").find("form")
    wanted = form.select_one("[name=next]")["value"]
    answer = client.post("/sign-in/", {"username": "norma", "password": PASSWORD, "next": wanted})
    assert answer["Location"] == "/actions/"


def test_signing_in_does_not_lead_to_another_site(member):
    typed = {"username": "norma", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert browser().post("/sign-in/", typed)["Location"] == "/"


def test_nobody_can_make_an_account_of_their_own():
    page = browser().get("/sign-in/").content.decode()
    assert "sign up" not in page.lower()
    assert browser().get("/signup/").status_code == 404


def test_S1_a_planted_session_never_survives_signing_in(member):
    client = browser()
    client.session.save()
    planted = client.cookies["sessionid"].value
    sign_in(client, "norma")
    assert client.cookies["sessionid"].value != planted
    assert browser_with(planted).get("/actions/").status_code == 302


def browser_with(session):
    client = browser()
    client.cookies["sessionid"] = session
    return client


def test_S2_signing_out_ends_the_session(member):
    client = browser()
    sign_in(client, "norma")
    session = client.cookies["sessionid"].value
    client.post("/sign-out/")
    assert not is_signed_in(browser_with(session))
    assert kinds() == ["sign_in", "sign_out"]


def test_S2_a_new_password_ends_all_other_sessions_and_keeps_this_one(member):
    here, elsewhere = browser(), browser()
    sign_in(here, "norma")
    sign_in(elsewhere, "norma")
    new = "copper ninety thistle umbrella"
    answer = here.post("/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert answer["Location"] == "/password/changed/"
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    assert kinds()[-1] == "password_changed"


def test_S2_deactivating_somebody_ends_their_sessions(member):
    client = browser()
    sign_in(client, "norma")
    member.is_active = False
    member.save()
    assert not is_signed_in(client)


def test_S2_signing_out_everywhere_ends_all_other_sessions(member):
    here, elsewhere = browser(), browser()
    sign_in(here, "norma")
    sign_in(elsewhere, "norma", headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    assert "Firefox on Windows" in here.get("/sessions/").content.decode()
    here.post("/sessions/")
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)


def refusal(name):
    started = time.perf_counter()
    answer = browser(f"10.0.0.{refusal.count % 250}").post(
        "/sign-in/", {"username": name, "password": "wrong " * 4}
    )
    refusal.count += 1
    page = BeautifulSoup(answer.content, "html.parser")
    return answer.status_code, page.select_one(".govuk-error-summary").text, time.perf_counter() - started


refusal.count = 0


@pytest.mark.slow
def test_S6_known_and_unknown_names_get_the_same_answer_in_the_same_time(member, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    member.set_password(PASSWORD)
    member.save()
    closed = factories.UserFactory(username="closed", is_active=False)
    closed.set_password(PASSWORD)
    closed.save()
    names = ["norma", "norma@exampleton.example", "closed", "nobody", "nobody@exampleton.example"]
    rounds = [[refusal(name) for name in names] for _ in range(10)]
    assert len({(status, text) for answers in rounds for status, text, _ in answers}) == 1
    medians = [median(answers[at][2] for answers in rounds) for at in range(len(names))]
    tried("refused sign-ins compared", 10 * len(names))
    assert max(medians) < min(medians) * 1.5, medians


def test_S6_somebody_deactivated_with_the_right_password_is_told_no_more_than_a_stranger(member):
    member.is_active = False
    member.save()
    assert refusal("norma")[:2] == refusal("nobody")[:2]
    client = browser()
    known = sign_in(client, "norma")
    assert "The user name or the password is wrong" in known.content.decode()


def test_a_failure_is_logged_without_what_was_typed(member):
    sign_in(browser(), "norma", "my old secret")
    sign_in(browser(), "my old secret typed in the wrong box", "wrong")
    known, unknown = Event.objects.filter(kind="sign_in_refused").order_by("pk")
    assert (known.kind, known.noun, known.key, known.by) == ("sign_in_refused", "user", member.pk, None)
    assert (unknown.kind, unknown.key) == ("sign_in_refused", None)
    assert not any("secret" in f"{event.label} {event.detail} {event.reason}" for event in (known, unknown))
