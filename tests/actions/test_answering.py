"""The page on which addressees answer: by link, without an account, and nothing but their own elements."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.models import Message, ProgressUpdate, Reply, ReplyEvidence, UpdateRequest
from actions.rounds import asking, settling
from scrutiny.models import FormReceipt
from scrutiny.toolkit.links import signed
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def files(tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    return tmp_path


@pytest.fixture
def asked(ask, today, partnership, files):
    """A request to the partnership about three elements, in a round with one to another body."""
    opened = factories.RoundFactory(
        board=ask.action.board, opened_on=today, due_on=today + timedelta(days=14)
    )
    request = factories.RequestFactory(
        round=opened, organisation=partnership, expires_on=opened.due_on + timedelta(days=28)
    )
    replies = [factories.ReplyFactory(request=request, element=element) for element in ask.elements]
    elsewhere = factories.ElementFactory(
        action=factories.ActionFactory(resolution=ask.resolution), text="What was asked of the hospital."
    )
    other = factories.RequestFactory(round=opened)
    foreign = factories.ReplyFactory(request=other, element=elsewhere)
    return SimpleNamespace(
        request=request,
        replies=replies,
        foreign=foreign,
        elements=ask.elements,
        round=opened,
        action=ask.action,
    )


def link_to(request):
    return reverse("round-answer", args=[signed(request.link_value)])


def get(request):
    return Client().get(link_to(request))


def words_of(answer):
    return " ".join(BeautifulSoup(answer.content, "html.parser").get_text(" ").split())


def boxes(answer):
    """What a browser would send back as it stands."""
    found = {}
    for box in BeautifulSoup(answer.content, "html.parser").select("main form [name]"):
        kind = box.get("type")
        if (
            box.name == "button"
            or kind == "file"
            or (kind in ("radio", "checkbox") and not box.has_attr("checked"))
        ):
            continue
        value = box.get_text().removeprefix("\n") if box.name == "textarea" else box.get("value", "")
        found[box["name"]] = value
    return found


def typed(reply, text="All have trained.", says="in_progress", **evidence):
    prefix = f"reply-{reply.pk}"
    own = {f"{prefix}-text": text, f"{prefix}-owner_progress": says}
    return own | {f"{prefix}-evidence-{name}": value for name, value in evidence.items()}


def post(
    request, *changes, page=None, client=None, button="send", name="Sam Weir, Business Manager", url=None
):
    data = boxes(page or get(request)) | {"reported_by": name, button: "yes"}
    for each in changes:
        data |= each
    return (client or Client()).post(url or link_to(request), data)


def state_of(reply):
    reply.refresh_from_db()
    return reply.state


# What the page shows.


def test_the_page_shows_the_board_s_words_when_it_is_due_and_what_was_said_last(asked):
    factories.UpdateFactory(element=asked.elements[0], text="Half is done.")
    answer = get(asked.request)
    words = words_of(answer)
    for said in (
        asked.elements[0].text,
        "in September/October 2023 (1 September 2023 to 31 October 2023)",
        "Condition: dependent upon the timing of the national review",
        "Half is done.",
        "3 of 3 elements wait for your answer",
    ):
        assert said in words
    assert answer.status_code == 200


def test_the_page_needs_no_account_and_leads_to_no_record(asked, olivia):
    client = Client()
    client.force_login(olivia)
    page = BeautifulSoup(client.get(link_to(asked.request)).content, "html.parser")
    assert not page.select("nav a")
    assert not page.select("main a")


def test_the_page_shows_nothing_of_another_body(asked):
    assert asked.foreign.element.text not in words_of(get(asked.request))
    assert str(asked.foreign.request.organisation) not in words_of(get(asked.request))


def test_browsers_and_search_engines_keep_nothing(asked):
    headers = get(asked.request).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in headers["X-Robots-Tag"]


def everything():
    models = (UpdateRequest, Reply, ReplyEvidence, ProgressUpdate, Message, FormReceipt)
    rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in models}
    return rows | {f"history of {m.__name__}": m.history.count() for m in (UpdateRequest, Reply)}


def test_reading_changes_nothing(asked):
    before = everything()
    for _ in range(2):
        assert get(asked.request).status_code == 200
        assert Client().head(link_to(asked.request)).status_code == 200
    assert everything() == before


def queries_of(request):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert get(request).status_code == 200
    return len(caught)


def test_thirty_elements_take_as_many_queries_as_three(asked):
    get(asked.request)
    few = queries_of(asked.request)
    for number in range(10, 37):
        reply = factories.ReplyFactory(
            request=asked.request, element=factories.ElementFactory(action=asked.action, number=number)
        )
        factories.UpdateFactory(element=reply.element)
        factories.ReplyEvidenceFactory(reply=reply)
    assert queries_of(asked.request) == few


# Links that do not open it.


def expired(request, today):
    request.expires_on = today - timedelta(days=1)
    request.save()
    return link_to(request)


def revoked(request, today):
    request.revoked_on = today
    request.save()
    return link_to(request)


def renewed(request, today):
    old = link_to(request)
    request.issue = 2
    request.save()
    return old


WRONG = {
    "expired": expired,
    "revoked": revoked,
    "renewed": renewed,
    "unknown": lambda request, today: reverse("round-answer", args=[signed("request-987654-1")]),
    "guessed": lambda request, today: reverse("round-answer", args=[f"{request.link_value}:{'A' * 43}"]),
    "without a signature": lambda request, today: reverse("round-answer", args=[request.link_value]),
    "of something else": lambda request, today: reverse("round-answer", args=[signed("reply-1-1")]),
    "another's signature": lambda request, today: link_to(request).replace(
        f"request-{request.pk}-", f"request-{request.pk + 1}-"
    ),
}


@pytest.mark.parametrize("why", WRONG)
def test_every_link_that_does_not_work_gets_the_same_answer(asked, today, why):
    nothing = Client().get(reverse("round-answer", args=["nothing"]))
    answer = Client().get(WRONG[why](asked.request, today))
    assert (answer.status_code, answer.content) == (404, nothing.content)
    assert dict(answer.headers) == dict(nothing.headers)
    assert "ask for a new link" in words_of(answer)


@pytest.mark.parametrize("why", WRONG)
def test_nothing_is_written_through_a_link_that_does_not_work_and_the_words_are_given_back(asked, today, why):
    data = boxes(get(asked.request)) | typed(asked.replies[0], "Written in vain.") | {"send": "yes"}
    answer = Client(headers={"Origin": "http://testserver"}).post(WRONG[why](asked.request, today), data)
    assert answer.status_code == 404
    assert "Written in vain." in words_of(answer)
    assert state_of(asked.replies[0]) == "not_started"


def test_a_renewed_link_opens_what_was_saved(asked, olivia, today):
    post(asked.request, typed(asked.replies[0]), button="draft")
    again = asking.renew(asked.request, by=olivia, on=today)
    assert "All have trained." in words_of(get(again))


# Writing.


def test_what_is_sent_waits_for_an_officer(asked):
    answer = post(asked.request, typed(asked.replies[0]))
    assert (answer.status_code, answer.headers["Location"]) == (302, "?")
    assert [state_of(reply) for reply in asked.replies] == ["submitted", "not_started", "not_started"]
    assert asked.replies[0].reported_by == "Sam Weir, Business Manager"
    assert not ProgressUpdate.objects.exists()


def test_the_page_says_that_it_was_sent(asked):
    client = Client()
    post(asked.request, typed(asked.replies[0]), client=client)
    words = words_of(client.get(link_to(asked.request)))
    assert "Thank you. 1 answer was sent to the council." in words
    assert "2 of 3 elements wait for your answer" in words


def test_a_draft_is_there_when_one_comes_back(asked):
    post(asked.request, typed(asked.replies[0], says=""), button="draft")
    assert state_of(asked.replies[0]) == "draft"
    assert boxes(get(asked.request))[f"reply-{asked.replies[0].pk}-text"] == "All have trained."


def test_sending_takes_drafts_along_that_were_not_touched_again(asked):
    post(asked.request, typed(asked.replies[0]), button="draft")
    post(asked.request, typed(asked.replies[1]))
    assert [state_of(reply) for reply in asked.replies] == ["submitted", "submitted", "not_started"]


def test_sending_needs_words_how_it_stands_and_a_name(asked):
    answer = post(asked.request, typed(asked.replies[0], says=""), typed(asked.replies[1], text=""), name="")
    words = words_of(answer)
    assert answer.status_code == 200
    for asked_for in ("Write what has happened since.", "Select how it stands.", "Enter your name and post."):
        assert asked_for in words
    assert [state_of(reply) for reply in asked.replies] == ["not_started"] * 3


def test_a_draft_needs_nothing_else(asked):
    post(asked.request, typed(asked.replies[0], says=""), button="draft", name="")
    assert state_of(asked.replies[0]) == "draft"


def test_sending_nothing_says_so(asked):
    assert "Write something about at least one element" in words_of(post(asked.request))


def test_five_thousand_words_are_kept(asked):
    text = " ".join(f"word{n}" for n in range(5000))
    post(asked.request, typed(asked.replies[0], text))
    assert state_of(asked.replies[0]) == "submitted"
    assert asked.replies[0].text == text


def test_the_same_form_sent_twice_is_saved_once(asked):
    page = get(asked.request)
    data = boxes(page) | typed(asked.replies[0]) | {"reported_by": "Sam", "send": "yes"}
    for _ in range(2):
        assert Client().post(link_to(asked.request), data).status_code == 302
    assert asked.replies[0].history.filter(state="submitted").count() == 1


def test_no_link_is_kept_with_the_receipt_of_the_form(asked):
    post(asked.request, typed(asked.replies[0]))
    receipt = FormReceipt.objects.get()
    assert signed(asked.request.link_value).partition(":")[2] not in f"{receipt.path} {receipt.location}"


def test_words_that_may_name_a_child_are_asked_about_once(asked):
    text = "The family of the child aged 4 was visited."
    answer = post(asked.request, typed(asked.replies[0], text))
    assert "reads like" in words_of(answer)
    assert state_of(asked.replies[0]) == "not_started"
    tick = {f"reply-{asked.replies[0].pk}-identifying_checked": "on"}
    again = post(asked.request, tick, page=answer)
    assert again.status_code == 302
    assert "nobody can be identified" in asked.replies[0].history.first().history_change_reason


def test_cleared_cookies_take_nothing_away_and_ask_nobody_to_sign_in(asked):
    client = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    answer = post(asked.request, typed(asked.replies[0]), client=client)
    assert answer.status_code == 403
    assert "All have trained." in words_of(answer)
    assert "signed out" not in words_of(answer)
    again = boxes(answer) | {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post(link_to(asked.request), again).status_code == 302
    assert state_of(asked.replies[0]) == "submitted"


def test_text_from_people_is_shown_as_text(asked):
    post(asked.request, typed(asked.replies[0], "<script>alert(1)</script>"))
    assert b"<script>alert(1)" not in get(asked.request).content


def test_what_was_sent_can_be_changed_until_it_is_accepted(asked):
    post(asked.request, typed(asked.replies[0]))
    post(asked.request, typed(asked.replies[0], "Nearly all have trained."))
    assert state_of(asked.replies[0]) == "submitted"
    assert asked.replies[0].text == "Nearly all have trained."


def test_what_was_sent_and_not_touched_stays_as_it_is(asked):
    post(asked.request, typed(asked.replies[0]))
    before = asked.replies[0].history.count()
    post(asked.request, typed(asked.replies[1]))
    assert asked.replies[0].history.count() == before


def test_a_question_asked_back_is_on_the_page_and_answered_there(asked, olivia, today):
    post(asked.request, typed(asked.replies[0]))
    settling.ask_back(Reply.objects.get(pk=asked.replies[0].pk), "How many?", by=olivia, on=today)
    assert "How many?" in words_of(get(asked.request))
    post(asked.request, typed(asked.replies[1]))
    assert state_of(asked.replies[0]) == "asked_back"
    post(asked.request, typed(asked.replies[0], "Ninety."))
    assert state_of(asked.replies[0]) == "submitted"


def accepted(reply, by, text="As accepted."):
    reply.refresh_from_db()
    update = factories.UpdateFactory.build(
        element=reply.element,
        text=text,
        on_behalf_of=reply.element.action.addressee,
        recorded_by=by,
        source="Through the link",
    )
    settling.accept(reply, update, [], by=by)


def test_what_is_accepted_is_shown_as_received_and_is_not_asked_again(asked, olivia):
    post(asked.request, typed(asked.replies[0]))
    accepted(asked.replies[0], olivia)
    answer = get(asked.request)
    assert "As accepted." in words_of(answer)
    assert f"reply-{asked.replies[0].pk}-text" not in boxes(answer)


def test_a_page_on_which_everything_is_received_says_so(asked, olivia):
    for reply in asked.replies:
        post(asked.request, typed(reply))
        accepted(reply, olivia)
    assert "There is nothing more to do here" in words_of(get(asked.request))


# Evidence.


def attached(reply):
    return [(piece.title, piece.link, piece.file_name) for piece in reply.evidence.all()]


def test_a_file_and_a_link_are_kept_and_named_after_themselves(asked):
    upload = SimpleUploadedFile("register.txt", b"Council 61, health 34")
    post(
        asked.request,
        typed(asked.replies[0], file=upload),
        typed(asked.replies[1], link="https://escp.example/plan", title="The plan"),
    )
    assert attached(asked.replies[0]) == [("register.txt", "", "register.txt")]
    assert attached(asked.replies[1]) == [("The plan", "https://escp.example/plan", "")]


def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_kept(asked, files):
    upload = SimpleUploadedFile("register.pdf", b"MZ\x90\x00 not a PDF")
    answer = post(asked.request, typed(asked.replies[0], file=upload))
    assert "This is not a .pdf file" in words_of(answer)
    assert state_of(asked.replies[0]) == "not_started"
    assert not list(files.rglob("*.pdf"))


def test_evidence_can_be_taken_away_again(asked):
    post(asked.request, typed(asked.replies[0], title="Register"), button="draft")
    piece = asked.replies[0].evidence.get()
    assert "Register" in words_of(get(asked.request))
    post(asked.request, {f"reply-{asked.replies[0].pk}-evidence-take_away": str(piece.pk)}, button="draft")
    assert attached(asked.replies[0]) == []


def test_another_reply_s_evidence_cannot_be_taken_away(asked):
    piece = factories.ReplyEvidenceFactory(reply=asked.foreign)
    factories.ReplyEvidenceFactory(reply=asked.replies[0])
    answer = post(
        asked.request,
        typed(asked.replies[0]),
        {f"reply-{asked.replies[0].pk}-evidence-take_away": str(piece.pk)},
    )
    assert answer.status_code == 200
    assert ReplyEvidence.objects.filter(pk=piece.pk).exists()


@pytest.mark.parametrize("who", [None, "mary", "chidi", "arun", "olivia"])
def test_a_draft_s_file_is_for_nobody_but_its_own_body(asked, cast, who):
    piece = factories.ReplyEvidenceFactory(
        reply=asked.replies[0], file=SimpleUploadedFile("a.txt", b"words"), file_name="a.txt"
    )
    client = Client()
    if who:
        client.force_login(getattr(cast, who))
    answer = client.get(reverse("reply-evidence-file", args=[piece.pk]))
    assert answer.status_code == (404 if who else 302)


def test_another_body_s_contributor_does_not_get_a_file(asked, lena):
    piece = factories.ReplyEvidenceFactory(
        reply=factories.ReplyFactory(request=asked.foreign.request, sent=True),
        file=SimpleUploadedFile("a.txt", b"words"),
        file_name="a.txt",
    )
    client = Client()
    client.force_login(lena)
    assert client.get(reverse("reply-evidence-file", args=[piece.pk])).status_code == 404


# What does not belong to the request.


def test_what_is_sent_for_another_body_s_element_is_ignored(asked):
    post(asked.request, typed(asked.replies[0]), typed(asked.foreign, "Forged."))
    assert (state_of(asked.foreign), asked.foreign.text) == ("not_started", "")


def test_states_and_questions_cannot_be_sent(asked):
    prefix = f"reply-{asked.replies[0].pk}"
    post(
        asked.request,
        typed(asked.replies[0]),
        {f"{prefix}-state": "accepted", f"{prefix}-question": "Forged", f"{prefix}-element": "1"},
    )
    assert (state_of(asked.replies[0]), asked.replies[0].question) == ("submitted", "")


# Two people with the same link.


def test_whoever_comes_second_keeps_their_words_and_sees_the_others(asked):
    page = get(asked.request)
    post(asked.request, typed(asked.replies[0], "Written first."), name="Noor")
    answer = post(asked.request, typed(asked.replies[0], "Written second."), page=page, name="Sam")
    words = words_of(answer)
    assert answer.status_code == 200
    assert "Written first." in words
    assert "by Noor" in words
    assert boxes(answer)[f"reply-{asked.replies[0].pk}-text"] == "Written second."
    assert (state_of(asked.replies[0]), asked.replies[0].text) == ("submitted", "Written first.")


def test_sending_again_replaces_knowingly_what_the_other_wrote(asked):
    page = get(asked.request)
    post(asked.request, typed(asked.replies[0], "Written first."))
    answer = post(asked.request, typed(asked.replies[0], "Written second."), page=page)
    assert post(asked.request, page=answer).status_code == 302
    asked.replies[0].refresh_from_db()
    assert asked.replies[0].text == "Written second."


def test_two_who_write_about_different_elements_are_both_kept(asked):
    page = get(asked.request)
    post(asked.request, typed(asked.replies[0], "Written first."))
    assert post(asked.request, typed(asked.replies[1], "Written second."), page=page).status_code == 302
    assert [state_of(reply) for reply in asked.replies[:2]] == ["submitted", "submitted"]
    assert asked.replies[0].text == "Written first."


def test_an_error_elsewhere_does_not_bring_back_what_the_other_replaced(asked):
    page = get(asked.request)
    post(asked.request, typed(asked.replies[0], "Written first."))
    answer = post(asked.request, typed(asked.replies[1], says=""), page=page)
    assert boxes(answer)[f"reply-{asked.replies[0].pk}-text"] == "Written first."


def test_words_on_an_element_that_was_settled_meanwhile_are_given_back(asked, olivia):
    page = get(asked.request)
    post(asked.request, typed(asked.replies[0]))
    accepted(asked.replies[0], olivia)
    answer = post(asked.request, typed(asked.replies[0], "Too late."), typed(asked.replies[1]), page=page)
    assert "Too late." in words_of(answer)
    assert state_of(asked.replies[1]) == "not_started"
    assert post(asked.request, page=answer).status_code == 302
    assert state_of(asked.replies[1]) == "submitted"


# With an account.


def test_a_contributor_is_told_on_the_home_page_and_answers_without_a_link(asked, lena):
    client = Client()
    client.force_login(lena)
    url = reverse("request-answer", args=[asked.request.pk])
    home = BeautifulSoup(client.get("/").content, "html.parser")
    assert home.select_one(f"a[href='{url}']").get_text() == f"3 elements, by {asked.round.due_on:%-d %B %Y}"
    page = client.get(url)
    answer = post(asked.request, typed(asked.replies[0]), page=page, client=client, url=url)
    assert answer.status_code == 302
    row = asked.replies[0].history.first()
    assert (row.state, row.history_user) == ("submitted", lena)


def test_the_home_page_is_silent_once_everything_is_sent(asked, lena):
    for reply in asked.replies:
        post(asked.request, typed(reply))
    client = Client()
    client.force_login(lena)
    assert "Waiting for your answer" not in words_of(client.get("/"))


def test_a_contributor_does_not_answer_for_another_body(asked, lena):
    client = Client()
    client.force_login(lena)
    assert client.get(reverse("request-answer", args=[asked.foreign.request.pk])).status_code == 404


def test_what_was_taken_back_is_not_answered_with_an_account_either(asked, lena, today):
    revoked(asked.request, today)
    client = Client()
    client.force_login(lena)
    url = reverse("request-answer", args=[asked.request.pk])
    assert client.get(url).status_code == 409
    assert "Waiting for your answer" not in words_of(client.get("/"))


# Whatever is sent.


TEXT = st.text(max_size=40) | st.sampled_from(["\x00", "aged 4", "=1+1", "\r\n", "😀" * 20])
FIELDS = ("text", "owner_progress", "version", "evidence-title", "evidence-link", "evidence-take_away")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.data())
def test_whatever_is_sent_is_kept_whole_or_not_at_all(asked, data):
    values = {
        f"reply-{reply.pk}-{name}": data.draw(
            TEXT | st.sampled_from(["complete", "in_progress", "1", ""]), label=name
        )
        for reply in asked.replies
        for name in data.draw(st.lists(st.sampled_from(FIELDS), unique=True))
    }
    values |= {data.draw(st.sampled_from(["send", "draft"])): "yes", "reported_by": data.draw(TEXT)}
    with transaction.atomic():
        before = everything()
        client = Client()
        client.raise_request_exception = False
        answer = client.post(link_to(asked.request), values)
        assert answer.status_code in (200, 302)
        if answer.status_code == 200:
            assert everything() == before
        for reply in Reply.objects.filter(state="submitted"):
            assert all([reply.text, reply.owner_progress, reply.reported_by])
        transaction.set_rollback(True)
