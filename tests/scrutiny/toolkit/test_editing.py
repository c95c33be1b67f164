"""Two people edit one record: what can be merged is merged, nothing is overwritten unawares, no text is lost."""

import re
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from unittest import mock

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.db import IntegrityError, connection, connections
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone
from django.utils.html import escape
from simple_history.signals import pre_create_historical_record

from scrutiny.models import Organisation, OrganisationAlias, RoleAssignment, User
from scrutiny.toolkit.access import fetch
from scrutiny.toolkit.editing import AddView, EditView, VersionedForm, word_difference
from scrutiny.toolkit.forms import ModelForm
from scrutiny.toolkit.history import record, remove, version_of

OUR_PAGE = {"origin": "http://testserver"}
TEXT = "“Quote” 'single' \"double\" & <script>alert(1)</script> 👩‍👧 é"


class OrganisationForm(ModelForm):
    class Meta:
        model = Organisation
        fields = ["name", "short_name", "kind"]

    def clean_short_name(self):
        return self.cleaned_data["short_name"].strip()


class NameForm(VersionedForm):
    """Sets a field that it does not show."""

    class Meta:
        model = Organisation
        fields = ["name"]

    def clean(self):
        cleaned = super().clean()
        if "police" in cleaned.get("name", "").lower():
            self.instance.kind = Organisation.Kind.POLICE
        return cleaned


class AliasForm(ModelForm):
    class Meta:
        model = OrganisationAlias
        fields = ["name"]


class Edit(EditView):
    model = Organisation
    form_class = OrganisationForm
    permission = "edit_record"
    success_url = "/bodies/"

    def locked(self, obj):
        return "This body is closed." if obj.name.startswith("Closed") else ""


class EditName(Edit):
    form_class = NameForm


class EditWithReason(Edit):
    reason_required = True


class Add(AddView):
    model = Organisation
    form_class = OrganisationForm
    permission = "edit_record"
    success_url = "/bodies/"


class AddAlias(AddView):
    model = OrganisationAlias
    form_class = AliasForm
    permission = "edit_record"
    parent = Organisation
    success_url = "/bodies/"

    def new(self, organisation):
        return OrganisationAlias(organisation=organisation)

    def get_cancel_url(self):
        return f"/bodies/{self.above.pk}/"


urlpatterns = [
    path("bodies/", lambda request: HttpResponse("bodies")),
    path("bodies/add/", Add.as_view()),
    path("bodies/<int:pk>/", Edit.as_view()),
    path("bodies/<int:pk>/name/", EditName.as_view()),
    path("bodies/<int:pk>/with-reason/", EditWithReason.as_view()),
    path("bodies/<int:pk>/alias/", AddAlias.as_view()),
    path(
        "sign-in/",
        login_not_required(LoginView.as_view(template_name="account/sign_in.html")),
        name="sign-in",
    ),
    path("organisations/<int:pk>/", lambda request, pk: HttpResponse(), name="organisation-detail"),
]
handler404 = "scrutiny.toolkit.errors.not_found"
handler500 = "scrutiny.toolkit.errors.server_error"

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def user(username, first_name, last_name, role="officer"):
    found = User.objects.create(username=username, first_name=first_name, last_name=last_name)
    RoleAssignment.objects.create(user=found, role=role, start=timezone.localdate())
    return found


class Desk:
    """One person at a browser with an edit form open."""

    def __init__(self, person):
        self.site = Client(headers=OUR_PAGE, raise_request_exception=False)
        self.site.force_login(person)

    def open(self, address):
        self.address, self.fields = address, fields_of(self.site.get(address))
        return self

    def send(self, **changes):
        return self.site.post(self.address, self.fields | changes)


def fields_of(response):
    """What a browser would send if somebody pressed the button of this page at once."""
    html = response.content.decode()
    form = html[html.index("<form") :]
    fields = {}
    for tag in re.findall(r"<input[^>]*>", form):
        fields[attribute(tag, "name")] = attribute(tag, "value")
    for name, value in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S):
        fields[name] = unescape(value)
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        fields[name] = re.search(r'value="([^"]*)" selected', options)[1]
    return fields


