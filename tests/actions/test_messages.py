"""The officer's pages about chasing and messages."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from actions import outbox
from actions.models import Action, Chase, Element, Message
from scrutiny.models import User
from scrutiny.models.people import contact_of
from tests import factories
from tests.conftest import as_shown, hold

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def date_fields(name, day):
    return {f"{name}_{part}": getattr(day, part) for part in ("day", "month", "year")}


@pytest.fixture
def officer(olivia):
    client = Client()
    client.force_login(olivia)
    return client


@pytest.fixture
def asked(ask, partnership):
    """The window ended three weeks ago; the post has a holder with an address."""
    post = factories.PostFactory(organisation=partnership, title="Business Manager")
    factories.PostHoldingFactory(
        post=post, person__style="", person__name="Sam Weir", email="sam@escp.example"
    )
    action = ask.action
    action.post = post
    action.due_from, action.due_to = TODAY - timedelta(days=80), TODAY - timedelta(days=21)
    action.save()
    return action


def text(answer):
    return " ".join(answer.content.decode().split())


def test_the_list_says_what_is_due_and_why(officer, asked):
    page = text(officer.get(reverse("chasing-list")))
    assert asked.reference in page
    assert "nothing has answered 2 elements: the officer&#x27;s chase is due since" in page


def test_the_list_is_empty_without_anything_due_and_says_what_would_come(officer):
    assert "No step of chasing is due" in text(officer.get(reverse("chasing-list")))


@pytest.mark.parametrize(("step", "count"), [("officer_chase", 1), ("reminder", 0)])
def test_the_list_can_be_narrowed_to_a_step(officer, asked, step, count):
    found = officer.get(reverse("chasing-list"), {"step": step}).context["object_list"]
    assert len(found) == count


def test_an_officer_of_one_board_chases_for_that_board_only(asked):
    client = Client()
    client.force_login(hold(factories.UserFactory(), "officer", board=factories.BoardFactory()))
    assert list(client.get(reverse("chasing-list")).context["object_list"]) == []
    assert client.get(reverse("action-chase", args=[asked.pk])).status_code in (403, 404)


@pytest.mark.slow
def test_the_list_costs_as_many_queries_for_300_actions_as_for_3(
    officer, asked, django_assert_max_num_queries
):
    for _ in range(300):
        action = factories.ActionFactory(
            resolution=asked.resolution, due_from=asked.due_from, due_to=asked.due_to
        )
        Element(action=action, number=1, text="Progress.").save_base()
    with django_assert_max_num_queries(20):
        assert officer.get(reverse("chasing-list")).context["paginator"].count == 301


def test_the_home_page_counts_steps_due_and_messages_that_reached_nobody(officer, asked):
    factories.MessageFactory(refused="550 No such user")
    page = text(officer.get("/"))
    assert "<strong>1</strong> action to chase" in page
    assert "<strong>1</strong> message that reached nobody" in page


def test_the_home_page_leads_to_the_list_where_more_steps_may_be_due_than_were_counted(
    officer, asked, monkeypatch
):
    monkeypatch.setattr("scrutiny.overview.dashboard.count_due", lambda actions, on: (0, True))
    assert "<strong>0+</strong> actions to chase" in text(officer.get("/"))


# Recording a step.


def record_step(officer, asked, **values):
    sent = {"kind": "officer_chase", "sent_to": "Sam Weir", "note": "Rang.", **date_fields("on", TODAY)}
    return officer.post(reverse("action-chase", args=[asked.pk]), sent | values, follow=True)


def test_a_step_recorded_is_in_the_record_and_not_prompted_again(officer, asked, olivia):
    page = text(record_step(officer, asked))
    chase = asked.chases.get()
    assert (chase.kind, chase.on, chase.done_by, chase.due_to) == (
        "officer_chase",
        TODAY,
        olivia,
        asked.due_to,
    )
    assert "Rang." in page
    assert "Chair&#x27;s letter comes on" in page
    assert list(officer.get(reverse("chasing-list")).context["object_list"]) == []


def test_the_site_writes_the_chase_for_the_officer(officer, asked):
    record_step(officer, asked, send="on")
    chase = asked.chases.get()
    assert chase.message.to == "sam@escp.example"
    assert outbox.send_waiting() == 1
    assert mail.outbox[0].subject.startswith("Overdue")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"kind": "chair_letter"}, "For this step, download the letter."),
        (date_fields("on", TODAY - timedelta(days=1)), "enter today&#x27;s date"),
    ],
)
def test_the_site_writes_nothing_it_cannot_mean(officer, asked, values, sentence):
    assert sentence in text(record_step(officer, asked, send="on", **values))
    assert not Chase.objects.exists()


def test_words_that_may_identify_a_child_are_asked_about(officer, asked):
    page = text(record_step(officer, asked, note="About the boy aged 4."))
    assert "reads like" in page
    assert not Chase.objects.exists()


def test_a_step_in_the_future_is_refused(officer, asked):
    assert "cannot be in the future" in text(
        record_step(officer, asked, **date_fields("on", TODAY + timedelta(days=1)))
    )


def test_with_everything_answered_there_is_nothing_to_chase(officer, asked):
    Element.objects.filter(action=asked).update(answered_on=TODAY)
    for name, args in (("action-chase", [asked.pk]), ("action-letter", [asked.pk, "chair_letter"])):
        assert officer.get(reverse(name, args=args)).url == asked.get_absolute_url()


def test_a_step_recorded_by_mistake_is_taken_back_with_a_reason(officer, asked):
    chase = factories.ChaseFactory(action=asked)
    officer.post(reverse("chase-take-back", args=[chase.pk]), {"reason": "It was another action."})
    assert not Chase.objects.exists()
    last = Chase.history.filter(id=chase.pk).first()
    assert (last.history_type, last.history_change_reason) == ("-", "It was another action.")


def test_what_the_site_sent_is_not_taken_back(officer, asked):
    chase = factories.ChaseFactory(action=asked, message=factories.MessageFactory())
    officer.post(reverse("chase-take-back", args=[chase.pk]), {"reason": "By mistake."})
    assert Chase.objects.exists()


def test_the_letter_is_downloaded_as_a_word_file(officer, asked):
    answer = officer.get(reverse("action-letter", args=[asked.pk, "chair_letter"]))
    assert answer.content.startswith(b"PK")
    assert answer["Content-Disposition"] == ('attachment; filename="SB-CF 22-23-01 Chair\'s letter.docx"')
    assert officer.get(reverse("action-letter", args=[asked.pk, "public_note"])).status_code == 404


def test_a_member_sees_which_steps_were_taken_and_takes_none(asked, mary):
    factories.ChaseFactory(action=asked, kind="chair_letter", sent_to="Sam Weir, Business Manager")
    client = Client()
    client.force_login(mary)
    page = text(client.get(asked.get_absolute_url()))
    assert "Chair&#x27;s letter, 1 September 2023, to Sam Weir, Business Manager" in page
    assert "Record" not in page


# Lifting a wrong "late".


def test_a_wrong_late_is_lifted_and_taken_back_on_the_element_s_page(officer, asked):
    element = asked.elements.first()
    until = TODAY + timedelta(days=10)
    lift = reverse("element-not-late", args=[element.pk])
    page = text(
        officer.post(
            lift,
            {**date_fields("until", until), "because": "It is in the post.", **as_shown(officer, lift)},
            follow=True,
        )
    )
    assert f"Not counted late until {until:%-d %B %Y}, because: It is in the post." in page
    assert "Due now" in page
    assert "It is in the post." in text(officer.get(asked.get_absolute_url()))
    again = reverse("element-late-again", args=[element.pk])
    page = text(officer.post(again, {"reason": "It was lost.", **as_shown(officer, again)}, follow=True))
    assert "It is in the post." not in page
    assert "Late" in page


def test_late_is_not_lifted_for_a_day_that_has_passed(officer, asked):
    sent = {**date_fields("until", TODAY - timedelta(days=1)), "because": "So."}
    answer = officer.post(reverse("element-not-late", args=[asked.elements.first().pk]), sent)
    assert "Enter today or a day to come" in text(answer)


# Messages.


@pytest.fixture
def refused(asked):
    contact = contact_of(asked.addressee, asked.post, TODAY)
    message = outbox.put("reminder:1", to=contact, subject="Due now", text="Please.", board=asked.board)
    Message.objects.update(refused="550 No such user")
    message.refresh_from_db()
    return message


def page_of(officer, name, message, **sent):
    url = reverse(name, args=[message.pk])
    return text(officer.post(url, sent, follow=True) if sent else officer.get(url, follow=True))


STATES = {
    "waiting": {},
    "sent": {"claimed_at": timezone.now(), "sent_at": timezone.now()},
    "no_address": {"to": ""},
    "refused": {"refused": "550 No such user"},
    "returned": {"claimed_at": timezone.now(), "sent_at": timezone.now(), "returned_on": date(2023, 9, 4)},
}


@pytest.mark.parametrize("state", STATES)
def test_the_list_is_narrowed_by_what_became_of_a_message(officer, state):
    made = {name: factories.MessageFactory(**values) for name, values in STATES.items()}
    assert {name: message.state for name, message in made.items()} == {name: name for name in STATES}
    found = officer.get(reverse("message-list"), {"state": state}).context["object_list"]
    assert list(found) == [made[state]]


def test_those_that_reached_nobody_are_a_list(officer):
    made = {name: factories.MessageFactory(**values) for name, values in STATES.items()}
    found = officer.get(reverse("message-list"), {"state": "failed"}).context["object_list"]
    assert set(found) == {made["no_address"], made["refused"], made["returned"]}


def test_a_message_that_came_back_is_marked_and_needs_somebody(officer, board):
    message = factories.MessageFactory(board=board, **STATES["sent"])
    page = page_of(officer, "message-returned", message, **date_fields("on", TODAY))
    assert "Came back" in page
    assert Message.objects.reached_nobody().get() == message


@pytest.mark.parametrize("values", [{}, {"on": TODAY + timedelta(days=1)}])
def test_what_was_not_sent_or_not_yet_back_did_not_come_back(officer, values):
    message = factories.MessageFactory(**(STATES["sent"] if values else {}))
    page_of(officer, "message-returned", message, **date_fields("on", values.get("on", TODAY)))
    message.refresh_from_db()
    assert message.returned_on is None


def test_after_the_address_was_mended_it_is_sent_again_once(officer, asked, refused):
    holding = asked.post.holdings.get()
    holding.email = "sam.weir@escp.example"
    holding.save()
    for _ in range(2):
        page_of(officer, "message-again", refused, go="1")
    assert outbox.send_waiting() == 1
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["sam.weir@escp.example"], "Due now")
    assert not Message.objects.reached_nobody().exists()
    assert "sent again" in page_of(officer, "message-detail", refused)


def test_without_an_address_it_is_not_sent_again(officer, asked, refused):
    asked.post.holdings.all().delete()
    page_of(officer, "message-again", refused, go="1")
    assert Message.objects.count() == 1
    assert "No address is known for Business Manager" in page_of(officer, "message-detail", refused)


def test_what_cannot_be_mended_is_left_and_needs_nobody(officer, refused):
    page_of(officer, "message-leave", refused, go="1")
    assert not Message.objects.reached_nobody().exists()
    assert Message.objects.get().left_on == TODAY


@pytest.mark.parametrize("name", ["message-again", "message-leave"])
def test_what_was_sent_is_neither_sent_again_nor_left(officer, board, name):
    message = factories.MessageFactory(board=board, **STATES["sent"])
    page_of(officer, name, message, go="1")
    message.refresh_from_db()
    assert (Message.objects.count(), message.left_on) == (1, None)


# Each person's own digest.


def test_everybody_sets_their_own_digest(mary):
    mary.set_unusable_password()
    mary.save()
    client = Client()
    client.force_login(mary)
    page = text(client.post(reverse("digest-settings"), {"digest": "daily"}, follow=True))
    assert "Your choice was kept." in page
    assert User.objects.get(pk=mary.pk).digest == "daily"
    assert mary.history.first().history_user == mary
    assert mary.history.first().digest == "daily"


def test_actions_of_drafts_are_not_among_those_chased(officer, asked):
    asked.resolution.item.meeting.minutes_state = "drafting"
    asked.resolution.item.meeting.save()
    assert Action.objects.count() == 1
    assert list(officer.get(reverse("chasing-list")).context["object_list"]) == []
