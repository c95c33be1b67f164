"""Sessions, the write transaction, receipts, kept text and headers, through a small site of their own."""

import re
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from unittest import mock

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.template import engines
from django.template.response import SimpleTemplateResponse
from django.test import Client
from django.urls import path
from django.utils import timezone
from django.utils.html import escape
from simple_history.signals import pre_create_historical_record

from scrutiny.models import FormReceipt, Organisation, User
from scrutiny.toolkit.history import record
from scrutiny.toolkit.middleware import TOUCH_EVERY

OUR_PAGE = {"origin": "http://testserver"}
TEXT = "“Quote” 'single' \"double\" & <script>alert(1)</script> </textarea> 👩‍👧 é\r\nsecond line " * 70


def page(request):
    return HttpResponse(f"read by {request.user}")


def add(request):
    if not request.POST.get("name"):
        return HttpResponse("Enter the name.")
    name = request.POST["name"]
    by = request.user if request.user.is_authenticated else None
    record(Organisation(name=name, short_name=request.POST.get("short_name", "")), by=by)
    if "upload" in request.FILES:
        return HttpResponseRedirect(f"/size/{len(request.FILES['upload'].read())}/")
    return HttpResponseRedirect(f"/added/{name}/")


@login_not_required
def add_public(request):
    return add(request)


def add_then_fail(request):
    add(request)
    raise RuntimeError("after the save")


def add_then_answer_503(request):
    add(request)
    return HttpResponse("busy", status=503)


def add_then_break_the_page(request):
    add(request)
    return SimpleTemplateResponse(engines["django"].from_string("{% url 'no-such-page' %}"))


def transactions(request):
    return HttpResponse(str(len(connection.atomic_blocks)))


@transaction.non_atomic_requests
def alone(request):
    return transactions(request)


urlpatterns = [
    path("", page),
    path("add/", add),
    path("add-public/", add_public),
    path("add-then-fail/", add_then_fail),
    path("add-then-503/", add_then_answer_503),
    path("add-then-break/", add_then_break_the_page),
    path("transactions/", transactions),
    path("alone/", alone),
    path(
        "sign-in/",
        login_not_required(LoginView.as_view(template_name="account/sign_in.html")),
        name="sign-in",
    ),
    path("organisations/<int:pk>/", lambda request, pk: HttpResponse(), name="organisation-detail"),
]
handler500 = "scrutiny.toolkit.errors.server_error"

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def priya(db):
    user = User(username="priya", first_name="Priya", last_name="Shah")
    user.set_password("a long pass phrase")
    user.save()
    return user


def browser_of(user=None, **options):
    site = Client(headers=OUR_PAGE, raise_request_exception=False, **options)
    if user:
        site.force_login(user)
    return site


@pytest.fixture
def site(priya):
    return browser_of(priya)


def token():
    return secrets.token_urlsafe(24)


def hidden(response, name):
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1]


def boxes(response):
    """What a browser would send again from the text boxes of a page."""
    found = re.findall(
        r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', response.content.decode(), re.S
    )
    return dict(found)


@contextmanager
def history_fails():
    def fail(**kwargs):
        raise RuntimeError("killed between the row and its history")

    pre_create_historical_record.connect(fail)
    try:
        yield
    finally:
        pre_create_historical_record.disconnect(fail)


class TestSessions:
    def saves_during(self, act):
        with mock.patch.object(SessionStore, "save", autospec=True, side_effect=SessionStore.save) as save:
            act()
        return save.call_count

    def test_a_session_is_written_at_most_every_five_minutes(self, site):
        assert self.saves_during(lambda: [site.get("/") for _ in range(5)]) == 1

    def test_using_the_site_after_five_minutes_puts_the_end_of_the_session_off(self, site):
        site.get("/")
        before = Session.objects.get().expire_date
        later = timezone.now() + timedelta(seconds=TOUCH_EVERY + 1)
        with (
            mock.patch("scrutiny.toolkit.middleware.time.time", return_value=later.timestamp()),
            mock.patch("django.utils.timezone.now", return_value=later),
        ):
            assert self.saves_during(lambda: site.get("/")) == 1
        assert Session.objects.get().expire_date >= before + timedelta(seconds=TOUCH_EVERY)

    def test_somebody_not_signed_in_gets_no_session(self):
        response = browser_of().get("/sign-in/")
        assert "sessionid" not in response.cookies
        assert not Session.objects.exists()

    @pytest.mark.parametrize("error", [UpdateError, OperationalError("attempt to write a readonly database")])
    def test_a_session_that_cannot_be_saved_leaves_a_stored_record_and_its_answer_alone(self, site, error):
        with mock.patch("django.contrib.sessions.backends.db.SessionStore.save", side_effect=error) as save:
            response = site.post("/add/", {"name": "Marrowby"})
        assert save.called
        assert (response.status_code, response["Location"]) == (302, "/added/Marrowby/")
        assert Organisation.objects.filter(name="Marrowby").exists()

    def test_pages_can_be_read_while_sessions_cannot_be_written(self, site):
        error = OperationalError("cannot execute UPDATE in a read-only transaction")
        with mock.patch("django.contrib.sessions.backends.db.SessionStore.save", side_effect=error):
            assert site.get("/").status_code == 200

    def test_signing_out_in_another_tab_does_not_spoil_an_answer(self, site):
        real_save = SessionStore.save

        def save_after_the_other_tab(self, *args, **kwargs):
            Session.objects.all().delete()
            return real_save(self, *args, **kwargs)

        with mock.patch.object(SessionStore, "save", save_after_the_other_tab):
            assert site.get("/").status_code == 200