def attribute(tag, name):
    found = re.search(rf' {name}="([^"]*)"', tag)
    return unescape(found[1]) if found else ""


@pytest.fixture
def priya(db):
    return user("priya", "Priya", "Shah")


@pytest.fixture
def tom(db):
    return user("tom", "Tom", "Reed")


@pytest.fixture
def body(priya):
    return record(Organisation(name="Marrowby Health", short_name="MH", kind="health"), by=priya)


@pytest.fixture
def address(body):
    return f"/bodies/{body.pk}/"


def message_after(desk):
    return desk.site.get(desk.address).content.decode()


def saved():
    return Organisation.objects.values_list("name", "short_name", "kind").get()


class TestEditing:
    def test_a_change_is_saved_with_who_and_why(self, priya, body, address):
        response = Desk(priya).open(address).send(name="Marrowby NHS", reason="The name was wrong.")
        assert response["Location"] == "/bodies/"
        newest = body.history.latest()
        assert (newest.name, newest.history_user) == ("Marrowby NHS", priya)
        assert newest.history_change_reason == "The name was wrong."

    def test_the_form_shows_the_record_its_version_and_a_fresh_token(self, priya, body, address):
        desk = Desk(priya)
        fields, again = desk.open(address).fields, desk.open(address).fields
        assert fields["name"] == "Marrowby Health"
        assert fields["version"] == version_of(body)
        assert len(fields["form_token"]) == 32
        assert fields["form_token"] != again["form_token"]

    def test_a_reason_is_asked_for_and_may_be_left_out(self, priya, address):
        desk = Desk(priya)
        assert "Why is this changed?" in desk.site.get(address).content.decode()
        assert desk.open(address).send(name="Marrowby NHS").status_code == 302

    def test_a_view_may_insist_on_a_reason(self, priya, address):
        response = Desk(priya).open(f"{address}with-reason/").send(name="Marrowby NHS")
        assert response.status_code == 200
        assert "Answer “Why is this changed?”." in response.content.decode()
        assert saved()[0] == "Marrowby Health"

    def test_saving_without_a_change_writes_no_history(self, priya, body, address):
        assert Desk(priya).open(address).send().status_code == 302
        assert body.history.count() == 1

    def test_a_reason_alone_is_kept(self, priya, body, address):
        Desk(priya).open(address).send(reason="Checked with the register.")
        assert body.history.latest().history_change_reason == "Checked with the register."

    def test_a_mistake_shows_the_form_again_with_the_text(self, priya, body, address):
        response = Desk(priya).open(address).send(name="", short_name=TEXT[:20])
        assert response.status_code == 200
        assert fields_of(response)["short_name"] == TEXT[:20]
        assert fields_of(response)["version"] == version_of(body)

    def test_a_reader_may_not_edit_and_a_stranger_finds_nothing(self, db, address):
        member = Desk(user("ann", "Ann", "Lee", role="member"))
        assert member.site.get(address).status_code == member.site.post(address, {}).status_code == 403
        stranger = Desk(User.objects.create(username="nobody"))
        assert stranger.site.get(address).status_code == stranger.site.post(address, {}).status_code == 404

    def test_a_locked_record_says_why_and_keeps_the_text(self, priya, tom, body, address):
        desk = Desk(priya).open(address)
        body.name = "Closed body"
        record(body, by=tom)
        response = desk.send(short_name="my short name")
        assert response.status_code == 409
        assert "This body is closed." in response.content.decode()
        assert "my short name" in response.content.decode()
        assert desk.site.get(address).status_code == 409
        assert saved()[1] == "MH"

    def test_a_failure_between_the_row_and_its_history_leaves_the_old_text(self, priya, body, address):
        def fail(**kwargs):
            raise RuntimeError("killed between the row and its history")

        desk = Desk(priya).open(address)
        pre_create_historical_record.connect(fail)
        try:
            response = desk.send(name="Marrowby NHS")
        finally:
            pre_create_historical_record.disconnect(fail)
        assert response.status_code == 500
        assert "Marrowby NHS" in response.content.decode()
        assert saved()[0] == "Marrowby Health"
        assert body.history.count() == 1

    @pytest.mark.parametrize("name", ["name", "short_name", "kind", "version", "reason", "form_token"])
    def test_a_nul_in_any_field_is_refused_and_never_an_error(self, priya, body, address, name):
        response = Desk(priya).open(address).send(**{name: "a\x00b"})
        assert response.status_code in (200, 400)
        assert body.history.count() == 1

    def test_a_broken_rule_of_the_model_is_an_error_of_the_form(self, priya, tom, address):
        record(Organisation(name="Eastwold"), by=tom)
        response = Desk(priya).open(address).send(name="Eastwold")
        assert response.status_code == 200
        assert "already exists" in response.content.decode()

    def test_a_rule_broken_at_the_same_moment_is_an_error_of_the_form(self, priya, address):
        desk = Desk(priya).open(address)
        with mock.patch.object(Organisation, "save", side_effect=IntegrityError("unique")):
            response = desk.send(name="Eastwold")
        assert response.status_code == 200
        assert "at the same moment" in response.content.decode()


