"""Whatever goes wrong, the typed text is on the page; and error reports do not carry it away."""

import errno
import re
import sqlite3
import sys
from unittest import mock

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InterfaceError, InternalError, OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from django.utils.html import escape
from django.views.debug import ExceptionReporter
from psycopg.errors import DiskFull, ReadOnlySqlTransaction

from scrutiny.models import User
from scrutiny.toolkit.errors import server_error, typed_in, why_not_now

OUR_PAGE = {"origin": "http://testserver"}
TEXT = "“Quote” 'single' \"double\" & <script>alert(1)</script> </textarea> 👩‍👧 é\r\nsecond line " * 70
CHILD = "Child A of 5 Mill Lane"
AWAY = OperationalError("connection refused")


def sqlite_error(name):
    error = sqlite3.OperationalError("attempt to write")
    error.sqlite_errorname = name
    return error


def page(request):
    return HttpResponse("read")


def failing(request):
    raise ValueError("a fault of the program")


def failing_after_database_trouble(request):
    try:
        raise InterfaceError("connection already closed")
    except InterfaceError as error:
        raise ValueError("while cleaning up") from error


def gone(request):
    raise Http404


def forbidden(request):
    raise PermissionDenied


urlpatterns = [
    path("", page),
    path("failing/", failing),
    path("trouble/", failing_after_database_trouble),
    path("gone/", gone),
    path("forbidden/", forbidden),
    path(
        "sign-in/",
        login_not_required(LoginView.as_view(template_name="account/sign_in.html")),
        name="sign-in",
    ),
]
handler403 = "scrutiny.toolkit.errors.no_permission"
handler404 = "scrutiny.toolkit.errors.not_found"
handler500 = "scrutiny.toolkit.errors.server_error"

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def site(db):
    return signed_in()


def signed_in(**options):
    site = Client(headers=OUR_PAGE, raise_request_exception=False, **options)
    site.force_login(User.objects.create(username="priya"))
    return site


def boxes(response):
    """What a browser would send again from the text boxes of a page."""
    found = re.findall(
        r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', response.content.decode(), re.S
    )
    return dict(found)


def hidden(response, name):
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1]


def database_is_away(error=AWAY):
    return mock.patch.object(CursorWrapper, "execute", side_effect=error)


class TestCsrfFailure:
    def test_the_text_is_kept_when_the_token_does_not_fit(self):
        site = signed_in(enforce_csrf_checks=True)
        response = site.post("/", {"update": TEXT, "csrfmiddlewaretoken": "a" * 64})
        assert response.status_code == 403
        assert boxes(response) == {"update": escape(TEXT)}

    def test_the_page_can_be_sent_as_it_is(self):
        site = signed_in(enforce_csrf_checks=True)
        held = site.post("/", {"update": "Nine of ten done", "form_token": "t" * 32})
        fields = {name: hidden(held, name) for name in ("csrfmiddlewaretoken", "form_token")}
        assert fields["form_token"] == "t" * 32
        assert site.post("/", boxes(held) | fields).content == b"read"

    def test_cleared_cookies_keep_the_text_and_lead_to_sign_in(self, db):
        site = Client(headers=OUR_PAGE, enforce_csrf_checks=True)
        response = site.post("/", {"update": TEXT, "csrfmiddlewaretoken": "a" * 64})
        assert boxes(response) == {"update": escape(TEXT)}
        assert "Sign in (opens in a new tab)" in response.content.decode()

    def test_a_foreign_page_gets_nothing_shown(self):
        site = signed_in(enforce_csrf_checks=True)
        response = site.post("/", {"update": "words"}, headers={"origin": "https://elsewhere.example"})
        assert response.status_code == 403
        assert "words" not in response.content.decode()