class TestAtomicWrites:
    @pytest.mark.parametrize("address", ["/add-then-fail/", "/add-then-503/", "/add-then-break/"])
    def test_a_view_that_fails_after_saving_leaves_nothing(self, site, address):
        sent = {"name": "Marrowby", "form_token": token()}
        assert site.post(address, sent).status_code >= 500
        assert not Organisation.objects.exists()
        assert not Organisation.history.exists()
        assert not FormReceipt.objects.exists()

    def test_a_failure_between_the_row_and_its_history_leaves_neither(self, site):
        with history_fails():
            assert site.post("/add/", {"name": "Marrowby", "form_token": token()}).status_code == 500
        assert not Organisation.objects.exists()
        assert not Organisation.history.exists()
        assert not FormReceipt.objects.exists()

    def test_a_row_and_its_history_are_stored_together(self, site, priya):
        site.post("/add/", {"name": "Marrowby"})
        assert Organisation.objects.get().history.get().history_user == priya

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_writing_runs_in_a_transaction(self, site, method):
        assert getattr(site, method)("/transactions/").content.decode() == str(
            len(connection.atomic_blocks) + 1
        )

    def test_reading_takes_no_transaction(self, site):
        assert site.get("/transactions/").content.decode() == str(len(connection.atomic_blocks))

    def test_a_view_may_look_after_its_own_transactions(self, site):
        assert site.post("/alone/").content.decode() == str(len(connection.atomic_blocks))

    def test_a_form_without_csrf_token_never_reaches_the_transaction(self, priya):
        site = browser_of(priya, enforce_csrf_checks=True)
        with mock.patch("scrutiny.toolkit.middleware.once") as once:
            assert site.post("/add/", {"name": "Marrowby", "form_token": token()}).status_code == 403
        assert not once.called

    def test_a_form_of_somebody_not_signed_in_never_reaches_the_transaction(self, db):
        with mock.patch("scrutiny.toolkit.middleware.once") as once:
            assert browser_of().post("/add/", {"name": "Marrowby", "form_token": token()}).status_code == 403
        assert not once.called