class TestTwoEditors:
    def test_changes_to_different_fields_are_merged(self, priya, tom, address):
        mine, theirs = Desk(priya).open(address), Desk(tom).open(address)
        theirs.send(short_name="MHT")
        response = mine.send(name="Marrowby NHS")
        assert response.status_code == 302
        assert saved() == ("Marrowby NHS", "MHT", "health")

    def test_a_merge_is_told_with_name_and_field(self, priya, tom, address):
        mine, theirs = Desk(priya).open(address), Desk(tom).open(address)
        theirs.send(short_name="MHT")
        mine.send(name="Marrowby NHS")
        assert "Saved. Tom Reed changed “Short name” meanwhile, and that is kept too." in message_after(mine)

    def test_the_same_change_by_both_is_no_conflict(self, priya, tom, body, address):
        mine, theirs = Desk(priya).open(address), Desk(tom).open(address)
        theirs.send(name="Marrowby NHS")
        assert mine.send(name="Marrowby NHS").status_code == 302
        assert body.history.count() == 2

    def test_changes_to_the_same_field_are_shown_side_by_side_and_not_saved(self, priya, tom, body, address):
        mine, theirs = Desk(priya).open(address), Desk(tom).open(address)
        theirs.send(name="Marrowby Trust")
        response = mine.send(name=f"Marrowby {TEXT}")
        html = response.content.decode()
        assert response.status_code == 409
        assert "Tom Reed saved this while you were writing" in html
        assert fields_of(response)["name"] == f"Marrowby {TEXT}"
        assert "Marrowby Trust" in html
        assert f"{escape('<script>alert(1)</script>')}" in html
        assert "<script>alert" not in html
        assert re.search(r"<del>.*Trust</del>", html)
        assert saved()[0] == "Marrowby Trust"
        assert body.history.count() == 2

    def test_saving_again_after_a_conflict_keeps_mine_knowingly(self, priya, tom, address):
        mine, theirs = Desk(priya).open(address), Desk(tom).open(address)
        theirs.send(name="Marrowby Trust")
        conflict = mine.send(name="Marrowby NHS", reason="As on their website")
        assert mine.site.post(address, fields_of(conflict)).status_code == 302
        assert saved()[0] == "Marrowby NHS"
        assert Organisation.history.latest().history_change_reason == "As on their website"

    def test_saving_again_after_a_conflict_keeps_what_only_they_changed(self, priya, tom, address):
        mine, theirs = Desk(priya).open(address), Desk(tom).open(address)
        theirs.send(name="Marrowby Trust", kind="other")
        conflict = mine.send(name="Marrowby NHS", short_name="NHS")
        assert "also changed “Kind”" in conflict.content.decode()
        mine.site.post(address, fields_of(conflict))
        assert saved() == ("Marrowby NHS", "NHS", "other")

    def test_a_third_save_after_the_conflict_page_is_a_conflict_again(self, priya, tom, address):
        mine, theirs = Desk(priya).open(address), Desk(tom).open(address)
        theirs.send(name="Marrowby Trust")
        conflict = mine.send(name="Marrowby NHS")
        theirs.open(address).send(name="Marrowby Partnership")
        assert mine.site.post(address, fields_of(conflict)).status_code == 409
        assert saved()[0] == "Marrowby Partnership"

    def test_a_save_while_the_form_is_being_read_is_not_overwritten(self, priya, tom, body, address):
        """Somebody saves right after the first of the two things that are read: the version and the row."""

        def then_a_save(read):
            def reading(*args, **kwargs):
                found = read(*args, **kwargs)
                if body.name != "Marrowby Trust":
                    body.name = "Marrowby Trust"
                    record(body, by=tom)
                return found

            return reading

        mine = Desk(priya)
        with (
            mock.patch("scrutiny.toolkit.editing.version_of", then_a_save(version_of)),
            mock.patch("scrutiny.toolkit.editing.fetch", then_a_save(fetch)),
        ):
            mine.open(address)
        mine.send(short_name="NHS")
        assert saved() == ("Marrowby Trust", "NHS", "health")

    @pytest.mark.parametrize("version", ["", "0", "99999999999999999999", "x", "1 OR 1=1"])
    def test_without_a_version_that_is_known_a_difference_is_a_conflict(self, priya, address, version):
        response = Desk(priya).open(address).send(name="Marrowby NHS", version=version)
        assert response.status_code == 409
        assert saved()[0] == "Marrowby Health"

    def test_what_clean_sets_beside_the_form_is_saved_too(self, priya, address):
        Desk(priya).open(f"{address}name/").send(name="Marrowby Police")
        assert saved() == ("Marrowby Police", "MH", "police")

    def test_what_clean_sets_beside_the_form_can_conflict_too(self, priya, tom, address):
        mine = Desk(priya).open(f"{address}name/")
        Desk(tom).open(address).send(kind="council")
        assert mine.send(name="Marrowby Police").status_code == 409
        assert saved() == ("Marrowby Health", "MH", "council")

    def test_fields_outside_the_form_are_never_touched(self, priya, tom, address):
        mine = Desk(priya).open(f"{address}name/")
        Desk(tom).open(address).send(short_name="MHT")
        mine.send(name="Marrowby NHS")
        assert saved() == ("Marrowby NHS", "MHT", "health")

    def test_line_ends_as_browsers_send_them_are_no_change(self, priya, body, address):
        body.short_name = "two\nlines"
        record(body, by=priya)
        Desk(priya).open(address).send(short_name="two\r\nlines", name="Marrowby NHS")
        assert saved()[1] == "two\nlines"

    def test_a_record_deleted_meanwhile_gives_the_text_back(self, priya, tom, body, address):
        mine = Desk(priya).open(address)
        remove(body, by=tom)
        response = mine.send(name="Marrowby NHS")
        assert response.status_code == 404
        assert "It was deleted meanwhile" in response.content.decode()
        assert "Marrowby NHS" in response.content.decode()

    def test_a_record_deleted_while_it_is_being_saved_gives_the_text_back(self, priya, body, address):
        mine, locked_row = Desk(priya).open(address), VersionedForm._locked_row
        with mock.patch.object(VersionedForm, "_locked_row", autospec=True) as locked:
            locked.side_effect = lambda form: remove(body, by=priya) or locked_row(form)
            response = mine.send(name="Marrowby NHS")
        assert response.status_code == 404
        assert "Marrowby NHS" in response.content.decode()

    def test_the_same_edit_sent_twice_is_saved_once(self, priya, body, address):
        mine = Desk(priya).open(address)
        assert [mine.send(name="Marrowby NHS")["Location"] for _ in range(2)] == ["/bodies/"] * 2
        assert body.history.count() == 2


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    @pytest.fixture(autouse=True)
    def needs_a_file(self):
        if connection.vendor == "sqlite" and connection.is_in_memory_db():
            pytest.skip("Threads cannot share SQLite in memory: give the test database a file name.")

    def test_of_eight_who_change_one_field_at_once_one_is_saved_and_seven_keep_their_text(
        self, priya, address
    ):
        desks = [Desk(user(f"u{n}", "User", str(n))).open(address) for n in range(8)]
        answers = at_once(8, lambda n: desks[n].send(name=f"Name {n}"))
        codes = [answer.status_code for answer in answers]
        assert sorted(codes) == [302] + [409] * 7
        assert saved()[0] == f"Name {codes.index(302)}"
        for n, answer in enumerate(answers):
            if answer.status_code == 409:
                assert fields_of(answer)["name"] == f"Name {n}"

    def test_two_who_change_different_fields_at_once_both_get_through(self, priya, tom, address):
        mine, theirs = Desk(priya).open(address), Desk(tom).open(address)
        acts = [lambda: mine.send(name="Marrowby NHS"), lambda: theirs.send(short_name="MHT")]
        assert [answer.status_code for answer in at_once(2, lambda n: acts[n]())] == [302, 302]
        assert saved() == ("Marrowby NHS", "MHT", "health")