class TestDatabaseAway:
    def test_the_answer_is_503_and_says_when_to_try_again(self, site):
        with database_is_away():
            response = site.get("/")
        assert (response.status_code, response["Retry-After"]) == (503, "10")

    def test_the_text_is_kept_without_any_query(self, site):
        with database_is_away():
            response = site.post("/", {"update": TEXT, "form_token": "t" * 32})
        assert response.status_code == 503
        assert boxes(response) == {"update": escape(TEXT)}
        assert hidden(response, "form_token") == "t" * 32

    @pytest.mark.parametrize("name", ["version", "evidence-version", "identifying_seen"])
    def test_what_a_form_carries_for_itself_goes_along_unseen(self, site, name):
        with database_is_away():
            response = site.post("/", {"update": TEXT, name: "4711"})
        assert boxes(response) == {"update": escape(TEXT)}
        assert hidden(response, name) == "4711"

    def test_the_page_itself_asks_the_database_nothing(self, rf):
        request = rf.post("/", {"update": "Nine of ten"}, headers=OUR_PAGE)
        with database_is_away() as execute, mock.patch.object(connection, "cursor") as cursor:
            assert answer_to(request, AWAY).status_code == 503
        assert not execute.called
        assert not cursor.called

    def test_the_text_can_be_sent_again_from_the_page(self):
        site = signed_in(enforce_csrf_checks=True)
        site.get("/sign-in/")
        with database_is_away():
            held = site.post(
                "/", {"update": "Nine of ten", "csrfmiddlewaretoken": site.cookies["csrftoken"].value}
            )
        assert held.status_code == 503
        again = boxes(held) | {"csrfmiddlewaretoken": hidden(held, "csrfmiddlewaretoken")}
        assert site.post("/", again).content == b"read"

    @pytest.mark.parametrize("kind", [OperationalError, InterfaceError, InternalError])
    def test_full_read_only_and_closed_databases_are_told_apart_from_faults_of_ours(self, site, kind):
        with database_is_away(kind("no")):
            assert site.get("/").status_code == 503

    def test_trouble_that_led_to_another_error_counts(self, site):
        assert site.get("/trouble/").status_code == 503

    @pytest.mark.parametrize(
        ("cause", "words"),
        [
            (ReadOnlySqlTransaction("cannot execute INSERT"), "can only be read just now"),
            (sqlite_error("SQLITE_READONLY_DIRECTORY"), "can only be read just now"),
            (OSError(errno.EROFS, "Read-only file system"), "can only be read just now"),
            (DiskFull("could not extend file"), "no room left"),
            (sqlite_error("SQLITE_FULL"), "no room left"),
            (OSError(errno.ENOSPC, "No space left on device"), "no room left"),
            (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), "cannot be reached"),
        ],
    )
    def test_the_page_says_what_is_the_matter(self, rf, cause, words):
        error = OperationalError("wrapped")
        error.__cause__ = cause
        answer = answer_to(rf.get("/"), error)
        assert answer.status_code == 503
        assert words in answer.content.decode()

    def test_an_error_that_the_driver_lets_through_counts(self, rf):
        assert answer_to(rf.get("/"), connection.Database.OperationalError("closed")).status_code == 503

    def test_a_full_disk_needs_no_database_to_be_told(self, rf):
        assert answer_to(rf.get("/"), OSError(errno.ENOSPC, "No space left")).status_code == 503

    def test_another_error_of_the_operating_system_is_a_fault_of_ours(self, rf):
        assert answer_to(rf.get("/"), FileNotFoundError(errno.ENOENT, "No such file")).status_code == 500

    def test_a_broken_rule_is_no_database_trouble(self):
        assert not why_not_now(IntegrityError("unique"))
        assert not why_not_now(None)

    def test_a_circle_of_errors_ends(self):
        one, other = ValueError(), KeyError()
        one.__context__, other.__context__ = other, one
        assert not why_not_now(one)

    def test_a_foreign_page_gets_nothing_shown(self, rf):
        request = rf.post("/", {"update": "words"}, headers={"origin": "https://elsewhere.example"})
        assert b"words" not in answer_to(request, AWAY).content


def answer_to(request, error):
    """The answer of handler500, called as Django calls it: while the error is being handled."""
    try:
        raise error
    except Exception:
        return server_error(request)


class TestFaults:
    def test_a_fault_of_the_program_is_500_and_the_text_is_shown(self, site):
        response = site.post("/failing/", {"update": TEXT})
        assert response.status_code == 500
        assert boxes(response) == {"update": escape(TEXT)}

    def test_nothing_of_the_error_is_shown(self, site):
        assert "a fault of the program</" not in site.get("/failing/").content.decode()
        assert "ValueError" not in site.get("/failing/").content.decode()

    def test_without_an_error_it_is_a_plain_500(self, rf):
        assert sys.exc_info()[1] is None
        assert server_error(rf.get("/")).status_code == 500

    def test_an_upload_that_broke_off_shows_no_text_and_no_second_error(self, rf):
        request = rf.post("/", {"update": "words"}, headers=OUR_PAGE)
        with mock.patch.object(type(request), "POST", new_callable=mock.PropertyMock, side_effect=OSError):
            assert typed_in(request).shown == []

    def test_an_address_with_two_slashes_is_not_sent_to_another_site(self, rf):
        request = rf.post("/", {"update": "words"}, headers=OUR_PAGE)
        request.path = "//elsewhere.example/"
        assert b'action="//' not in answer_to(request, AWAY).content


class TestGoneAndForbidden:
    @pytest.mark.parametrize(
        ("address", "status"), [("/gone/", 404), ("/nowhere/", 404), ("/forbidden/", 403)]
    )
    def test_the_text_is_shown_to_be_copied(self, site, address, status):
        response = site.post(address, {"update": TEXT})
        assert response.status_code == status
        assert boxes(response) == {"update": escape(TEXT)}
        assert "Send it again" not in response.content.decode()

    @pytest.mark.parametrize(("address", "status"), [("/gone/", 404), ("/forbidden/", 403)])
    def test_readers_get_the_ordinary_page(self, site, address, status):
        response = site.get(address)
        assert response.status_code == status
        assert "What you typed" not in response.content.decode()


class TestReports:
    def report(self, debug, settings):
        settings.DEBUG = debug
        request = RequestFactory().post("/", {"update": CHILD})
        typed = request.POST["update"]
        try:
            raise ValueError(f"{len(typed)} characters")
        except ValueError:
            return (
                ExceptionReporter(request, *sys.exc_info()).get_traceback_text()
                + ExceptionReporter(request, *sys.exc_info()).get_traceback_html()
            )

    def test_a_report_holds_neither_the_form_nor_local_variables(self, settings):
        report = self.report(False, settings)
        assert "22 characters" in report
        assert CHILD not in report

    def test_a_developer_sees_both(self, settings):
        assert CHILD in self.report(True, settings)