class TestReceipts:
    def test_sending_the_same_form_twice_saves_once_and_answers_the_same(self, site):
        sent = {"name": "Marrowby", "form_token": token()}
        answers = [site.post("/add/", sent) for _ in range(3)]
        assert [answer["Location"] for answer in answers] == ["/added/Marrowby/"] * 3
        assert (
            Organisation.objects.count() == Organisation.history.count() == FormReceipt.objects.count() == 1
        )

    def test_a_fresh_csrf_token_does_not_make_the_content_different(self, site):
        sent = {"name": "Marrowby", "form_token": token()}
        site.post("/add/", sent | {"csrfmiddlewaretoken": "a" * 64})
        assert site.post("/add/", sent | {"csrfmiddlewaretoken": "b" * 64}).status_code == 302

    def test_a_form_with_a_mistake_can_be_corrected_and_sent_again(self, site):
        same = token()
        assert site.post("/add/", {"name": "", "form_token": same}).content == b"Enter the name."
        assert not FormReceipt.objects.exists()
        assert site.post("/add/", {"name": "Marrowby", "form_token": same}).status_code == 302

    def test_a_form_whose_view_failed_can_be_sent_again(self, site):
        sent = {"name": "Marrowby", "form_token": token()}
        with history_fails():
            site.post("/add/", sent)
        assert site.post("/add/", sent)["Location"] == "/added/Marrowby/"
        assert Organisation.objects.count() == 1

    def test_the_same_token_with_different_text_shows_the_text_with_a_new_token(self, site):
        first = {"name": "Marrowby", "form_token": token()}
        site.post("/add/", first)
        response = site.post("/add/", first | {"name": "Eastwold", "short_name": "<b>E</b>"})
        assert response.status_code == 409
        assert boxes(response) == {"name": "Eastwold", "short_name": "&lt;b&gt;E&lt;/b&gt;"}
        assert hidden(response, "form_token") not in ("", first["form_token"])
        assert not Organisation.objects.filter(name="Eastwold").exists()

    def test_the_text_shown_again_can_be_sent(self, site):
        first = {"name": "Marrowby", "form_token": token()}
        site.post("/add/", first)
        page = site.post("/add/", first | {"name": "Eastwold"})
        again = site.post("/add/", boxes(page) | {"form_token": hidden(page, "form_token")})
        assert again["Location"] == "/added/Eastwold/"

    def test_another_file_under_the_same_token_is_different_content(self, site):
        def send(content):
            file = SimpleUploadedFile("minutes.txt", content)
            return site.post("/add/", {"name": "Marrowby", "form_token": same, "upload": file})

        same = token()
        assert send(b"one")["Location"] == "/size/3/"
        assert send(b"one")["Location"] == "/size/3/"
        assert send(b"other").status_code == 409

    def test_the_token_of_another_address_is_not_answered_for_this_one(self, site):
        sent = {"name": "Marrowby", "form_token": token()}
        site.post("/add/", sent)
        assert site.post("/add-public/", sent).status_code == 409

    def test_the_token_of_another_user_does_not_give_their_answer_away(self, site, db):
        sent = {"name": "Marrowby", "form_token": token()}
        site.post("/add/", sent)
        other = browser_of(User.objects.create(username="tom"))
        assert other.post("/add/", sent).status_code == 409

    def test_forms_without_a_token_pass(self, site):
        assert site.post("/add/", {"name": "Marrowby"}).status_code == 302
        assert not FormReceipt.objects.exists()

    def test_a_public_form_may_carry_a_token_too(self, db):
        sent = {"name": "Marrowby", "form_token": token()}
        assert [browser_of().post("/add-public/", sent).status_code for _ in range(2)] == [302, 302]
        assert FormReceipt.objects.get().user is None

    @pytest.mark.parametrize("damaged", ["", "short", "x" * 65, "nul\x00" * 8, "é" * 30, "a b" * 10])
    def test_a_damaged_token_is_refused_and_never_an_error(self, site, damaged):
        assert site.post("/add/", {"name": "Marrowby", "form_token": damaged}).status_code == 400
        assert not Organisation.objects.exists()

    def test_old_receipts_are_cleared_and_new_ones_stay(self, site):
        for name in ("old", "new"):
            site.post("/add/", {"name": name, "form_token": token()})
        old = FormReceipt.objects.get(location="/added/old/")
        old.created_at = timezone.now() - timedelta(days=31)
        old.save()
        out = StringIO()
        call_command("clear_receipts", stdout=out)
        assert FormReceipt.objects.get().location == "/added/new/"
        assert out.getvalue() == "1 receipts older than 30 days deleted.\n"


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    @pytest.fixture(autouse=True)
    def needs_a_file(self):
        if connection.vendor == "sqlite" and connection.is_in_memory_db():
            pytest.skip("Threads cannot share SQLite in memory: give the test database a file name.")

    def at_once(self, number, act):
        def act_and_hang_up(index):
            try:
                return act(index)
            finally:
                connections.close_all()

        with ThreadPoolExecutor(number) as pool:
            return list(pool.map(act_and_hang_up, range(number)))

    def test_one_form_sent_twenty_times_at_once_is_stored_once(self, priya):
        browsers = [browser_of(priya) for _ in range(20)]
        sent = {"name": "Marrowby", "form_token": token()}
        answers = self.at_once(20, lambda index: browsers[index].post("/add/", sent))
        assert [(a.status_code, a.headers.get("Location")) for a in answers] == [
            (302, "/added/Marrowby/")
        ] * 20
        assert (
            Organisation.objects.count() == Organisation.history.count() == FormReceipt.objects.count() == 1
        )

    def test_different_text_under_one_token_at_once_is_stored_once_and_shown_again_otherwise(self, priya):
        browsers = [browser_of(priya) for _ in range(8)]
        same = token()
        answers = self.at_once(
            8, lambda index: browsers[index].post("/add/", {"name": f"Body {index}", "form_token": same})
        )
        codes = [answer.status_code for answer in answers]
        assert sorted(codes) == [302] + [409] * 7
        assert Organisation.objects.get().name == f"Body {codes.index(302)}"
        for index, answer in enumerate(answers):
            if answer.status_code == 409:
                assert boxes(answer) == {"name": f"Body {index}"}

    def test_a_wrong_form_sent_at_once_with_others_keeps_nobody_waiting(self, priya):
        browsers = [browser_of(priya) for _ in range(8)]
        sent = {"name": "", "form_token": token()}
        answers = self.at_once(8, lambda index: browsers[index].post("/add/", sent))
        assert {answer.status_code for answer in answers} == {200}
        assert not FormReceipt.objects.exists()


