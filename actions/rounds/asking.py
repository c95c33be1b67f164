"""Whom a round asks what, opening it, and the links that answer it."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from simple_history.utils import bulk_create_with_history

from actions.models import Element, Reply, UpdateRequest, UpdateRound
from actions.models.rounds import LINK_HOLDS
from actions.rounds import letters
from scrutiny.models import BankHoliday, Board
from scrutiny.models.people import Contact, contact_of
from scrutiny.toolkit.history import record

ASKED_MEANWHILE = "Somebody asked about some of these meanwhile. Open this page again to see what is left."
WORKING_DAYS_BEFORE = 10  # answers come this long before the meeting, so that they can go into its papers


@dataclass(frozen=True)
class Addressee:
    """Who is asked about which elements, and whom the message goes to."""

    organisation: object
    post: object
    contact: Contact
    elements: list = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """Whom a round would ask what, and how many elements it leaves out and why."""

    addressees: list
    unpublished: int
    asked_already: int

    @property
    def elements(self):
        return [element for addressee in self.addressees for element in addressee.elements]

    @property
    def without_address(self):
        return [addressee for addressee in self.addressees if not addressee.contact.email]


def due_at(meeting, on):
    """The elements a meeting wants to hear about."""
    return Element.objects.filter(action__board=meeting.board_id).to_be_asked(on, meeting.date)


def wanted_before(meeting, on):
    """Ten working days before the meeting; where that has passed, the last working day before it, or today."""
    calendar = BankHoliday.objects.calendar()
    day = calendar.add_working_days(meeting.date, -WORKING_DAYS_BEFORE)
    return day if day > on else max(on, calendar.add_working_days(meeting.date, -1))


def unanswered_of(action):
    """What is open in an action; where a condition is waited for, its addressee may know how it stands."""
    return action.elements.open().exclude(condition_state=Element.ConditionState.LAPSED)


def asked_already(elements, on):
    """Those of `elements` that an answer is awaited on in another round."""
    live = UpdateRequest.objects.live(on).values("pk")
    waiting = Reply.objects.filter(element=OuterRef("pk"), request__in=live).unsettled()
    return elements.filter(Exists(waiting))


def plan(elements, on):
    """The `Plan` for `elements`. Minutes that are not published are not told to those outside (P-3)."""
    published = elements.published()
    asked = asked_already(published, on)
    asking = published.exclude(pk__in=asked.values("pk")).select_related("action__addressee", "action__post")
    return Plan(
        by_addressee(asking.order_by("action__addressee__name", "action__reference", "number"), on),
        unpublished=elements.count() - published.count(),
        asked_already=asked.count(),
    )


def by_addressee(elements, on):
    found = {}
    for element in elements:
        action = element.action
        key = action.addressee_id, action.post_id
        if key not in found:
            contact = contact_of(action.addressee, action.post, on)
            found[key] = Addressee(action.addressee, action.post, contact)
        found[key].elements.append(element)
    return list(found.values())


@transaction.atomic
def open_round(*, board, meeting, addressees, due_on, note, by, on):
    """Opens a round with a request to each addressee, a reply to be written for each element, and the messages."""
    Board.objects.select_for_update(no_key=True).get(pk=board.pk)
    keys = [element.pk for addressee in addressees for element in addressee.elements]
    if asked_already(Element.objects.filter(pk__in=keys), on).exists():
        raise ValidationError(ASKED_MEANWHILE)
    opened = UpdateRound(board=board, meeting=meeting, due_on=due_on, note=note, opened_by=by, opened_on=on)
    record(opened, by=by)
    requests = [_request(opened, addressee) for addressee in addressees]
    requests = bulk_create_with_history(requests, UpdateRequest, default_user=by)
    asked = [(request, addressee.elements) for request, addressee in zip(requests, addressees, strict=True)]
    replies = [Reply(request=request, element=element) for request, elements in asked for element in elements]
    bulk_create_with_history(replies, Reply, default_user=by)
    letters.ask(asked)
    return opened


def _request(opened, addressee):
    return UpdateRequest(
        round=opened,
        organisation=addressee.organisation,
        post=addressee.post,
        to_name=addressee.contact.name,
        to_email=addressee.contact.email,
        expires_on=opened.due_on + LINK_HOLDS,
    )


@transaction.atomic
def renew(request, *, by, on):
    """A new link, sent to whoever holds the post today. The one before opens nothing any more."""
    request = _with_next_issue(request, by=by, on=on)
    waiting = request.replies.unsettled().select_related("element__action")
    letters.ask([(request, [reply.element for reply in waiting])])
    return request


def _with_next_issue(request, *, by, on):
    request = locked(request)
    contact = contact_of(request.organisation, request.post, on)
    request.to_name, request.to_email = contact.name, contact.email
    request.issue += 1
    request.revoked_on = None
    request.expires_on = max(request.round.due_on, on) + LINK_HOLDS
    return record(request, by=by, reason="A new link was made; the one before opens nothing any more.")


@transaction.atomic
def revoke(request, *, reason, by, on):
    """Takes the link back: nothing more can be answered until there is a new one."""
    request = locked(request)
    request.revoked_on = on
    return record(request, by=by, reason=reason)


@transaction.atomic
def reveal(request, *, by):
    """Writes down that the link was shown to an officer, who passes it on another way."""
    return record(locked(request), by=by, reason="The link was shown, to be passed on another way.")


@transaction.atomic
def usable(request, *, by, on):
    """The request with a link that opens it, a new one if need be."""
    return request if request.is_live(on) else _with_next_issue(request, by=by, on=on)


def locked(request):
    """The row as it is now, held until this is saved."""
    return UpdateRequest.objects.select_for_update().get(pk=request.pk)