def at_once(number, act):
    def act_and_hang_up(index):
        try:
            return act(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(act_and_hang_up, range(number)))


class TestAdding:
    def test_a_new_record_is_saved_with_who(self, priya):
        response = Desk(priya).open("/bodies/add/").send(name="Eastwold", kind="council")
        assert response["Location"] == "/bodies/"
        assert Organisation.objects.get().history.get().history_user == priya

    def test_nothing_is_asked_that_only_makes_sense_for_a_change(self, priya):
        assert not {"reason", "version"} & Desk(priya).open("/bodies/add/").fields.keys()

    def test_only_somebody_with_the_permission_may_add(self, db):
        assert Desk(user("ann", "Ann", "Lee", role="member")).site.get("/bodies/add/").status_code == 403

    def test_a_record_is_added_below_its_parent(self, priya, body, address):
        Desk(priya).open(f"{address}alias/").send(name="The Trust")
        assert body.aliases.get().name == "The Trust"

    def test_a_parent_that_is_not_there_is_not_found_and_gives_the_text_back(self, priya):
        response = Desk(priya).site.post("/bodies/999/alias/", {"name": "The Trust"})
        assert response.status_code == 404
        assert "The Trust" in response.content.decode()

    def test_the_same_form_sent_twice_adds_one(self, priya):
        desk = Desk(priya).open("/bodies/add/")
        assert [desk.send(name="Eastwold").status_code for _ in range(2)] == [302, 302]
        assert Organisation.objects.count() == 1


class TestWordDifference:
    def test_words_are_compared_and_nothing_is_lost(self):
        saved, mine = "The cat sat on the mat.", "The dog sat on the red mat."
        pieces = list(word_difference(saved, mine))
        assert pieces == [
            ("same", "The "),
            ("saved", "cat "),
            ("mine", "dog "),
            ("same", "sat on the "),
            ("mine", "red "),
            ("same", "mat."),
        ]

    def test_long_texts_are_compared_in_good_time(self):
        saved = [secrets.choice(["the", "board", "asked", "for", "a", "report"]) for _ in range(10_000)]
        mine = [*saved[:5_000], "new", *saved[5_010:]]
        start = time.monotonic()
        list(word_difference(" ".join(saved), " ".join(mine)))
        assert time.monotonic() - start < 2
