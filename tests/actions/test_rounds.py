"""Rounds: who is asked what, the messages, the links, and how what was sent gets into the record."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from actions import outbox
from actions.models import Element, Message, ProgressUpdate, Reply, UpdateRequest
from actions.rounds import asking, replying, settling
from actions.rounds.letters import delivery_of, is_undelivered
from actions.rounds.replying import Written
from actions.rounds.words import said_before, windows
from actions.services import record_progress
from tests import factories

pytestmark = pytest.mark.django_db
ON = date(2023, 9, 1)
DUE = date(2023, 9, 15)
MEETING = date(2023, 10, 4)


def numbers(elements):
    return sorted(element.number for element in elements)


@pytest.fixture
def meeting(board):
    return factories.MeetingFactory(board=board, date=MEETING, minutes_state="drafting")


def opened(ask, by, *, elements=None, on=ON, meeting=None, due_on=DUE, note=""):
    plan = asking.plan(elements if elements is not None else asking.unanswered_of(ask.action), on)
    return asking.open_round(
        board=ask.action.board,
        meeting=meeting,
        addressees=plan.addressees,
        due_on=due_on,
        note=note,
        by=by,
        on=on,
    )


@pytest.fixture
def with_address(partnership):
    partnership.email = "office@escp.example"
    partnership.save()
    return partnership


# Who is asked what.


def test_a_meeting_hears_about_what_is_due_and_not_about_what_waits(ask, meeting):
    assert numbers(asking.due_at(meeting, ON)) == [1, 2]


def test_a_meeting_hears_about_what_is_late(ask, meeting):
    meeting.date = date(2024, 1, 10)
    assert numbers(asking.due_at(meeting, date(2023, 12, 1))) == [1, 2]


def test_a_meeting_before_the_window_opens_hears_nothing(ask, meeting):
    meeting.date = date(2023, 7, 5)
    assert numbers(asking.due_at(meeting, date(2023, 6, 1))) == []


def test_a_meeting_hears_nothing_that_another_board_asked(ask):
    elsewhere = factories.MeetingFactory(date=MEETING)
    assert numbers(asking.due_at(elsewhere, ON)) == []


@pytest.mark.parametrize(
    "values",
    [
        {"closed_on": date(2023, 7, 5), "judged_on": date(2023, 7, 5)},
        {"condition": "if needed", "condition_state": "not_met_lapsed"},
        {"answered_on": date(2023, 7, 5)},
    ],
)
def test_what_is_closed_lapsed_or_answered_is_not_due(ask, meeting, values):
    Element.objects.filter(pk=ask.elements[0].pk).update(**values)
    assert numbers(asking.due_at(meeting, ON)) == [2]


def test_an_action_s_round_asks_about_what_waits_too(ask):
    assert numbers(asking.unanswered_of(ask.action)) == [1, 2, 3]


def test_each_body_and_post_is_an_addressee_of_its_own(ask, meeting):
    post = factories.PostFactory(organisation=ask.action.addressee, title="Business Manager")
    factories.ElementFactory(
        action=factories.ActionFactory(resolution=ask.resolution, addressee=ask.action.addressee, post=post)
    )
    plan = asking.plan(asking.due_at(meeting, ON), ON)
    assert [(each.post, len(each.elements)) for each in plan.addressees] == [(None, 2), (post, 1)]


def test_minutes_that_are_not_published_are_not_told(ask):
    ask.meeting.minutes_state = "drafting"
    ask.meeting.save()
    plan = asking.plan(asking.unanswered_of(ask.action), ON)
    assert (plan.elements, plan.unpublished) == ([], 3)


def test_what_is_asked_already_is_not_asked_again(ask, olivia):
    opened(ask, olivia, elements=Element.objects.filter(pk=ask.elements[0].pk))
    plan = asking.plan(asking.unanswered_of(ask.action), ON)
    assert (numbers(plan.elements), plan.asked_already) == ([2, 3], 1)


def test_what_was_asked_through_a_link_that_has_run_out_is_asked_again(ask, olivia):
    opened(ask, olivia)
    later = DUE + timedelta(days=29)
    assert numbers(asking.plan(asking.unanswered_of(ask.action), later).elements) == [1, 2, 3]


def test_two_officers_at_once_do_not_ask_twice(ask, olivia):
    plan = asking.plan(asking.unanswered_of(ask.action), ON)
    opened(ask, olivia)
    with pytest.raises(ValidationError, match="meanwhile"):
        asking.open_round(
            board=ask.action.board,
            meeting=None,
            addressees=plan.addressees,
            due_on=DUE,
            note="",
            by=olivia,
            on=ON,
        )
    assert UpdateRequest.objects.count() == 1


# Opening.


def test_opening_makes_a_request_with_a_reply_for_each_element(ask, olivia, with_address):
    found = opened(ask, olivia)
    request = found.requests.get()
    assert (request.organisation, request.to_email, request.issue) == (with_address, "office@escp.example", 1)
    assert request.expires_on == DUE + timedelta(days=28)
    assert [reply.state for reply in request.replies.all()] == ["not_started"] * 3


def test_opening_keeps_who_did_it_with_every_row(ask, olivia):
    found = opened(ask, olivia)
    request = found.requests.get()
    rows = [found.history.get(), request.history.get(), *Reply.history.all()]
    assert {row.history_user for row in rows} == {olivia}
    assert Reply.history.count() == 3


def test_the_message_quotes_the_board_says_when_and_what_was_said_last(ask, olivia, with_address, settings):
    settings.CONTACT_EMAIL = "scrutiny@exampleton.example"
    ask.elements[0].text = "The Board's “own” words & <none> other."
    ask.elements[0].save()
    factories.UpdateFactory(element=ask.elements[0], text="Half of it is done.")
    opened(ask, olivia, note="Two lines are enough.")
    text = Message.objects.get().text
    for words in (
        "To Exampleton Safeguarding Children Partnership Executive",
        "The Board's “own” words & <none> other.",
        "in September/October 2023 (1 September 2023 to 31 October 2023)",
        "Last time, 3 May 2023: “Half of it is done.” (In progress)",
        "Condition: “dependent upon the timing of the national review”",
        "Nothing was said on this yet.",
        "by 15 September 2023",
        "until 13 October 2023",
        "Two lines are enough.",
        "scrutiny@exampleton.example",
        "{link}",
    ):
        assert words in text, words


def test_the_message_goes_out_with_an_address_that_opens_the_page(ask, olivia, with_address, mailoutbox):
    found = opened(ask, olivia, on=timezone.localdate(), due_on=timezone.localdate() + timedelta(days=14))
    assert outbox.send_waiting() == 1
    assert f"/answer/{found.requests.get().link_value}:" in mailoutbox[0].body


def test_no_link_is_stored(ask, olivia, with_address):
    opened(ask, olivia)
    assert "/answer/" not in Message.objects.get().text


def test_an_addressee_without_an_address_is_asked_all_the_same(ask, olivia):
    request = opened(ask, olivia).requests.get()
    message = delivery_of([request])[request.pk]
    assert (request.to_email, message.to) == ("", "")
    assert is_undelivered(message)


def test_a_message_to_a_known_address_is_not_undelivered(ask, olivia, with_address):
    request = opened(ask, olivia).requests.get()
    assert not is_undelivered(delivery_of([request])[request.pk])


@pytest.mark.parametrize("values", [{"refused": "550 no such user"}, {"returned_on": ON}])
def test_a_message_that_was_refused_or_came_back_is_undelivered(ask, olivia, with_address, values):
    request = opened(ask, olivia).requests.get()
    Message.objects.update(**values)
    assert is_undelivered(delivery_of([request])[request.pk])


def test_answers_are_not_wanted_before_the_round_is_opened(ask, olivia):
    with pytest.raises(ValidationError, match="Enter a later day"):
        opened(ask, olivia, due_on=ON - timedelta(days=1))


def queries_to_open(ask, by, *, addressees, elements_each):
    made = []
    for _ in range(addressees):
        action = factories.ActionFactory(resolution=ask.resolution)
        made += [factories.ElementFactory(action=action, number=n).pk for n in range(elements_each)]
    with CaptureQueriesContext(connection) as caught:
        found = opened(ask, by, elements=Element.objects.filter(pk__in=made))
    assert (found.requests.count(), Reply.objects.filter(request__round=found).count()) == (
        addressees,
        len(made),
    )
    return len(caught)


@pytest.mark.slow
def test_many_elements_take_hardly_more_queries_than_few(ask, olivia):
    few = queries_to_open(ask, olivia, addressees=4, elements_each=1)
    many = queries_to_open(ask, olivia, addressees=4, elements_each=50)
    assert many < few + 10  # 200 rows do not go into one statement everywhere


# Links.


@pytest.fixture
def request_(ask, olivia, with_address):
    return opened(ask, olivia).requests.get()


def opens(value, on=ON):
    return UpdateRequest.objects.opened_by_link(value, on).first()


def test_a_link_opens_its_request_until_its_last_day(request_):
    assert opens(request_.link_value, request_.expires_on) == request_
    assert opens(request_.link_value, request_.expires_on + timedelta(days=1)) is None


@pytest.mark.parametrize(
    "value",
    ["", "request-", "request-1", "request-١-1", "request-1-1-1", "reply-1-1", f"request-{'9' * 19}-1"],
)
def test_nothing_else_is_a_link(request_, value):
    assert opens(value) is None


def test_a_link_that_was_taken_back_opens_nothing(request_, olivia):
    asking.revoke(request_, reason="Sent to the wrong person", by=olivia, on=ON)
    assert opens(request_.link_value) is None
    assert request_.history.first().history_change_reason == "Sent to the wrong person"


def test_a_new_link_ends_the_one_before_and_asks_only_what_is_open(request_, olivia, ask):
    settle(request_, ask, olivia)
    renewed = asking.renew(request_, by=olivia, on=ON)
    assert opens(request_.link_value) is None
    assert opens(renewed.link_value) == request_
    text = Message.objects.get(link=renewed.link_value).text
    assert "element 1\n" not in text
    assert "element 2\n" in text


def test_a_new_link_goes_to_who_holds_the_post_today(ask, olivia):
    post = factories.PostFactory(organisation=ask.action.addressee, title="Business Manager")
    before = factories.PostHoldingFactory(post=post, email="old@escp.example", end=ON)
    ask.action.post = post
    ask.action.save()
    request = opened(ask, olivia).requests.get()
    assert request.to_email == before.email
    factories.PostHoldingFactory(
        post=post, person__style="", person__name="Noor Vale", start=DUE, email="new@escp.example"
    )
    renewed = asking.renew(request, by=olivia, on=DUE)
    assert (renewed.to_name, renewed.to_email) == ("Noor Vale, Business Manager", "new@escp.example")


def test_a_new_link_works_for_four_weeks_from_today_when_the_day_has_passed(request_, olivia):
    assert asking.renew(request_, by=olivia, on=date(2024, 1, 1)).expires_on == date(2024, 1, 29)


# What is written, and what becomes of it.


def first_of(request):
    return request.replies.order_by("element__number").first()


def write(request, *, by=None, text="All have trained.", says="in_progress"):
    reply = first_of(request)
    reply.text, reply.owner_progress = text, says
    return Written(reply)


def sent(request, **values):
    replying.send([write(request, **values)], reported_by="Sam Weir", by=None, now=timezone.now())
    return first_of(request)


def update_of(reply, **values):
    same = {
        "text": reply.text or "It came by e-mail.",
        "owner_progress": "in_progress",
        "reported_by": "Sam Weir",
        "on_behalf_of": reply.element.action.addressee,
        "received_on": date(2023, 9, 5),
        "source": "Through the link",
    }
    return ProgressUpdate(element=reply.element, **(same | values))


def settle(request, ask, by):
    reply = sent(request)
    return settling.accept(reply, update_of(reply), [], by=by)


def test_nothing_is_in_the_record_before_an_officer_accepts(request_, ask):
    sent(request_)
    ask.elements[0].refresh_from_db()
    assert (ProgressUpdate.objects.count(), ask.elements[0].last_word_on) == (0, None)


def test_what_is_sent_says_who_wrote_it_although_nobody_is_signed_in(request_):
    row = sent(request_).history.first()
    assert (row.history_user, row.history_change_reason) == (None, "Written through the link by Sam Weir")


def test_a_draft_is_not_sent(request_):
    replying.save_draft([write(request_)], reported_by="", by=None)
    reply = first_of(request_)
    assert (reply.state, reply.is_sent, reply.text) == ("draft", False, "All have trained.")


def test_a_draft_that_is_emptied_is_not_started(request_):
    replying.save_draft([write(request_)], reported_by="", by=None)
    replying.save_draft([write(request_, text="", says="")], reported_by="", by=None)
    assert first_of(request_).state == "not_started"


def test_what_is_accepted_is_in_the_record_and_the_reply_keeps_what_was_sent(request_, ask, olivia):
    reply = sent(request_)
    settling.accept(reply, update_of(reply, text="All partners have trained."), [], by=olivia)
    reply.refresh_from_db()
    ask.elements[0].refresh_from_db()
    assert (reply.state, reply.text, reply.update.text) == (
        "accepted",
        "All have trained.",
        "All partners have trained.",
    )
    assert (ask.elements[0].owner_progress, ask.elements[0].last_word_on) == (
        "in_progress",
        date(2023, 9, 5),
    )


def test_only_what_was_sent_is_accepted(request_, olivia):
    replying.save_draft([write(request_)], reported_by="", by=None)
    reply = first_of(request_)
    with pytest.raises(ValidationError, match="Go back"):
        settling.accept(reply, update_of(reply), [], by=olivia)
    assert not ProgressUpdate.objects.exists()


def test_nothing_is_accepted_twice(request_, ask, olivia):
    reply = settle(request_, ask, olivia)
    with pytest.raises(ValidationError):
        settling.accept(reply, update_of(reply), [], by=olivia)
    assert ProgressUpdate.objects.count() == 1


def test_an_answer_is_accepted_after_the_board_closed_the_element(request_, ask, olivia):
    closing = factories.category("2")
    later = factories.MeetingFactory(board=ask.action.board, date=date(2023, 9, 6))
    factories.JudgementFactory(
        element=ask.elements[0],
        item=factories.ItemFactory(meeting=later),
        category=closing,
        comment="As shown at the meeting.",
    )
    settle(request_, ask, olivia)
    ask.elements[0].refresh_from_db()
    assert ask.elements[0].closed_on == later.date
    assert ask.elements[0].last_word_on == date(2023, 9, 5)


def test_what_came_by_e_mail_settles_a_reply_and_keeps_a_draft_to_its_writer(request_, olivia):
    replying.save_draft([write(request_, text="A draft of mine.")], reported_by="", by=None)
    reply = first_of(request_)
    update = update_of(reply, text="From an e-mail.", source="E-mail of 5 September")
    settling.enter_for_them(reply, update, [], by=olivia)
    reply.refresh_from_db()
    assert (reply.state, reply.is_sent, reply.text) == ("accepted", False, "A draft of mine.")
    assert reply.update.source == "E-mail of 5 September"


def test_a_settled_reply_is_not_settled_again(request_, ask, olivia):
    reply = settle(request_, ask, olivia)
    with pytest.raises(ValidationError):
        settling.enter_for_them(reply, update_of(reply), [], by=olivia)


def test_asking_back_sends_the_question_with_the_same_link(request_, olivia):
    reply = sent(request_)
    settling.ask_back(reply, "How many of each partner?", by=olivia, on=ON)
    message = Message.objects.exclude(text__contains="Nothing was said").get()
    assert "How many of each partner?" in message.text
    assert (message.to, message.link) == ("office@escp.example", request_.link_value)
    assert first_of(request_).state == "asked_back"


def test_asking_back_twice_sends_two_questions(request_, olivia):
    for question in ("How many?", "And when?"):
        settling.ask_back(sent(request_), question, by=olivia, on=ON)
    assert Message.objects.filter(key__startswith="question:").count() == 2


def test_asking_back_after_the_link_has_run_out_makes_a_new_one(request_, olivia):
    reply, later = sent(request_), request_.expires_on + timedelta(days=1)
    settling.ask_back(reply, "How many?", by=olivia, on=later)
    message = Message.objects.get(key__startswith="question:")
    assert opens(message.link, later) == request_
    assert opens(request_.link_value, later) is None


def test_evidence_is_copied_into_the_record_under_the_name_it_came_with(request_, olivia, tmp_path, settings):
    from django.core.files.base import ContentFile

    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path},
        }
    }
    from actions.models import ReplyEvidence

    row = write(request_)
    row.pieces.append(ReplyEvidence(title="Register", file=ContentFile(b"names", name="register.txt")))
    replying.send([row], reported_by="Sam Weir", by=None, now=timezone.now())
    reply = first_of(request_)
    piece = reply.evidence.get()
    settling.accept(reply, update_of(reply), [settling.graded(piece, "E2")], by=olivia)
    kept = reply.element.updates.get().evidence.get()
    assert (kept.title, kept.grade, kept.file_name, kept.file.read()) == (
        "Register",
        "E2",
        "register.txt",
        b"names",
    )
    assert kept.file.name != piece.file.name


# What stands beside a question.


def test_an_accepted_reply_stands_beside_what_was_said_before_it(request_, ask, olivia):
    factories.UpdateFactory(element=ask.elements[0], text="First.", received_on=date(2023, 5, 3))
    reply = settle(request_, ask, olivia)
    record_progress(update_of(reply, text="Third.", received_on=date(2023, 9, 30)), [], by=olivia)
    assert said_before([reply])[reply.pk].text == "First."


def test_a_reply_that_is_awaited_stands_beside_the_newest_word(request_, ask):
    factories.UpdateFactory(element=ask.elements[0], text="First.", received_on=date(2023, 5, 3))
    factories.UpdateFactory(element=ask.elements[0], text="Second.", received_on=date(2023, 6, 3))
    reply = first_of(request_)
    assert said_before([reply])[reply.pk].text == "Second."


@pytest.mark.parametrize(
    ("whole", "own", "said"),
    [
        ({"due_words": "", "due_to": None, "due_from": None}, {}, "the minutes give no date"),
        ({"due_words": "soon", "due_to": None, "due_from": None}, {}, "soon"),
        ({"due_words": "", "due_from": None}, {}, "until 31 October 2023"),
        (
            {"due_words": "in the autumn"},
            {"due_words": "in July"},
            "in the autumn (1 September 2023 to 31 October 2023); this element: in July",
        ),
    ],
)
def test_a_window_is_told_in_the_minutes_words_and_in_days(ask, whole, own, said):
    element = ask.elements[0]
    for name, value in whole.items():
        setattr(element.action, name, value)
    for name, value in own.items():
        setattr(element, name, value)
    assert windows(element) == said