class TestKeptText:
    def test_a_reader_without_session_goes_to_the_sign_in_page(self, db):
        assert browser_of().get("/")["Location"] == "/sign-in/?next=/"

    def test_a_writer_whose_session_ended_finds_five_thousand_characters_exactly(self, site):
        assert len(TEXT) > 5000
        Session.objects.all().delete()
        response = site.post("/add/", {"name": TEXT, "form_token": token()})
        assert response.status_code == 403
        assert boxes(response)["name"] == escape(TEXT)
        assert "You have been signed out" in response.content.decode()

    def test_the_held_page_sends_the_same_after_signing_in_again(self, site, priya):
        Session.objects.all().delete()
        sent = {"name": "Marrowby", "short_name": "", "version": "7", "form_token": token()}
        held = site.post("/add/", sent)
        fields = {name: hidden(held, name) for name in ("short_name", "version", "form_token")}
        assert boxes(held) | fields == sent
        site.force_login(priya)
        assert site.post("/add/", boxes(held) | fields)["Location"] == "/added/Marrowby/"

    def test_the_held_page_carries_a_csrf_token_that_works(self, db):
        site = browser_of(enforce_csrf_checks=True)
        site.get("/sign-in/")
        first = site.cookies["csrftoken"].value
        held = site.post("/add/", {"name": "Marrowby", "csrfmiddlewaretoken": first})
        assert "You have been signed out" in held.content.decode()
        again = {"name": "Marrowby", "csrfmiddlewaretoken": hidden(held, "csrfmiddlewaretoken")}
        assert site.post("/add-public/", again).status_code == 302

    def test_the_way_to_sign_in_opens_beside_the_text(self, db):
        response = browser_of().post("/add/", {"name": "Marrowby"}).content.decode()
        assert '<a class="govuk-link" href="/sign-in/" target="_blank" rel="noopener">' in response
        assert "Sign in (opens in a new tab)" in response

    def test_field_names_are_made_readable(self, db):
        assert ">Short name</label>" in browser_of().post("/add/", {"short_name": "M"}).content.decode()

    def test_passwords_and_tokens_are_not_shown(self, db):
        secret = {"new_password1": "s3cret-1", "csrfmiddlewaretoken": "s3cret-2", "api_token": "s3cret-3"}
        response = browser_of().post("/add/", secret | {"name": "Marrowby"}).content.decode()
        assert "s3cret" not in response
        assert "New password1" in response

    def test_a_file_is_named_because_it_cannot_be_kept(self, db):
        file = SimpleUploadedFile("minutes-june.docx", b"words")
        response = browser_of().post("/add/", {"name": "Marrowby", "upload": file}).content.decode()
        assert "minutes-june.docx" in response

    def test_every_value_of_a_field_sent_several_times_is_kept(self, db):
        response = browser_of().post("/add/", {"name": ["one", "two"]}).content.decode()
        assert response.count('name="name"') == 2

    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"origin": "https://elsewhere.example"},
            {"origin": "null"},
            {"origin": "https://testserver"},
            {"referer": "http://elsewhere.example/add/"},
            {"origin": "http://elsewhere.example", "referer": "http://testserver/"},
        ],
    )
    def test_a_foreign_page_gets_nothing_shown(self, db, headers):
        response = Client(headers=headers).post("/add/", {"name": "words put in my mouth"})
        assert response.status_code == 403
        assert "words put in my mouth" not in response.content.decode()

    def test_a_browser_that_sends_only_the_referrer_is_believed(self, db):
        response = Client(headers={"referer": "http://testserver/add/?x=1"}).post(
            "/add/", {"name": "Marrowby"}
        )
        assert boxes(response) == {"name": "Marrowby"}
